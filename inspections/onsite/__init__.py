"""Inspections on site: tasks, checklists, findings, the record signed at the end (HY-27…34)."""

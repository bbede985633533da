"""The whole file of a matter as one ZIP that proves itself (PP-57)."""

from .service import Export, export_file

__all__ = ["Export", "export_file"]

"""Breaches of the service agreement and how the agency handles them (HY-18 … HY-24)."""

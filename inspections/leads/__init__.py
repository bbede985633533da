"""Leads: what may point at a violation, verified within the statutory term (HY-31, HY-45, PP-14)."""

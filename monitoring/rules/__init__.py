"""Screening rules, each one portable Ibis expression: the same on DuckDB in process and on Spark by URL."""

from monitoring.rules import charging, limits, practitioners, stays, trace
from monitoring.rules.scope import EXPRESSIONS, Scope

__all__ = ["EXPRESSIONS", "Scope", "charging", "limits", "practitioners", "stays", "trace"]

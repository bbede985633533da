"""What other rooms read of inspections."""

from inspections.leads.selectors import leads
from inspections.onsite.selectors import confirmed_findings, coverage, goes_on_as, tasks, unvisited

__all__ = ["confirmed_findings", "coverage", "goes_on_as", "leads", "tasks", "unvisited"]

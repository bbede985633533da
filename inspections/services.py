"""What other rooms call of inspections: register a lead and tell it how it ended, open an inspection, keep its team."""

from inspections.leads.services import conclude_lead, open_lead, pass_on_to_case
from inspections.onsite.services import open_task, replace_drawn_officer

__all__ = ["conclude_lead", "open_lead", "open_task", "pass_on_to_case", "replace_drawn_officer"]

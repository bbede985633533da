"""What the whole file of a case or a breach takes along of the leads and inspections it grew from (PP-57, HY-45)."""

from django.utils.translation import gettext_lazy as _

from supervision.records.export.sources import Source, add_source
from supervision.records.models import Evidence

PROTECTED = _("The identity of who gave the tip is protected.")


def register() -> None:
    """Declare leads and inspections as matters that others arise from; a tip keeps what would tell who gave it."""
    add_source(Source("lead", withheld=lambda lead: PROTECTED if lead.from_informant else ""))
    add_source(Source("inspection", beside=True, rests_on=(Evidence.Kind.INSPECTION,)))

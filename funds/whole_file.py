"""What a matter's whole file holds of money: every entry in the order it was made (HY-47, PP-57)."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from supervision.procedure.models import Dossier
from supervision.records.export.index import Section
from supervision.web.format import yuan

from .models import Receivable
from .selectors import receivables_of
from .services import destination


def rows(dossier: Dossier) -> list[Sequence[str]]:
    """Each claim, and below it what came in, what was agreed, what was paid back and why it fell; yuan."""
    return [row for owed in receivables_of(dossier) for row in _rows(owed)]


def _rows(owed: Receivable) -> Iterator[Sequence[str]]:
    where = destination(owed.route, owed.fund)
    yield owed.get_kind_display(), where, yuan(owed.amount), f"{owed.due_on}", owed.get_state_display()
    for receipt in owed.receipts.order_by("pk"):
        what = _("counter-entry") if receipt.reverses_id else _("receipt")
        yield what, receipt.voucher, yuan(receipt.amount), f"{receipt.paid_on}", receipt.reason
    for plan in owed.plans.all():
        for part in plan.instalments.all():
            yield _("instalment"), "", yuan(part.amount), f"{part.due_on}", plan.reason
    for pause in owed.surcharge_pauses.all():
        yield _("pause of the surcharge"), "", "", f"{pause.days.lower} – {pause.days.upper or ''}", pause.reason
    if owed.cancelled_because:
        ground = f"{owed.get_cancelled_on_ground_display()} {owed.cancelled_because}"
        yield _("cancelled"), owed.cancelled_by_document, "", f"{owed.ended_on}", ground
    if back := getattr(owed, "repayment", None):
        yield _("repayment"), back.voucher, yuan(back.amount), f"{back.paid_on or back.opened_on}", ""


MONEY = Section(
    "money",
    gettext_lazy("Money"),
    (
        gettext_lazy("Entry"),
        gettext_lazy("Goes to, or voucher"),
        gettext_lazy("Amount (yuan)"),
        gettext_lazy("Day"),
        gettext_lazy("State and reason"),
    ),
    rows,
)

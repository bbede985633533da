"""What happens to money, as the events of its matter tell it."""

from django.utils.translation import gettext_lazy as _

from supervision.procedure import verbs

from .naming import every_claim

CLAIM = {"kind": every_claim}

RECEIVABLE_OPENED = verbs.register("receivable_opened", _("Receivable opened"), like="funds.Receivable", choices=CLAIM)
RECEIVABLE_CANCELLED = verbs.register(
    "receivable_cancelled",
    _("Receivable cancelled"),
    like="funds.Receivable",
    choices=CLAIM,
    called={"ground": "cancelled_on_ground"},
)
RECEIPT_RECORDED = verbs.register(
    "receipt_recorded", _("Payment recorded"), like="funds.Receipt", choices=CLAIM, weighty=True
)
RECEIPT_REVERSED = verbs.register(
    "receipt_reversed", _("Payment corrected by a counter-entry"), like="funds.Receipt", choices=CLAIM
)
PLAN_AGREED = verbs.register(
    "payment_plan_agreed", _("Deferral or instalments agreed"), like="funds.Receivable", choices=CLAIM
)
REPAYMENT_DUE = verbs.register("repayment_due", _("Repayment due to the party"), like="funds.Repayment", choices=CLAIM)
REPAYMENT_PAID = verbs.register(
    "repayment_paid", _("Paid back to the party"), like="funds.Repayment", choices=CLAIM, weighty=True
)
SURCHARGE_PAUSED = verbs.register(
    "surcharge_paused", _("Surcharge paused during a dispute"), like="funds.Receivable", choices=CLAIM
)

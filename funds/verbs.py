"""What happens to money, as the events of its matter tell it."""

from django.utils.translation import gettext_lazy as _

from supervision.procedure import verbs

RECEIVABLE_OPENED = verbs.register("receivable_opened", _("Receivable opened"), like="funds.Receivable")
RECEIVABLE_CANCELLED = verbs.register(
    "receivable_cancelled", _("Receivable cancelled"), like="funds.Receivable", called={"ground": "cancelled_on_ground"}
)
RECEIPT_RECORDED = verbs.register("receipt_recorded", _("Payment recorded"), like="funds.Receipt", weighty=True)
RECEIPT_REVERSED = verbs.register("receipt_reversed", _("Payment corrected by a counter-entry"), like="funds.Receipt")
PLAN_AGREED = verbs.register("payment_plan_agreed", _("Deferral or instalments agreed"))
REPAYMENT_DUE = verbs.register("repayment_due", _("Repayment due to the party"), like="funds.Repayment")
REPAYMENT_PAID = verbs.register("repayment_paid", _("Paid back to the party"), like="funds.Repayment", weighty=True)
SURCHARGE_PAUSED = verbs.register("surcharge_paused", _("Surcharge paused during a dispute"))

"""What happens to money, as the events of its matter tell it."""

from django.utils.translation import gettext_lazy as _

from supervision.procedure import verbs

RECEIVABLE_OPENED = verbs.register("receivable_opened", _("Receivable opened"))
RECEIVABLE_CANCELLED = verbs.register("receivable_cancelled", _("Receivable cancelled"))
RECEIPT_RECORDED = verbs.register("receipt_recorded", _("Payment recorded"))
RECEIPT_REVERSED = verbs.register("receipt_reversed", _("Payment corrected by a counter-entry"))
PLAN_AGREED = verbs.register("payment_plan_agreed", _("Deferral or instalments agreed"))
REPAYMENT_DUE = verbs.register("repayment_due", _("Repayment due to the party"))
REPAYMENT_PAID = verbs.register("repayment_paid", _("Paid back to the party"))
SURCHARGE_PAUSED = verbs.register("surcharge_paused", _("Surcharge paused during a dispute"))

"""What money upholds: each amount its fund and route, payment eased or late, what was reversed given back."""

from django.utils.translation import gettext_lazy as _

from supervision.law.coverage import Kind, enforces

CLAIM = "funds.models.Receivable.Meta.constraints"
RECEIPT = "funds.migrations.0002_guards"

for _rule_id, _name, _kind, _label in (
    ("HY-3", CLAIM, Kind.CONSTRAINT, _("every amount names its fund")),
    ("HY-3", "funds.selectors.totals", Kind.SERVICE, _("no total adds two funds")),
    ("HY-47", CLAIM, Kind.CONSTRAINT, _("the kind of a claim decides its route")),
    ("HY-47", RECEIPT, Kind.CONSTRAINT, _("a receipt to another route or fund is refused")),
    ("RG-45", RECEIPT, Kind.CONSTRAINT, _("a receipt to another route or fund is refused")),
    ("PP-53", "funds.services.agree_plan", Kind.SERVICE, _("instalments make up what is outstanding")),
    ("PL-66", "funds.services.agree_plan", Kind.SERVICE, _("instalments make up what is outstanding")),
    ("PP-55", "funds.surcharge.surcharge", Kind.SERVICE, _("the surcharge is computed, capped and paused")),
    ("PL-72", "funds.surcharge.surcharge", Kind.SERVICE, _("the surcharge is computed, capped and paused")),
    ("PL-73", "funds.services.pause_surcharge", Kind.SERVICE, _("the surcharge rests during a dispute")),
    ("PP-52", "funds.selectors.may_keep", Kind.CHECK, _("who decides does not collect")),
    ("PL-67", "funds.selectors.may_keep", Kind.CHECK, _("who decides does not collect")),
    ("HY-25", "funds.repayments.undo_claims", Kind.SERVICE, _("claims fall with the reversed decision")),
    ("HY-47", "funds.repayments.undo_claims", Kind.SERVICE, _("claims fall with the reversed decision")),
    ("HY-25", "funds.repayments.pay_back", Kind.SERVICE, _("what was paid goes back from its fund")),
    ("HY-47", "funds.repayments.pay_back", Kind.SERVICE, _("what was paid goes back from its fund")),
    ("HY-25", "funds.services.cancel_receivable", Kind.SERVICE, _("a claim is cancelled only on a ground of law")),
    ("HY-25", "funds.migrations.0004_repayment_guards", Kind.CONSTRAINT, _("a repayment gives back what was paid")),
):
    enforces(_rule_id, _name, _kind, _label)

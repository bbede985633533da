"""Happenings of agreements and breaches that are no steps."""

from django.utils.translation import gettext_lazy as _

from supervision.procedure import verbs

BAR_LIFTED = verbs.register("bar_lifted", _("Bar on a new agreement lifted"))
SETTLEMENT_RESTORED = verbs.register("settlement_restored", _("Settlement restored"), like="parties.SettlementHold")
SETTLEMENT_HELD = verbs.register("settlement_held", _("Settlement held"), like="parties.SettlementHold")
AGREEMENT_ENDED_BEFORE = verbs.register(
    "agreement_ended_before", _("The agreement had ended or was suspended already"), like="agreements.Agreement"
)
LEAD_OPENED = verbs.register("lead_opened_at_bureau", _("Lead opened at the bureau"))

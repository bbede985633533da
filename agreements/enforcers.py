"""What agreements uphold beside their steps, conditions and papers: constraints and what forms check."""

from django.utils.translation import gettext_lazy as _

from supervision.law.coverage import Kind, enforces

SIGNED = "agreements.breaches.models.Dispute.Meta.constraints"
DISPUTES = "agreements.migrations.0004_dispute_guards"

for _rule_id, _name, _kind, _label in (
    ("HY-18", "agreements.breaches.forms.MeasuresForm", Kind.CHECK, _("a measure names its object")),
    ("HY-18", "agreements.breaches.models.Measure.Meta.constraints", Kind.CONSTRAINT, _("a measure names its object")),
    ("HY-19", "agreements.breaches.measures.months_allowed", Kind.CHECK, _("a suspension keeps to its months")),
    ("HY-20", "agreements.migrations.0002_guards", Kind.CONSTRAINT, _("no application or signature under a bar")),
    ("HY-20", DISPUTES, Kind.CONSTRAINT, _("a terminated agreement has its bar")),
    ("HY-25", DISPUTES, Kind.CONSTRAINT, _("no reversal without a dispute that ended so")),
    ("HY-25", "agreements.breaches.undo.undo", Kind.SERVICE, _("a reversed decision is undone everywhere")),
    ("HY-26", SIGNED, Kind.CONSTRAINT, _("an agreement has every signature")),
    ("HY-26", "agreements.breaches.dispute_forms.MediatorForm", Kind.CHECK, _("the mediator is certified and neutral")),
    ("DM-1", "agreements.designation.forms.AcceptForm", Kind.CHECK, _("the time of operation is checked")),
    ("DM-2", "agreements.designation.forms.AcceptForm", Kind.CHECK, _("the staff is checked")),
    ("DM-6", "agreements.designation.services.follow_calendar", Kind.SERVICE, _("an agreement expires with its term")),
):  # fmt: skip
    enforces(_rule_id, _name, _kind, _label)

"""What enforcement upholds beside its steps, conditions and papers: constraints, computations, what it tells others."""

from django.utils.translation import gettext_lazy as _

from supervision.law.catalogue import rule
from supervision.law.coverage import Kind, enforces

from .discretion import ACTS

CONSTRAINTS = "enforcement.models.EnforcementCase.Meta.constraints"

for _rule_id, _name, _kind, _label in (
    ("PP-43", CONSTRAINTS, Kind.CONSTRAINT, _("no decision without its outcome")),
    ("RG-38", CONSTRAINTS, Kind.CONSTRAINT, _("a fine is never negative")),
    ("HY-37", "enforcement.models.Fact.Meta.constraints", Kind.CONSTRAINT, _("a finding becomes a fact once")),
    ("HY-37", "enforcement.forms.FactForm", Kind.CHECK, _("a fact cites its evidence")),
    ("CR-3", "enforcement.forms.SendToPoliceForm", Kind.CHECK, _("every enclosure, or why there is none")),
    ("CR-4", "enforcement.forms.PoliceAnswerForm", Kind.CHECK, _("a refusal of the police with its reason")),
    ("CR-4", CONSTRAINTS, Kind.CONSTRAINT, _("the police answer what was sent to them")),
    ("CR-6", "enforcement.forms.HandoverForm", Kind.CHECK, _("what is handed over, or that there is none")),
    (
        "NJ-4.3",
        "enforcement.phases.police.PoliceAnswers",
        Kind.SERVICE,
        _("what is not prosecuted comes back as a case"),
    ),
    ("CR-3", CONSTRAINTS, Kind.CONSTRAINT, _("nothing is sent to the police undecided")),
    ("HY-41", "enforcement.forms.ReportForm", Kind.CHECK, _("lenience names its circumstance")),
    ("HY-42", "enforcement.selectors.repeated_within_year", Kind.CHECK, _("the same kind within a year is found")),
    ("RG-38", "enforcement.discretion.statutory_range", Kind.CHECK, _("the range follows from act and loss")),
    ("RG-39", "enforcement.discretion.statutory_range", Kind.CHECK, _("the range follows from act and loss")),
    ("RG-40", "enforcement.discretion.statutory_range", Kind.CHECK, _("the range follows from act and loss")),
    ("RG-41", "enforcement.discretion.statutory_range", Kind.CHECK, _("the range follows from act and loss")),
    ("DS-2", "enforcement.discretion.fine_range", Kind.CHECK, _("the range is cut into tiers")),
    ("DS-1", "enforcement.selectors.same_kind_cases", Kind.SERVICE, _("like cases are shown to whoever decides")),
    ("PP-14", "enforcement.services.propose_case", Kind.SERVICE, _("a verified lead ends in its case")),
    ("HY-47", "enforcement.effects.open_receivables", Kind.SERVICE, _("refund to the fund, fine to the treasury")),
    ("CE-4", "enforcement.effects.tell_credit", Kind.SERVICE, _("a penalty in force counts in credit")),
    ("PB-1", "enforcement.selectors.overdue_publication", Kind.CHECK, _("late publication is counted")),
):
    enforces(_rule_id, _name, _kind, _label)

for _duty in dict.fromkeys(duty for _code in ACTS for duty in rule(_code).breaches):
    enforces(_duty, "enforcement.paper_facts.base", Kind.PAPER, _("cited as the duty an act breaches"))

for _act in ACTS.values():
    enforces(_act.code, "enforcement.discretion.statutory_range", Kind.CHECK, _("the range follows from act and loss"))

"""What credit upholds: scores from effective records, the gravest grade, corrections, points of practitioners."""

from django.utils.translation import gettext_lazy as _

from supervision.law.coverage import Kind, enforces

KEPT = "credit.migrations.0002_append_only"

for _rule_id, _name, _kind, _label in (
    ("HY-11", "credit.services.tell_credit", Kind.SERVICE, _("a violation counts, with its points explained")),
    ("RG-33", "credit.services.tell_credit", Kind.SERVICE, _("a violation counts, with its points explained")),
    ("CE-1", "credit.services.evaluate", Kind.SERVICE, _("score and grade by the year's events")),
    ("CE-1", KEPT, Kind.CONSTRAINT, _("credit is only added to")),
    ("CE-2", "credit.scoring.score", Kind.SERVICE, _("the seriously dishonest get the lowest grade")),
    ("CE-4", "credit.services.correct_credit", Kind.SERVICE, _("what was reversed counts no longer")),
    ("HY-25", "credit.services.correct_matter", Kind.SERVICE, _("what was reversed counts no longer")),
    ("EL-1", "credit.services.record_points", Kind.CHECK, _("points lie in their band")),
    ("EL-2", "credit.selectors.eligibility", Kind.SERVICE, _("the year's points call for suspension or end")),
    ("EL-4", "credit.services.record_points", Kind.CHECK, _("one act scores once, after the institution")),
):
    enforces(_rule_id, _name, _kind, _label)

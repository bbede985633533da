"""What records tell the law catalogue: papers by the article they carry out, service, and the register of evidence."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from supervision.law.coverage import Declared, Kind, collect, enforces

from .paper_types import all_types

enforces("HY-37", "supervision.records.services.evidence.add_evidence", Kind.SERVICE, _("evidence is registered"))
enforces("HY-37", "supervision.records.services.evidence.verify_evidence", Kind.SERVICE, _("evidence is verified"))
enforces("PP-59", "supervision.records.services.serving.record_service", Kind.SERVICE, _("a paper is served"))
enforces("PL-61", "supervision.records.services.serving.record_service", Kind.SERVICE, _("a paper is served"))
enforces("PP-57", "supervision.records.export.service", Kind.SERVICE, _("the whole file is exported"))
enforces("HY-45", "supervision.records.export.sources.withheld", Kind.SERVICE, _("who gave a tip is protected"))
enforces("HY-38", "supervision.records.reveals.reveal", Kind.SERVICE, _("showing an identifier takes a purpose"))
enforces(
    "HY-38",
    "supervision.records.migrations.0003_disclosure",
    Kind.CONSTRAINT,
    _("the record of reveals and exports is only added to"),
)
for _rule_id in ("HY-34", "HY-37", "PP-57"):
    enforces(_rule_id, "supervision.records.migrations.0002_guards", Kind.CONSTRAINT, _("records are only added to"))


@collect
def of_papers() -> Iterator[Declared]:
    """Every article a type of paper carries out."""
    for paper in all_types():
        for law in paper.law:
            yield Declared(law, f"{paper.context.__module__}:{paper.code}", Kind.PAPER, paper.title)

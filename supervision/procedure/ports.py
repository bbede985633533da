"""What a step needs from the floor of papers, named here so that this floor never imports it.

`supervision.records` fills them at start-up; a system check refuses to run without them.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from .declare import Context, Procedure, Step
    from .models import Dossier


class IssuePaper(Protocol):
    """Number, render and freeze a paper in the running transaction; return the facts the event keeps of it."""

    def __call__(self, dossier: "Dossier", paper: str, context: "Context") -> dict[str, Any]: ...


class DraftPaper(Protocol):
    """Such a paper as a picture (PNG) of each page, or as one PDF, without a number and without keeping anything."""

    def __call__(self, dossier: "Dossier", paper: str, context: "Context", *, pdf: bool = False) -> list[bytes]: ...


class RecordService(Protocol):
    """Record the service of the dossier's newest paper of this type from the step's facts."""

    def __call__(self, dossier: "Dossier", paper: str, context: "Context") -> dict[str, Any]: ...


class KeepRecord(Protocol):
    """Write the rows a step leaves on record, such as a statement; return what the event keeps of each."""

    def __call__(self, dossier: "Dossier", keeps: str, step: str, context: "Context") -> list[dict[str, Any]]: ...


class Ports:
    """The filled ports."""

    issue_paper: IssuePaper
    draft_paper: DraftPaper
    draft_certificate: DraftPaper  # of the service of the newest paper of that type
    record_service: RecordService
    keep_record: KeepRecord
    knows_paper: Callable[[str], bool]
    knows_record: Callable[[type["Procedure"], str], bool]


def effects(dossier: "Dossier", step: "Step", context: "Context") -> Mapping[str, Any]:
    """Issue the step's paper, record the service it tells of, write what it leaves on record."""
    told: dict[str, Any] = {}
    if step.paper:
        told["paper"] = Ports.issue_paper(dossier, step.paper, context)
    if step.serves:
        told["served"] = Ports.record_service(dossier, step.serves, context)
    if step.keeps:
        told["kept"] = Ports.keep_record(dossier, step.keeps, step.name, context)
    return told

"""What events keep of the rows of this floor, and where a row is no longer what they say.

An event tells of a row by the SHA-256 of every column that never changes; the few that may change follow from the
events themselves. So no column can be altered below the triggers without being found.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from supervision.procedure.chain import row_digest
from supervision.procedure.models import Dossier, Event, Term
from supervision.procedure.services import row_told
from supervision.procedure.terms import TERMS_TOLD, rows_digest

from . import verbs
from .intake import KEYS
from .models import Evidence, Paper, ServiceOfDocument

Where = tuple[str, str]
MAY_CHANGE = {Paper: {"state", "void_reason"}, Evidence: {"state", "verified_by_id", "verified_at", "note"}}


def paper_row(paper: Paper) -> str:
    """Digest of all that never changes of an issued paper, what its template read among it."""
    return row_digest(paper, _frozen(Paper))


def service_row(service: ServiceOfDocument) -> str:
    """Digest of a service with its certificate."""
    return row_digest(service, _frozen(ServiceOfDocument))


def evidence_row(evidence: Evidence) -> str:
    """Digest of all that never changes of a piece of evidence, its collectors among it."""
    collectors = sorted(person.pk for person in evidence.collectors.all())
    return row_digest(evidence, _frozen(Evidence), collectors=collectors)


def faults(
    dossier: Dossier,
    events: Iterable[Event],
    *,
    papers: Iterable[Paper],
    evidence: Iterable[Evidence],
    services: Iterable[ServiceOfDocument],
    terms: Iterable[Term],
) -> Iterator[Where]:
    """Every row of the dossier that is not as its events tell, as where and what."""
    told = list(events)
    if told and told[0].facts.get("row", "") not in ("", row_told(dossier)["row"]):
        yield "dossier", "altered"
    told_terms = [event.facts[TERMS_TOLD] for event in told if TERMS_TOLD in event.facts]
    if told_terms and told_terms[-1] != rows_digest(terms):
        yield "terms", "altered"
    kept = {
        "paper": {paper.pk: (f"paper {paper.number}", paper_row(paper)) for paper in papers},
        "service": {one.pk: (f"service {one.pk} of {one.paper.number}", service_row(one)) for one in services},
        "evidence": {piece.pk: (f"evidence {piece.pk} {piece.title}", evidence_row(piece)) for piece in evidence},
    }
    seen: set[Where] = set()
    for event in told:
        for kind, key, digest in _rows_told(event.facts):
            where, now = kept[kind].get(key, (f"{kind} {key}", ""))
            if digest != now:
                seen.add((where, "row altered" if now else "row removed"))
    yield from sorted(seen)
    yield from _ends(told, papers)
    yield from _verdicts(told, evidence)


def _frozen(model: type[Paper | Evidence | ServiceOfDocument]) -> list[str]:
    changing = MAY_CHANGE.get(model, set())
    return [field.attname for field in model._meta.concrete_fields if field.attname not in changing]


def _rows_told(facts: Any) -> Iterator[tuple[str, int, str]]:
    """Kind, key and digest of every row that these facts tell of."""
    if isinstance(facts, Mapping):
        if "row" in facts and "id" in facts:
            kind = "service" if "certificate" in facts else "paper" if "number" in facts else "evidence"
            yield kind, facts["id"], facts["row"]
        for value in facts.values():
            yield from _rows_told(value)
    elif isinstance(facts, list):
        for value in facts:
            yield from _rows_told(value)


def _ends(events: list[Event], papers: Iterable[Paper]) -> Iterator[Where]:
    """Papers that stand otherwise than the events that end papers left them."""
    ended: dict[Any, tuple[str, str]] = {}
    for event in events:
        reason = str(event.facts.get("reason", "")).strip()
        if event.verb == verbs.PAPER_VOIDED:
            ended[event.facts["paper"]["id"]] = (Paper.State.VOID, reason)
        elif event.verb == verbs.PAPER_REISSUED:
            ended[event.facts["replaces"]["id"]] = (Paper.State.REPLACED, reason)
    for paper in papers:
        state, reason = ended.get(paper.pk, (Paper.State.ISSUED, ""))
        if (paper.state, paper.void_reason) != (state, reason):
            yield f"paper {paper.number}", f"stands as {paper.state!r}, its events say {state!r}"


def _verdicts(events: list[Event], evidence: Iterable[Evidence]) -> Iterator[Where]:
    """Evidence judged otherwise than by its events, or unlike the file that came with a step."""
    judged: dict[Any, tuple[str, Any]] = {}
    files: dict[str, Mapping[str, Any]] = {}
    for event in events:
        files.update((file["sha256"], file) for file in files_told(event.facts))
        if event.verb == verbs.EVIDENCE_VERIFIED:
            judged[event.facts["evidence"]["id"]] = (Evidence.State.VERIFIED, event.user_id)
        elif event.verb == verbs.EVIDENCE_REJECTED:
            judged[event.facts["evidence"]["id"]] = (Evidence.State.REJECTED, event.user_id)
    for piece in evidence:
        where = f"evidence {piece.pk} {piece.title}"
        state, judge = judged.get(piece.pk, (Evidence.State.COLLECTED, None))
        if (piece.state, piece.verified_by_id) != (state, judge):
            yield where, f"stands as {piece.state!r}, its events say {state!r}"
        file = files.get(piece.sha256)
        if file and (file["size"], file["media_type"]) != (piece.size, piece.media_type):
            yield where, "is not the file that came with the step"


def files_told(facts: Any) -> Iterator[dict[str, Any]]:
    """Every stored file that the facts of an event keep, as `intake.take_in` told of it."""
    if isinstance(facts, dict):
        if set(KEYS) <= set(facts):
            yield facts
        for value in facts.values():
            yield from files_told(value)
    elif isinstance(facts, list):
        for value in facts:
            yield from files_told(value)

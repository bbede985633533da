"""Issuing, voiding and replacing papers."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from supervision.parties.actors import Actor
from supervision.parties.models import Authority
from supervision.procedure import clock
from supervision.procedure.chain import plain
from supervision.procedure.declare import Context
from supervision.procedure.models import Dossier
from supervision.procedure.numbering import next_number
from supervision.procedure.refusals import Cause, Reason, StepRefused
from supervision.procedure.registry import concrete
from supervision.procedure.services import record

from .. import store, typeset, verbs
from ..glyphs import missing
from ..models import Paper
from ..paper_types import PaperType, paper_type
from ..rows import told as row_told
from ..selectors import forget
from ..signatures import images_of

LANGUAGE_OF_PAPERS = "zh-hans"
PREVIEW = "（预览，尚未编号）"


def issue_paper(
    dossier: Dossier,
    type: str,
    context: Context,
    *,
    replaces: Paper | None = None,
    body: Mapping[str, Any] | None = None,
) -> Paper:
    """Number, typeset and freeze a paper in the running transaction, which a rollback undoes without a gap.

    `body` stands in for the facts the type's own `context` gives. Records no event: a step's own event tells of the
    paper; elsewhere call `issue`. Raises `UnknownPaperType`; `typeset.Unprintable` when its template fails.
    """
    kind = paper_type(type)
    authority = issuing_authority(dossier, context.actor)
    today = timezone.localdate(context.now)
    seq, number = next_number(authority, kind.word, today.year)
    facts = _facts(dossier, kind, context, number, body)
    content = typeset.render(kind.path, facts, context.now, images_of(facts))
    stored = store.put(content)
    paper = Paper.objects.create(
        dossier_id=dossier.pk,
        type=kind.code,
        authority=authority,
        word=kind.word,
        year=today.year,
        seq=seq,
        number=number,
        title=facts["title"],
        facts=facts,
        layout=typeset.layout_digest(kind.path),
        sha256=stored.sha256,
        size=stored.size,
        replaces=replaces,
        issued_at=context.now,
        issued_by=context.actor.user,
    )
    forget(dossier)
    return paper


def _facts(
    dossier: Dossier,
    kind: PaperType,
    context: Context,
    number: str,
    body: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Everything the template reads, as plain values."""
    today = timezone.localdate(context.now)
    with translation.override(LANGUAGE_OF_PAPERS):
        said = plain(kind.context(dossier, context) if body is None else body)
        return {
            **said,
            "authority": issuing_authority(dossier, context.actor).name,
            "number": number,
            "title": str(kind.title),
            "date": f"{today.year}年{today.month}月{today.day}日",
            "dossier": dossier.number,
        }


def draft_for_step(dossier: Dossier, paper: str, context: Context, *, pdf: bool = False) -> list[bytes]:
    """Fills `Ports.draft_paper`: where its number will stand the pages say that they are a preview."""
    kind = paper_type(paper)
    facts = _facts(dossier, kind, context, PREVIEW)
    if pdf:
        return [typeset.render(kind.path, facts, context.now, images_of(facts))]
    return typeset.pictures(kind.path, facts, context.now, images_of(facts))


def issuing_authority(dossier: Dossier, actor: Actor) -> Authority:
    """Who the paper speaks for: the acting authority; for a commissioned body, the system or a party, the owner."""
    here = actor.authority
    if here is None or here.body == Authority.Body.COMMISSIONED:
        return dossier.authority
    return here


def told(paper: Paper) -> dict[str, Any]:
    """What an event keeps of a paper; its hash there binds the file to the chain.

    `by_hand` lists the characters no font prints, which the officer writes in.
    """
    by_hand = missing(paper.facts)
    return {
        **row_told(paper)[0],
        "type": paper.type,
        "number": paper.number,
        "title": paper.title,
        "sha256": paper.sha256,
        **({"by_hand": by_hand} if by_hand else {}),
    }


def issue_for_step(dossier: Dossier, paper: str, context: Context) -> dict[str, Any]:
    """Fills `Ports.issue_paper`."""
    return told(issue_paper(dossier, paper, context))


@transaction.atomic
def issue(dossier: Dossier, type: str, actor: Actor, *, facts: Mapping[str, Any] | None = None) -> Paper:
    """Issue a paper outside any step and record it as an event of its own."""
    dossier = _locked(dossier)
    paper = issue_paper(dossier, type, _now(actor, facts or {}))
    record(dossier, verbs.PAPER_ISSUED, actor, {"paper": told(paper)}, law=paper_type(type).law)
    return paper


@transaction.atomic
def void_paper(paper: Paper, actor: Actor, *, reason: str) -> Paper:
    """Declare a paper void; its number stays taken and its file stays readable.

    Raises `StepRefused` without a reason, or when it is void or replaced already.
    """
    paper = _in_force(paper, "void_paper", reason)
    _end(paper, Paper.State.VOID, reason)
    record(paper.dossier, verbs.PAPER_VOIDED, actor, {"paper": told(paper), "reason": reason})
    forget(paper.dossier)
    return paper


@transaction.atomic
def reissue_paper(paper: Paper, actor: Actor, *, reason: str, facts: Mapping[str, Any] | None = None) -> Paper:
    """Replace a paper by a new one of its type, with a number and date of its own.

    `facts` corrects what the old paper said, fact by fact; the rest is said again. Raises `StepRefused` as
    `void_paper` does.
    """
    old = _in_force(paper, "reissue_paper", reason)
    _end(old, Paper.State.REPLACED, reason)
    dossier = concrete(old.dossier)
    new = issue_paper(dossier, old.type, _now(actor, {}), replaces=old, body={**old.facts, **(facts or {})})
    record(dossier, verbs.PAPER_REISSUED, actor, {"paper": told(new), "replaces": told(old), "reason": reason})
    forget(old.dossier)
    return new


def render_again(paper: Paper) -> bytes | None:
    """The paper's bytes made anew from its facts, or None when its template has changed since it was issued."""
    kind: PaperType = paper_type(paper.type)
    if typeset.layout_digest(kind.path) != paper.layout:
        return None
    return typeset.render(kind.path, paper.facts, paper.issued_at, images_of(paper.facts), anew=True)


def _locked(dossier: Dossier) -> Dossier:
    Dossier.objects.select_for_update().only("pk").get(pk=dossier.pk)
    return concrete(Dossier.objects.select_related("authority__parent", "subject").get(pk=dossier.pk))


def _now(actor: Actor, facts: Mapping[str, Any]) -> Context:
    return Context(actor=actor, today=clock.today(), now=clock.now(), facts=facts)


def _in_force(paper: Paper, act: str, reason: str) -> Paper:
    Dossier.objects.select_for_update().only("pk").get(pk=paper.dossier_id)
    paper = Paper.objects.select_related("dossier__authority__parent", "dossier__subject").get(pk=paper.pk)
    if not reason.strip():
        raise StepRefused(act, [Reason(Cause.RULE, _("Say why the paper no longer holds"))])
    if not paper.is_in_force:
        raise StepRefused(act, [Reason(Cause.STATE, _("This paper is void or replaced already"))])
    return paper


def _end(paper: Paper, state: str, reason: str) -> None:
    paper.state = state
    paper.void_reason = reason.strip()
    paper.save(update_fields=["state", "void_reason"])


__all__ = [
    "draft_for_step",
    "issue",
    "issue_for_step",
    "issue_paper",
    "issuing_authority",
    "reissue_paper",
    "render_again",
    "told",
    "void_paper",
]

"""What pages, rules and exports read of a dossier's records; every one starts from a dossier already within sight."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any, TypeVar

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from supervision.law.values import period
from supervision.parties.actors import Actor
from supervision.parties.models import Certificate, User
from supervision.procedure.models import Assignment, Dossier, Event
from supervision.procedure.selectors import within_sight
from supervision.workdays import due
from supervision.workdays.services import calendar

from .models import CustodyEntry, Deliberation, Evidence, LegalReview, Paper, ServiceOfDocument, Statement
from .paper_types import all_types
from .rows import KEPT

T = TypeVar("T")


def kept(dossier: Dossier, name: str, read: Callable[[], T]) -> T:
    """What was read for this dossier at its present number of events, so that many rules cost one query."""
    cache: dict[Any, Any] = dossier.__dict__.setdefault("_records", {})
    key = (name, dossier.events_count)
    if key not in cache:
        cache[key] = read()
    found: T = cache[key]
    return found


def forget(dossier: Dossier) -> None:
    """Let go of what was kept; called by every write of this app."""
    dossier.__dict__.pop("_records", None)


def statements_of(dossier: Dossier) -> list[Statement]:
    """Every statement in the order entered, with its points."""
    return kept(
        dossier,
        "statements",
        lambda: list(Statement.objects.filter(dossier=dossier.pk).prefetch_related("points").order_by("pk")),
    )


def deliberations_of(dossier: Dossier) -> list[Deliberation]:
    """Every collective discussion in the order entered, with body, chair and attendees."""
    return kept(
        dossier,
        "deliberations",
        lambda: list(
            Deliberation.objects.filter(dossier=dossier.pk)
            .select_related("body", "chair")
            .prefetch_related("attendees")
            .order_by("pk")
        ),
    )


def reviews_of(dossier: Dossier) -> list[LegalReview]:
    """Every legal review in the order asked for, with its reviewer."""
    return kept(
        dossier,
        "reviews",
        lambda: list(LegalReview.objects.filter(dossier=dossier.pk).select_related("reviewer").order_by("pk")),
    )


def evidence_of(dossier: Dossier) -> list[Evidence]:
    """Every piece of evidence in the order entered, with who collected and who verified it."""
    return kept(
        dossier,
        "evidence",
        lambda: list(
            Evidence.objects.filter(dossier=dossier.pk)
            .select_related("verified_by", "added_by")
            .prefetch_related("collectors")
            .order_by("pk")
        ),
    )


def citable(dossier: Dossier, *others: int) -> QuerySet[Evidence]:
    """Evidence of the dossier, and of the dossiers with these keys, that was not rejected.

    `from_elsewhere` marks a piece of another matter.
    """
    usable = Evidence.objects.filter(dossier__in=(dossier.pk, *others)).exclude(state=Evidence.State.REJECTED)
    return usable.annotate(from_elsewhere=~Q(dossier=dossier.pk)).select_related("dossier").order_by("pk")


def cited_evidence(dossier: Dossier) -> list[Evidence]:
    """Evidence of other matters that rows of this one cite, as a fact does the pictures of the inspection."""
    citing = [kind for kind in KEPT.values() if "evidence" in kind.cites]
    keys = [kind.model._default_manager.filter(**{kind.at: dossier.pk}).values("evidence") for kind in citing]
    found = Evidence.objects.filter(reduce(or_, (Q(pk__in=each) for each in keys), Q(pk__in=[])))
    return list(
        found.exclude(dossier=dossier.pk)
        .select_related("dossier", "verified_by", "added_by")
        .prefetch_related("collectors")
        .order_by("pk")
    )


@dataclass(frozen=True)
class Beside:
    """What events tell beside the rows they left: who was heard at which discussion, which originals are on paper.

    `heard`: names by the key of a `Deliberation`; `services`: keys of those whose proof is in the paper file; `steps`:
    names of the steps whose signed paper is.
    """

    heard: Mapping[int, list[str]]
    services: frozenset[int]
    steps: frozenset[str]


def beside(dossier: Dossier) -> Beside:
    """What the events of this dossier tell beside its rows."""
    return kept(dossier, "beside", lambda: _beside(dossier))


def _beside(dossier: Dossier) -> Beside:
    heard: dict[int, list[str]] = {}
    services, steps = set(), set()
    told_so = Event.objects.filter(Q(facts__has_key="heard") | Q(facts__on_paper=True), dossier=dossier.pk)
    for verb, facts in told_so.values_list("verb", "facts"):
        for row in facts.get("kept", ()):
            if row.get("row_of") == "deliberation" and "heard" in facts:
                heard[row["id"]] = [one["text"] for one in facts["heard"]]
        if facts.get("on_paper"):
            steps.add(verb)
            services |= {facts["served"]["id"]} if "served" in facts else set()
    return Beside(heard, frozenset(services), frozenset(steps))


def papers_of(dossier: Dossier) -> list[Paper]:
    """Every paper in the order issued, void ones too, each with its services."""
    services = Prefetch("services", ServiceOfDocument.objects.select_related("certificate", "served_by"))
    return kept(
        dossier,
        "papers",
        lambda: list(
            Paper.objects.filter(dossier=dossier.pk)
            .select_related("authority", "issued_by", "replaces")
            .prefetch_related(services)
            .order_by("pk")
        ),
    )


def papers_behind(dossier: Dossier, actor: Actor) -> list[Paper]:
    """Papers of other matters on which this one's facts rest, in force and within sight of who asks.

    They are of the types that found what arises from them, and were issued in what the matter arose from or, about
    the same party, in what arose from that beside it: a case arises from a lead, as did the inspection of the lead.
    """
    origin = dossier.origin
    if origin is None:
        return []
    parties = [key for key in (dossier.subject_id, origin.subject_id) if key is not None]
    beside = Q(dossier__origin=origin.pk, dossier__subject__in=parties)
    found = Paper.objects.filter(
        Q(dossier__in=[key for key in (origin.pk, origin.origin_id) if key]) | beside,
        within_sight(actor, "dossier"),
        type__in=[kind.code for kind in all_types() if kind.founds],
        state=Paper.State.ISSUED,
    )
    services = Prefetch("services", ServiceOfDocument.objects.select_related("certificate", "served_by"))
    related = found.exclude(dossier=dossier.pk).select_related("dossier", "authority", "issued_by", "replaces")
    return list(related.prefetch_related(services).order_by("pk"))


def newest_paper(dossier: Dossier, type: str) -> Paper | None:
    """The newest paper of this type still in force, or None."""
    in_force = [paper for paper in papers_of(dossier) if paper.type == type and paper.is_in_force]
    return in_force[-1] if in_force else None


def investigators_of(dossier: Dossier) -> frozenset[int]:
    """Keys of everyone who ever had charge of the dossier or assisted, also before a withdrawal (PP-37)."""
    duties = (Assignment.Duty.LEAD, Assignment.Duty.ASSIST)
    return kept(
        dossier,
        "investigators",
        lambda: frozenset(
            Assignment.objects.filter(dossier=dossier.pk, duty__in=duties).values_list("user", flat=True)
        ),
    )


def is_qualified_reviewer(user: User, on: date) -> bool:
    """Holds the national legal qualification on that day, or has decided a legal review before (PP-37, PL-58)."""
    return (
        Certificate.objects.filter(user=user, kind=Certificate.Kind.LEGAL, valid__contains=on).exists()
        or LegalReview.objects.filter(reviewer=user, decided_at__isnull=False).exists()
    )


def service_due(paper: Paper) -> date:
    """The last day to serve a paper: the period of PP-59 from the day it was issued."""
    issued = timezone.localdate(paper.issued_at)
    length = period("PP-59/service", scope=paper.authority.scope, on=issued)
    return due(issued, length, calendar()).date


def announced_until(dossier: Dossier, announced_on: date) -> date:
    """The day on which a paper announced on that day counts as served (PP-59)."""
    length = period("PP-59/announcement", scope=dossier.authority.scope, on=announced_on)
    return due(announced_on, length, calendar()).date


def papers_visible_to(actor: Actor) -> QuerySet[Paper]:
    """Papers of dossiers within sight; a provider sees those that were served to it and still hold."""
    papers = Paper.objects.filter(within_sight(actor, "dossier"))
    if actor.provider is not None:
        return papers.filter(services__isnull=False).distinct()
    return papers


def evidence_visible_to(actor: Actor) -> QuerySet[Evidence]:
    """Evidence of dossiers within sight; the investigated party sees none through this door."""
    if actor.provider is not None:
        return Evidence.objects.none()
    return Evidence.objects.filter(within_sight(actor, "dossier"))


def holder_of(dossier: Dossier, sha256: str) -> Evidence | None:
    """The piece of a matter's evidence that holds this content."""
    return Evidence.objects.filter(dossier=dossier.pk, sha256=sha256).first()


def held_already(holder: Evidence) -> str:
    """What is said where a file is sent that a piece of the matter's evidence holds, naming the piece."""
    return _("This file is evidence of this matter already: “%(title)s” (%(kind)s, %(day)s).") % {
        "title": holder.title,
        "kind": holder.get_kind_display(),
        "day": timezone.localdate(holder.added_at),
    }


def custody_of(evidence: Evidence) -> QuerySet[CustodyEntry]:
    """The chain of custody in order, with who and where."""
    return CustodyEntry.objects.filter(evidence=evidence).select_related("user", "authority").order_by("pk")

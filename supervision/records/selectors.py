"""What pages, rules and exports read of a dossier's records; every one starts from a dossier already within sight."""

from collections.abc import Callable
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
from supervision.procedure.models import Assignment, Dossier
from supervision.procedure.selectors import within_sight
from supervision.workdays import due
from supervision.workdays.services import calendar

from .models import CustodyEntry, Deliberation, Evidence, LegalReview, Paper, ServiceOfDocument, Statement
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
            .select_related("body", "chair", "recorder")
            .prefetch_related("attendees", "heard", "votes__member")
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


def cited_evidence(dossier: Dossier, *behind: Dossier) -> list[Evidence]:
    """Evidence of other matters that rows of this one, or of those behind it, cite: as a fact does the pictures of the
    inspection, and the inspection's findings do the rest.
    """
    at = [one.pk for one in (dossier, *behind)]
    citing = [kind for kind in KEPT.values() if "evidence" in kind.cites]
    keys = [kind.model._default_manager.filter(**{f"{kind.at}__in": at}).values("evidence") for kind in citing]
    found = Evidence.objects.filter(reduce(or_, (Q(pk__in=each) for each in keys), Q(pk__in=[])))
    return list(
        found.exclude(dossier=dossier.pk)
        .select_related("dossier", "verified_by", "added_by")
        .prefetch_related("collectors")
        .order_by("pk")
    )


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


def in_force(dossier: Dossier, type: str) -> list[Paper]:
    """The papers of this type still in force, in the order issued."""
    return [paper for paper in papers_of(dossier) if paper.type == type and paper.is_in_force]


def newest_paper(dossier: Dossier, type: str) -> Paper | None:
    """The newest paper of this type still in force, or None."""
    return next(reversed(in_force(dossier, type)), None)


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


def officers_in_charge(dossier: Dossier) -> frozenset[int]:
    """Accounts now in charge of the matter or assisting, but who only reviews it."""
    duties = (Assignment.Duty.LEAD, Assignment.Duty.ASSIST)
    held = Assignment.objects.filter(dossier=dossier.pk, until__isnull=True, duty__in=duties)
    return kept(dossier, "officers in charge", lambda: frozenset(held.values_list("user", flat=True)))


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

"""What pages and API read of inspections: tasks, checklists, findings, coverage."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from supervision.parties.actors import Actor, authorities_within, may_see_business
from supervision.parties.models import Authority, Party, Provider
from supervision.procedure import clock
from supervision.procedure.models import Assignment, Dossier
from supervision.procedure.selectors import tally, visible_to

from ..leads.models import Lead
from .models import Answer, Checklist, ChecklistVersion, Finding, InspectionTask, Theme


class NoChecklist(LookupError):
    """No checklist was published for this kind of party."""


def tasks(actor: Actor) -> QuerySet[InspectionTask]:
    """Inspections within the actor's jurisdiction, with what a list shows."""
    seen = visible_to(actor, InspectionTask.objects.select_related("subject", "authority", "checklist__checklist"))
    return seen.annotate(
        answered=Coalesce(_count(Answer.objects.all()), 0), findings_made=Coalesce(_count(Finding.objects.all()), 0)
    )


def _count(rows: QuerySet[Any]) -> Subquery:
    rows = rows.filter(task=OuterRef("pk")).order_by().values("task")
    return Subquery(rows.annotate(n=Count("pk")).values("n"))


def my_tasks_count(actor: Actor) -> int:
    """Inspections the actor is assigned to that are not concluded yet."""
    if actor.user is None:
        return 0
    return tally(mine(actor).filter(closed_at=None).exclude(state=InspectionTask.State.CONCLUDED))


def mine(actor: Actor) -> QuerySet[InspectionTask]:
    """Inspections the actor is assigned to, also those of another authority that borrowed them (HY-31)."""
    held = Assignment.objects.filter(user=actor.user, until=None).values("dossier")
    return InspectionTask.objects.filter(pk__in=held) if actor.user else InspectionTask.objects.none()


def on_site(actor: Actor, pk: int) -> InspectionTask | None:
    """The inspection an officer of its authority, or one lent to it, works on; None for anybody else."""
    seen = visible_to(
        actor, InspectionTask.objects.select_related("subject", "authority__parent", "checklist__checklist")
    )
    return seen.filter(pk=pk).first()


def visits_of(party: Party, actor: Actor) -> list[InspectionTask]:
    """The newest inspections of a party that the actor may see, with the number of their findings."""
    return list(tasks(actor).filter(subject=party.pk).order_by("-opened_at")[:20])


def goes_on_as(dossier: Dossier, where: str) -> bool:
    """Whether a lead, or an inspection that no lead asked for, was concluded to go on `to_agency` or `to_case`."""
    if isinstance(dossier, Lead):
        return dossier.state == where
    if not isinstance(dossier, InspectionTask) or dossier.conclusion != where:
        return False
    return dossier.origin is None or dossier.origin.kind != Lead.kind


def confirmed_findings(dossier: Dossier) -> QuerySet[Finding]:
    """The confirmed findings an inspection ended with, or those of the inspections a lead led to."""
    return (
        Finding.objects.filter(Q(task=dossier.pk) | Q(task__origin=dossier.pk), status=Finding.Status.CONFIRMED)
        .select_related("task", "department")
        .prefetch_related("practitioners")
        .order_by("task", "number")
    )


def subject_kind(party: Party) -> str:
    """Which kind of checklist examines this party (HY-28, HY-29, HY-30)."""
    match party.kind:
        case Party.Kind.AUTHORITY:
            return Checklist.Subject.AGENCY
        case Party.Kind.INSURED | Party.Kind.PRACTITIONER:
            return Checklist.Subject.PERSON
    return Checklist.Subject.PROVIDER


def checklists_for(party: Party | None) -> QuerySet[ChecklistVersion]:
    """The newest version of every checklist, or of those that fit this party, the closest fit first."""
    newest = ChecklistVersion.objects.filter(checklist=OuterRef("checklist")).order_by("-number").values("pk")[:1]
    found = ChecklistVersion.objects.filter(pk=Subquery(newest)).select_related("checklist")
    if party is None:
        return found.order_by("checklist__subject", "checklist__sort", "checklist__theme")
    provider = Provider.objects.filter(pk=party.pk).only("sort").first()
    fitting = found.filter(checklist__subject=subject_kind(party))
    sorts = ["", provider.sort] if provider else [""]
    return fitting.filter(checklist__sort__in=sorts).order_by("-checklist__sort", "checklist__code")


def checklist_for(party: Party, theme: str = Theme.GENERAL) -> ChecklistVersion:
    """The checklist to use: of this theme if there is one, else the general one; the closest class of provider first.

    Raises `NoChecklist`.
    """
    found = list(checklists_for(party))
    for wanted in (theme, Theme.GENERAL):
        for version in found:
            if version.checklist.theme == wanted:
                return version
    raise NoChecklist(party.kind)


@dataclass(frozen=True)
class Coverage:
    """On-site checks of one county agency in one year (HY-5): providers visited, all providers, the duty in percent."""

    agency: Authority
    visited: int
    providers: int

    @property
    def missing(self) -> int:
        return self.providers - self.visited

    @property
    def share(self) -> float:
        """0…1; 1 where there is no provider."""
        return self.visited / self.providers if self.providers else 1.0


def coverage(actor: Actor, year: int) -> list[Coverage]:
    """Coverage per county agency within the actor's jurisdiction; always the same number of queries."""
    if actor.authority is None or not may_see_business(actor):
        return []
    agencies = authorities_within(actor.authority, clock.today()).filter(
        body=Authority.Body.AGENCY, level=Authority.Level.COUNTY, active=True
    )
    providers = Provider.objects.filter(active=True, region__path__startswith=OuterRef("region__path"))
    counted = agencies.select_related("region").annotate(
        providers=Coalesce(_total(providers), 0),
        visited=Coalesce(_total(providers.filter(_visited(OuterRef(OuterRef("pk")), year))), 0),
    )
    return [Coverage(agency, agency.visited, agency.providers) for agency in counted.order_by("region__path", "pk")]


def _total(rows: QuerySet[Provider]) -> Subquery:
    return Subquery(rows.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("pk")).values("n"))


def unvisited(agency: Authority, year: int) -> QuerySet[Provider]:
    """Providers of the agency's region it has not visited on site in the year, by name."""
    return (
        Provider.objects.filter(~_visited(agency.pk, year), active=True, region__path__startswith=agency.region.path)
        .select_related("region")
        .order_by("sort_key", "pk")
    )


def _visited(agency: int | OuterRef, year: int) -> Exists:
    days = (date(year, 1, 1), date(year, 12, 31))
    return Exists(
        InspectionTask.objects.filter(subject=OuterRef("pk"), authority=agency, identity_shown_at__date__range=days)
    )

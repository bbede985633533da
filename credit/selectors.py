"""What is known of a party's credit: for its file, for draws, for charts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum

from supervision.law.values import integer
from supervision.parties.actors import Actor, practitioners_visible_to, providers_visible_to
from supervision.parties.models import Authority, Party, Practitioner
from supervision.procedure import clock

from . import scheme
from .models import CreditEvent, Evaluation, PointRecord
from .scoring import Lines, Score, score


def scope_of(party: Party) -> tuple[str, ...]:
    """Where the settings for a party are looked for: the bureau of its region, then those above."""
    bureau = (
        Authority.objects.filter(body=Authority.Body.BUREAU, region=party.region_id)
        .select_related("parent__parent")
        .first()
    )
    return bureau.scope if bureau else ()


def grade_lines(scope: Sequence[str], on: date) -> Lines:
    """The settings of CE-1 in force."""
    value = {
        name: Decimal(integer(f"CE-1/{name}", scope=scope, on=on)) for name in ("base", "grade_a", "grade_b", "grade_c")
    }
    return Lines(value["base"], value["grade_a"], value["grade_b"], value["grade_c"])


def events_of(party: Party) -> QuerySet[CreditEvent]:
    """Every credit event of a party with its matter and correction, newest first."""
    return (
        CreditEvent.objects.filter(party=party).select_related("dossier", "correction").order_by("-effective_on", "-pk")
    )


def year_events(party: Party, year: int) -> QuerySet[CreditEvent]:
    """The events that count for a calendar year: effective in it and not corrected."""
    return CreditEvent.objects.filter(party=party, effective_on__year=year, correction__isnull=True).select_related(
        "dossier"
    )


def evaluations_visible_to(actor: Actor) -> QuerySet[Evaluation]:
    """Evaluations of providers and practitioners whose files the actor may open."""
    seen = Q(party__in=providers_visible_to(actor).values("pk"))
    if actor.provider is None:
        seen |= Q(party__in=practitioners_visible_to(actor).values("pk"))
    return Evaluation.objects.filter(seen)


def standing(party: Party, on: date | None = None) -> Score:
    """The score and grade a party has today, from the events of the calendar year so far."""
    day = on or clock.today()
    events = [event for event in year_events(party, day.year) if event.effective_on <= day]
    return score(events, grade_lines(scope_of(party), day))


def grades(parties: Iterable[int], year: int) -> dict[int, str]:
    """Grade of each party by its newest evaluation of a year, for draws (CE-3); one query, the unevaluated left out."""
    newest = Evaluation.objects.filter(party=OuterRef("party"), year=year).order_by("-number").values("pk")[:1]
    found = Evaluation.objects.filter(party__in=parties, year=year, pk=Subquery(newest))
    return dict(found.values_list("party", "grade"))


@dataclass(frozen=True)
class Point:
    """One dot of the history chart: the score after an event; `what` and `matter` explain it."""

    on: date
    score: Decimal
    what: str
    matter: str


def history(party: Party, year: int) -> list[Point]:
    """How the score fell over a year, for the chart and its table."""
    left = grade_lines(scope_of(party), min(clock.today(), date(year, 12, 31))).base
    points = [Point(date(year, 1, 1), left, "", "")]
    for event in year_events(party, year):
        left = max(left - event.points, Decimal(0))
        points.append(Point(event.effective_on, left, scheme.label(event.indicator, party.kind), event.dossier.number))
    return points


def year_points(practitioner: Practitioner, year: int) -> int:
    """Demerit points of a calendar year that still stand (EL-2)."""
    records = PointRecord.objects.filter(practitioner=practitioner, recorded_on__year=year, corrected_because="")
    return records.aggregate(n=Sum("points"))["n"] or 0


def eligibility(practitioner: Practitioner, on: date) -> str:
    """What the year's points call for: '' nothing, 'suspend' or 'terminate' (EL-2)."""
    points, scope = year_points(practitioner, on.year), scope_of(practitioner)
    if points >= integer("EL-2/terminate", scope=scope, on=on):
        return "terminate"
    return "suspend" if points >= integer("EL-2/suspend", scope=scope, on=on) else ""

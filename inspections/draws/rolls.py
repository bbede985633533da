"""The two rolls (DR-1) as the registers of parties stand: who may be inspected, and who may inspect whom."""

from collections.abc import Iterator
from datetime import date
from decimal import ROUND_CEILING, Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from credit.selectors import grades
from inspections.draws import strata
from inspections.draws.algorithm import ANY_AREA, InspectorRow, TargetRow
from inspections.draws.models import Draw, DrawTarget
from inspections.draws.plan_procedure import RISKS
from supervision.law.coverage import enforcing
from supervision.parties.actors import Actor, authorities_within, providers_visible_to
from supervision.parties.models import Authority, Certificate, DeclaredInterest, Post, Provider
from supervision.parties.roles import Role

INSPECTOR_ROLES = (Role.BUREAU_OFFICER, Role.AUDITOR, Role.AGENCY_CLERK)


def target_rows(draw: Draw) -> Iterator[TargetRow]:
    """Stratum, code and region of every active provider in the authority's jurisdiction (HY-5).

    The stratum is its risk class, weighted by its credit grade where rates decide and not fixed numbers (CE-3).

    Left out are, where the plan says so, those an earlier draw of the plan took, and always those the draw
    that is being supplemented took.
    """
    providers = providers_visible_to(Actor.system(draw.authority)).filter(active=True)
    taken = DrawTarget.objects.filter(standing=True).exclude(draw=draw)
    if draw.plan.once_a_year:
        providers = providers.exclude(pk__in=taken.filter(draw__plan=draw.plan).values("provider"))
    elif draw.supplements_id:
        providers = providers.exclude(pk__in=taken.filter(draw=draw.supplements_id).values("provider"))
    weight = _weights(draw, providers) if draw.fixed is None else {}
    rows = providers.order_by().values_list("pk", "risk", "code", "region__code").iterator(chunk_size=5000)
    for pk, risk, code, region in rows:
        yield strata.named(risk, weight.get(pk, "1")), code, region


def _weights(draw: Draw, providers: QuerySet[Provider]) -> dict[int, str]:
    """By provider, the weight of its newest grade of the plan's year, or else of the year before (CE-3)."""
    of_grade = strata.weights(draw.authority.scope, draw.draw_day)
    keys = list(providers.values_list("pk", flat=True))
    found = grades(keys, draw.plan.year - 1) | grades(keys, draw.plan.year)
    return {pk: of_grade[grade] for pk, grade in found.items()}


def inspector_rows(draw: Draw) -> list[InspectorRow]:
    """Certificate, areas and recused codes of every officer who may be drawn on the day of the draw (HY-32,
    DR-2).

    Officers of the authority work in all its areas, those of authorities below in their own region, each
    within the areas the certificate names. Recused are the parties of a declared interest (HY-34).
    """
    on = draw.draw_day
    places = authorities_within(draw.authority, on) if draw.plan.include_below else [draw.authority]
    posts = (
        Post.objects.filter(authority__in=places, role__in=INSPECTOR_ROLES, valid__contains=on, user__is_active=True)
        .order_by("pk")
        .values_list("user_id", "authority_id", "authority__region__code")
    )
    areas: dict[int, set[str]] = {}
    for user, authority, area in posts:
        areas.setdefault(user, set()).add(ANY_AREA if authority == draw.authority_id else area)
    certificates = _certificates(draw.authority, list(areas), on)
    recused = _recused(list(certificates), on)
    return [
        (
            certificate.number,
            _areas(certificate.areas, areas[user]),
            ",".join(sorted(recused.get(user, ()))),
        )
        for user, certificate in certificates.items()
    ]


@enforcing("CE-3", kind="service", label=_("how many of each stratum are drawn"))
def numbers_to_draw(draw: Draw, sizes: dict[str, int]) -> dict[str, int]:
    """How many of each stratum, the riskiest first: the rate's share of one draw, multiplied by the stratum's factor,
    at most all; of a risk class at least the floor (DR-1, CE-3).
    """
    if draw.fixed is not None:
        return {risk: min(draw.fixed.get(risk, 0), sizes.get(risk, 0)) for risk in reversed(RISKS)}
    share = Decimal(100) * max(draw.plan.periods.count(), 1)
    take = {}
    for risk in reversed(RISKS):
        names = sorted({risk, *(name for name in sizes if strata.parted(name)[0] == risk)})
        for name in names:
            size, factor = sizes.get(name, 0), strata.parted(name)[1]
            by_rate = size if factor is None else size * draw.plan.rate_of(risk) * factor / share
            take[name] = min(int(Decimal(by_rate).to_integral_value(ROUND_CEILING)), size)
        for name in names:
            missing = draw.plan.floor - sum(take[each] for each in names)
            take[name] += max(0, min(missing, sizes.get(name, 0) - take[name]))
    return take


def _certificates(authority: Authority, users: list[int], on: date) -> dict[int, Certificate]:
    """By user, the valid certificate for this kind of authority; of several the one issued last."""
    kind = Certificate.Kind.AUDIT if authority.is_agency else Certificate.Kind.ENFORCEMENT
    held = Certificate.objects.filter(user__in=users, kind=kind, valid__contains=on).order_by("valid", "pk")
    return {certificate.user_id: certificate for certificate in held}


def _recused(users: list[int], on: date) -> dict[int, set[str]]:
    recused: dict[int, set[str]] = {}
    interests = DeclaredInterest.objects.filter(Q(user__in=users) & Q(valid__contains=on))
    for user, code in interests.values_list("user_id", "party__code"):
        recused.setdefault(user, set()).add(code)
    return recused


def _areas(certified: list[str], posted: set[str]) -> str:
    if ANY_AREA in posted:
        return ",".join(sorted(certified)) or ANY_AREA
    return ",".join(sorted(posted.intersection(certified) if certified else posted)) or "-"

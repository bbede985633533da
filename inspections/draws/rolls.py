"""The two rolls (DR-1) as the registers of parties stand: who may be inspected, and who may inspect whom."""

from collections.abc import Iterator
from datetime import date
from decimal import ROUND_CEILING, Decimal

from django.db.models import Q

from inspections.draws.algorithm import ANY_AREA, InspectorRow, TargetRow
from inspections.draws.models import Draw, DrawTarget
from inspections.draws.plan_procedure import RISKS
from supervision.parties.actors import Actor, authorities_within, providers_visible_to
from supervision.parties.models import Authority, Certificate, DeclaredInterest, Post
from supervision.parties.roles import Role

INSPECTOR_ROLES = (Role.BUREAU_OFFICER, Role.AUDITOR, Role.AGENCY_CLERK)


def target_rows(draw: Draw) -> Iterator[TargetRow]:
    """Risk class, code and region of every active provider in the authority's jurisdiction (HY-5).

    Left out are, where the plan says so, those an earlier draw of the plan took, and always those the draw
    that is being supplemented took.
    """
    providers = providers_visible_to(Actor.system(draw.authority)).filter(active=True)
    taken = DrawTarget.objects.filter(standing=True).exclude(draw=draw)
    if draw.plan.once_a_year:
        providers = providers.exclude(pk__in=taken.filter(draw__plan=draw.plan).values("provider"))
    elif draw.supplements_id:
        providers = providers.exclude(pk__in=taken.filter(draw=draw.supplements_id).values("provider"))
    yield from providers.order_by().values_list("risk", "code", "region__code").iterator(chunk_size=5000)


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


def numbers_to_draw(draw: Draw, sizes: dict[str, int]) -> dict[str, int]:
    """How many of each stratum, the riskiest first: the rate's share of one draw, at least the floor, at
    most all.
    """
    if draw.fixed is not None:
        return {risk: min(draw.fixed.get(risk, 0), sizes.get(risk, 0)) for risk in reversed(RISKS)}
    share = Decimal(100) * max(draw.plan.periods.count(), 1)
    take = {}
    for risk in reversed(RISKS):
        size = sizes.get(risk, 0)
        by_rate = int((size * draw.plan.rate_of(risk) / share).to_integral_value(ROUND_CEILING))
        take[risk] = min(max(by_rate, draw.plan.floor), size)
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

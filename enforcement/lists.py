"""The list of enforcement cases with its filters."""

from collections.abc import Iterable
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from supervision.law.catalogue import cite, rule
from supervision.parties.actors import authorities_within
from supervision.parties.models import User
from supervision.parties.roles import Role
from supervision.procedure import clock
from supervision.web.columns import Column
from supervision.web.dossier_lists import (
    AUTHORITY,
    CLOSED,
    NUMBER,
    OPENED,
    PARTY,
    STATE,
    TITLE,
    DossierFilter,
    DossierList,
)

from . import selectors
from .discretion import ACTS
from .models import EnforcementCase, Fact
from .procedure import CaseProcedure


def acts() -> Iterable[tuple[str, str]]:
    """Violations by article, in the reader's language."""
    return [(code, f"{cite(code)} {rule(code).text}") for code in ACTS]


def officers_seen(request: Any) -> QuerySet[User]:
    """Enforcement officers of the bureaus within sight: people, since other systems take charge of nothing."""
    actor = request.actor
    if actor.authority is None:
        return User.objects.none()
    within = authorities_within(actor.authority, clock.today())
    held = User.objects.filter(
        is_machine=False,
        posts__role=Role.BUREAU_OFFICER,
        posts__authority__in=within,
        posts__valid__contains=clock.today(),
    )
    return held.distinct().order_by("name", "pk")


class CaseFilter(DossierFilter):
    """State, officer, act, loss, major ones, beside what every list of matters can be narrowed by."""

    state = django_filters.ChoiceFilter(label=_("State"), choices=CaseProcedure.State.choices)
    officer = django_filters.ModelChoiceFilter(
        label=_("Officer in charge"), queryset=officers_seen, method="of_officer"
    )
    act = django_filters.ChoiceFilter(label=_("Violation"), choices=acts, method="with_act")
    least = django_filters.NumberFilter(label=_("Loss from (yuan)"), field_name="loss_found", lookup_expr="gte")
    most = django_filters.NumberFilter(label=_("Loss up to (yuan)"), field_name="loss_found", lookup_expr="lte")
    major = django_filters.ChoiceFilter(
        label=_("Major cases"), choices=(("yes", _("major only")),), method="only_major"
    )

    def of_officer(self, rows: QuerySet[Any], _name: str, user: User) -> QuerySet[Any]:
        return rows.filter(assignments__user=user, assignments__until=None).distinct()

    def with_act(self, rows: QuerySet[Any], _name: str, act: str) -> QuerySet[Any]:
        return rows.filter(pk__in=Fact.objects.filter(act=act, withdrawn_at=None).values("case"))

    def only_major(self, rows: QuerySet[Any], _name: str, _value: str) -> QuerySet[Any]:
        return selectors.major(rows, clock.today())


def weight(case: EnforcementCase) -> str:
    """'major' where the case is to be discussed collectively."""
    return str(_("major")) if case.is_major(clock.today()) else ""


class CaseList(DossierList):
    """Cases within the jurisdiction."""

    name = "enforcement.cases"
    title = _("Enforcement cases")
    kind = "case"
    template_name = "pages/enforcement/cases.html"
    columns = (
        NUMBER,
        TITLE,
        PARTY,
        STATE,
        Column("major", _("Weight"), value=weight, kind="tag", tone=lambda _case: "warn"),
        Column("loss", _("Loss of the funds"), value="loss_found", kind="money"),
        Column("fine", _("Fine"), value=lambda case: case.fine if case.fine is not None else case.proposed_fine,
               kind="money"),
        Column("tier", _("Discretion"), value="get_tier_display", optional=True),
        Column("decided_on", _("Decided on"), kind="date", optional=True),
        OPENED,
        CLOSED,
        AUTHORITY,
    )  # fmt: skip
    filterset_class = CaseFilter
    empty_title = _("No enforcement case here")
    empty_text = _("Cases begin with a lead that was verified or a finding that an inspection confirmed.")

    def get_queryset(self) -> QuerySet[Any]:
        return selectors.cases(self.request.actor)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(may_propose=self.request.actor.has(Role.BUREAU_OFFICER), **kwargs)

"""Pages of credit: evaluations of a year, and a party's score with every point explained."""

from typing import Any, ClassVar

import altair as alt
import django_filters
from django.contrib import messages
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from supervision.parties.actors import Actor
from supervision.parties.models import Party
from supervision.parties.roles import Role
from supervision.procedure import clock
from supervision.procedure.selectors import visible_to
from supervision.web import charts
from supervision.web.columns import Column
from supervision.web.lists import ListView
from supervision.web.party_selectors import visible_party
from supervision.web.request import PageRequest

from . import scheme
from .models import Evaluation, Grade
from .pages import TONES
from .selectors import evaluations_visible_to, events_of, grade_lines, history, scope_of, standing
from .services import evaluate


class EvaluationFilter(django_filters.FilterSet):
    """Party, year and grade."""

    q = django_filters.CharFilter(label=gettext_lazy("Party"), field_name="party__name", lookup_expr="icontains")

    class Meta:
        model = Evaluation
        fields: ClassVar[list[str]] = ["year", "grade"]


class EvaluationList(ListView):
    """The newest evaluation of each party and year within the jurisdiction (CE-1)."""

    name = "credit.evaluations"
    title = gettext_lazy("Credit evaluations")
    columns = (
        Column("party", gettext_lazy("Party"), kind="party"),
        Column("year", gettext_lazy("Year"), sort="year", value=lambda row: str(row.year)),
        Column("score", gettext_lazy("Score"), kind="number", sort="score",
               link=lambda row: reverse("credit:party", args=[row.party_id])),
        Column("grade", gettext_lazy("Grade"), kind="tag", lead=True, tone=lambda row: TONES[Grade(row.grade)]),
        Column("events", gettext_lazy("Events counted"), kind="number", value=lambda row: len(row.lines)),
        Column("evaluated_at", gettext_lazy("Evaluated"), kind="datetime", sort="evaluated_at"),
    )  # fmt: skip
    filterset_class = EvaluationFilter
    default_sort = "score"
    empty_title = gettext_lazy("Nobody has been evaluated yet")
    empty_text = gettext_lazy("Evaluate a party on its credit page, or wait for the yearly run.")

    def get_queryset(self) -> QuerySet[Evaluation]:
        newest = Evaluation.objects.filter(party=OuterRef("party"), year=OuterRef("year")).order_by("-number")
        return (
            evaluations_visible_to(self.request.actor)
            .annotate(newest=Subquery(newest.values("pk")[:1]))
            .filter(pk=F("newest"))
            .select_related("party")
        )


def load(request: PageRequest, pk: int) -> Party:
    """A party whose file the reader may open; Http404 for any other."""
    party = visible_party(request.actor, pk)
    if party is None:
        raise Http404
    return party


def may_evaluate(actor: Actor) -> bool:
    """The bureau evaluates (HY-11)."""
    return actor.has(Role.BUREAU_OFFICER, Role.BUREAU_HEAD)


def _year(request: PageRequest) -> int:
    asked, present = request.GET.get("year", ""), clock.today().year
    return int(asked) if asked.isdecimal() and 2000 <= int(asked[:4]) <= present and len(asked) == 4 else present


@require_safe
def party_credit(request: PageRequest, pk: int) -> HttpResponse:
    """A party's score over a year as a picture, its events and its evaluations."""
    party, year = load(request, pk), _year(request)
    present = clock.today().year
    points = history(party, year)
    scope = scope_of(party)
    lines = grade_lines(scope, clock.today())
    rows = [(point.on.isoformat(), point.score) for point in points]
    if year == present:
        rows.append((clock.today().isoformat(), points[-1].score))

    def draw(data: alt.Data) -> Any:
        days = alt.X("c0:T", title=None, axis=alt.Axis(format="%m-%d"))
        points_left = alt.Y("c1:Q", title=None, scale=alt.Scale(domain=[0, float(lines.base)]))
        score = alt.Chart(data).mark_line(interpolate="step-after", point=True).encode(x=days, y=points_left)
        bounds = [{"y": float(bound), "t": grade} for bound, grade in ((lines.a, "A"), (lines.b, "B"), (lines.c, "C"))]
        rules = alt.Chart(alt.Data(values=bounds))
        rule = rules.mark_rule(color="#b9c6d4", strokeDash=[4, 3]).encode(y="y:Q")
        words = rules.mark_text(align="left", dx=4, dy=-6, x=0, color="#51606f").encode(y="y:Q", text="t:N")
        return alt.layer(rule, words, score)

    events = [event for event in events_of(party) if event.effective_on.year == year]
    seen = set(
        visible_to(request.actor).filter(pk__in=[event.dossier_id for event in events]).values_list("pk", flat=True)
    )
    context = {
        "party": party,
        "year": year,
        "years": range(present, present - 4, -1),
        "standing": standing(party) if year == present else None,
        "tone": TONES[standing(party).grade],
        "lines": lines,
        "picture": charts.chart(
            request, title=_("Score over the year"), columns=[_("Day"), _("Score")], rows=rows, draw=draw, height=180
        ),
        "events": [
            {"event": event, "label": scheme.label(event.indicator, party.kind), "linked": event.dossier_id in seen,
             "correction": getattr(event, "correction", None)}
            for event in events
        ],
        "evaluations": party.evaluations.filter(year=year).select_related("evaluated_by").order_by("-number"),
        "may_evaluate": may_evaluate(request.actor),
        "crumbs": [(party.name, reverse("web:party", args=[party.pk])), (_("Credit"), "")],
    }  # fmt: skip
    return render(request, "pages/credit/party.html", context)


@require_POST
def evaluate_party(request: PageRequest, pk: int) -> HttpResponse:
    """Evaluate a party for the present year; nothing new when nothing changed."""
    party = load(request, pk)
    if not may_evaluate(request.actor):
        raise Http404
    found = evaluate(party, clock.today().year, request.actor)
    messages.success(
        request, _("Evaluated: %(score)s points, grade %(grade)s") % {"score": found.score, "grade": found.grade}
    )
    return redirect("credit:party", party.pk)

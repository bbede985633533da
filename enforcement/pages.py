"""The page of a case and the places where cases are met: rail, desk, institution file. Loaded when the app is ready."""

from decimal import Decimal
from typing import Any

import altair as alt
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from inspections.selectors import goes_on_as
from supervision.parties.actors import Actor
from supervision.parties.roles import Role
from supervision.procedure import clock
from supervision.procedure.models import Dossier
from supervision.web import charts, desk, nav, onward
from supervision.web.format import counted
from supervision.web.record_blocks import Block, add_file_block
from supervision.web.record_pages import RecordView, record_page

from . import blocks, selectors
from .models import EnforcementCase

READERS = (Role.BUREAU_OFFICER, Role.BUREAU_HEAD, Role.LEGAL_REVIEWER)


def tags_of(case: EnforcementCase) -> list[tuple[str, Any]]:
    """Weight, outcome, publication."""
    tags: list[tuple[str, Any]] = []
    if case.is_major(clock.today()):
        tags.append(("warn", _("major case, to be discussed collectively")))
    if case.outcome:
        tags.append(("bad" if case.is_penalty else "ok", case.get_outcome_display()))
    if case.published_on:
        tags.append(("ok", _("decision published")))
    return tags


@record_page("case")
class CasePage(RecordView):
    """A case: facts, discretion among like cases, defence, review, money."""

    list_url = "enforcement:cases"
    own_facts = True
    blocks = (
        Block("facts", _("Facts established"), "pages/enforcement/_facts.html", blocks.facts_block, order=10,
              for_party=True),
        Block("discretion", _("Discretion"), "pages/enforcement/_discretion.html", blocks.discretion_block, order=15),
        Block("defence", _("Statement, defence and hearing"), "pages/enforcement/_defence.html", blocks.defence_block,
              order=20, for_party=True),
        Block("review", _("Legal review and collective discussion"), "pages/enforcement/_review.html",
              blocks.review_block, order=25),
        Block("about", _("Source and handling"), "pages/enforcement/_about.html", blocks.about_block, order=35),
    )  # fmt: skip
    tags = staticmethod(tags_of)  # type: ignore[assignment]

    def get_context_data(self, dossier: Dossier) -> dict[str, Any]:
        """The picture of like cases, beside what every page shows."""
        context = super().get_context_data(dossier)
        for shown in context["blocks"]:
            if shown.block.name == "discretion":
                context["likes"] = self._picture(shown.context["likes"], shown.context["multiple"])
        return context

    def _picture(self, likes: selectors.Likes, multiple: Decimal | None) -> charts.Chart | None:
        """Like cases by multiple of the loss, with this case among them; None for too few to compare."""
        rows = likes.distribution()
        if not rows:
            return None
        mine = float(multiple) if multiple is not None else None
        band = float(selectors.BAND)
        edges = [float(low) for low, _n in rows] + [float(rows[-1][0]) + band]
        shown = [*edges, mine] if mine is not None else edges
        span = alt.Scale(domain=[min(shown) - band / 2, max(shown) + band / 2], nice=False)
        whole = list(range(max(count for _low, count in rows) + 1))

        def draw(data: alt.Data) -> Any:
            bars = (
                alt.Chart(data)
                .transform_calculate(end=f"datum.c0 + {band}")
                .mark_bar(color="#b9c6d4", stroke="#ffffff", strokeWidth=1)
                .encode(
                    x=alt.X(
                        "c0:Q", title=str(_("Fine as a multiple of the loss")), scale=span, axis=alt.Axis(values=edges)
                    ),
                    x2="end:Q",
                    y=alt.Y("c1:Q", title=str(_("Cases")), axis=alt.Axis(values=whole, format="d")),
                    y2=alt.Y2Datum(0),
                )
            )
            if mine is None:
                return alt.layer(bars)
            here = alt.Chart(alt.Data(values=[{"x": mine, "t": str(_("this case"))}]))
            line = here.mark_rule(color="#b3261e", strokeWidth=2).encode(x="x:Q")
            word = here.mark_text(color="#b3261e", align="left", dx=5, dy=-4, y=10).encode(x="x:Q", text="t:N")
            return alt.layer(bars, line, word)

        return charts.chart(
            self.request,
            title=_("Like cases by the weight of their fines"),
            columns=[_("Multiple of the loss, from"), _("Cases")],
            rows=rows,
            draw=draw,
            note=_("%(count)s cases decided, median %(median)s times")
            % {"count": likes.count, "median": likes.median.quantize(blocks.CENT)},
            height=110,
        )


def case_to_propose(dossier: Dossier, actor: Actor) -> onward.Onward | None:
    """A lead or inspection that the reader's bureau concluded to bring to a case, and that is none yet."""
    here = actor.authority
    if here is None or not here.is_bureau or here != dossier.authority or not goes_on_as(dossier, "to_case"):
        return None
    if not actor.has(Role.BUREAU_OFFICER) or EnforcementCase.objects.filter(origin=dossier.pk).exists():
        return None
    url = f"{reverse('enforcement:propose')}?origin={dossier.pk}"
    return onward.Onward(_("Propose the filing of a case"), url, ("PP-14", "HY-39"))


def due_tile(actor: Actor) -> desk.Tile | None:
    """Open cases of the reader's bureau, and how many have a term overdue."""
    if not actor.has(*READERS) or actor.authority is None or not actor.authority.is_bureau:
        return None
    count = selectors.open_cases_count(actor)
    late = selectors.overdue_cases_count(actor)
    note = (
        _("of this bureau overdue: %(count)s") % {"count": counted(late)} if late else _("all within their deadlines")
    )
    url = reverse("enforcement:cases") + "?open=yes&own=yes"
    return desk.Tile(_("Open cases of this bureau"), counted(count), note, url, "bad" if late else "",
                     f"{url}&late=yes" if late else "")  # fmt: skip


def register() -> None:
    """Declare the places."""
    nav.register(nav.Group.HANDLE, _("Enforcement cases"), "enforcement:cases", READERS, selectors.open_cases_count,
                 tab="case", order=20)  # fmt: skip
    desk.add_tile(due_tile, order=30)
    onward.add({"lead", "inspection"}, case_to_propose)
    add_file_block(Block("cases", _("Enforcement cases"), "pages/enforcement/_file.html", blocks.of_party, order=35))

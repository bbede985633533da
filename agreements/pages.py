"""The record pages of agreements and breaches, and where they are met. Loaded when the app is ready."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from funds.models import Fund
from funds.selectors import receivables_of
from inspections.selectors import goes_on_as
from supervision.parties.actors import Actor
from supervision.parties.models import Party, Provider
from supervision.parties.roles import ADMINISTRATORS, Role
from supervision.procedure import clock
from supervision.procedure.models import Dossier
from supervision.records.selectors import deliberations_of, reviews_of, statements_of
from supervision.web import desk, nav, onward
from supervision.web.format import counted
from supervision.web.record_blocks import Block, add_file_block
from supervision.web.record_pages import RecordView, record_page

from .breaches.effects import CLAIMS
from .breaches.measures import BINDING, Ground, MeasureKind
from .breaches.models import BreachCase
from .breaches.rules import collective_due
from .breaches.selectors import breaches_of, open_breaches_count, overdue_breaches_count
from .designation.models import Agreement
from .designation.procedure import Clause
from .designation.selectors import agreements as agreements_seen
from .designation.selectors import bar_on, in_force_with
from .views import may_open

STAFF = {*Role} - ADMINISTRATORS - {Role.WITNESS, Role.SYSTEM}
AGENCY = (Role.AGENCY_CLERK, Role.AUDITOR, Role.AGENCY_HEAD)


def breach_block(case: BreachCase, actor: Actor) -> Mapping[str, Any]:
    """What was found, on which clause, and how the bureau saw it."""
    return {"case": case, "for_party": actor.provider is not None}


def measures_block(case: BreachCase, actor: Actor) -> Mapping[str, Any] | None:
    """The measures with their object and extent; the sum HY-21 measures against its threshold."""
    if not case.planned:
        return None
    owed = {(one.kind, one.fund): one for one in receivables_of(case)} if case.decision_served_on else {}
    return {
        "rows": [
            {
                "measure": measure,
                "fund": Fund(measure.fund).label if measure.fund else "",
                "owed": owed.get((str(CLAIMS.get(MeasureKind(measure.kind), "")), measure.fund)),
            }
            for measure in case.planned
        ],
        "ground": Ground(case.ground).label if case.ground and case.terminates else "",
        "ground_number": case.ground,
        "collective": collective_due(case, case.decided_on or clock.today()),
        "counted": case.counted_amount,
        "decided": case.decided_on,
    }  # fmt: skip


def defence_block(case: BreachCase, actor: Actor) -> Mapping[str, Any] | None:
    """Every point with its answer; or the waiver."""
    statements = statements_of(case)
    if not statements and not case.waived:
        return None
    return {"statements": statements, "case": case, "show_answers": actor.provider is None or case.conclusion}


def review_block(case: BreachCase, actor: Actor) -> Mapping[str, Any] | None:
    """Collective discussions and legal reviews in order; those of an earlier proposal are marked."""
    held, reviews = deliberations_of(case), reviews_of(case)
    if not held and not reviews:
        return None
    return {
        "deliberations": [
            (one, one.pk <= case.discussions_before, case.procedure.steps.get(one.purpose)) for one in held
        ],
        "reviews": [(one, one.pk <= case.reviews_before) for one in reviews],
    }  # fmt: skip


def disputes_block(case: BreachCase, actor: Actor) -> Mapping[str, Any] | None:
    """Every dispute about the decision with its way and end; what was undone (HY-25, HY-26)."""
    found = list(case.disputes.select_related("mediator"))
    return {"disputes": found, "case": case, "binding": BINDING} if found else None


@record_page("breach")
class BreachPage(RecordView):
    """A breach: facts, measures, defence, discussion, money."""

    list_url = "agreements:breaches"
    own_facts = True
    blocks = (
        Block("facts", _("Facts found"), "pages/agreements/_breach.html", breach_block, order=10, for_party=True),
        Block("measures", _("Measures"), "pages/agreements/_measures.html", measures_block, order=15, for_party=True),
        Block("defence", _("Statement and defence"), "pages/agreements/_defence.html", defence_block, order=20,
              for_party=True),
        Block("review", _("Collective discussion and legal review"), "pages/agreements/_review.html", review_block,
              order=25),
        Block("disputes", _("Disputes and reversal"), "pages/agreements/_disputes.html", disputes_block, order=35,
              for_party=True),
    )  # fmt: skip

    @staticmethod
    def tags(dossier: Any) -> list[tuple[str, Any]]:
        tags: list[tuple[str, Any]] = []
        if dossier.terminates:
            tags.append(("bad", _("termination, to be decided by the city agency")))
        elif dossier.planned and collective_due(dossier, dossier.decided_on or clock.today()):
            tags.append(("warn", _("to be discussed collectively")))
        if dossier.dispute and dossier.dispute.is_open:
            tags.append(("warn", _("in dispute")))
        if dossier.reversed_as_of and dossier.is_closed:
            tags.append(("warn", _("decision reversed")))
        if dossier.settlement_pause:
            tags.append(("bad", _("settlement paused")))
        if dossier.public_concern:
            tags.append(("warn", _("may attract public attention")))
        return tags


def agreement_block(agreement: Agreement, actor: Actor) -> Mapping[str, Any]:
    """What the agreement says, clause by clause, and what became of it."""
    return {
        "agreement": agreement,
        "clauses": [(label, clause in agreement.clauses) for clause, label in Clause.choices],
        "supplements": list(agreement.supplements.all()),
        "suspensions": list(agreement.suspensions.select_related("ordered_by")),
        "bar": agreement.own_bars.order_by("-pk").first(),
        "ground": Ground(agreement.termination_ground).label if agreement.termination_ground else "",
    }


def application_block(agreement: Agreement, actor: Actor) -> Mapping[str, Any]:
    """The application, its evaluation and public notice."""
    return {"agreement": agreement}


@record_page("agreement")
class AgreementPage(RecordView):
    """A service agreement from its application to its end."""

    list_url = "agreements:agreements"
    own_facts = True
    blocks = (
        Block("agreement", _("Agreement"), "pages/agreements/_agreement.html", agreement_block, order=10,
              for_party=True),
        Block("application", _("Application and evaluation"), "pages/agreements/_application.html", application_block,
              order=20),
    )  # fmt: skip


def of_party(party: Party, actor: Actor) -> Mapping[str, Any] | None:
    """The agreement in force, a bar, and the breaches of a party."""
    provider = party if isinstance(party, Provider) else None
    found = list(breaches_of(party, actor)[:20])
    today = clock.today()
    agreement = in_force_with(provider, today) if provider else None
    bar = bar_on(provider, today) if provider else None
    if not (found or agreement or bar):
        return None
    seen = agreement is not None and agreements_seen(actor).filter(pk=agreement.pk).exists()
    return {"breaches": found, "agreement": agreement, "may_open_agreement": seen, "bar": bar}


def breach_to_register(dossier: Dossier, actor: Actor) -> onward.Onward | None:
    """A lead or inspection that the reader's agency concluded to handle as a breach, and that is none yet."""
    if not goes_on_as(dossier, "to_agency") or actor.authority != dossier.authority:
        return None
    if not may_open(BreachCase, actor) or BreachCase.objects.filter(origin=dossier.pk).exists():
        return None
    return onward.Onward(_("Register a breach"), f"{reverse('agreements:register')}?origin={dossier.pk}", ("HY-18",))


def breaches_tile(actor: Actor) -> desk.Tile | None:
    """Open breaches of the reader's jurisdiction, and how many have a term overdue."""
    if not actor.has(*AGENCY) or actor.authority is None or not actor.authority.is_agency:
        return None
    late = overdue_breaches_count(actor)
    note = (
        _("of the jurisdiction overdue: %(count)s") % {"count": counted(late)}
        if late
        else _("all within their deadlines")
    )
    url = reverse("agreements:breaches") + "?open=yes"
    count = counted(open_breaches_count(actor))
    return desk.Tile(_("Open breaches of the jurisdiction"), count, note, url, "bad" if late else "",
                     f"{url}&late=yes" if late else "")  # fmt: skip


def register() -> None:
    """Declare the places."""
    nav.register(nav.Group.HANDLE, _("Breaches"), "agreements:breaches", STAFF, open_breaches_count,
                 tab="case", order=10)  # fmt: skip
    nav.register(nav.Group.HANDLE, _("Service agreements"), "agreements:agreements", STAFF, order=15)
    desk.add_tile(breaches_tile, order=20)
    onward.add({"lead", "inspection"}, breach_to_register)
    add_file_block(
        Block("agreement", _("Agreement and breaches"), "pages/agreements/_file.html", of_party, order=30,
              for_party=True)
    )  # fmt: skip

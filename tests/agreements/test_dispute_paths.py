"""No order of steps reverses a decision or leaves a part of it standing against HY-25 and HY-26."""

from decimal import Decimal

import pytest

from credit.models import CreditEvent
from funds.models import Repayment
from funds.services import record_receipt
from supervision.parties.models import SettlementHold
from supervision.procedure import clock
from tests.agreements.test_paths import discussion
from tests.breach_stage import executing, recover
from tests.dispute_stage import QUALIFIED
from tests.explore import Explorer

pytestmark = pytest.mark.law("HY-25", "HY-26")

# Steps of the first course, walked in test_paths.
ASIDE = ("agree_to_decision", "file_with_city", "report_to_bureau", "restore_settlement", "carry_out", "close",
         "lighten_measures", "deliberate", "decide", "refer_to_city", "deliberate_termination", "pause_settlement",
         "dismiss", "record_late_statement")  # fmt: skip
REASON = {"reason": "理由。"}
PLAYERS = ("clerk", "hospital", "head", "reviewer", "agency_head", "finance", "system")
UNDOING = {"revoked", "changed"}


def at_most(number, *facts):
    """Each of these, as long as there are fewer disputes than that, so that the walk ends."""
    return lambda case, _actor: list(facts) if case.disputes.count() < number else []


def choices(cast, collective):
    raised = {"raised_by": "示例院长", "claim": "请求撤销。"}
    agreed = {"result": "双方同意。", "signed_by_party": "示例院长", "signed_by_agency": "示例主任"}
    told = [{"outcome": one, "result": "结果。", "reference": "示例1号"} for one in ("upheld", "changed", "revoked")]
    repaid = {"voucher": "R1", "paid_on": clock.today()}
    return {
        "raise_dispute": at_most(
            1, {**raised, "route": "negotiation"}, {**raised, "route": "reconsideration", "body": "示例市人民政府"}
        ),
        "ask_mediation": at_most(2, {"claim": "请求核减。"}),
        "accept_mediation": lambda *_: [{"mediator": cast.reviewer.user.pk, "qualification": QUALIFIED}],
        "decline_mediation": lambda *_: [REASON],
        "record_mediation": lambda *_: [{**agreed, "outcome": one} for one in ("upheld", "changed", "revoked")],
        "end_mediation": lambda *_: [REASON],
        "record_outcome": lambda *_: told,
        "deliberate_reversal": discussion if collective else lambda *_: [],
        "reverse_decision": lambda case, _actor: [{**REASON, "effective_on": case.decision_served_on}],
        "serve_reversal": lambda *_: [
            {"method": "direct", "relation": "staff", "served_on": clock.today(), "recipient": "院办", "on_paper": "on"}
        ],
        "record_repayment": lambda case, _actor: [
            {**repaid, "repayment": due.pk} for due in Repayment.objects.filter(receivable__dossier=case.pk)
        ],
    } | {step: lambda *_: [] for step in ASIDE}


def situation(case):
    """What the guards look at, read from the tables anew."""
    last = case.disputes.order_by("pk").last()
    held = case.deliberations.filter(purpose="deliberate_reversal").order_by("pk").last()
    return (
        case.state,
        (last.route, last.mediator_id, last.outcome, case.disputes.count()) if last else None,
        (held.carried, bool(last and last.settled_at and held.entered_at >= last.settled_at)) if held else None,
        case.reversed_as_of is not None,
        tuple(case.receivables.order_by("pk").values_list("state", flat=True)),
        tuple(Repayment.objects.filter(receivable__dossier=case.pk).values_list("paid_on", flat=True)),
        case.events.filter(verb="serve_reversal").exists(),
    )


def lawful(collective):
    """What must be so wherever the walk comes, told by the record and the tables, not by the guards."""

    def check(case, path):
        undone = case.events.filter(verb="reverse_decision").exists()
        standing = CreditEvent.objects.filter(dossier=case.pk, correction__isnull=True).count()
        cancelled = set(case.receivables.values_list("state", flat=True))
        held = SettlementHold.objects.filter(matter=case.number, days__contains=clock.today()).exists()
        for dispute in case.disputes.filter(route="mediation", outcome__in=("upheld", *UNDOING)):
            assert dispute.mediator, path
            assert dispute.signed_by_party, path
            assert dispute.signed_by_agency, path
        if not undone:
            assert case.state in ("executing", "closed"), path
            assert (standing, cancelled, held) == (1, {"paid"}, True), path
            return
        reason = case.disputes.order_by("pk").last()
        assert reason.outcome in UNDOING, path
        assert (standing, cancelled, held) == (0, {"cancelled"}, False), path
        if collective and reason.route in ("negotiation", "mediation"):
            vote = case.deliberations.filter(purpose="deliberate_reversal").order_by("pk").last()
            assert vote.carried, path
            assert vote.entered_at >= reason.settled_at, path
        due = Repayment.objects.get(receivable__dossier=case.pk)
        if case.state in ("closed", "reexamined"):
            assert due.paid_on, path
            assert "serve_reversal" in path, path
        if case.state == "reexamined":
            assert reason.outcome == "changed", path

    return check


@pytest.mark.parametrize(("yuan", "collective"), [("1000", False), ("60000", True)])
def test_every_path_through_disputes_is_lawful(cast, agreement, provider, yuan, collective):
    measures = recover(yuan) | {"measures": ["recover", "pause_settlement"]}
    case = executing(cast, provider, measures)
    owed = case.receivables.get()
    record_receipt(
        owed, cast.finance, amount=Decimal(yuan), route=owed.route, fund=owed.fund, paid_on=clock.today(), voucher="V1"
    )
    explorer = Explorer(
        actors=[getattr(cast, name) for name in PLAYERS],
        choices=choices(cast, collective),
        key=situation,
        check=lawful(collective),
    )
    explorer.explore(case)
    assert explorer.states() == {"executing", "reversed", "reexamined", "closed"}
    undiscussed = [
        path
        for (state, dispute, *_), path in explorer.reached.items()
        if state == "reversed" and dispute[0] != "reconsideration" and "deliberate_reversal" not in path
    ]
    assert bool(undiscussed) is (not collective)

"""Disputes about breach decisions in one county: reversed and paid back, mediated, being mediated, before the court."""

from agreements.breaches.models import BreachCase
from funds.models import Repayment
from funds.services import record_receipt
from supervision.procedure import clock
from supervision.procedure.services import advance

from . import breaches
from .city import City
from .stage import Desk, days_ago, serve

CLAIM = "部分费用有医嘱和检查报告依据，请求核减。"
QUALIFICATION = "具有法律职业资格，从事医疗保障基金监管工作六年。"


def build(city: City) -> list[BreachCase]:
    """One of each: a reconsideration that revoked, done and still to be carried out; a mediation that changed, one that
    goes on, one asked for; a suit running.
    """
    region = city.places.counties[0]
    desk = Desk(city.people, city.places, region)
    providers = [one for one in city.providers if one.region_id == region.pk]
    made = []
    for place, then in enumerate((_reconsidered, _mediated, _asked, _sued, _revoked, _mediating)):
        provider = providers[place % len(providers)]
        case = breaches.play(city, region, provider, "executing", ago=70 + place, large=False)
        with days_ago(50):
            _pay(case, desk)
        then(case, desk)
        made.append(case)
    return made


def _pay(case: BreachCase, desk: Desk) -> None:
    for owed in case.receivables.order_by("pk"):
        record_receipt(
            owed, desk.clerk, amount=owed.amount, route=owed.route, fund=owed.fund, paid_on=clock.today(),
            voucher=f"示例{owed.pk:06d}",
        )  # fmt: skip


def _revoked(case: BreachCase, desk: Desk) -> None:
    """The reconsideration organ revoked the decision; the agency is to undo it."""
    with days_ago(45):
        advance(
            case, "raise_dispute", desk.clerk, route="reconsideration", raised_by=case.provider.name,
            claim="认定事实不清，请求撤销。", body=f"{desk.region.name}人民政府",
        )  # fmt: skip
    with days_ago(20):
        advance(
            case, "record_outcome", desk.clerk, outcome="revoked", result="主要事实不清、证据不足，撤销原处理决定。",
            reference=f"示例复决〔{clock.today().year}〕{case.pk}号",
        )  # fmt: skip


def _reconsidered(case: BreachCase, desk: Desk) -> None:
    """The decision was revoked; everything was undone, paid back and closed."""
    _revoked(case, desk)
    with days_ago(20):
        advance(
            case, "reverse_decision", desk.agency_head, effective_on=case.decision_served_on,
            reason="行政复议决定撤销原处理决定。",
        )  # fmt: skip
        serve(case, "serve_reversal", desk.clerk)
    with days_ago(15):
        for due in Repayment.objects.filter(receivable__dossier=case.pk):
            advance(
                case, "record_repayment", desk.clerk, repayment=due, paid_on=clock.today(),
                voucher=f"示例退{due.pk:06d}",
            )  # fmt: skip
        advance(case, "close_reversed", desk.agency_head)


def _mediating(case: BreachCase, desk: Desk) -> None:
    """The bureau mediates."""
    with days_ago(30):
        _ask(case, desk)
        advance(
            case, "accept_mediation", desk.head, mediator=desk.reviewer.user, qualification=QUALIFICATION,
            accepted_on=clock.today(),
        )  # fmt: skip


def _mediated(case: BreachCase, desk: Desk) -> None:
    """Both sides agreed to change the decision; it is reversed, and the money waits to be paid back."""
    _mediating(case, desk)
    with days_ago(10):
        advance(
            case, "record_mediation", desk.reviewer, outcome="changed", settled_on=clock.today(),
            result="经核对检查报告，部分费用有依据；双方同意核减后重新作出处理。",
            signed_by_party=case.provider.legal_representative, signed_by_agency=str(desk.agency_head.user),
        )  # fmt: skip
        advance(
            case, "reverse_decision", desk.agency_head, effective_on=case.decision_served_on,
            reason="双方达成调解协议，同意变更。",
        )  # fmt: skip
        serve(case, "serve_reversal", desk.clerk)


def _asked(case: BreachCase, desk: Desk) -> None:
    with days_ago(2):
        _ask(case, desk)


def _ask(case: BreachCase, desk: Desk) -> None:
    advance(case, "raise_dispute", desk.clerk, route="mediation", raised_by=case.provider.name, claim=CLAIM)


def _sued(case: BreachCase, desk: Desk) -> None:
    with days_ago(25):
        advance(
            case, "raise_dispute", desk.clerk, route="litigation", raised_by=case.provider.name,
            claim="请求判决撤销违约处理决定。", body=f"{desk.region.name}人民法院",
        )  # fmt: skip

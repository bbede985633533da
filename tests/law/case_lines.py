"""Cases brought to where the law is then tried to be broken, and what is handed in there."""

from datetime import timedelta

from funds.services import record_receipt
from supervision.parties.models import Certificate
from supervision.procedure import clock
from supervision.procedure.services import advance, assign, withdraw
from tests.case_stage import (
    SOUND,
    ago,
    close,
    decide,
    discuss,
    fact,
    filed,
    ordered,
    performing,
    proposed,
    reported,
    reviewed,
    serve_order,
    served,
    waive,
)
from tests.cast import a_provider


def submitted(cast, provider):
    case = served(cast, provider)
    waive(case, cast)
    advance(case, "submit_for_legal_review", cast.officer)
    return case


def returned(cast, provider):
    case = submitted(cast, provider)
    advance(case, "return_for_correction", cast.reviewer, opinion="correct", reasons="未载明听证权利")
    return case


def large(cast, provider):
    """A fine for which a hearing may be asked for."""
    return served(cast, provider, amount="80000.00", fine="120000.00")


def major(cast, provider):
    return reviewed(cast, provider, major=True)


def grave(cast, provider):
    """Reported with a circumstance that makes the penalty heavier, reviewed, and carried by the discussion."""
    case = reviewed(cast, provider, tier="heavier", fine="110000.00", aggravating=["grave"])
    discuss(case, cast)
    return case


def notified(cast, provider):
    case = reported(cast, provider)
    advance(case, "notify", cast.head)
    return case


def stated(cast, provider):
    case = served(cast, provider)
    advance(
        case, "record_statement", cast.officer, made_on=clock.today(), made_by="院长", text="意见", points="有误",
        on_paper=True,
    )  # fmt: skip
    waive(case, cast)
    return case


def defended(cast, provider):
    """A statement made and answered, the review passed."""
    case = stated(cast, provider)
    (point,) = case.statements.get().points.all()
    answer = {f"answer_{point.pk}": "不予采纳", f"accepted_{point.pk}": "no", "rechecked": "重新核对了明细。"}
    advance(case, "answer_statement", cast.officer, **answer)
    advance(case, "submit_for_legal_review", cast.officer)
    advance(case, "pass_legal_review", cast.reviewer, sound=SOUND, reasons="同意")
    return case


def left_alone(case, cast):
    withdraw(case, cast.second_officer.user, "与当事人有利害关系", cast.head)
    return case


def alone(cast, provider):
    return left_alone(proposed(cast, provider), cast)


def alone_at_the_report(cast, provider):
    case = filed(cast, provider)
    fact(case, cast)
    ordered(case, cast)
    return left_alone(case, cast)


def expired(cast, provider):
    case = proposed(cast, provider)
    Certificate.objects.filter(user=cast.second_officer.user).update(valid=(None, clock.today()))
    return case


def decided(cast, provider):
    case = reviewed(cast, provider)
    decide(case, cast)
    return case


def lately_overdue(cast, provider):
    with ago(200):
        return filed(cast, provider)


def overdue_correction(cast, provider):
    """Served a month ago, so that the fifteen days to correct are over."""
    with ago(30):
        return to_be_closed(cast, provider)


def factless(cast, provider):
    return filed(cast, provider)


def not_ordered(cast, provider):
    case = filed(cast, provider)
    fact(case, cast)
    return case


def to_be_reported(cast, provider):
    case = not_ordered(cast, provider)
    ordered(case, cast)
    return case


def of_another_county(cast, provider):
    elsewhere = a_provider("H99012200009", "示例·乙县医院", cast.twin_officer.authority.region)
    return proposed(cast, elsewhere)


def resting(cast, provider):
    case = filed(cast, provider)
    advance(case, "suspend", cast.head, ground="ruling", reason="等待法院裁判")
    return case


def investigated_by_the_head(cast, provider):
    case = reviewed(cast, provider)
    assign(case, cast.head.user, "assist", cast.head)
    return case


def to_be_closed(cast, provider):
    """Everything paid and the order to correct served."""
    case = performing(cast, provider)
    for owed in case.receivables.order_by("pk"):
        record_receipt(
            owed, cast.officer, amount=owed.amount, route=owed.route, fund=owed.fund, paid_on=clock.today(),
            voucher=f"V{owed.pk}",
        )  # fmt: skip
    serve_order(case, cast)
    return type(case).objects.get(pk=case.pk)


def paid_and_closed(cast, provider):
    """Everything paid and the case closed, its decision not published."""
    case = to_be_closed(cast, provider)
    close(case, cast)
    return case


def published(cast, provider):
    case = performing(cast, provider)
    advance(case, "publish", cast.officer, **publication())
    return case


def announced(cast, provider):
    """The decision was posted up today, so it counts as served only when its days are over."""
    case = decided(cast, provider)
    advance(
        case,
        "serve_decision",
        cast.officer,
        **service(method="announcement", reason="下落不明", announced_in="本局网站"),
    )
    return case


def spared(cast, provider):
    """No penalty, and the party was told so."""
    case = reviewed(cast, provider)
    advance(case, "decide_no_penalty", cast.head, **nothing_decided())
    advance(case, "serve_no_penalty", cast.officer, **service())
    return case


def publication(**given):
    return {"digest": "某医院重复收费被处罚", "published_on": clock.today().isoformat()} | given


def before_its_service():
    return publication(published_on=(clock.today() - timedelta(days=1)).isoformat())


def decision(fine="90000.00"):
    return {"tier": "ordinary", "fine": fine, "fine_reason": "情节轻微", "decided_on": clock.today().isoformat()}


def higher():
    return decision("90000.01")


def of_tier(tier, fine):
    return lambda: decision(fine) | {"tier": tier}


def nothing_decided():
    return {"reason": "不予处罚", "decided_on": clock.today().isoformat()}


def service(**given):
    return {
        "method": "direct",
        "relation": "staff",
        "recipient": "院办",
        "served_on": clock.today().isoformat(),
        "on_paper": True,
    } | given


def without_witness():
    return service(method="left", reason="拒收", address="甲县示例路1号")


def tomorrow():
    return service(served_on=(clock.today() + timedelta(days=1)).isoformat())


def early_waiver():
    return {
        "declared_by": "院长",
        "declared_on": (clock.today() - timedelta(days=1)).isoformat(),
        "on_paper": True,
    }


def unsigned_waiver():
    """A name typed in, and neither the signed paper nor the word that it is in the file."""
    return {"declared_by": "院长", "declared_on": clock.today().isoformat()}


REPORT = {"nature": "重复收费", "opinion": "处罚", "tier": "ordinary", "fine": "90000.00"}
REASON = {"reason": "理由"}
CLOSING = REASON | {"correction": "corrected"}

"""A case on its way through the police — always through the real steps."""

from supervision.procedure import clock
from supervision.procedure.services import advance
from tests.case_stage import SOUND, reported, waive

DECISION = {"organ": "甲县公安局", "reason": "骗保数额较大，涉嫌犯罪。"}
SENT = {"no_property": True, "no_appraisal": True, "receipt_of": "李示例", "on_paper": True}
REFUSAL = "犯罪事实显著轻微"


def said(**given):
    """A written answer of today, on paper."""
    today = clock.today().isoformat()
    return {"number": "甲公不立〔2026〕3号", "dated": today, "received_on": today, "on_paper": True} | given


def filing(**given):
    return said(**{"answer": "filed", "number": "甲公立〔2026〕8号", **given})


def refusing(**given):
    return said(answer="refused", **{"reason": REFUSAL, **given})


def returning(outcome="not_prosecuted", **given):
    facts = {"outcome": outcome, "organ": "甲县人民检察院", "reason": "情节轻微", "number": "甲检不诉〔2026〕2号"}
    return said(**{**facts, **given})


def decided_to_refer(cast, provider):
    case = reported(cast, provider)
    advance(case, "decide_referral", cast.head, **DECISION)
    return case


def send(case, cast):
    advance(case, "send_to_police", cast.officer, data=SENT | {"sent_on": clock.today()})
    return case


def sent(cast, provider):
    return send(decided_to_refer(cast, provider), cast)


def then(case, cast, step, facts):
    return advance(case, step, cast.officer, data=facts)


def filed_by_police(cast, provider):
    case = sent(cast, provider)
    then(case, cast, "record_police_answer", filing())
    return case


def refused_by_police(cast, provider):
    case = sent(cast, provider)
    then(case, cast, "record_police_answer", refusing())
    return case


def under_review(cast, provider):
    case = refused_by_police(cast, provider)
    then(case, cast, "request_review", {"reason": "数额已达立案标准。"})
    return case


def upheld(cast, provider):
    case = under_review(cast, provider)
    then(case, cast, "record_review_answer", refusing(number="甲公复〔2026〕1号"))
    return case


def before_the_procurator(cast, provider):
    case = upheld(cast, provider)
    then(case, cast, "suggest_supervision", {"organ": "甲县人民检察院", "reason": "应当立案。"})
    return case


def to_the_decision(case, cast):
    """From the report on to where the head may decide, but for the referral."""
    advance(case, "notify", cast.head)
    advance(
        case, "serve_notice", cast.officer, method="direct", relation="staff", served_on=clock.today(),
        recipient="院办", on_paper=True,
    )  # fmt: skip
    waive(case, cast)
    advance(case, "submit_for_legal_review", cast.officer)
    advance(case, "pass_legal_review", cast.reviewer, sound=SOUND, reasons="同意")
    return case

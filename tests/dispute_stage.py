"""A dispute about a breach decision brought as far as a test needs — always through the real steps."""

from supervision.procedure import clock
from supervision.procedure.services import advance

QUALIFIED = "具有法律职业资格，从事基金监管六年。"


def suspension(months):
    return {"measures": ["suspend_agreement"], "months": str(months)}


def dispute(case, cast, route="reconsideration"):
    """Raised by the party, recorded by the agency."""
    body = "" if route in ("negotiation", "mediation") else "示例市人民政府"
    advance(case, "raise_dispute", cast.clerk, route=route, raised_by="示例院长", claim="请求撤销。", body=body)
    return case


def dispute_ended(case, cast, outcome="revoked", route="reconsideration"):
    """And ended: revoked unless told otherwise."""
    dispute(case, cast, route)
    reference = "示例复〔2026〕3号" if route == "reconsideration" else ""
    advance(case, "record_outcome", cast.clerk, outcome=outcome, result="认定事实不清。", reference=reference)
    return case


def mediating(case, cast):
    """The party asked, the bureau accepted and named the reviewer as mediator."""
    advance(case, "ask_mediation", cast.hospital, claim="请求核减金额。")
    advance(case, "accept_mediation", cast.head, mediator=cast.reviewer.user.pk, qualification=QUALIFIED)
    return case


def mediated(case, cast, outcome="revoked"):
    """With the agreement of both sides."""
    mediating(case, cast)
    advance(
        case, "record_mediation", cast.reviewer, outcome=outcome, result="双方同意撤销原决定。",
        signed_by_party="示例院长", signed_by_agency="示例主任",
    )  # fmt: skip
    return case


def reverse(case, cast, step="reverse_decision", actor=None, effective_on=None):
    """Undone as of the day of its service unless told otherwise."""
    day = effective_on or case.decision_served_on or clock.today()
    advance(case, step, actor or cast.agency_head, effective_on=day, reason="复议撤销。")
    return case

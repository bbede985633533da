"""What a case's steps tell the other rooms, in the transaction of the step."""

from django.utils.datastructures import MultiValueDict

from credit.services import tell_credit as credit_told
from funds.models import Receivable
from funds.repayments import lower_claim as claim_lowered
from funds.repayments import pay_back as paid_back
from funds.selectors import fine_claimed
from funds.services import open_receivable
from inspections.services import open_lead
from supervision.parties.actors import Actor
from supervision.parties.models import Authority
from supervision.procedure.declare import Context
from supervision.procedure.models import Event
from supervision.procedure.services import advance
from supervision.records.effects import keep_document, keep_statement_document, open_to_party
from supervision.records.selectors import newest_paper, statements_of
from supervision.records.services import issue, void_paper

from .discretion import ACTS
from .models import EnforcementCase
from .paper_facts import DEFENCE


def waive_hearing_too(case: EnforcementCase, event: Event, context: Context) -> None:
    """PL-63: the paper that waives the statement may expressly waive the hearing as well; that is a step of its own."""
    if context.facts.get("hearing_waived"):
        told = {name: context.facts[name] for name in ("declared_by", "declared_on", "on_paper")}
        files = MultiValueDict({"document": [context.facts["document"]]})
        advance(case, "waive_hearing", context.actor, files=files, **told)


def record_silence(case: EnforcementCase, event: Event, context: Context) -> None:
    """PP-41: who stated nothing to the last day has it on record; a statement already made is no waiver."""
    if not statements_of(case):
        issue(case, DEFENCE[-1], Actor.system(case.authority))


def void_waiver(case: EnforcementCase, event: Event, context: Context) -> None:
    """PP-58: what was posted in time was no waiver, so the record of one is void once it arrives."""
    if paper := newest_paper(case, DEFENCE[-1]):
        void_paper(paper, context.actor, reason=str(event.label))


def open_receivables(case: EnforcementCase, event: Event, context: Context) -> None:
    """HY-47: refunds go back to the fiscal account of the fund they came from, the fine to the treasury."""
    payment = case.term("payment")
    if case.subject is None or payment is None:
        return
    actor = Actor.system(case.authority)
    for fund, amount in case.loss_by_fund.items():
        if amount:
            open_receivable(
                case, actor, debtor=case.subject, kind=Receivable.Kind.REFUND, fund=fund, amount=amount,
                due_on=payment.due, law=["HY-47", "RG-45"],
            )  # fmt: skip
    if case.fine:
        open_receivable(
            case, actor, debtor=case.subject, kind=Receivable.Kind.FINE, amount=case.fine, due_on=payment.due,
            law=["HY-47", "PP-52"],
        )  # fmt: skip


def lower_claim(case: EnforcementCase, event: Event, context: Context) -> None:
    """PP-46: the claim follows the ruling by entries of its own; what was paid beyond is owed back."""
    facts, claimed = context.facts, fine_claimed(case)
    if claimed is not None:
        claim_lowered(
            claimed, amount=facts["fine"], document=facts["document"], document_of=facts["document_of"],
            disputed_from=facts["disputed_from"], reason=f"{facts['body']} {facts['document']}",
        )  # fmt: skip


def withdraw_from_public(case: EnforcementCase, event: Event, context: Context) -> None:
    """PP-46: a published decision that was changed is withdrawn."""
    if case.published_on is not None:
        advance(case, "withdraw_publication", Actor.system(case.authority))


def pay_back(case: EnforcementCase, event: Event, context: Context) -> None:
    """HY-47: from where the money had gone."""
    facts = context.facts
    paid_back(facts["repayment"], context.actor, paid_on=facts["paid_on"], voucher=facts["voucher"])


def tell_credit(case: EnforcementCase, event: Event, context: Context) -> None:
    """CE-4: a penalty in force counts against the party; fraud more than other conduct."""
    if case.subject is None or not case.is_penalty:
        return
    fraud = any(ACTS[fact.act].fraud for fact in case.standing_facts)
    kind = "fraud_penalised" if fraud else "penalty_imposed"
    credit_told(case.subject, kind, case, Actor.system(case.authority), effective_on=context.facts["served_on"])


def hand_to_agency(case: EnforcementCase, event: Event, context: Context) -> None:
    """PP-43: the agency of the same region receives the matter as a lead."""
    agency = Authority.objects.filter(body=Authority.Body.AGENCY, region=case.authority.region).first()
    if agency is None:
        return
    open_lead(
        Actor.system(agency),
        authority=agency,
        title=case.title,
        subject=case.subject,
        source="superior",
        source_ref=case.number,
        facts={"description": context.facts["reason"], "amount": case.loss},
        origin=case,
    )


__all__ = [
    "hand_to_agency",
    "keep_document",
    "keep_statement_document",
    "lower_claim",
    "open_receivables",
    "open_to_party",
    "pay_back",
    "record_silence",
    "tell_credit",
    "void_waiver",
    "waive_hearing_too",
    "withdraw_from_public",
]

"""Money of a decision reversed or lowered: claims fall, what was paid beyond is owed back and paid back (HY-25)."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from supervision.parties.actors import Actor
from supervision.procedure import clock
from supervision.procedure.models import Dossier
from supervision.procedure.services import record

from . import verbs
from .models import Receivable, Repayment
from .selectors import KEEPERS
from .services import (
    GROUNDS,
    MoneyRefused,
    cancel_receivable,
    open_receivable,
    pause_surcharge,
    record_receipt,
    require,
    reverse_receipt,
    tell_if_paid,
    told,
)


@transaction.atomic
def undo_claims(dossier: Dossier, *, reason: str) -> list[Repayment]:
    """Cancel every claim of a matter whose decision was reversed; what had been paid becomes a repayment.

    Receipts stay on record with a counter-entry each. Called by the effect of the reversal, for the system. Claims
    cancelled before are left alone, so that calling again changes nothing. Returns the repayments opened.
    """
    system, opened = Actor.system(dossier.authority), []
    standing = dossier.receivables.exclude(state=Receivable.State.CANCELLED).order_by("pk")
    for owed in standing.select_for_update(of=("self",)):
        paid = Decimal(0)
        for receipt in owed.receipts.filter(reverses__isnull=True, reversed_by__isnull=True).order_by("pk"):
            reverse_receipt(receipt, system, reason=reason)
            paid += receipt.amount
        fallen = cancel_receivable(owed, system, ground=Receivable.Ground.REVERSED, reason=reason)
        if paid:
            opened.append(_owe_back(fallen, paid, reason))
    return opened


def _owe_back(owed: Receivable, amount: Decimal, reason: str) -> Repayment:
    """What was paid on a claim that was cancelled is owed to its debtor."""
    made = Repayment.objects.create(receivable=owed, amount=amount, opened_on=clock.today())
    facts = {**told(owed, made), "to": owed.debtor, "amount": amount, "reason": reason}
    record(owed.dossier, verbs.REPAYMENT_DUE, Actor.system(owed.dossier.authority), facts, law=_law(owed))
    return made


def _law(owed: Receivable) -> list[str]:
    return [GROUNDS[Receivable.Ground(owed.cancelled_on_ground)], "HY-47"]


@transaction.atomic
def lower_claim(
    owed: Receivable, *, amount: Decimal, document: str, document_of: date, disputed_from: date, reason: str
) -> Receivable:
    """Put a claim of `amount` yuan in the place of one that reconsideration or a court lowered; return it (PP-46).

    The old one stays on record, cancelled by `document` of `document_of`; the new one falls due on the same day. What
    came in is entered anew under its vouchers as far as it is owed, and the rest is owed back. The days of the
    dispute, from `disputed_from`, run up no surcharge, nor do those left out before (PP-55). Called by the effect of
    the step, for the system. Raises `MoneyRefused` unless the amount is lower and more than zero.
    """
    if not 0 < amount < owed.amount:
        raise MoneyRefused(_("The amount is not lower than the one claimed"), "PP-46", field="amount")
    system, dossier = Actor.system(owed.dossier.authority), owed.dossier
    paid = list(owed.receipts.filter(reverses__isnull=True, reversed_by__isnull=True).order_by("pk"))
    for receipt in paid:
        reverse_receipt(receipt, system, reason=reason, more_follows=True)
    fallen = cancel_receivable(
        owed, system, ground=Receivable.Ground.LOWERED, reason=reason, document=document, document_of=document_of,
        more_follows=True,
    )  # fmt: skip
    lowered = open_receivable(
        dossier, system, debtor=owed.debtor, kind=owed.kind, fund=owed.fund, amount=amount, due_on=owed.due_on,
        law=owed.law,
    )  # fmt: skip
    left = amount
    for receipt in paid:
        part = min(receipt.amount, left)
        if part:
            record_receipt(
                lowered, system, amount=part, route=receipt.route, fund=receipt.fund, paid_on=receipt.paid_on,
                voucher=receipt.voucher, more_follows=True,
            )  # fmt: skip
            left -= part
    beyond = sum((receipt.amount for receipt in paid), Decimal(0)) - (amount - left)
    if beyond:
        _owe_back(fallen, beyond, reason)
    for pause in owed.surcharge_pauses.order_by("pk"):
        last = pause.days.upper - timedelta(days=1) if pause.days.upper else document_of
        pause_surcharge(lowered, system, first=pause.days.lower, last=last, reason=pause.reason)
    pause_surcharge(lowered, system, first=disputed_from, last=document_of, reason=reason[:200])
    tell_if_paid(dossier)
    return lowered


@transaction.atomic
def pay_back(repayment: Repayment, actor: Actor, *, paid_on: date, voucher: str) -> Repayment:
    """Record that money was paid back to the party. The same voucher again returns what was recorded.

    Raises `MoneyRefused` for another voucher once it is paid, an empty one, a day before it was due or to come, or
    an actor who does not keep this authority's money.
    """
    due = Repayment.objects.select_for_update(of=("self",)).select_related("receivable__dossier").get(pk=repayment.pk)
    owed = due.receivable
    require(actor, owed.dossier, KEEPERS)
    if due.paid_on is not None:
        if (due.voucher, due.paid_on) == (voucher, paid_on):
            return due
        raise MoneyRefused(_("This was paid back already, by voucher %(voucher)s") % {"voucher": due.voucher}, "HY-25")
    if not voucher.strip():
        raise MoneyRefused(_("Name the voucher by which it was paid back"), "HY-25")
    if not due.opened_on <= paid_on <= clock.today():
        raise MoneyRefused(_("The day lies before the reversal or in the future"), "HY-25")
    due.paid_on, due.voucher, due.paid_by = paid_on, voucher.strip(), actor.user
    due.save(update_fields=["paid_on", "voucher", "paid_by"])
    facts = {**told(owed, due), "to": owed.debtor, "amount": due.amount, "paid_on": paid_on, "voucher": due.voucher}
    record(owed.dossier, verbs.REPAYMENT_PAID, actor, facts, law=_law(owed))
    return due

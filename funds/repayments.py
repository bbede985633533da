"""Money of a reversed decision: claims are cancelled, what was paid is owed back and paid back (HY-25)."""

from datetime import date
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
from .services import MoneyRefused, cancel_receivable, require, reverse_receipt, told


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
        cancel_receivable(owed, system, ground=Receivable.Ground.REVERSED, reason=reason)
        if paid:
            made = Repayment.objects.create(receivable=owed, amount=paid, opened_on=clock.today())
            facts = {**told(owed, made), "to": owed.debtor, "amount": paid, "reason": reason}
            record(dossier, verbs.REPAYMENT_DUE, system, facts, law=["HY-25", "HY-47"])
            opened.append(made)
    return opened


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
    record(owed.dossier, verbs.REPAYMENT_PAID, actor, facts, law=["HY-25", "HY-47"])
    return due

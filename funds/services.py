"""Every write of money. A correction is another entry, never a change of one; each tells the matter it hangs on."""

import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Model, Sum
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from supervision.parties.actors import Actor
from supervision.parties.models import Party
from supervision.parties.roles import Role
from supervision.procedure import clock
from supervision.procedure.declare import Context, Text
from supervision.procedure.models import Dossier
from supervision.procedure.registry import concrete
from supervision.procedure.selectors import obstacles
from supervision.procedure.services import advance, record
from supervision.records.rows import told as row_told

from . import verbs
from .models import Fund, Instalment, PaymentPlan, Receipt, Receivable, Route, SurchargePause
from .naming import destination, what
from .selectors import DECIDERS, KEEPERS, at_home, is_owed, may_decide, standing_receipts

log = structlog.get_logger(__name__)
Kind = Receivable.Kind
ROUTES = {
    Kind.REFUND: Route.FISCAL_ACCOUNT,
    Kind.DAMAGES: Route.FISCAL_ACCOUNT,
    Kind.FINE: Route.TREASURY,
    Kind.CONFISCATION: Route.TREASURY,
    Kind.SURCHARGE: Route.TREASURY,
}


Ground = Receivable.Ground
# The articles by which nothing is owed any more.
GROUNDS = {
    Ground.REVERSED: "HY-25",
    Ground.LOWERED: "PP-46",
    Ground.REVOKED: "HY-25",
    Ground.NO_SUCCESSOR: "PP-47",
    Ground.EXECUTION_ENDED: "PP-56",
}


class MoneyRefused(Exception):
    """Money may not move like this; `sentence` says why in the reader's words, `law` the articles behind it.

    `field`: what was given wrongly, by the name its form has for it; empty where no single value is to blame.
    """

    def __init__(self, sentence: Text, *law: str, field: str = "") -> None:
        self.sentence = sentence
        self.law = law
        self.field = field
        super().__init__(str(sentence))


@transaction.atomic
def open_receivable(
    dossier: Dossier,
    actor: Actor,
    *,
    debtor: Party,
    kind: str,
    amount: Decimal,
    due_on: date,
    law: Iterable[str],
    fund: str = "",
) -> Receivable:
    """Open what a party owes by a decision; the kind decides the route (HY-47). Called by the effects of decisions.

    Idempotent: a matter opens one claim per debtor, kind and fund; asking again for the same returns it.
    Raises `MoneyRefused` for an amount that is not positive, a missing fund, or a fund where none belongs.
    """
    kind = Kind(kind)
    route = ROUTES[kind]
    if amount <= 0:
        raise MoneyRefused(_("An amount owed must be more than zero"))
    if (route == Route.FISCAL_ACCOUNT) != (fund in Fund.values):
        raise MoneyRefused(
            _("Name the fund the money returns to; what goes to the treasury belongs to no fund"), "HY-3", "HY-47"
        )
    owed, created = Receivable.objects.exclude(state=Receivable.State.CANCELLED).get_or_create(
        dossier_id=dossier.pk,
        debtor=debtor,
        kind=kind,
        fund=fund,
        defaults={
            "route": route,
            "amount": amount,
            "due_on": due_on,
            "law": list(law),
            "opened_on": clock.today(),
        },
    )
    if not created and owed.amount != amount:
        raise MoneyRefused(_("This matter already claims another amount of the same kind from the same fund"))
    if created:
        facts = {**told(owed), "debtor": debtor, "amount": amount, "due_on": due_on}
        record(dossier, verbs.RECEIVABLE_OPENED, actor, facts, law=[*owed.law, "HY-47"])
    return owed


def _locked(receivable: Receivable) -> tuple[Receivable, Decimal]:
    """The receivable, its row locked, and what was received so far."""
    owed = Receivable.objects.select_for_update(of=("self",)).select_related("dossier").get(pk=receivable.pk)
    received = owed.receipts.aggregate(n=Sum("amount"))["n"] or Decimal(0)
    return owed, received


def require(actor: Actor, dossier: Dossier, roles: tuple[Role, ...]) -> None:
    if not actor.is_system and not at_home(actor, dossier, roles):
        if roles == KEEPERS and may_decide(actor, dossier):
            raise MoneyRefused(_("The head who decides does not record payments"), "PP-52")
        named = "、".join(str(role.label) for role in roles)
        raise MoneyRefused(_("To be done at the authority of the matter by: %(who)s") % {"who": named})


def decided_on(owed: Receivable) -> date:
    """The day of the decision the claim rests on, which the matter keeps; of the claim where it keeps none."""
    decided: date | None = getattr(concrete(owed.dossier), "decided_on", None)
    return decided or owed.opened_on


def _settle(owed: Receivable, received: Decimal) -> None:
    paid = received == owed.amount
    owed.state = Receivable.State.PAID if paid else Receivable.State.OPEN
    owed.ended_on = clock.today() if paid else None
    owed.save(update_fields=["state", "ended_on"])


@transaction.atomic
def record_receipt(
    receivable: Receivable,
    actor: Actor,
    *,
    amount: Decimal,
    route: str,
    paid_on: date,
    voucher: str,
    fund: str = "",
    more_follows: bool = False,
) -> Receipt:
    """Record money that came in. Recording the same voucher again for the same claim returns the first record.

    `more_follows`: the matter is told whether anything is owed only by what follows in the same act.

    Raises `MoneyRefused`: another route or fund than what is owed belongs to (HY-47), more than is outstanding, a
    claim that is not open, a day in the future or, of a fine, before its decision, a voucher by which this party's
    money was recorded already, or an actor who does not keep this authority's money.
    """
    owed, received = _locked(receivable)
    require(actor, owed.dossier, KEEPERS)
    voucher = _one_way(voucher)
    earlier = _by_voucher(owed, voucher)
    if earlier and (earlier.receivable_id, earlier.amount, earlier.paid_on) == (owed.pk, amount, paid_on):
        return earlier
    if earlier:
        raise _used_already(earlier, owed)
    if (route, fund) != (owed.route, owed.fund):
        to = destination(owed.route, owed.fund)
        wrong = "route" if route != owed.route else "fund"
        raise MoneyRefused(_("This money must go to: %(where)s") % {"where": to}, "HY-47", "RG-45", field=wrong)
    if owed.state != Receivable.State.OPEN:
        raise MoneyRefused(_("Nothing is owed any more: %(state)s") % {"state": owed.get_state_display()})
    if amount <= 0:
        raise MoneyRefused(_("A payment must be more than zero"), field="amount")
    if received + amount > owed.amount:
        left = owed.amount - received
        raise MoneyRefused(_("Only %(left)s yuan are outstanding") % {"left": f"{left:,.2f}"}, field="amount")
    if paid_on > clock.today():
        raise MoneyRefused(_("The day of payment lies in the future"), field="paid_on")
    if owed.route == Route.TREASURY and paid_on < decided_on(owed):
        raise MoneyRefused(_("A fine is not paid before it was decided"), "PP-52", field="paid_on")
    try:
        with transaction.atomic():
            receipt = Receipt.objects.create(
                receivable=owed,
                amount=amount,
                route=route,
                fund=fund,
                paid_on=paid_on,
                voucher=voucher,
                recorded_by=actor.user,
                recorded_at=clock.now(),
            )
    except IntegrityError:  # somebody else recorded the voucher for another claim in the same moment
        if earlier := _by_voucher(owed, voucher):
            raise _used_already(earlier, owed) from None
        raise
    _settle(owed, received + amount)
    facts = {**told(owed, receipt), "receipt": receipt, "amount": amount, "paid_on": paid_on}
    record(owed.dossier, verbs.RECEIPT_RECORDED, actor, facts, law=["HY-47"])
    if not more_follows:
        tell_if_paid(owed.dossier)
    return receipt


def _one_way(voucher: str) -> str:
    """A voucher's number in one way of writing — capitals, half width, no spaces — so that it is known again."""
    return "".join(unicodedata.normalize("NFKC", voucher).upper().split())


def _by_voucher(owed: Receivable, voucher: str) -> Receipt | None:
    """The payment of the same party that stands on record by this voucher."""
    return standing_receipts(owed.debtor).filter(voucher=voucher).select_related("receivable__dossier").first()


def _used_already(earlier: Receipt, owed: Receivable) -> MoneyRefused:
    """The refusal of a voucher that stands on record; of another authority's matter it tells no more than that."""
    told_of = earlier.receivable
    if told_of == owed:
        sentence = _("Voucher %(voucher)s was recorded with another amount or day") % {"voucher": earlier.voucher}
    elif told_of.dossier.authority_id == owed.dossier.authority_id:
        sentence = _("By voucher %(voucher)s another payment of this party was recorded: %(what)s") % {
            "voucher": earlier.voucher,
            "what": f"{told_of.dossier.number} {told_of.get_kind_display()} {earlier.amount}",
        }
    else:
        sentence = _("By voucher %(voucher)s this party paid in a matter of another authority") % {
            "voucher": earlier.voucher
        }
    return MoneyRefused(sentence, "HY-47", field="voucher")


def tell_if_paid(dossier: Dossier) -> None:
    """Once nothing of a matter is owed any more its own step ends the term to pay; owed again, another reopens it."""
    step = dossier.procedure.unsettled_by if is_owed(dossier) else dossier.procedure.settled_by
    if step:
        matter = concrete(dossier)
        context = Context(actor=Actor.system(), today=clock.today(), now=clock.now())
        if not obstacles(matter, matter.procedure.steps[step], context):
            advance(matter, step, context.actor)


def told(owed: Receivable, *beside: Model) -> dict[str, object]:
    """What an event keeps of a claim: its key and, in the city's own language, what it is and where it goes.

    The claim and the rows `beside` it that the event leaves are bound to it as they stand now.
    """
    with translation.override(settings.LANGUAGE_CODE):
        named = what(owed.kind, owed.route, owed.fund)
    bound = row_told(owed, *beside)
    return {"receivable": owed.pk, "kind": named, "route": owed.route, "fund": owed.fund, "money": bound}


@transaction.atomic
def reverse_receipt(receipt: Receipt, actor: Actor, *, reason: str, more_follows: bool = False) -> Receipt:
    """Take a wrongly recorded receipt back by a counter-entry with its reason.

    Raises `MoneyRefused` without a reason, for a counter-entry itself, and for a receipt taken back already: of two
    people who do it at once, the second is told by whom it was done.
    """
    owed, received = _locked(receipt.receivable)
    require(actor, owed.dossier, KEEPERS)
    if earlier := Receipt.objects.filter(reverses=receipt).first():
        who, day = earlier.recorded_by or "—", earlier.paid_on
        raise MoneyRefused(_("This receipt was taken back already: %(who)s, %(day)s") % {"who": who, "day": day})
    if receipt.reverses_id is not None:
        raise MoneyRefused(_("A counter-entry is not taken back; record the payment again"))
    if not reason.strip():
        raise MoneyRefused(_("A receipt is taken back with a reason"), field="reason")
    counter = Receipt.objects.create(
        receivable=owed,
        amount=-receipt.amount,
        route=receipt.route,
        fund=receipt.fund,
        paid_on=clock.today(),
        voucher=receipt.voucher,
        reverses=receipt,
        reason=reason,
        recorded_by=actor.user,
        recorded_at=clock.now(),
    )
    _settle(owed, received - receipt.amount)
    facts = {**told(owed, counter), "receipt": receipt, "amount": receipt.amount, "reason": reason}
    record(owed.dossier, verbs.RECEIPT_REVERSED, actor, facts, law=["HY-47"])
    if not more_follows:
        tell_if_paid(owed.dossier)
    return counter


@transaction.atomic
def cancel_receivable(
    receivable: Receivable,
    actor: Actor,
    *,
    ground: str,
    reason: str,
    document: str = "",
    document_of: date | None = None,
    more_follows: bool = False,
) -> Receivable:
    """Cancel a claim on a ground of law; it stays on record with ground, document and reason.

    `document`, `document_of`: number and day of the reconsideration decision, judgment, ruling or certificate that
    says so. Where the authority reverses a decision by steps of its own, its claims fall with that reversal alone
    (`repayments.undo_claims`), and nobody cancels one by hand for it (HY-25).

    Raises `MoneyRefused` for such a ground, without reason or document, or while money is held against the claim.
    Cancelling again changes nothing.
    """
    owed, received = _locked(receivable)
    require(actor, owed.dossier, DECIDERS)
    if owed.state == Receivable.State.CANCELLED:
        return owed
    if not reason.strip():
        raise MoneyRefused(_("Say why the claim is cancelled"))
    if not actor.is_system:
        if ground not in grounds_by_hand(owed.dossier):
            raise MoneyRefused(
                _("A claim falls only with its decision, which is reversed by its own step, or on a ground of law"),
                GROUNDS[Ground.REVERSED],
            )
        if not document.strip() or document_of is None or not owed.opened_on <= document_of <= clock.today():
            raise MoneyRefused(
                _("Name the document that says so, of a day since the claim was opened"), GROUNDS[Ground(ground)]
            )
    if received:
        raise MoneyRefused(_("Take back the payments recorded against it first"))
    owed.state = Receivable.State.CANCELLED
    owed.cancelled_on_ground, owed.cancelled_by_document = ground, document.strip()
    owed.cancelled_because = reason
    owed.ended_on = clock.today()
    owed.save(update_fields=["state", "cancelled_on_ground", "cancelled_by_document", "cancelled_because", "ended_on"])
    with translation.override(settings.LANGUAGE_CODE):
        named = {"ground": owed.get_cancelled_on_ground_display(), "document": document, "document_of": document_of}
    facts = {**told(owed), **named, "reason": reason}
    record(owed.dossier, verbs.RECEIVABLE_CANCELLED, actor, facts, law=[GROUNDS[Ground(ground)]])
    if not more_follows:
        tell_if_paid(owed.dossier)
    return owed


def grounds_by_hand(dossier: Dossier) -> list[Ground]:
    """Grounds on which a head may cancel a claim of this matter."""
    own = {Ground.REVERSED, Ground.LOWERED, *([Ground.REVOKED] if dossier.procedure.reversed_by else [])}
    return [ground for ground in Ground if ground not in own]


@transaction.atomic
def agree_plan(
    receivable: Receivable, actor: Actor, *, instalments: Iterable[tuple[date, Decimal]], reason: str
) -> PaymentPlan:
    """Defer a payment (one instalment) or agree on several (PP-53); the claim falls due with the last of them.

    `instalments`: (day, yuan). Raises `MoneyRefused` unless they make up exactly what is outstanding.
    """
    owed, received = _locked(receivable)
    require(actor, owed.dossier, DECIDERS)
    parts = sorted(instalments)
    if owed.state != Receivable.State.OPEN or sum(part for _day, part in parts) != owed.amount - received:
        raise MoneyRefused(
            _("The instalments must make up exactly the %(left)s yuan outstanding")
            % {"left": f"{owed.amount - received:,.2f}"},
            "PP-53",
        )
    if parts[0][0] <= clock.today():
        raise MoneyRefused(_("Instalments lie in the future"), "PP-53")
    plan = PaymentPlan.objects.create(receivable=owed, decided_on=clock.today(), reason=reason, decided_by=actor.user)
    agreed = Instalment.objects.bulk_create(Instalment(plan=plan, due_on=day, amount=part) for day, part in parts)
    owed.due_on = parts[-1][0]
    owed.save(update_fields=["due_on"])
    days = [{"due_on": day, "amount": part} for day, part in parts]
    facts = {**told(owed, plan, *agreed), "instalments": days, "reason": reason}
    record(owed.dossier, verbs.PLAN_AGREED, actor, facts, law=["PP-53"])
    return plan


@transaction.atomic
def pause_surcharge(
    receivable: Receivable, actor: Actor, *, first: date, last: date | None, reason: str
) -> SurchargePause:
    """Leave days of reconsideration or litigation out of the surcharge; both days inclusive, an open end as None."""
    owed, _received = _locked(receivable)
    require(actor, owed.dossier, (*DECIDERS, *KEEPERS))
    after = last + timedelta(days=1) if last else None
    pause = SurchargePause.objects.create(receivable=owed, days=DateRange(first, after), reason=reason)
    facts = {**told(owed, pause), "first": first, "last": last, "reason": reason}
    record(owed.dossier, verbs.SURCHARGE_PAUSED, actor, facts, law=["PP-55"])
    return pause

"""What is owed and what came in: every read of money starts from the matters an actor may see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Case, DecimalField, F, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from supervision.law.values import ratio
from supervision.parties.actors import Actor
from supervision.parties.models import Authority, Party
from supervision.parties.roles import Role
from supervision.procedure import clock
from supervision.procedure.models import Dossier
from supervision.procedure.selectors import tally, within_sight

from .models import Account, Fund, Receipt, Receivable, Repayment, Route
from .surcharge import Surcharge, surcharge

KEEPERS = (Role.FINANCE, Role.AGENCY_CLERK, Role.BUREAU_OFFICER)
DECIDERS = (Role.AGENCY_HEAD, Role.BUREAU_HEAD)
YUAN: DecimalField = DecimalField(max_digits=14, decimal_places=2)


def account_of(authority: Authority, route: str, on: date, fund: str = "") -> Account | None:
    """Into which account the route's money of that fund is paid that day: the authority's own before its bureau's.

    Of one authority the account of that fund comes before the one every fund shares. None where none was entered.
    """
    here = authority.with_guide
    found = Account.objects.filter(authority__in=here, route=route, fund__in={fund, ""}, valid__contains=on)
    nearest = {one.pk: place for place, one in enumerate(here)}
    return min(found, key=lambda one: (nearest[one.authority_id], not one.fund), default=None)


def receivables(actor: Actor | None = None) -> QuerySet[Receivable]:
    """Receivables with `received` and `outstanding` (yuan), of the matters the actor may see; all without an actor."""
    found = Receivable.objects.select_related("dossier__authority", "debtor")
    if actor is not None:
        found = found.filter(within_sight(actor, "dossier"))
    sums = Receipt.objects.filter(receivable=OuterRef("pk")).order_by().values("receivable").annotate(n=Sum("amount"))
    received = Coalesce(Subquery(sums.values("n"), output_field=YUAN), Value(Decimal(0), output_field=YUAN))
    # Of a cancelled claim nothing is to be paid any more, whatever had come in.
    left = Case(
        When(state=Receivable.State.CANCELLED, then=Value(Decimal(0), output_field=YUAN)),
        default=F("amount") - F("received"),
        output_field=YUAN,
    )
    return found.annotate(received=received).annotate(outstanding=left)


def receivables_of(dossier: Dossier) -> QuerySet[Receivable]:
    """Everything owed by one matter, newest plans and receipts at hand; three queries."""
    return receivables().filter(dossier=dossier.pk).prefetch_related("receipts", "plans__instalments", "repayment")


def owed_by(party: Party, actor: Actor | None = None) -> QuerySet[Receivable]:
    """What a party owes or owed, of the matters the actor may see."""
    return receivables(actor).filter(debtor=party)


def at_home(actor: Actor, dossier: Dossier, roles: Iterable[Role]) -> bool:
    """Whether the actor holds one of the roles at the authority whose matter it is."""
    return actor.authority is not None and actor.authority.pk == dossier.authority_id and actor.has(*roles)


def may_keep(actor: Actor, dossier: Dossier) -> bool:
    """Who records receipts: those who keep the authority's money, not those who decide (PP-52)."""
    return at_home(actor, dossier, KEEPERS)


def may_decide(actor: Actor, dossier: Dossier) -> bool:
    """Who cancels a claim or agrees to a payment plan: the head."""
    return at_home(actor, dossier, DECIDERS)


def open_count(actor: Actor) -> int:
    """Claims of the actor's own authority that are still to be paid."""
    return tally(Receivable.objects.filter(dossier__authority=actor.authority, state=Receivable.State.OPEN))


def late_count(actor: Actor) -> int:
    """Those of them past their day."""
    found = Receivable.objects.filter(dossier__authority=actor.authority, state=Receivable.State.OPEN)
    return tally(found.filter(due_on__lt=clock.today()))


def settled(dossier: Dossier) -> bool:
    """Whether nothing of this matter is still to be paid, nor to be paid back."""
    return not is_owed(dossier) and not repayments_due(dossier).exists()


def fine_claimed(dossier: Dossier) -> Receivable | None:
    """The fine a matter claims, paid or not, unless it was cancelled."""
    claimed = Receivable.objects.filter(dossier=dossier.pk, kind=Receivable.Kind.FINE)
    return claimed.exclude(state=Receivable.State.CANCELLED).select_related("dossier__authority", "debtor").first()


def is_owed(dossier: Dossier) -> bool:
    """Whether a party still has to pay something of this matter."""
    return Receivable.objects.filter(dossier=dossier.pk, state=Receivable.State.OPEN).exists()


def standing_receipts(party: Party) -> QuerySet[Receipt]:
    """What a party paid and was not taken back: neither a counter-entry nor a receipt that has one."""
    return Receipt.objects.filter(receivable__debtor=party, reverses__isnull=True, reversed_by__isnull=True)


def repayments_due(dossier: Dossier) -> QuerySet[Repayment]:
    """What a decision of this matter took before it was reversed or lowered, and is still to be paid back (HY-25)."""
    found = Repayment.objects.filter(receivable__dossier=dossier.pk, paid_on__isnull=True)
    return found.select_related("receivable__debtor").order_by("pk")


@dataclass(frozen=True)
class Total:
    """Sums of one fund, or of the treasury where `fund` is empty; yuan. Cancelled claims do not count."""

    route: Route
    fund: str
    owed: Decimal
    received: Decimal

    @property
    def outstanding(self) -> Decimal:
        return self.owed - self.received

    @property
    def label(self) -> str:
        return str(Fund(self.fund).label if self.fund else self.route.label)


def totals(found: Iterable[Receivable]) -> list[Total]:
    """One line per fund and one for the treasury: no total adds two funds (HY-3). `found` as from `receivables`."""
    sums: dict[tuple[str, str], list[Decimal]] = {}
    for one in found:
        if one.state == Receivable.State.CANCELLED:
            continue
        line = sums.setdefault((one.route, one.fund), [Decimal(0), Decimal(0)])
        line[0] += one.amount
        line[1] += one.received  # type: ignore[attr-defined]
    return _lines(sums)


def totals_of(found: QuerySet[Receivable]) -> list[Total]:
    """The same of any number of claims, added up by the database in two queries."""
    counted = Receivable.objects.filter(pk__in=found.order_by().values("pk")).exclude(state=Receivable.State.CANCELLED)
    owed = counted.values_list("route", "fund").annotate(Sum("amount"))
    came = Receipt.objects.filter(receivable__in=counted.values("pk"))
    received = {
        (route, fund): amount
        for route, fund, amount in came.values_list("receivable__route", "receivable__fund").annotate(Sum("amount"))
    }
    return _lines({(route, fund): [amount, received.get((route, fund), Decimal(0))] for route, fund, amount in owed})


def _lines(sums: Mapping[tuple[str, str], Sequence[Decimal]]) -> list[Total]:
    order = {fund: place for place, fund in enumerate(("", *Fund.values))}
    return [
        Total(Route(route), fund, owed, received)
        for (route, fund), (owed, received) in sorted(sums.items(), key=lambda item: order[item[0][1]])
    ]


def surcharge_of(receivable: Receivable, on: date) -> Surcharge:
    """The surcharge a fine has run up by the end of a day; zero for every other kind (PP-55).

    A receipt that was taken back never came in, so its days count as unpaid.
    """
    if receivable.kind != Receivable.Kind.FINE or receivable.state == Receivable.State.CANCELLED:
        return Surcharge(0, Decimal("0.00"), False)
    scope = receivable.dossier.authority.scope
    receipts = list(receivable.receipts.all())
    undone = {receipt.reverses_id for receipt in receipts}
    return surcharge(
        receivable.amount,
        receivable.due_on,
        on,
        rate=ratio("PP-55/surcharge_daily", scope=scope, on=receivable.due_on),
        cap=ratio("PP-55/surcharge_cap", scope=scope, on=receivable.due_on),
        payments=[(one.paid_on, one.amount) for one in receipts if one.reverses_id is None and one.pk not in undone],
        pauses=[(pause.days.lower, pause.days.upper) for pause in receivable.surcharge_pauses.all()],
    )

"""Money owed and paid, by fund and route (HY-3, HY-47): claims on a party, what came in, how payment was eased."""

from decimal import Decimal

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from supervision.parties.models import Authority, Dated, Party, User
from supervision.procedure.models import Dossier


class Fund(models.TextChoices):
    """The funds of HY-3: every amount belongs to exactly one, and no total adds two of them."""

    EMPLOYEE = "employee", _("employee basic medical insurance")
    RESIDENT = "resident", _("resident basic medical insurance")
    ASSISTANCE = "assistance", _("medical assistance")
    MATERNITY = "maternity", _("maternity insurance")
    CRITICAL_ILLNESS = "critical", _("resident critical illness insurance")
    LARGE_EXPENSE = "large", _("employee large-expense subsidy")
    CIVIL_SERVANT = "civil", _("civil servant medical subsidy")
    OTHER = "other", _("other fund")


class Route(models.TextChoices):
    """Where money goes (HY-47, RG-45)."""

    FISCAL_ACCOUNT = "fiscal", _("fiscal special account of the fund")
    TREASURY = "treasury", _("treasury")


class Account(Dated):
    """Into which account what an authority decides is paid, for a span of days (HY-47, RG-45, PL-67).

    `fund` is empty for the treasury, and for a fiscal special account that every fund shares. What a bureau has
    entered holds for its agency as well, unless the agency has its own.
    """

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="accounts", verbose_name=_("authority"))
    route = models.CharField(_("route"), max_length=8, choices=Route.choices)
    fund = models.CharField(_("fund"), max_length=12, choices=Fund.choices, blank=True)
    holder = models.CharField(_("account holder"), max_length=100)
    bank = models.CharField(_("bank"), max_length=100)
    number = models.CharField(
        _("account number"),
        max_length=40,
        validators=[RegexValidator(r"^[0-9][0-9 -]{4,}\Z", _("An account number has digits, at most set apart."))],
    )
    valid = DateRangeField(_("valid"))

    class Meta:
        verbose_name = _("account to pay into")
        verbose_name_plural = _("accounts to pay into")
        constraints = (
            ExclusionConstraint(
                name="account_one_per_day",
                expressions=[
                    ("authority", RangeOperators.EQUAL),
                    ("route", RangeOperators.EQUAL),
                    ("fund", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=Q(route="fiscal") | Q(fund=""), name="account_of_treasury_has_no_fund"),
            models.CheckConstraint(
                condition=~Q(holder="") & ~Q(bank="") & ~Q(number=""), name="account_is_named_in_full"
            ),
        )

    def __str__(self) -> str:
        return f"{self.holder} {self.bank} {self.number}"


class Receivable(models.Model):
    """An amount a party owes by a decision; yuan, two decimals.

    Refunds and damages go to the fiscal account of their fund; fines, confiscated gains and surcharges
    go to the treasury and belong to no fund (HY-47). Nothing but its state, due day and cancellation ever changes.
    """

    class Kind(models.TextChoices):
        REFUND = "refund", _("fees recovered")
        DAMAGES = "damages", _("liquidated damages")
        FINE = "fine", _("fine")
        CONFISCATION = "confiscation", _("confiscated gains")
        SURCHARGE = "surcharge", _("surcharge for late payment")

    class State(models.TextChoices):
        OPEN = "open", _("outstanding")
        PAID = "paid", _("paid in full")
        CANCELLED = "cancelled", _("cancelled")

    class Ground(models.TextChoices):
        """On what a claim is cancelled; all but the first by a document of others."""

        REVERSED = "reversed", _("the decision was reversed by the authority's own steps")
        LOWERED = "lowered", _("its amount was lowered by reconsideration or a court")
        REVOKED = "revoked", _("the decision was revoked by reconsideration or a court")
        NO_SUCCESSOR = "no_successor", _("the debtor died or ceased to exist without a successor")
        EXECUTION_ENDED = "execution_ended", _("the court ended the execution")

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="receivables", verbose_name=_("matter"))
    debtor = models.ForeignKey(Party, models.PROTECT, related_name="receivables", verbose_name=_("debtor"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    fund = models.CharField(_("fund"), max_length=12, choices=Fund.choices, blank=True)
    route = models.CharField(_("route"), max_length=8, choices=Route.choices)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    due_on = models.DateField(_("due on"))
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.OPEN)
    law = ArrayField(models.CharField(max_length=20), verbose_name=_("articles"))
    opened_on = models.DateField(_("opened on"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    cancelled_on_ground = models.CharField(_("ground of cancelling"), max_length=15, choices=Ground.choices, blank=True)
    cancelled_by_document = models.CharField(_("number of the document"), max_length=100, blank=True)
    cancelled_because = models.CharField(_("cancelled because"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("receivable")
        verbose_name_plural = _("receivables")
        ordering = ("due_on", "pk")
        constraints = (
            models.CheckConstraint(
                condition=(
                    (Q(kind__in=("refund", "damages"), route="fiscal") & ~Q(fund=""))
                    | Q(kind__in=("fine", "confiscation", "surcharge"), route="treasury", fund="")
                ),
                name="receivable_kind_decides_route",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="receivable_is_positive"),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancelled_because=""), name="receivable_cancelled_with_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled")
                | Q(cancelled_on_ground="reversed")
                | (~Q(cancelled_on_ground="") & ~Q(cancelled_by_document="")),
                name="receivable_cancelled_on_a_ground",
            ),
            models.UniqueConstraint(
                fields=("dossier", "debtor", "kind", "fund"),
                condition=~Q(state="cancelled"),
                name="receivable_once_per_matter_kind_and_fund",
            ),
        )
        indexes = (
            models.Index(fields=("due_on",), condition=Q(state="open"), name="receivable_open_by_due"),
            models.Index(fields=("due_on", "id"), name="receivable_by_due"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount:,.2f}"


class Receipt(models.Model):
    """Money that came in against a receivable; corrected by a counter-entry (`reverses`), never changed or removed.

    One voucher is one payment of a party: the database takes it once, until it is taken back (migration 0008).
    """

    receivable = models.ForeignKey(Receivable, models.PROTECT, related_name="receipts", verbose_name=_("receivable"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    route = models.CharField(_("route"), max_length=8, choices=Route.choices)
    fund = models.CharField(_("fund"), max_length=12, choices=Fund.choices, blank=True)
    paid_on = models.DateField(_("paid on"))
    voucher = models.CharField(_("voucher"), max_length=60)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by", verbose_name=_("reverses")
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        ordering = ("paid_on", "pk")
        constraints = (
            models.CheckConstraint(
                condition=(
                    Q(reverses__isnull=True, amount__gt=0) | (Q(reverses__isnull=False, amount__lt=0) & ~Q(reason=""))
                ),
                name="receipt_positive_or_counter_entry",
            ),
        )

    def __str__(self) -> str:
        return f"{self.voucher} {self.amount:,.2f}"


class PaymentPlan(models.Model):
    """Payment deferred, or agreed in instalments, on request and with approval (PP-53); the newest one governs."""

    receivable = models.ForeignKey(Receivable, models.PROTECT, related_name="plans", verbose_name=_("receivable"))
    decided_on = models.DateField(_("decided on"))
    reason = models.CharField(_("reason"), max_length=500)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by"))

    class Meta:
        verbose_name = _("payment plan")
        verbose_name_plural = _("payment plans")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.receivable} · {self.decided_on}"


class Instalment(models.Model):
    """One part of a payment plan; a plan with a single part is a deferral."""

    plan = models.ForeignKey(PaymentPlan, models.PROTECT, related_name="instalments", verbose_name=_("payment plan"))
    due_on = models.DateField(_("due on"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("instalment")
        verbose_name_plural = _("instalments")
        ordering = ("due_on", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=Decimal(0)), name="instalment_is_positive"),
            models.UniqueConstraint(fields=("plan", "due_on"), name="one_instalment_a_day"),
        )

    def __str__(self) -> str:
        return f"{self.due_on} {self.amount}"


class SurchargePause(models.Model):
    """Days of reconsideration or litigation that do not count towards the surcharge (PP-55)."""

    receivable = models.ForeignKey(
        Receivable, models.PROTECT, related_name="surcharge_pauses", verbose_name=_("receivable")
    )
    days = DateRangeField(_("days"))
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        verbose_name = _("pause of the surcharge")
        verbose_name_plural = _("pauses of the surcharge")

    def __str__(self) -> str:
        return f"{self.receivable} {self.days}"


class Repayment(models.Model):
    """Money to be paid back because the decision that claimed it was reversed (HY-25), from where it had gone (HY-47).

    Yuan of the claim's own fund and route, to the claim's debtor. Opened when the claim is cancelled; paid once.
    """

    receivable = models.OneToOneField(
        Receivable, models.PROTECT, related_name="repayment", verbose_name=_("cancelled claim")
    )
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    opened_on = models.DateField(_("due since"))
    paid_on = models.DateField(_("paid back on"), null=True, blank=True)
    voucher = models.CharField(_("voucher"), max_length=60, blank=True)
    paid_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by"))

    class Meta:
        verbose_name = _("repayment")
        verbose_name_plural = _("repayments")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="repayment_is_positive"),
            models.CheckConstraint(
                condition=Q(paid_on__isnull=True, voucher="") | (Q(paid_on__isnull=False) & ~Q(voucher="")),
                name="repayment_paid_by_a_voucher",
            ),
        )

    def __str__(self) -> str:
        return f"{self.receivable.debtor} {self.amount} → {self.receivable.get_fund_display()}".strip()

"""The breach case's facts and its measures, proposed and then decided (HY-18)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funds.models import Fund, Repayment
from funds.selectors import repayments_due, settled
from supervision.parties.models import Practitioner, Provider, ProviderDepartment, SettlementHold, User
from supervision.procedure.models import Dossier

from ..designation.models import Agreement
from ..designation.selectors import suspensions_ordered
from .measures import COLLECTIVE, COUNTED, PAID, Ground, MeasureKind, Outcome, Route
from .procedure import BreachProcedure

READ_BESIDE = ("planned", "settlement_pause", "money_settled", "repayments_due", "dispute")


class BreachCase(BreachProcedure, Dossier):
    """A breach of the service agreement, handled by an agency. The subject is the provider, or a practitioner."""

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="breaches", verbose_name=_("provider"))
    breached_agreement = models.ForeignKey(
        Agreement, models.PROTECT, null=True, blank=True, related_name="breaches", verbose_name=_("agreement")
    )
    facts_text = models.TextField(_("facts"))
    basis = models.TextField(_("basis"))
    fees_found = models.DecimalField(_("violating fees found"), max_digits=14, decimal_places=2, null=True, blank=True)
    serious = models.BooleanField(_("serious"), default=False)
    ground = models.PositiveSmallIntegerField(_("ground of termination"), choices=Ground.choices, null=True, blank=True)
    not_corrected = models.BooleanField(_("not corrected during the suspensions"), default=False)
    public_concern = models.BooleanField(_("may attract public attention"), default=False)
    notice_served_on = models.DateField(_("notice served on"), null=True, blank=True)
    waived = models.CharField(
        _("waiver"),
        max_length=10,
        blank=True,
        choices=[("lapse", _("period lapsed in silence")), ("express", _("waived in writing"))],
    )
    waiver_on_paper = models.BooleanField(_("the signed waiver is in the paper file"), null=True, blank=True)
    conclusion = models.TextField(_("result of the re-examination"), blank=True)
    panel = models.TextField(_("panel"), blank=True)
    referred_on = models.DateField(_("referred to the city agency on"), null=True, blank=True)
    # Discussions and reviews up to these were of an earlier proposal and carry nothing for the present one.
    discussions_before = models.PositiveBigIntegerField(default=0, editable=False)
    reviews_before = models.PositiveBigIntegerField(default=0, editable=False)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    decision_text = models.TextField(_("reasons of the decision"), blank=True)
    pay_by = models.DateField(_("to be paid by"), null=True, blank=True)
    decision_served_on = models.DateField(_("decision served on"), null=True, blank=True)
    reviewed_on = models.DateField(_("reviewed by the bureau on"), null=True, blank=True)
    review_agreed = models.BooleanField(_("the bureau agrees"), null=True, blank=True)
    review_opinion = models.TextField(_("opinion of the bureau"), blank=True)
    filed_on = models.DateField(_("filed with the city bureau on"), null=True, blank=True)
    reported_on = models.DateField(_("reported to the bureau on"), null=True, blank=True)
    dismissed_because = models.TextField(_("dismissed because"), blank=True)
    reversed_as_of = models.DateField(_("decision reversed as of"), null=True, blank=True)

    class Meta:
        verbose_name = _("breach case")
        verbose_name_plural = _("breach cases")

    @cached_property
    def planned(self) -> list["Measure"]:
        """Its measures that were not dropped; read once per loaded case."""
        return list(self.measures.filter(dropped=False).select_related("department", "practitioner").order_by("pk"))

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(measure.kind for measure in self.planned)

    @property
    def counted_amount(self) -> Decimal:
        """Yuan refused and recovered, over all funds: only compared with the threshold of HY-21, never booked."""
        return sum((m.amount for m in self.planned if m.kind in COUNTED and m.amount), Decimal(0))

    @property
    def payable_by_fund(self) -> dict[str, Decimal]:
        """Yuan the provider has to pay by the decision, by fund."""
        found: dict[str, Decimal] = {}
        for measure in self.planned:
            if measure.kind in PAID and measure.amount is not None:
                found[measure.fund] = found.get(measure.fund, Decimal(0)) + measure.amount
        return found

    @property
    def against_person(self) -> bool:
        """The breach is a physician's or pharmacist's own (HY-18, second paragraph)."""
        return self.subject_id != self.provider_id

    @property
    def terminates(self) -> bool:
        return MeasureKind.TERMINATE_AGREEMENT in self.kinds

    @property
    def suspends(self) -> bool:
        return not self.kinds.isdisjoint(COLLECTIVE)

    @property
    def amounts(self) -> dict[str, dict[str, Decimal]]:
        """Yuan by measure and fund."""
        found: dict[str, dict[str, Decimal]] = {}
        for measure in self.planned:
            if measure.amount is not None:
                found.setdefault(measure.kind, {})[measure.fund] = measure.amount
        return found

    @cached_property
    def earlier_suspensions(self) -> int:
        """How often the agreement was suspended for breaches within its term (HY-20, first ground)."""
        return suspensions_ordered(self.breached_agreement) if self.breached_agreement else 0

    @cached_property
    def settlement_pause(self) -> SettlementHold | None:
        """The pause of settlement during this investigation, while it runs."""
        return SettlementHold.objects.filter(
            matter=self.number, reason=SettlementHold.Reason.INVESTIGATION, days__upper_inf=True
        ).first()

    @cached_property
    def money_settled(self) -> bool:
        """Nothing of what this case opened is still to be paid."""
        return settled(self)

    @cached_property
    def repayments_due(self) -> list[Repayment]:
        """What is still to be paid back to the party after a reversal (HY-25)."""
        return list(repayments_due(self))

    @cached_property
    def dispute(self) -> "Dispute | None":
        """The newest dispute about the decision."""
        return self.disputes.select_related("mediator").order_by("pk").last()

    def forget(self, names: Iterable[str] = READ_BESIDE) -> None:
        """Let go of what was read beside the row."""
        for name in names:
            self.__dict__.pop(name, None)

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Reload, and forget what was read beside."""
        self.forget((*READ_BESIDE, "earlier_suspensions"))
        super().refresh_from_db(*args, **kwargs)


class Measure(models.Model):
    """One measure of a case with its object: yuan of one fund, months, a department or a practitioner.

    Replaced measures stay as `dropped`; amounts are money of exactly one fund (HY-3).
    """

    case = models.ForeignKey(BreachCase, models.PROTECT, related_name="measures", verbose_name=_("breach case"))
    kind = models.CharField(_("measure"), max_length=20, choices=MeasureKind.choices)
    fund = models.CharField(_("fund"), max_length=12, choices=Fund.choices, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    months = models.PositiveSmallIntegerField(_("months"), null=True, blank=True)
    department = models.ForeignKey(
        ProviderDepartment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    practitioner = models.ForeignKey(
        Practitioner, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("practitioner")
    )
    dropped = models.BooleanField(_("dropped"), default=False)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    done_note = models.TextField(_("how it was done"), blank=True)

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=(
                    (Q(kind__in=("withhold", "refuse", "recover", "damages"), amount__gt=0) & ~Q(fund=""))
                    | (~Q(kind__in=("withhold", "refuse", "recover", "damages")) & Q(amount__isnull=True, fund=""))
                ),
                name="measure_of_money_names_its_fund",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=("suspend_department", "suspend_person", "suspend_agreement"), months__isnull=False
                )
                | (~Q(kind__in=("suspend_department", "suspend_person", "suspend_agreement")) & Q(months__isnull=True)),
                name="measure_of_time_names_its_months",
            ),
            models.CheckConstraint(
                condition=~Q(kind="suspend_department") | Q(department__isnull=False), name="measure_names_department"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=("suspend_person", "cancel_person")) | Q(practitioner__isnull=False),
                name="measure_names_practitioner",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount or self.months or ''}".strip()


class Dispute(models.Model):
    """A dispute about a breach decision, on one of the routes of HY-25; at most one runs at a time."""

    case = models.ForeignKey(BreachCase, models.PROTECT, related_name="disputes", verbose_name=_("breach case"))
    route = models.CharField(pgettext_lazy("dispute", "route"), max_length=16, choices=Route.choices)
    raised_on = models.DateField(_("raised on"))
    raised_by = models.CharField(_("raised by"), max_length=200)
    claim = models.TextField(_("what is asked for, and why"))
    body = models.CharField(_("reconsideration organ or court"), max_length=200, blank=True)
    reference = models.CharField(_("number of its document"), max_length=100, blank=True)
    mediator = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("mediator")
    )
    qualification = models.TextField(_("knowledge and experience of the mediator"), blank=True)
    accepted_on = models.DateField(_("accepted on"), null=True, blank=True)
    outcome = models.CharField(pgettext_lazy("dispute", "outcome"), max_length=12, choices=Outcome.choices, blank=True)
    result = models.TextField(_("result"), blank=True)
    settled_on = models.DateField(_("ended on"), null=True, blank=True)
    settled_at = models.DateTimeField(_("end recorded"), null=True, blank=True)
    signed_by_party = models.CharField(_("signed for the party"), max_length=100, blank=True)
    signed_by_agency = models.CharField(_("signed for the agency"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("case",), condition=Q(outcome=""), name="one_dispute_runs_per_case"),
            models.CheckConstraint(
                condition=Q(outcome="", settled_on__isnull=True, settled_at__isnull=True)
                | (~Q(outcome="") & Q(settled_on__isnull=False, settled_at__isnull=False)),
                name="dispute_ended_with_its_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(route=Route.MEDIATION, outcome__in=(Outcome.UPHELD, Outcome.CHANGED, Outcome.REVOKED))
                | (Q(mediator__isnull=False) & ~Q(signed_by_party="") & ~Q(signed_by_agency="")),
                name="mediation_agreement_signed_by_all",
            ),
            models.CheckConstraint(
                condition=Q(mediator__isnull=True) | (Q(route=Route.MEDIATION) & ~Q(qualification="")),
                name="mediator_is_qualified_for_a_mediation",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_route_display()} {self.raised_on}"

    @property
    def is_open(self) -> bool:
        return not self.outcome

    @property
    def is_mediation(self) -> bool:
        return self.route == Route.MEDIATION

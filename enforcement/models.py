"""An enforcement case and the facts it establishes."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from funds.models import Fund
from funds.selectors import settled
from inspections.models import Finding
from supervision.law.catalogue import rule as law_rule
from supervision.law.values import amount, period
from supervision.parties.models import Certificate, User
from supervision.procedure.models import Assignment, Dossier
from supervision.records.models import Evidence
from supervision.workdays import calendar_end

from .discretion import ACTS, Aggravating, Lenient, Tier
from .phases.states import Police
from .procedure import CaseProcedure


class EnforcementCase(CaseProcedure, Dossier):
    """A bureau's case against one respondent (HY-39…42); amounts in yuan."""

    class Outcome(models.TextChoices):
        PENALTY = "penalty", _("penalty")
        NO_PENALTY = "no_penalty", _("no penalty")

    cause = models.TextField(_("source and cause"))
    conduct_ended_on = models.DateField(_("conduct ended on"), null=True, blank=True)
    harms_health = models.BooleanField(_("life or health was harmed"), default=False)
    nature = models.TextField(_("nature of the conduct"), blank=True)
    opinion = models.TextField(_("opinion of the investigators"), blank=True)
    correction_ordered_on = models.DateField(_("ordered to correct on"), null=True, blank=True)
    correct_by = models.DateField(_("to be corrected by"), null=True, blank=True)
    suspension_ground = models.CharField(_("ground of suspension"), max_length=200, blank=True)
    round = models.PositiveSmallIntegerField(_("investigation reports"), default=0)
    lenient_factors = ArrayField(
        models.CharField(max_length=20, choices=Lenient.choices), default=list, blank=True, verbose_name=_("lenient")
    )
    heavier_factors = ArrayField(
        models.CharField(max_length=20, choices=Aggravating.choices),
        default=list,
        blank=True,
        verbose_name=_("aggravating"),
    )
    repeated_case = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("same kind within a year")
    )
    tier = models.CharField(_("discretion"), max_length=10, choices=Tier.choices, default=Tier.ORDINARY)
    proposed_fine = models.DecimalField(_("proposed fine"), max_digits=14, decimal_places=2, null=True, blank=True)
    notified_fine = models.DecimalField(
        _("fine the newest notice told of"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    notified_loss = models.DecimalField(
        _("loss the newest notice told of"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    police_organ = models.CharField(_("referred to"), max_length=100, blank=True)
    police_decided_on = models.DateField(_("referral to the police decided on"), null=True, blank=True)
    police_sent_on = models.DateField(_("sent to the police on"), null=True, blank=True)
    police_course = models.CharField(_("criminal side"), max_length=12, choices=Police.choices, blank=True, default="")
    notice_served_on = models.DateField(_("notice served on"), null=True, blank=True)
    has_statement = models.BooleanField(_("the party defended itself"), default=False)
    hearing_waived_on = models.DateField(_("hearing waived on"), null=True, blank=True)
    waiver_on_paper = models.BooleanField(_("the signed waiver is in the paper file"), null=True, blank=True)
    hearing_requested_on = models.DateField(_("hearing requested on"), null=True, blank=True)
    hearing_on = models.DateField(_("hearing on"), null=True, blank=True)
    hearing_host = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("hearing hosted by")
    )
    hearing_held_on = models.DateField(_("hearing held on"), null=True, blank=True)
    marked_major = models.BooleanField(_("treated as a major case"), default=False)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices, blank=True)
    fine = models.DecimalField(_("fine"), max_digits=14, decimal_places=2, null=True, blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    decision_served_on = models.DateField(_("decision served on"), null=True, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    digest = models.TextField(_("digest for the public"), blank=True)
    closing_reason = models.TextField(_("reason of the ending"), blank=True)

    class Meta:
        verbose_name = _("enforcement case")
        verbose_name_plural = _("enforcement cases")
        constraints = (
            models.CheckConstraint(
                condition=Q(decided_on__isnull=True) | ~Q(outcome=""), name="case_decided_with_outcome"
            ),
            models.CheckConstraint(condition=Q(fine__isnull=True) | Q(fine__gte=0), name="case_fine_not_negative"),
            models.CheckConstraint(
                condition=Q(police_sent_on__isnull=True)
                | Q(police_decided_on__isnull=False, police_sent_on__gte=F("police_decided_on")),
                name="case_sent_to_police_once_decided",
            ),
            models.CheckConstraint(
                condition=Q(police_course="") | Q(police_sent_on__isnull=False),
                name="case_answered_once_sent_to_police",
            ),
        )

    @cached_property
    def standing_facts(self) -> Sequence["Fact"]:
        """Facts that were established and not withdrawn, with their evidence."""
        return list(self.facts.filter(withdrawn_at__isnull=True).prefetch_related("evidence").order_by("pk"))

    @cached_property
    def investigators(self) -> frozenset[int]:
        """Accounts that were ever in charge of, or assisted, the investigation."""
        duties = (Assignment.Duty.LEAD, Assignment.Duty.ASSIST)
        return frozenset(self.assignments.filter(duty__in=duties).values_list("user", flat=True))

    def certified_investigators(self, on: date) -> frozenset[int]:
        """Accounts in charge now that hold an enforcement certificate valid on the day (PP-16)."""
        certified = Certificate.objects.filter(kind=Certificate.Kind.ENFORCEMENT, valid__contains=on)
        return frozenset(
            self.assignments.filter(
                duty__in=(Assignment.Duty.LEAD, Assignment.Duty.ASSIST),
                until__isnull=True,
                user__in=certified.values("user"),
            ).values_list("user", flat=True)
        )

    def is_barred(self, ended_on: date | None, *, harms_health: bool) -> bool:
        """Whether conduct that ended on the day was discovered too late to be punished (PP-6, PL-36).

        The limitation, in months and longer where life or health was harmed, is the setting in force on the day of
        discovery. Of conduct whose end is not known nothing is said.
        """
        if ended_on is None or (known := self.term("filing")) is None:
            return False
        setting = "PP-6/limitation_health" if harms_health else "PP-6/limitation"
        limitation = period(setting, scope=self.authority.scope, on=known.start)
        return known.start > calendar_end(ended_on, limitation)

    @property
    def loss(self) -> Decimal:
        """Loss of the funds over all standing facts."""
        return sum((fact.amount for fact in self.standing_facts), Decimal(0))

    @property
    def loss_by_fund(self) -> dict[str, Decimal]:
        """The same by fund."""
        by_fund: dict[str, Decimal] = {}
        for fact in self.standing_facts:
            by_fund[fact.fund] = by_fund.get(fact.fund, Decimal(0)) + fact.amount
        return by_fund

    @property
    def is_penalty(self) -> bool:
        return self.outcome == self.Outcome.PENALTY

    def is_large_penalty(self, on: date) -> bool:
        """Whether the proposed fine reaches the threshold at which a hearing may be asked for (PL-63)."""
        person = self.subject is not None and self.subject.kind in ("insured", "practitioner")
        key = "PL-63/citizen_threshold" if person else "PL-63/organisation_threshold"
        return (self.proposed_fine or Decimal(0)) >= amount(key, scope=self.authority.scope, on=on)

    def is_major(self, on: date) -> bool:
        """Major cases are discussed collectively (HY-40, PP-44): large, aggravated, heard, or marked so."""
        return (
            self.marked_major
            or bool(self.heavier_factors)
            or self.hearing_held_on is not None
            or self.is_large_penalty(on)
        )

    @property
    def money_is_settled(self) -> bool:
        """Nothing is owed any more on this case."""
        return settled(self)


class Fact(models.Model):
    """One fact of a case: the act and when it was done, the loss by fund, the evidence it rests on (HY-37, PL-54)."""

    case = models.ForeignKey(EnforcementCase, models.PROTECT, related_name="facts", verbose_name=_("case"))
    act = models.CharField(_("violation"), max_length=12, choices=[(code, code) for code in ACTS])
    description = models.TextField(_("description"))
    fund = models.CharField(_("fund"), max_length=12, choices=Fund.choices)
    amount = models.DecimalField(_("loss of the fund"), max_digits=14, decimal_places=2)
    period_from = models.DateField(_("conduct began on"), null=True, blank=True)
    period_to = models.DateField(_("conduct ended on"), null=True, blank=True)
    harms_health = models.BooleanField(_("life or health was harmed"), default=False)
    evidence = models.ManyToManyField(Evidence, related_name="facts", verbose_name=_("evidence"))
    finding = models.ForeignKey(
        Finding,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="facts",
        verbose_name=_("finding of the inspection"),
    )
    established_at = models.DateTimeField(_("established"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_because = models.CharField(_("withdrawn because"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        constraints = (
            models.CheckConstraint(condition=Q(amount__gte=0), name="fact_amount_not_negative"),
            models.CheckConstraint(condition=~Q(period_from__gt=F("period_to")), name="fact_period_in_order"),
            models.UniqueConstraint(
                fields=("case", "finding"), condition=Q(withdrawn_at__isnull=True), name="fact_once_per_finding"
            ),
        )

    def __str__(self) -> str:
        return self.act_label

    @property
    def act_label(self) -> str:
        """The violation in words, in the reader's language."""
        return str(law_rule(self.act).text)

    @property
    def verified_evidence(self) -> list[Evidence]:
        return [one for one in self.evidence.all() if one.state == Evidence.State.VERIFIED]

    @property
    def unverified_evidence(self) -> list[Evidence]:
        """Pieces it cites that were neither verified nor rejected yet."""
        return [one for one in self.evidence.all() if one.state == Evidence.State.COLLECTED]

    @property
    def is_corroborated(self) -> bool:
        """Does not rest on expert opinion alone (HY-37)."""
        kinds = {one.kind for one in self.verified_evidence}
        return not kinds or kinds != {Evidence.Kind.EXPERT}

"""Conduct found in an inspection (HY-37)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from funds.models import Fund
from supervision.law import catalogue
from supervision.parties.models import Practitioner, ProviderDepartment, User
from supervision.records.models import Evidence


class Finding(models.Model):
    """Conduct found in an inspection, with its sum: what a breach or a case is later built on.

    `act` is a rule id of the violation catalogue such as RG-38.1; `clause` a clause of the agreement; at least one
    of them. `amount` is the fund's loss in yuan.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("to be confirmed")
        CONFIRMED = "confirmed", _("confirmed")
        DROPPED = "dropped", _("dropped")

    task = models.ForeignKey("inspections.InspectionTask", models.PROTECT, related_name="findings")
    number = models.PositiveSmallIntegerField(_("number"))
    act = models.CharField(_("act"), max_length=20, blank=True)
    clause = models.CharField(_("clause of the agreement"), max_length=120, blank=True)
    description = models.TextField(_("description"))
    persons = models.PositiveIntegerField(_("persons concerned"), default=0)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, default=0, help_text=_("Yuan."))
    fund = models.CharField(_("fund"), max_length=20, choices=Fund.choices)
    period_from = models.DateField(_("from"), null=True, blank=True)
    period_to = models.DateField(_("to"), null=True, blank=True)
    department = models.ForeignKey(
        ProviderDepartment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    practitioners = models.ManyToManyField(
        Practitioner, related_name="findings", blank=True, verbose_name=_("practitioners")
    )
    evidence = models.ManyToManyField(Evidence, related_name="findings", blank=True, verbose_name=_("evidence"))
    alert_ref = models.CharField(_("alert"), max_length=120, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    dropped_because = models.TextField(_("dropped because"), blank=True)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("added by"))
    added_at = models.DateTimeField(_("added"))

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ("task", "number")
        constraints = (
            models.UniqueConstraint(fields=("task", "number"), name="finding_numbered_once"),
            models.CheckConstraint(condition=~Q(act="", clause=""), name="finding_names_act_or_clause"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="finding_amount_not_negative"),
            models.CheckConstraint(
                condition=Q(period_from__isnull=True) | Q(period_to__isnull=True) | Q(period_from__lte=F("period_to")),
                name="finding_period_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(status="dropped") | ~Q(dropped_because=""), name="finding_dropped_with_reason"
            ),
        )

    def __str__(self) -> str:
        return self.description[:60]

    @property
    def act_rule(self) -> catalogue.Rule | None:
        """The act's entry in the law catalogue."""
        return catalogue.rule(self.act) if self.act else None

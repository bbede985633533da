"""Service of a paper (送达): how, on whom, and from which day it counts."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from supervision.parties.models import User

from .evidence import Evidence
from .paper import Paper


class ServiceOfDocument(models.Model):
    """One service of one paper, never changed (PP-59, PL-61).

    `acted_on` is the day it was handed over, left, received, or announced; `served_on` the day from which it counts —
    the same but for an announcement, where it is the end of the announced period. `due` is the last day the law left
    for it.
    """

    class Method(models.TextChoices):
        DIRECT = "direct", _("direct service")
        LEFT = "left", _("left at the address")
        MAIL = "mail", _("by mail")
        ELECTRONIC = "electronic", _("electronic service")
        ANNOUNCEMENT = "announcement", _("by announcement")

    class Relation(models.TextChoices):
        PARTY = "party", _("the party in person")
        REPRESENTATIVE = "representative", _("legal representative or person in charge")
        STAFF = "staff", _("staff in charge of receiving documents")
        FAMILY = "family", _("adult family member living with the party")
        AGENT = "agent", _("agent or designated recipient")

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="services", verbose_name=_("paper"))
    method = models.CharField(_("way of service"), max_length=12, choices=Method.choices)
    acted_on = models.DateField(_("done on"))
    served_on = models.DateField(_("served on"))
    due = models.DateField(_("to be served by"))
    recipient = models.CharField(_("recipient"), max_length=100)
    relation = models.CharField(_("relation to the party"), max_length=14, choices=Relation.choices, blank=True)
    address = models.CharField(_("place or address"), max_length=300, blank=True)
    witness = models.CharField(_("witness"), max_length=100, blank=True)
    recorded = models.BooleanField(_("recorded in sound or picture"), default=False)
    refused = models.BooleanField(_("receipt refused"), default=False)
    reason = models.CharField(_("reason or cause"), max_length=500, blank=True)
    consent = models.BooleanField(_("signed consent to electronic service"), default=False)
    reference = models.CharField(_("mail or message number"), max_length=100, blank=True)
    evidence = models.ForeignKey(
        Evidence, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("proof")
    )
    on_paper = models.BooleanField(_("the original is in the paper file"), null=True, blank=True)
    served_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("served by"))
    recorded_at = models.DateTimeField(_("recorded at"))
    certificate = models.OneToOneField(
        Paper, models.PROTECT, null=True, related_name="certifies", verbose_name=_("certificate of service")
    )

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(condition=Q(served_on__gte=models.F("acted_on")), name="service_not_before_the_act"),
            models.CheckConstraint(
                condition=~Q(method="left") | ~Q(witness="") | Q(recorded=True), name="left_with_witness_or_recording"
            ),
            models.CheckConstraint(
                condition=~Q(method="electronic") | Q(consent=True), name="electronic_only_with_consent"
            ),
            models.CheckConstraint(condition=~Q(method="announcement") | ~Q(reason=""), name="announced_with_a_cause"),
        )
        indexes = (models.Index(fields=("paper", "served_on"), name="service_by_paper"),)

    def __str__(self) -> str:
        return f"{self.paper.number} {self.served_on}"

    @property
    def is_late(self) -> bool:
        """Done after the last day the law left for it."""
        return self.acted_on > self.due

"""The register of leads (HY-31, HY-45, PP-14)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from supervision.parties.models import Party
from supervision.procedure.models import Dossier

from .procedure import LeadProcedure


class Lead(LeadProcedure, Dossier):
    """Something that may point at a violation, with where it came from.

    `source_ref` names the origin in its own words (an alert's key, a tip's number) and makes registering idempotent:
    one lead per source and reference. Whoever is above reads `conclusion` and `confirmed`.
    """

    class Source(models.TextChoices):
        ALERT = "alert", _("risk alert")
        TIP = "tip", _("tip")
        SUPERIOR = "superior", _("handed down by a superior")
        MEDIA = "media", _("media report")
        DEPARTMENT = "department", _("handed over by another department")
        AGENCY_REPORT = "agency_report", _("reported by the agency")
        DRAW_FINDING = "draw_finding", _("found in a random check")
        FEE_REVIEW = "fee_review", _("found in fee review")
        INSPECTION = "inspection", _("found in an inspection")

    source = models.CharField(_("source"), max_length=16, choices=Source.choices)
    source_ref = models.CharField(_("reference at the source"), max_length=120, blank=True)
    opening_key = models.CharField(max_length=80, blank=True, editable=False)
    received_on = models.DateField(_("received"))
    description = models.TextField(_("what is reported"))
    suspected_amount = models.DecimalField(
        _("suspected amount"), max_digits=14, decimal_places=2, null=True, blank=True, help_text=_("Yuan.")
    )
    verification = models.TextField(_("what the verification found"), blank=True)
    reason = models.TextField(_("reason for the conclusion"), blank=True)
    referred_to = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("referred to")
    )

    class Meta:
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        constraints = (
            models.UniqueConstraint(
                fields=("source", "source_ref"), condition=~Q(source_ref=""), name="lead_once_per_reference"
            ),
            models.UniqueConstraint(fields=("opening_key",), condition=~Q(opening_key=""), name="lead_once_per_key"),
            models.CheckConstraint(
                condition=Q(suspected_amount__isnull=True) | Q(suspected_amount__gte=0), name="lead_amount_not_negative"
            ),
        )

    @property
    def conclusion(self) -> str | None:
        """The final state, or None while the lead is open."""
        return self.state if self.is_closed else None

    @property
    def from_informant(self) -> bool:
        """Whether a tip stands at its beginning, here or in the lead it was passed on from (HY-45)."""
        if self.source == self.Source.TIP:
            return True
        earlier = Lead.objects.filter(pk=self.origin_id).first() if self.origin_id else None
        return earlier is not None and earlier.from_informant

    @property
    def confirmed(self) -> bool | None:
        """Whether the suspicion held: None while open; a dismissed lead did not."""
        return None if not self.is_closed else self.state != self.State.DISMISSED

"""The on-site record, and how it was signed or refused (HY-32)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from supervision.parties.models import User
from supervision.records.models import Evidence


class SiteRecord(models.Model):
    """The on-site record (现场检查笔录): its text, and how it was signed or refused (HY-32).

    The database itself keeps a signed record from lacking a signer, and a refused one from lacking reason or witness.
    """

    class Outcome(models.TextChoices):
        DRAWN_UP = "drawn_up", _("drawn up")
        SIGNED = "signed", _("signed")
        REFUSED = "refused", _("refused")

    task = models.OneToOneField("inspections.InspectionTask", models.PROTECT, related_name="site_record")
    place = models.CharField(_("place of the inspection"), max_length=200)
    begun_at = models.DateTimeField(_("begun"))
    ended_at = models.DateTimeField(pgettext_lazy("moment", "ended"))
    text = models.TextField(_("text"))
    outcome = models.CharField(
        pgettext_lazy("record", "outcome"), max_length=10, choices=Outcome.choices, default=Outcome.DRAWN_UP
    )
    officers = models.ManyToManyField(User, related_name="+", blank=True, verbose_name=_("signed by the officers"))
    signed_by = models.CharField(_("signed by"), max_length=60, blank=True)
    signed_post = models.CharField(pgettext_lazy("signer", "post"), max_length=60, blank=True)
    remarks = models.TextField(_("the party's remarks"), blank=True)
    refused_because = models.TextField(_("reason of the refusal"), blank=True)
    witness = models.CharField(_("witness"), max_length=60, blank=True)
    witness_post = models.CharField(_("witness, of"), max_length=120, blank=True)
    proof = models.ForeignKey(
        Evidence, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("signature or recording")
    )
    on_paper = models.BooleanField(_("signed by hand on the printed record"), null=True, blank=True)
    settled_at = models.DateTimeField(_("signed or refused"), null=True, blank=True)

    class Meta:
        verbose_name = _("on-site record")
        verbose_name_plural = _("on-site records")
        constraints = (
            models.CheckConstraint(condition=Q(begun_at__lte=F("ended_at")), name="site_record_in_order"),
            models.CheckConstraint(
                condition=~Q(outcome="signed") | (~Q(signed_by="") & Q(settled_at__isnull=False)),
                name="site_record_signed_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="refused")
                | (~Q(refused_because="") & ~Q(witness="") & Q(settled_at__isnull=False)),
                name="site_record_refused_with_witness",
            ),
        )

    def __str__(self) -> str:
        return f"{self.task} · {self.get_outcome_display()}"

"""Evidence (HY-37): eight kinds, collected by two, addressed by content, with a chain of custody."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from supervision.parties.models import Authority, User
from supervision.procedure.models import Dossier


class Evidence(models.Model):
    """One piece of evidence of one dossier; its file is found by its SHA-256.

    Only its verification changes, and only forward: collected → verified or rejected, verified → rejected.
    """

    class Kind(models.TextChoices):
        DOCUMENTARY = "documentary", _("documentary evidence")
        PHYSICAL = "physical", _("physical evidence")
        AUDIOVISUAL = "audiovisual", _("audiovisual material")
        ELECTRONIC = "electronic", _("electronic data")
        WITNESS = "witness", _("testimony of a witness")
        STATEMENT = "statement", _("statement of the party")
        EXPERT = "expert", _("expert opinion")
        INSPECTION = "inspection", _("inspection or on-site record")

    class State(models.TextChoices):
        COLLECTED = "collected", _("to be verified")
        VERIFIED = "verified", _("verified")
        REJECTED = "rejected", _("rejected")

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="evidence", verbose_name=_("dossier"))
    kind = models.CharField(pgettext_lazy("evidence", "kind"), max_length=12, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=200)
    source = models.CharField(_("source"), max_length=300)
    collected_at = models.DateTimeField(pgettext_lazy("moment", "collected"))
    collectors = models.ManyToManyField(User, related_name="+", verbose_name=_("collected by"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    size = models.PositiveBigIntegerField(_("size"))
    media_type = models.CharField(_("type of file"), max_length=100)
    original_name = models.CharField(_("name of the file"), max_length=255)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.COLLECTED)
    verified_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("verified by")
    )
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    note = models.CharField(_("remark"), max_length=500, blank=True)
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("entered by"))
    added_at = models.DateTimeField(_("entered at"))

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("dossier", "sha256"), name="evidence_file_once_per_dossier"),
            models.CheckConstraint(
                condition=Q(state="collected") | Q(verified_at__isnull=False), name="evidence_judged_at_a_time"
            ),
        )
        indexes = (models.Index(fields=("sha256",), name="evidence_by_content"),)

    def __str__(self) -> str:
        return self.title

    @property
    def is_image(self) -> bool:
        return self.media_type.startswith("image/")


class CustodyEntry(models.Model):
    """Who had a piece of evidence in hand, when and to what end; only ever added to."""

    class Act(models.TextChoices):
        COLLECTED = "collected", pgettext_lazy("act", "collected")
        ENTERED = "entered", _("entered")
        VIEWED = "viewed", _("viewed")
        DOWNLOADED = "downloaded", _("downloaded")
        TRANSFERRED = "transferred", _("transferred")
        EXPORTED = "exported", _("exported with the file")
        VERIFIED = "verified", _("verified")
        REJECTED = "rejected", _("rejected")

    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="custody", verbose_name=_("evidence"))
    act = models.CharField(_("act"), max_length=11, choices=Act.choices)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("person"))
    authority = models.ForeignKey(Authority, models.PROTECT, null=True, related_name="+", verbose_name=_("authority"))
    to = models.CharField(_("handed to"), max_length=200, blank=True)
    note = models.CharField(_("remark"), max_length=300, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("custody entry")
        verbose_name_plural = _("chain of custody")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.evidence_id} {self.act} {self.at:%Y-%m-%d %H:%M}"

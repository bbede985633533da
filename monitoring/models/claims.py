"""Claims imports and the manifest of the Parquet store."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from monitoring.claims import mapping
from monitoring.claims.refusals import sentence
from monitoring.models.work import Work


def validate_mapping(document: object) -> None:
    """Refuse a column mapping that could not be used, naming everything wrong with it."""
    if wrong := mapping.problems(document):
        raise ValidationError(wrong)


class ColumnMapping(models.Model):
    """How a foreign layout fills the national tables; see :mod:`monitoring.claims.mapping`."""

    slug = models.SlugField(_("short name"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    document = models.JSONField(_("mapping"), validators=[validate_mapping])
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    class Meta:
        verbose_name = _("column mapping")
        verbose_name_plural = _("column mappings")
        ordering = ("name",)

    def __str__(self) -> str:
        """Its name, in the reader's language where it is a mapping we ship."""
        return gettext(self.name)


class ImportBatch(Work):
    """One upload of claims on its way into the store.

    ``bytes_*`` count unpacked text; rows are counted over all tables. ``strangers`` are codes of institutions, in
    order, that its stored rows name and no register does; ``rows_outside`` of the rows set aside are for another
    authority to send. ``refusal`` is a code of :mod:`monitoring.claims.refusals` with its facts.
    """

    class Stage(models.TextChoices):
        UNPACKING = "unpacking", _("unpacking")
        CHECKING = "checking", _("checking rows")
        STORING = "storing", _("storing")
        STORED = "stored", _("stored")

    authority = models.ForeignKey(
        "parties.Authority", models.PROTECT, null=True, related_name="+", verbose_name=_("authority")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("imported by")
    )
    name = models.CharField(_("file"), max_length=255)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    size = models.BigIntegerField(_("bytes"))
    mapping = models.ForeignKey(
        ColumnMapping, models.PROTECT, null=True, blank=True, related_name="batches", verbose_name=_("column mapping")
    )
    stage = models.CharField(_("stage"), max_length=10, choices=Stage.choices, default=Stage.UNPACKING)
    encodings = models.CharField(_("encoding"), max_length=120, blank=True)
    bytes_total = models.BigIntegerField(default=0)
    bytes_done = models.BigIntegerField(default=0)
    rows_read = models.BigIntegerField(_("rows read"), default=0)
    rows_stored = models.BigIntegerField(_("rows stored"), default=0)
    rows_bad = models.BigIntegerField(_("rows set aside"), default=0)
    rows_outside = models.BigIntegerField(_("of them outside the jurisdiction"), default=0)
    rows_replaced = models.BigIntegerField(_("rows replaced"), default=0)
    rows_duplicate = models.BigIntegerField(_("repeated rows"), default=0)
    tables = models.JSONField(_("tables"), default=dict)
    strangers = models.JSONField(_("institutions in no register"), default=list)
    cancel_asked = models.BooleanField(default=False)
    refusal = models.CharField(max_length=20, blank=True)
    refusal_facts = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("claims import")
        verbose_name_plural = _("claims imports")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("sha256", "mapping", "authority"),
                condition=Q(state__in=("queued", "running", "done"), rows_outside=0),
                nulls_distinct=False,
                name="claims_import_once",
            ),
        )
        indexes = (models.Index(fields=("state", "heartbeat")),)

    def get_absolute_url(self) -> str:
        return reverse("monitoring:import", args=[self.pk])

    def __str__(self) -> str:
        return self.name

    @property
    def percent(self) -> int:
        """0–100. Checking is counted by bytes; storing is the last tenth."""
        if self.state == "done":
            return 100
        if self.stage == self.Stage.STORING:
            return 90
        return int(90 * self.bytes_done / self.bytes_total) if self.bytes_total else 0

    @property
    def rate(self) -> int:
        """Rows per second so far."""
        return int(self.rows_read / self.seconds) if self.seconds else 0

    @property
    def refusal_text(self) -> str:
        return sentence(self.refusal, self.refusal_facts) if self.refusal else ""


class ClaimsFile(models.Model):
    """A line of the manifest: one immutable Parquet file. It is current until ``removed_by`` says who replaced it."""

    table = models.CharField(_("table"), max_length=20)
    month = models.CharField(_("settlement month"), max_length=6)
    path = models.CharField(_("path"), max_length=200)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    rows = models.BigIntegerField(_("rows"))
    size = models.BigIntegerField(_("bytes"))
    added_by = models.ForeignKey(ImportBatch, models.PROTECT, related_name="files", verbose_name=_("import"))
    removed_by = models.ForeignKey(
        ImportBatch, models.PROTECT, null=True, related_name="files_replaced", verbose_name=_("replaced by")
    )
    added_at = models.DateTimeField(_("added"), default=timezone.now)

    class Meta:
        verbose_name = _("claims file")
        verbose_name_plural = _("claims files")
        ordering = ("table", "month", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("path",), condition=Q(removed_by__isnull=True), name="claims_file_listed_once"
            ),
        )
        indexes = (
            models.Index(fields=("table", "month"), condition=Q(removed_by__isnull=True), name="claims_current"),
        )

    def __str__(self) -> str:
        return self.path

"""A paper (文书): numbered without gaps, rendered once, frozen."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from supervision.parties.models import Authority, User
from supervision.procedure.models import Dossier


class Paper(models.Model):
    """A document issued on a dossier; once issued only voided or replaced, and the database refuses anything else.

    `facts` is everything its template reads, so it can be rendered again and compared with `sha256`; `layout` is the
    digest of the template files it was rendered with.
    """

    class State(models.TextChoices):
        ISSUED = "issued", _("issued")
        VOID = "void", pgettext_lazy("paper", "void")
        REPLACED = "replaced", pgettext_lazy("paper", "replaced")

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="papers", verbose_name=_("dossier"))
    type = models.CharField(_("type"), max_length=60)
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+", verbose_name=_("issued by"))
    word = models.CharField(_("word"), max_length=20)
    year = models.PositiveSmallIntegerField(_("year"))
    seq = models.PositiveIntegerField(_("sequence"))
    number = models.CharField(pgettext_lazy("paper", "number"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=200)
    facts = models.JSONField(pgettext_lazy("paper", "facts"))
    layout = models.CharField(_("digest of the layout"), max_length=64)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    size = models.PositiveIntegerField(_("size"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.ISSUED)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("replaces")
    )
    void_reason = models.CharField(_("reason"), max_length=500, blank=True)
    issued_at = models.DateTimeField(_("issued"))
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("issued by"))

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("authority", "word", "year", "seq"), name="paper_number_once"),
            models.CheckConstraint(
                condition=Q(state="issued", void_reason="") | (~Q(state="issued") & ~Q(void_reason="")),
                name="paper_ends_with_a_reason",
            ),
            models.CheckConstraint(condition=Q(seq__gte=1), name="paper_numbers_start_at_one"),
        )
        indexes = (models.Index(fields=("dossier", "type", "-id"), name="paper_newest_of_type"),)

    def __str__(self) -> str:
        return f"{self.title} {self.number}"

    @property
    def is_in_force(self) -> bool:
        """Neither void nor replaced."""
        return self.state == self.State.ISSUED

    @property
    def filename(self) -> str:
        return f"{self.number} {self.title}.pdf"

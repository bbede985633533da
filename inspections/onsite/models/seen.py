"""What was seen on the spot: the answers to the checklist and the photos (HY-32, HY-34)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from supervision.parties.models import User
from supervision.records.models import Evidence

from .checklists import ChecklistItem


class Answer(models.Model):
    """What was seen on one item: in order or not, the words and the numbers that say so."""

    class Answer(models.TextChoices):
        YES = "yes", _("yes")
        NO = "no", _("no")
        NOT_APPLICABLE = "na", _("not applicable")

    task = models.ForeignKey("inspections.InspectionTask", models.PROTECT, related_name="answers")
    item = models.ForeignKey(ChecklistItem, models.PROTECT, related_name="+")
    answer = models.CharField(_("in order"), max_length=4, choices=Answer.choices)
    note = models.TextField(_("what was seen"), blank=True)
    expected = models.PositiveIntegerField(_("by the books"), null=True, blank=True)
    counted = models.PositiveIntegerField(_("counted"), null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("filled in by"))
    at = models.DateTimeField(_("filled in"))

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ("item__place",)
        constraints = (models.UniqueConstraint(fields=("task", "item"), name="one_answer_per_item"),)

    def __str__(self) -> str:
        return f"{self.item} — {self.get_answer_display()}"

    @property
    def version(self) -> str:
        """What tells this answer from one given before or after it."""
        return self.at.isoformat()

    @property
    def differs(self) -> bool:
        """Said to be in order although the number counted is not the one in the books, or faults were counted."""
        if self.answer != self.Answer.YES or self.counted is None:
            return False
        if self.item.compared:
            return self.expected is not None and self.expected != self.counted
        return self.counted > 0


class Photo(models.Model):
    """A photo or recording made on the spot, kept as evidence, with the item it shows."""

    task = models.ForeignKey("inspections.InspectionTask", models.PROTECT, related_name="photos")
    item = models.ForeignKey(ChecklistItem, models.PROTECT, null=True, blank=True, related_name="+")
    evidence = models.OneToOneField(Evidence, models.PROTECT, related_name="photo")
    taken_at = models.DateTimeField(_("taken"))

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ("taken_at", "pk")

    def __str__(self) -> str:
        return str(self.evidence)

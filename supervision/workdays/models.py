"""Years loaded by a bureau: never edited; a new revision replaces the last, the rows stay as the record."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from supervision.workdays.published import Festival


class Year(models.Model):
    """One revision of a year's notice; the highest revision of a year is the one in force."""

    year = models.PositiveSmallIntegerField(_("year"))
    revision = models.PositiveSmallIntegerField(_("revision"))
    notice = models.CharField(pgettext_lazy("holidays", "notice"), max_length=200)
    reason = models.CharField(_("reason"), max_length=500)
    set_by = models.CharField(_("set by"), max_length=150)
    set_at = models.DateTimeField(_("set at"), auto_now_add=True)

    class Meta:
        ordering = ("-year", "-revision")
        constraints = (
            models.UniqueConstraint(fields=("year", "revision"), name="one_revision_of_a_year"),
            models.CheckConstraint(condition=models.Q(year__gte=2000, year__lte=2100), name="year_within_reason"),
        )

    def __str__(self) -> str:
        return f"{self.year}/{self.revision}"


class SpecialDay(models.Model):
    """A holiday, or a weekend day worked in exchange for one."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("holiday")
        WORKDAY = "workday", _("make-up workday")

    year = models.ForeignKey(Year, on_delete=models.PROTECT, related_name="days")
    day = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=7, choices=Kind.choices)
    festival = models.CharField(_("festival"), max_length=20, choices=Festival.choices)

    class Meta:
        ordering = ("day",)
        constraints = (models.UniqueConstraint(fields=("year", "day"), name="a_day_is_special_once"),)

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.kind}"

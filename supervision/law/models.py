"""What an authority has set instead of the catalogue's defaults, and the record of who set it."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class InclusiveDateRange(models.Func):
    """daterange(from, to, '[]'): both days count, an empty end is open."""

    function = "DATERANGE"
    output_field = DateRangeField()


class DatedSetting(models.Model):
    """A number of the law as one authority has set it for a span of days.

    ``scope`` is the authority's code; law knows nothing else of parties. Two values of a key never hold on
    one day.
    """

    scope = models.CharField(_("authority"), max_length=32)
    key = models.CharField(_("setting"), max_length=80)
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=4)
    effective_from = models.DateField(_("in force from"))
    effective_to = models.DateField(_("in force until"), null=True, blank=True)
    article_note = models.CharField(_("basis"), max_length=300)
    reason = models.CharField(_("reason"), max_length=500)
    set_by = models.CharField(_("set by"), max_length=150)
    set_at = models.DateTimeField(_("set at"), auto_now_add=True)

    class Meta:
        ordering = ("key", "scope", "-effective_from")
        constraints = (
            ExclusionConstraint(
                name="one_value_of_a_setting_per_day",
                expressions=[
                    (models.F("scope"), RangeOperators.EQUAL),
                    (models.F("key"), RangeOperators.EQUAL),
                    (
                        InclusiveDateRange(
                            "effective_from",
                            "effective_to",
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
            models.CheckConstraint(
                condition=models.Q(effective_to__isnull=True) | models.Q(effective_to__gte=models.F("effective_from")),
                name="setting_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=models.Q(value__gte=0), name="setting_is_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.scope} {self.key} = {self.value.normalize():f}"


class SettingChange(models.Model):
    """One act on a setting: append-only, the database refuses to change it."""

    class Act(models.TextChoices):
        SET = "set", _("set")
        ENDED = "ended", pgettext_lazy("act", "ended")

    setting = models.ForeignKey(DatedSetting, on_delete=models.PROTECT, related_name="changes")
    act = models.CharField(_("what was done"), max_length=5, choices=Act.choices)
    facts = models.JSONField(_("facts"))
    reason = models.CharField(_("reason"), max_length=500)
    by = models.CharField(_("done by"), max_length=150)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.act} {self.setting}"

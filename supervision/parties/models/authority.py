"""The tree of bureaus, agencies and commissioned bodies (HY-5, HY-33)."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from .party import Party


class Authority(Party):
    """A bureau, a handling agency or a body commissioned by a bureau; `parent` is the one that guides it."""

    class Body(models.TextChoices):
        BUREAU = "bureau", _("bureau")
        AGENCY = "agency", _("handling agency")
        COMMISSIONED = "commissioned", _("commissioned body")

    class Level(models.TextChoices):
        CITY = "city", _("city")
        COUNTY = "county", _("county")

    body = models.CharField(_("body"), max_length=12, choices=Body.choices)
    level = models.CharField(_("level"), max_length=8, choices=Level.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("guided by")
    )
    word = models.CharField(
        _("word in document numbers"), max_length=20, help_text=_("Opens every number, such as 河医保.")
    )

    class Meta:
        verbose_name = _("authority")
        verbose_name_plural = _("authorities")

    @cached_property
    def scope(self) -> tuple[str, ...]:
        """Codes from this authority up to the root: where its dated settings are looked for."""
        return (self.code, *(self.parent.scope if self.parent else ()))

    @property
    def is_bureau(self) -> bool:
        return self.body == self.Body.BUREAU

    @property
    def is_agency(self) -> bool:
        return self.body == self.Body.AGENCY


class Commission(models.Model):
    """A bureau's written commission to a specialised body: what, for how long, in whose name (HY-33)."""

    body = models.ForeignKey(Authority, models.PROTECT, related_name="commissions", verbose_name=_("body"))
    principal = models.ForeignKey(
        Authority, models.PROTECT, related_name="commissions_given", verbose_name=_("principal")
    )
    matters = models.TextField(_("matters commissioned"))
    valid = DateRangeField(_("valid"))

    class Meta:
        verbose_name = _("commission")
        verbose_name_plural = _("commissions")

    def __str__(self) -> str:
        return f"{self.principal} → {self.body}"

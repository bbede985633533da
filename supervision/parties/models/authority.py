"""The tree of bureaus, agencies and commissioned bodies (HY-5, HY-33)."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models.functions import Now
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from ..roles import ROLES_OF, Role
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
    def with_guide(self) -> "tuple[Authority, ...]":
        """Itself and, of an agency, the bureau that guides it: whose remedies and accounts are its own too."""
        return (self, self.parent) if self.is_agency and self.parent else (self,)

    def redress_on(self, day: date) -> "Redress | None":
        """Where what it decides that day is contested: its own remedies, else the guiding bureau's; None if unknown."""
        here = self.with_guide
        found = {one.authority_id: one for one in Redress.objects.filter(authority__in=here, valid__contains=day)}
        return next((found[each.pk] for each in here if each.pk in found), None)

    def office_on(self, day: date) -> "Office | None":
        """Where a party reaches it that day; None where nobody entered it. A guiding bureau's is another door."""
        return Office.objects.filter(authority=self, valid__contains=day).first()

    @property
    def roles(self) -> frozenset[Role]:
        """The roles a post here may carry: a bureau has no clerk of an agency, an agency no head of a bureau (HY-5)."""
        return ROLES_OF[self.body]

    @property
    def is_bureau(self) -> bool:
        return self.body == self.Body.BUREAU

    @property
    def is_agency(self) -> bool:
        return self.body == self.Body.AGENCY


class Dated(models.Model):
    """Base of what holds from a day on: which entry it ended, and when that would have ended by itself.

    A cancelled entry keeps no days; what it had ended is in force again for the days it would have been.
    """

    replaces = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="replaced_by")
    replaced_until = models.DateField(null=True, editable=False)

    class Meta:
        abstract = True


class Redress(Dated):
    """Where a party turns against what an authority decides, for a span of days (PL-59, HY-25).

    What a bureau has entered holds for its agency as well, unless the agency has its own.
    """

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="redress", verbose_name=_("authority"))
    reconsideration = models.CharField(_("reconsideration organ"), max_length=100)
    court = models.CharField(_("court with jurisdiction"), max_length=100)
    valid = DateRangeField(_("valid"))

    class Meta:
        verbose_name = _("remedies against an authority")
        verbose_name_plural = _("remedies against authorities")
        constraints = (
            ExclusionConstraint(
                name="redress_one_per_day",
                expressions=[("authority", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(
                condition=~models.Q(reconsideration="") & ~models.Q(court=""), name="redress_names_both"
            ),
        )

    def __str__(self) -> str:
        return f"{self.authority}: {self.reconsideration} / {self.court}"


class Office(Dated):
    """Where a party makes its statement, asks for a hearing and sends what it was told to, for a span of days.

    Each authority has its own: whoever is told to come to an agency does not go to its bureau (PL-44, HY-22).
    """

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="offices", verbose_name=_("authority"))
    address = models.CharField(_("address"), max_length=200)
    contact = models.CharField(_("whom to ask for"), max_length=100)
    phone = models.CharField(_("telephone"), max_length=40)
    valid = DateRangeField(_("valid"))

    class Meta:
        verbose_name = _("office of an authority")
        verbose_name_plural = _("offices of authorities")
        constraints = (
            ExclusionConstraint(
                name="office_one_per_day",
                expressions=[("authority", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(
                condition=~models.Q(address="") & ~models.Q(contact="") & ~models.Q(phone=""), name="office_in_full"
            ),
        )

    def __str__(self) -> str:
        return f"{self.authority}: {self.address} {self.contact} {self.phone}"


class AuthorityEvent(models.Model):
    """What was entered, ended or cancelled for an authority: added with the change, never altered (HY-48).

    `by` and `at_authority` are None where it was done from the server itself. `facts` are short texts by name.
    """

    class Verb(models.TextChoices):
        REDRESS_SET = "redress_set", _("remedies entered")
        REDRESS_ENDED = "redress_ended", _("remedies ended")
        REDRESS_CANCELLED = "redress_cancelled", _("remedies cancelled")
        OFFICE_SET = "office_set", _("office entered")
        OFFICE_ENDED = "office_ended", _("office ended")
        OFFICE_CANCELLED = "office_cancelled", _("office cancelled")
        ACCOUNT_SET = "account_set", _("account entered")
        ACCOUNT_ENDED = "account_ended", _("account ended")
        ACCOUNT_CANCELLED = "account_cancelled", _("account cancelled")

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="events", verbose_name=_("authority"))
    verb = models.CharField(_("what"), max_length=24, choices=Verb.choices)
    by = models.ForeignKey("parties.User", models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    at_authority = models.ForeignKey(Authority, models.PROTECT, null=True, related_name="+", verbose_name=_("at"))
    facts = models.JSONField(default=dict)
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("event of an authority")
        verbose_name_plural = _("events of authorities")
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=("authority", "-at"), name="authority_event"),)

    def __str__(self) -> str:
        return f"{self.authority_id} {self.verb}"


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

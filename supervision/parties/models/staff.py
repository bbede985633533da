"""People who sign in: their posts over time, their certificates, the interests that oblige them to withdraw."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..crypto import EncryptedTextField
from ..roles import Role
from ..served import serving
from .authority import Authority
from .party import Party
from .provider import Provider


class UserManager(BaseUserManager["User"]):
    """Creates accounts by staff number."""

    def create_user(self, username: str, name: str, password: str | None = None, **extra: object) -> "User":
        """Create an account; without a password it cannot sign in until one is set."""
        user = self.model(username=username, name=name, **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """An account; what it may do follows from its posts, never from the account itself."""

    username = models.CharField(_("staff number"), max_length=40, unique=True)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=60)
    phone = EncryptedTextField(_("phone"), blank=True)
    employer = models.ForeignKey(
        Authority,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="staff",
        verbose_name=_("employed at"),
        help_text=_("Whose administrators keep the account; empty for people of providers."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    one_time_until = models.DateTimeField(
        _("one-time password until"), null=True, blank=True, help_text=_("The password must be replaced before then.")
    )
    is_machine = models.BooleanField(_("another system"), default=False, help_text=_("Signs in over the API only."))
    language = models.CharField(_("language"), max_length=10, default="zh-hans")

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def __str__(self) -> str:
        return self.name

    def check_password(self, raw_password: str | None) -> bool:
        """Whether it is the password; one hashed in an older way is hashed anew, which the history tells of."""

        def hash_anew(raw: str) -> None:
            self.set_password(raw)
            self._password = None
            with serving("check_password", user=self):
                self.save(update_fields=["password"])

        return check_password(raw_password, self.password, hash_anew)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class Post(models.Model):
    """A role held at an authority, or at a provider, for a span of days (HY-5)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="posts", verbose_name=_("person"))
    authority = models.ForeignKey(
        Authority, models.PROTECT, null=True, blank=True, related_name="posts", verbose_name=_("authority")
    )
    provider = models.ForeignKey(
        Provider, models.PROTECT, null=True, blank=True, related_name="posts", verbose_name=_("provider")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    section = models.CharField(_("section"), max_length=60, blank=True)
    valid = DateRangeField(_("valid"))

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = (
            models.CheckConstraint(
                condition=(
                    Q(role=Role.PROVIDER_REP, provider__isnull=False, authority__isnull=True)
                    | (~Q(role=Role.PROVIDER_REP) & Q(provider__isnull=True, authority__isnull=False))
                ),
                name="post_at_authority_or_provider",
            ),
            ExclusionConstraint(
                name="post_held_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("authority", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"


class Certificate(models.Model):
    """A certificate to enforce, to audit or to review law; inspections need two valid ones (HY-32, PP-16, PP-37)."""

    class Kind(models.TextChoices):
        ENFORCEMENT = "enforcement", _("enforcement certificate")
        AUDIT = "audit", _("audit certificate")
        LEGAL = "legal", _("national legal qualification")

    user = models.ForeignKey(User, models.PROTECT, related_name="certificates", verbose_name=_("holder"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    number = models.CharField(_("number"), max_length=40, unique=True)
    areas = ArrayField(
        models.CharField(max_length=12),
        default=list,
        blank=True,
        verbose_name=_("areas"),
        help_text=_("Region codes the holder may be drawn for; empty means every area of the authority."),
    )
    valid = DateRangeField(_("valid"))
    revoked_because = models.CharField(_("revoked because"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")

    def __str__(self) -> str:
        return self.number


class StaffEvent(models.Model):
    """What an administrator did to an account, a post or a certificate: added with the change, never altered (HY-48).

    `facts` are short texts by name: role, section, kind, number, first and last day, authority, reason. A post or a
    certificate changed without an act of the administrators is told of by the database itself (`BY_HAND`).
    """

    class Verb(models.TextChoices):
        ADDED = "added", _("account added")
        POST_GIVEN = "post_given", _("post given")
        POST_ENDED = "post_ended", _("post ended")
        CERTIFICATE_ADDED = "certificate_added", _("certificate entered")
        CERTIFICATE_RENEWED = "certificate_renewed", _("certificate renewed")
        CERTIFICATE_REVOKED = "certificate_revoked", _("certificate revoked")
        DISABLED = "disabled", _("sign-in disabled")
        ENABLED = "enabled", _("sign-in enabled")
        PASSWORD_RESET = "password_reset", _("one-time password given")
        PASSWORD_CHOSEN = "password_chosen", _("own password chosen")
        FACTOR_RESET = "factor_reset", _("second factor reset")
        BY_HAND = "by_hand", _("post or certificate changed beside the administrators")

    person = models.ForeignKey(User, models.PROTECT, related_name="staff_events", verbose_name=_("person"))
    verb = models.CharField(_("what"), max_length=24, choices=Verb.choices)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    authority = models.ForeignKey(Authority, models.PROTECT, null=True, related_name="+", verbose_name=_("at"))
    facts = models.JSONField(default=dict)
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("event of an account")
        verbose_name_plural = _("events of accounts")
        ordering = ("-at", "-pk")
        indexes = (
            models.Index(fields=("person", "-at"), name="staff_event_of_person"),
            models.Index(fields=("-at", "-id"), name="staff_event_by_time"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.verb}"


class DeclaredInterest(models.Model):
    """An interest that obliges an officer to withdraw from matters of a party (HY-34, PP-5)."""

    user = models.ForeignKey(
        User, models.PROTECT, related_name="interests", verbose_name=pgettext_lazy("interest", "officer")
    )
    party = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name=_("party"))
    reason = models.CharField(_("reason"), max_length=200)
    valid = DateRangeField(_("valid"))

    class Meta:
        verbose_name = _("declared interest")
        verbose_name_plural = _("declared interests")

    def __str__(self) -> str:
        return f"{self.user} ↮ {self.party}"

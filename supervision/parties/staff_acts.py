"""What administrators do to an account, each with its form: declared once, offered on the page and over the API.

ACTS["give-post"].run(actor, person, today=today, **cleaned)
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .actors import Actor, authorities_within
from .models import Authority, Certificate, Post, Region, User
from .roles import ROLES_OF, Role
from .services import staff

NUMBER = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9._-]{2,38}\Z", _("3 to 39 letters, digits, dots, dashes or underlines.")
)
GIVEN = [(role.value, role.label) for role in Role if role not in staff.GIVEN_BY_NOBODY]


class Day(forms.DateField):
    """A day, with the browser's picker."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class ActForm(forms.Form):
    """Base: knows who acts, whom it is about, and the day."""

    def __init__(self, *args: Any, actor: Actor, person: User | None, today: date, **kwargs: Any) -> None:
        self.actor, self.person, self.today = actor, person, today
        super().__init__(*args, **kwargs)

    def within(self) -> Any:
        """The authorities in the actor's charge."""
        if self.actor.authority is None:
            return Authority.objects.none()
        return authorities_within(self.actor.authority, self.today).order_by("region__path", "body", "pk")


class AddForm(ActForm):
    """A new account: staff number, name, phone, and where the person is employed."""

    username = forms.CharField(label=_("Staff number"), validators=[NUMBER])
    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=60)
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False)
    employer = forms.ModelChoiceField(label=_("Employed at"), queryset=Authority.objects.none(), to_field_name="code")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employer"].queryset = self.within()  # type: ignore[attr-defined]
        self.initial.setdefault("employer", self.actor.authority.code if self.actor.authority else None)


class PostForm(ActForm):
    """A role at an authority, from the first day to the last; without a last day until it is ended."""

    authority = forms.ModelChoiceField(label=_("At"), queryset=Authority.objects.none(), to_field_name="code")
    role = forms.ChoiceField(label=_("Role"), choices=GIVEN)
    section = forms.CharField(label=_("Section"), max_length=60, required=False)
    first = Day(label=_("First day"))
    last = Day(label=_("Last day"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["authority"].queryset = self.within()  # type: ignore[attr-defined]
        if self.person is not None and self.person.employer is not None:
            self.initial.setdefault("authority", self.person.employer.code)
        self.initial.setdefault("first", self.today)
        bodies = set(self.within().values_list("body", flat=True))
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (value, self._told(Role(value)))
            for value, _label in GIVEN
            if any(value in ROLES_OF[body] for body in bodies)
        ]

    @staticmethod
    def _told(role: Role) -> str:
        """The role, and where it belongs if not everywhere."""
        fitting = [str(body.label) for body in Authority.Body if role in ROLES_OF[body]]
        where = "" if len(fitting) == len(Authority.Body) else f"（{'、'.join(fitting)}）"
        return f"{role.label}{where}"

    def clean(self) -> dict[str, Any]:
        """The role is one of that body's."""
        cleaned: dict[str, Any] = {**(super().clean() or {})}
        authority, role = cleaned.get("authority"), cleaned.get("role")
        if authority and role and role not in authority.roles:
            self.add_error("role", staff.no_such_post(authority, role))
        return cleaned


class ReasonForm(ActForm):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class _OwnChoice(forms.ModelChoiceField):
    """One of the person's posts or certificates, said in a line."""

    def label_from_instance(self, obj: Any) -> str:
        if isinstance(obj, Post):
            return f"{obj.get_role_display()} · {obj.authority}"
        return f"{obj.get_kind_display()} {obj.number}"


class EndPostForm(ReasonForm):
    """Which post, and its last day."""

    post = _OwnChoice(label=_("Post"), queryset=Post.objects.none())
    last = Day(label=_("Last day"), help_text=_("Yesterday ends it at once."))
    field_order = ("post", "last", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lasting = Q(valid__endswith__isnull=True) | Q(valid__endswith__gt=self.today)
        posts = Post.objects.filter(lasting, user=self.person, authority__in=self.within(), valid__isempty=False)
        self.fields["post"].queryset = posts.select_related("authority").order_by("pk")  # type: ignore[attr-defined]
        self.initial.setdefault("last", self.today)


class CertificateForm(ActForm):
    """A certificate with the days it is valid, both included."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Certificate.Kind.choices)
    number = forms.CharField(label=pgettext_lazy("certificate", "Number"), max_length=40)
    areas = forms.ModelMultipleChoiceField(
        label=_("Areas"),
        queryset=Region.objects.none(),
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: every area of the authority."),
    )
    first = Day(label=_("First day"))
    last = Day(label=_("Last day"))
    field_order = ("kind", "number", "first", "last", "areas")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = self.actor.authority
        within = Region.objects.filter(path__startswith=here.region.path) if here else Region.objects.none()
        self.fields["areas"].queryset = within  # type: ignore[attr-defined]

    def clean_areas(self) -> list[str]:
        """As the certificate keeps them: codes."""
        return [region.code for region in self.cleaned_data["areas"]]


class _OfCertificate(ActForm):
    certificate = _OwnChoice(label=_("Certificate"), queryset=Certificate.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = Certificate.objects.filter(user=self.person, revoked_because="").order_by("pk")
        self.fields["certificate"].queryset = held  # type: ignore[attr-defined]


class RenewForm(_OfCertificate):
    """Which certificate, and its new last day."""

    last = Day(label=_("Valid until"))


class RevokeForm(_OfCertificate, ReasonForm):
    """Which certificate, and why; it no longer holds from today on."""

    field_order = ("certificate", "reason")


@dataclass(frozen=True)
class Act:
    """One thing an administrator does: `run(actor, person, today=…, **facts)` does it or raises `StaffRefused`.

    `secret`: what it returns is a one-time password, shown once. `offered(person)`: whether it makes sense now.
    """

    label: str | Promise
    done: str | Promise
    role: Role
    form: type[ActForm]
    run: Callable[..., Any]
    secret: bool = False
    offered: Callable[[User], bool] = lambda person: True


ACTS: Mapping[str, Act] = {
    "give-post": Act(_("Give a post"), _("The post is given."), Role.SECURITY_ADMIN, PostForm, staff.give_post),
    "end-post": Act(_("End a post"), _("The post ends."), Role.SECURITY_ADMIN, EndPostForm, staff.end_post),
    "add-certificate": Act(
        _("Enter a certificate"), _("The certificate is entered."), Role.SECURITY_ADMIN, CertificateForm,
        staff.add_certificate,
    ),
    "renew-certificate": Act(
        _("Renew a certificate"), _("The certificate is renewed."), Role.SECURITY_ADMIN, RenewForm,
        staff.renew_certificate,
    ),
    "revoke-certificate": Act(
        _("Revoke a certificate"), _("The certificate is revoked."), Role.SECURITY_ADMIN, RevokeForm,
        staff.revoke_certificate,
    ),
    "reset-password": Act(
        _("Give a one-time password"), _("The one-time password is given."), Role.SYSTEM_ADMIN, ReasonForm,
        staff.reset_password, secret=True,
    ),
    "reset-second-factor": Act(
        _("Reset the second factor"), _("The second factor is reset."), Role.SYSTEM_ADMIN, ReasonForm,
        staff.reset_second_factor,
    ),
    "disable": Act(
        _("Disable signing in"), _("Signing in is disabled."), Role.SYSTEM_ADMIN, ReasonForm, staff.disable,
        offered=lambda person: person.is_active,
    ),
    "enable": Act(
        _("Enable signing in"), _("Signing in is enabled."), Role.SYSTEM_ADMIN, ReasonForm, staff.enable,
        offered=lambda person: not person.is_active,
    ),
}  # fmt: skip


def acts_for(actor: Actor, person: User) -> list[tuple[str, Act]]:
    """What this administrator may do to this account; nothing to one's own."""
    if actor.user == person:
        return []
    return [(name, act) for name, act in ACTS.items() if actor.has(act.role) and act.offered(person)]

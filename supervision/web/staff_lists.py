"""The people of the authorities as a list, for the three administrators and the heads (人员)."""

from datetime import date, timedelta
from typing import Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from supervision.parties.models import Certificate, Post, User
from supervision.parties.roles import Role
from supervision.parties.services.staff import GIVEN_BY_NOBODY, READERS, staff_seen_by
from supervision.procedure import clock

from . import format as shape
from .columns import Column
from .lists import ListView
from .oversight_lists import authorities_seen

SOON_DAYS = 30


def validity(certificate: Certificate, today: date) -> tuple[str, str]:
    """A certificate's standing on that day as (tone, word)."""
    days = certificate.valid
    if certificate.revoked_because:
        return "bad", _("revoked")
    if days.isempty or (days.upper is not None and days.upper <= today):
        return "bad", _("expired")
    if days.lower is not None and days.lower > today:
        return "", _("not yet valid")
    if days.upper is not None and days.upper - today <= timedelta(days=SOON_DAYS):
        return "warn", _("expires %(day)s") % {"day": shape.day(days.upper - timedelta(days=1))}
    return "ok", pgettext("certificate", "valid")


class StaffFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        label=gettext_lazy("Name, staff number or certificate"),
        method="named",
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    authority = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Authority"), queryset=authorities_seen, method="at_authority"
    )
    role = django_filters.ChoiceFilter(
        label=gettext_lazy("Role"),
        choices=[(role.value, role.label) for role in Role if role not in GIVEN_BY_NOBODY],
        method="in_role",
    )
    certificate = django_filters.ChoiceFilter(
        label=gettext_lazy("Certificate"),
        choices=[
            ("valid", pgettext_lazy("certificate", "valid")),
            ("soon", gettext_lazy("expires soon")),
            ("none", gettext_lazy("none valid")),
        ],
        method="certified",
    )
    active = django_filters.ChoiceFilter(
        label=gettext_lazy("Signing in"),
        field_name="is_active",
        choices=((True, gettext_lazy("enabled")), (False, gettext_lazy("disabled"))),
    )

    class Meta:
        model = User
        fields: ClassVar[list[str]] = []

    def named(self, rows: QuerySet[User], _name: str, value: str) -> QuerySet[User]:
        holding = Certificate.objects.filter(user=OuterRef("pk"), number__icontains=value)
        return rows.filter(Q(name__icontains=value) | Q(username__icontains=value) | Exists(holding))

    def at_authority(self, rows: QuerySet[User], _name: str, value: Any) -> QuerySet[User]:
        posted = Post.objects.filter(user=OuterRef("pk"), authority=value, valid__contains=clock.today())
        return rows.filter(Q(employer=value) | Exists(posted))

    def in_role(self, rows: QuerySet[User], _name: str, value: str) -> QuerySet[User]:
        return rows.filter(Exists(Post.objects.filter(user=OuterRef("pk"), role=value, valid__contains=clock.today())))

    def certified(self, rows: QuerySet[User], _name: str, value: str) -> QuerySet[User]:
        today = clock.today()
        now = Certificate.objects.filter(user=OuterRef("pk"), valid__contains=today)
        if value == "none":
            return rows.filter(~Exists(now))
        if value == "soon":
            now = now.filter(valid__endswith__lte=today + timedelta(days=SOON_DAYS))
        return rows.filter(Exists(now))


def _roles(person: User) -> str:
    """The roles held today, with the authority where it is another than the employer."""
    return "、".join(
        post.get_role_display()
        if post.authority_id == person.employer_id
        else f"{post.get_role_display()}（{post.authority}）"
        for post in person.posts_today  # type: ignore[attr-defined]
    )


def _certificates(person: User) -> str:
    return "、".join(one.number for one in person.certificates.all())


def _certificates_cell(person: User) -> SafeString:
    today = clock.today()
    return format_html_join(
        "",
        '<div class="row"><span>{}</span> <span class="tag {}">{}</span></div>',
        ((one.number, *validity(one, today)) for one in person.certificates.all()),
    )


def _sign_in_cell(person: User) -> SafeString:
    if not person.is_active:
        return format_html('<span class="tag bad">{}</span>', _("disabled"))
    if person.one_time_until:
        return format_html('<span class="tag warn">{}</span>', _("one-time password"))
    return format_html('<span class="tag ok">{}</span>', _("enabled"))


class StaffList(ListView):
    """Everybody employed or posted within the jurisdiction."""

    name = "parties.staff"
    title = gettext_lazy("Staff")
    template_name = "pages/staff/list.html"
    columns = (
        Column("name", pgettext_lazy("person", "Name"), lead=True, sort="name",
               link=lambda row: reverse("web:staff-person", args=[row.pk])),
        Column("username", gettext_lazy("Staff number"), sort="username"),
        Column("employer", gettext_lazy("Employed at")),
        Column("posts", gettext_lazy("Posts today"), value=_roles),
        Column("certificates", gettext_lazy("Certificates"), value=_certificates, cell=_certificates_cell),
        Column("is_active", gettext_lazy("Signing in"), cell=_sign_in_cell,
               value=lambda row: _("enabled") if row.is_active else _("disabled")),
        Column("last_login", gettext_lazy("Last signed in"), kind="datetime", sort="last_login", phone=False),
    )  # fmt: skip
    filterset_class = StaffFilter
    default_sort = "username"
    empty_title = gettext_lazy("Nobody is entered yet")
    empty_text = gettext_lazy("The system administrator adds accounts; the security administrator gives posts.")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.request.actor.authority is None or not self.request.actor.has(*READERS):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[User]:
        today = clock.today()
        posts = Post.objects.filter(valid__contains=today, authority__isnull=False).select_related("authority")
        return (
            staff_seen_by(self.request.actor, today)
            .select_related("employer")
            .prefetch_related(
                Prefetch("posts", posts.order_by("pk"), to_attr="posts_today"),
                Prefetch("certificates", Certificate.objects.order_by("pk")),
            )
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(may_add=self.request.actor.has(Role.SYSTEM_ADMIN), **kwargs)

"""`/staff/`: accounts, posts and certificates of the authorities' people, for their three administrators."""

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from supervision.parties.masks import mask_id
from supervision.parties.models import Certificate, Post, StaffEvent, User
from supervision.parties.roles import Role
from supervision.parties.services.staff import READERS, add_staff, staff_seen_by
from supervision.parties.staff_acts import ACTS, AddForm, acts_for
from supervision.procedure import clock

from .filters import FlagFilter
from .forms import body, filled
from .views import ApiViewSet

NAMES = list(ACTS)
BODIES = {"application/json": {"oneOf": [body(act.form)["application/json"] for act in ACTS.values()]}}
NO_STORE = {"Cache-Control": "no-store"}


class Days(serializers.Serializer[Any]):
    """First day, and the day before which it ended; both None for what never began."""

    since = serializers.DateField(source="valid.lower", allow_null=True)
    before = serializers.DateField(source="valid.upper", allow_null=True)


class PostSerializer(serializers.ModelSerializer[Post]):
    """A role held at an authority or provider."""

    at = serializers.SerializerMethodField()
    days = Days(source="*")

    class Meta:
        model = Post
        fields = ("id", "role", "at", "section", "days")

    def get_at(self, post: Post) -> str:
        return str((post.authority or post.provider).code)  # type: ignore[union-attr]


class CertificateSerializer(serializers.ModelSerializer[Certificate]):
    """A certificate with its validity."""

    days = Days(source="*")

    class Meta:
        model = Certificate
        fields = ("id", "kind", "number", "areas", "days", "revoked_because")


class StaffSerializer(serializers.ModelSerializer[User]):
    """An account with every post and certificate; the phone is masked."""

    employer = serializers.CharField(source="employer.code", default=None)
    phone = serializers.SerializerMethodField()
    posts = PostSerializer(many=True, read_only=True)
    certificates = CertificateSerializer(many=True, read_only=True)

    class Meta:
        model = User
        fields: tuple[str, ...] = (
            "id", "username", "name", "phone", "employer", "is_active", "one_time_until", "last_login", "posts",
            "certificates",
        )  # fmt: skip

    def get_phone(self, person: User) -> str:
        return mask_id(person.phone)


class StaffEventSerializer(serializers.ModelSerializer[StaffEvent]):
    """What an administrator did to an account."""

    by = serializers.CharField(source="by.name", default=None)
    authority = serializers.CharField(source="authority.code", default=None)

    class Meta:
        model = StaffEvent
        fields = ("verb", "by", "authority", "facts", "at")


class StaffDetailSerializer(StaffSerializer):
    """An account with its history, and what the caller may do to it."""

    history = StaffEventSerializer(source="staff_events", many=True, read_only=True)
    acts = serializers.SerializerMethodField()

    class Meta(StaffSerializer.Meta):
        fields = (*StaffSerializer.Meta.fields, "history", "acts")

    def get_acts(self, person: User) -> list[str]:
        return [name for name, _act in acts_for(self.context["request"].actor, person)]


class StaffFilter(django_filters.FilterSet):
    """By staff number, name, employer, role today, whether signing in is enabled."""

    name = django_filters.CharFilter(lookup_expr="icontains")
    employer = django_filters.CharFilter(field_name="employer__code")
    role = django_filters.ChoiceFilter(choices=Role.choices, method="in_role")
    is_active = FlagFilter()

    class Meta:
        model = User
        fields = ("username",)

    def in_role(self, rows: QuerySet[User], _name: str, value: str) -> QuerySet[User]:
        return rows.filter(pk__in=Post.objects.filter(role=value, valid__contains=clock.today()).values("user"))


class StaffViewSet(ApiViewSet):
    """People of the jurisdiction: the system administrator keeps accounts, the security administrator the rest."""

    serializer_class: Any = StaffSerializer
    filterset_class = StaffFilter
    queryset = User.objects.none()

    def get_queryset(self) -> QuerySet[User]:
        posts = Post.objects.select_related("authority", "provider").order_by("-pk")
        seen = staff_seen_by(self.actor, clock.today()).select_related("employer")
        return seen.prefetch_related(
            Prefetch("posts", posts), Prefetch("certificates", Certificate.objects.order_by("pk"))
        )

    @extend_schema(summary="List staff")
    def list(self, request: Request) -> Response:
        """For administrators and heads."""
        if not self.actor.has(*READERS):
            raise PermissionDenied(_("Administrators and heads see the staff."))
        return self.paged(request, self.get_queryset())

    @extend_schema(summary="One person with the history", responses=StaffDetailSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        """By id."""
        return Response(StaffDetailSerializer(self.one(self.get_queryset(), pk), context={"request": request}).data)

    @extend_schema(summary="Add a person", request=body(AddForm), responses={201: OpenApiTypes.OBJECT})
    def create(self, request: Request) -> Response:
        """By the system administrator; the answer holds the one-time password, which is kept nowhere."""
        if not self.actor.has(Role.SYSTEM_ADMIN):
            raise PermissionDenied(_("The system administrator adds accounts."))
        today = clock.today()
        told = filled(request, AddForm, actor=self.actor, person=None, today=today)
        person, password = add_staff(self.actor, **told, today=today)
        answer = {"id": person.pk, "username": person.username, "one_time_password": password}
        headers = {"Location": f"/api/v1/staff/{person.pk}/", **NO_STORE}
        return Response(answer, status=status.HTTP_201_CREATED, headers=headers)

    @extend_schema(
        summary="Do something to an account, a post or a certificate",
        parameters=[OpenApiParameter("name", OpenApiTypes.STR, OpenApiParameter.PATH, enum=NAMES)],
        request=BODIES,
        responses=StaffDetailSerializer,
    )
    @action(
        detail=True, methods=["post"], url_path="acts/(?P<name>[a-z-]+)", filterset_class=None, pagination_class=None
    )
    def act(self, request: Request, pk: str, name: str) -> Response:
        """The forms of the pages; 403 for what is another administrator's to do, 409 with the reason when refused.

        `reset-password` answers with `one_time_password` besides.
        """
        person = self.one(self.get_queryset(), pk)
        declared = dict(acts_for(self.actor, person)).get(name)
        if declared is None:
            if name not in ACTS:
                raise Http404
            raise PermissionDenied(_("This is another administrator's to do, or makes no sense now."))
        today = clock.today()
        told = filled(request, declared.form, actor=self.actor, person=person, today=today)
        outcome = declared.run(self.actor, person, **told, today=today)
        fresh = self.one(self.get_queryset(), pk)
        answer = StaffDetailSerializer(fresh, context={"request": request}).data
        return Response({**answer, **({"one_time_password": outcome} if declared.secret else {})}, headers=NO_STORE)

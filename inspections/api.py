"""`/leads/`, `/inspection-tasks/`, `/plans/`, `/draws/`: what opens such a matter; its steps are in `/dossiers/`."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiTypes, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from supervision.api.dossiers import KEY, DossierFilter
from supervision.api.forms import body, filled
from supervision.api.problems import problem
from supervision.api.serializers import DossierDetailSerializer, DossierSerializer, PartySerializer
from supervision.api.views import ApiViewSet
from supervision.parties.models import Authority
from supervision.procedure.models import Dossier
from supervision.procedure.selectors import visible_to

from .draws.forms import PlanForm
from .draws.models import Draw, YearPlan
from .draws.selectors import draws, plans, publication_of, targets_of
from .draws.services import draft_plan
from .leads.forms import RegisterLeadForm
from .models import Finding, InspectionTask, Lead
from .onsite.forms import OpenTaskForm
from .onsite.selectors import NoChecklist, tasks
from .selectors import leads
from .services import open_lead, open_task

OPENED: dict[int | str, Any] = {201: DossierDetailSerializer, 409: OpenApiTypes.OBJECT, 422: OpenApiTypes.OBJECT}


class OriginMixin(forms.Form):
    """The matter this one arises from, by its id."""

    origin = forms.ModelChoiceField(label=_("Arose from"), queryset=Dossier.objects.none(), required=False)

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)  # type: ignore[call-arg]
        self.fields["origin"].queryset = visible_to(actor)  # type: ignore[attr-defined]


class LeadForm(OriginMixin, RegisterLeadForm):
    """A lead registered by another system: at the caller's authority, or reported to or handed down to another one."""

    authority = forms.ModelChoiceField(
        label=_("Authority"), queryset=Authority.objects.filter(active=True), to_field_name="code", required=False
    )


class TaskForm(OriginMixin, OpenTaskForm):
    """An inspection, and the lead or other matter it comes from."""


class LeadSerializer(DossierSerializer):
    """A lead as lists show it."""

    class Meta(DossierSerializer.Meta):
        model = Lead
        fields = (*DossierSerializer.Meta.fields, "source", "source_ref", "received_on", "suspected_amount")


class FindingSerializer(serializers.ModelSerializer[Finding]):
    """A finding with its amount in yuan."""

    class Meta:
        model = Finding
        fields = ("id", "number", "act", "clause", "description", "persons", "amount", "fund", "status")


class InspectionTaskSerializer(DossierSerializer):
    """An inspection as lists show it."""

    answered = serializers.IntegerField(read_only=True)
    findings_made = serializers.IntegerField(read_only=True)

    class Meta(DossierSerializer.Meta):
        model = InspectionTask
        fields = (*DossierSerializer.Meta.fields, "inspection_kind", "theme", "draw_ref", "answered", "findings_made")


class PlanSerializer(DossierSerializer):
    """A year's plan."""

    class Meta(DossierSerializer.Meta):
        model = YearPlan
        fields = (*DossierSerializer.Meta.fields, "year", "months")


class DrawSerializer(DossierSerializer):
    """A draw with the moments it went through."""

    class Meta(DossierSerializer.Meta):
        model = Draw
        fields = (*DossierSerializer.Meta.fields, "plan", "draw_at", "commitment", "drawn_at", "published_at")


class DrawTargetSerializer(serializers.Serializer[Any]):
    """A drawn target with its ticket, inspectors and the inspection it led to."""

    provider = PartySerializer()
    stratum = serializers.CharField()
    ticket = serializers.CharField()
    standing = serializers.BooleanField()
    task = serializers.IntegerField(source="task_id", allow_null=True)
    inspectors = serializers.SerializerMethodField()

    def get_inspectors(self, target: Any) -> list[str]:
        return [one.certificate for one in target.inspectors.all()]


class LeadViewSet(ApiViewSet):
    """Leads (HY-31, PP-14)."""

    serializer_class: Any = LeadSerializer
    filterset_class = DossierFilter
    queryset = Lead.objects.none()

    def get_queryset(self) -> QuerySet[Lead]:
        return leads(self.actor)

    @extend_schema(summary="List leads within your jurisdiction")
    def list(self, request: Request) -> Response:
        """Newest first, by cursor."""
        return self.paged(request, self.get_queryset())

    @extend_schema(
        summary="Register a lead", parameters=[KEY], request=body(LeadForm), responses=OPENED, filters=False,
        examples=[OpenApiExample("A tip", request_only=True, value={
            "source": "tip", "subject": "H99012100001", "title": "…", "facts": "…", "received_on": "2026-10-28"})],
    )  # fmt: skip
    def create(self, request: Request) -> Response:
        """One per source and reference: registering it again gives the lead that is there."""
        given = filled(request, LeadForm, actor=self.actor)
        at = given.pop("authority") or self.authority
        return self.once(request, lambda: self._told(open_lead(self.actor, authority=at, **given), at))

    def _told(self, lead: Lead, at: Authority) -> Response:
        """The lead; of one reported to a superior its number alone; nothing of another authority's."""
        if self.get_queryset().filter(pk=lead.pk).exists():
            return self.opened(lead)
        if lead.authority_id != at.pk:
            return problem(status.HTTP_409_CONFLICT, "registered", str(_("This reference is registered elsewhere")))
        return Response({"number": lead.number, "authority": at.code}, status=status.HTTP_201_CREATED)


class InspectionTaskViewSet(ApiViewSet):
    """Inspections on site (HY-31, HY-32)."""

    serializer_class: Any = InspectionTaskSerializer
    filterset_class = DossierFilter
    queryset = InspectionTask.objects.none()

    def get_queryset(self) -> QuerySet[InspectionTask]:
        return tasks(self.actor)

    @extend_schema(summary="List inspections within your jurisdiction")
    def list(self, request: Request) -> Response:
        """Newest first, by cursor."""
        return self.paged(request, self.get_queryset())

    @extend_schema(
        summary="Open an inspection", parameters=[KEY], request=body(TaskForm), responses=OPENED,
        filters=False,
    )  # fmt: skip
    def create(self, request: Request) -> Response:
        """At the caller's authority, by its officers, the first of them in charge."""
        given = filled(request, TaskForm, actor=self.actor)
        at = self.authority
        try:
            return self.once(request, lambda: self.opened(open_task(self.actor, authority=at, **given)))
        except NoChecklist as error:
            sentence = str(_("No checklist was published for this kind of party."))
            raise ValidationError({"checklist": [sentence]}) from error

    @extend_schema(summary="Its findings", responses=FindingSerializer(many=True), filters=False)
    @action(detail=True, filterset_class=None, pagination_class=None)
    def findings(self, request: Request, pk: str) -> Response:
        """In the order they were made, dropped ones too."""
        task = self.one(self.get_queryset(), pk)
        return Response(FindingSerializer(task.findings.order_by("number"), many=True).data)


class PlanViewSet(ApiViewSet):
    """Yearly plans of random checks (DR-1, DR-2)."""

    serializer_class: Any = PlanSerializer
    filterset_class = DossierFilter
    queryset = YearPlan.objects.none()

    def get_queryset(self) -> QuerySet[YearPlan]:
        return plans(self.actor).select_related("subject")

    @extend_schema(summary="List plans within your jurisdiction")
    def list(self, request: Request) -> Response:
        """Newest first, by cursor."""
        return self.paged(request, self.get_queryset())

    @extend_schema(summary="Draft a plan", parameters=[KEY], request=body(PlanForm), responses=OPENED, filters=False)
    def create(self, request: Request) -> Response:
        """At the caller's authority; its head adopts it by a step, and its draws then open by the calendar."""
        given = filled(request, PlanForm, dossier=YearPlan(authority=self.authority), actor=self.actor)
        return self.once(request, lambda: self.opened(draft_plan(actor=self.actor, facts=given)))


class DrawViewSet(ApiViewSet):
    """Draws: their steps are those of `/dossiers/{id}/`; here are targets and the published document."""

    serializer_class: Any = DrawSerializer
    filterset_class = DossierFilter
    queryset = Draw.objects.none()

    def get_queryset(self) -> QuerySet[Draw]:
        return draws(self.actor).select_related("subject")

    @extend_schema(summary="List draws within your jurisdiction")
    def list(self, request: Request) -> Response:
        """Newest first, by cursor."""
        return self.paged(request, self.get_queryset())

    @extend_schema(summary="Drawn targets", responses=DrawTargetSerializer(many=True), filters=False)
    @action(detail=True, filterset_class=None, pagination_class=None)
    def targets(self, request: Request, pk: str) -> Response:
        """By ticket; a target that was replaced no longer stands."""
        draw = self.one(self.get_queryset(), pk)
        return Response(DrawTargetSerializer(targets_of(draw), many=True).data)

    @extend_schema(summary="Announcement, and once published everything", responses=OpenApiTypes.OBJECT, filters=False)
    @action(detail=True, filterset_class=None, pagination_class=None)
    def publication(self, request: Request, pk: str) -> Response:
        """The same document everyone may read without signing in; 404 before the announcement."""
        draw = self.one(self.get_queryset(), pk)
        if draw.commitment is None:
            raise Http404
        if draw.published_at is None:
            return Response({"announcement": draw.announcement, "commitment": draw.commitment})
        return Response(publication_of(draw))


routes = [
    ("leads", LeadViewSet),
    ("inspection-tasks", InspectionTaskViewSet),
    ("plans", PlanViewSet),
    ("draws", DrawViewSet),
]

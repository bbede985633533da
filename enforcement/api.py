"""`/cases/`: proposing a case; its steps are those of `/dossiers/` (PP-14, HY-39 … HY-47)."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from inspections.officers import OfficersField
from inspections.parties import PartyField, parties_within
from supervision.api.dossiers import KEY, DossierFilter
from supervision.api.forms import body, filled
from supervision.api.serializers import DossierDetailSerializer, DossierSerializer
from supervision.api.views import ApiViewSet
from supervision.parties.actors import holders
from supervision.parties.roles import Role
from supervision.procedure import clock
from supervision.procedure.models import Dossier
from supervision.procedure.selectors import visible_to
from supervision.records.fields import PastField

from .models import EnforcementCase
from .proposal import not_after_the_lead
from .services import propose_case


class ProposalForm(forms.Form):
    """What a proposal to file a case says (PP-14)."""

    title = forms.CharField(label=_("Title"), max_length=200)
    subject = PartyField(label=_("Party concerned"), required=False)
    cause = forms.CharField(label=_("Source and cause"), max_length=5000)
    discovered_on = forms.DateField(label=_("Discovered on"))
    conduct_ended_on = PastField(label=_("Conduct ended on"), required=False)
    harms_health = forms.BooleanField(label=_("Life or health was harmed"), required=False)
    officers = OfficersField(label=_("Officers"), help_text=_("At least two; the first one named is in charge."))
    origin = forms.ModelChoiceField(label=_("Arose from"), queryset=Dossier.objects.none(), required=False)

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].queryset = parties_within(actor)  # type: ignore[attr-defined]
        self.fields["origin"].queryset = visible_to(actor)  # type: ignore[attr-defined]
        if actor.authority is not None:
            self.fields["officers"].queryset = holders(  # type: ignore[attr-defined]
                actor.authority, [Role.BUREAU_OFFICER], clock.today()
            )

    def clean_discovered_on(self) -> Any:
        """Not a day to come."""
        day = self.cleaned_data["discovered_on"]
        if day > clock.today():
            raise forms.ValidationError(_("It cannot have been discovered after today."))
        return day

    def clean(self) -> dict[str, Any]:
        """The days of the lead it arose from are those of the case (PP-14)."""
        cleaned = super().clean() or {}
        try:
            if day := cleaned.get("discovered_on"):
                not_after_the_lead(day, cleaned.get("origin"))
        except forms.ValidationError as error:
            self.add_error("discovered_on", error)
        return cleaned


class CaseSerializer(DossierSerializer):
    """A case as lists show it; fines are yuan."""

    class Meta(DossierSerializer.Meta):
        model = EnforcementCase
        fields = (
            *DossierSerializer.Meta.fields, "tier", "outcome", "fine", "decided_on", "decision_served_on",
            "published_on",
        )  # fmt: skip


class CaseViewSet(ApiViewSet):
    """Cases of the bureaus."""

    serializer_class: Any = CaseSerializer
    filterset_class = DossierFilter
    queryset = EnforcementCase.objects.none()

    def get_queryset(self) -> QuerySet[EnforcementCase]:
        seen: QuerySet[EnforcementCase] = visible_to(self.actor, EnforcementCase.objects.all())
        return seen.select_related("subject", "authority")

    @extend_schema(summary="List cases within your jurisdiction")
    def list(self, request: Request) -> Response:
        """Newest first, by cursor."""
        return self.paged(request, self.get_queryset())

    @extend_schema(
        summary="Propose a case", parameters=[KEY], request=body(ProposalForm), filters=False,
        responses={201: DossierDetailSerializer, 409: OpenApiTypes.OBJECT, 422: OpenApiTypes.OBJECT},
    )  # fmt: skip
    def create(self, request: Request) -> Response:
        """At the caller's bureau; a second proposal from the same origin gives the first case."""
        given = filled(request, ProposalForm, actor=self.actor)
        return self.once(request, lambda: self.opened(propose_case(self.actor, **given)))


routes = [("cases", CaseViewSet)]

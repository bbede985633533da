"""`/remedies/`: where a party turns against an authority's decisions (PL-59, HY-25)."""

from drf_spectacular.utils import OpenApiExample, OpenApiTypes, extend_schema, extend_schema_view

from supervision.parties.dated_forms import CancelForm, EndForm, RedressForm
from supervision.parties.models import Redress
from supervision.parties.services.redress import cancel_redress, end_redress, set_redress

from .dated import DatedSerializer, DatedViewSet
from .dossiers import KEY
from .forms import body

REFUSABLE = {409: OpenApiTypes.OBJECT, 422: OpenApiTypes.OBJECT}


class RemedySerializer(DatedSerializer):
    """Organ and court of an authority."""

    class Meta:
        model = Redress
        fields = ("id", "authority", "reconsideration", "court", "days")


ENTRY = OpenApiExample(
    "Organ and court",
    request_only=True,
    value={
        "authority": "B441602",
        "reconsideration": "源城区人民政府",
        "court": "示例·源城区人民法院",
        "begins": "2027-01-01",
    },
)


@extend_schema_view(
    list=extend_schema(summary="List remedies against decisions"),
    create=extend_schema(
        summary="Enter remedies from a day on",
        parameters=[KEY],
        request=body(RedressForm),
        responses=REFUSABLE | {201: RemedySerializer},
        examples=[ENTRY],
    ),
    end=extend_schema(
        summary="End remedies",
        parameters=[KEY],
        request=body(EndForm),
        responses=REFUSABLE | {200: RemedySerializer},
    ),
    cancel=extend_schema(
        summary="Cancel remedies entered by mistake",
        parameters=[KEY],
        request=body(CancelForm),
        responses=REFUSABLE | {200: RemedySerializer},
    ),
)
class RemedyViewSet(DatedViewSet):
    """The reconsideration organ and the court that decisions name."""

    serializer_class = RemedySerializer
    queryset = rows = Redress.objects.all()
    form_class = RedressForm
    enter = staticmethod(set_redress)
    finish = staticmethod(end_redress)
    undo = staticmethod(cancel_redress)

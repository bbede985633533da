"""`/offices/`: where a party reaches an authority, as its notices tell (PL-44, HY-22)."""

from drf_spectacular.utils import OpenApiExample, OpenApiTypes, extend_schema, extend_schema_view

from supervision.parties.dated_forms import CancelForm, EndForm, OfficeForm
from supervision.parties.models import Office
from supervision.parties.services.redress import cancel_office, end_office, set_office

from .dated import DatedSerializer, DatedViewSet
from .dossiers import KEY
from .forms import body

REFUSABLE = {409: OpenApiTypes.OBJECT, 422: OpenApiTypes.OBJECT}


class OfficeSerializer(DatedSerializer):
    """Address, unit or person, and telephone of an authority."""

    class Meta:
        model = Office
        fields = ("id", "authority", "address", "contact", "phone", "days")


ENTRY = OpenApiExample(
    "An office",
    request_only=True,
    value={
        "authority": "B441602",
        "address": "示例路1号",
        "contact": "基金监管科",
        "phone": "0762-1602000",
        "begins": "2027-01-01",
    },
)


@extend_schema_view(
    list=extend_schema(summary="List offices of authorities"),
    create=extend_schema(
        summary="Enter an office from a day on",
        parameters=[KEY],
        request=body(OfficeForm),
        responses=REFUSABLE | {201: OfficeSerializer},
        examples=[ENTRY],
    ),
    end=extend_schema(
        summary="End an office",
        parameters=[KEY],
        request=body(EndForm),
        responses=REFUSABLE | {200: OfficeSerializer},
    ),
    cancel=extend_schema(
        summary="Cancel an office entered by mistake",
        parameters=[KEY],
        request=body(CancelForm),
        responses=REFUSABLE | {200: OfficeSerializer},
    ),
)
class OfficeViewSet(DatedViewSet):
    """The address, unit and telephone that notices tell."""

    serializer_class = OfficeSerializer
    queryset = rows = Office.objects.all()
    form_class = OfficeForm
    enter = staticmethod(set_office)
    finish = staticmethod(end_office)
    undo = staticmethod(cancel_office)

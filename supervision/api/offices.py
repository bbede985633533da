"""`/offices/`: where a party reaches an authority, as its notices tell (PL-44, HY-22)."""

from supervision.parties.dated_forms import OfficeForm
from supervision.parties.models import Office
from supervision.parties.services.redress import cancel_office, end_office, set_office

from .dated import DatedSerializer, DatedViewSet, documented


class OfficeSerializer(DatedSerializer):
    """Address, unit or person, and telephone of an authority."""

    class Meta:
        model = Office
        fields = ("id", "authority", "address", "contact", "phone", "days")


ENTRY = {
    "authority": "B441602",
    "address": "示例路1号",
    "contact": "基金监管科",
    "phone": "0762-1602000",
    "begins": "2027-01-01",
}


@documented(
    OfficeSerializer, OfficeForm, ("An office", ENTRY),
    list="List offices of authorities", create="Enter an office from a day on", end="End an office",
    cancel="Cancel an office entered by mistake",
)  # fmt: skip
class OfficeViewSet(DatedViewSet):
    """The address, unit and telephone that notices tell."""

    serializer_class = OfficeSerializer
    queryset = rows = Office.objects.all()
    form_class = OfficeForm
    enter = staticmethod(set_office)
    finish = staticmethod(end_office)
    undo = staticmethod(cancel_office)

"""`/remedies/`: where a party turns against an authority's decisions (PL-59, HY-25)."""

from supervision.parties.dated_forms import RedressForm
from supervision.parties.models import Redress
from supervision.parties.services.redress import cancel_redress, end_redress, set_redress

from .dated import DatedSerializer, DatedViewSet, documented


class RemedySerializer(DatedSerializer):
    """Organ and court of an authority."""

    class Meta:
        model = Redress
        fields = ("id", "authority", "reconsideration", "court", "days")


ENTRY = {
    "authority": "B441602",
    "reconsideration": "源城区人民政府",
    "court": "示例·源城区人民法院",
    "begins": "2027-01-01",
}


@documented(
    RemedySerializer, RedressForm, ("Organ and court", ENTRY),
    list="List remedies against decisions", create="Enter remedies from a day on", end="End remedies",
    cancel="Cancel remedies entered by mistake",
)  # fmt: skip
class RemedyViewSet(DatedViewSet):
    """The reconsideration organ and the court that decisions name."""

    serializer_class = RemedySerializer
    queryset = rows = Redress.objects.all()
    form_class = RedressForm
    enter = staticmethod(set_redress)
    finish = staticmethod(end_redress)
    undo = staticmethod(cancel_redress)

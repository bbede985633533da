"""Officers of a matter: who they are now, and the field by which they are chosen."""

from typing import Any

from django import forms

from supervision.parties.models import User
from supervision.procedure.models import Assignment, Dossier


def officers_of(dossier: Dossier) -> list[User]:
    """Officers in charge or assisting now, the one in charge first."""
    held = dossier.assignments.filter(until=None).exclude(duty=Assignment.Duty.REVIEW)
    return list(dict.fromkeys(each.user for each in held.select_related("user").order_by("-duty", "pk")))


class OfficersField(forms.ModelMultipleChoiceField):
    """Several officers, ticked; the form sets whom its authority has.

    Cleaned value: a list in the order they were named, since the first is in charge.
    """

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=User.objects.none(), **kwargs)

    def clean(self, value: Any) -> Any:
        """Those named, in that order; raises ValidationError for one who is not offered."""
        found = super().clean(value)
        places = {str(one): place for place, one in enumerate(value or ())}
        return sorted(found, key=lambda user: places.get(str(user.pk), len(places)))

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)

"""Forms of what holds for an authority from a day on; pages and the API share them."""

from typing import Any, ClassVar

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from .models import Authority, Office, Redress
from .services import dated
from .staff_acts import ActForm, Day, ReasonForm

TELEPHONE = RegexValidator(
    r"^(?=(?:\D*\d){5})[0-9+()（）、,，;； 转-]+\Z",
    _("A telephone number: digits, with area code and extension if any."),
)


class BeginForm(ActForm):
    """For which authority in the actor's charge, and from which day on; why, where that day has passed.

    `model` is what it enters, `told_apart` the fields beside the authority by which entries do not end each other.
    """

    model: ClassVar[Any]
    told_apart: ClassVar[tuple[str, ...]] = ()

    authority = forms.ModelChoiceField(
        label=_("Authority"), queryset=Authority.objects.none(), to_field_name="code", empty_label="—"
    )
    begins = Day(label=_("In force from"), help_text=_("What is in force then ends the day before."))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        required=False,
        help_text=_("Only for a day that has passed: why it is entered only now."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, person=None, **kwargs)
        self.fields["authority"].queryset = self.within()  # type: ignore[attr-defined]
        if self.actor.authority is not None:
            self.initial.setdefault("authority", self.actor.authority.code)
        self.initial.setdefault("begins", self.today)

    def effect(self) -> dated.Effect | None:
        """What entering this would do to what is entered already; None while authority or day are not there yet."""
        said: dict[str, Any] = {}
        for name in ("authority", "begins", *self.told_apart):
            field = self.fields[name]
            given = self[name].value()
            try:
                said[name] = field.clean(given.pk if isinstance(given, Authority) else given)
            except forms.ValidationError:
                return None
        begins = said.pop("begins")
        return dated.effect(self.model._default_manager.filter(**said), begins, self.today)


class RedressForm(BeginForm):
    """The reconsideration organ and the court (PL-59)."""

    model = Redress

    reconsideration = forms.CharField(label=_("Reconsideration organ"), max_length=100)
    court = forms.CharField(label=_("Court with jurisdiction"), max_length=100)
    field_order = ("authority", "reconsideration", "court", "begins", "reason")


class OfficeForm(BeginForm):
    """Address, unit or person, and telephone (PL-44)."""

    model = Office

    address = forms.CharField(label=_("Address"), max_length=200)
    contact = forms.CharField(label=_("Whom to ask for"), max_length=100)
    phone = forms.CharField(label=_("Telephone"), max_length=40, validators=[TELEPHONE])
    field_order = ("authority", "address", "contact", "phone", "begins", "reason")


class EndForm(ReasonForm):
    """The last day, and why nothing takes its place."""

    last = Day(label=_("Last day in force"), help_text=_("Yesterday ends it at once."))
    field_order = ("last", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, person=None, **kwargs)
        self.initial.setdefault("last", self.today)


class CancelForm(ReasonForm):
    """Why it was a mistake."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, person=None, **kwargs)

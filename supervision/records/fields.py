"""Form fields of records: a day, lines, a verdict, and a file that is kept as evidence."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from supervision.parties.models import User
from supervision.procedure import clock

from . import intake
from .models import Evidence
from .selectors import held_already, holder_of


class DateInput(forms.DateInput):
    """The browser's own date picker, with the ISO text it wants."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class DateTimeInput(forms.DateTimeInput):
    """The browser's own picker for a day and a time."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%dT%H:%M")


class TimeField(forms.TimeField):
    """The time of a day, to the minute."""

    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


def is_before(day: date, at: time | None, moment: datetime) -> bool:
    """Whether that minute of the day lies before the minute of the moment; without a time only the day is compared."""
    known = timezone.localtime(moment).replace(second=0, microsecond=0, tzinfo=None)
    return day < known.date() if at is None else datetime.combine(day, at) < known


def is_to_come(day: date, at: time) -> bool:
    """Whether that minute of the day has not come yet; the minute that runs may be rounded up to the next."""
    return datetime.combine(day, at) - timedelta(minutes=1) > timezone.localtime(clock.now()).replace(tzinfo=None)


class DateField(forms.DateField):
    """A day."""

    widget = DateInput


def long_text(label: Any, *, rows: int = 4, most: int = 20000, **more: Any) -> forms.CharField:
    """A text of several lines, of at most so many characters."""
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **more)


class LinesField(forms.Field):
    """A list of texts, typed one a line; also takes a list as it is. Cleaned value: the lines that say something."""

    widget = forms.Textarea(attrs={"rows": 4})
    most = 200
    longest = 2000

    def to_python(self, value: Any) -> list[str]:
        """The lines; raises ValidationError for too many or one too long."""
        given = value.splitlines() if isinstance(value, str) else list(value or [])
        lines = [line for line in (str(line).strip() for line in given) if line]
        if len(lines) > self.most or any(len(line) > self.longest for line in lines):
            message = _("At most %(most)s lines of %(longest)s characters each.")
            raise forms.ValidationError(message % {"most": self.most, "longest": self.longest})
        return lines

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, (list, tuple)) else value


class VerdictField(forms.ChoiceField):
    """Accepted or not, with no answer given beforehand. Cleaned value: 'yes' or 'no'."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=[("", "—"), ("yes", _("accepted")), ("no", _("not accepted"))], **kwargs)

    def to_python(self, value: Any) -> str:
        """Take a boolean for the word."""
        return super().to_python({True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value)


class PastField(DateField):
    """A day that has come."""

    def clean(self, value: Any) -> date | None:
        """The day; raises ValidationError for one that has not come."""
        day: date | None = super().clean(value)
        if day and day > clock.today():
            raise forms.ValidationError(_("This day has not come yet."))
        return day


class DayField(PastField):
    """The day something was done: today unless told otherwise, never a day to come."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, initial=clock.today, **kwargs)

    def clean(self, value: Any) -> date:
        """As `PastField`; today where nothing is given."""
        return super().clean(value) or clock.today()


class _ByPost:
    """Names a person with the posts held (`held`, prefetched by the form); investigators are marked (PL-57)."""

    investigators: frozenset[int] = frozenset()

    def label_from_instance(self, person: User) -> str:
        """Name and posts, and whether the person investigated this matter."""
        posts = dict.fromkeys(str(post.get_role_display()) for post in getattr(person, "held", ()))
        parts = [person.name, "、".join(posts)]
        if person.pk in self.investigators:
            parts.append(str(_("investigates this matter")))
        return " · ".join(filter(None, parts))


class MemberField(_ByPost, forms.ModelChoiceField):
    """One of those present; the form sets who is offered."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"queryset": User.objects.none(), **kwargs})


class MembersField(_ByPost, forms.ModelMultipleChoiceField):
    """Several of those present, ticked; the form sets who is offered."""

    def __init__(self, **kwargs: Any) -> None:
        given = {"queryset": User.objects.none(), "widget": forms.CheckboxSelectMultiple}
        super().__init__(**{**given, **kwargs})


class EvidenceField(forms.ModelMultipleChoiceField):
    """Pieces of evidence to rest something on, each with its kind and whether it was verified (HY-37)."""

    def __init__(self, **kwargs: Any) -> None:
        given = {"queryset": Evidence.objects.none(), "widget": forms.CheckboxSelectMultiple}
        super().__init__(**{**given, **kwargs})

    def label_from_instance(self, piece: Evidence) -> str:
        """Title, kind and state; a piece of another matter than the form's says of which."""
        parts = [piece.title, piece.get_kind_display(), piece.get_state_display()]
        if getattr(piece, "from_elsewhere", False):
            parts.append(piece.dossier.number)
        return " · ".join(str(part) for part in parts)


class StoredFileField(forms.FileField):
    """An upload that is checked and stored by its content; cleaned to what an event can keep.

    Cleaned value: `{"sha256", "size", "media_type", "name"}` or None. The evidence row is made by the service that
    takes the facts; `keeps` is its kind, where the field is to refuse what is evidence of another kind already.
    Stored content that no row comes to name is swept away later.
    """

    dossier: Any = None  # set by the step's form

    def __init__(self, *, keeps: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.keeps = keeps

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Check the upload and store it.

        Raises ValidationError for a wrong type, size or a virus, and for what is evidence of another kind already.
        """
        kept = self._kept(data, initial)
        holder = holder_of(self.dossier, kept["sha256"]) if kept and self.keeps and self.dossier else None
        if holder is not None and holder.kind != self.keeps:
            raise forms.ValidationError(held_already(holder))
        return kept

    def _kept(self, data: Any, initial: Any) -> Any:
        if isinstance(data, dict) and set(data) == set(intake.KEYS):
            return data
        file = super().clean(data, initial)
        return intake.take_in(file) if isinstance(file, UploadedFile) else None

    def title(self, kept: Mapping[str, Any]) -> str:
        """What a reader is told of the file."""
        return str(kept.get("name") or "")


class SignatureField(StoredFileField):
    """What was signed by hand: drawn on a screen, or on a page of which there is a picture."""

    def title(self, kept: Mapping[str, Any]) -> str:
        """The name of the file tells nothing: the screen gives it."""
        return str(_("Signed by hand"))

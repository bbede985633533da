"""What the public fills in: a tip, and the question how it stands."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import RegexValidator
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from supervision.parties.models import Authority, Region
from supervision.records.fields import StoredFileField, long_text

FILES = ("file_1", "file_2", "file_3")


class TipFileField(StoredFileField):
    """A file checked as evidence is, and smaller: it comes from anybody."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Raises ValidationError for one larger than `TIP_MAX_BYTES`, before anything of it is kept."""
        if isinstance(data, UploadedFile) and (data.size or 0) > settings.TIP_MAX_BYTES:
            most = filesizeformat(settings.TIP_MAX_BYTES)
            raise forms.ValidationError(_("The file is larger than %(most)s.") % {"most": most})
        return super().clean(data, initial)


class TipForm(forms.Form):
    """Where, whom, what, files, and, if the giver wants to be told, who gives it (TR-1, TR-3)."""

    region = forms.ModelChoiceField(
        label=_("Where it happened"), queryset=Region.objects.none(), to_field_name="code", empty_label="—"
    )
    about = forms.CharField(
        label=_("Whom the tip is about"), max_length=100, help_text=_("The full name of the institution or person.")
    )
    facts = long_text(pgettext_lazy("tip", "What happened"), rows=7, most=5000)
    file_1 = TipFileField(label=_("File"), required=False)
    file_2 = TipFileField(label=_("Another file"), required=False)
    file_3 = TipFileField(label=_("Another file"), required=False)
    name = forms.CharField(
        label=_("Your name"),
        max_length=60,
        required=False,
        help_text=_("Only if you want to be told the outcome or to claim a reward; kept encrypted and confidential."),
    )
    phone = forms.CharField(
        label=_("Your phone"),
        max_length=20,
        required=False,
        validators=[RegexValidator(r"^\+?[0-9][0-9 -]{5,18}\Z", _("A phone number has digits."))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bureaus = Authority.objects.filter(body=Authority.Body.BUREAU, active=True)
        regions = Region.objects.filter(pk__in=bureaus.values("region")).order_by("path")
        self.fields["region"].queryset = regions  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Name and phone together or not at all; `files` are those given."""
        said: dict[str, Any] = {**(super().clean() or {})}
        for given, missing in (("name", "phone"), ("phone", "name")):
            if said.get(given) and not said.get(missing) and missing not in self.errors:
                self.add_error(missing, _("Give name and phone, or neither to stay anonymous."))
        said["files"] = [file for field in FILES if (file := said.pop(field, None))]
        return said


class StateForm(forms.Form):
    """What one was shown when the tip was taken in."""

    receipt = forms.CharField(label=_("Receipt number"), max_length=20)
    code = forms.CharField(label=_("Query code"), max_length=20)

"""Forms of the account pages."""

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    """Staff number and password; the message does not tell which of them is wrong."""

    error_messages: ClassVar[dict[str, Any]] = {  # type: ignore[misc]
        "invalid_login": _("Staff number and password do not match. After five wrong tries the number is locked."),
        "inactive": _("This account has been closed. Ask your system administrator."),
        "one_time_over": _("The one-time password has expired. Ask your system administrator for a new one."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Staff number")
        self.fields["password"].label = _("Password")

    def confirm_login_allowed(self, user: Any) -> None:
        super().confirm_login_allowed(user)
        if user.is_machine:
            raise self.get_invalid_login_error()
        if user.one_time_until and user.one_time_until < timezone.now():
            raise forms.ValidationError(self.error_messages["one_time_over"], code="one_time_over")


class PasswordForm(PasswordChangeForm):
    """Old password, new password twice."""

    field_order = ("old_password", "new_password1", "new_password2")


class TokenForm(forms.Form):
    """A code of the authenticator, or a recovery code."""

    token = forms.CharField(
        label=_("Code"),
        max_length=16,
        strip=True,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def clean_token(self) -> str:
        return str(self.cleaned_data["token"]).replace(" ", "").lower()

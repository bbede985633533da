"""Sign-in with lockout and second factor, password, and the place where a person acts."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django.views.i18n import set_language
from django_otp import login as otp_login
from django_otp import match_token

from supervision.parties.served import serving
from supervision.parties.services.staff import forget_second_factor, own_password_chosen

from .. import kept, second_factor
from ..account_forms import PasswordForm, SignInForm, TokenForm
from ..middleware import PLACE_KEY
from ..request import PageRequest

View = Callable[..., HttpResponseBase]


def before_second_factor(view: View) -> View:
    """Mark a view that a signed-in person may use before proving the second factor."""
    view.before_second_factor = view.before_own_password = True  # type: ignore[attr-defined]
    return view


def next_page(request: PageRequest) -> str:
    """Where the person was going: only an address of this site, and never a sign-in page again."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return url if safe else reverse(settings.LOGIN_REDIRECT_URL)


class SignIn(auth_views.LoginView):
    """Sign in by staff number; five wrong passwords lock that number at that address for a quarter of an hour."""

    template_name = "pages/account/sign-in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kept_input = kept.waiting(self.request)
        return super().get_context_data(kept_input=kept_input, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        kept.remember_author(self.request, response)
        return response


@before_second_factor
@require_POST
def sign_out(request: PageRequest) -> HttpResponse:
    """End the session."""
    return auth_views.LogoutView.as_view(next_page=reverse_lazy("web:sign-in"))(request)


def locked_out(request: PageRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """The answer of axes while a number is locked: until when, and what to do (AXES_LOCKOUT_CALLABLE)."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    return render(request, "pages/account/locked.html", {"minutes": minutes}, status=429)


@before_second_factor
@never_cache
@sensitive_post_parameters("token")
def verify(request: PageRequest) -> HttpResponse:
    """Ask for the code of the authenticator, or one of the recovery codes."""
    if second_factor.verified(request.user) or not second_factor.confirmed_device(request.user):
        return redirect(next_page(request))
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        device = match_token(request.user, form.cleaned_data["token"])
        if device:
            otp_login(request, device)
            if not isinstance(device, second_factor.TOTPDevice):
                messages.warning(request, _("That recovery code is used up. Make new ones when few are left."))
            return redirect(next_page(request))
        form.add_error(
            "token", _("That code is not valid. Codes change every 30 seconds; check the clock of the phone.")
        )
    return render(request, "pages/account/second-factor.html", {"form": form, "next": next_page(request)})


@before_second_factor
@never_cache
@sensitive_post_parameters("token")
def enrol(request: PageRequest) -> HttpResponse:
    """Show the QR code of a new authenticator; put it into use when its first code proves it."""
    if second_factor.confirmed_device(request.user) and not second_factor.verified(request.user):
        return redirect("web:second-factor")
    device = second_factor.pending_device(request.user)
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if device.verify_token(form.cleaned_data["token"]):
            codes = second_factor.confirm(device)
            otp_login(request, device)
            return _show_codes(request, codes)
        form.add_error("token", _("That code is not valid. Scan the picture again, then type the newest code."))
    context = {
        "form": form,
        "qr": second_factor.qr_svg(device.config_url),
        "key": second_factor.readable_key(device),
        "required": second_factor.required_for(request),
        "next": next_page(request),
    }
    return render(request, "pages/account/second-factor-enrol.html", context)


@require_POST
def recovery_codes(request: PageRequest) -> HttpResponse:
    """Replace the recovery codes; needs a proved second factor."""
    if not second_factor.verified(request.user):
        return redirect("web:second-factor")
    return _show_codes(request, second_factor.new_recovery_codes(request.user))


def _show_codes(request: PageRequest, codes: list[str]) -> HttpResponse:
    return render(request, "pages/account/recovery-codes.html", {"codes": codes, "next": next_page(request)})


@require_POST
def turn_off(request: PageRequest) -> HttpResponse:
    """Stop using the second factor, where no role obliges to it."""
    if second_factor.required_for(request):
        messages.error(request, _("Your role handles personal data: the second factor cannot be turned off."))
    elif second_factor.verified(request.user):
        forget_second_factor(request.user)
        messages.success(request, _("The second factor is off."))
    return redirect("web:account")


def account(request: PageRequest) -> HttpResponse:
    """Who I am here: posts, certificates, second factor, password."""
    context = {
        "device": second_factor.confirmed_device(request.user),
        "required": second_factor.required_for(request),
        "codes_left": second_factor.recovery_codes_left(request.user),
        "certificates": request.user.certificates.order_by("number"),
    }
    return render(request, "pages/account/account.html", context)


class ChangePassword(auth_views.PasswordChangeView):
    """Change one's own password; other sessions of the account end. A one-time password leads here first."""

    template_name = "pages/account/password.html"
    form_class = PasswordForm
    success_url = reverse_lazy("web:account")

    def form_valid(self, form: Any) -> HttpResponse:
        with serving("own_password_chosen", user=form.user):
            own_password_chosen(form.user)
            answer = super().form_valid(form)
        messages.success(self.request, _("The password is changed. Other devices have been signed out."))
        return answer


change_password = ChangePassword.as_view()
change_password.before_own_password = True  # type: ignore[attr-defined]


@require_POST
def place(request: PageRequest) -> HttpResponse:
    """Act at another place where a post is held today."""
    for actor in request.actors:
        if actor.place and str(actor.place.pk) == request.POST.get("place"):
            request.session[PLACE_KEY] = actor.place.pk
            messages.info(request, _("You now act at %(place)s.") % {"place": actor.place})
    return redirect("web:desk")


language = login_not_required(before_second_factor(set_language))
sign_in = method_decorator(never_cache, name="dispatch")(SignIn).as_view()

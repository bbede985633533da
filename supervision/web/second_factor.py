"""The second factor: who needs one, and which page a person without it is led to.

Roles that handle personal data need it where `SECOND_FACTOR_ROLES` names them; anybody may turn it on for themselves.
"""

import io
from base64 import b32encode

import qrcode
import qrcode.image.svg
from django.conf import settings
from django.db import transaction
from django.utils.safestring import SafeString, mark_safe
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from supervision.parties.models import User

from .request import PageRequest

ENROL = "web:second-factor-enrol"
VERIFY = "web:second-factor"
RECOVERY_CODES = 10


def required_for(request: PageRequest) -> bool:
    """Whether a role held by this person anywhere makes the second factor compulsory."""
    named = frozenset(settings.SECOND_FACTOR_ROLES)
    return bool(named) and any(not named.isdisjoint(actor.roles) for actor in request.actors)


def verified(user: User) -> bool:
    """Whether the person has proved the second factor in this session."""
    # django_otp's middleware hangs the method on the person signed in.
    return bool(user.is_verified())  # type: ignore[attr-defined]


def confirmed_device(user: User) -> TOTPDevice | None:
    """The authenticator this person has proved to hold."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def page_due(request: PageRequest) -> str:
    """The page to be led to before any other, or ''."""
    if verified(request.user):
        return ""
    if confirmed_device(request.user):
        return VERIFY
    return ENROL if required_for(request) else ""


def pending_device(user: User) -> TOTPDevice:
    """An authenticator waiting to be proved; the same one until it is, so that a reload keeps the QR code."""
    device = TOTPDevice.objects.filter(user=user, confirmed=False).first()
    return device or TOTPDevice.objects.create(user=user, confirmed=False, name="totp")


def qr_svg(text: str) -> SafeString:
    """The text as an inline SVG QR code; holds no style and no script."""
    code = qrcode.make(text, image_factory=qrcode.image.svg.SvgPathImage, box_size=12, border=2)
    stream = io.BytesIO()
    code.save(stream)
    svg = stream.getvalue().decode()
    return mark_safe(svg[svg.index("<svg") :])  # noqa: S308 — drawn by the library from our own text


def readable_key(device: TOTPDevice) -> str:
    """The authenticator's key in groups of four, for typing where no camera is at hand."""
    key = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(key[at : at + 4] for at in range(0, len(key), 4))


def recovery_codes_left(user: User) -> int:
    """How many recovery codes are still unused."""
    return StaticToken.objects.filter(device__user=user).count()


@transaction.atomic
def confirm(device: TOTPDevice) -> list[str]:
    """Put a proved authenticator into use in place of any earlier one; returns fresh recovery codes, shown once."""
    TOTPDevice.objects.filter(user=device.user, confirmed=True).exclude(pk=device.pk).delete()
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    return new_recovery_codes(device.user)


@transaction.atomic
def new_recovery_codes(user: User) -> list[str]:
    """Replace the recovery codes by new ones, each usable once."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery", confirmed=True)
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes

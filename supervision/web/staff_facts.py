"""What stands in an account's history, in words."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from supervision.parties.models import Certificate, StaffEvent
from supervision.parties.roles import Role

LABELS: dict[str, Any] = {
    "employer": _("Employed at"),
    "authority": _("At"),
    "role": _("Role"),
    "section": _("Section"),
    "kind": _("Kind"),
    "number": pgettext_lazy("certificate", "Number"),
    "first": _("First day"),
    "last": _("Last day"),
    "before": _("Valid before"),
    "reason": _("Reason"),
}
CHOICES: dict[str, dict[Any, Any]] = {"role": dict(Role.choices), "kind": dict(Certificate.Kind.choices)}


def told(event: StaffEvent) -> list[tuple[str, str]]:
    """The facts of an event as (label, text), in a fixed order."""
    return [
        (str(label), str(CHOICES.get(name, {}).get(event.facts[name], event.facts[name])))
        for name, label in LABELS.items()
        if name in event.facts
    ]

"""Three months of claims in the national layout with planted violations, imported and screened like real ones."""

from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from monitoring.demo.load import load
from monitoring.models import Alert
from monitoring.services.alerts import confirm, dismiss, make_lead
from supervision.parties.roles import Role

from .city import City
from .places import CITY
from .stage import Desk

MONTHS = 3


def build(city: City) -> list[Alert]:
    """Write the files under `var/demo`, import and screen them; decide on some alerts, lead some on."""
    today = timezone.localdate()
    first = today.year * 12 + today.month - 1 - MONTHS
    load(
        Path(settings.VAR_DIR) / "demo",
        seed=city.seed,
        scale=min(1.0, city.scale),
        first_month=date(first // 12, first % 12 + 1, 1),
        months=MONTHS,
        by=city.people.actor(city.places.agencies[CITY[0]], Role.AUDITOR).user,
        authority=city.places.agencies[CITY[0]],
    )
    _decide(city)
    return list(Alert.objects.all())


def _decide(city: City) -> None:
    """Officers of each county confirm one alert, dismiss one and make a lead of one."""
    for region in city.places.counties:
        desk = Desk(city.people, city.places, region)
        held = list(
            Alert.objects.filter(provider__region=region.pk)
            .order_by("-amount", "pk")
            .select_related("rule", "provider")[:3]
        )
        for alert, act in zip(held, ("lead", "confirm", "dismiss"), strict=False):
            if act == "lead":
                make_lead(alert=alert, actor=desk.officer)
            elif act == "confirm":
                confirm(alert=alert, actor=desk.officer)
            else:
                dismiss(alert=alert, actor=desk.officer, reason="经核对病历，符合限定条件。")

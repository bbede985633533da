"""Three months of claims in the national layout with planted violations, imported and screened like real ones."""

from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from monitoring.demo import DemoPerson, DemoProvider, generate, write_library
from monitoring.models import Alert
from monitoring.services import imports, library, rules, screening
from monitoring.services.alerts import confirm, dismiss, make_lead
from supervision.parties.models import Employment

from .city import City
from .stage import Desk

MONTHS = 3


def build(city: City) -> list[Alert]:
    """Write the files under `var/demo/claims`, import and screen them; decide on some alerts, lead some on."""
    folder = Path(settings.VAR_DIR) / "demo" / "claims"
    today = timezone.localdate()
    first = today.year * 12 + today.month - 1 - MONTHS
    staff: dict[int, list[str]] = {}
    for provider, code in Employment.objects.order_by("pk").values_list("provider", "practitioner__code"):
        staff.setdefault(provider, []).append(code)
    paths, _planted = generate(
        folder,
        seed=city.seed,
        providers=[
            DemoProvider(one.code, one.name, one.level, one.is_pharmacy, tuple(staff.get(one.pk, ())))
            for one in city.providers
        ],
        persons=[DemoPerson(one.code, one.gender, one.birth_date) for one in city.insured if one.birth_date],
        first_month=date(first // 12, first % 12 + 1, 1),
        months=MONTHS,
        scale=min(1.0, city.scale),
    )
    rules.sync()
    for path in write_library(folder.parent / "rule_library"):
        library.import_library(path=path)
    for path in paths:
        with path.open("rb") as file:
            batch, _created = imports.receive(name=path.name, blocks=iter(lambda: file.read(1 << 22), b""))
        imports.run(batch_id=batch.pk)
    run = screening.start()
    screening.work_on(run_id=run.pk)
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

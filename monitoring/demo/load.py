"""The claims of a demo city: made for the registered parties, imported and screened through the real doors."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone

from monitoring.demo.city import DemoPerson, DemoProvider, Planted, Suspension, generate
from monitoring.demo.library import write_library
from monitoring.services import imports, library, rules, screening
from supervision.parties.models import Employment, InsuredPerson, Provider, SettlementHold

_BIRTHS_SPAN = 92


def load(
    folder: Path, *, seed: int, scale: float, first_month: date, months: int, by: Any = None, authority: Any = None
) -> list[Planted]:
    """Enter rules and the small library, write claims files below ``folder`` for every registered provider and insured
    person, import and screen them; returns what was planted. Registered persons are completed to 1,600 with invented
    numbers, so that honest business stays honest.
    """
    rules.sync()
    for path in write_library(folder / "library"):
        library.import_library(path=path)
    files, planted = generate(
        folder / "claims",
        seed=seed,
        providers=_providers(),
        persons=_persons(seed),
        suspensions=_suspensions(first_month),
        first_month=first_month,
        months=months,
        scale=scale,
    )
    for path in files:
        batch, _created = imports.receive(name=path.name, blocks=[path.read_bytes()], by=by, authority=authority)
        imports.run(batch_id=batch.pk)
    run = screening.start(by=by, authority=authority)
    screening.work_on(run_id=run.pk)
    return planted


def _providers() -> list[DemoProvider]:
    staff: dict[int, list[str]] = {}
    for provider, code in Employment.objects.order_by("pk").values_list("provider_id", "practitioner__code"):
        staff.setdefault(provider, []).append(code)
    return [
        DemoProvider(row.code, row.name, row.level, row.is_pharmacy, tuple(staff.get(row.pk, ())))
        for row in Provider.objects.filter(active=True).order_by("code")
    ]


def _persons(seed: int, least: int = 1600) -> list[DemoPerson]:
    registered = InsuredPerson.objects.filter(gender__in="12").order_by("code")
    persons = [DemoPerson(row.code, row.gender, row.birth_date) for row in registered if row.birth_date]
    dice = random.Random(seed)  # noqa: S311 - invented data, repeatable
    this_year = timezone.localdate().year
    for number in range(len(persons), least):
        birth = date(this_year - 2 - dice.randrange(_BIRTHS_SPAN), dice.randint(1, 12), dice.randint(1, 28))
        persons.append(DemoPerson(f"9944{number:012d}", dice.choice("12"), birth))
    return persons


def _suspensions(first_month: date) -> list[Suspension]:
    holds = SettlementHold.objects.filter(party__kind="practitioner").select_related("party")
    return [
        Suspension(hold.party.code, hold.days.lower, hold.days.upper or timezone.localdate())
        for hold in holds
        if hold.days.lower and (hold.days.upper is None or hold.days.upper > first_month)
    ]

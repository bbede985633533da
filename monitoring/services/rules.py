"""The rule catalogue and the codes' meanings, from data files into the database, versions kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from monitoring.models import CodeMeaning, ColumnMapping, Rule
from supervision.parties.models import User

_DATA = Path(__file__).parent.parent / "data"


@transaction.atomic
def sync() -> dict[str, int]:
    """Enter the shipped rules, code meanings and column mappings; returns how many of each were new or changed.

    A rule whose facts changed gets a new version and the old one is retired, so that alerts keep theirs.
    A bureau's own code meanings, mappings and numbers are left alone.
    """
    rules = sum(_sync_rule(entry) for entry in _load("rules.json"))
    codes = sum(
        CodeMeaning.objects.get_or_create(
            field=entry["field"], code=entry["code"], meaning=entry["meaning"], defaults={"name": entry["name"]}
        )[1]
        for entry in _load("codes.json")
    )
    mappings = sum(
        ColumnMapping.objects.get_or_create(
            slug=entry["slug"], defaults={"name": entry["name"], "document": entry["document"]}
        )[1]
        for entry in _load("mappings.json")
    )
    return {"rules": rules, "codes": codes, "mappings": mappings}


def _load(name: str) -> list[dict[str, Any]]:
    return json.loads((_DATA / name).read_text(encoding="utf-8"))


def _sync_rule(entry: dict[str, Any]) -> bool:
    now = Rule.objects.select_for_update().filter(slug=entry["slug"], active=True).first()
    if now is not None and now.set_at is not None:  # the bureau's numbers, as far as the rule still asks for them
        own = {name: now.parameters.get(name, shipped) for name, shipped in entry["parameters"].items()}
        entry = entry | {"parameters": own, "set_by": now.set_by, "set_at": now.set_at}
    fresh = Rule(**entry)
    fresh.clean_fields(exclude=["version"])
    if now is None:
        last = Rule.objects.filter(slug=entry["slug"]).order_by("-version").first()
        fresh.version = last.version + 1 if last else 1
    elif all(getattr(now, name) == getattr(fresh, name) for name in entry):
        return False
    else:
        Rule.objects.filter(pk=now.pk).update(active=False)
        fresh.version = now.version + 1
    fresh.save()
    return True


@transaction.atomic
def change_parameters(*, rule: Rule, parameters: dict[str, Any], by: User | None = None) -> Rule:
    """A new version of the rule with other numbers, which names who set them; the old version keeps its alerts.

    Raises ``ValueError`` naming parameters the rule does not have or that are not positive whole numbers.
    """
    wrong = sorted(set(parameters) ^ set(rule.parameters))
    wrong += sorted(name for name, value in parameters.items() if not isinstance(value, int) or value < 1)
    if wrong:
        raise ValueError(", ".join(wrong))
    rule = Rule.objects.select_for_update().get(pk=rule.pk)
    if rule.parameters == parameters:
        return rule
    Rule.objects.filter(slug=rule.slug, active=True).update(active=False)
    last = Rule.objects.filter(slug=rule.slug).order_by("-version").first()
    rule.pk, rule.parameters, rule.active = None, parameters, True
    rule._state.adding = True
    rule.set_by, rule.set_at = by, timezone.now()
    rule.version = (last.version if last else 0) + 1
    rule.save(force_insert=True)
    return rule

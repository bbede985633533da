"""Publishing checklists (HY-27…30): a version is written once and never changed; a changed list is a new version."""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction

from supervision.parties.models import User
from supervision.procedure import clock

from .models import Checklist, ChecklistItem, ChecklistVersion, Theme

SHIPPED = Path(__file__).with_name("checklists.toml")
ITEM_FIELDS = ("code", "text", "text_en", "law", "counted", "counted_en", "compared")


@transaction.atomic
def publish(checklist: Checklist, items: Iterable[Mapping[str, Any]], by: User | None = None) -> ChecklistVersion:
    """Publish a list of items as the next version; the same content as the newest version publishes nothing.

    `items`: code, text, text_en, law; where something is counted, counted and counted_en, and `compared` when that
    number stands beside one in the books.
    """
    Checklist.objects.select_for_update().get(pk=checklist.pk)
    rows = [{name: item.get(name, False if name == "compared" else "") for name in ITEM_FIELDS} for item in items]
    digest = hashlib.sha256(json.dumps(rows, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    newest = checklist.versions.order_by("-number").first()
    if newest and newest.digest == digest:
        return newest
    version = ChecklistVersion.objects.create(
        checklist=checklist,
        number=newest.number + 1 if newest else 1,
        published_at=clock.now(),
        published_by=by,
        digest=digest,
    )
    ChecklistItem.objects.bulk_create(
        ChecklistItem(version=version, place=place, **row) for place, row in enumerate(rows, start=1)
    )
    return version


def publish_shipped() -> int:
    """Publish the checklists that come with the software where no version exists yet; returns how many.

    A checklist the bureau has edited since is left alone.
    """
    published = 0
    known = set(Checklist.objects.filter(versions__isnull=False).values_list("code", flat=True))
    for each in _shipped()["checklist"]:
        if each["code"] in known:
            continue
        with transaction.atomic():
            checklist, _created = Checklist.objects.get_or_create(
                code=each["code"],
                defaults={
                    "name": each["zh"],
                    "name_en": each["en"],
                    "subject": each["subject"],
                    "sort": each.get("sort", ""),
                    "theme": each.get("theme", Theme.GENERAL),
                },
            )
            publish(checklist, (_item(item) for name in each["sets"] for item in _shipped()["sets"][name]))
        published += 1
    return published


@cache
def _shipped() -> dict[str, Any]:
    return tomllib.loads(SHIPPED.read_text(encoding="utf-8"))


def _item(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "code": item["code"],
        "law": item["law"],
        "text": item["zh"],
        "text_en": item["en"],
        "counted": item.get("counted_zh", ""),
        "counted_en": item.get("counted_en", ""),
        "compared": item.get("compared", False),
    }

"""Look after the records: `records verify` proves that nothing was altered, `records sweep` drops stray content."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from supervision.procedure.models import Dossier
from supervision.records.sweeping import sweep
from supervision.records.verification import verify


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        check = acts.add_parser("verify", help="chains, seals, files, numbers, declared moves; ends with 1 for a fault")
        check.add_argument("--dossier", help="its number or key: only this one")
        check.add_argument("--json", action="store_true", help="the result as JSON")
        stray = acts.add_parser("sweep", help="remove stored content no record names")
        stray.add_argument("--older-than", type=int, metavar="HOURS", help="spare what is newer (EVIDENCE_STRAY_HOURS)")

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        if act == "verify":
            self._verify(options["dossier"], as_json=options["json"])
        else:
            hours = options["older_than"]
            count = sweep(None if hours is None else timedelta(hours=hours))
            self.stdout.write(f"{count} removed")

    def _verify(self, name: str | None, *, as_json: bool) -> None:
        result = verify(_dossier(name) if name else None)
        counted = {key: value for key, value in asdict(result).items() if key != "faults"}
        if as_json:
            told = {**counted, "faults": [asdict(fault) for fault in result.faults]}
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            for fault in result.faults:
                self.stdout.write(str(fault))
            looked = ", ".join(f"{value} {key}" for key, value in counted.items())
            self.stdout.write(
                f"{looked}: {len(result.faults)} faults" if result.faults else f"{looked}: all as recorded"
            )
        if not result.holds:
            raise SystemExit(1)


def _dossier(name: str) -> Dossier:
    found = Dossier.objects.filter(number=name).first()
    if found is None and name.isdecimal():
        found = Dossier.objects.filter(pk=int(name)).first()
    if found is None:
        raise CommandError(f"no dossier {name}")
    return found

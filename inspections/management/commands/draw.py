"""``manage.py draw``: the double-random draw from the command line."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inspections.draws.algorithm import DrawError
from inspections.draws.publication import replay


class Command(BaseCommand):
    help = "Compute a double-random draw again from its published JSON."
    requires_system_checks: list[str] = []  # noqa: RUF012  Django declares it so

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        again = actions.add_parser("replay", help="print {commitment, seed, selected} of a draw as JSON")
        again.add_argument("file", type=Path, help="JSON with announcement, targets, inspectors, contributions, public")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        file: Path = options["file"]
        try:
            document = json.loads(file.read_text(encoding="utf-8-sig"))
        except (OSError, ValueError) as error:
            raise CommandError(f"{file} cannot be read as JSON: {error}") from error
        if not isinstance(document, dict):
            raise CommandError(f"{file} holds no JSON object with announcement, targets, inspectors …")
        try:
            result = replay(document)
        except DrawError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(result.as_json(), ensure_ascii=False, indent=2))
        if result.unstaffed:
            self.stderr.write(f"unstaffed: {', '.join(result.unstaffed)}")

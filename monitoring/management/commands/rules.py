"""``manage.py rules``: the rule catalogue and the national rule library."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from monitoring.library.workbook import NotALibrary
from monitoring.services import rules
from monitoring.services.library import import_library


class Command(BaseCommand):
    help = "Enter the shipped rules (sync), or import workbooks of the national rule library (import)."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("sync", help="enter or renew the shipped rules, code meanings and column mappings")
        importing = actions.add_parser("import", help="import rule library workbooks as they are")
        importing.add_argument("paths", nargs="+", type=Path, help="xlsx files, or folders of them")
        importing.add_argument("--dry-run", action="store_true", help="read and report, change nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["action"] == "sync":
            for name, count in rules.sync().items():
                self.stdout.write(f"{name}: {count} new or changed")
            return
        failed = 0
        for path in _workbooks(options["paths"]):
            try:
                report = import_library(path=path, dry_run=options["dry_run"])
            except NotALibrary as error:
                failed += 1
                self.stderr.write(self.style.ERROR(str(error)))
                continue
            state = "already imported" if report.unchanged else f"{report.created} new, {report.updated} renewed"
            classes = ", ".join(f"{slug} {count}" for slug, count in report.classes.items())
            self.stdout.write(f"{report.name}: {report.points} points ({classes}); {state}")
            for fault in report.errors:
                self.stdout.write(self.style.WARNING(f"  {fault.sheet} row {fault.row}: {fault.message}"))
        if failed:
            raise CommandError(f"{failed} file(s) could not be read")


def _workbooks(paths: list[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise CommandError(f"{path} does not exist")
        found += sorted(path.glob("*.xlsx")) if path.is_dir() else [path]
    return found

"""``manage.py claims``: import claims files and screen them, without a browser or a queue."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from monitoring.models import ColumnMapping, Rule
from monitoring.services import imports, screening


class Command(BaseCommand):
    help = "Import claims files (import) or run the rules over the stored claims (screen)."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        importing = actions.add_parser("import", help="import csv, csv.gz, xlsx or zip files, in the order given")
        importing.add_argument("paths", nargs="+", type=Path)
        importing.add_argument("--mapping", help="short name of a saved column mapping, for foreign layouts")
        screening_ = actions.add_parser("screen", help="run rules over settlement months")
        screening_.add_argument("--month", action="append", default=[], help="YYYYMM; all months when left out")
        screening_.add_argument("--rule", action="append", default=[], help="short name; all active when left out")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["action"] == "import":
            self._import(options["paths"], options["mapping"])
        else:
            self._screen(options["month"], options["rule"])

    def _import(self, paths: list[Path], slug: str | None) -> None:
        mapping = None
        if slug and (mapping := ColumnMapping.objects.filter(slug=slug).first()) is None:
            known = ", ".join(ColumnMapping.objects.values_list("slug", flat=True))
            raise CommandError(f"there is no column mapping “{slug}” (known: {known})")
        for path in paths:
            with path.open("rb") as stream:
                batch, created = imports.receive(
                    name=path.name, blocks=iter(lambda: stream.read(1 << 22), b""), mapping=mapping
                )
            imports.run(batch_id=batch.pk)
            batch.refresh_from_db()
            if batch.refusal:
                raise CommandError(batch.refusal_text)
            again = "" if created else " (the same content was imported before)"
            self.stdout.write(
                f"{batch.name}: {batch.rows_read} rows read, {batch.rows_stored} stored, "
                f"{batch.rows_replaced} replaced, {batch.rows_bad} set aside, {batch.seconds:.1f} s{again}"
            )

    def _screen(self, months: list[str], slugs: list[str]) -> None:
        rules = list(Rule.objects.filter(active=True, slug__in=slugs))
        if unknown := set(slugs) - {rule.slug for rule in rules}:
            raise CommandError(f"there is no active rule {', '.join(sorted(unknown))}")
        try:
            run = screening.start(rules=rules, chosen=months)
        except screening.NothingToScreen as error:
            raise CommandError("there are no claims or no rules to screen") from error
        screening.work_on(run_id=run.pk)
        run.refresh_from_db()
        for part in run.parts.select_related("rule"):
            outcome = part.fault or f"{part.alerts_new} new, {part.alerts_known} known"
            self.stdout.write(f"{part.month} {part.rule.slug}: {outcome} ({part.seconds:.2f} s)")
        self.stdout.write(f"run {run.pk}: {run.get_state_display()}, {run.seconds:.1f} s")

"""Write `docs/procedures` from the declarations, or check that it is fresh."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from supervision.procedure.handbook import pages


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail when a page is stale")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        folder = Path(settings.BASE_DIR) / "docs" / "procedures"
        wanted = dict(pages())
        stale = [
            name
            for name, text in wanted.items()
            if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != text
        ]
        stray = [path for path in folder.glob("*") if path.name not in wanted]
        if check:
            if stale or stray:
                raise CommandError(
                    f"stale: {', '.join([*stale, *(path.name for path in stray)])}; run manage.py procedures"
                )
            return
        folder.mkdir(parents=True, exist_ok=True)
        for name in stale:
            (folder / name).write_text(wanted[name], encoding="utf-8")
        for path in stray:
            path.unlink()
        self.stdout.write(f"{len(stale)} written, {len(stray)} removed, {len(wanted)} in all")

from pathlib import Path
from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError, CommandParser

from supervision.operations.backups import BackupError, restore
from supervision.operations.rotation import keys_missing


class Command(BaseCommand):
    """Put a backup in place of what is here, bring it up to this version, and check its records."""

    help = "Restore a backup made by `manage.py backup`."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("backup", type=Path, help="the folder of the backup")
        parser.add_argument("--replace", action="store_true", help="write over a database that is not empty")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            restore(options["backup"], replace=options["replace"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        call_command("migrate", interactive=False, verbosity=0)
        self.stdout.write(f"Restored {options['backup']}")
        for key, columns in keys_missing().items():
            self.stderr.write(f"FIELD_KEYS lacks key {key}: {', '.join(columns)} cannot be read without it.")
        if "records" in get_commands():
            call_command("records", "verify", stdout=self.stdout)

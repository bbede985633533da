import signal
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, InterfaceError, connection

from supervision.operations.backups import BackupError, back_up, default_folder, prune, verify


class Command(BaseCommand):
    """Back up database and files; once, or every so many hours until stopped."""

    help = "Back up the database and the files that belong to it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--to", type=Path, help="folder that holds the backups (default: BACKUP_DIR, or VAR_DIR/backups)"
        )
        parser.add_argument("--keep", type=int, default=0, help="how many backups to keep (default: all)")
        parser.add_argument("--every", type=float, metavar="HOURS", help="go on making one every so many hours")
        parser.add_argument("--verify", type=Path, metavar="BACKUP", help="only check that a backup is whole")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verify"]:
            try:
                manifest = verify(options["verify"])
            except BackupError as error:
                raise CommandError(str(error)) from error
            self.stdout.write(f"Whole: made {manifest['made']}, PostgreSQL {manifest['server']}")
            return
        folder = options["to"] or default_folder()
        if options["every"] is None:
            self._once(folder, options["keep"])
            return
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            while True:
                try:
                    self._once(folder, options["keep"])
                except CommandError as error:
                    # Tried again at the next turn; whoever watches sees the newest backup grow old.
                    self.stderr.write(str(error))
                time.sleep(options["every"] * 3600)
        except KeyboardInterrupt:
            return

    def _once(self, folder: Path, keep: int) -> None:
        try:
            made = back_up(folder)
        except (BackupError, OSError, DatabaseError, InterfaceError) as error:
            raise CommandError(f"No backup was made. {error}") from error
        finally:
            connection.close()  # hours may pass until the next, and the server may have been restarted meanwhile
        self.stdout.write(f"Backed up to {made}")
        for old in prune(folder, keep):
            self.stdout.write(f"Removed {old}")

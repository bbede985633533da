"""`manage.py parties machine|renew` — accounts of other systems."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from supervision.parties.models import Authority
from supervision.parties.roles import Role
from supervision.parties.services.machines import NOT_FOR_MACHINES, Credentials, create_machine, renew_secret


class Command(BaseCommand):
    """Accounts of other systems."""

    help = "Accounts of other systems, and the registers of parties."

    def add_arguments(self, parser: CommandParser) -> None:
        """Define the subcommands."""
        commands = parser.add_subparsers(dest="command", required=True)
        machine = commands.add_parser("machine", help="Make the account of another system; prints its secret once.")
        machine.add_argument("name")
        machine.add_argument("--authority", required=True, metavar="CODE")
        roles = sorted(set(Role) - NOT_FOR_MACHINES)
        machine.add_argument("--role", required=True, nargs="+", choices=roles, dest="roles", metavar="ROLE")
        renew = commands.add_parser("renew", help="Give another system a new secret; the old one ends at once.")
        renew.add_argument("name")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the subcommand."""
        getattr(self, options["command"])(**options)

    def machine(self, *, name: str, authority: str, roles: list[str], **_options: Any) -> None:
        """Make the account of another system."""
        place = Authority.objects.filter(code=authority).first()
        if place is None:
            raise CommandError(f"no authority has the code {authority}")
        try:
            self._tell(create_machine(name, place, [Role(role) for role in roles], timezone.localdate()))
        except ValueError as error:
            raise CommandError(str(error)) from error

    def renew(self, *, name: str, **_options: Any) -> None:
        """Give another system a new secret."""
        try:
            self._tell(renew_secret(name))
        except ValueError as error:
            raise CommandError(str(error)) from error

    def _tell(self, made: Credentials) -> None:
        self.stdout.write(f"client_id={made.client_id}\nclient_secret={made.client_secret}")
        self.stderr.write("Keep the secret now: it is stored hashed and cannot be shown again.")

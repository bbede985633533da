"""`manage.py parties machine|renew|administrator|redress|office|import` — what no page enters, and lists."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from supervision.parties.actors import Actor
from supervision.parties.models import Authority, Region
from supervision.parties.roles import ADMINISTRATORS, Role
from supervision.parties.services.machines import NOT_FOR_MACHINES, Credentials, create_machine, renew_secret
from supervision.parties.services.redress import set_office, set_redress
from supervision.parties.services.registers import REGISTERS, faults_csv, look_at, take_in
from supervision.parties.services.staff import StaffRefused, first_administrator
from supervision.tables.refusals import Refused


class Command(BaseCommand):
    """Accounts of other systems, and the registers of parties."""

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

        first = commands.add_parser("administrator", help="Make an authority's first administrator of a kind.")
        first.add_argument("username", metavar="STAFF_NUMBER")
        first.add_argument("--name", required=True)
        first.add_argument("--authority", required=True, metavar="CODE")
        first.add_argument("--role", required=True, choices=sorted(ADMINISTRATORS))

        redress = commands.add_parser("redress", help="Name the organ and the court an authority's decisions tell of.")
        redress.add_argument("--authority", required=True, metavar="CODE")
        redress.add_argument("--reconsideration", required=True, metavar="ORGAN")
        redress.add_argument("--court", required=True)
        redress.add_argument("--from", required=True, type=date.fromisoformat, dest="begins", metavar="DAY")
        redress.add_argument("--reason", default="", help="why a day that has passed is entered only now")

        office = commands.add_parser("office", help="Say where a party reaches an authority, as its notices tell.")
        office.add_argument("--authority", required=True, metavar="CODE")
        office.add_argument("--address", required=True)
        office.add_argument("--contact", required=True, metavar="UNIT_OR_PERSON")
        office.add_argument("--phone", required=True)
        office.add_argument("--from", required=True, type=date.fromisoformat, dest="begins", metavar="DAY")
        office.add_argument("--reason", default="", help="why a day that has passed is entered only now")

        taking = commands.add_parser("import", help="Take in a list of providers or practitioners.")
        taking.add_argument("register", choices=sorted(REGISTERS))
        taking.add_argument("file", type=Path)
        taking.add_argument("--dry-run", action="store_true", help="only read and report")
        taking.add_argument("--faults", type=Path, metavar="CSV", help="where to write the rows set aside")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the subcommand."""
        getattr(self, {"import": "take_in"}.get(options["command"], options["command"]))(**options)

    def machine(self, *, name: str, authority: str, roles: list[str], **_options: Any) -> None:
        """Make the account of another system."""
        place = Authority.objects.filter(code=authority).first()
        if place is None:
            raise CommandError(f"no authority has the code {authority}")
        try:
            self._tell(create_machine(name, place, [Role(role) for role in roles], timezone.localdate()))
        except ValueError as error:
            raise CommandError(str(error)) from error

    def administrator(self, *, username: str, name: str, authority: str, role: str, **_options: Any) -> None:
        """Make an authority's first administrator; prints the one-time password once."""
        place = Authority.objects.filter(code=authority).first()
        if place is None:
            raise CommandError(f"no authority has the code {authority}")
        try:
            password = first_administrator(username, name, place, Role(role), timezone.localdate())
        except StaffRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"one_time_password={password}")

    def redress(self, *, authority: str, reconsideration: str, court: str, **options: Any) -> None:
        """Name where a party turns against an authority's decisions, from a day on."""
        self._enter(set_redress, authority, reconsideration=reconsideration, court=court, **_days(options))

    def office(self, *, authority: str, address: str, contact: str, phone: str, **options: Any) -> None:
        """Name where a party reaches an authority, from a day on."""
        self._enter(set_office, authority, address=address, contact=contact, phone=phone, **_days(options))

    def _enter(self, entering: Callable[..., Any], authority: str, *, begins: date, **said: str) -> None:
        place = Authority.objects.filter(code=authority).first()
        if place is None:
            raise CommandError(f"no authority has the code {authority}")
        try:
            made = entering(Actor.system(), place, begins=begins, today=timezone.localdate(), **said)
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        self.stdout.write(f"{made} ({begins})")

    def renew(self, *, name: str, **_options: Any) -> None:
        """Give another system a new secret."""
        try:
            self._tell(renew_secret(name))
        except ValueError as error:
            raise CommandError(str(error)) from error

    def take_in(self, *, register: str, file: Path, dry_run: bool, faults: Path | None = None, **_options: Any) -> None:
        """Take in a list; tells every row set aside with its line."""
        try:
            regions = Region.objects.all()
            content = file.read_bytes()
            if dry_run:
                outcome = look_at(register, content, file.name, regions=regions)
            else:
                outcome = take_in(register, content, file.name, regions=regions, by=None, authority=None)
        except (Refused, OSError) as error:
            raise CommandError(str(error)) from error
        for fault in outcome.faults:
            self.stderr.write(f"{file.name}:{fault.line}: {'；'.join(fault.reasons)}")
        if faults is not None:
            faults.write_text(faults_csv(outcome), encoding="utf-8")
        done = "would be " if dry_run else ""
        self.stdout.write(
            f"{outcome.new} {done}new, {outcome.changed} {done}changed, {outcome.same} the same, "
            f"{len(outcome.faults)} set aside"
        )

    def _tell(self, made: Credentials) -> None:
        self.stdout.write(f"client_id={made.client_id}\nclient_secret={made.client_secret}")
        self.stderr.write("Keep the secret now: it is stored hashed and cannot be shown again.")


def _days(options: dict[str, Any]) -> dict[str, Any]:
    return {name: options[name] for name in ("begins", "reason")}

"""`manage.py funds account` — into which account what an authority decides is paid."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from funds.accounts import set_account
from funds.models import Fund, Route
from supervision.parties.actors import Actor
from supervision.parties.models import Authority


class Command(BaseCommand):
    """The accounts papers tell a party to pay into."""

    help = "The accounts papers tell a party to pay into."

    def add_arguments(self, parser: CommandParser) -> None:
        """Define the subcommand."""
        commands = parser.add_subparsers(dest="command", required=True)
        account = commands.add_parser("account", help="Name the account from a day on; the one before ends.")
        account.add_argument("--authority", required=True, metavar="CODE")
        account.add_argument("--route", required=True, choices=Route.values)
        account.add_argument("--fund", default="", choices=Fund.values, help="left out: every fund of the route")
        for name in ("--holder", "--bank", "--number"):
            account.add_argument(name, required=True)
        account.add_argument("--from", required=True, type=date.fromisoformat, dest="begins", metavar="DAY")
        account.add_argument("--reason", default="", help="why a day that has passed is entered only now")

    def handle(self, *args: Any, authority: str, begins: date, **options: Any) -> None:
        """Enter the account."""
        place = Authority.objects.filter(code=authority).first()
        if place is None:
            raise CommandError(f"no authority has the code {authority}")
        said = {name: options[name] for name in ("route", "fund", "holder", "bank", "number", "reason")}
        try:
            made = set_account(Actor.system(), place, begins=begins, today=timezone.localdate(), **said)
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        self.stdout.write(f"{place}: {made} ({begins})")

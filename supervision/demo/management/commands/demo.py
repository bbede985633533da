"""Load the invented demo city into an empty database and write down how to sign in."""

import secrets
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from supervision.demo import city, history, signins
from supervision.parties.models import User


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=2026)
        parser.add_argument(
            "--scale", type=float, default=1.0, help="1 is about 600 providers; less: fewer counties have matters too"
        )
        parser.add_argument("--password", default="", help="for every account; made up and written down when not given")

    def handle(self, *args: Any, seed: int, scale: float, password: str, **options: Any) -> None:
        if User.objects.exists():
            raise CommandError("the database is not empty; the demo city is loaded only into an empty one")
        chosen = password or f"demo-{secrets.token_urlsafe(9)}"
        built = city.found(seed=seed, scale=scale, password=chosen, say=self.stdout.write)
        target = Path(settings.VAR_DIR) / "demo-sign-ins.txt"
        signins.write(target, built, chosen)
        history.play(built, say=self.stdout.write)
        signins.write(target, built, chosen)
        self.stdout.write(f"Sign-ins and their password: {target}")

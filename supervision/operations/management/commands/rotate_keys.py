from typing import Any

from django.core.management.base import BaseCommand, CommandError

from supervision.operations.rotation import encrypted_columns, rotate
from supervision.parties.crypto import Undecipherable


class Command(BaseCommand):
    """Encrypt anew, under the first of FIELD_KEYS, whatever an older one still holds."""

    help = "Move encrypted personal data to the newest of FIELD_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        for model, field in encrypted_columns():
            try:
                written = rotate(model, field)
            except Undecipherable as error:
                raise CommandError(
                    f"{model._meta.label}.{field.name}: {error}. Add its key behind the newest."
                ) from error
            self.stdout.write(f"{model._meta.label}.{field.name}: {written} rows written")
        self.stdout.write("All encrypted data is under the newest key; older ones can be taken out of FIELD_KEYS.")

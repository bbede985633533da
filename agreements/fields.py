"""Fields that steps of agreements and breaches share."""

from typing import Any

from inspections.parties import PartyField
from supervision.parties.models import Party


class NamedField(PartyField):
    """A party by code or full name, with suggestions; a caller of the API may also give its id."""

    def to_python(self, value: Any) -> Party | None:
        """The party; raises ValidationError for one that is not within sight."""
        text = str(value or "").strip()
        if text.isdecimal() and len(text) < 10 and not self.queryset.filter(code=text).exists():
            return super().to_python(int(text))
        return super().to_python(value)

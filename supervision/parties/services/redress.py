"""Where a party reaches an authority, and where it turns against its decisions.

Entered from a day on; what held before ends the day before.
"""

from datetime import date
from typing import Any

import structlog
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ..models import Authority, Office, Redress

log = structlog.get_logger(__name__)


@transaction.atomic
def set_redress(authority: Authority, *, reconsideration: str, court: str, begins: date) -> Redress:
    """Name the reconsideration organ and the court from a day on (PL-59). Raises ValidationError."""
    make_room(Redress.objects.filter(authority=authority), begins)
    made = Redress(
        authority=authority,
        reconsideration=reconsideration.strip(),
        court=court.strip(),
        valid=DateRange(begins, None),
    )
    made.full_clean()
    made.save()
    log.info("redress_set", authority=authority.code, reconsideration=made.reconsideration, court=made.court)
    return made


@transaction.atomic
def set_office(authority: Authority, *, address: str, contact: str, phone: str, begins: date) -> Office:
    """Name address, unit or person and telephone from a day on (PL-44). Raises ValidationError."""
    make_room(Office.objects.filter(authority=authority), begins)
    made = Office(
        authority=authority,
        address=address.strip(),
        contact=contact.strip(),
        phone=phone.strip(),
        valid=DateRange(begins, None),
    )
    made.full_clean()
    made.save()
    log.info("office_set", authority=authority.code, address=made.address)
    return made


def make_room(rows: QuerySet[Any], begins: date) -> None:
    """End among rows with a span `valid` what still runs on that day, the day before.

    Raises ValidationError where one begins that day or later: what was in force is not entered over.
    """
    for row in rows.select_for_update().filter(valid__overlap=DateRange(begins, None)):
        if row.valid.lower >= begins:
            raise ValidationError(
                {"begins": _("Another one is in force from %(day)s: begin later.") % {"day": row.valid.lower}}
            )
        row.valid = DateRange(row.valid.lower, begins)
        row.save(update_fields=["valid"])

"""Until when papers rest on what the registers said: none tells another address than the register of its day."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import BooleanField, F, Func, JSONField, Max, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils import timezone

from supervision.parties.models import Authority, Office, Redress
from supervision.parties.services.dated import relied_on_by

from .models import Paper


def served_by(authority: Authority) -> list[int]:
    """Keys of the authority and of the agencies it guides, for which what is entered for it holds too."""
    agencies = authority.children.filter(body=Authority.Body.AGENCY)
    return [authority.pk, *agencies.values_list("pk", flat=True)]


def naming(text: str) -> Any:
    """The condition that a paper's facts say just this somewhere."""
    told = Func(Value("said"), Cast(Value(text), TextField()), function="jsonb_build_object", output_field=JSONField())
    return Func(
        F("facts"), Cast(Value("$.** ? (@ == $said)"), JsonPath()), told,
        function="jsonb_path_exists", output_field=BooleanField(),
    )  # fmt: skip


class JsonPath(TextField):
    """A path into JSON, as PostgreSQL types it."""

    def db_type(self, connection: Any) -> str:
        return "jsonpath"

    def cast_db_type(self, connection: Any) -> str:
        return "jsonpath"


def last_issued(papers: QuerySet[Paper], authority: Authority, since: date, among: Iterable[int] = ()) -> date | None:
    """The last day from `since` on, on which one of these papers was issued by the authority or one it serves."""
    here = papers.filter(authority__in=[*among] or served_by(authority), issued_at__date__gte=since)
    last = here.aggregate(last=Max("issued_at"))["last"]
    return timezone.localtime(last).date() if last else None


@relied_on_by(Office)
def office_told(office: Office, since: date) -> date | None:
    """The last day on which a notice told the party to come there."""
    told = {name: getattr(office, name) for name in ("address", "contact", "phone")}
    return last_issued(
        Paper.objects.filter(facts__contains={"office": told}), office.authority, since, [office.authority_id]
    )


@relied_on_by(Redress)
def remedies_told(redress: Redress, since: date) -> date | None:
    """The last day on which a decision told the party to turn there."""
    told = {name: getattr(redress, name) for name in ("reconsideration", "court")}
    return last_issued(Paper.objects.filter(facts__contains={"remedies": told}), redress.authority, since)

"""The lists of parties that were taken in: who, when, which file, what became of its rows (HY-2)."""

from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from supervision.parties.actors import Actor, authorities_within
from supervision.parties.models import Authority, RegisterImport
from supervision.parties.roles import HEADS, Role
from supervision.procedure import clock
from supervision.records.reveals import OVERSEERS

from .columns import Column
from .oversight_lists import OversightFilter, OversightList

READERS = OVERSEERS | {Role.SYSTEM_ADMIN}
REFUSED_ROWS = "parties.refused_rows"


def imports_seen_by(actor: Actor) -> QuerySet[RegisterImport]:
    """Imports by people of the authorities in the actor's jurisdiction; those by command are the city's to see."""
    if actor.authority is None or not actor.has(*READERS):
        return RegisterImport.objects.none()
    seen = Q(authority__in=authorities_within(actor.authority, clock.today()).values("pk"))
    if actor.authority.level == Authority.Level.CITY:
        seen |= Q(authority__isnull=True)
    return RegisterImport.objects.filter(seen)


def may_read_rows(actor: Actor) -> bool:
    """Rows set aside may hold personal data: the audit administrator sees that there are some, not what they say."""
    return actor.has(Role.SYSTEM_ADMIN, *HEADS)


class ImportFilter(OversightFilter):
    register = django_filters.ChoiceFilter(label=gettext_lazy("List of"), choices=RegisterImport.Register.choices)

    class Meta:
        model = RegisterImport
        fields: ClassVar[list[str]] = []


def _by(row: RegisterImport) -> str:
    return f"{row.user.name} ({row.user.username})" if row.user else _("command of the server")


def _fingerprint(row: RegisterImport) -> SafeString:
    return format_html('<abbr class="masked" title="{}">{}…</abbr>', row.sha256, row.sha256[:12])


class RegisterImportList(OversightList):
    """Every list taken in; the system administrator sees it too."""

    name = "parties.imports"
    title = gettext_lazy("Imports of lists")
    readers = READERS
    filterset_class = ImportFilter
    empty_title = gettext_lazy("No list was taken in yet")
    empty_text = gettext_lazy("Lists of providers and practitioners taken in by the system administrator appear here.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if self.request.actor.has(Role.SYSTEM_ADMIN):
            context["crumbs"] = [(_("Import a list"), reverse("web:import-list")), (str(self.title), "")]
        return context

    def get_columns(self) -> list[Column]:
        """To those who may read the rows set aside their number leads to them."""
        readable = may_read_rows(self.request.actor)
        return [
            Column("at", gettext_lazy("Time"), kind="datetime", sort="at", lead=True),
            Column("register", gettext_lazy("List of"), value="get_register_display"),
            Column("file_name", gettext_lazy("File")),
            Column("user", gettext_lazy("Who"), value=_by),
            Column("authority", gettext_lazy("Authority")),
            Column("new", gettext_lazy("New"), kind="number", sort="new"),
            Column("changed", gettext_lazy("Changed"), kind="number", sort="changed"),
            Column("same", gettext_lazy("The same"), kind="number", sort="same"),
            Column(
                "refused",
                gettext_lazy("Set aside"),
                kind="number",
                sort="refused",
                link=lambda row: reverse("web:refused-rows", args=[row.pk]) if readable and row.refused else "",
            ),
            Column(
                "sha256", gettext_lazy("Fingerprint (SHA-256)"), value=lambda row: row.sha256, cell=_fingerprint,
                phone=False,
            ),
        ]  # fmt: skip

    def get_queryset(self) -> QuerySet[RegisterImport]:
        return imports_seen_by(self.request.actor).select_related("user", "authority").defer("refused_rows")

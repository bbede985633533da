"""What the whole file of a matter takes along of the alerts it grew from: rule, sums, and every line that proves them.

Persons are masked as on every page; who needs the number in clear asks for it there, with a purpose (HY-38, PP-57).
"""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from supervision.law.catalogue import cite
from supervision.parties.masks import mask_id
from supervision.procedure.models import Dossier
from supervision.records.export.index import Section, add_section
from supervision.records.export.sources import Enclosure, add_enclosures
from supervision.web.format import yuan

from .models import Alert, AlertLine
from .selectors.claims import unformula
from .selectors.evidence import LINE_FIELDS, lines_of


def alerts_behind(lead: Dossier) -> QuerySet[Alert]:
    """The alerts a lead was made of, with how many of their lines were kept."""
    found = Alert.objects.filter(lead=lead.pk).select_related("rule", "provider").prefetch_related("events__by")
    return found.annotate(kept=Count("lines")).order_by("pk")


def rows(dossier: Dossier) -> list[Sequence[str]]:
    """Each alert: number, rule and its text, law, person, month, yuan at stake, and what was decided on it."""
    return [
        (
            str(alert.pk),
            f"{_('%(name)s, version %(n)s') % {'name': alert.rule.name, 'n': alert.rule.version}}\n"
            f"{alert.rule.explanation}\n{alert.rule.amount_formula}",
            "、".join(cite(rule) for rule in alert.rule.laws),
            f"{mask_id(alert.person_code)} · {alert.visit_code}",
            alert.month_written,
            yuan(alert.amount),
            "\n".join(
                f"{each.get_verb_display()} {each.by or ''} {each.reason}".strip() for each in alert.events.all()
            ),
        )
        for alert in alerts_behind(dossier)
    ]


def proving_lines(dossier: Dossier) -> Iterator[Enclosure]:
    """One file with the lines of all alerts of a lead, none for a matter that did not come from alerts."""
    alerts = list(alerts_behind(dossier))
    if not alerts:
        return
    text = io.StringIO()
    table = csv.writer(text)
    labels = {column.name: str(column.verbose_name) for column in AlertLine._meta.concrete_fields}
    table.writerow([_("Alert"), _("Rule"), _("Person"), *(labels[name] for name in LINE_FIELDS)])
    for alert in alerts:
        of_alert = [str(alert.pk), alert.rule.name, mask_id(alert.person_code)]
        for line in _lines(alert):
            table.writerow([unformula(cell) for cell in (*of_alert, *(_cell(line[name]) for name in LINE_FIELDS))])
    yield Enclosure(
        name=_("Proving lines of the alerts") + ".csv",
        title=_("Proving lines of the alerts"),
        issuer=_("Claims screening"),
        at=max(alert.created_at for alert in alerts),
        content=f"\ufeff{text.getvalue()}".encode(),
    )


def _lines(alert: Any) -> list[dict[str, Any]]:
    """The lines kept with the alert, on which it was decided; found again where only some of them were kept."""
    return list(alert.lines.values(*LINE_FIELDS)) if alert.kept == alert.line_count else lines_of(alert)


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S")
    return "" if value is None else str(value)


ALERTS = Section(
    "alerts",
    gettext_lazy("Alerts"),
    (
        gettext_lazy("Alert"),
        gettext_lazy("Rule"),
        gettext_lazy("Law"),
        gettext_lazy("Person and visit"),
        gettext_lazy("Settlement month"),
        gettext_lazy("Amount (yuan)"),
        gettext_lazy("Decisions on it"),
    ),
    rows,
)


def register() -> None:
    """Declare both parts."""
    add_section(ALERTS)
    add_enclosures(proving_lines)

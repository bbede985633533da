"""Runs one rule over one month and gathers its answer into findings with readable evidence."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

import ibis
from django.utils import timezone
from ibis.expr.types import Table

from monitoring.engine import Claims, claims, known, small
from monitoring.models import Alert, AlertLine, CodeMeaning, Rule, RuleItem
from monitoring.rules import EXPRESSIONS, Scope
from monitoring.selectors.claims import current_files, unformula
from supervision.parties.models import SettlementHold

LIMIT_COLUMNS = {
    "code": "string",
    "sex": "string",
    "age_least_days": "int32",
    "age_most_days": "int32",
    "scheme": "string",
    "way": "string",
    "level": "int32",
    "most": "decimal(12, 2)",
    "per_days": "int32",
    "window": "string",
    "other_code": "string",
    "group": "string",
}
TRACE_EXEMPT = "trace_exempt"
MONTH = "〈month〉"


@dataclass(frozen=True)
class Finding:
    """One suspicion: whom it is about and its proving lines as fields of ``AlertLine``, the flagged ones first."""

    institution: str
    person: str
    subject: str
    lines: list[dict[str, Any]]


@dataclass(frozen=True)
class Given:
    """What a rule is given beside the claims, as it stands in the database."""

    expression: str
    parameters: dict[str, Any]
    limits: list[dict[str, Any]]
    suspensions: list[dict[str, Any]]
    exempt: list[dict[str, str]]
    meanings: dict[str, dict[str, list[str]]]

    @classmethod
    def of(cls, rule: Rule) -> Given:
        limits = RuleItem.objects.filter(rule_class=rule.library_class).order_by("pk").values(*LIMIT_COLUMNS)
        return cls(
            expression=rule.expression,
            parameters=rule.parameters,
            limits=list(limits) if rule.library_class else [],
            suspensions=suspensions(),
            exempt=_exempt(),
            meanings=meanings(),
        )

    def scope(self, opened: Claims) -> Scope:
        """What the rule sees of the claims, with a mark in place of the month."""
        return Scope(
            tables=opened.tables,
            month=MONTH,
            limits=small(self.limits, LIMIT_COLUMNS),
            suspensions=small(self.suspensions, {"practitioner": "string", "begins": "date", "ends": "date"}),
            exempt=small(self.exempt, {"code": "string"}),
            parameters=self.parameters,
            meanings=self.meanings,
        )


@dataclass(frozen=True)
class Plan:
    """A rule's answer as a query in the engine's words, for any month; ``answer`` keeps its small tables alive."""

    answer: Table
    query: str


def meanings() -> dict[str, dict[str, list[str]]]:
    """Column → meaning → codes."""
    found: dict[str, dict[str, list[str]]] = {}
    for row in CodeMeaning.objects.all():
        found.setdefault(row.field, {}).setdefault(row.meaning, []).append(row.code)
    return found


def suspensions() -> list[dict[str, Any]]:
    """Practitioners with whom the fund does not settle: code, first day, last day (None while it lasts)."""
    holds = SettlementHold.objects.filter(party__kind="practitioner").select_related("party")
    return [
        {
            "practitioner": hold.party.code,
            "begins": hold.days.lower,
            "ends": hold.days.upper - timedelta(days=1) if hold.days.upper else None,
        }
        for hold in holds
        if hold.days.lower
    ]


def _exempt() -> list[dict[str, str]]:
    codes = CodeMeaning.objects.filter(field="hilist_code", meaning=TRACE_EXEMPT).values_list("code", flat=True)
    return [{"code": code} for code in codes]


def find(opened: Claims, rule: Rule, month: str) -> Iterator[Finding]:
    """All findings of a rule in a month; those whose amount nets to nothing are none."""
    if not month.isdigit():
        raise ValueError(f"{month} is no month")
    plan = _plan(opened, Given.of(rule))
    rows = opened.connection.sql(plan.query.replace(MONTH, month), schema=plan.answer.schema())
    rows = rows.order_by("subject", ibis.desc("amount"), "began", "line", "visit").to_pyarrow().to_pylist()
    about = itemgetter("subject")
    for _subject, group in groupby(rows, key=about):
        lines = list(group)
        if sum((row["amount"] for row in lines), Decimal(0)) <= 0:
            continue
        lead = max(lines, key=lambda row: (row["amount"], row["visit"] == row["subject"]))
        yield Finding(lead["institution"], lead["person"], lead["subject"], [_line(row) for row in lines])


def _plan(opened: Claims, given: Given) -> Plan:
    """Planned once for all months while what the rule is given stays the same: it takes longer than a small month."""
    key = repr(given)
    if key not in opened.plans:
        seen = given.scope(opened)
        for table in (seen.limits, seen.suspensions, seen.exempt):
            known(opened.connection, table)
        answer = _with_evidence(seen, EXPRESSIONS[given.expression](seen))
        opened.plans[key] = Plan(answer, str(opened.connection.compile(answer)))
    plan: Plan = opened.plans[key]
    return plan


def _with_evidence(seen: Scope, answer: Table) -> Table:
    """The answer's lines with what a reader needs of the fee line or, where the visit is the proof, of the visit."""
    fees = seen.tables["fee_lines"].select(
        "bkkp_sn", "fee_ocur_time", "hilist_code", "hilist_name", "cnt", "pric", "det_item_fee_sumamt", "fixmedins_code"
    )
    visits = seen.tables["visits"].select(
        v_visit="mdtrt_id",
        v_provider="fixmedins_code",
        begntime="begntime",
        endtime="endtime",
        diagnosis="dscg_maindiag_code",
        diagnosis_name="dscg_maindiag_name",
    )
    rows = answer.left_join(fees, answer.line == fees.bkkp_sn)
    rows = rows.left_join(visits, rows.visit == visits.v_visit)
    whole = rows.line.isnull()
    return rows.select(
        "person",
        "institution",
        "subject",
        "visit",
        "line",
        "amount",
        "cnt",
        "pric",
        where=ibis.coalesce(rows.fixmedins_code, rows.v_provider, rows.institution),
        began=ibis.ifelse(whole, rows.begntime, rows.fee_ocur_time),
        ended=ibis.ifelse(whole, rows.endtime, ibis.null("timestamp")),
        code=ibis.ifelse(whole, rows.diagnosis, rows.hilist_code),
        name=ibis.ifelse(whole, rows.diagnosis_name, rows.hilist_name),
        charged=rows.det_item_fee_sumamt,
    )


def _line(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "provider_code": row["where"] or "",
        "visit_code": row["visit"],
        "line_code": row["line"] or "",
        "began_at": _moment(row["began"]),
        "ended_at": _moment(row["ended"]),
        "item_code": (row["code"] or "")[:60],
        "item_name": (row["name"] or "")[:255],
        "count": row["cnt"],
        "price": row["pric"],
        "amount": row["charged"],
        "flagged": row["amount"],
    }


def _moment(value: datetime | None) -> datetime | None:
    return timezone.make_aware(value) if value else None


def lines_of(alert: Alert) -> list[dict[str, Any]]:
    """All proving lines of an alert, found again by its own rule version; the kept ones if the claims have changed."""
    with claims(current_files()) as opened:
        for finding in find(opened, alert.rule, alert.month):
            if (finding.institution, finding.subject) == (alert.provider_code, alert.visit_code):
                return finding.lines
    return list(alert.lines.values(*LINE_FIELDS))


LINE_FIELDS = (
    "provider_code",
    "visit_code",
    "line_code",
    "began_at",
    "ended_at",
    "item_code",
    "item_name",
    "count",
    "price",
    "amount",
    "flagged",
)


def all_lines_csv(alert: Alert) -> Iterator[str]:
    """The lines of :func:`lines_of` as CSV text, safe to open in a spreadsheet."""
    yield "\ufeff"
    columns = {column.name: str(column.verbose_name) for column in AlertLine._meta.concrete_fields}
    labels = [columns[name] for name in LINE_FIELDS]
    for cells in [labels, *([line[name] for name in LINE_FIELDS] for line in lines_of(alert))]:
        row = io.StringIO()
        csv.writer(row).writerow([unformula("" if cell is None else str(cell)) for cell in cells])
        yield row.getvalue()

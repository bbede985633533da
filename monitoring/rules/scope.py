"""What a rule sees: claims tables, the month it judges, its limits, its parameters — and how it answers.

An expression answers with one row per proving line:
``person, institution, subject, visit, line, amount``. ``subject`` is the visit the suspicion is about and
``institution`` the provider it is about; ``line`` is null where the whole visit is the proof; ``amount`` (yuan) is
zero for lines shown only to compare with. Refund lines are negative and stay, so sums net out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import ibis
from ibis.expr.types import BooleanValue, Table, Value

Expression = Callable[["Scope"], Table]
EXPRESSIONS: dict[str, Expression] = {}

MONEY = "decimal(16, 2)"
# Rules see these columns only: what they need, and little enough that an expression is planned in no time.
SEEN = {
    "persons": ("psn_no", "gend", "brdy", "die_date"),
    "visits": (
        "mdtrt_id",
        "psn_no",
        "gend",
        "brdy",
        "age",
        "insutype",
        "fixmedins_code",
        "hosp_lv",
        "begntime",
        "endtime",
        "med_type",
        "dscg_maindiag_code",
        "month",
    ),
    "settlements": ("mdtrt_id", "fund_pay_sumamt"),
    "fee_lines": (
        "bkkp_sn",
        "mdtrt_id",
        "fixmedins_code",
        "psn_no",
        "fee_ocur_time",
        "cnt",
        "pric",
        "pric_uplmt_amt",
        "hilist_code",
        "list_type",
        "bilg_dr",
        "drug_trac_codg",
        "trdn_flag",
        "month",
    ),
}
ANSWER = ("person", "institution", "subject", "visit", "line", "amount")


def expression(function: Expression) -> Expression:
    """Enter a rule's expression under its function's name."""
    if function.__name__ in EXPRESSIONS:
        raise ValueError(f"two rules are called {function.__name__}")
    EXPRESSIONS[function.__name__] = function
    return function


@dataclass(frozen=True)
class Scope:
    """``tables`` by our nouns (valid rows only), ``month`` as ``YYYYMM``, ``meanings[field][meaning]`` → codes."""

    tables: dict[str, Table]
    month: str
    limits: Table
    suspensions: Table
    exempt: Table
    parameters: dict[str, Any] = field(default_factory=dict)
    meanings: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    @property
    def fee_lines(self) -> Table:
        """All fee lines, of any month."""
        lines = self.tables["fee_lines"]
        return lines.select(*SEEN["fee_lines"], payable=ibis.coalesce(lines.inscp_amt, lines.det_item_fee_sumamt))

    @property
    def lines(self) -> Table:
        """Fee lines of the month under judgement."""
        return self.fee_lines.filter(ibis._.month == self.month)

    @property
    def visits(self) -> Table:
        """All visits, sex and birth completed from the person when the visit lacks them."""
        visits, persons = self._seen("visits"), self.tables["persons"]
        known = persons.select(known_person=persons.psn_no, known_sex=persons.gend, known_birth=persons.brdy)
        joined = visits.left_join(known, visits.psn_no == known.known_person)
        completed = {
            "gend": ibis.coalesce(joined.gend, joined.known_sex),
            "brdy": ibis.coalesce(joined.brdy, joined.known_birth),
        }
        return joined.select(**{name: completed.get(name, joined[name]) for name in SEEN["visits"]})

    def _seen(self, table: str) -> Table:
        return self.tables[table].select(*SEEN[table])

    @property
    def stays(self) -> Table:
        """Inpatient visits with days of beginning and end, and what the fund paid net of refunds."""
        visits, settlements = self._seen("visits"), self.tables["settlements"]
        paid = settlements.group_by(paid_visit="mdtrt_id").agg(paid=settlements.fund_pay_sumamt.sum())
        inpatient = visits.filter(self.means(visits, "med_type", "inpatient"), visits.endtime.notnull())
        joined = inpatient.join(paid, inpatient.mdtrt_id == paid.paid_visit).drop("paid_visit")
        return joined.filter(joined.paid > 0).mutate(first=joined.begntime.date(), last=joined.endtime.date())

    def number(self, name: str) -> int:
        """A parameter of the rule. Raises KeyError if the rule lacks it."""
        return int(self.parameters[name])

    def means(self, table: Table, column: str, *meanings: str) -> BooleanValue:
        """Whether the code in ``column`` means one of these; unknown codes mean nothing."""
        codes = [code for meaning in meanings for code in self.meanings.get(column, {}).get(meaning, [])]
        return table[column].isin(codes).fill_null(False) if codes else ibis.literal(False)

    def limited(self, lines: Table) -> Table:
        """Lines of items with a limit, each beside its limit (columns of the limit are prefixed ``l_``)."""
        limits = self.limits.rename("l_{name}")
        return lines.join(limits, lines.hilist_code == limits.l_code)

    def with_visit(self, lines: Table) -> Table:
        """Lines beside their visit (columns prefixed ``v_``), with ``age_days`` on the day of the fee or null."""
        visits = self.visits.select(
            v_visit="mdtrt_id",
            v_gend="gend",
            v_brdy="brdy",
            v_age="age",
            v_insutype="insutype",
            v_hosp_lv="hosp_lv",
            v_med_type="med_type",
        )
        joined = lines.join(visits, lines.mdtrt_id == visits.v_visit)
        by_birth = joined.fee_ocur_time.date().delta(joined.v_brdy.date(), unit="day")
        by_years = (joined.v_age.floor().cast("int64") * 36525 + 99) // 100
        return joined.mutate(age_days=ibis.coalesce(by_birth, by_years))


def standing(lines: Table) -> Table:
    """Charges that were not taken back: lines of visit, item and day whose count nets above zero, refunds left out."""
    net = lines["cnt"].sum().over(group_by=("mdtrt_id", "hilist_code", lines.fee_ocur_time.date()))
    return lines.mutate(net=net).filter(ibis._.net > 0, ibis._.cnt > 0).drop("net")


def money(value: Value) -> Value:
    """Yuan and fen, as the answer wants them."""
    return value.cast("decimal(18, 4)").round(2).cast(MONEY)


def answer_lines(lines: Table, amount: Value | None = None) -> Table:
    """The answer for suspicions about the lines' own visits; the amount is the payable part unless given."""
    return lines.select(
        person=lines.psn_no,
        institution=lines.fixmedins_code,
        subject=lines.mdtrt_id,
        visit=lines.mdtrt_id,
        line=lines.bkkp_sn,
        amount=money(lines.payable if amount is None else amount),
    )


def compare_lines(lines: Table, subject: Value, institution: Value) -> Table:
    """Lines shown to compare with, under the suspicion about another visit."""
    return lines.select(
        person=lines.psn_no,
        institution=institution,
        subject=subject,
        visit=lines.mdtrt_id,
        line=lines.bkkp_sn,
        amount=ibis.literal(0).cast(MONEY),
    )

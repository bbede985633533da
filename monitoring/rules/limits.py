"""Rules driven by rows of the national library that limit who may be given an item, where and how."""

from __future__ import annotations

import ibis
from ibis.expr.types import BooleanValue, Table

from monitoring.rules.scope import Scope, answer_lines, expression

LEVELS = {"primary": 1, "secondary": 2, "tertiary": 3}


def _line_by_line(condition: BooleanValue) -> BooleanValue:
    """The condition, not to be joined by: an engine that sees a bare comparison of visit and limit may compare every
    visit with every limit before it looks at any line.
    """
    return ibis.ifelse(condition, True, False)


@expression
def sex_limit(scope: Scope) -> Table:
    """The person's sex is known and is not the one the item is for."""
    lines = scope.with_visit(scope.limited(scope.lines))
    return answer_lines(lines.filter(lines.v_gend.isin(["1", "2"]), _line_by_line(lines.v_gend != lines.l_sex)))


@expression
def age_limit(scope: Scope) -> Table:
    """The person's age on the day of the fee is outside the limit, in days of life."""
    lines = scope.with_visit(scope.limited(scope.lines))
    return answer_lines(
        lines.filter((lines.age_days < lines.l_age_least_days) | (lines.age_days > lines.l_age_most_days))
    )


@expression
def scheme_limit(scope: Scope) -> Table:
    """An item only another scheme pays, charged to this one."""
    lines = scope.with_visit(scope.limited(scope.lines)).rename(insutype="v_insutype", med_type="v_med_type")
    right = ibis.or_(
        *(
            (lines.l_scheme == scheme)
            & (scope.means(lines, "insutype", scheme) | scope.means(lines, "med_type", scheme))
            for scheme in ("injury", "maternity")
        )
    )
    return answer_lines(lines.filter(~right, lines.insutype.notnull()))


@expression
def way_limit(scope: Scope) -> Table:
    """An item paid only for inpatients (or in emergencies), charged in another way of treatment."""
    lines = scope.with_visit(scope.limited(scope.lines)).rename(med_type="v_med_type")
    inpatient = scope.means(lines, "med_type", "inpatient")
    emergency = (lines.l_way == "inpatient_emergency") & scope.means(lines, "med_type", "emergency")
    outpatient = (lines.l_way == "outpatient") & ~inpatient
    return answer_lines(lines.filter(~((lines.l_way != "outpatient") & inpatient | emergency | outpatient)))


@expression
def level_limit(scope: Scope) -> Table:
    """An item paid only from a certain level of institution upward; institutions of unknown level are left alone."""
    lines = scope.with_visit(scope.limited(scope.lines)).rename(hosp_lv="v_hosp_lv")
    rank = ibis.cases(
        *((scope.means(lines, "hosp_lv", level), rank) for level, rank in LEVELS.items()),
        (scope.means(lines, "hosp_lv", "ungraded"), 0),
    )
    return answer_lines(lines.filter(_line_by_line(rank < lines.l_level)))


@expression
def course_limit(scope: Scope) -> Table:
    """Days of an item within one visit beyond the paid course; every charge after the last paid day counts whole."""
    lines = scope.limited(scope.lines)
    window = ibis.window(group_by=("mdtrt_id", "hilist_code"), order_by=lines.fee_ocur_time.date())
    return answer_lines(lines.mutate(day=ibis.dense_rank().over(window) + 1).filter(ibis._.day > ibis._.l_most))

"""Rules about how often and how dear an item is charged."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from monitoring.rules.scope import Scope, answer_lines, compare_lines, expression, standing


@expression
def repeated_charge(scope: Scope) -> Table:
    """An item charged beside another that already contains it, within the library's window. Amount: Σ of the second."""
    seconds_codes = scope.limits.select(code=scope.limits.other_code).distinct()
    mains = standing(scope.lines.semi_join(scope.limits, scope.lines.hilist_code == scope.limits.code))
    others = standing(scope.lines.semi_join(seconds_codes, scope.lines.hilist_code == seconds_codes.code))
    pairs = mains.select(
        main_line=mains.bkkp_sn, main_visit=mains.mdtrt_id, main_code=mains.hilist_code, main_time=mains.fee_ocur_time
    ).join(scope.limits, ibis._.main_code == scope.limits.code)
    pairs = pairs.select("main_line", "main_visit", "main_time", "window", second_code="other_code")
    met = pairs.join(others, (pairs.main_visit == others.mdtrt_id) & (pairs.second_code == others.hilist_code))
    apart = met.main_time.epoch_seconds() - met.fee_ocur_time.epoch_seconds()
    within = ibis.cases(
        (met.window == "visit", ibis.literal(True)),
        (met.window == "day", met.main_time.date() == met.fee_ocur_time.date()),
        (met.window == "hour", met.main_time.truncate("h") == met.fee_ocur_time.truncate("h")),
        (met.window == "six_hours", apart.abs() <= 6 * 3600),
    )
    met = met.filter(within)
    flagged = answer_lines(met).distinct()
    shown = mains.semi_join(met, mains.bkkp_sn == met.main_line).anti_join(flagged, ibis._.bkkp_sn == flagged.line)
    return flagged.union(compare_lines(shown, shown.mdtrt_id, shown.fixmedins_code))


@expression
def daily_count(scope: Scope) -> Table:
    """More of an item on one day of one visit than the library allows. Amount: payable × (Σ − most) / Σ."""
    lines = scope.limited(scope.lines)
    total = lines.cnt.sum().over(group_by=("mdtrt_id", "hilist_code", lines.fee_ocur_time.date()))
    lines = lines.mutate(total=total).filter(ibis._.total > ibis._.l_most)
    share = (lines.total - lines.l_most).cast("float64") / lines.total.cast("float64")
    return answer_lines(lines, lines.payable.cast("float64") * share)


@expression
def too_soon(scope: Scope) -> Table:
    """An item charged again on a later day before its period has passed. Amount: the whole later charge."""
    lines = standing(scope.limited(scope.fee_lines))
    day = lines.mutate(day=lines.fee_ocur_time.date())
    days = day.select("psn_no", "hilist_code", "day", "l_per_days").distinct()
    before = days.day.lag().over(ibis.window(group_by=("psn_no", "hilist_code"), order_by="day"))
    days = days.mutate(before=before)
    soon = days.filter(days.before.notnull(), days.day.delta(days.before, unit="day") < days.l_per_days)
    keys = soon.select(k_person="psn_no", k_code="hilist_code", k_day="day", k_before="before")
    pairs = day.filter(day.month == scope.month)
    flagged = pairs.join(
        keys,
        (pairs.psn_no == keys.k_person) & (pairs.hilist_code == keys.k_code) & (pairs.day == keys.k_day),
    )
    about = flagged.select("k_person", "k_code", "k_before", subject="mdtrt_id", about="fixmedins_code").distinct()
    earlier = day.join(
        about, (day.psn_no == about.k_person) & (day.hilist_code == about.k_code) & (day.day == about.k_before)
    )
    return answer_lines(flagged).union(compare_lines(earlier, earlier.subject, earlier.about))


@expression
def over_price(scope: Scope) -> Table:
    """A unit price above the ceiling carried on the line. Amount: the excess over the ceiling × number."""
    lines = scope.lines.filter(ibis._.pric_uplmt_amt > 0, ibis._.pric > ibis._.pric_uplmt_amt)
    return answer_lines(lines, (lines.pric - lines.pric_uplmt_amt) * lines.cnt)


@expression
def frequent_purchase(scope: Scope) -> Table:
    """The same drug bought on more separate days of a month than ``most``. Amount: the purchases beyond."""
    lines = scope.lines.filter(scope.means(scope.lines, "list_type", "drug"))
    lines = scope.with_visit(standing(lines)).rename(med_type="v_med_type")
    lines = lines.filter(~scope.means(lines, "med_type", "inpatient"))
    window = ibis.window(group_by=("psn_no", "hilist_code"), order_by=lines.fee_ocur_time.date())
    ranked = lines.mutate(purchase=ibis.dense_rank().over(window) + 1)
    return answer_lines(ranked.filter(ranked.purchase > scope.number("most")))

"""Rules on drug trace codes (national-law §12): one code is sold once."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from monitoring.rules.scope import Scope, answer_lines, compare_lines, expression

_TOLD = ("bkkp_sn", "mdtrt_id", "fixmedins_code", "psn_no", "fee_ocur_time", "cnt", "payable", "month")


def _sold(lines: Table, exempt: Table) -> Table:
    """One row per code and line: split packs and exempt items left out, several codes of a line taken apart."""
    coded = lines.filter(lines.drug_trac_codg.notnull(), lines.trdn_flag != "1")
    coded = coded.anti_join(exempt, coded.hilist_code == exempt.code)
    codes = coded.select(*_TOLD, trace=coded.drug_trac_codg.split(",").unnest())
    return codes.mutate(trace=codes.trace.strip()).filter(ibis._.trace != "")


@expression
def repeated_trace_code(scope: Scope) -> Table:
    """A trace code sold more often than taken back, beyond its first sale; the first sale is shown beside.

    A refund cancels a sale of the same code to the same person at the same institution.
    """
    now = _sold(scope.lines, scope.exempt).select("trace")
    every = _sold(scope.fee_lines, scope.exempt)
    # Nearly every code is sold once: those sold more often are told first, by a count, and only they are put in order.
    counted = every.semi_join(now, "trace").select("trace", "cnt")
    often = counted.group_by("trace").agg(net=counted.cnt.sign().sum()).filter(ibis._.net > 1)
    every = every.join(often, "trace")
    kept = every.cnt.sign().sum().over(group_by=("trace", "psn_no", "fixmedins_code"))
    sales = every.mutate(kept=kept).filter(ibis._.cnt > 0, ibis._.kept > 0)
    forward = ibis.row_number().over(ibis.window(group_by="trace", order_by=("fee_ocur_time", "bkkp_sn")))
    backward = ibis.row_number().over(
        ibis.window(group_by="trace", order_by=(ibis.desc("fee_ocur_time"), ibis.desc("bkkp_sn")))
    )
    sales = sales.mutate(forward=forward, backward=backward)
    repeats = sales.filter(sales.month == scope.month, sales.backward < sales.net - 1)
    first = sales.filter(sales.forward == 0).drop("net")
    about = repeats.select(
        about_trace="trace", subject="mdtrt_id", about="fixmedins_code", about_line="bkkp_sn"
    ).distinct()
    beside = first.join(about, (first.trace == about.about_trace) & (first.bkkp_sn != about.about_line))
    flagged = answer_lines(repeats).distinct()
    shown = compare_lines(beside, beside.subject, beside.about).distinct()
    return flagged.union(shown.anti_join(flagged, ["subject", "line"]))

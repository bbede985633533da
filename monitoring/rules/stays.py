"""Rules about stays in hospital, and about being in two places at once."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from monitoring.rules.scope import MONEY, Scope, answer_lines, expression, money

_OTHER = ("mdtrt_id", "psn_no", "fixmedins_code", "dscg_maindiag_code", "first", "last")


def _pair(later: Table, earlier: Table) -> Table:
    """The answer for a stay proved by another: the later one carries the amount, the other stands beside it."""
    flagged = later.select(
        person=later.psn_no,
        institution=later.fixmedins_code,
        subject=later.mdtrt_id,
        visit=later.mdtrt_id,
        line=ibis.null("string"),
        amount=money(later.paid),
    ).distinct()
    shown = earlier.select(
        person=earlier.psn_no,
        institution=earlier.fixmedins_code,
        subject=earlier.mdtrt_id,
        visit=earlier.o_mdtrt_id,
        line=ibis.null("string"),
        amount=ibis.literal(0).cast(MONEY),
    ).distinct()
    return flagged.union(shown)


@expression
def overlapping_stays(scope: Scope) -> Table:
    """Two stays of one person in two institutions share days; a transfer on one day is not shared. About the later."""
    stays = scope.stays
    others = stays.select(*_OTHER).rename("o_{name}")
    mine = stays.filter(stays.month == scope.month)
    pairs = mine.join(
        others,
        (mine.psn_no == others.o_psn_no)
        & (mine.fixmedins_code != others.o_fixmedins_code)
        & (mine.first < others.o_last)
        & (others.o_first < mine.last),
    )
    later = (pairs.first > pairs.o_first) | ((pairs.first == pairs.o_first) & (pairs.mdtrt_id > pairs.o_mdtrt_id))
    pairs = pairs.filter(later)
    return _pair(pairs, pairs)


@expression
def split_admission(scope: Scope) -> Table:
    """Admitted again to the same institution within ``days`` of leaving it, for a related diagnosis."""
    stays = scope.stays
    others = stays.select(*_OTHER).rename("o_{name}")
    mine = stays.filter(stays.month == scope.month)
    length = scope.number("diagnosis_characters")
    pairs = mine.join(
        others,
        (mine.psn_no == others.o_psn_no)
        & (mine.fixmedins_code == others.o_fixmedins_code)
        & (mine.mdtrt_id != others.o_mdtrt_id)
        & (mine.dscg_maindiag_code.substr(0, length) == others.o_dscg_maindiag_code.substr(0, length))
        & (others.o_first < mine.first)
        & (others.o_last <= mine.first),
    )
    pairs = pairs.filter(pairs.first.delta(pairs.o_last, unit="day") <= scope.number("days"))
    return _pair(pairs, pairs)


@expression
def elsewhere_while_inpatient(scope: Scope) -> Table:
    """Charged as an outpatient or at a pharmacy elsewhere on a day strictly inside a stay."""
    visits = scope.tables["visits"]
    outside = visits.filter(scope.means(visits, "med_type", "outpatient", "pharmacy"))
    lines = scope.lines.semi_join(outside, scope.lines.mdtrt_id == outside.mdtrt_id)
    stays = scope.stays.select(
        s_person="psn_no", s_visit="mdtrt_id", s_provider="fixmedins_code", s_first="first", s_last="last"
    )
    day = lines.fee_ocur_time.date()
    met = lines.join(
        stays,
        (lines.psn_no == stays.s_person)
        & (lines.fixmedins_code != stays.s_provider)
        & (day > stays.s_first)
        & (day < stays.s_last),
    )
    shown = met.select(
        person=met.psn_no,
        institution=met.fixmedins_code,
        subject=met.mdtrt_id,
        visit=met.s_visit,
        line=ibis.null("string"),
        amount=ibis.literal(0).cast(MONEY),
    )
    return answer_lines(met).distinct().union(shown.distinct())


@expression
def after_death(scope: Scope) -> Table:
    """Charged on a day after the person's recorded death."""
    dead = scope.tables["persons"].filter(ibis._.die_date.notnull())
    dead = dead.select(dead_person="psn_no", died="die_date")
    lines = scope.lines.join(dead, scope.lines.psn_no == dead.dead_person)
    return answer_lines(lines.filter(lines.fee_ocur_time.date() > lines.died.date()))

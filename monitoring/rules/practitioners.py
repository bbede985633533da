"""Rules on who prescribed (HY-23)."""

from __future__ import annotations

from ibis.expr.types import Table

from monitoring.rules.scope import Scope, answer_lines, expression


@expression
def prescribed_while_suspended(scope: Scope) -> Table:
    """A line prescribed by a practitioner on a day of suspension, emergencies excepted.

    Suspensions (``practitioner, begins, ends`` with ``ends`` the last day, null while it lasts) come as a table.
    """
    held = scope.suspensions
    lines = scope.with_visit(scope.lines.join(held, scope.lines.bilg_dr == held.practitioner))
    lines = lines.rename(med_type="v_med_type")
    day = lines.fee_ocur_time.date()
    suspended = (day >= lines.begins) & (lines.ends.isnull() | (day <= lines.ends))
    return answer_lines(lines.filter(suspended, ~scope.means(lines, "med_type", "emergency"))).distinct()

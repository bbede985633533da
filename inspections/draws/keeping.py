"""The rows of a draw's result that its events tell of: whom the lot fell on, and who stepped in (HY-31, DR-2)."""

from supervision.records.rows import Kept, declare

from .models import DrawInspector, DrawTarget, Replacement

declare(
    # Which inspection a target led to stands in that inspection's own row, which names the draw as its origin.
    Kept("drawn target", DrawTarget, at="draw", apart=("task",), name=lambda row: row.code),
    Kept("drawn inspector", DrawInspector, at="target__draw", name=lambda row: row.certificate),
    Kept("replacement", Replacement, at="draw"),
)

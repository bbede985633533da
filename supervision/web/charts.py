"""Pictures: Altair charts drawn to SVG in the product's look, cached, each with its figures and downloads.

    picture = chart(
        request, title=_("Cases by month"), columns=[_("Month"), _("Cases")], rows=[("2026-01", 3), …],
        draw=lambda data: alt.Chart(data).mark_bar().encode(x="c0:O", y="c1:Q"),
    )

The rows reach `draw` as fields `c0`, `c1`, … of the data. In the page: `{% chart picture %}`.
"""

import csv
import hashlib
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache as once
from typing import Any

import altair as alt
import pylopdf_fonts_zh_cn
import vl_convert
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from .exports import safe

KEEP_SECONDS = 6 * 3600
FONT = "Noto Sans SC"
READER_FONTS = f"{FONT}, PingFang SC, Microsoft YaHei, sans-serif"
INK, INK_2, LINE, ACCENT = "#17212b", "#51606f", "#dde3e9", "#17579b"
PALETTE = (ACCENT, "#d99000", "#1a7a4a", "#b3261e", "#6b4fa0", "#2a8f98", "#7d8a98")


@dataclass(frozen=True)
class Chart:
    """A drawn picture with its figures; `digest` names its downloads for the reader it was drawn for."""

    title: str
    note: str
    columns: list[str]
    rows: list[list[str]]
    svg: SafeString
    digest: str


def chart(
    request: HttpRequest,
    *,
    title: Any,
    columns: Sequence[Any],
    rows: Sequence[Sequence[Any]],
    draw: Callable[[alt.Data], Any],
    note: Any = "",
    height: int = 220,
    width: int = 640,
) -> Chart:
    """Draw the rows (first column the label, the rest numbers) or take the drawing from the cache."""
    data = alt.Data(values=[{f"c{n}": _number(cell) for n, cell in enumerate(row)} for row in rows])
    drawn = draw(data)
    if not isinstance(drawn, alt.TopLevelMixin):
        raise TypeError("draw must return an Altair chart")
    spec = drawn.properties(width=width, height=height, background="transparent").configure(**_look()).to_dict()
    text = json.dumps(spec, sort_keys=True, default=str)
    digest = hashlib.sha256(f"{title}\n{columns}\n{text}".encode()).hexdigest()
    svg = str(cache.get_or_set(f"chart:svg:{digest}", lambda: _svg(spec, str(title)), KEEP_SECONDS))
    figures = [[_shown(cell) for cell in row] for row in rows]
    heads = [str(column) for column in columns]
    cache.set(f"chart:{request.user.pk}:{digest}", (str(title), svg, _csv(heads, figures)), KEEP_SECONDS)
    return Chart(str(title), str(note), heads, figures, mark_safe(svg), digest)  # noqa: S308 — drawn by us


def download(request: HttpRequest, digest: str) -> tuple[str, str, str] | None:
    """Title, SVG and CSV of a picture drawn for this reader; None when it has aged out."""
    found: tuple[str, str, str] | None = cache.get(f"chart:{request.user.pk}:{digest}")
    return found


@once
def _fonts() -> None:
    vl_convert.register_font_directory(str(pylopdf_fonts_zh_cn.sans_path().parent))


def _svg(spec: dict[str, Any], title: str) -> str:
    _fonts()
    svg: str = vl_convert.vegalite_to_svg(spec)
    svg = svg.replace(f'font-family="{FONT}"', f'font-family="{READER_FONTS}"')
    return svg.replace("<svg ", f'<svg role="img" aria-label="{escape(title)}" ', 1)


def _look() -> dict[str, Any]:
    axis = {
        "labelFont": FONT,
        "titleFont": FONT,
        "labelColor": INK_2,
        "titleColor": INK_2,
        "titleFontWeight": "normal",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "gridColor": "#eaeef2",
        "domainColor": LINE,
        "tickColor": LINE,
    }
    legend = {"labelFont": FONT, "titleFont": FONT, "labelFontSize": 12, "titleFontSize": 12, "labelColor": INK}
    return {
        "font": FONT,
        "axis": alt.AxisConfig(**axis),
        "legend": alt.LegendConfig(**legend, titleColor=INK_2, orient="top"),
        "range": alt.RangeConfig(category=list(PALETTE)),
        "view": alt.ViewConfig(stroke=None),
        "bar": alt.BarConfig(color=ACCENT),
        "line": alt.LineConfig(color=ACCENT, strokeWidth=2),
        "text": alt.MarkConfig(font=FONT, color=INK),
    }


def _number(cell: Any) -> Any:
    return float(cell) if isinstance(cell, Decimal) else cell if isinstance(cell, (int, float)) else str(cell)


def _shown(cell: Any) -> str:
    if isinstance(cell, bool) or cell is None:
        return "" if cell is None else str(cell)
    if isinstance(cell, int):
        return f"{cell:,}"
    if isinstance(cell, (float, Decimal)):
        return f"{cell:,.2f}"
    return str(cell)


def _csv(heads: list[str], rows: list[list[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([safe(head) for head in heads])
    writer.writerows([[safe(cell) for cell in row] for row in rows])
    return "\ufeff" + text.getvalue()

"""What a claim is and where its money goes, in words (HY-3, HY-47)."""

from .models import Fund, Receivable, Route


def destination(route: str, fund: str) -> str:
    """Where money of a route and fund goes, in words."""
    named = Route(route)
    return str(named.label) if not fund else f"{named.label}（{Fund(fund).label}）"


def what(kind: str, route: str, fund: str) -> str:
    """What a claim is and where it goes, as its events call it."""
    return f"{Receivable.Kind(kind).label} → {destination(route, fund)}"


def every_claim() -> list[tuple[str, str]]:
    """All that can be claimed, as choices, so that an event's words are found again in another language."""
    return [
        (f"{kind}/{route}/{fund}", what(kind, route, fund))
        for kind in Receivable.Kind.values
        for route in Route.values
        for fund in ("", *Fund.values)
    ]

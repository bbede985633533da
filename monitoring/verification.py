"""Alerts that are not as screening found them or as their decisions leave them, for `records verify` (HY-14, HY-48)."""

from collections.abc import Iterator

from monitoring.models import Alert
from monitoring.services.screening import LINES_KEPT, fingerprint
from supervision.records.verification import beside

BATCH = 500


@beside
def alerts() -> Iterator[tuple[str, str]]:
    """Every alert with another state, content or proof than it was given.

    Proof is checked where all lines were kept: of an alert with more than `LINES_KEPT` only the claims know the rest.
    """
    for alert in Alert.objects.select_related("rule").prefetch_related("lines", "events").iterator(chunk_size=BATCH):
        where = f"alert {alert.pk}"
        state = Alert.State.NEW.value
        for event in sorted(alert.events.all(), key=lambda event: event.pk):
            if event.source != state:
                yield where, f"a decision moves from {event.source!r}, but the alert stood at {state!r}"
            state = event.target
        if alert.state != state:
            yield where, f"stands at {alert.state!r}, its decisions lead to {state!r}"
        if alert.line_count <= LINES_KEPT and not _proved(alert):
            yield where, "altered, or other lines prove it than screening found"


def _proved(alert: Alert) -> bool:
    lines = [(line.visit_code, line.line_code, line.flagged) for line in alert.lines.all()]
    found = fingerprint(alert.rule, alert.parameters, alert.provider_code, alert.visit_code, lines)
    return found == alert.fingerprint and alert.amount == sum(flagged for _visit, _code, flagged in lines)

"""Background work: each task takes an id, claims it by conditional update, and may be killed at any line."""

from __future__ import annotations

from celery import shared_task

from monitoring.services import imports, screening


@shared_task(name="monitoring.import_claims")
def import_claims(batch_id: int) -> None:
    """Do one claims import."""
    imports.run(batch_id=batch_id)


@shared_task(name="monitoring.screen")
def screen(run_id: int) -> None:
    """Do the parts of a screening run that nobody does; several workers share one run."""
    screening.work_on(run_id=run_id)


@shared_task(name="monitoring.take_up_stalled")
def take_up_stalled() -> None:
    """Queue again what a dead worker left; harmless when it is alive, for claiming is conditional."""
    for batch_id in imports.stalled():
        import_claims.delay(batch_id)
    for run_id in screening.stalled():
        screen.delay(run_id)


@shared_task(name="monitoring.collect_garbage")
def collect_garbage() -> None:
    """Delete claims files that no manifest needs."""
    imports.collect_garbage()

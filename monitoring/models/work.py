"""Long work that a worker does while people watch: shared by imports and screenings."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class WorkState(models.TextChoices):
    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


class Work(models.Model):
    """State, sign of life and claim of one piece of background work.

    A worker owns the work while ``claim`` is its own token and ``heartbeat`` is fresh; every change it makes is
    conditional on that token, so a worker that was given up for dead cannot spoil its successor's work.
    """

    state = models.CharField(_("state"), max_length=10, choices=WorkState.choices, default=WorkState.QUEUED)
    claim = models.UUIDField(null=True, editable=False)
    heartbeat = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        abstract = True

    @property
    def is_over(self) -> bool:
        return self.state in (WorkState.DONE, WorkState.FAILED, WorkState.CANCELLED)

    @property
    def seconds(self) -> float:
        """Seconds worked so far, or in all."""
        if self.started_at is None:
            return 0.0
        return max(((self.finished_at or timezone.now()) - self.started_at).total_seconds(), 0.001)

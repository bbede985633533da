"""Answers kept for repeated requests."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from supervision.parties.models import User


class KeptAnswer(models.Model):
    """The answer to a request that carried an `Idempotency-Key`: the same request again gets it without acting.

    Kept a week (`api.tasks.forget_answers`); steps of dossiers keep their key for ever in the event.
    """

    account = models.ForeignKey(User, models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    location = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("kept answer")
        verbose_name_plural = _("kept answers")
        constraints = (models.UniqueConstraint(fields=("account", "key"), name="answer_once_per_key"),)

    def __str__(self) -> str:
        return self.key

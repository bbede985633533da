"""Housekeeping of the API."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from .models import KeptAnswer


@shared_task
def forget_answers() -> int:
    """Delete answers kept longer than `API_ANSWERS_KEPT_DAYS`; running it twice changes nothing."""
    oldest = timezone.now() - timedelta(days=settings.API_ANSWERS_KEPT_DAYS)
    return KeptAnswer.objects.filter(made_at__lt=oldest).delete()[0]

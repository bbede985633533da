"""What the pages themselves remember: columns chosen, news for a person."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from supervision.parties.models import User


class ListPreference(models.Model):
    """The columns a person chose to see in a list."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    list_name = models.CharField(max_length=100)
    columns = models.JSONField(default=list)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "list_name"), name="one_preference_per_list"),)

    def __str__(self) -> str:
        return f"{self.user_id} {self.list_name}"


class Notice(models.Model):
    """News for one person that no dossier's event tells: an import has ended, a draw is due, a list is ready."""

    user = models.ForeignKey(User, models.CASCADE, related_name="notices")
    text = models.CharField(_("text"), max_length=300)
    url = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ("-pk",)
        indexes = (
            models.Index(fields=("user", "-id"), name="notice_of_user"),
            models.Index(fields=("user",), condition=models.Q(read_at__isnull=True), name="notice_unread"),
        )

    def __str__(self) -> str:
        return self.text


class NewsMark(models.Model):
    """Up to which event a person has seen the news of the matters in their charge."""

    user = models.OneToOneField(User, models.CASCADE, related_name="+")
    event = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.user_id} ≤ {self.event}"

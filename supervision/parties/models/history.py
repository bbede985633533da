"""What became of every row of the registers: written by the database itself, only added to (HY-2, HY-48)."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .authority import Authority
from .party import Party
from .staff import User


class RegisterChange(models.Model):
    """A row entered, changed or removed, whoever did it; `found` as it stood when the history began.

    `before` and `after` hold the columns that changed, of a row entered or removed all of them; of encrypted ones and
    of passwords a digest. `party` or `person`: whose page tells of it. `act` is the service and `by` whom it served,
    where the change came by one; `db_role` is who was connected to the database, `transaction` the database's number.
    The database does not hold to these references: what was told outlives the row.
    """

    class What(models.TextChoices):
        FOUND = "found", pgettext_lazy("register", "as it stood")
        INSERT = "insert", pgettext_lazy("register", "entered")
        UPDATE = "update", pgettext_lazy("register", "changed")
        DELETE = "delete", pgettext_lazy("register", "removed")

    register = models.CharField(max_length=63)
    row = models.BigIntegerField()
    what = models.CharField(_("what"), max_length=6, choices=What.choices)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    party = models.ForeignKey(Party, models.DO_NOTHING, null=True, related_name="+", db_constraint=False)
    person = models.ForeignKey(User, models.DO_NOTHING, null=True, related_name="+", db_constraint=False)
    act = models.CharField(max_length=60, blank=True)
    by = models.ForeignKey(
        User, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, verbose_name=_("by")
    )
    at_authority = models.ForeignKey(
        Authority, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, verbose_name=_("at")
    )
    mark = models.CharField(max_length=100, blank=True)
    db_role = models.CharField(max_length=63)
    transaction = models.BigIntegerField()
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("change of a register")
        verbose_name_plural = _("changes of the registers")
        indexes = (
            models.Index(fields=("register", "row"), name="register_change_of_row"),
            models.Index(
                fields=("party", "-id"), name="register_change_of_party", condition=models.Q(party__isnull=False)
            ),
            models.Index(
                fields=("person", "-id"), name="register_change_of_person", condition=models.Q(person__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return f"{self.register} {self.row} {self.what}"

    @property
    def is_outside(self) -> bool:
        """Whether it came by no service of the application."""
        return not self.act and self.what != self.What.FOUND

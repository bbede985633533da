"""What the registry of parties upholds: who is supervised, who may see what, whose identity is kept."""

from django.utils.translation import gettext_lazy as _

from supervision.law.coverage import Kind, enforces

enforces("HY-2", "supervision.parties.models.Party", Kind.SERVICE, _("one registry of supervised parties"))
enforces(
    "HY-5", "supervision.parties.actors.authorities_within", Kind.CHECK, _("everyone acts inside the jurisdiction")
)
enforces(
    "HY-33", "supervision.parties.actors.authorities_within", Kind.CHECK, _("a commission limits what a body sees")
)
enforces("HY-38", "supervision.parties.crypto.EncryptedTextField", Kind.SERVICE, _("identity numbers are encrypted"))

"""Happenings of this floor that stand on a dossier's events besides its steps."""

from django.utils.translation import gettext_lazy as _

from supervision.procedure.verbs import register

PAPER_ISSUED = register("paper_issued", _("Paper issued"))
PAPER_VOIDED = register("paper_voided", _("Paper voided"))
PAPER_REISSUED = register("paper_reissued", _("Paper replaced by a new one"))
PAPER_SERVED = register("paper_served", _("Paper served"))
EVIDENCE_ADDED = register("evidence_added", _("Evidence entered"), like="records.Evidence")
EVIDENCE_VERIFIED = register("evidence_verified", _("Evidence verified"), like="records.Evidence")
EVIDENCE_REJECTED = register("evidence_rejected", _("Evidence rejected"), like="records.Evidence")
EVIDENCE_TRANSFERRED = register("evidence_transferred", _("Evidence handed over"), like="records.Evidence")
EVIDENCE_VIEWED = register("evidence_viewed", _("Evidence viewed"), look=True)
EVIDENCE_DOWNLOADED = register("evidence_downloaded", _("Evidence downloaded"), look=True)
EVIDENCE_EXPORTED = register("evidence_exported", _("Exported with the file of a matter that rests on it"), look=True)
FILE_EXPORTED = register("file_exported", _("Whole file exported"), look=True)
IDENTIFIER_SHOWN = register("identifier_shown", _("Masked identifier shown in clear"), look=True)

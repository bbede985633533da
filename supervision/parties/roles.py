"""The roles a person may hold at an authority or a provider, where each belongs, and which of them are officers."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a post allows its holder to do; steps name the roles that may take them."""

    BUREAU_HEAD = "bureau_head", _("bureau head")
    BUREAU_OFFICER = "bureau_officer", _("enforcement officer")
    LEGAL_REVIEWER = "legal_reviewer", _("legal reviewer")
    AGENCY_HEAD = "agency_head", _("agency head")
    AGENCY_CLERK = "agency_clerk", _("agency clerk")
    AUDITOR = "auditor", _("auditor")
    FINANCE = "finance", _("finance officer")
    WITNESS = "witness", _("draw witness")
    PROVIDER_REP = "provider_rep", _("provider's representative")
    SYSTEM_ADMIN = "system_admin", _("system administrator")
    SECURITY_ADMIN = "security_admin", _("security administrator")
    AUDIT_ADMIN = "audit_admin", _("audit administrator")
    SYSTEM = "system", _("the system")


OFFICERS = frozenset({Role.BUREAU_OFFICER, Role.AUDITOR, Role.AGENCY_CLERK, Role.LEGAL_REVIEWER})
HEADS = frozenset({Role.BUREAU_HEAD, Role.AGENCY_HEAD})
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})

_EVERYWHERE = ADMINISTRATORS | {Role.LEGAL_REVIEWER, Role.FINANCE, Role.WITNESS}
_BUREAU = _EVERYWHERE | {Role.BUREAU_HEAD, Role.BUREAU_OFFICER}
# A commissioned body enforces in the name of its bureau and is staffed like one (HY-33).
ROLES_OF: Mapping[str, frozenset[Role]] = {
    "bureau": _BUREAU,
    "commissioned": _BUREAU,
    "agency": _EVERYWHERE | {Role.AGENCY_HEAD, Role.AGENCY_CLERK, Role.AUDITOR},
    "provider": frozenset({Role.PROVIDER_REP}),
}

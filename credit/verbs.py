"""What happens to credit, as the events of the matter behind it tell it."""

from django.utils.translation import gettext_lazy as _

from supervision.procedure import verbs

from .scheme import named

INDICATORS = {"indicator": named}

CREDIT_TOLD = verbs.register("credit_told", _("Credit event recorded"), like="credit.CreditEvent", choices=INDICATORS)
CREDIT_CORRECTED = verbs.register(
    "credit_corrected", _("Credit event corrected"), like="credit.CreditEvent", choices=INDICATORS
)
POINTS_CORRECTED = verbs.register("points_corrected", _("Demerit points corrected"), like="credit.PointRecord")
POINTS_RECORDED = verbs.register("points_recorded", _("Demerit points recorded"), like="credit.PointRecord")

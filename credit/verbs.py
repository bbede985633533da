"""What happens to credit, as the events of the matter behind it tell it."""

from django.utils.translation import gettext_lazy as _

from supervision.procedure import verbs

CREDIT_TOLD = verbs.register("credit_told", _("Credit event recorded"))
CREDIT_CORRECTED = verbs.register("credit_corrected", _("Credit event corrected"))
POINTS_CORRECTED = verbs.register("points_corrected", _("Demerit points corrected"))
POINTS_RECORDED = verbs.register("points_recorded", _("Demerit points recorded"))

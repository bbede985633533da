"""What the ground floor itself upholds: the catalogue, dated numbers and the calculator of periods."""

from django.utils.translation import gettext_lazy as _

from supervision.law.coverage import Kind, enforces

DUE = "supervision.workdays.arithmetic.due"

for _rule_id, _name, _label in (
    ("HY-1", "supervision.law.catalogue.rule", _("every rule leads back to its article")),
    ("HY-49", "supervision.law.services.set_value", _("the bureau confirms or sets a number")),
    ("HY-50", "supervision.law.values.value", _("a number holds for its dates")),
    ("PP-58", DUE, _("the end of a period is computed")),
    ("PL-85", DUE, _("the end of a period is computed")),
    ("CL-69", DUE, _("the end of a period is computed")),
    ("WD-1", DUE, _("the end of a period is computed")),
    ("WD-1", "supervision.workdays.services.load_year", _("a year's notice is loaded")),
):
    enforces(_rule_id, _name, Kind.SERVICE, _label)

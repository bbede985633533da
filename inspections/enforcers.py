"""What inspections uphold beside their steps, conditions and papers."""

from django.utils.translation import gettext_lazy as _

from supervision.law.coverage import Kind, enforces

enforces("TR-1", "inspections.tips.services.give_tip", Kind.SERVICE, _("a tip of the public is written down as a lead"))
enforces(
    "HY-38", "inspections.tips.pages.tips_seen_by", Kind.CHECK, _("who gave a tip is known to its authority alone")
)

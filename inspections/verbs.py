"""What happens to plans, draws, leads and inspections beside their steps, as the history tells it."""

from django.utils.translation import gettext_lazy as _

from supervision.procedure.verbs import register

WITNESSES_NAMED = register("witnesses_named", _("Witnesses named"))
PERIOD_OPENED = register("period_opened", _("Draw of the calendar opened"))
ROLL_FROZEN = register("roll_frozen", _("Roll frozen"))
COMMITTED = register("draw_committed", _("Commitment published"))
SILENT = register("witness_silent", _("Witness did not reveal"))
SEED_MADE = register("seed_made", _("Seed made"))
LOTS_DRAWN = register("lots_drawn", _("Result of the draw"))
SUBSTITUTED = register("substituted", _("Substitute drawn"))
FEEDBACK = register("lead_feedback", _("Outcome reported back"))
RECUSAL_REQUIRED = register("recusal_required", _("Recusal required by a known interest"))
RECORD_CITED = register("record_cited", _("Record filed as evidence of the findings"))

"""The course of a draw (HY-31, DR): rolls frozen, commitment announced, contributions opened, lots drawn,
published.

Nobody can choose the outcome: the rolls are frozen before a seed exists, the seed needs every witness, and
a witness who stays silent makes the draw void. Read beside ``algorithm``.
"""

from typing import ClassVar

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from inspections.draws.algorithm import CONTRIBUTION_MIN_LENGTH, h
from inspections.draws.plan_procedure import HEADS, OFFICERS
from supervision.law.values import integer
from supervision.parties.roles import Role
from supervision.procedure.declare import Procedure, TermSpec, opening, rule, step


@rule(_("The day on which the rolls are frozen has not come"), law="DR-1")
def freezing_is_due(draw, context):
    return context.now >= draw.freeze_at


@rule(_("Fewer witnesses than a draw needs"), law="DR-3")
def enough_witnesses(draw, context):
    return len(draw.witness_list) >= integer("DR-3/witnesses", scope=draw.authority.scope, on=context.today)


@rule(_("A witness has not handed in the hash of a contribution"), law="DR-3")
def everyone_committed(draw):
    return all(witness.sha256 for witness in draw.witness_list)


@rule(_("The announcement must come before the draw; its moment has passed"), law="DR-3")
def draw_lies_ahead(draw, context):
    return context.now < draw.draw_at


@rule(_("You are not a witness of this draw"), law="DR-3")
def is_witness_here(draw, context):
    return draw.witness_of(context.actor.user) is not None


@rule(_("Two witnesses cannot give the same contribution"), law="DR-3", on_facts=True)
def contribution_is_their_own(draw, context):
    mine = draw.witness_of(context.actor.user)
    return all(other == mine or other.sha256 != context.facts["sha256"] for other in draw.witness_list)


@rule(_("Your contribution is already with the system"), law="DR-3", moot=True)
def still_holds_it(draw, context):
    witness = draw.witness_of(context.actor.user)
    return witness is None or not witness.handed_over


@rule(_("The contribution is not the one whose hash was announced"), law="DR-3", on_facts=True)
def contribution_matches(draw, context):
    contribution = context.facts["contribution"]
    return (
        len(contribution) >= CONTRIBUTION_MIN_LENGTH and h(contribution) == draw.witness_of(context.actor.user).sha256
    )


@rule(_("No public value was named in the announcement"), law="DR-3", moot=True)
def public_value_was_named(draw):
    return bool(draw.public_source)


@rule(_("The public value does not exist before the day of the draw"), law="DR-3")
def public_value_is_due(draw, context):
    return context.today >= draw.draw_day


@rule(_("The public value is already recorded"), law="DR-3", moot=True)
def public_value_is_missing(draw):
    return not draw.public_value


@rule(_("The moment of the draw has not come"), law="DR-3")
def moment_has_come(draw, context):
    return context.now >= draw.draw_at


@rule(_("A witness has not revealed the contribution; the draw never goes on without it"), law="DR-3")
def everyone_revealed(draw):
    return all(witness.handed_over for witness in draw.witness_list)


@rule(_("The public value named in the announcement is not recorded"), law="DR-3")
def public_value_is_there(draw):
    return not draw.public_source or bool(draw.public_value)


@rule(_("Every witness has revealed the contribution"), law="DR-3")
def somebody_is_silent(draw):
    return not all(witness.handed_over for witness in draw.witness_list)


@rule(_("The period in which a witness may still reveal has not ended"), law="DR-3")
def reveal_window_is_over(draw, context):
    return (term := draw.term("reveal")) is not None and context.today > term.due


@rule(_("The day of publication set by the plan has not come"), law="DR-1")
def publication_is_due(draw, context):
    return draw.publish_on is not None and context.today >= draw.publish_on


class DrawProcedure(Procedure):
    """One draw, from the opening to its publication; void when its fairness could not be kept."""

    kind, label, word = "draw", _("random draw"), "双随机"
    witnessed = True

    class State(TextChoices):
        PREPARED = "prepared", _("prepared")
        ROLLS_FROZEN = "rolls_frozen", _("rolls frozen")
        ANNOUNCED = "announced", _("announced")
        REVEALED = "revealed", _("contributions open")
        DRAWN = "drawn", _("drawn")
        PUBLISHED = "published", _("published")
        VOID = "void", _("void")

    initial = State.PREPARED
    final = frozenset({State.PUBLISHED, State.VOID})
    rail = (
        State.PREPARED,
        State.ROLLS_FROZEN,
        State.ANNOUNCED,
        State.REVEALED,
        State.DRAWN,
        State.PUBLISHED,
    )
    opens = opening(label=_("Draw opened"), by=OFFICERS, law=["HY-31", "DR-1"])
    terms: ClassVar = {
        "reveal": TermSpec(_("Revealing"), law="DR-3", setting="DR-3/reveal", on_lapse="void_unrevealed"),
        "matching": TermSpec(_("Matching with inspectors"), law="DR-1", setting="DR-1/matching"),
        "publication": TermSpec(_("Publication of the result"), law="DR-1", setting="DR-1/publication"),
    }

    @step(
        label=_("Hand in a contribution"),
        done=_("Contribution handed in"),
        source=[State.PREPARED, State.ROLLS_FROZEN],
        target=None,
        by=Role.WITNESS,
        law="DR-3",
        needs=[is_witness_here, contribution_is_their_own],
        form="CommitForm",
        keeps="keep_commitment",
        help=_("Hold the text yourself and hand in only its hash, or seal the text in the system."),
    )
    def commit(self, **facts):
        pass

    @step(
        label=_("Put off"),
        done=_("Draw put off"),
        source=[State.PREPARED, State.ROLLS_FROZEN],
        target=None,
        by=OFFICERS,
        law="DR-3",
        form="PostponeForm",
    )
    def postpone(self, *, draw_at, **facts):
        self.draw_at = draw_at

    @step(
        label=_("Freeze the rolls"),
        done=_("Rolls frozen"),
        source=State.PREPARED,
        target=State.ROLLS_FROZEN,
        by=(Role.SYSTEM, *OFFICERS),
        law=["HY-31", "DR-1"],
        needs=[freezing_is_due],
        then=["freeze_rolls"],
        help=_("Targets and inspectors as they stand now; nobody can change them afterwards."),
    )
    def freeze_rolls(self, **facts):
        pass

    @step(
        label=_("Announce"),
        done=_("Draw announced"),
        source=State.ROLLS_FROZEN,
        target=State.ANNOUNCED,
        by=(Role.SYSTEM, *OFFICERS),
        law=["HY-31", "DR-3"],
        needs=[enough_witnesses, everyone_committed, draw_lies_ahead],
        form="AnnounceForm",
        starts={"reveal": "draw_on"},
        then=["announce"],
        help=_("Publishes the commitment: hashes of both rolls, numbers to draw, hashes of the contributions."),
    )
    def announce(self, **facts):
        self.announced_at = facts["announced_at"]

    @step(
        label=_("Reveal the contribution"),
        done=_("Contribution revealed"),
        source=State.ANNOUNCED,
        target=None,
        by=Role.WITNESS,
        law="DR-3",
        needs=[is_witness_here, still_holds_it, contribution_matches],
        form="RevealForm",
        keeps="keep_reveal",
    )
    def reveal(self, **facts):
        pass

    @step(
        label=_("Record the public value"),
        done=_("Public value recorded"),
        source=State.ANNOUNCED,
        target=None,
        by=OFFICERS,
        law="DR-3",
        needs=[public_value_was_named, public_value_is_due, public_value_is_missing],
        form="PublicValueForm",
    )
    def record_public_value(self, *, public_value, **facts):
        self.public_value = public_value

    @step(
        label=_("Open the contributions"),
        done=_("Contributions opened"),
        source=State.ANNOUNCED,
        target=State.REVEALED,
        by=(Role.SYSTEM, *OFFICERS),
        law="DR-3",
        needs=[moment_has_come, everyone_revealed, public_value_is_there],
        meets=["reveal"],
        then=["open_contributions"],
    )
    def open_contributions(self, **facts):
        pass

    @step(
        label=_("Draw"),
        done=_("Lots drawn"),
        source=State.REVEALED,
        target=State.DRAWN,
        by=(Role.SYSTEM, *OFFICERS),
        law=["HY-31", "DR-1", "DR-2"],
        starts=["matching", "publication"],
        then=["draw_lots"],
    )
    def draw_lots(self, **facts):
        pass

    @step(
        label=_("Publish the result"),
        done=_("Result published"),
        source=State.DRAWN,
        target=State.PUBLISHED,
        by=(Role.SYSTEM, *OFFICERS),
        law=["HY-31", "DR-1"],
        needs=[publication_is_due],
        meets=["publication"],
        then=["note_publication"],
    )
    def publish(self, **facts):
        pass

    @step(
        label=_("Hand over to inspection"),
        done=_("Inspection tasks opened"),
        source=[State.DRAWN, State.PUBLISHED],
        target=None,
        by=Role.SYSTEM,
        law=["HY-31", "DR-1"],
        meets=["matching"],
        form="TasksForm",
    )
    def hand_over(self, **facts):
        self.tasks_opened = True

    @step(
        label=_("Replace a target"),
        done=_("Target replaced"),
        source=[State.DRAWN, State.PUBLISHED],
        target=None,
        by=HEADS,
        law="DR-2",
        form="ReplaceTargetForm",
        then=["replace_target"],
        help=_("The next ticket of the stratum steps in; nobody picks it."),
    )
    def replace_target(self, **facts):
        """The substitute has no inspection yet: the sweeper hands over anew."""
        self.tasks_opened = False

    @step(
        label=_("Replace an inspector"),
        done=_("Inspector replaced"),
        source=[State.DRAWN, State.PUBLISHED],
        target=None,
        by=HEADS,
        law=["DR-2", "HY-34"],
        form="ReplaceInspectorForm",
        then=["replace_inspector"],
        help=_("The next in the order drawn for this target steps in; nobody picks him."),
    )
    def replace_inspector(self, **facts):
        pass

    @step(
        label=_("Declare void: a witness did not reveal"),
        done=_("Draw void: a witness did not reveal"),
        source=State.ANNOUNCED,
        target=State.VOID,
        by=Role.SYSTEM,
        law="DR-3",
        needs=[reveal_window_is_over, somebody_is_silent],
        lapses=["reveal"],
        then=["note_silence"],
    )
    def void_unrevealed(self, **facts):
        self.voided = True

    @step(
        label=_("Abandon"),
        done=_("Draw abandoned"),
        source=[State.PREPARED, State.ROLLS_FROZEN, State.ANNOUNCED],
        target=State.VOID,
        by=HEADS,
        law="DR-3",
        form="ReasonForm",
        lapses=["reveal"],
        help=_("An announced draw stays public with the reason for which it was abandoned."),
    )
    def abandon(self, *, reason, **facts):
        self.voided, self.void_reason = True, reason

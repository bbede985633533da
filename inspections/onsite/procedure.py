"""An inspection from its assignment to the archive (HY-31…34, PP-5, PP-16), to be read beside the articles."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from supervision.law.values import integer
from supervision.parties.roles import Role
from supervision.procedure.declare import Procedure, opening, rule, step

OFFICERS = (Role.BUREAU_OFFICER, Role.AUDITOR, Role.AGENCY_CLERK)
HEADS = (Role.BUREAU_HEAD, Role.AGENCY_HEAD)


def _enough(task, people, on):
    return len(people) >= integer("HY-32/officers", scope=task.authority.scope, on=on)


@rule(_("Fewer officers with a valid certificate are assigned than the law asks for"), law=("HY-32", "PP-16"))
def enough_certified_officers(task, context):
    return _enough(task, task.certified(context.today), context.today)


@rule(_("An assigned officer has declared an interest in this party and must withdraw"), law="HY-34")
def nobody_interested(task, context):
    return not task.interested(context.today)


@rule(_("A recusal is still to be decided by the head"), law="HY-34")
def recusals_decided(task):
    return not task.recusals_open


@rule(_("Items of the checklist are not answered yet"), law="HY-32")
def checklist_complete(task):
    answered, items = task.progress
    return answered >= items


@rule(_("An item that is not in order has neither words nor numbers to say why"), law="HY-32")
def shortcomings_explained(task):
    return not task.unexplained


@rule(_("An item is said to be in order though its numbers differ, and no words say why"), law="HY-32")
def differences_explained(task):
    return not task.unaccounted


@rule(_("Fewer certified officers sign the record than the law asks for"), law=("HY-32", "PP-16"), on_facts=True)
def enough_officers_sign(task, context):
    return _enough(task, context.facts["officers"], context.today)


@rule(_("No finding stands yet"), law="HY-37")
def a_finding_stands(task):
    return any(count for status, count in task.findings_by_status.items() if status != "dropped")


@rule(_("A finding cites no evidence besides the record"), law="HY-37")
def findings_proven(task):
    return not task.unproven


@rule(_("Findings have been made: say whether the agency or the bureau goes on with them"), law="HY-31", on_facts=True)
def clear_means_no_finding(task, context):
    return context.facts["conclusion"] != "clear" or not task.findings_by_status.get("confirmed")


@rule(_("Nothing was found that could be handed on"), law="HY-31", on_facts=True)
def handing_on_means_a_finding(task, context):
    return context.facts["conclusion"] == "clear" or bool(task.findings_by_status.get("confirmed"))


@rule(_("The officers of a drawn inspection are replaced by the draw's next ticket, not by hand"), law="HY-31")
def not_drawn(task, context):
    return not task.draw_ref or context.actor.is_system


class InspectionProcedure(Procedure):
    """Assigned → on site, identity shown → record drawn up → signed or refused → findings confirmed → concluded."""

    kind, label, word = "inspection", _("inspection"), "查"

    class State(TextChoices):
        ASSIGNED = "assigned", _("assigned")
        ON_SITE = "on_site", _("on site")
        RECORDED = "recorded", _("record drawn up")
        SIGNED = "signed", _("record signed")
        REFUSED = "refused", _("signature refused")
        CONFIRMED = "confirmed", _("findings confirmed")
        CONCLUDED = "concluded", _("concluded")
        ARCHIVED = "archived", _("archived")
        CALLED_OFF = "called_off", _("called off")

    initial = State.ASSIGNED
    final = frozenset({State.ARCHIVED, State.CALLED_OFF})
    rail = (
        State.ASSIGNED,
        State.ON_SITE,
        State.RECORDED,
        State.SIGNED,
        State.CONFIRMED,
        State.CONCLUDED,
        State.ARCHIVED,
    )
    opens = opening(label=_("Inspection assigned"), by=(*OFFICERS, *HEADS), law=("HY-31", "HY-32"))

    @step(
        label=_("Declare a recusal"),
        done=_("Recusal declared"),
        source=(State.ASSIGNED, State.ON_SITE),
        target=None,
        by=(*OFFICERS, *HEADS),
        law=("HY-34", "PP-5"),
        form="RecusalForm",
        keeps="keep_recusal",
    )
    def declare_recusal(self, **facts):
        """The recusal is a row of its own; the head decides it."""

    @step(
        label=_("Decide the recusal"),
        done=_("Recusal decided"),
        source=(State.ASSIGNED, State.ON_SITE),
        target=None,
        by=HEADS,
        law=("HY-34", "PP-5"),
        form="RecusalDecisionForm",
        keeps="keep_recusal_decision",
        then=["carry_out_recusal"],
    )
    def decide_recusal(self, **facts):
        """Withdrawing and replacing are assignments."""

    @step(
        label=_("Replace an officer"),
        done=_("Officer replaced"),
        source=(State.ASSIGNED, State.ON_SITE),
        target=None,
        by=(*HEADS, Role.SYSTEM),
        law=("HY-34", "HY-31"),
        needs=[not_drawn],
        form="ReplaceOfficerForm",
        then=["swap_officers"],
    )
    def replace_officer(self, **facts):
        """Withdrawing and replacing are assignments."""

    @step(
        label=_("Begin on site"),
        done=_("Begun on site, identity shown"),
        source=State.ASSIGNED,
        target=State.ON_SITE,
        by=OFFICERS,
        law=("HY-32", "HY-34", "PP-16"),
        needs=[enough_certified_officers, nobody_interested, recusals_decided],
        paper="inspection_notice",
        form="StartForm",
        assigned=True,
        help=_("Show your certificates and say why you come; the party may ask an officer to withdraw."),
    )
    def start(self, *, identity_shown_at, received_by, received_post, **facts):
        self.identity_shown_at = identity_shown_at
        self.received_by = received_by
        self.received_post = received_post

    @step(
        label=_("Fill in the checklist"),
        done=_("Checklist filled in"),
        source=State.ON_SITE,
        target=None,
        by=OFFICERS,
        law=("HY-27", "HY-32"),
        form="ChecklistForm",
        keeps="keep_answers",
        assigned=True,
    )
    def fill_checklist(self, **facts):
        """Answers are rows of their own."""

    @step(
        label=_("Add a photo"),
        done=_("Photo added"),
        source=(State.ON_SITE, State.RECORDED, State.SIGNED, State.REFUSED),
        target=None,
        by=OFFICERS,
        law=("HY-34", "HY-37"),
        form="PhotoForm",
        keeps="keep_photo",
        assigned=True,
    )
    def add_photo(self, **facts):
        """The photo is evidence of its own."""

    @step(
        label=_("Cite evidence for a finding"),
        done=_("Evidence cited"),
        source=(State.ON_SITE, State.RECORDED, State.SIGNED, State.REFUSED),
        target=None,
        by=OFFICERS,
        law="HY-37",
        needs=[a_finding_stands],
        form="CiteForm",
        keeps="cite",
        assigned=True,
    )
    def cite_evidence(self, **facts):
        """The finding keeps what it cites."""

    @step(
        label=_("Add a finding"),
        done=_("Finding added"),
        source=(State.ON_SITE, State.SIGNED, State.REFUSED),
        target=None,
        by=OFFICERS,
        law=("HY-31", "HY-37"),
        form="FindingForm",
        keeps="keep_finding",
        assigned=True,
    )
    def add_finding(self, **facts):
        """Findings are rows of their own."""

    @step(
        label=_("Drop a finding"),
        done=_("Finding dropped"),
        source=(State.ON_SITE, State.SIGNED, State.REFUSED),
        target=None,
        by=OFFICERS,
        law="HY-37",
        needs=[a_finding_stands],
        form="DropFindingForm",
        keeps="drop",
        assigned=True,
    )
    def drop_finding(self, **facts):
        """It stays on file with the reason."""

    @step(
        label=_("Draw up the on-site record"),
        done=_("On-site record drawn up"),
        source=State.ON_SITE,
        target=State.RECORDED,
        by=OFFICERS,
        law="HY-32",
        needs=[
            enough_certified_officers,
            recusals_decided,
            checklist_complete,
            shortcomings_explained,
            differences_explained,
        ],
        form="SiteRecordForm",
        keeps="keep_record",
        assigned=True,
    )
    def draw_up_record(self, **facts):
        """The record is a row of its own."""

    @step(
        label=_("Take the record back"),
        done=_("Record taken back"),
        source=State.RECORDED,
        target=State.ON_SITE,
        by=OFFICERS,
        law="HY-32",
        form="ReasonForm",
        assigned=True,
    )
    def reopen_record(self, **facts):
        """The reason stands in the event."""

    @step(
        label=_("Record the signature"),
        done=_("Record signed"),
        source=State.RECORDED,
        target=State.SIGNED,
        by=OFFICERS,
        law=("HY-32", "PP-16"),
        needs=[enough_officers_sign],
        paper="site_record",
        form="SignForm",
        keeps="keep_signature",
        then=["file_record"],
        assigned=True,
    )
    def sign_record(self, **facts):
        self.open_to_subject = True

    @step(
        label=_("Note the refusal to sign"),
        done=_("Refusal to sign noted"),
        source=State.RECORDED,
        target=State.REFUSED,
        by=OFFICERS,
        law=("HY-32", "PP-16"),
        needs=[enough_officers_sign],
        paper="site_record",
        form="RefusalForm",
        keeps="keep_refusal",
        then=["file_record"],
        assigned=True,
    )
    def note_refusal(self, **facts):
        self.open_to_subject = True

    @step(
        label=_("Confirm the findings"),
        done=_("Findings confirmed"),
        source=(State.SIGNED, State.REFUSED),
        target=State.CONFIRMED,
        by=OFFICERS,
        law="HY-37",
        needs=[findings_proven],
        keeps="confirm",
        assigned=True,
    )
    def confirm_findings(self, **facts):
        """Every finding not dropped is confirmed."""

    @step(
        label=_("Conclude"),
        done=_("Inspection concluded"),
        source=State.CONFIRMED,
        target=State.CONCLUDED,
        by=(*OFFICERS, *HEADS),
        law=("HY-31", "HY-18", "HY-39"),
        needs=[clear_means_no_finding, handing_on_means_a_finding],
        form="ConcludeForm",
        then=["tell_lead", "hand_on"],
    )
    def conclude(self, *, conclusion, summary, **facts):
        self.conclusion = conclusion
        self.summary = summary

    @step(
        label=_("Archive"),
        done=_("Archived"),
        source=State.CONCLUDED,
        target=State.ARCHIVED,
        by=OFFICERS,
        law="HY-34",
    )
    def archive(self, **facts):
        """Closes the ledger of this inspection."""

    @step(
        label=_("Call off"),
        done=_("Called off"),
        source=State.ASSIGNED,
        target=State.CALLED_OFF,
        by=(*HEADS, Role.SYSTEM),
        law="HY-31",
        form="ReasonForm",
        then=["release_lead"],
    )
    def call_off(self, *, reason, **facts):
        self.summary = reason

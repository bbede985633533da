"""The pages of the thread in the order of the work, each with who looks at it: what docs/screens shows."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from credit.models import Evaluation
from funds.models import Receivable
from inspections.draws.models import Draw
from monitoring.models import Alert, ImportBatch, Rule, ScreeningRun
from supervision.parties.models import User

from . import acts
from .places import Finder, at, first, matter, most_told, nowhere, open_step, owing

OFFICER, HEAD, LEGAL = "officer1-441602", "head1-441602", "legal1-441602"
CLERK, AGENCY_HEAD, PROVIDER = "clerk1-441602", "ahead1-441602", "provider1-441602"
CITY_OFFICER, SYSTEM, SECURITY, AUDIT = "officer1", "sysadmin", "secadmin", "audadmin"
big_alert = first(
    "monitoring:alert", lambda: Alert.objects.filter(state="new").order_by("-amount", "pk").first(), CITY_OFFICER
)


@dataclass(frozen=True)
class Picture:
    """One page: the name of its file, what the index says of it, where it is, and what is done there first."""

    name: str
    says: str
    find: Finder
    act: Callable[[Page], None] | None = None


THREAD: dict[str, tuple[Picture, ...]] = {
    "The way in": (
        Picture("sign-in", "Sign-in", at("web:sign-in")),
        Picture("desk", "An officer's desk: deadlines first", at("web:desk", by=OFFICER)),
        Picture("desk-head", "The head's desk", at("web:desk", by=HEAD)),
        Picture("search", "Search as one types", at("web:desk", by=OFFICER), acts.search),
        Picture("help", "Help", at("web:help", by=OFFICER)),
        Picture("error", "An address that leads nowhere", nowhere),
    ),
    "Discover": (
        Picture("upload", "Upload of claims", at("monitoring:upload", by=CITY_OFFICER)),
        Picture("import", "An import", first("monitoring:import", ImportBatch.objects.first, CITY_OFFICER)),
        Picture(
            "import-faults",
            "An import with rows set aside",
            at("monitoring:upload", by=CITY_OFFICER),
            acts.upload_claims,
        ),
        Picture("run", "A screening run", first("monitoring:run", ScreeningRun.objects.first, CITY_OFFICER)),
        Picture("overview", "What the screening found", at("monitoring:overview", by=CITY_OFFICER)),
        Picture("rule", "A rule", first("monitoring:rule", Rule.objects.first, CITY_OFFICER)),
        Picture("alerts", "Alerts", at("monitoring:alerts", by=OFFICER)),
        Picture(
            "alert",
            "An alert with the lines that prove it",
            big_alert,
        ),
        Picture("lead", "A lead", open_step("lead", "begin_verification", form=False)),
        Picture("tip", "Entering a tip of a citizen", at("inspections:register-lead", by=OFFICER)),
    ),
    "Inspect": (
        Picture("plan", "A plan", matter("plan", "adopted", CITY_OFFICER)),
        Picture("draw-matter", "A draw, as its officers see it", matter("draw", "published", CITY_OFFICER)),
        Picture(
            "draw",
            "The public result, recomputed in the reader's browser",
            first("public-draws:draw", lambda: Draw.objects.filter(state="published").first().commitment),
            acts.verified,
        ),
        Picture("visit", "A visit on site", open_step("inspection", "fill_checklist", form=False)),
        Picture(
            "onsite",
            "The same on the inspector's phone",
            matter("inspection", "on_site", OFFICER, "inspections:on-site"),
        ),
        Picture("record", "The record of the visit, to be signed", matter("inspection", "recorded", OFFICER)),
        Picture("finding", "Entering a finding", open_step("inspection", "add_finding")),
        Picture("coverage", "Coverage of the designated providers", at("inspections:coverage", by=CITY_OFFICER)),
    ),
    "The agency's breaches": (
        Picture("breach", "A breach record", open_step("breach", "record_statement", form=False)),
        Picture("breach-measures", "Choosing measures", open_step("breach", "choose_measures")),
        Picture("breach-notice", "The notice", open_step("breach", "issue_notice"), None),
        Picture(
            "breach-statement",
            "Entering a statement",
            open_step("breach", "record_statement", form=False),
            acts.open_dialog("record_statement"),
        ),
        Picture("breach-waiver", "Entering an express waiver", open_step("breach", "waive_statement")),
        Picture("breach-discussion", "The collective discussion", open_step("breach", "deliberate")),
        Picture("breach-decision", "The decision", open_step("breach", "decide")),
        Picture("breach-dispute", "Entering a dispute", open_step("breach", "raise_dispute")),
        Picture("breach-mediation", "Accepting a mediation", open_step("breach", "accept_mediation")),
        Picture("breach-mediated", "The agreement of a mediation", open_step("breach", "record_mediation")),
        Picture("breach-reversal", "Reversing a decision", open_step("breach", "reverse_decision")),
        Picture(
            "breach-reversed",
            "A decision reversed, its money to be paid back",
            open_step("breach", "record_repayment", form=False),
        ),
    ),
    "The bureau's cases": (
        Picture("case-propose", "Proposing a case", open_step("case", "file", form=False)),
        Picture("case", "A case, being re-examined", open_step("case", "submit_for_legal_review", form=False)),
        Picture("case-fact", "Establishing a fact", open_step("case", "establish_fact")),
        Picture("case-notice", "The penalty notice", open_step("case", "notify")),
        Picture("case-hearing-waiver", "Entering that the hearing is waived", open_step("case", "waive_hearing")),
        Picture("case-review", "A legal review", open_step("case", "pass_legal_review", form=False)),
        Picture("case-opinion", "The opinion of the legal review", open_step("case", "pass_legal_review")),
        Picture("case-discussion", "The collective discussion of a case", open_step("case", "deliberate")),
        Picture("case-decision", "The decision of a case", open_step("case", "decide_penalty")),
        Picture("case-service", "Service of the decision", open_step("case", "serve_decision")),
        Picture("payment", "A payment", owing("funds:receipt")),
        Picture("money", "Recovery and penalties", at("funds:receivables", by=OFFICER)),
        Picture(
            "receivable",
            "What one party owes",
            first("funds:receivable", Receivable.objects.first, CITY_OFFICER),
        ),
        Picture("case-publication", "Publishing the decision", open_step("case", "publish")),
        Picture("case-closed", "A case archived", matter("case", "archived", CITY_OFFICER)),
    ),
    "Evaluate and publish": (
        Picture("institution", "The institution's file", first("web:party", most_told, CITY_OFFICER)),
        Picture(
            "credit", "Its credit", first("credit:party", lambda: Evaluation.objects.first().party_id, CITY_OFFICER)
        ),
        Picture("agreement", "An agreement", open_step("agreement", "evaluate", form=False)),
        Picture("public", "The public front page", at("public:home")),
        Picture("public-penalties", "Published decisions", at("public:penalties")),
        Picture("provider-desk", "The provider's own desk", at("web:desk", by=PROVIDER)),
        Picture("provider-breach", "The provider's own matter", open_step("breach", "make_statement", form=False)),
        Picture("provider-statement", "The provider's statement", open_step("breach", "make_statement")),
    ),
    "The law and the system": (
        Picture("law", "The law", at("law:catalogue", by=OFFICER)),
        Picture("law-rule", "An article", at("law:rule", "HY-22", by=OFFICER)),
        Picture("numbers", "The numbers of the law", at("law:numbers", by=OFFICER)),
        Picture("account", "One's own account", at("web:account", by=OFFICER)),
        Picture("staff", "The people of an authority", at("web:staff", by=SYSTEM)),
        Picture(
            "staff-person",
            "A person's posts and certificates",
            first("web:staff-person", lambda: User.objects.filter(username="officer1").first(), SYSTEM),
        ),
        Picture("list-import", "A list with rows set aside", at("web:import-list", by=SYSTEM), acts.upload_list),
        Picture("reveal", "A masked number is shown, and recorded", big_alert, acts.reveal),
        Picture("oversight", "What was shown in clear", at("web:reveals", by=AUDIT)),
        Picture("oversight-exports", "What was exported", at("web:exports", by=AUDIT)),
        Picture("english", "The desk in English", at("web:desk", by=OFFICER), acts.english),
    ),
}

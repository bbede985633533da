"""The papers of a case, after the national model forms; what each tells stands in `paper_facts` and `inner_facts`."""

from django.utils.translation import gettext_lazy as _

from supervision.records.defence import STATEMENT, WAIVER
from supervision.records.paper_types import PaperType, register
from supervision.records.papers import DISCUSSION

from . import inner_facts, police_facts
from .paper_facts import base, decision, inner, statement_record, statement_review, statement_waiver

FOLDER = "enforcement/typ"
for code, title, word, template, told, law in (
    ("filing_approval", _("Filing approval"), "立审", "filing", inner_facts.filing, ("PP-14",)),
    ("no_filing", _("Approval of not filing"), "不立", "filing", inner_facts.filing, ("PP-15",)),
    ("suspension_of_procedure", _("Suspension of procedure"), "中", "suspension", inner_facts.suspension, ("PP-42",)),
    (
        "legal_review_request", _("Request for legal review"), "法送", "review_request", inner_facts.review_request,
        ("PP-37",),
    ),
    (
        "legal_review_opinion", _("Opinion of legal review"), "法审", "review_opinion", inner_facts.review_opinion,
        ("HY-40", "PP-39"),
    ),
    ("hearing_record", _("Record of hearing"), "听录", "hearing_record", inner_facts.hearing, ("PL-64",)),
    ("closing_report", _("Closing report"), "结", "closing", inner_facts.closing, ("PP-56",)),
    ("criminal_referral", _("Letter of criminal referral"), "涉罪移", "referral", inner_facts.referral, ("CR-3",)),
    (
        "police_review_request", _("Request for review of the refusal to file"), "涉罪复", "police_review",
        police_facts.review, ("CR-5",),
    ),
    (
        "supervision_suggestion", _("Suggestion to supervise the filing"), "涉罪督", "supervision",
        police_facts.supervision, ("CR-5",),
    ),
    (
        "police_handover_list", _("List of property and material handed over"), "涉罪交", "handover_list",
        police_facts.handover, ("CR-6",),
    ),
    (
        "lowered_fine_notice", _("Notice of the changed fine"), "罚变", "lowered", inner_facts.lowered,
        ("PP-46", "PL-73"),
    ),
    ("correction_order", _("Order to correct"), "责改", "correction", base, ("PP-13", "PL-28.1")),
    ("investigation_report", _("Investigation report"), "调", "report", inner, ("PP-36",)),
    ("case_handover", _("Case handover letter"), "移", "handover", inner, ("PP-43",)),
    ("penalty_notice", _("Penalty notice"), "罚告", "notice", base, ("PP-41", "PL-44")),
    (
        "case_statement_review", _("Opinion on the statement and defence"), "罚复", "statement_review",
        statement_review, ("PP-41", "PL-45"),
    ),
    ("hearing_notice", _("Notice of hearing"), "听告", "hearing_notice", base, ("PL-64",)),
    (
        "penalty_decision", _("Penalty decision"), "罚", "decision", decision,
        ("PL-59", "PL-65", "PL-66", "PL-67", "PL-72.1.1", "RM-1", "RM-2"),
    ),
    ("no_penalty_decision", _("Decision not to punish"), "不罚", "no_penalty", decision, ("PL-33", "PL-65")),
):  # fmt: skip
    register(PaperType(code, title, word, f"{FOLDER}/{template}.typ", told, law))
for code, title, word, template, told, law in (
    (
        "deliberation_record", _("Record of collective discussion"), "集", DISCUSSION, inner_facts.deliberation,
        ("PP-44",),
    ),
    (
        "case_statement_record", _("Record of statement and defence"), "罚陈", STATEMENT, statement_record,
        ("PP-41", "PL-45"),
    ),
    (
        "case_statement_waiver", _("Record of the waiver of statement and defence"), "罚弃", WAIVER, statement_waiver,
        ("PP-41", "PL-62"),
    ),
):  # fmt: skip
    register(PaperType(code, title, word, template, told, law))

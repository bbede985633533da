"""The draft of an on-site record's text, made from what was seen; officers edit it before anybody signs."""

from django.template.loader import render_to_string
from django.utils import translation

from .contradictions import contradictions
from .models import Answer, Finding, InspectionTask

PAPERS_SPEAK = "zh-hans"
# What a typed note may end with; the draft sets its own stop.
STOPS = " \n。．.;；，,、"


def draft_text(task: InspectionTask) -> str:
    """The text in Chinese, the language of papers, whatever the reader's own is."""
    answers = list(task.answers.select_related("item").order_by("item__place"))
    for each in answers:
        each.note = each.note.rstrip(STOPS)
    against = contradictions(task)
    spoken_against = {each.answer.pk for each in against}
    with translation.override(PAPERS_SPEAK):
        text = render_to_string(
            "pages/inspections/site_record.txt",
            {
                "task": task,
                "officers": task.officers_now,
                "checklist": task.checklist,
                "in_order": [
                    each
                    for each in answers
                    if each.answer == Answer.Answer.YES and not each.differs and each.pk not in spoken_against
                ],
                "explained": [each for each in answers if each.differs],
                "not_in_order": [each for each in answers if each.answer == Answer.Answer.NO],
                "not_applicable": [each for each in answers if each.answer == Answer.Answer.NOT_APPLICABLE],
                "findings": list(task.findings.exclude(status=Finding.Status.DROPPED)),
                "contradictions": against,
            },
        )
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip())

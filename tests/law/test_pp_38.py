"""PP-38: the legal review looks at every point; agreement takes them all, a return says which is not in order."""

import pytest

from supervision.procedure.refusals import StepInvalid
from supervision.procedure.services import advance
from supervision.records.models import LegalReview
from supervision.records.selectors import newest_paper
from tests.case_stage import SOUND, served, waive
from tests.doors import attempts
from tests.reading import words

pytestmark = pytest.mark.law("PP-38")

FAULTY = [point for point in SOUND if point != LegalReview.Point.PROCEDURE]
RETURNED = {"opinion": "correct", "reasons": "告知书未载明听证权利"}


def in_review(cast, provider):
    case = served(cast, provider)
    waive(case, cast)
    advance(case, "submit_for_legal_review", cast.officer)
    return case


@attempts(
    (in_review, "pass_legal_review", "reviewer", {"reasons": "同意"}, "sound"),
    (in_review, "pass_legal_review", "reviewer", {"reasons": "同意", "sound": FAULTY}, "sound"),
    (in_review, "pass_legal_review", "reviewer", {"reasons": "同意", "sound": [*SOUND, "weather"]}, "sound"),
    (in_review, "pass_legal_review", "reviewer", {"reasons": " ", "sound": SOUND}, "reasons"),
    (in_review, "return_for_correction", "reviewer", {**RETURNED, "sound": SOUND}, "sound"),
)
def test_no_opinion_passes_over_a_point(attempt, doors, store, cast, provider):
    attempt.mistaken(doors, attempt.stage(cast, provider), cast)


def test_what_was_examined_is_kept_told_and_printed(store, cast, provider):
    case = in_review(cast, provider)
    advance(case, "return_for_correction", cast.reviewer, **RETURNED, sound=FAULTY)
    review = case.legal_reviews.get()
    assert [sound for _point, sound in review.points].count(False) == 1
    assert case.events.get(verb="return_for_correction").facts["sound"] == FAULTY
    printed = words(newest_paper(case, "legal_review_opinion"))
    assert "程序合法：不符合" in printed
    assert printed.count("：符合") == len(FAULTY)


def test_another_opinion_may_find_every_point_in_order(store, cast, provider):
    case = in_review(cast, provider)
    advance(case, "return_for_investigation", cast.reviewer, opinion="other", reasons="另有线索待查", sound=SOUND)
    assert case.state == "investigating"


def test_a_point_of_no_list_is_refused(store, cast, provider):
    case = in_review(cast, provider)
    with pytest.raises(StepInvalid):
        advance(case, "return_for_correction", cast.reviewer, **RETURNED, sound=["weather"])

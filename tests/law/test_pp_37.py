"""PP-37, PL-58: whoever investigated does not review, and a first review takes the legal qualification."""

from datetime import date

import pytest

from supervision.parties.models import Certificate
from supervision.procedure import clock
from supervision.procedure.declare import Context
from supervision.procedure.services import assign, withdraw
from supervision.records import rules
from supervision.records.models import LegalReview

pytestmark = pytest.mark.law("PP-37", "PL-58")


def independent(errand, actor):
    case = type(errand).objects.get(pk=errand.pk)
    return rules.reviewer_is_independent(case, Context(actor=actor, today=clock.today(), now=clock.now()))


def test_an_investigator_never_reviews_not_even_after_withdrawing(errand, cast):
    assert independent(errand, cast.reviewer)
    assign(errand, cast.reviewer.user, "assist", cast.agency_head)
    assert not independent(errand, cast.reviewer)
    withdraw(errand, cast.reviewer.user, "回避", cast.agency_head)
    assert not independent(errand, cast.reviewer)


def test_being_assigned_to_review_is_not_investigating(errand, cast):
    assign(errand, cast.reviewer.user, "review", cast.agency_head)
    assert independent(errand, cast.reviewer)


def test_a_first_review_takes_the_legal_qualification(errand, cast):
    Certificate.objects.filter(user=cast.reviewer.user).update(valid=(date(2020, 1, 1), date(2021, 1, 1)))
    assert not independent(errand, cast.reviewer)
    now = clock.now()
    LegalReview.objects.create(
        dossier=errand, reviewer=cast.reviewer.user, requested_at=now, opinion="agree", passed=True, decided_at=now
    )
    assert independent(errand, cast.reviewer)

"""The whole thread once in a real browser: from a claims file to a closed case and a published decision.

Read it as the README's tour of ten minutes. Everything is clicked and typed, by each role, in Chinese; the ground alone
— the town, its officers and providers, the rules — was prepared beforehand, and time passes by the calendar.
"""

import pytest

from inspections.draws.tasks import tick
from tests.journeys import claims, draw

pytestmark = [
    pytest.mark.law("HY-14", "HY-21", "HY-22", "HY-24", "HY-31", "HY-32", "HY-37", "HY-40", "HY-47", "PP-41", "PP-57")
]


def test_the_tour_from_a_claims_file_to_a_published_decision(people, calendar):
    calendar.at(2025, 1, 2, 9)
    draw.a_plan_is_drafted_and_adopted(people)

    calendar.at(2025, 2, 5, 9)
    claims.a_claims_file_is_uploaded(people)
    claims.screening_is_started(people)
    claims.an_alert_shows_its_rule_and_the_lines_that_prove_it(people)
    claims.the_alert_becomes_a_lead(people)
    claims.the_lead_is_verified(people)

    calendar.at(2025, 2, 7, 9)
    tick()
    draw.witnesses_hand_in_their_contributions(people)
    calendar.at(2025, 2, 14, 9)
    tick()
    draw.the_announcement_is_public_before_the_draw(people)
    calendar.at(2025, 2, 17, 8)
    draw.the_witness_reveals_the_text_held(people)
    calendar.at(2025, 2, 17, 9)
    tick()
    draw.everyone_can_check_who_was_drawn(people)
    draw.the_draw_has_sent_out_its_inspectors(people)

"""The whole thread once in a real browser: from a claims file to a closed case and a published decision.

Read it as the README's tour of ten minutes. Everything is clicked and typed, by each role, in Chinese; the ground alone
— the town, its officers and providers, the rules — was prepared beforehand, and time passes by the calendar.
"""

import pytest

from inspections.draws.tasks import tick
from supervision.procedure.tasks import seal_events, sweep_terms
from tests.journeys import afterwards, agency, bureau, claims, draw, on_site

pytestmark = [
    pytest.mark.law("HY-14", "HY-21", "HY-22", "HY-24", "HY-31", "HY-32", "HY-37", "HY-40", "HY-47", "PP-41", "PP-57")
]

HOSPITAL = "示例·甲县康复医院"
DOUBLE_CHARGES = {
    "行为": "重复收费", "发现的事实": "同一项目重复收费", "涉及人数": "31", "金额（元）": "68210.50",
    "基金": "城乡居民基本医疗保险基金",
}  # fmt: skip
SPLIT_STAYS = {
    "行为": "分解住院", "发现的事实": "分解住院7人次", "涉及人数": "7", "金额（元）": "96000.00",
    "基金": "职工基本医疗保险基金",
}  # fmt: skip


def test_the_tour_from_a_claims_file_to_a_published_decision(people, calendar):
    claims_are_screened_and_an_alert_becomes_a_lead(people, calendar)
    hospital, inspectors = lots_are_drawn_in_public(people, calendar)
    the_drawn_hospital_is_inspected_and_told_what_was_found(people, calendar, hospital, inspectors)
    the_hospital_of_the_lead_is_inspected_and_a_case_filed(people, calendar)
    the_case_is_investigated_and_the_hospital_heard(people, calendar)
    both_are_decided_when_everyone_was_heard(people, calendar, hospital)
    money_comes_back_and_both_are_closed(people, calendar, hospital)
    everything_can_be_seen_from_outside(people)


def claims_are_screened_and_an_alert_becomes_a_lead(people, calendar):
    calendar.at(2025, 2, 5, 9)
    claims.a_claims_file_is_uploaded(people)
    claims.screening_is_started(people)
    claims.an_alert_shows_its_rule_and_the_lines_that_prove_it(people)
    claims.the_alert_becomes_a_lead(people)
    claims.the_lead_is_verified(people)


def lots_are_drawn_in_public(people, calendar):
    """Ten days before it witnesses are asked, three before it the rolls are frozen; the calendar does the rest."""
    draw.a_plan_is_drafted_and_adopted(people)
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
    return draw.the_draw_has_sent_out_its_inspectors(people)


def the_drawn_hospital_is_inspected_and_told_what_was_found(people, calendar, hospital, inspectors):
    """The bureau hands the finding to the agency, which handles it as a breach of the agreement."""
    calendar.at(2025, 2, 18, 9)
    phone = on_site.two_officers_inspect(people, hospital, inspectors, DOUBLE_CHARGES, refused_because="须请示上级")
    on_site.findings_are_confirmed_and_the_visit_concluded(phone, "转经办机构按违约处理")
    agency.the_agency_registers_the_breach(people, hospital)
    agency.measures_are_chosen_and_the_notice_served(people)
    agency.the_hospital_reads_the_notice_and_answers_back(people, hospital)


def the_hospital_of_the_lead_is_inspected_and_a_case_filed(people, calendar):
    calendar.at(2025, 2, 19, 9)
    on_site.the_lead_sends_two_officers(people, HOSPITAL)
    officers = (people.town.cast.officer, people.town.cast.second_officer)
    phone = on_site.two_officers_inspect(people, HOSPITAL, officers, SPLIT_STAYS, short_of_beds=True)
    on_site.findings_are_confirmed_and_the_visit_concluded(phone, "由医保局立案查处")
    bureau.a_case_is_proposed_and_filed(people, HOSPITAL)


def the_case_is_investigated_and_the_hospital_heard(people, calendar):
    calendar.at(2025, 2, 20, 9)
    bureau.evidence_is_entered_and_a_fact_rests_on_it(people)
    bureau.the_investigation_is_reported_and_the_notice_served(people)
    bureau.the_hospital_states_its_view(people)


def both_are_decided_when_everyone_was_heard(people, calendar, hospital):
    calendar.at(2025, 3, 3, 9)
    sweep_terms()
    agency.every_point_is_answered(people, hospital)
    agency.the_agency_decides_after_its_discussion(people, hospital)
    agency.the_bureau_agrees_and_the_city_is_told(people, hospital)
    bureau.nothing_is_decided_before_the_legal_review(people)
    bureau.the_major_case_is_discussed_and_decided(people)


def money_comes_back_and_both_are_closed(people, calendar, hospital):
    calendar.at(2025, 3, 11, 9)
    agency.the_money_returns_to_the_fund_and_the_breach_is_closed(people, hospital)
    bureau.the_money_goes_its_two_ways(people, HOSPITAL)
    bureau.the_decision_is_published_and_the_file_archived(people)


def everything_can_be_seen_from_outside(people):
    afterwards.the_institutions_file_tells_it_all(people, HOSPITAL)
    afterwards.the_public_reads_the_decision(people, HOSPITAL)
    seal_events()
    afterwards.the_whole_file_is_exported_and_proves_itself(people)

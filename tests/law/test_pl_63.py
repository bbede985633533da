"""PL-63, PL-64: the hearing is a right of its own; nothing goes on until it was held, waived expressly, or lapsed."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from supervision.law.services import set_value
from supervision.procedure import clock, lapses
from supervision.procedure.services import advance
from supervision.records.selectors import statements_of
from tests.case_stage import ago, report, served, waive

pytestmark = pytest.mark.law("PL-63")

LARGE = {"amount": "80000.00", "fine": "120000.00"}
JUST_LARGE, JUST_SMALL = {"fine": "100000.00"}, {"fine": "99999.99"}


def declared(case, cast):
    return {"declared_by": "院长", "declared_on": clock.today().isoformat(), "on_paper": True}


def asked(cast, on=None):
    return {
        "requested_on": (on or clock.today()).isoformat(),
        "place": "二楼会议室",
        "hearing_on": (clock.today() + timedelta(days=15)).isoformat(),
        "host": cast.reviewer.user.pk,
    }


def ask(case, cast, on=None):
    return advance(case, "request_hearing", cast.officer, data=asked(cast, on))


def submit(case, cast):
    return advance(case, "submit_for_legal_review", cast.officer)


def test_a_waived_statement_leaves_the_right_to_a_hearing(store, cast, provider, doors):
    case = served(cast, provider, **LARGE)
    waive(case, cast, hearing=False)
    assert case.state == "reexamining"
    assert case.term("hearing_request").is_open
    doors.refuse(case, "submit_for_legal_review", cast.officer, by="hearing_right_settled")
    ask(case, cast)
    assert case.state == "in_hearing"
    doors.refuse(case, "submit_for_legal_review", cast.officer, by="state")


def test_the_threshold_decides_to_the_cent(store, cast, provider, doors):
    small = served(cast, provider, amount="70000.00", **JUST_SMALL)
    assert small.term("hearing_request") is None, "no days run for what may not be asked for"
    waive(small, cast, hearing=False)
    submit(small, cast)
    large = served(cast, provider, amount="70000.00", **JUST_LARGE)
    assert large.term("hearing_request").is_open
    waive(large, cast, hearing=False)
    doors.refuse(large, "submit_for_legal_review", cast.officer, by="hearing_right_settled")


def test_an_express_waiver_opens_the_way_with_the_statement_or_later(store, cast, provider):
    together = served(cast, provider, **LARGE)
    waive(together, cast)
    assert [event.verb for event in together.events.all()][-2:] == ["waive_statement", "waive_hearing"]
    assert together.term("hearing_request").state == "met"
    submit(together, cast)


def test_the_one_signed_paper_that_waives_both_is_evidence_of_the_case(store, cast, provider):
    case = served(cast, provider, **LARGE)
    said = {"declared_by": "院长", "declared_on": clock.today(), "hearing_waived": True}
    paper = SimpleUploadedFile("放弃声明.txt", "示例院长签名".encode())
    advance(case, "waive_statement", cast.officer, data=said, files={"document": paper})
    assert case.hearing_waived_on == clock.today()
    kept = case.evidence.get(original_name="放弃声明.txt")
    told = case.events.filter(verb__in=("waive_statement", "waive_hearing")).values_list("facts", flat=True)
    assert [facts["document"]["sha256"] for facts in told] == [kept.sha256, kept.sha256]


def test_the_waiver_may_follow_by_itself_and_once(store, cast, provider, doors):
    case = served(cast, provider, **LARGE)
    waive(case, cast, hearing=False)
    for who in ("head", "reviewer", "city_officer"):
        doors.refuse(case, "waive_hearing", getattr(cast, who), declared(case, cast), by="role")
    doors.mistake(case, "waive_hearing", cast.officer, {}, field="declared_by")
    advance(case, "waive_hearing", cast.officer, **declared(case, cast))
    doors.refuse(case, "waive_hearing", cast.officer, declared(case, cast), by="hearing_not_settled_yet")
    submit(case, cast)


def test_the_right_lapses_with_its_own_days(store, cast, provider, doors):
    with ago(30):
        case = served(cast, provider, **LARGE)
        waive(case, cast, hearing=False)
    due = (clock.today() - case.term("hearing_request").due).days
    with ago(due):
        lapses.sweep()
        doors.refuse(case, "submit_for_legal_review", cast.officer, by="hearing_right_settled")
    with ago(due - 1):
        lapses.sweep()
        case.refresh_from_db()
        assert case.term("hearing_request").state == "lapsed"
        assert case.events.filter(verb="end_hearing_request", user=None).exists()
        doors.refuse(case, "request_hearing", cast.officer, asked(cast), by="hearing_asked_in_time")
        submit(case, cast)


def test_what_was_asked_in_time_is_heard_though_entered_later(store, cast, provider, doors):
    with ago(30):
        case = served(cast, provider, **LARGE)
        waive(case, cast, hearing=False)
    last = case.term("hearing_request").due
    with ago((clock.today() - last).days - 1):
        lapses.sweep()
        case.refresh_from_db()
        early = asked(cast, case.notice_served_on - timedelta(days=1))
        doors.refuse(case, "request_hearing", cast.officer, early, by="hearing_asked_in_time")
        ask(case, cast, on=last)
    assert (case.state, case.hearing_requested_on) == ("in_hearing", last)
    doors.refuse(case, "submit_for_legal_review", cast.officer, by="state")


def test_one_round_has_one_hearing_and_none_after_its_waiver(store, cast, provider, doors):
    with ago(20):
        waived = served(cast, provider, **LARGE)
        waive(waived, cast)
        doors.refuse(waived, "request_hearing", cast.officer, asked(cast), by="hearing_not_settled_yet")
        heard = served(cast, provider, **LARGE)
        day = clock.today()
        ask(heard, cast)
    advance(heard, "hold_hearing", cast.officer, held_on=clock.today(), present="双方", transcript="听证情况。")
    doors.refuse(heard, "request_hearing", cast.officer, asked(cast, day), by="hearing_not_settled_yet")


def test_silence_about_the_statement_ends_no_longer_hearing_days(store, cast, provider, doors, land):
    """Where a city gives more days to ask for a hearing than to state, each right runs its own course."""
    set_value(
        scope=land.city_bureau.code, key="PL-63/request", value=Decimal(20),
        effective_from=clock.today() - timedelta(days=60), article_note="试行", reason="试行", set_by="示例",
    )  # fmt: skip
    with ago(12):
        case = served(cast, provider, **LARGE)
    lapses.sweep()
    case.refresh_from_db()
    assert (case.state, case.term("statement").state) == ("reexamining", "lapsed")
    assert case.term("hearing_request").is_open
    doors.refuse(case, "submit_for_legal_review", cast.officer, by="hearing_right_settled")
    ask(case, cast)


def test_only_the_system_ends_the_days_and_only_when_they_are_over(store, cast, provider, doors):
    case = served(cast, provider, **LARGE)
    doors.keep_out(case, "end_hearing_request", cast.officer)


@pytest.mark.law("PL-64")
def test_a_hearing_asked_for_is_held_first_and_announced_ahead(store, cast, provider, doors):
    with ago(20):
        case = served(cast, provider, **LARGE)
        soon = (clock.today() + timedelta(days=3)).isoformat()
        wrong = asked(cast) | {"hearing_on": soon, "host": cast.officer.user.pk}
        doors.mistake(case, "request_hearing", cast.officer, wrong, field="hearing_on")
        doors.mistake(case, "request_hearing", cast.officer, wrong, field="host")
        ask(case, cast)
        assert case.term("decision").state == "paused"
    advance(case, "hold_hearing", cast.officer, held_on=clock.today(), present="双方", transcript="听证情况。")
    assert case.term("decision").state == "running"
    submit(case, cast)


def test_a_small_fine_gives_no_hearing(store, cast, provider, doors):
    case = served(cast, provider)
    doors.refuse(case, "request_hearing", cast.officer, asked(cast), by="hearing_is_due")
    waive(case, cast, hearing=False)
    submit(case, cast)
    assert case.term("hearing_request") is None


def test_a_new_notice_brings_the_right_anew(store, cast, provider, doors):
    case = served(cast, provider, **LARGE)
    waive(case, cast)
    advance(case, "reopen_investigation", cast.head, reason="发现新的事实")
    report(case, cast, fine="120000.00")
    advance(case, "notify", cast.head)
    advance(
        case, "serve_notice", cast.officer, method="direct", relation="staff", served_on=clock.today(),
        recipient="院办", on_paper=True,
    )  # fmt: skip
    waive(case, cast, hearing=False)
    doors.refuse(case, "submit_for_legal_review", cast.officer, by="hearing_right_settled")
    assert not statements_of(case)

"""CR-4, CR-7: the police answer in writing within three days; meanwhile no penalty takes the place of the referral."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils.datastructures import MultiValueDict

from enforcement.models import EnforcementCase
from funds.models import Receivable
from supervision.procedure import clock, lapses
from supervision.procedure.chain import row_digest
from supervision.procedure.own_row import MOVED_BY_EVENTS, matter_digest
from supervision.procedure.services import advance
from supervision.records.models import Evidence
from supervision.records.verification import verify
from supervision.web.dossier_lists import dossier_url
from tests.case_stage import ago, decide
from tests.doors import attempts
from tests.police_stage import (
    REFUSAL,
    decided_to_refer,
    filed_by_police,
    filing,
    refused_by_police,
    refusing,
    returning,
    sent,
    then,
    to_the_decision,
)

pytestmark = pytest.mark.law("CR-4", "CR-7", "PL-27", "HY-39")


def penalty():
    return {"tier": "ordinary", "fine": "90000.00", "decided_on": clock.today().isoformat()}


def test_the_answer_is_awaited_three_days_and_late_it_is_reminded_of(store, cast, provider):
    with ago(10):
        case = sent(cast, provider)
        term = case.term("police_answer")
        assert (term.n, term.unit, term.start, term.state) == (3, "CD", clock.today(), "running")
    lapses.sweep()
    assert case.term_set.get(kind="police_answer").state == "overdue"
    assert case.events.filter(verb="term_overdue", facts__term="police_answer").exists()
    case.refresh_from_db()
    then(case, cast, "record_police_answer", filing())
    assert (case.term("police_answer").state, case.police_course) == ("met", "filed")
    assert (case.term("police_handover").state, case.term("police_review")) == ("running", None)
    assert verify(case).faults == []


def test_the_written_answer_is_kept_as_evidence(store, cast, provider):
    case = sent(cast, provider)
    scan = MultiValueDict({"document": [SimpleUploadedFile("不予立案通知书.txt", "不予立案".encode())]})
    event = advance(case, "record_police_answer", cast.officer, data=refusing(on_paper=""), files=scan)
    assert (event.facts["reason"], case.police_course) == (REFUSAL, "refused")
    assert Evidence.objects.filter(dossier=case.pk, original_name="不予立案通知书.txt").exists()
    assert (case.term("police_review").state, case.term("police_handover")) == ("running", None)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"answer": ""}, "answer"),
        ({"number": ""}, "number"),
        ({"on_paper": False}, "document"),
        ({"dated": (clock.today() - timedelta(days=1)).isoformat()}, "dated"),
        ({"received_on": (clock.today() - timedelta(days=1)).isoformat()}, "received_on"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_answer_is_written_dated_and_reasoned(store, cast, provider, doors, given, field):
    doors.mistake(sent(cast, provider), "record_police_answer", cast.officer, refusing() | given, field=field)


@attempts(
    (decided_to_refer, "record_police_answer", "officer", filing, "answer_awaited"),
    (sent, "record_police_answer", "head", filing, "role"),
    (sent, "record_return", "officer", returning, "filed_by_police"),
    (filed_by_police, "record_police_answer", "officer", refusing, "answer_awaited"),
    (refused_by_police, "record_return", "officer", returning, "filed_by_police"),
)
def test_nobody_else_and_never_out_of_turn(store, cast, provider, doors, attempt):
    attempt.refused(doors, attempt.stage(cast, provider), cast)


def ready_while_with_the_police(cast, provider):
    return to_the_decision(sent(cast, provider), cast)


def ready_before_it_is_sent(cast, provider):
    return to_the_decision(decided_to_refer(cast, provider), cast)


@attempts(
    (ready_before_it_is_sent, "decide_penalty", "head", penalty, "not_with_the_police"),
    (ready_while_with_the_police, "decide_penalty", "head", penalty, "not_with_the_police"),
)
def test_no_penalty_takes_the_place_of_the_referral(store, cast, provider, doors, attempt):
    attempt.refused(doors, attempt.stage(cast, provider), cast)


def test_what_came_back_goes_on_and_is_decided(store, cast, provider, doors):
    case = ready_while_with_the_police(cast, provider)
    then(case, cast, "record_police_answer", filing())
    doors.refuse(case, "decide_penalty", cast.head, penalty(), by="not_with_the_police")
    then(case, cast, "record_return", returning())
    assert (case.police_course, case.state) == ("returned", "reviewed")
    assert case.term("police_handover").state == "met"
    decide(case, cast)
    assert case.state == "decided"
    assert verify(case).faults == []


@pytest.mark.law("PL-35")
def test_after_a_sentence_no_fine_is_decided(store, cast, provider, doors):
    case = ready_while_with_the_police(cast, provider)
    then(case, cast, "record_police_answer", filing())
    then(case, cast, "record_return", returning("sentenced", organ="甲县人民法院"))
    doors.refuse(case, "decide_penalty", cast.head, penalty(), by="not_sentenced")


def test_the_days_to_decide_run_on_and_the_page_says_so(store, cast, provider, client):
    case = filed_by_police(cast, provider)
    assert case.term("decision").state == "running"
    client.force_login(cast.officer.user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(dossier_url(case)).content.decode()
    assert "公安已立案" in page
    assert client.get(f"/api/v1/dossiers/{case.pk}/").json()["facts"]["police_course"] == "filed"
    client.force_login(cast.hospital.user, backend="django.contrib.auth.backends.ModelBackend")
    assert "公安已立案" not in client.get(dossier_url(case)).content.decode()


def test_a_case_ended_for_justice_still_hears_what_becomes_of_it(store, cast, provider):
    case = sent(cast, provider)
    advance(case, "terminate", cast.head, reason="移送司法机关")
    then(case, cast, "record_police_answer", filing())
    then(case, cast, "record_return", returning())
    assert (case.state, case.police_course) == ("terminated", "returned")
    assert verify(case).faults == []


def test_the_money_is_recovered_meanwhile(store, cast, provider):
    case = ready_while_with_the_police(cast, provider)
    today = clock.today()
    advance(case, "decide_no_penalty", cast.head, reason="刑事程序另行处理", decided_on=today)
    advance(
        case, "serve_no_penalty", cast.officer, method="direct", relation="staff", served_on=today, recipient="院办",
        on_paper=True,
    )  # fmt: skip
    assert [(one.kind, one.amount) for one in Receivable.objects.filter(dossier=case.pk)] == [("refund", case.loss)]
    then(case, cast, "record_police_answer", filing())
    assert case.term("police_handover").state == "running"


def test_the_database_knows_no_answer_to_what_was_not_sent(store, cast, provider):
    case = decided_to_refer(cast, provider)
    with pytest.raises(DatabaseError, match="case_answered_once_sent_to_police"), transaction.atomic():
        EnforcementCase.objects.filter(pk=case.pk).update(police_course="filed")


def test_a_case_told_of_before_there_were_answers_reads_as_it_did(store, cast, provider):
    case = decided_to_refer(cast, provider)
    columns = [field.attname for field in case._meta.concrete_fields if field.name not in MOVED_BY_EVENTS]
    earlier = [name for name in columns if name != "police_course"]
    assert matter_digest(case) == row_digest(case, earlier)
    for other in ("filed", " ", None):
        case.police_course = other
        assert matter_digest(case) == row_digest(case, columns) != row_digest(case, earlier)

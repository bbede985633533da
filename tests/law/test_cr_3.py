"""CR-3: within 24 hours of the head's decision a suspected crime is sent to the police with every enclosure."""

from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from enforcement.models import EnforcementCase
from supervision.law import catalogue as law
from supervision.procedure import clock, lapses, terms
from supervision.procedure.models import Dossier
from supervision.procedure.refusals import StepInvalid
from supervision.procedure.selectors import with_late_term
from supervision.procedure.services import advance
from supervision.records.models import Evidence
from supervision.records.selectors import newest_paper
from supervision.records.verification import verify
from supervision.web.dossier_lists import dossier_url
from tests.case_stage import ago, evidence, filed, reported
from tests.doors import attempts

pytestmark = pytest.mark.law("CR-3", "HY-39")
ORGAN = "甲县公安局"
DECISION = {"organ": ORGAN, "reason": "骗保数额较大，涉嫌犯罪。"}
SENT = {"no_property": True, "no_appraisal": True, "receipt_of": "李示例", "on_paper": True}


def decide(case, cast):
    return advance(case, "decide_referral", cast.head, **DECISION)


def send(case, cast, **given):
    return advance(case, "send_to_police", cast.officer, **(SENT | {"sent_on": clock.today()} | given))


@pytest.fixture
def case(store, cast, provider):
    return reported(cast, provider)


def test_it_is_sent_within_a_day_of_the_decision_and_the_case_goes_on(case, cast):
    decide(case, cast)
    term = case.term("police")
    assert (term.n, term.unit, term.start, term.state) == (24, "H", clock.today(), "running")
    assert newest_paper(case, "criminal_referral").title == "涉嫌犯罪案件移送书"
    assert law.cite_formally("CR-2") == "《行政执法机关移送涉嫌犯罪案件的规定》第五条"
    assert law.cite_formally("CR-3") == "《行政执法机关移送涉嫌犯罪案件的规定》第五条、第六条"
    send(case, cast)
    assert (case.term("police").state, case.police_sent_on, case.state) == ("met", clock.today(), "reported")
    assert verify(case).faults == []


def test_a_case_not_sent_in_time_is_overdue_until_it_is(store, cast, provider):
    with ago(10):
        case = reported(cast, provider)
        decide(case, cast)
    lapses.sweep()
    assert case.term_set.get(kind="police").state == "overdue"
    case.refresh_from_db()
    send(case, cast)
    assert case.term_set.get(kind="police").state == "met"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"no_property": False}, "property_list"),
        ({"no_appraisal": False}, "appraisal"),
        ({"on_paper": False}, "document"),
        ({"receipt_of": ""}, "receipt_of"),
        ({"sent_on": clock.today() - timedelta(days=1)}, "sent_on"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_nothing_is_sent_without_its_enclosures(case, cast, doors, given, field):
    decide(case, cast)
    said = SENT | {"sent_on": clock.today().isoformat()} | given
    doors.mistake(case, "send_to_police", cast.officer, said, field=field)


def test_an_enclosure_is_evidence_and_so_is_the_signed_receipt(case, cast):
    listed = evidence(case, cast, title="涉案物品清单")
    decide(case, cast)
    with pytest.raises(StepInvalid) as invalid:
        send(case, cast, property_list=[listed])
    assert set(invalid.value.form.errors) == {"property_list"}, "one or the other, never both"
    said = {"sent_on": clock.today(), "property_list": [listed.pk], "no_appraisal": "on", "receipt_of": "李示例"}
    scan = MultiValueDict({"document": [SimpleUploadedFile("回执.txt", "李示例签收".encode())]})
    event = advance(case, "send_to_police", cast.officer, data=said, files=scan)
    assert [one["id"] for one in event.facts["property_list"]] == [listed.pk]
    assert Evidence.objects.filter(dossier=case.pk, original_name="回执.txt").exists()


def decided(cast, provider):
    case = reported(cast, provider)
    decide(case, cast)
    return case


def sent(cast, provider):
    case = decided(cast, provider)
    send(case, cast)
    return case


@attempts(
    (filed, "decide_referral", "head", DECISION, "state"),
    (reported, "decide_referral", "officer", DECISION, "role"),
    (decided, "decide_referral", "head", DECISION, "not_referred_yet"),
    (reported, "send_to_police", "officer", SENT, "referral_was_decided"),
    (decided, "send_to_police", "head", SENT, "role"),
    (sent, "send_to_police", "officer", SENT, "not_sent_yet"),
)
def test_nobody_else_and_never_out_of_turn(store, cast, provider, doors, attempt):
    attempt.refused(doors, attempt.stage(cast, provider), cast)


@pytest.mark.parametrize("decided_on", [None, clock.today()])
def test_the_database_lets_nothing_be_sent_before_it_was_decided(case, decided_on):
    with pytest.raises(DatabaseError), transaction.atomic():
        EnforcementCase.objects.filter(pk=case.pk).update(
            police_decided_on=decided_on, police_sent_on=clock.today() - timedelta(days=1)
        )


def test_the_page_tells_the_officers_and_not_the_party(case, cast, client):
    decide(case, cast)
    for actor, told in ((cast.officer, True), (cast.hospital, False)):
        client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
        assert (ORGAN in client.get(dossier_url(case)).content.decode()) is told


MINUTE = timedelta(minutes=1)


def decided_before(span, cast, provider):
    """Decided this long ago, so that the hours have run for as long."""
    decided_at = timezone.now() - span
    with clock.stopped_at(decided_at - timedelta(days=1)):
        case = reported(cast, provider)
    with clock.stopped_at(decided_at):
        decide(case, cast)
    return case, decided_at


def shown(client, case, actor):
    """The record's page and the matter as the API has it."""
    cache.clear()
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(dossier_url(case)).content.decode()
    (term,) = [one for one in client.get(f"/api/v1/dossiers/{case.pk}/").json()["terms"] if one["kind"] == "police"]
    return page, term


def test_a_minute_before_the_hours_end_it_is_in_time(store, cast, provider, client):
    case, decided_at = decided_before(timedelta(hours=24) - MINUTE, cast, provider)
    term = case.term("police")
    assert term.until == decided_at + timedelta(hours=24)
    assert (term.start, term.due) == (timezone.localdate(decided_at), timezone.localdate(term.until))
    assert not with_late_term(Dossier.objects.filter(pk=case.pk)).exists()
    assert not lapses.settle(term.pk)
    page, told = shown(client, case, cast.officer)
    assert "剩不足 1 小时" in page
    assert timezone.localtime(term.until).strftime("%Y-%m-%d %H:%M") in page
    assert (told["state"], datetime.fromisoformat(told["until"])) == ("running", term.until)
    send(case, cast)
    assert case.term("police").state == "met"
    assert verify(case).faults == []


def test_a_minute_after_the_hours_ended_it_is_overdue(store, cast, provider, client):
    case, decided_at = decided_before(timedelta(hours=24) + MINUTE, cast, provider)
    term = case.term("police")
    assert with_late_term(Dossier.objects.filter(pk=case.pk)).exists(), "late before anything has swept"
    page, told = shown(client, case, cast.officer)
    assert "逾期不足 1 小时" in page
    client.force_login(cast.officer.user, backend="django.contrib.auth.backends.ModelBackend")
    assert case.title in client.get(reverse("web:terms"), {"when": "late"}).content.decode()
    assert lapses.settle(term.pk)
    assert not lapses.settle(term.pk), "claimed once"
    page, told = shown(client, case, cast.officer)
    assert told["state"] == "overdue"
    (event,) = case.events.filter(verb="term_overdue")
    assert datetime.fromisoformat(event.facts["due"]) == decided_at + timedelta(hours=24)
    assert verify(case).faults == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE procedure_term SET until = NULL WHERE unit = 'H'",
        "UPDATE procedure_term SET unit = 'WD' WHERE unit = 'H'",
        "UPDATE procedure_term SET until = now() WHERE unit = 'CD'",
    ],
)
def test_the_database_keeps_an_instant_for_hours_and_for_nothing_else(case, cast, change):
    decide(case, cast)
    with (
        pytest.raises(DatabaseError, match="term_in_hours_ends_at_an_instant"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)


def test_an_instant_altered_below_the_triggers_is_found(case, cast):
    decide(case, cast)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE procedure_term SET until = until + interval '1 hour' WHERE until IS NOT NULL")
        cursor.execute("SET session_replication_role = origin")
    assert [(fault.where, fault.what) for fault in verify(case).faults] == [("terms", "altered")]


def test_hours_are_neither_stopped_nor_lengthened_nor_run_from_another_day(case, cast):
    decide(case, cast)
    term = case.term("police")
    for act in (lambda: terms.pause(term, clock.today()), lambda: terms.extend(term, "PP-45/extension")):
        with pytest.raises(ValueError, match="runs through"):
            act()
    with pytest.raises(ValueError, match="from the moment of the step"):
        terms.start(case, "police", clock.today() - timedelta(days=1))

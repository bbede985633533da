"""Statements, discussions, reviews and the chain of custody are bound to the chain: what is altered, added or removed
below the triggers is named.
"""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from supervision.procedure import clock, lapses
from supervision.procedure.refusals import StepRefused
from supervision.procedure.services import advance
from supervision.records.export.service import export_file
from supervision.records.models import CustodyEntry, Evidence
from supervision.records.services import add_evidence, download, verify_evidence
from supervision.records.verification import verify
from supervision.web.news import events_for
from tests.below import below_the_triggers
from tests.breach_stage import ago, answer_all, discuss, served, state_it, terminating


@pytest.fixture
def full(cast, provider, agreement):
    """A termination that was defended, answered, discussed and reviewed, with evidence seen by several."""
    case = served(cast, provider, terminating())
    with ago(15):
        state_it(case, cast.hospital)
    answer_all(case, cast.clerk)
    lapses.sweep()
    case.refresh_from_db()
    advance(case, "reexamine", cast.clerk, conclusion="不予采纳。", panel="")
    advance(case, "refer_to_city", cast.agency_head)
    discuss(case, "deliberate_termination", cast.city_agency_head)
    advance(case, "submit_for_review", cast.city_clerk)
    advance(case, "give_opinion", cast.city_agency_reviewer, opinion="agree", reasons="同意。")
    evidence = proof(case, cast)
    list(download(evidence, cast.auditor, view=True))
    verify_evidence(evidence, cast.auditor)
    case.refresh_from_db()
    return case


def proof(case, cast):
    return add_evidence(
        case,
        cast.clerk,
        kind="documentary",
        title="票据",
        source="示例医院",
        collected_at=clock.now(),
        collectors=[cast.clerk.user, cast.auditor.user],
        file=SimpleUploadedFile("票据.txt", "票据".encode()),
    )


def found():
    return [(fault.where.rsplit(" ", 1)[0], fault.what) for fault in verify().faults]


SOMEBODY = "(SELECT min(id) FROM parties_user)"
MANY = "carried = false, entitled = 99, present = 50"
ALTERED = {
    "statement": ("records_statement", ["text = '认可'", "made_by = '他人'", "made_on = made_on - 1", "oral = NOT oral",
                  "entered_by_id = NULL", "entered_at = entered_at - interval '1 day'"]),
    "point": ("records_statementpoint", ["text = '改'", "answer = '改'", "accepted = NOT accepted", "place = place + 5",
              "answered_by_id = NULL", "answered_at = NULL"]),
    "deliberation": ("records_deliberation", ["carried = false", "votes_for = 0, carried = false", MANY,
                     f"{MANY}, votes_against = 1", f"{MANY}, abstained = 1", "entitled = 99", "held_on = held_on - 1",
                     "resolution = '改'", "dissent = '改'", "purpose = 'other'", "level = '改'", "quorum = 0",
                     f"chair_id = {SOMEBODY}", "place = '改'", "begun_at = NULL", "ended_at = NULL",
                     f"recorder_id = {SOMEBODY}"]),
    "vote": ("records_vote", ["choice = 'abstained', opinion = '改'", "opinion = '改'", f"member_id = {SOMEBODY}"]),
    "legal review": ("records_legalreview", ["opinion = 'change', passed = false, reasons = '改'", "reasons = '改'",
                     f"reviewer_id = {SOMEBODY}", "decided_at = decided_at - interval '1 day'",
                     "requested_at = requested_at - interval '1 day'"]),
    "custody": ("records_custodyentry", ["act = 'downloaded'", "user_id = NULL", "authority_id = NULL", "note = '改'",
                "\"to\" = '改'", "at = at - interval '1 day'"]),
}  # fmt: skip


@pytest.mark.law("HY-34", "HY-37", "HY-48")
def test_every_altered_column_names_its_row(full):
    assert found() == []
    for kind, (table, changes) in ALTERED.items():
        for change in changes:
            with below_the_triggers() as cursor:
                cursor.execute(f"CREATE TEMP TABLE before ON COMMIT DROP AS SELECT * FROM {table}")  # noqa: S608
                newest = f"(SELECT max(id) FROM {table})"  # noqa: S608
                cursor.execute(f"UPDATE {table} SET {change} WHERE id = {newest}")  # noqa: S608
                assert cursor.rowcount == 1
                assert found() == [(kind, "row altered")], (kind, change)
                cursor.execute(f"DELETE FROM {table} WHERE id = {newest}")  # noqa: S608
                assert (kind, "row removed") in found(), kind
                cursor.execute(f"INSERT INTO {table} SELECT * FROM before ORDER BY id DESC LIMIT 1")  # noqa: S608
                cursor.execute("DROP TABLE before")
    assert found() == []


@pytest.mark.law("HY-21", "HY-40")
def test_a_row_that_no_event_tells_of_is_named(full):
    for table, _changes in ALTERED.values():
        with transaction.atomic():
            with below_the_triggers() as cursor:
                cursor.execute(
                    f"CREATE TEMP TABLE copied ON COMMIT DROP AS SELECT * FROM {table} ORDER BY id DESC LIMIT 1"  # noqa: S608
                )
                cursor.execute("UPDATE copied SET id = id + 1000")
                if table == "records_statementpoint":
                    cursor.execute("UPDATE copied SET place = 9")
                if table == "records_vote":
                    cursor.execute(f"UPDATE copied SET member_id = {SOMEBODY}")  # noqa: S608
                cursor.execute(f"INSERT INTO {table} SELECT * FROM copied")  # noqa: S608
            assert [what for _where, what in found()] == ["no event tells of this row"], table
            transaction.set_rollback(True)


@pytest.mark.law("HY-21")
def test_an_attendee_exchanged_is_found(full, cast):
    with below_the_triggers() as cursor:
        cursor.execute(
            "UPDATE records_deliberation_attendees SET user_id = %s WHERE id = (SELECT min(id) FROM"
            " records_deliberation_attendees)",
            [cast.hospital.user.pk],
        )
    assert found() == [("deliberation", "row altered")]


def test_a_look_is_on_the_chain_and_moves_nothing(full, cast):
    seen, news = full.events_count, list(events_for(cast.clerk))
    list(download(Evidence.objects.get(), cast.auditor))
    full.refresh_from_db()
    assert full.events.last().verb == "evidence_downloaded"
    assert list(events_for(cast.clerk)) == news
    advance(full, "send_back", cast.city_agency_head, reason="补充事实。", expect=seen)
    list(download(Evidence.objects.get(), cast.auditor))
    with pytest.raises(StepRefused) as refusal:
        advance(full, "refer_to_city", cast.agency_head, expect=seen)
    assert [reason.cause for reason in refusal.value.reasons] == ["stale"]


@pytest.mark.law("HY-22", "HY-37", "PP-57")
def test_the_signed_waiver_is_evidence_and_leaves_with_the_file(cast, provider, agreement):
    case = served(cast, provider, days_ago=2)
    signed = "自愿放弃陈述、申辩。".encode()
    facts = {"declared_by": "示例院长", "declared_on": clock.today()}
    advance(case, "waive_statement", cast.clerk, data=facts, files={"document": SimpleUploadedFile("弃权.txt", signed)})
    evidence = Evidence.objects.get(dossier=case.pk)
    assert {person.pk for person in evidence.collectors.all()} == {cast.clerk.user.pk, cast.auditor.user.pk}
    assert CustodyEntry.objects.filter(evidence=evidence).count() == 3
    assert found() == []
    with zipfile.ZipFile(io.BytesIO(b"".join(export_file(case, cast.clerk).pieces))) as packed:
        (name,) = [name for name in packed.namelist() if name.startswith("evidence/")]
        assert packed.read(name) == signed
    assert found() == []

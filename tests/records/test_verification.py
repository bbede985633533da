"""`records verify` names every row and file that is not as it was recorded, whoever altered it below the triggers."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F

from supervision.procedure import clock
from supervision.procedure.models import Counter, Dossier, Event, Seal, SealLeaf, Transition
from supervision.procedure.seals import seal
from supervision.procedure.services import advance
from supervision.records import store as content
from supervision.records.models import Evidence, Paper
from supervision.records.services import add_evidence, issue, serve, verify_evidence, void_paper
from supervision.records.sweeping import sweep
from supervision.records.verification import verify
from tests.below import below_the_triggers


@pytest.fixture
def kept(errand, cast):
    issue(errand, "sample", cast.clerk)
    issue(errand, "sample", cast.clerk)
    add_evidence(
        errand,
        cast.clerk,
        kind="documentary",
        title="票据",
        source="甲县康复医院",
        collected_at=clock.now(),
        collectors=[cast.clerk.user, cast.auditor.user],
        file=SimpleUploadedFile("票据.txt", "票据".encode()),
    )
    errand.refresh_from_db()
    advance(errand, "tell", cast.clerk, told_on=clock.today())
    seal()
    return errand


@pytest.fixture
def served(kept, cast):
    """The first paper served besides, everything sealed."""
    today = clock.today()
    data = {"method": "direct", "served_on": today, "recipient": "示例收件人", "relation": "staff", "on_paper": "on"}
    serve(Paper.objects.order_by("pk").first(), cast.clerk, data=data)
    kept.refresh_from_db()
    seal()
    return kept


def said(**options):
    out = StringIO()
    try:
        call_command("records", "verify", stdout=out, **options)
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


def test_what_is_as_recorded_holds(kept):
    code, text = said()
    assert (code, text.strip()) == (0, "1 dossiers, 5 events, 2 papers, 1 evidence: all as recorded")


def alter_event(kept):
    Event.objects.filter(dossier=kept, seq=2).update(facts={"paper": {}})


def remove_event(kept):
    Event.objects.filter(dossier=kept, seq=3)._raw_delete("default")


def remove_last(kept):
    Event.objects.filter(dossier=kept, seq=5)._raw_delete("default")


def reorder(kept):
    Event.objects.filter(dossier=kept, seq__in=(2, 3)).update(seq=F("seq") + 100)
    Event.objects.filter(dossier=kept, seq=102).update(seq=3)
    Event.objects.filter(dossier=kept, seq=103).update(seq=2)


def alter_state(kept):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procedure_dossier SET state = 'done' WHERE id = %s", [kept.pk])


def alter_leaf(kept):
    SealLeaf.objects.update(head="0" * 64)


def alter_seal(kept):
    Seal.objects.update(root="0" * 64)


def alter_paper(kept):
    Paper.objects.filter(seq=1).update(sha256="0" * 64)


def remove_paper(kept):
    Paper.objects.filter(seq=1)._raw_delete("default")


def lower_counter(kept):
    Counter.objects.filter(word="样告").update(last=1)


def alter_evidence(kept):
    Evidence.objects.update(sha256=Paper.objects.first().sha256[::-1])


def allow_a_move(kept):
    Transition.objects.create(kind="errand", version=1, step="finish", source="open", target="done")


def forbid_a_move(kept):
    Transition.objects.filter(kind="errand", step="tell").delete()


def set_column(table, change, where="true"):
    def act(kept):
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {change} WHERE {where}")  # noqa: S608
            assert cursor.rowcount

    act.__name__ = f"{table} {change}"
    return act


def say_another_amount(kept):
    with connection.cursor() as cursor:
        cursor.execute("""UPDATE records_paper SET facts = facts || '{"amount": "1.00"}' WHERE seq = 1""")


def replace_a_collector(kept):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE records_evidence_collectors SET user_id = (SELECT id FROM parties_user WHERE username = 'head')"
            " WHERE id = (SELECT min(id) FROM records_evidence_collectors)"
        )


def remove_evidence(kept):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM records_evidence_collectors; DELETE FROM records_custodyentry")
        cursor.execute("DELETE FROM records_evidence")


def remove_service(kept):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM records_serviceofdocument")


def remove_term(kept):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procedure_term")


TAMPERED = [
    say_another_amount,
    replace_a_collector,
    remove_evidence,
    remove_service,
    remove_term,
    *(
        set_column("records_paper", change, "seq = 1 AND word = '样告'")
        for change in (
            "title = '另一题'", "issued_at = issued_at - interval '1 day'", "issued_by_id = NULL", "size = 1",
            "layout = repeat('0', 64)", "type = 'other'", "number = '改'", "year = 2020",
            "state = 'void', void_reason = '无'",
        )
    ),
    *(
        set_column("records_evidence", change)
        for change in (
            "title = '改'", "source = '改'", "kind = 'witness'", "collected_at = collected_at - interval '1 day'",
            "original_name = '改.txt'", "media_type = 'image/png'", "size = 1", "added_by_id = NULL",
            "state = 'verified', verified_at = now()",
        )
    ),
    *(
        set_column("records_serviceofdocument", change)
        for change in (
            "served_on = served_on + 3", "acted_on = acted_on - 3", "recipient = '改'", "method = 'mail'",
            "due = due + 9", "certificate_id = NULL", "paper_id = (SELECT max(id) FROM records_paper)",
        )
    ),
    *(
        set_column("procedure_term", change)
        for change in (
            "due = due + 1", "start = start - 1", "n = n + 1", "state = 'met'", "state = 'overdue'",
            "ended_on = due", "paused_on = due", "excluded_days = 4", "steps = '[]'", "law = 'HY-1'",
        )
    ),
    *(
        set_column("procedure_dossier", change)
        for change in ("number = '改'", "kind = 'other'", "opened_at = opened_at - interval '1 day'")
    ),
    *(
        set_column("procedure_event", change, "seq = 2")
        for change in (
            "user_id = NULL", "authority_id = NULL", "at = at - interval '1 day'", "verb = 'finish'",
            "law = '[\"HY-1\"]'",
            "previous = repeat('0', 64)", "hash = repeat('0', 64)", "source = 'open'",
        )
    ),
    *(
        set_column("procedure_seal", change, "number = 1")
        for change in ("number = 7", "leaves = 2", "previous = repeat('0', 64)", "hash = repeat('0', 64)")
    ),
    *(set_column("procedure_sealleaf", change) for change in ("seq = 1", "place = 3, head = repeat('0', 64)")),
]  # fmt: skip


def test_no_column_is_altered_unseen(served):
    assert verify().holds
    for tamper in TAMPERED:
        with transaction.atomic():
            with below_the_triggers():
                tamper(served)
            assert not verify().holds, tamper.__name__
            transaction.set_rollback(True)
    assert verify().holds


@pytest.mark.parametrize(
    ("tamper", "says"),
    [
        (alter_event, "event 2: altered"),
        (remove_event, "event 3: removed or reordered"),
        (remove_last, "event 5: last events removed"),
        (reorder, "event 2: does not follow the event before it"),
        (alter_state, "state: stands at 'done', its events lead to 'told'"),
        (alter_leaf, "seal 1: leaves do not give its root"),
        (alter_seal, "seal 1: altered"),
        (alter_paper, "no event tells of this content"),
        (remove_paper, "numbers 甲县医疗保障中心 样告"),
        (lower_counter, "counter does not stand at 2"),
        (alter_evidence, "evidence"),
        (allow_a_move, "is in the table and not declared"),
        (forbid_a_move, "is declared and not in the table"),
    ],
)
def test_every_alteration_is_named(kept, tamper, says):
    with below_the_triggers():
        tamper(kept)
    code, text = said()
    assert code == 1
    assert says in text, text


def test_what_is_judged_ended_and_served_as_told_holds(served, cast):
    verify_evidence(Evidence.objects.get(), cast.auditor)
    void_paper(Paper.objects.get(word="样告", seq=2), cast.clerk, reason=" 有误 ")
    assert [str(fault) for fault in verify().faults] == []
    with below_the_triggers() as cursor:
        cursor.execute("UPDATE records_paper SET void_reason = '别的' WHERE state = 'void'")
        cursor.execute("UPDATE records_evidence SET verified_by_id = added_by_id")
    assert [fault.where.split()[0] for fault in verify().faults] == ["evidence", "paper"]


def test_files_altered_or_lost_are_named(kept, store):
    for paper, act in zip(Paper.objects.all(), ("alter", "lose"), strict=True):
        place = store / content.path_of(paper.sha256)
        place.chmod(0o600)
        place.write_bytes(b"x") if act == "alter" else place.unlink()
    _, text = said()
    first, second = Paper.objects.all()
    assert f"paper {first.number}: file altered" in text
    assert f"paper {second.number}: file missing" in text


def test_one_dossier_and_json(kept):
    with below_the_triggers():
        alter_event(kept)
    code, text = said(dossier=kept.number, json=True)
    told = json.loads(text)
    assert (code, told["dossiers"], told["events"]) == (1, 1, 5)
    assert {"dossier": kept.number, "where": "event 2", "what": "altered"} in told["faults"]
    with pytest.raises(CommandError):
        call_command("records", "verify", dossier="无此号")


def test_it_costs_the_same_for_every_two_hundred(kept, django_assert_num_queries):
    with django_assert_num_queries(73):
        verify()


def test_stray_content_is_swept_and_named_content_stays(kept, store):
    stray = content.put(b"a step that was refused")
    assert sweep(timedelta(hours=1)) == 0
    assert sweep(timedelta(0)) == 1
    assert content.fault(stray.sha256) == "missing"
    assert verify().holds
    assert Dossier.objects.exists()

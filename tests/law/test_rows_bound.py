"""HY-34, HY-37: what stands in no event but in rows of its own is bound to the chain, in every room.

A row is entered or changed only together with an event of its matter; and where somebody sees to that as well, it is
still found, because the event does not tell of the row as it now is.
"""

from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from agreements.models import Bar, Measure, Supplement, Suspension
from credit.models import CreditEvent
from enforcement.models import Fact
from funds.models import Receivable
from inspections.models import Answer, Finding, Photo, SiteRecord
from supervision.procedure import clock
from supervision.procedure.models import Assignment, Dossier
from supervision.procedure.registry import models_by_kind
from supervision.procedure.services import advance, record
from supervision.records.models import Paper
from supervision.records.rows import BY_MODEL, KEPT
from supervision.records.verification import verify
from tests.breach_stage import executing, recover, registered
from tests.case_stage import performing
from tests.inspections.stages import FINDING, SIGNED, add_photo, answer_all, assigned_task, both, draw_up, go_on_site
from tests.law.test_suspension_resumed import given_back, suspended, terminated

pytestmark = pytest.mark.law("HY-34", "HY-37")


def inspected(cast, land, provider):
    """Signed for, its finding confirmed."""
    task = go_on_site(assigned_task(cast, land, provider), cast)
    answer_all(task, cast)
    advance(task, "add_finding", cast.officer, evidence=[add_photo(task, cast.officer)], **FINDING)
    draw_up(task, cast)
    advance(task, "sign_record", cast.officer, officers=both(cast), **SIGNED)
    advance(task, "confirm_findings", cast.officer)
    return task


CHANGES = [
    (Fact, {"amount": Decimal("1.00")}),
    (CreditEvent, {"points": Decimal("0.10")}),
    (Receivable, {"amount": Decimal("1.00")}),
    (Finding, {"amount": Decimal("1.00")}),
    (Answer, {"note": "另有所见"}),
    (SiteRecord, {"text": "改"}),
    (Measure, {"amount": Decimal("1.00")}),
    (Photo, {"taken_at": clock.now() - timedelta(days=365)}),
]


@pytest.fixture
def matters(store, cast, land, agreement, provider):
    """A case being performed, an inspection and a breach: rows of every kind asked for here."""
    case = performing(cast, provider)
    task = inspected(cast, land, provider)
    breach = executing(cast, provider, recover("60000.00"))
    assert verify().faults == []
    return {
        Fact: case,
        CreditEvent: case,
        Receivable: case,
        Measure: breach,
        **dict.fromkeys((Finding, Answer, Photo, SiteRecord), task),
    }


def row_of(model, matter):
    return BY_MODEL[model].rows(**{BY_MODEL[model].at: matter.pk}).last()


def test_a_row_changed_beside_the_events_is_found(matters):
    for model, change in CHANGES:
        with undone():
            alter(row_of(model, matters[model]), change)
            found = [(fault.dossier, fault.what) for fault in verify(matters[model]).faults]
            assert found == [(matters[model].number, "row altered")], (model, change)


@contextmanager
def undone():
    """What is done inside leaves the matters as they were, for the next change."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def alter(row, change):
    """As somebody would who may do anything to the database."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        type(row).objects.filter(pk=row.pk).update(**change)
        cursor.execute("SET session_replication_role = origin")


ORDERED = [
    (Supplement, {"text": "未曾约定"}),
    (Suspension, {"ended_on": date(2020, 1, 1)}),
    (Suspension, {"days": DateRange(date(2020, 1, 1), date(2020, 2, 1))}),
    (Bar, {"days": DateRange(date(2020, 1, 1), date(2020, 2, 1))}),
    (Bar, {"lifted_on": date(2020, 1, 1), "lifted_because": "说情"}),
]


@pytest.mark.law("HY-16", "HY-19", "HY-20")
def test_a_supplement_a_suspension_and_a_bar_are_bound_to_their_agreement(cast, agreement, provider):
    advance(
        agreement, "supplement", cast.city_agency_head, title="补充协议", text="增加检查要求。", signed_on=clock.today()
    )
    suspended(cast, provider, 3)
    terminated(cast, provider)
    assert verify().faults == []
    for model, change in ORDERED:
        with undone():
            alter(model.objects.get(), change)
            (fault,) = verify(agreement).faults
            assert (fault.where.rsplit(" ", 1)[0], fault.what) == (BY_MODEL[model].kind, "row altered"), change


def test_a_reversed_termination_tells_anew_of_what_it_gives_back(cast, agreement, provider):
    suspended(cast, provider, 3)
    given_back(terminated(cast, provider), cast)
    assert verify().faults == []


def test_what_a_finding_or_a_fact_cites_is_bound_as_well(matters):
    row_of(Fact, matters[Fact]).evidence.clear()
    assert [fault.what for fault in verify(matters[Fact]).faults] == ["row altered"]
    row_of(Finding, matters[Finding]).evidence.clear()
    assert [fault.what for fault in verify(matters[Finding]).faults] == ["row altered"]


@transaction.atomic
def lower(measure, cast, with_event):
    Measure.objects.filter(pk=measure.pk).update(amount=Decimal("1.00"))
    if with_event:
        record(with_event, "officer_assigned", cast.system, {})


@pytest.mark.django_db(transaction=True)
def test_the_database_asks_for_an_event_of_the_same_matter(store, cast, agreement, provider):
    breach = registered(cast, provider)
    other = registered(cast, provider)
    measure = breach.measures.first()
    for with_event in (None, other):
        with pytest.raises(DatabaseError, match="only with an event"):
            lower(measure, cast, with_event)
    with pytest.raises(DatabaseError), transaction.atomic():
        measure.delete()


def test_every_kind_that_is_bound_has_the_guard_of_the_database(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgfoid = 'procedure_told'::regproc")
        guarded = {table for (table,) in cursor.fetchall()}
    own = {model._meta.db_table for model in (Dossier, Assignment, *models_by_kind().values())}
    assert guarded == own | {kept.model._meta.db_table for kept in KEPT.values()}
    assert Paper._meta.db_table in guarded

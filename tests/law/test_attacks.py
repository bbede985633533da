"""HY-19, HY-32, HY-47, PP-14, PP-16, PP-45: whoever may write to the database is refused, or what he did is named.

As the shell of a server would: past services and forms, with an event of his own making, and below the triggers.
"""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from agreements.models import Agreement, BreachCase, Measure
from enforcement.models import EnforcementCase
from funds.models import Account, Receipt, Receivable
from funds.services import record_receipt
from inspections.models import InspectionTask, Lead, Tip
from inspections.tips.services import give_tip
from supervision.operations.rotation import rotate
from supervision.parties.actors import Actor
from supervision.parties.models import Certificate, Post, SettlementHold, StaffEvent
from supervision.parties.roles import Role
from supervision.procedure import clock
from supervision.procedure.chain import append_event
from supervision.procedure.models import Assignment, Dossier, Term
from supervision.procedure.own_row import matter_told
from supervision.procedure.refusals import StepRefused
from supervision.procedure.services import advance, record
from supervision.records.verification import verify
from tests.breach_stage import executing, recover
from tests.case_stage import performing, served, waive
from tests.inspections.stages import register

pytestmark = pytest.mark.law("HY-19", "HY-32", "HY-34", "HY-47", "PP-14", "PP-16", "PP-45")


@pytest.fixture
def matters(store, cast, land, agreement, provider):
    """A case being performed, a breach whose settlement is held, and a lead."""
    case = performing(cast, provider)
    measures = {"measures": ["suspend_agreement", "recover"], "amounts": {"recover": {"employee": "60000"}},
                "fees_found": "60000"}  # fmt: skip
    breach = executing(cast, provider, measures | {"months": "1"})
    lead = register(cast, land, provider)
    assert verify().faults == []
    return {EnforcementCase: case, BreachCase: breach, Agreement: agreement, Lead: lead}


def settle():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def below(act):
    """Below the triggers."""
    settle()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        act()
        cursor.execute("SET session_replication_role = origin")


OWN = [
    (EnforcementCase, {"fine": Decimal(1)}),
    (EnforcementCase, {"decided_on": date(2026, 1, 1)}),
    (BreachCase, {"discussions_before": 0, "pay_by": date(2030, 1, 1)}),
    (Agreement, {"in_force": None}),
    (Lead, {"received_on": date(2030, 1, 1)}),
    (Lead, {"title": "改"}),
    (BreachCase, {"open_to_subject": False}),
    (BreachCase, {"closed_at": "2026-01-01T00:00Z"}),
]


@pytest.mark.parametrize(("model", "change"), OWN, ids=lambda value: getattr(value, "__name__", None))
def test_a_matters_own_columns_are_what_its_steps_left(matters, cast, model, change):
    matter = matters[model]

    def alter():
        model.objects.filter(pk=matter.pk).update(**change)

    settle()
    with transaction.atomic():
        alter()
        record(matter, "officer_assigned", cast.system, {})
        assert [fault.where for fault in verify().faults] == ["dossier"], "an event of another thing tells nothing"
        transaction.set_rollback(True)
    below(alter)
    assert [(fault.dossier, fault.where) for fault in verify().faults] == [(matter.number, "dossier")]


def pay_everything(case, cast):
    for owed in Receivable.objects.filter(dossier=case.pk).order_by("pk"):
        record_receipt(
            owed, cast.officer, amount=owed.amount, route=owed.route, fund=owed.fund, paid_on=clock.today(),
            voucher=f"凭{owed.pk}",
        )  # fmt: skip


def test_what_was_altered_between_two_steps_is_found_though_the_second_tells_anew(matters, cast):
    case = matters[EnforcementCase]
    below(lambda: EnforcementCase.objects.filter(pk=case.pk).update(fine=Decimal(1)))
    below(lambda: Term.objects.filter(dossier=case.pk, kind="payment").update(due=date(2030, 1, 1)))
    pay_everything(case, cast)
    found = {(fault.where, fault.what.rsplit(" ", 1)[0]) for fault in verify(case).faults}
    assert found == {("dossier", "altered before event"), ("terms", "altered before event")}


def test_an_amount_altered_before_it_was_paid_is_found(matters, cast):
    case = matters[EnforcementCase]
    below(lambda: Receivable.objects.filter(dossier=case.pk, kind="fine").update(amount=Decimal(1)))
    pay_everything(case, cast)
    assert [fault.what for fault in verify(case).faults] == ["row altered"]


def test_a_measure_altered_before_it_was_told_anew_is_found(matters, cast):
    breach = matters[BreachCase]
    below(lambda: Measure.objects.filter(case=breach.pk, kind="recover").update(amount=Decimal(1)))
    assert [fault.what for fault in verify(breach).faults] == ["row altered"]


def test_who_has_charge_is_told_of(matters, cast):
    case = matters[EnforcementCase]
    held = Assignment.objects.filter(dossier=case.pk)
    below(lambda: held.filter(duty="lead").update(duty="review"))
    assert [fault.where for fault in verify(case).faults] == ["officers"]
    below(lambda: held.filter(duty="review").update(duty="lead"))
    added = Assignment(dossier_id=case.pk, user=cast.clerk.user, duty="assist", since=clock.now())
    below(lambda: Assignment.objects.bulk_create([added]))
    assert [fault.where for fault in verify(case).faults] == ["officers"]


def test_settlement_is_not_given_back_by_hand(matters):
    breach = matters[BreachCase]
    holds = SettlementHold.objects.filter(matter=breach.number)
    for act in (lambda: holds._raw_delete(using="default"), holds.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    below(lambda: holds.update(days=(date(2020, 1, 1), date(2020, 2, 1))))
    assert [fault.what for fault in verify(breach).faults] == ["row altered"]


@pytest.mark.django_db(transaction=True)
def test_the_database_asks_for_an_event_of_the_matter(store, cast, land, agreement, provider):
    breach = executing(cast, provider, recover("60000"))
    lead = register(cast, land, provider)
    task = InspectionTask.objects
    tip = {"region": land.county_region, "about": "某店", "facts": "换药", "files": [], "name": "", "phone": ""}
    give_tip(**tip, key="k1")
    stray = SettlementHold(party=provider, reason="suspension", days=(date(2026, 1, 1), None), matter=breach.number)
    nobodys = SettlementHold(party=provider, reason="suspension", days=(date(2026, 1, 1), None), matter="无此案")
    added = Assignment(dossier_id=breach.pk, user=cast.finance.user, duty="lead", since=clock.now())
    owed = Receivable.objects.get()
    paid = {"amount": 1, "route": owed.route, "fund": owed.fund, "paid_on": clock.today(), "voucher": "无"}
    for act in (
        lambda: BreachCase.objects.filter(pk=breach.pk).update(pay_by=date(2030, 1, 1)),
        lambda: Lead.objects.filter(pk=lead.pk).update(received_on=date(2030, 1, 1)),
        lambda: Tip.objects.update(receipt="JB260101AAAAAA"),
        lambda: Dossier.objects.filter(pk=lead.pk).update(subject=None),
        lambda: Dossier.objects.filter(pk=lead.pk).update(authority=land.city_bureau),
        lambda: Agreement.objects.filter(pk=agreement.pk).update(in_force=None),
        lambda: SettlementHold.objects.bulk_create([stray]),
        lambda: SettlementHold.objects.bulk_create([nobodys]),
        lambda: Assignment.objects.bulk_create([added]),
        lambda: Assignment.objects.filter(dossier=breach.pk).update(until=clock.now()),
        lambda: Receipt.objects.create(receivable=owed, recorded_at=clock.now(), **paid),
    ):
        with pytest.raises(DatabaseError, match="only with an event"):
            act()
    for kind in (BreachCase, Lead, Agreement):
        with pytest.raises(DatabaseError, match="are kept"):
            kind.objects.all()._raw_delete(using="default")
    assert (task.count(), verify().faults) == (0, [])


@pytest.mark.django_db(transaction=True)
def test_a_post_or_certificate_changed_by_hand_leaves_its_own_event(cast, land):
    person = cast.finance.user
    before = StaffEvent.objects.filter(person=person, verb="by_hand").count()
    certificate = Certificate.objects.create(
        user=person, kind="enforcement", number="伪1", valid=(date(2020, 1, 1), None)
    )
    Certificate.objects.filter(pk=certificate.pk).update(valid=(date(2020, 1, 1), date(2040, 1, 1)))
    Post.objects.filter(user=person).update(role=Role.AGENCY_HEAD)
    told = list(StaffEvent.objects.filter(person=person, verb="by_hand").order_by("pk").values_list("facts", flat=True))
    assert len(told) == before + 3
    assert told[-3:] == [
        {"kind": "enforcement", "number": "伪1", "first": "2020-01-01"},
        {"kind": "enforcement", "number": "伪1", "first": "2020-01-01", "last": "2039-12-31"},
        told[-1] | {"role": "agency_head"},
    ]


@pytest.mark.law("HY-47")
def test_an_account_is_ended_and_never_altered(store, cast, land, agreement, provider):
    executing(cast, provider, recover("60000"))
    for act in (
        lambda: Account.objects.update(number="6222"),
        lambda: Account.objects.update(valid=(date(2000, 1, 1), None)),
        lambda: Account.objects.all()._raw_delete(using="default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert Account.objects.exists()


@pytest.mark.django_db
def test_tables_are_emptied_in_a_test_database_alone():
    with connection.cursor() as cursor:
        cursor.execute("SELECT procedure_is_scratch('supervision'), procedure_is_scratch('test_supervision')")
        assert cursor.fetchone() == (False, True)


@pytest.mark.law("HY-21", "HY-40")
def test_a_legal_review_written_into_the_chain_by_hand_is_found(store, cast, provider):
    case = served(cast, provider)
    waive(case, cast)
    advance(case, "submit_for_legal_review", cast.officer)
    with transaction.atomic():
        row = Dossier.objects.select_for_update().get(pk=case.pk)
        Dossier.objects.filter(pk=case.pk).update(state="reviewed")
        told = matter_told(EnforcementCase.objects.get(pk=case.pk))
        append_event(row, "pass_legal_review", cast.system, told, source="in_legal_review", target="reviewed")
        settle()
    found = {fault.what for fault in verify(case).faults}
    assert found == {
        "'pass_legal_review' tells nothing of paper, kept",
        "'pass_legal_review' was taken by nobody",
    }


@pytest.mark.law("HY-24")
def test_a_key_acts_for_one_person_and_one_step(cast, agreement, provider):
    breach = executing(cast, provider, recover("60000"))
    first = advance(breach, "agree_to_decision", cast.officer, key="k")
    assert advance(breach, "agree_to_decision", cast.officer, key="k").pk == first.pk
    for step, actor in (("file_with_city", cast.clerk), ("agree_to_decision", cast.head), ("close", Actor.system())):
        with pytest.raises(StepRefused):
            advance(breach, step, actor, key="k")
    assert breach.filed_on is None


TIP_ALTERED = [
    "UPDATE inspections_tip SET receipt = 'JB260101AAAAAA'",
    "UPDATE inspections_tip SET code = 'md5$x$y'",
    "UPDATE inspections_tip SET name = 'nobody', phone = 'nothing'",
    "UPDATE inspections_tip SET name = '', phone = ''",
    "UPDATE inspections_tip SET name = phone",
    "DELETE FROM inspections_tip",
]


@pytest.mark.law("TR-1", "TR-3", "HY-38")
@pytest.mark.parametrize("change", TIP_ALTERED)
def test_who_gave_a_tip_is_bound_to_the_lead_it_became(store, cast, land, change):
    said = {"region": land.county_region, "about": "某店", "facts": "刷卡换药", "files": []}
    tip, _code = give_tip(**said, name="举报某", phone="13912345678", key="k1")
    settle()
    assert verify().faults == []
    assert not any("13912345678" in str(facts) for facts in tip.lead.events.values_list("facts", flat=True))

    def alter():
        with connection.cursor() as cursor:
            cursor.execute(change)

    gone = change.startswith("DELETE")
    if gone:
        with pytest.raises(DatabaseError), transaction.atomic():
            alter()
    below(alter)
    found = [(fault.dossier, fault.where.split()[0], fault.what) for fault in verify().faults]
    assert found == [(tip.lead.number, "tip", "row removed" if gone else "row altered")]


def test_keys_are_rotated_and_the_tip_is_still_its_givers(store, cast, land, settings):
    said = {"region": land.county_region, "about": "某店", "facts": "刷卡换药", "files": []}
    give_tip(**said, name="举报某", phone="13912345678", key="k1")
    settings.FIELD_KEYS = ["a newer key", *settings.FIELD_KEYS]
    assert rotate(Tip, Tip._meta.get_field("phone")) == 1
    settle()
    assert verify().faults == []

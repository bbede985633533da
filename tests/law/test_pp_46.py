"""PP-46, PL-73: a fine that reconsideration or a court lowered: claim, money, paper and publication follow."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from enforcement.models import EnforcementCase
from funds.models import Repayment
from funds.selectors import surcharge_of
from funds.services import MoneyRefused, record_receipt
from reporting.selectors import penalties
from supervision.procedure import clock
from supervision.procedure.refusals import StepInvalid, StepRefused
from supervision.procedure.services import advance
from supervision.records.models import Paper
from supervision.records.verification import verify
from tests.case_stage import ago, close, performing
from tests.law.case_lines import spared
from tests.reading import words

pytestmark = pytest.mark.law("PP-46", "PP-55", "PL-73")


def pay(owed, actor, amount=None, voucher="V1"):
    return record_receipt(
        owed, actor, amount=Decimal(amount or owed.amount), route=owed.route, fund=owed.fund, paid_on=clock.today(),
        voucher=voucher,
    )  # fmt: skip


def ruling(**changed):
    facts = {
        "body": "示例市人民政府",
        "document": "示府行复〔2026〕3号",
        "document_of": clock.today(),
        "disputed_from": clock.today() - timedelta(days=10),
        "fine": "50000.00",
    }
    return facts | changed


def lower(case, cast, **changed):
    files = {"file": SimpleUploadedFile("复议决定.txt", "变更罚款数额。".encode(), "text/plain")}
    advance(case, "lower_fine", cast.officer, data=ruling(**changed), files=files)
    return EnforcementCase.objects.get(pk=case.pk)


def fines(case):
    claims = case.receivables.filter(kind="fine").order_by("pk")
    return [(one.amount, one.state, one.cancelled_on_ground) for one in claims]


@pytest.fixture
def case(store, cast, provider):
    """Served 40 days ago: 90,000 yuan of fine, 60,000 to be refunded; the fine is late."""
    with ago(40):
        return performing(cast, provider)


def test_the_claim_is_replaced_and_never_overwritten(case, cast):
    due = case.receivables.get(kind="fine").due_on
    case = lower(case, cast)
    assert fines(case) == [(90000, "cancelled", "lowered"), (50000, "open", "")]
    old, new = case.receivables.filter(kind="fine").order_by("pk")
    assert (old.cancelled_by_document, new.due_on, case.fine) == ("示府行复〔2026〕3号", due, 50000)
    (evidence,) = case.evidence.filter(title="示例市人民政府 示府行复〔2026〕3号")
    assert evidence.sha256
    paper = Paper.objects.get(dossier=case.pk, type="lowered_fine_notice")
    said = words(paper)
    assert "经示例市人民政府以示府行复〔2026〕3号" in said
    assert "原决定罚款90,000.00元变更后罚款50,000.00元" in said
    assert verify().faults == []


def test_the_days_of_the_dispute_run_up_no_surcharge(case, cast):
    late = (clock.today() - case.receivables.get(kind="fine").due_on).days
    new = lower(case, cast).receivables.get(kind="fine", state="open")
    assert surcharge_of(new, clock.today()).days == late - 11
    assert surcharge_of(new, clock.today()).amount == Decimal(50000) * (late - 11) * 3 / 100


def test_what_was_paid_counts_and_what_was_paid_beyond_goes_back(case, cast):
    fine, refund = case.receivables.get(kind="fine"), case.receivables.get(kind="refund")
    pay(fine, cast.officer)
    pay(refund, cast.officer, voucher="V2")
    close(EnforcementCase.objects.get(pk=case.pk), cast)
    case = lower(EnforcementCase.objects.get(pk=case.pk), cast)
    assert fines(case) == [(90000, "cancelled", "lowered"), (50000, "paid", "")]
    assert (case.state, case.term("payment").state) == ("performing", "met")
    back = Repayment.objects.get()
    assert back.amount == 40000
    with pytest.raises(StepRefused):
        close(case, cast)
    advance(case, "record_repayment", cast.officer, repayment=back.pk, paid_on=clock.today(), voucher="R1")
    close(case, cast)
    assert case.state == "closed"
    assert verify().faults == []


def test_a_payment_that_covers_the_lowered_fine_ends_the_term_to_pay(case, cast):
    pay(case.receivables.get(kind="refund"), cast.officer, voucher="V2")
    pay(case.receivables.get(kind="fine"), cast.officer, "50000.00")
    assert lower(case, cast).term("payment").state == "met"
    assert not Repayment.objects.exists()


def test_a_published_decision_is_withdrawn_and_published_as_changed(case, cast):
    advance(case, "publish", cast.officer, published_on=clock.today(), digest="某医院重复收费被处罚")
    with pytest.raises(StepRefused):
        advance(case, "withdraw_publication", cast.system)
    case = lower(EnforcementCase.objects.get(pk=case.pk), cast)
    assert not penalties().exists()
    update = case.term("publication_update")
    assert (update.state, update.setting) == ("running", "PP-46/withdrawal")
    advance(case, "publish", cast.officer, published_on=clock.today(), digest="罚款经行政复议变更为五万元")
    assert [one.fine for one in penalties()] == [50000]
    assert EnforcementCase.objects.get(pk=case.pk).term("publication_update").state == "met"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"fine": "90000.00"}, "fine"),
        ({"fine": "0"}, "fine"),
        ({"disputed_from": "2020-01-01"}, "disputed_from"),
        ({"document_of": "2999-01-01"}, "document_of"),
        ({"document": ""}, "document"),
    ],
)
def test_each_wrong_word_is_told_at_its_field(case, cast, changed, field):
    with pytest.raises(StepInvalid) as invalid:
        lower(case, cast, **changed)
    assert list(invalid.value.form.errors) == [field]


def test_page_and_document(case, cast, client):
    client.force_login(cast.officer.user, backend="django.contrib.auth.backends.ModelBackend")
    page = reverse("web:step", args=[case.pk, "lower_fine"])
    refused = client.post(page, ruling())
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["file"])
    client.post(page, ruling(file=SimpleUploadedFile("判决.txt", "变更。".encode(), "text/plain")))
    assert fines(case)[-1] == (50000, "open", "")


def test_only_an_officer_of_the_case_records_it(case, cast):
    for actor in (cast.head, cast.twin_officer, cast.finance):
        with pytest.raises(StepRefused):
            advance(case, "lower_fine", actor, data=ruling())
    assert fines(case) == [(90000, "open", "")]


def test_nothing_is_lowered_where_no_fine_is_claimed(store, cast, provider):
    with pytest.raises(StepRefused) as refusal:
        advance(spared(cast, provider), "lower_fine", cast.officer, data=ruling())
    assert "a_fine_is_claimed" in {reason.name for reason in refusal.value.reasons}


@pytest.mark.law("HY-38")
@pytest.mark.parametrize("number", ["441602199001011234", "44160219900101123X", "13800138000"])
def test_nobodys_number_is_made_public(case, cast, doors, number):
    said = {"published_on": clock.today().isoformat(), "digest": f"负责人（{number}）被处罚"}
    doors.mistake(case, "publish", cast.officer, said, field="digest")


@pytest.mark.law("HY-38")
def test_what_reads_wrongly_in_public_is_corrected_with_a_reason(case, cast):
    with pytest.raises(StepRefused):
        advance(case, "correct_publication", cast.officer, digest="更正后的摘要", reason="摘要有误")
    advance(case, "publish", cast.officer, published_on=clock.today(), digest="某医院重复收费被处罚")
    with pytest.raises(StepInvalid) as invalid:
        advance(case, "correct_publication", cast.officer, digest="某医院重复收费被处罚", reason="摘要有误")
    assert list(invalid.value.form.errors) == ["digest"]
    advance(case, "correct_publication", cast.officer, digest="某医院超标准收费被处罚", reason="摘要有误")
    assert [one.digest for one in penalties()] == ["某医院超标准收费被处罚"]
    told = case.events.get(verb="correct_publication")
    assert (told.facts["digest"], told.facts["reason"]) == ("某医院超标准收费被处罚", "摘要有误")


@pytest.mark.law("PP-52")
def test_a_fine_is_not_paid_before_it_was_decided(case, cast):
    owed = case.receivables.get(kind="fine")
    before = case.decided_on - timedelta(days=1)
    with pytest.raises(MoneyRefused) as refused:
        record_receipt(owed, cast.officer, amount=owed.amount, route=owed.route, paid_on=before, voucher="V9")
    assert refused.value.field == "paid_on"

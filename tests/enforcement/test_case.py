"""A bureau's case from proposal to archive, and what it tells funds and credit."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from credit.models import CreditEvent
from enforcement.models import EnforcementCase
from enforcement.selectors import overdue_cases_count, overdue_publication, repeated_within_year, same_kind_cases
from funds.models import Receivable
from funds.services import record_receipt
from supervision.procedure import clock
from supervision.procedure.refusals import StepInvalid, StepRefused
from supervision.procedure.selectors import open_terms, steps_for
from supervision.procedure.services import advance
from supervision.records.models import Paper
from supervision.records.selectors import newest_paper
from supervision.records.services.evidence import reject_evidence, verify_evidence
from tests.case_stage import (
    ago,
    close,
    decide,
    discuss,
    evidence,
    fact,
    filed,
    ordered,
    performing,
    proposed,
    report,
    reported,
    reviewed,
)
from tests.reading import words


def test_the_whole_course(store, cast, provider):
    case = performing(cast, provider)
    assert case.state == "performing"
    refund, fine = Receivable.objects.filter(dossier=case).order_by("kind").reverse()
    assert (refund.kind, refund.route, refund.fund, refund.amount) == ("refund", "fiscal", "employee", Decimal(60000))
    assert (fine.kind, fine.route, fine.fund, fine.amount) == ("fine", "treasury", "", Decimal(90000))
    with pytest.raises(StepRefused, match=r"still owed|尚"):
        close(case, cast)
    for owed in (refund, fine):
        record_receipt(
            owed,
            cast.officer,
            amount=owed.amount,
            route=owed.route,
            fund=owed.fund,
            paid_on=clock.today(),
            voucher=owed.kind,
        )
    advance(case, "publish", cast.officer, published_on=clock.today(), digest="某医院重复收费被处罚")
    close(case, cast)
    advance(case, "archive", cast.officer)
    assert case.is_closed
    assert CreditEvent.objects.filter(party=provider.party_ptr, dossier=case, indicator="penalty_imposed").count() == 1
    issued = list(Paper.objects.filter(dossier=case).order_by("pk").values_list("type", flat=True))
    assert [code for code in issued if code != "service_certificate"] == [
        "filing_approval", "correction_order", "investigation_report", "penalty_notice", "case_statement_waiver",
        "legal_review_request", "legal_review_opinion", "penalty_decision", "closing_report",
    ]  # fmt: skip


@pytest.mark.law("PB-1", "PP-46", "PP-56", "PP-57")
def test_closing_does_not_lose_the_duty_to_publish(store, client, cast, provider):
    with ago(30):
        case = performing(cast, provider)
    for owed in case.receivables.order_by("pk"):
        record_receipt(owed, cast.officer, amount=owed.amount, route=owed.route, fund=owed.fund,
                       paid_on=clock.today(), voucher=owed.kind)  # fmt: skip
    case = EnforcementCase.objects.get(pk=case.pk)
    term = case.term("publication")
    due = term.due
    assert (term.start, due < clock.today()) == (case.decided_on, True)
    client.force_login(cast.head.user, backend="django.contrib.auth.backends.ModelBackend")
    assert str(due) in client.get(reverse("web:step", args=[case.pk, "close"])).content.decode()
    close(case, cast)
    case = EnforcementCase.objects.get(pk=case.pk)
    assert not case.term("publication").closed
    assert case.pk in open_terms(cast.officer).filter(kind="publication").values_list("dossier", flat=True)
    assert (overdue_publication(), overdue_cases_count(cast.head)) == (1, 1)
    offers = {offer.step.name: offer for offer in steps_for(case, cast.officer)}
    assert offers["publish"].open
    form = client.get(reverse("web:step", args=[case.pk, "publish"])).content.decode()
    assert case.papers.get(type="penalty_decision").number in form
    assert [reason.name for reason in offers["archive"].reasons] == ["published_if_due"]
    advance(case, "publish", cast.officer, published_on=clock.today(), digest="某医院重复收费被处罚")
    assert EnforcementCase.objects.get(pk=case.pk).term("publication").closed
    assert (overdue_publication(), overdue_cases_count(cast.head)) == (0, 0)
    advance(case, "archive", cast.officer)


def test_a_second_proposal_from_one_origin_is_the_first_case(store, cast, land, provider):
    origin = proposed(cast, provider)
    first = proposed(cast, provider, origin=origin)
    assert proposed(cast, provider, origin=origin).pk == first.pk != origin.pk


def test_large_fines_are_major_and_need_discussion(store, cast, provider):
    case = reviewed(cast, provider, amount="80000.00", fine="120000.00")
    assert case.is_major(clock.today())
    with pytest.raises(StepRefused) as refusal:
        decide(case, cast)
    assert [reason.name for reason in refusal.value.reasons] == ["deliberation_carried_if_major"]
    discuss(case, cast)
    decide(case, cast)
    assert case.state == "decided"


def test_a_discussion_that_did_not_carry_is_no_basis(store, cast, provider):
    case = reviewed(cast, provider, amount="80000.00", fine="120000.00")
    discuss(case, cast, votes_for=0)
    with pytest.raises(StepRefused):
        decide(case, cast)


def test_the_fine_stays_within_the_range_of_the_law(store, cast, provider):
    case = reviewed(cast, provider)
    for fine in ("77999.99", "102000.01", "120000.01"):
        with pytest.raises(StepInvalid) as invalid:
            decide(case, cast, fine=fine)
        assert list(invalid.value.form.errors) == ["fine"]
    decide(case, cast, fine="78000.00", fine_reason="情节轻微")
    assert case.fine == Decimal("78000.00")


def test_the_same_kind_again_within_a_year_is_found_and_must_be_heavier(store, cast, provider):
    first = performing(cast, provider)
    again = filed(cast, provider)
    from tests.case_stage import fact, ordered

    fact(again, cast)
    ordered(again, cast)
    assert repeated_within_year(again, clock.today()).pk == first.pk
    with pytest.raises(StepInvalid) as invalid:
        report(again, cast, tier="ordinary")
    assert "tier" in invalid.value.form.errors
    report(again, cast, tier="heavier", fine="110000.00")
    assert again.heavier_factors == ["repeated"]
    assert again.repeated_case_id == first.pk


def test_lenience_names_its_circumstance(store, cast, provider):
    case = reported(cast, provider)
    advance(case, "send_back", cast.head, reason="补充裁量")
    with pytest.raises(StepInvalid) as invalid:
        report(case, cast, tier="lighter", fine="66000.00")
    assert "lenient" in invalid.value.form.errors
    report(case, cast, tier="lighter", fine="66000.00", lenient=["refunded"])
    assert case.tier == "lighter"


def test_like_cases_are_shown_to_whoever_decides(store, cast, provider):
    performing(cast, provider)
    likes = same_kind_cases(filed_with_fact(cast, provider))
    assert (likes.count, likes.median) == (1, Decimal("1.5"))


def filed_with_fact(cast, provider):
    from tests.case_stage import fact

    case = filed(cast, provider)
    fact(case, cast)
    return case


@pytest.mark.law("PP-14", "PP-37", "PP-44")
def test_the_inner_forms_of_a_case_speak_chinese(store, cast, provider):
    case = reviewed(cast, provider, fine="110000.00", tier="heavier", aggravating=["grave"])
    discuss(case, cast)
    for form in ("filing_approval", "legal_review_request", "legal_review_opinion", "deliberation_record"):
        said = words(case.papers.get(type=form))
        # Names of the cast and numbers of certificates are written in Latin letters.
        assert not re.search("[A-Za-z]{2}", re.sub("(示例|试)[a-z_]+", "", said)), form


@pytest.mark.law("HY-37")
@pytest.mark.parametrize("then", ["verify", "reject"])
def test_a_fact_is_not_reported_on_a_piece_nobody_verified(store, cast, provider, doors, then):
    case = filed(cast, provider)
    waiting = evidence(case, cast, title="未查证照片", verify=False)
    fact(case, cast, proofs=[evidence(case, cast), waiting])
    ordered(case, cast)
    said = {"nature": "重复收费", "opinion": "处罚", "tier": "ordinary", "fine": "90000.00"}
    doors.refuse(case, "submit_report", cast.officer, said, by="facts_on_verified_evidence")
    if then == "verify":
        verify_evidence(waiting, cast.officer)
    else:
        reject_evidence(waiting, cast.officer, note="无法核实")
    report(case, cast)
    cited = newest_paper(case, "investigation_report").facts["findings"][0]["evidence"]
    assert ("书证：未查证照片" in cited) == (then == "verify")

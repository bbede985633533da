"""The next steps: what may be done, what stands in the way in sentences that are true, and nothing that is settled."""

import pytest
from django.utils.translation import override

from supervision.procedure import clock
from supervision.procedure.refusals import Cause, StepRefused
from supervision.procedure.registry import concrete, form_of
from supervision.procedure.selectors import steps_for
from supervision.procedure.services import advance, assign, withdraw
from tests import case_stage


def offered(dossier, actor):
    return {offer.step.name: offer for offer in steps_for(concrete(dossier), actor)}


@pytest.mark.law("PL-63")
def test_a_hearing_that_was_waived_is_offered_no_more_and_its_days_are_not_called_over(store, cast, provider):
    case = case_stage.served(cast, provider, amount="200000.00", fine="300000.00")
    assert {"waive_hearing", "request_hearing"} <= set(offered(case, cast.officer))
    case_stage.waive(case, cast)
    assert {"waive_hearing", "request_hearing"}.isdisjoint(offered(case, cast.officer))
    with pytest.raises(StepRefused) as refused:
        advance(case, "waive_hearing", cast.officer)
    assert [reason.name for reason in refused.value.reasons] == ["hearing_not_settled_yet"]


@pytest.mark.law("PL-63")
def test_a_hearing_waived_by_itself_is_not_asked_about_again_with_the_statement(store, cast, provider):
    case = case_stage.served(cast, provider, amount="200000.00", fine="300000.00")
    advance(case, "waive_hearing", cast.officer, declared_by="院长", declared_on=clock.today(),
            on_paper=True)  # fmt: skip
    assert "waive_hearing" not in offered(case, cast.officer)
    form = form_of(case.procedure, case.procedure.steps["waive_statement"])(dossier=concrete(case), actor=cast.officer)
    assert "hearing_waived" not in form.fields


@pytest.mark.law("PP-46")
def test_what_has_nothing_to_do_is_not_offered(store, cast, provider):
    case = case_stage.reviewed(cast, provider)
    assert "answer_statement" not in offered(case, cast.officer)
    case_stage.decide(case, cast)
    assert set(offered(case, cast.officer)) == {"serve_decision"}


def test_met_articles_are_told_once(store, cast, provider):
    case = case_stage.reviewed(cast, provider)
    for offer in steps_for(concrete(case), cast.head):
        assert len(set(offer.met_law)) == len(offer.met_law)
        assert len(set(offer.reasons)) == len(offer.reasons)


@pytest.mark.law("HY-39")
def test_who_holds_the_role_elsewhere_is_told_which_authority_handles_the_matter(store, cast, provider):
    case = case_stage.filed(cast, provider)
    (reason,) = offered(case, cast.twin_officer)["establish_fact"].reasons
    assert reason.cause == Cause.ROLE
    assert case.authority.name in str(reason.sentence)
    with override("zh-hans"):
        (reason,) = offered(case, cast.twin_officer)["establish_fact"].reasons
        assert str(reason.sentence) == f"本事项由{case.authority.name}办理，应由该单位执法人员经办"


@pytest.mark.law("HY-34")
def test_nobody_leaves_or_joins_a_closed_matter(store, client, cast, provider):
    case = case_stage.proposed(cast, provider)
    held = case.assignments.first()
    address = f"/dossiers/{case.pk}/officers/{held.pk}/withdraw/"
    client.force_login(cast.officer.user)
    assert address in client.get(f"/dossiers/{case.pk}/").content.decode()
    advance(case, "refuse_filing", cast.head, reason="情节显著轻微")
    assert address not in client.get(f"/dossiers/{case.pk}/").content.decode()
    assert client.post(address, {"reason": "调岗"}).status_code == 404
    for act in (
        lambda: withdraw(case, held.user, "调岗", cast.head),
        lambda: assign(case, held.user, "review", cast.head),
    ):
        with pytest.raises(StepRefused):
            act()

"""The account of another system sends and reports; it has charge of no matter and speaks to no party."""

import pytest

from agreements.designation.services import apply_for_agreement
from supervision.procedure import clock
from supervision.procedure.refusals import StepRefused
from supervision.procedure.services import advance, assign
from tests import breach_stage
from tests.cast import person

pytestmark = [pytest.mark.django_db, pytest.mark.law("HY-34", "PP-16")]
BY_A_PERSON = "须由工作人员本人办理，其他系统的账号不得办理"


@pytest.fixture
def machine(cast, land):
    actor = person("exchange", land.city_agency, "agency_clerk")
    actor.user.is_machine = True
    actor.user.save()
    return actor


def test_it_has_charge_of_no_matter(cast, provider, machine):
    with pytest.raises(StepRefused) as refused:
        apply_for_agreement(machine, provider=provider, applied_on=clock.today())
    assert "其他系统的账号不得承办案件" in str(refused.value.reasons[0].sentence)
    matter = breach_stage.applied(cast, provider)
    with pytest.raises(StepRefused):
        assign(matter, machine.user, "lead", cast.city_clerk)


def test_it_takes_no_step_that_speaks_to_the_party(cast, provider, agreement, machine):
    case = breach_stage.registered(cast, provider, clerk=cast.city_clerk)
    with pytest.raises(StepRefused) as refused:
        advance(case, "issue_notice", machine)
    assert BY_A_PERSON in [str(reason.sentence) for reason in refused.value.reasons]
    advance(case, "issue_notice", cast.city_clerk)

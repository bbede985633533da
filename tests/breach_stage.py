"""An agreement in force and a breach of it, brought as far as a test needs — always through the real steps."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from agreements.breaches.services import register_breach
from agreements.designation.procedure import Clause
from agreements.designation.services import apply_for_agreement
from supervision.parties.actors import holders
from supervision.parties.models import Employment, Practitioner, ProviderDepartment
from supervision.parties.roles import HEADS
from supervision.procedure import clock, lapses
from supervision.procedure.services import advance
from tests.minutes import minutes

EVERY_CLAUSE = list(Clause.values)


def ago(days):
    """Take the steps inside as of so many days ago."""
    return clock.stopped_at(timezone.now() - timedelta(days=days))


def applied(cast, provider, applied_on=None):
    return apply_for_agreement(cast.city_clerk, provider=provider, applied_on=applied_on or clock.today())


def negotiated(cast, provider, clauses=EVERY_CLAUSE, first_day=None, last_day=None):
    """An agreement ready to be signed; applied for two months ago."""
    with ago(60):
        agreement = applied(cast, provider)
        advance(agreement, "accept", cast.city_clerk, operating_since=date(2020, 1, 1), doctors=3, pharmacists=1,
                trained_staff=2, insurance_department=True)  # fmt: skip
        advance(agreement, "evaluate", cast.city_clerk, panel="示例专家甲", score="92.5", passed="True", opinion="合格")
        advance(agreement, "give_notice", cast.city_clerk, notice_until=clock.today() + timedelta(days=7))
    with ago(50):
        first = first_day or clock.today()
        advance(agreement, "negotiate", cast.city_clerk, clauses=clauses, first_day=first,
                last_day=last_day or first + timedelta(days=364), terms_text="示例条款")  # fmt: skip
    return agreement


def signed(cast, provider, **terms):
    """An agreement signed seven weeks ago."""
    agreement = negotiated(cast, provider, **terms)
    with ago(49):
        advance(agreement, "sign", cast.city_agency_head, signed_on=clock.today())
    return agreement


FOUND = "500000.00"  # more than any test recovers


def recover(yuan, fund="employee"):
    return {"measures": ["recover"], "amounts": {"recover": {fund: str(yuan)}}, "fees_found": FOUND}


SMALL = recover("1200.00")


def registered(cast, provider, measures=None, clerk=None, **facts):
    """A breach with its measures chosen."""
    clerk = clerk or cast.clerk
    case = register_breach(
        clerk,
        provider=provider,
        title="示例违约",
        facts_text="多收取检查费用。",
        basis="服务协议第三十条。",
        second_officer=cast.auditor.user if clerk is cast.clerk else None,
        **facts,
    )
    advance(case, "choose_measures", clerk, **(measures or SMALL))
    return case


def served(cast, provider, measures=None, days_ago=20, clerk=None):
    """In the statement period, the notice served some days ago."""
    clerk = clerk or cast.clerk
    with ago(days_ago):
        case = registered(cast, provider, measures, clerk=clerk)
        advance(case, "issue_notice", clerk)
        serve(case, "serve_notice", clerk)
    return case


def serve(case, step, actor):
    return advance(
        case, step, actor, method="direct", relation="staff", served_on=clock.today(), recipient="示例收件人",
        on_paper=True,
    )  # fmt: skip


def silent(cast, provider, measures=None, clerk=None):
    """Re-examined: the statement period lapsed in silence and the waiver was recorded."""
    case = served(cast, provider, measures, clerk=clerk)
    lapses.sweep()
    case.refresh_from_db()
    return case


def state_it(case, actor, text="不同意。", points="检查费用没有多收。\n数据有误。"):
    step = "make_statement" if actor.provider else "record_statement"
    said = {"made_on": clock.today(), "made_by": "示例负责人", "text": text, "points": points}
    return advance(case, step, actor, **said, **({} if actor.provider else {"on_paper": True}))


def answer_all(case, actor, accepted="no"):
    points = [point for statement in case.statements.all() for point in statement.points.all() if not point.answer]
    facts = {f"answer_{point.pk}": "已核对明细。" for point in points}
    facts |= {f"accepted_{point.pk}": accepted for point in points}
    if case.kind == "case":
        facts["rechecked"] = "重新核对了结算明细和病历，与原认定一致。"
    return advance(case, "answer_statement", actor, **facts)


def discuss(case, step, actor, votes_for=None, against=0):
    """A discussion of all leading members of the actor's authority."""
    people = list(holders(actor.authority, HEADS, clock.today()))
    abstained = 0 if votes_for is None else len(people) - against - votes_for
    told = minutes(people, against=against, abstained=abstained, resolution="同意拟作出的处理。")
    return advance(case, step, actor, **told)


def decide(case, cast, step="decide", actor=None):
    pay_by = clock.today() + timedelta(days=30)
    return advance(
        case, step, actor or cast.agency_head, decided_on=clock.today(), decision_text="违约事实清楚。", pay_by=pay_by
    )


def executing(cast, provider, measures=None):
    """Decided by the county agency and served today; discussed when the measures ask for it."""
    case = silent(cast, provider, measures)
    discuss(case, "deliberate", cast.agency_head)
    decide(case, cast)
    serve(case, "serve_decision", cast.clerk)
    return case


def terminating(ground=12):
    return {"measures": ["terminate_agreement"], "ground": str(ground)}


def ready_to_terminate(cast, provider, ground=12):
    """A county's termination with the city agency's discussion, the legal review and the bureau's consent at hand."""
    case = silent(cast, provider, terminating(ground))
    advance(case, "refer_to_city", cast.agency_head)
    discuss(case, "deliberate_termination", cast.city_agency_head)
    advance(case, "submit_for_review", cast.city_clerk)
    advance(case, "give_opinion", cast.city_agency_reviewer, opinion="agree", reasons="同意。")
    discuss(case, "deliberate_consent", cast.city_head)
    return case


def terminated(cast, provider):
    """The agreement terminated by a served decision."""
    case = ready_to_terminate(cast, provider)
    decide(case, cast, "decide_termination", cast.city_agency_head)
    serve(case, "serve_decision", cast.clerk)
    return case


@pytest.fixture
def agreement(cast, provider):
    """The hospital's agreement with the city agency, in force."""
    return signed(cast, provider)


@pytest.fixture
def department(provider):
    return ProviderDepartment.objects.create(provider=provider, code="A03", name="内科")


@pytest.fixture
def physician(provider, land):
    """An insurance physician of the hospital."""
    person = Practitioner.objects.create(
        kind="practitioner", code="D990121000001", name="示例医师甲", sort_key="a", region=land.county_region,
        profession="physician",
    )  # fmt: skip
    Employment.objects.create(practitioner=person, provider=provider, valid=(date(2020, 1, 1), None))
    return person

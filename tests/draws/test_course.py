"""A draw from its plan to its publication, as the calendar takes it."""

from decimal import Decimal

import pytest

from inspections.draws import scheduler, services
from inspections.draws.algorithm import read_targets
from inspections.draws.models import Draw, DrawTarget, Roll
from inspections.draws.publication import replay
from inspections.draws.selectors import publication_of
from inspections.leads.services import open_lead
from inspections.models import Lead
from supervision.law.services import set_value
from supervision.parties.actors import providers_visible_to
from supervision.procedure import clock
from supervision.procedure.chain import faults
from supervision.procedure.models import Event
from supervision.procedure.refusals import StepInvalid, StepRefused
from supervision.procedure.selectors import visible_to
from supervision.procedure.services import advance
from tests.cast import a_provider
from tests.draws.conftest import CONTRIBUTIONS

pytestmark = [pytest.mark.django_db, pytest.mark.law("HY-31", "DR-1", "DR-2", "DR-3")]


def test_an_adopted_plan_has_its_calendar(plan):
    assert [(p.number, f"{p.draw_at:%m-%d}", p.opened_at) for p in plan.periods.all()] == [
        (1, "03-10", None),
        (2, "09-10", None),
    ]


def test_a_period_is_opened_once_whoever_asks(plan, opened):
    assert services.open_period(opened.period_id) is None
    assert Draw.objects.count() == 1
    assert [witness.role for witness in opened.witness_list] == ["纪检监察", "社会监督员"]


def test_a_plan_below_the_law_is_not_adopted(world, draft, plan_facts):
    with pytest.raises(StepInvalid) as invalid:
        advance(draft, "revise", world.cast.officer, **plan_facts | {"inspectors_each": 1})
    assert set(invalid.value.form.errors) == {"inspectors_each"}
    advance(draft, "revise", world.cast.officer, **plan_facts | {"rate_high": "29.99"})
    set_value(
        scope=world.land.county_bureau.code, key="DR-2/officers", value=Decimal(3), effective_from=clock.today(),
        article_note="甲县年度计划", reason="重点监管", set_by="示例",
    )  # fmt: skip
    with pytest.raises(StepRefused) as refused:
        advance(draft, "adopt", world.cast.head)
    assert {reason.name for reason in refused.value.reasons} == {
        "rates_reach_the_law",
        "enough_inspectors_each",
    }


def test_frozen_rolls_are_the_registers_of_the_jurisdiction(world, announced):
    a_provider("H9901220001", "示例·乙县医院", world.land.twin_region)
    targets = announced.rolls.get(kind=Roll.Kind.TARGETS)
    rows = list(read_targets(bytes(targets.content)))
    assert len(rows) == targets.lines == 40
    assert {area for _, _, area in rows} == {"990121"}
    inspectors = bytes(announced.rolls.get(kind=Roll.Kind.INSPECTORS).content).decode()
    assert inspectors == "试officer\t*\t\n试second_officer\t*\t\n试third_officer\t*\t\n"


def test_the_riskier_class_is_drawn_more(announced):
    assert announced.strata == [
        {"name": "high", "size": 9, "take": 2},
        {"name": "medium_high", "size": 10, "take": 1},
        {"name": "medium", "size": 11, "take": 1},
        {"name": "low", "size": 10, "take": 1},
    ]
    assert announced.strength == "strong"


def test_a_draw_ends_published_and_anyone_computes_it_again(published, verifier):
    assert published.state == Draw.State.PUBLISHED
    document = publication_of(published)
    assert document["contributions"] == list(CONTRIBUTIONS)
    result = replay(document)
    assert result.seed == published.seed
    assert document["result"]["selected"] == result.as_json()["selected"]
    assert [label for label, ok, _ in verifier.checks(document, verifier.compute(document)) if not ok] == []
    assert published.targets.count() == 5
    assert all(len(target.team) == 2 for target in published.targets.all())
    events = Event.objects.filter(dossier=published.pk).order_by("seq")
    assert list(faults(published, events)) == []
    assert published.term("publication").state == "met"


def test_no_contribution_is_told_by_an_event(published):
    told = str(list(Event.objects.filter(dossier=published.pk).values_list("facts", flat=True)))
    assert not any(text in told for text in CONTRIBUTIONS)


def test_what_was_drawn_is_left_out_of_the_next_draw_of_the_plan(world, published):
    world.timeline.at(2025, 9, 1)
    (period,) = scheduler.due_periods()
    draw = services.open_period(period)
    world.timeline.at(2025, 9, 8)
    advance(draw, "freeze_rolls", world.cast.officer)
    drawn = set(published.targets.values_list("code", flat=True))
    codes = {code for _, code, _ in read_targets(bytes(draw.rolls.get(kind="targets").content))}
    assert len(codes) == 35
    assert not codes & drawn


def test_a_replaced_target_gives_way_to_the_next_ticket(world, published, verifier):
    out = published.targets.first()
    advance(published, "replace_target", world.cast.head, target=out, reason="已注销")
    out.refresh_from_db()
    assert not out.standing
    assert out.replaced_by.standing
    document = publication_of(published)
    assert document["replacements"][0]["in"] == out.replaced_by.code
    assert verifier.replacement_error(document, verifier.compute(document)) is None


def test_a_replaced_inspector_gives_way_to_the_next_in_the_targets_order(world, published, verifier):
    target = published.targets.first()
    leaving = target.team[0]
    advance(published, "replace_inspector", world.cast.head, inspector=leaving, reason="亲属任职")
    target = DrawTarget.objects.get(pk=target.pk)
    assert leaving not in target.team
    assert len(target.team) == 2
    with pytest.raises(StepInvalid):
        advance(published, "replace_inspector", world.cast.head, inspector=leaving, reason="again")
    document = publication_of(published)
    assert verifier.replacement_error(document, verifier.compute(document)) is None


def test_only_the_head_approves_a_replacement(world, published):
    with pytest.raises(StepRefused):
        advance(published, "replace_target", world.cast.officer, target=published.targets.first(), reason="x")


def test_a_supplementary_draw_has_rolls_and_a_seed_of_its_own(world, published, commit):
    draw = services.supplement(
        draw=published,
        actor=world.cast.officer,
        numbers={"low": 2},
        draw_at=published.draw_at.replace(day=20),
        reason="扩大覆盖",
    )
    for witness, text in zip(world.witnesses, ("a fresh contribution 1", "a fresh contribution 2"), strict=True):
        commit(draw, witness, text)
    scheduler.take_forward(draw.pk)
    world.timeline.at(2025, 3, 20, 9)
    scheduler.take_forward(draw.pk)
    draw.refresh_from_db()
    assert draw.state == Draw.State.PUBLISHED
    assert draw.seed != published.seed
    assert [target.stratum for target in draw.targets.all()] == ["low", "low"]
    assert not set(draw.targets.values_list("code")) & set(published.targets.values_list("code"))


def test_a_declared_interest_keeps_an_inspector_away(world, opened, commit):
    from supervision.parties.models import DeclaredInterest

    for provider in world.providers:
        DeclaredInterest.objects.create(
            user=world.third.user, party=provider, reason="亲属任职", valid=("2025-01-01", None)
        )
    for witness, text in zip(world.witnesses, CONTRIBUTIONS, strict=True):
        commit(opened, witness, text)
    world.timeline.at(2025, 3, 7, 10)
    scheduler.take_forward(opened.pk)
    world.timeline.at(2025, 3, 10, 9)
    scheduler.take_forward(opened.pk)
    opened.refresh_from_db()
    assert opened.strength == "basic"
    interested = {target.code for target in opened.targets.filter(inspectors__user=world.third.user)}
    assert interested <= {"H99012100001"}


def test_the_plan_closes_with_its_year(world, plan):
    world.timeline.at(2025, 12, 31)
    assert scheduler.close_plans() == 0
    world.timeline.at(2026, 1, 1)
    assert scheduler.close_plans() == 1
    plan.refresh_from_db()
    assert plan.state == "ended"


def test_every_drawn_target_leads_to_one_inspection_by_its_team(world, published):
    assert published.tasks_opened
    assert published.term("matching").state == "met"
    tasks = {target.task_id for target in published.targets.all()}
    assert None not in tasks
    assert len(tasks) == 5
    services.open_tasks(published)
    assert {target.task_id for target in published.targets.all()} == tasks
    for target in published.targets.all():
        assert set(target.task.officers.all()) == {one.user for one in target.team}
        assert target.task.origin_id == published.pk


@pytest.mark.law("HY-5", "DR-2")
def test_a_witness_sees_the_draws_and_plans_of_its_authority_alone(world, published):
    (witness, _other) = world.witnesses
    open_lead(
        world.cast.officer, authority=world.land.county_bureau, title="示例线索", subject=world.providers[0],
        source=Lead.Source.ALERT, facts="示例事实", source_ref="1",
    )  # fmt: skip
    assert set(visible_to(world.cast.officer).values_list("kind", flat=True)) > {"plan", "draw"}
    assert set(visible_to(witness).values_list("kind", flat=True)) == {"plan", "draw"}
    assert not visible_to(witness, Lead.objects.all()).exists()
    assert not providers_visible_to(witness).exists()

"""HY-31, DR-3: daily checks by double random — sealed before, reproducible after, published, and nobody chooses."""

import pytest
from django.db import Error, connection, transaction

from inspections.draws import scheduler, selectors, services
from inspections.draws.models import Draw, DrawTarget, Roll
from supervision.procedure import lapses
from supervision.procedure.declare import OutsideTheDoor
from supervision.procedure.models import Event
from supervision.procedure.refusals import StepInvalid, StepRefused
from supervision.procedure.services import advance
from tests.draws.conftest import (
    CONTRIBUTIONS,
    announced,
    commit,
    draft,
    opened,
    plan,
    plan_facts,
    published,
    timeline,
    world,
)

__all__ = ["announced", "commit", "draft", "opened", "plan", "plan_facts", "published", "timeline", "world"]
pytestmark = [pytest.mark.django_db, pytest.mark.law("HY-31", "DR-3")]


def names(refused) -> set[str]:
    return {reason.name or reason.cause for reason in refused.value.reasons}


def the_database_refuses(sql: str, *params, words: str) -> None:
    with pytest.raises(Error, match=words), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


@pytest.fixture
def frozen(world, opened):
    """The rolls are frozen, but no witness has committed."""
    world.timeline.at(2025, 3, 7, 9, 1)
    assert scheduler.take_forward(opened.pk) == ["freeze_rolls"]
    opened.refresh_from_db()
    return opened


def test_nothing_is_announced_before_every_witness_has_committed(world, frozen, commit):
    commit(frozen, world.witnesses[0], CONTRIBUTIONS[0])
    with pytest.raises(StepRefused) as refused:
        advance(frozen, "announce", world.cast.officer)
    assert names(refused) == {"everyone_committed"}


def test_nothing_is_revealed_before_the_announcement(world, frozen, commit):
    commit(frozen, world.witnesses[1], CONTRIBUTIONS[1], mode="held")
    with pytest.raises(StepRefused) as refused:
        advance(frozen, "reveal", world.witnesses[1], contribution=CONTRIBUTIONS[1])
    assert "state" in names(refused)
    the_database_refuses(
        "UPDATE inspections_drawwitness SET contribution = %s WHERE sha256 <> ''",
        CONTRIBUTIONS[1],
        words="opens once, after the announcement",
    )


def test_nothing_is_drawn_before_the_announcement(world, frozen):
    for step in ("open_contributions", "draw_lots"):
        with pytest.raises(StepRefused):
            advance(frozen, step, world.cast.officer)
    with pytest.raises(OutsideTheDoor):
        frozen.announce(announced_at=frozen.draw_at)
    the_database_refuses("UPDATE inspections_draw SET seed = %s", "0" * 64, words="a seed needs the announcement")


def test_the_commitment_is_chained_before_the_first_contribution_opens(published):
    seq = {event.verb: event.seq for event in Event.objects.filter(dossier=published.pk)}
    assert seq["roll_frozen"] < seq["announce"] < seq["draw_committed"] < seq["reveal"]
    assert seq["reveal"] < seq["open_contributions"] < seq["seed_made"] < seq["draw_lots"] < seq["publish"]


def test_a_draw_never_comes_early(world, announced):
    advance(announced, "reveal", world.witnesses[1], contribution=CONTRIBUTIONS[1])
    with pytest.raises(StepRefused) as refused:
        advance(announced, "open_contributions", world.cast.officer)
    assert names(refused) == {"moment_has_come"}


def test_only_the_text_whose_hash_was_announced_is_taken(world, announced):
    with pytest.raises(StepRefused) as refused:
        advance(announced, "reveal", world.witnesses[1], contribution="another text of the witness")
    assert names(refused) == {"contribution_matches"}


def test_nobody_speaks_for_a_witness(world, opened):
    facts = {"mode": "sealed", "contribution": "a text of somebody else"}
    for outsider in (world.cast.officer, world.cast.head, world.cast.witness, world.cast.system):
        with pytest.raises(StepRefused):
            advance(opened, "commit", outsider, **facts)


def test_two_witnesses_cannot_give_the_same_text(world, opened, commit):
    commit(opened, world.witnesses[0], CONTRIBUTIONS[0])
    with pytest.raises(StepRefused) as refused:
        commit(opened, world.witnesses[1], CONTRIBUTIONS[0])
    assert names(refused) == {"contribution_is_their_own"}


def test_a_guessable_contribution_is_not_taken(world, opened, commit):
    with pytest.raises(StepInvalid):
        advance(opened, "commit", world.witnesses[0], mode="sealed", contribution="12345678")
    with pytest.raises(StepInvalid):
        advance(opened, "commit", world.witnesses[0], mode="held", sha256="nonsense")


def test_the_draw_never_goes_on_without_a_silent_witness_and_says_so(world, announced, commit):
    world.timeline.at(2025, 3, 10, 9)
    with pytest.raises(StepRefused) as refused:
        advance(announced, "open_contributions", world.cast.officer)
    assert names(refused) == {"everyone_revealed"}
    assert scheduler.take_forward(announced.pk) == []

    world.timeline.at(2025, 3, 11, 12)
    assert lapses.sweep() == 0
    world.timeline.at(2025, 3, 12, 0, 5)
    assert lapses.sweep() == 1
    announced.refresh_from_db()
    assert announced.state == Draw.State.VOID
    assert "社会监督员" in announced.void_reason
    assert announced in selectors.public_draws()

    afresh = services.draw_afresh(draw=announced, actor=world.cast.officer, draw_at=announced.draw_at.replace(day=20))
    assert (afresh.attempt, afresh.commitment, afresh.period) == (2, None, announced.period)
    assert [witness.sha256 for witness in afresh.witness_list] == ["", ""]
    with pytest.raises(Error):
        services.draw_afresh(draw=announced, actor=world.cast.officer, draw_at=afresh.draw_at)


def test_frozen_rolls_cannot_be_altered_by_anyone(frozen):
    the_database_refuses("UPDATE inspections_roll SET lines = 1", words="never changed")
    the_database_refuses("UPDATE inspections_roll SET content = 'x'", words="never changed")
    the_database_refuses("DELETE FROM inspections_roll", words="are kept")
    the_database_refuses(
        "INSERT INTO inspections_roll (draw_id, kind, content, sha256, lines, frozen_at)"
        " SELECT draw_id, 'other', content, repeat('0', 64), 1, now() FROM inspections_roll LIMIT 1",
        words="the hash of its bytes",
    )
    the_database_refuses("UPDATE inspections_draw SET strata = '[]'", words="frozen with the rolls")
    with pytest.raises(Error), transaction.atomic():
        Roll.objects.update(sha256="0" * 64)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE inspections_draw SET draw_at = now()", "what was announced"),
        ("UPDATE inspections_draw SET announcement = '{}'", "what was announced"),
        ("UPDATE inspections_draw SET commitment = repeat('0', 64)", "what was announced"),
        ("UPDATE inspections_drawwitness SET sha256 = repeat('0', 64)", "after the announcement"),
        ("UPDATE inspections_drawwitness SET contribution = 'another text entirely'", "was announced"),
        ("DELETE FROM inspections_drawwitness", "are kept"),
        (
            "INSERT INTO inspections_drawwitness (draw_id, user_id, role, place, mode, sha256, sealed, contribution)"
            " SELECT draw_id, (SELECT min(id) FROM parties_user), '', 9, '', '', '', '' FROM inspections_drawwitness",
            "before the announcement",
        ),
    ],
)
def test_what_was_announced_cannot_be_altered(announced, change, words):
    the_database_refuses(change, words=words)


def test_a_witness_cannot_commit_to_something_else_after_the_announcement(world, announced, commit):
    with pytest.raises(StepRefused):
        commit(announced, world.witnesses[1], "a better chosen contribution")


def test_results_cannot_be_altered_or_slipped_in(published):
    the_database_refuses("UPDATE inspections_drawtarget SET ticket = repeat('0', 64)", words="only replaced")
    the_database_refuses("UPDATE inspections_drawtarget SET code = 'H1'", words="only replaced")
    the_database_refuses("UPDATE inspections_drawinspector SET certificate = 'friend'", words="only replaced")
    the_database_refuses("DELETE FROM inspections_drawtarget", words="are kept")
    the_database_refuses("UPDATE inspections_draw SET seed = repeat('0', 64)", words="a seed is never changed")
    chosen = published.targets.first()
    with pytest.raises(Error, match="hash of seed"), transaction.atomic():
        DrawTarget.objects.create(
            draw=published, provider=chosen.provider, stratum="high", code="H-chosen", ticket="0" * 64
        )


def test_another_countys_draw_is_unseen_and_the_city_sees_without_acting(world, published):
    assert not selectors.draws(world.cast.twin_officer).exists()
    assert not selectors.plans(world.cast.twin_officer).exists()
    assert not selectors.draws(world.cast.admin).exists()
    assert not selectors.draws(world.cast.hospital).exists()
    assert published in selectors.draws(world.cast.city_officer)
    target = published.targets.first()
    for outsider in (world.cast.twin_officer, world.cast.city_head):
        with pytest.raises(StepRefused):
            advance(published, "replace_target", outsider, target=target, reason="x")

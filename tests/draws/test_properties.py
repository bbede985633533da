"""What must hold for every draw, whatever the rolls."""

import copy
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspections.draws.algorithm import (
    DrawError,
    contribution_hash,
    inspector_roll,
    position,
    strata_sizes,
    target_roll,
    ticket,
)
from inspections.draws.publication import publication, replay
from inspections.draws.replacements import standing

pytestmark = pytest.mark.law("DR-1", "HY-31")

TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters=","), min_size=1, max_size=6)
AREAS = ["441602", "441621", "441622", "东源"]


@st.composite
def draws(draw):
    """Targets, inspectors, take, each."""
    strata = draw(st.lists(TEXT, min_size=1, max_size=3, unique=True))
    codes = draw(st.lists(TEXT, min_size=1, max_size=25, unique=True))
    targets = [(draw(st.sampled_from(strata)), code, draw(st.sampled_from(AREAS))) for code in codes]
    certificates = draw(st.lists(TEXT, max_size=7, unique=True))
    areas = st.one_of(st.just("*"), st.lists(st.sampled_from(AREAS), min_size=1, max_size=3, unique=True).map(",".join))
    recused = st.lists(st.sampled_from(codes), max_size=3, unique=True).map(",".join)
    inspectors = [(certificate, draw(areas), draw(recused)) for certificate in certificates]
    sizes = Counter(stratum for stratum, _, _ in targets)
    take = {stratum: draw(st.integers(0, sizes[stratum])) for stratum in strata}
    return targets, inspectors, take, draw(st.integers(1, 3))


@given(draws(), st.randoms(use_true_random=False))
def test_the_order_in_which_rolls_arrive_changes_nothing(material, drawn, random):
    targets, inspectors, take, each = drawn
    document = material(targets, inspectors, take, each=each)
    shuffled = copy.deepcopy(document)
    random.shuffle(shuffled["targets"])
    random.shuffle(shuffled["inspectors"])
    assert replay(shuffled) == replay(document)


@given(draws())
def test_each_stratum_gives_its_smallest_tickets_and_nothing_is_lost(material, drawn):
    targets, inspectors, take, each = drawn
    result = replay(material(targets, inspectors, take, each=each))
    by_hand = sorted(
        digest
        for stratum, count in take.items()
        for digest in sorted(ticket(result.seed, stratum, code) for s, code, _ in targets if s == stratum)[:count]
    )
    assert [item.ticket.digest for item in result.selected] == by_hand


@given(draws())
def test_a_target_is_drawn_exactly_when_its_place_is_within_the_take(material, drawn):
    targets, inspectors, take, each = drawn
    result = replay(material(targets, inspectors, take, each=each))
    winners = {item.ticket.code for item in result.selected}
    roll = target_roll(targets)
    for stratum, code, _ in targets:
        assert (position(roll, result.seed, stratum, code) <= take[stratum]) == (code in winners)


@given(draws())
def test_only_able_inspectors_are_drawn_and_a_shortage_is_reported(material, drawn):
    targets, inspectors, take, each = drawn
    result = replay(material(targets, inspectors, take, each=each))
    area_of = {code: area for _, code, area in targets}
    for item in result.selected:
        code = item.ticket.code
        able = {
            certificate
            for certificate, areas, recused in inspectors
            if (areas == "*" or area_of[code] in areas.split(",")) and code not in recused.split(",")
        }
        assert set(item.inspectors) <= able
        assert len(set(item.inspectors)) == min(each, len(able))
        assert (code in result.unstaffed) == (len(able) < each)


@given(st.integers(1, 60), st.integers(2, 9), st.integers(1, 2))
@settings(max_examples=40)
def test_work_is_shared_evenly_among_equals(material, count, inspectors, each):
    document = material(
        [("low", f"H{n:04}", "441602") for n in range(count)],
        [(f"YP{n}", "*", "") for n in range(inspectors)],
        {"low": count},
        each=each,
    )
    loads = Counter({f"YP{n}": 0 for n in range(inspectors)})
    for item in replay(document).selected:
        loads.update(item.inspectors)
    assert max(loads.values()) - min(loads.values()) <= 1


@given(draws())
def test_the_single_file_verifier_agrees(material, verifier, drawn):
    targets, inspectors, take, each = drawn
    document = material(targets, inspectors, take, each=each, public="05 11 17 23 28 31 + 09")
    result = replay(document)
    published = publication(
        document["announcement"],
        targets=target_roll(targets),
        inspectors=inspector_roll(inspectors),
        contributions=document["contributions"],
        public=document["public"],
        result=result,
    )
    outcome = list(verifier.checks(published, verifier.compute(published)))
    assert [label for label, agrees, _ in outcome if not agrees] == []


@given(draws(), st.data())
def test_replacements_follow_the_line_and_are_verified(material, verifier, drawn, data):
    targets, inspectors, take, each = drawn
    document = material(targets, inspectors, take, each=each)
    rolls = {"targets": target_roll(targets), "inspectors": inspector_roll(inspectors)}
    given_material = {**rolls, "contributions": document["contributions"]}
    made: list[dict] = []
    for _ in range(data.draw(st.integers(0, 6))):
        now = standing(document["announcement"], **given_material, replacements=made)
        if not now.active:
            break
        code = data.draw(st.sampled_from(sorted(now.active)))
        team = now.active[code]
        if team and data.draw(st.booleans()):
            out = data.draw(st.sampled_from(team))
            done = now.replace_inspector(code, out)
            made.append({"kind": "inspector", "target": code, "out": out, "in": done.substitute})
            assert out not in now.active[code]
        else:
            done = now.replace_target(code)
            substitute = done.substitute.ticket.code if done.substitute else None
            made.append({"kind": "target", "out": code, "in": substitute})
            assert code not in now.active
    published = {**document, "replacements": made}
    assert verifier.replacement_error(published, verifier.compute(published)) is None
    if made:
        other = {**published, "replacements": [*made[:-1], {**made[-1], "in": "somebody else"}]}
        assert verifier.replacement_error(other, verifier.compute(other)) is not None
        with pytest.raises(DrawError, match="must be replaced by"):
            standing(document["announcement"], **given_material, replacements=other["replacements"])


TARGETS = [("high", "H1", "441602"), ("high", "H2", "441621"), ("low", "H3", "441602")]
INSPECTORS = [("YP1", "*", ""), ("YP2", "*", ""), ("YP3", "441602", "H1")]


@pytest.fixture
def document(material):
    return material(TARGETS, INSPECTORS, {"high": 1, "low": 1})


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda d: d["targets"].append(["low", "H4", "441602"]), "targets_sha256 differs"),
        (lambda d: d["inspectors"].pop(), "inspectors_sha256 differs"),
        (lambda d: d["announcement"]["strata"][0].update(size=1), "strata of the target roll"),
        (lambda d: d["contributions"].pop(), "2 contributions are announced, 1 given"),
        (lambda d: d["contributions"].__setitem__(0, "another sixteen-character text"), "not the announced one"),
        (lambda d: d.update(public="7"), "exactly when one is announced"),
        (lambda d: d["announcement"].update(inspectors_each=1.5), "not of format"),
        (lambda d: d["announcement"].update(format="fund-supervision-draw/2"), "not of format"),
        (lambda d: d["announcement"]["strata"][0].update(take=3), "not of format"),
        (lambda d: d["announcement"].update(rate=0.3), "fractions"),
        (lambda d: d["announcement"].pop("witnesses"), "lacks 'witnesses'"),
        (lambda d: d.pop("targets"), "lacks 'targets'"),
    ],
)
def test_what_does_not_fit_the_announcement_is_refused(document, spoil, words):
    spoil(document)
    with pytest.raises(DrawError, match=words):
        replay(document)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("high", "H1", "441602"), ("low", "H1", "441602")], "more than once"),
        ([("high", "H\n1", "441602")], "control character"),
        ([("high", "H1,H2", "441602")], "no commas"),
        ([("high", "", "441602")], "no commas"),
        ([("high", "H1")], "2 fields instead of 3"),
        ([("high", "H\ud8001", "441602")], "control character"),
    ],
)
def test_a_roll_that_could_be_read_two_ways_is_refused(rows, words):
    with pytest.raises(DrawError, match=words):
        target_roll(rows)


def test_a_roll_out_of_order_is_not_canonical():
    roll = target_roll(TARGETS)
    first, rest = roll.split(b"\n", 1)
    with pytest.raises(DrawError, match="canonical"):
        strata_sizes(rest + first + b"\n")


def test_a_contribution_is_long_enough_to_resist_guessing():
    with pytest.raises(DrawError, match="at least 16"):
        contribution_hash("short")


@pytest.mark.parametrize("part", ["contributions", "public"])
def test_every_word_of_every_witness_changes_the_seed(material, part):
    one = material(TARGETS, INSPECTORS, {"high": 1}, public="05 11 17")
    other = {
        "contributions": material(
            TARGETS, INSPECTORS, {"high": 1}, contributions=("x" * 16, "y" * 16), public="05 11 17"
        ),
        "public": {**one, "public": "05 11 18"},
    }[part]
    assert replay(one).seed != replay(other).seed

"""Pages of plans and draws: for officers, for witnesses, and for everyone."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from inspections.draws.models import YearPlan
from supervision.web.events import lines
from tests.draws.conftest import CONTRIBUTIONS

pytestmark = [pytest.mark.django_db, pytest.mark.law("HY-31", "DR-1", "DR-3")]


@pytest.fixture
def sign_in(client, settings):
    settings.SECOND_FACTOR_ROLES = []

    def as_actor(actor):
        client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return as_actor


def public(name, draw, **extra):
    return reverse(f"public-draws:{name}", kwargs={"commitment": draw.commitment, **extra})


def test_an_officer_drafts_a_plan_on_the_page(world, sign_in, plan_facts):
    browser = sign_in(world.cast.officer)
    page = browser.get(reverse("draws:new-plan"))
    assert page.status_code == 200
    data = {**plan_facts, "witnesses": [user.pk for user in plan_facts["witnesses"]], "once_a_year": "on"}
    answer = browser.post(reverse("draws:new-plan"), data)
    plan = YearPlan.objects.get()
    assert answer.url == reverse("web:dossier", args=[plan.pk])
    assert browser.get(answer.url).status_code == 200
    wrong = browser.post(reverse("draws:new-plan"), {**data, "day": 31, "title": "保留的标题"})
    assert wrong.status_code == 422
    assert "保留的标题" in wrong.content.decode()


def test_the_record_shows_result_and_fairness(world, published, sign_in):
    page = sign_in(world.cast.head).get(reverse("web:dossier", args=[published.pk])).content.decode()
    assert published.commitment in page
    assert published.seed in page
    assert all(target.provider.name in page for target in published.targets.all())


def test_lists_stay_within_the_jurisdiction(world, published, sign_in):
    mine = sign_in(world.cast.officer).get(reverse("draws:draws")).content.decode()
    assert published.number in mine
    for name in ("draws:draws", "draws:plans"):
        page = sign_in(world.cast.twin_officer).get(reverse(name)).content.decode()
        assert published.number not in page
        assert published.plan.title not in page
    assert sign_in(world.cast.twin_officer).get(reverse("web:dossier", args=[published.pk])).status_code == 404
    assert sign_in(world.cast.twin_officer).get(reverse("draws:supplement", args=[published.pk])).status_code == 404


def test_the_witness_hands_in_and_reveals_on_the_pages(world, opened, sign_in):
    browser = sign_in(world.witnesses[0])
    page = browser.get(reverse("draws:witness"))
    assert opened.title in page.content.decode()
    step = reverse("web:step", args=[opened.pk, "commit"])
    assert browser.post(step, {"mode": "sealed", "contribution": CONTRIBUTIONS[0]}).status_code == 302
    opened.refresh_from_db()
    assert opened.witnesses.get(place=1).handed_over
    assert CONTRIBUTIONS[0] not in browser.get(reverse("web:dossier", args=[opened.pk])).content.decode()


@pytest.mark.parametrize("hashed", ["abc", "g" * 64, "A" * 64])
def test_the_witness_is_told_what_a_hash_is(opened, world, sign_in, hashed):
    step = reverse("web:step", args=[opened.pk, "commit"])
    answer = sign_in(world.witnesses[0]).post(step, {"mode": "held", "sha256": hashed})
    assert "64个十六进制字符" in answer.content.decode()
    assert "输入一个有效的值" not in answer.content.decode()


def test_an_announcement_is_public_but_gives_no_roll_away(client, announced):
    page = client.get(public("draw", announced))
    assert page.status_code == 200
    assert announced.commitment in page.content.decode()
    assert announced.title in client.get(reverse("public-draws:list")).content.decode()
    assert json.loads(client.get(public("document", announced)).content) == {
        "announcement": announced.announcement,
        "commitment": announced.commitment,
    }
    for name, extra in (("roll", {"kind": "targets"}), ("names", {})):
        assert client.get(public(name, announced, **extra)).status_code == 404
    assert client.get("/public/draws/" + "0" * 64 + "/").status_code == 404


def test_a_result_is_public_and_complete(client, published, verifier, tmp_path):
    assert client.get(public("draw", published)).status_code == 200
    answer = client.get(public("document", published))
    document = json.loads(answer.content)
    assert all(ok for _, ok, _ in verifier.checks(document, verifier.compute(document)))
    roll = client.get(public("roll", published, kind="targets"))
    assert roll.content == bytes(published.rolls.get(kind="targets").content)
    again = client.get(public("document", published), headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_who_was_not_drawn_finds_the_place_without_scripts(client, published):
    found = client.get(public("names", published), {"q": "7号"}).json()["found"]
    assert found
    page = client.get(public("draw", published), {"code": found[0]["code"]})
    assert page.context["place"]["size"] in (9, 10, 11)
    assert client.get(public("draw", published), {"code": "nobody"}).status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_result(client, published, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        client.get(public("draw", published))


def test_the_history_of_a_draw_is_told_in_words_and_local_time(announced):
    told = {line.event.verb: dict(line.details) for line in lines(announced, announced.events.all())}
    assert "强" in told["draw_committed"].values()
    shown = [text for details in told.values() for text in details.values()]
    assert timezone.localtime(announced.draw_at).strftime("%Y-%m-%d %H:%M") in shown
    assert not [text for text in shown if text in ("strong", "basic", "held", "sealed") or "+00:00" in text]

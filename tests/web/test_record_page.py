"""The page of a matter and its steps: every refusal explained, nothing typed lost, nothing doubled."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from supervision.procedure import clock
from supervision.procedure.models import Assignment, Event
from supervision.procedure.services import advance, assign, open_dossier, record
from supervision.records.verbs import EVIDENCE_TRANSFERRED
from supervision.web.events import lines
from supervision.web.record_blocks import Block, of_record
from supervision.web.record_pages import stations
from tests.toy.models import Errand


@pytest.fixture
def errand(cast, land, provider):
    return open_dossier(
        Errand,
        cast.clerk,
        authority=land.county_agency,
        title="核对费用",
        subject=provider,
        officers=[cast.clerk.user, cast.auditor.user],
        estimate=Decimal("120000.00"),
    )


@pytest.fixture
def clerk(client: Client, cast) -> Client:
    client.force_login(cast.clerk.user)
    return client


def token(page: str, name: str) -> str:
    return re.search(f'name="{name}" value="([^"]*)"', page).group(1)


def address(errand, *rest: object) -> str:
    return "/".join(["", "dossiers", str(errand.pk), *map(str, rest), ""])


def test_the_page_shows_course_steps_deadlines_officers_and_history(clerk, errand) -> None:
    page = clerk.get(address(errand)).content.decode()
    for text in (
        "核对费用",
        errand.number,
        "示例·甲县康复医院",
        "120,000.00",
        "示例clerk",
        "试auditor",
        "Errand opened",
    ):
        assert text in page
    assert f'href="{address(errand, "steps", "tell")}"' in page
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="diagram"' in page


@pytest.mark.law("HY-5")
def test_outside_the_jurisdiction_there_is_nothing(client, cast, errand) -> None:
    for actor in (cast.twin_clerk, cast.twin_officer, cast.admin, cast.hospital):
        client.force_login(actor.user)
        for path in (
            address(errand),
            address(errand, "steps", "tell"),
            address(errand, "events"),
            address(errand, "officers"),
        ):
            assert client.get(path).status_code == 404
        assert client.post(address(errand, "steps", "tell"), {"told_on": "2026-01-05"}).status_code == 404
    assert errand.events.count() == 1


def test_a_step_is_taken_from_its_form(clerk, errand) -> None:
    form = clerk.get(address(errand, "steps", "tell")).content.decode()
    data = {"told_on": clock.today().isoformat(), "key": token(form, "key"), "seen": token(form, "seen")}
    answer = clerk.post(address(errand, "steps", "tell"), data, follow=True)
    assert answer.redirect_chain == [(address(errand), 302)]
    errand.refresh_from_db()
    assert errand.state == "told"


def test_a_double_submit_acts_once(clerk, errand) -> None:
    form = clerk.get(address(errand, "steps", "tell")).content.decode()
    data = {"told_on": clock.today().isoformat(), "key": token(form, "key"), "seen": token(form, "seen")}
    for _ in range(2):
        assert clerk.post(address(errand, "steps", "tell"), data).status_code == 302
    assert Event.objects.filter(dossier=errand.pk, verb="tell").count() == 1


def test_a_wrong_field_keeps_the_text(clerk, errand) -> None:
    answer = clerk.post(address(errand, "steps", "tell"), {"told_on": "2026-02-31", "note": "打了很久的字"})
    assert answer.status_code == 422
    assert "打了很久的字" in answer.content.decode()
    assert "2026-02-31" in answer.content.decode()


@pytest.mark.law("HY-22")
def test_a_refused_step_shows_every_reason_with_its_article(clerk, errand, cast) -> None:
    advance(errand, "tell", cast.clerk, told_on=clock.today())
    answer = clerk.post(address(errand, "steps", "finish"), {"total": "1.00", "note": "留下"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "the answer period has not ended" in page
    assert "第二十二条" in page
    assert "留下" in page


def test_a_matter_that_moved_meanwhile_is_not_acted_on(clerk, errand, cast) -> None:
    form = clerk.get(address(errand, "steps", "tell")).content.decode()
    advance(errand, "tell", cast.clerk, told_on=clock.today())
    data = {"told_on": clock.today().isoformat(), "key": "k", "seen": token(form, "seen")}
    answer = clerk.post(address(errand, "steps", "tell"), data)
    assert answer.status_code == 409
    assert errand.events.count() == 2


def test_a_blocked_step_is_shown_with_what_is_missing(client, cast, errand) -> None:
    advance(errand, "tell", cast.clerk, told_on=clock.today())
    advance(errand, "weigh", cast.clerk)
    client.force_login(cast.clerk.user)
    page = client.get(address(errand)).content.decode()
    assert f'href="{address(errand, "steps", "finish")}"' not in page
    assert "Finish" in page


def test_a_dialog_gets_the_form_alone_and_leads_on_by_header(clerk, errand) -> None:
    headers = {"HX-Request": "true", "HX-Target": "dialog-body"}
    part = clerk.get(address(errand, "steps", "tell"), headers=headers).content.decode()
    assert "<html" not in part
    assert 'hx-post="' in part
    answer = clerk.post(address(errand, "steps", "tell"), {"told_on": clock.today().isoformat()}, headers=headers)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, address(errand))


@pytest.mark.parametrize("seen", ["", "x", "99999999999", "-1", "²"])
def test_a_broken_token_breaks_nothing(clerk, errand, seen: str) -> None:
    answer = clerk.post(
        address(errand, "steps", "tell"), {"told_on": clock.today().isoformat(), "seen": seen, "key": "k" * 500}
    )
    assert answer.status_code in (302, 409)


@pytest.mark.parametrize("name", ["lapse", "nothing", "delete"])
def test_steps_of_the_system_or_of_nobody_have_no_page(clerk, errand, name: str) -> None:
    assert clerk.get(address(errand, "steps", name)).status_code == 404


def test_text_kept_over_a_time_out_is_back_in_the_step(client, errand, cast) -> None:
    client.post("/sign-in/", {"username": "clerk", "password": "correct-horse-9"})
    from django.contrib.sessions.models import Session

    Session.objects.all().delete()
    path = address(errand, "steps", "tell")
    client.post(path, {"told_on": "2026-10-09", "note": "写了一半的说明"})
    client.post("/sign-in/", {"username": "clerk", "password": "correct-horse-9"})
    page = client.get(path).content.decode()
    assert "写了一半的说明" in page
    assert "2026-10-09" in page
    assert errand.events.count() == 1


def test_history_tells_details_in_words_and_filters(clerk, errand, cast) -> None:
    advance(errand, "tell", cast.clerk, told_on=clock.today(), note="当面")
    (told,) = lines(errand, errand.events.filter(verb="tell"))
    assert ("Told on", clock.today().isoformat()) in told.details
    assert ("备注", "当面") in told.details or ("Remark", "当面") in told.details
    assert told.dues[0][0] == "answer"
    assert clerk.get(address(errand, "events"), {"only": "papers"}).context["lines"] == []
    assert clerk.get(address(errand, "events"), {"only": "nonsense", "before": "x"}).status_code == 200


def test_history_tells_choices_and_moments_as_people_read_them(errand, cast) -> None:
    held = assign(errand, cast.agency_head.user, Assignment.Duty.REVIEW, cast.clerk)
    (assigned,) = lines(errand, errand.events.filter(verb="officer_assigned"))
    assert held.get_duty_display() in dict(assigned.details).values()
    assert held.duty not in dict(assigned.details).values()
    moment = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
    record(errand, EVIDENCE_TRANSFERRED, cast.clerk, {"note": moment, "estimate": Decimal(5000)})
    with override("en"):
        (moved,) = lines(errand, errand.events.filter(verb=EVIDENCE_TRANSFERRED))
    assert [text for _label, text in moved.details] == ["5,000.00 yuan", "2026-11-24 09:30"]


def test_the_course_stands_where_the_matter_stands(errand, cast) -> None:
    advance(errand, "tell", cast.clerk, told_on=clock.today())
    assert [station.state for station in stations(errand)] == ["done", "now", "", ""]
    advance(errand, "weigh", cast.clerk)
    advance(errand, "finish", cast.agency_head, total="1.00") if errand.term("answer").closed else None
    assert stations(errand)[0].at is not None


def test_queries_do_not_grow_with_history(clerk, errand, cast) -> None:
    counts = []
    advance(errand, "tell", cast.clerk, told_on=clock.today())
    for _ in range(2):
        clerk.get(address(errand))
        with CaptureQueriesContext(
            connection,
        ) as caught:
            clerk.get(address(errand))
        counts.append(len(caught))
        for number in range(30):
            advance(errand, "record_answer", cast.clerk, answer=str(number))
    assert counts[0] == counts[1]


def test_the_same_small_thing_done_again_and_again_stands_in_one_line(clerk, errand, cast) -> None:
    advance(errand, "tell", cast.clerk, told_on=clock.today())
    for number in range(14):
        advance(errand, "record_answer", cast.clerk, answer=f"第{number}次答复")
    shown = clerk.get(address(errand)).content.decode()
    history = shown[shown.index('class="timeline"') :]
    assert "此前同类记录 13 条" in history
    assert all(f"第{number}次答复" in history for number in range(14))
    assert history.count("<time") == 1 + 2  # the answers, the telling, the opening


@pytest.mark.law("HY-34")
def test_the_head_assigns_and_an_officer_withdraws_with_a_reason(client, cast, errand) -> None:
    client.force_login(cast.agency_head.user)
    client.post(address(errand, "officers"), {"officer": cast.clerk.user.pk, "duty": "review"})
    held = errand.assignments.get(user=cast.clerk.user, duty="review")
    assert client.post(address(errand, "officers", held.pk, "withdraw"), {"reason": ""}).status_code == 422
    client.post(address(errand, "officers", held.pk, "withdraw"), {"reason": "与当事人有亲属关系"})
    held.refresh_from_db()
    assert held.ended_because == "与当事人有亲属关系"
    client.force_login(cast.clerk.user)
    assert client.get(address(errand, "officers")).status_code == 404


def test_a_block_is_shown_where_it_belongs(errand, cast) -> None:
    here = Block("mine", "块", "x.html", lambda dossier, actor: {"n": 1}, kinds={"errand"})
    elsewhere = Block("other", "块", "x.html", lambda dossier, actor: {}, kinds={"case"})
    empty = Block("empty", "块", "x.html", lambda dossier, actor: None)
    names = [shown.block.name for shown in of_record(errand, cast.clerk, [here, elsewhere, empty])]
    assert "mine" in names
    assert not {"other", "empty"} & set(names)
    assert "mine" not in [shown.block.name for shown in of_record(errand, cast.hospital, [here])]


def test_days_of_another_year_carry_the_year(errand) -> None:
    from supervision.web.format import short_day

    assert short_day(clock.today()) == f"{clock.today():%m-%d}"
    assert short_day(clock.today() - timedelta(days=400)).startswith("20")

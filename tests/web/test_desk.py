"""The desk, news, search and a party's file: each reader sees what is theirs, and only that."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from supervision.parties.models import SettlementHold
from supervision.procedure import clock, selectors
from supervision.procedure.services import advance, open_dossier
from supervision.web import news
from supervision.web.queue import awaiting, in_my_charge
from supervision.web.search import search
from tests import case_stage
from tests.toy.models import Errand

# A block of the desk that was empty: its rows are read once their keys are known, and then their deadlines.
FIRST_ROWS = 2


def test_the_desk_shows_deadlines_and_matters_of_the_officer(client, cast, errand) -> None:
    client.force_login(cast.clerk.user)
    page = client.get("/")
    assert [term.dossier_id for term in page.context["terms"]] == [errand.pk]
    assert [dossier.pk for dossier in page.context["mine"]] == [errand.pk]
    client.force_login(cast.officer.user)
    assert client.get("/").context["terms"] == []


def test_the_desk_asks_the_same_however_much_waits(client, cast, land, provider, errand) -> None:
    asked = {}
    for name in ("officer", "clerk", "agency_head", "city_head", "hospital"):
        client.force_login(getattr(cast, name).user)
        client.get("/")
        cache.clear()
        with CaptureQueriesContext(connection) as few:
            client.get("/")
        asked[name] = len(few)
    for number in range(20):
        more = open_dossier(Errand, cast.clerk, authority=land.county_agency, title=f"试{number}", subject=provider,
                            officers=[cast.clerk.user], estimate=1)  # fmt: skip
        advance(more, "tell", cast.clerk, told_on=clock.today())
        if number % 2:
            advance(more, "weigh", cast.clerk)
    for name, few in asked.items():
        client.force_login(getattr(cast, name).user)
        client.get("/")
        cache.clear()
        with CaptureQueriesContext(connection) as many:
            client.get("/")
        assert len(many) <= few + FIRST_ROWS, (name, few, [query["sql"][:90] for query in many])


def test_counting_stops_where_nobody_is_told_more(cast, land, provider, errand, monkeypatch) -> None:
    monkeypatch.setattr(selectors, "MANY", 1)
    assert selectors.tally(in_my_charge(cast.clerk)) == 1
    for number in range(3):
        open_dossier(Errand, cast.clerk, authority=land.county_agency, title=f"试{number}", subject=provider,
                     officers=[cast.clerk.user], estimate=1)  # fmt: skip
    assert selectors.tally(in_my_charge(cast.clerk)) == 2


def test_a_matter_awaits_whoever_takes_its_next_step(cast, errand) -> None:
    assert not awaiting(cast.agency_head).exists()
    advance(errand, "tell", cast.clerk, told_on=clock.today())
    advance(errand, "weigh", cast.clerk)
    assert [dossier.pk for dossier in awaiting(cast.agency_head)] == [errand.pk]
    for actor in (cast.city_agency_head, cast.head, cast.clerk, cast.hospital, cast.admin):
        assert not awaiting(actor).exists()
    assert in_my_charge(cast.auditor).count() == 1


def test_every_role_has_a_desk(client, cast, errand) -> None:
    for name, actor in vars(cast).items():
        if actor.user is not None:
            client.force_login(actor.user)
            for path in ("/", "/news/", "/dossiers/", "/dossiers/mine/", "/dossiers/awaiting/", "/deadlines/"):
                assert client.get(path).status_code == 200, (name, path)


def test_each_number_of_the_desk_says_whose_it_is_and_leads_to_exactly_those(client, cast, land, provider) -> None:
    with clock.stopped_at(timezone.now() - timedelta(days=400)):
        case_stage.filed(cast, provider)
        errand = open_dossier(Errand, cast.clerk, authority=land.county_agency, title="旧事", subject=provider,
                              officers=[cast.clerk.user, cast.auditor.user], estimate=1)  # fmt: skip
        advance(errand, "tell", cast.clerk, told_on=clock.today())
    for actor, whose in ((cast.head, "本局"), (cast.officer, "我经办"), (cast.clerk, "我经办")):
        client.force_login(actor.user)
        (tile,) = [tile for tile in client.get("/").context["tiles"] if whose in str(tile.note)]
        for url, number in ((tile.url, tile.value), (tile.note_url, "".join(filter(str.isdigit, str(tile.note))))):
            listed = client.get(url)
            assert not listed.context["nonsense"]
            assert len(listed.context["lines"]) == int(number), (whose, url)
        assert int(number) > 0


def test_news_are_what_others_did_since_the_last_look(client, cast, errand) -> None:
    advance(errand, "tell", cast.clerk, told_on=clock.today())
    assert news.unread(cast.clerk) == 0
    assert news.unread(cast.auditor) == 2
    news.notify([cast.auditor.user], "导入完成", "/help/")
    client.force_login(cast.auditor.user)
    page = client.get("/news/").content.decode()
    assert "导入完成" in page
    assert news.unread(cast.auditor) == 0


@pytest.mark.law("HY-5")
def test_search_finds_within_the_jurisdiction(cast, errand, provider) -> None:
    for text in (errand.number, "试办", "康复", provider.code[:6], "试clerk"):
        assert search(cast.officer, text), text
        assert not search(cast.twin_officer, text), text
        assert not search(cast.admin, text), text
    assert search(cast.officer, "一") == []


def test_search_while_typing_gives_the_list_alone(client, cast, errand) -> None:
    client.force_login(cast.clerk.user)
    answer = client.get("/search/", {"q": "试办"}, headers={"HX-Request": "true", "HX-Target": "search-hits"})
    assert answer.content.decode().strip().startswith("<h2>")


def test_a_partys_file_tells_everything_on_one_line(client, cast, errand, provider) -> None:
    days = DateRange(date(2026, 1, 5), date(2026, 2, 5))
    SettlementHold.objects.create(party=provider, reason="investigation", days=days, matter=errand.number)
    client.force_login(cast.officer.user)
    page = client.get(f"/parties/{provider.pk}/")
    assert [entry.day for entry in page.context["entries"]][-2:] == [date(2026, 2, 5), date(2026, 1, 5)]
    assert errand.number in page.content.decode()
    client.force_login(cast.twin_officer.user)
    assert client.get(f"/parties/{provider.pk}/").status_code == 404


def test_lists_of_matters_filter(client, cast, errand) -> None:
    client.force_login(cast.clerk.user)
    for query, found in (
        ({"q": "试办"}, 1),
        ({"q": "没有"}, 0),
        ({"kind": "errand", "open": "yes", "mine": "yes"}, 1),
        ({"open": "no"}, 0),
        ({"officer": cast.auditor.user.pk}, 1),
        ({"officer": cast.officer.user.pk}, 0),
        ({"since": "2999-01-01"}, 0),
        ({"since": "x", "officer": "x", "kind": "x", "region": "x"}, 0),
    ):
        assert len(client.get("/dossiers/", query).context["lines"]) == found, query

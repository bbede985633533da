"""The list: pages that never skip or repeat a row, filters, exports that are safe and recorded."""

import io
from datetime import date

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from supervision.parties.models import Provider, Region
from supervision.records.models import ExportLog
from supervision.web.exports import safe
from supervision.web.keyset import Order, in_order, page

from .conftest import provider

PROVIDERS = "/parties/providers/"


class WalkingPages(TestCase):
    """Whatever the values, empty ones too, walking forwards and back visits each row once, in order."""

    @given(
        days=st.lists(st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2020, 1, 4))), max_size=23),
        sort=st.sampled_from(["designated_since", "-designated_since", "pk", "-pk", "region__code", "-beds"]),
        length=st.integers(1, 7),
    )
    @settings(max_examples=40, deadline=None)
    def test_each_row_once(self, days: list[date | None], sort: str, length: int) -> None:
        region = Region.objects.create(code="1", name="一", path="1/")
        for number, day in enumerate(days):
            provider(region, number, designated_since=day)
        order, rows = Order.parse(sort), Provider.objects.all()
        expected = [row.pk for row in in_order(rows, order)]

        seen, cursor, backwards = [], "", [""]
        while True:
            shown = page(rows, order, cursor, length)
            seen += [row.pk for row in shown.rows]
            backwards = [shown.previous, *backwards]
            if not shown.next:
                break
            cursor = shown.next
        assert seen == expected

        back = [row.pk for row in shown.rows]
        while shown.previous:
            shown = page(rows, order, shown.previous, length)
            back = [row.pk for row in shown.rows] + back
        assert back == expected


@pytest.mark.parametrize("cursor", ["", "x", "e30", "WyJhZnRlciIsIngiLCJ5Il0", "WyJhZnRlciIsbnVsbCxudWxsXQ", "%00"])
def test_a_broken_cursor_shows_the_first_page(desk: Client, city: Region, cursor: str) -> None:
    provider(city, 1)
    answer = desk.get(PROVIDERS, {"at": cursor, "sort": "beds"})
    assert answer.status_code == 200
    assert "示例医院001" in answer.content.decode()


def test_only_the_jurisdiction_is_listed(client: Client, county_officer, county: Region, other_county: Region) -> None:
    provider(county, 1)
    provider(other_county, 2)
    client.force_login(county_officer)
    text = client.get(PROVIDERS).content.decode()
    assert "示例医院001" in text
    assert "示例医院002" not in text


def test_filters_and_their_removal(desk: Client, city: Region) -> None:
    provider(city, 1, risk="high")
    provider(city, 2)
    answer = desk.get(PROVIDERS, {"risk": "high", "sort": "code"})
    text = answer.content.decode()
    assert "示例医院001" in text
    assert "示例医院002" not in text
    assert answer.context["chips"][0][1] == "?sort=code"


def test_a_senseless_filter_is_told_with_what_there_is_and_lists_nothing(desk: Client, city: Region) -> None:
    provider(city, 1, risk="high")
    for headers in ({}, {"HX-Request": "true", "HX-Target": "list"}):
        answer = desk.get(PROVIDERS, {"risk": "enormous", "region": "abc"}, headers=headers)
        text = answer.content.decode()
        assert answer.status_code == 200
        assert "示例医院001" not in text
        assert "“enormous”" in text
        with override("zh-hans"):
            assert all(str(label) in text for label in Provider.Risk.labels)
    assert len(answer.context["nonsense"]) == 2
    exported = desk.post(f"{PROVIDERS}?risk=enormous", {"export": "csv"}, follow=True)
    assert "“enormous”" in exported.content.decode()


def test_queries_do_not_grow_with_rows(desk: Client, city: Region, django_assert_num_queries) -> None:
    for number in range(3):
        provider(city, number)
    desk.get(PROVIDERS)
    counts = []
    for upto in (3, 40):
        for number in range(Provider.objects.count(), upto):
            provider(city, number)
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(
            connection,
        ) as caught:
            desk.get(PROVIDERS)
        counts.append(len(caught))
    assert counts[1] - counts[0] <= 1  # the capped count, needed once there is a second page


def test_htmx_gets_the_fragment_the_page_holds(desk: Client, city: Region) -> None:
    provider(city, 1)
    whole = desk.get(PROVIDERS).content.decode()
    part = desk.get(PROVIDERS, headers={"HX-Request": "true", "HX-Target": "list"}).content.decode()
    assert "<html" in whole
    assert part.startswith("<section")
    assert "示例医院001" in part


def test_chosen_columns_are_remembered(desk: Client, city: Region) -> None:
    provider(city, 1, address="东街 1 号")
    assert "东街 1 号" not in desk.get(PROVIDERS).content.decode()
    desk.post(PROVIDERS, {"columns": ["", "address"]})
    text = desk.get(PROVIDERS).content.decode()
    assert "东街 1 号" in text
    assert "H99000000001" not in text


@pytest.mark.law("HY-38")
def test_exports_are_recorded_and_marked(desk: Client, city: Region, officer) -> None:
    provider(city, 1, name="=HYPERLINK(1)")
    provider(city, 2)
    answer = desk.post(f"{PROVIDERS}?sort=code", {"export": "csv"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    log = ExportLog.objects.get()
    assert (log.user, log.rows, log.format, log.query) == (officer, 2, "csv", "sort=code")
    assert officer.username in lines[1]
    assert lines[1] == lines[-1]
    assert lines[3].startswith("'=HYPERLINK")

    answer = desk.post(PROVIDERS, {"export": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert officer.username in sheet["A2"].value
    assert sheet["A4"].value == "'=HYPERLINK(1)" or sheet["A5"].value == "'=HYPERLINK(1)"
    assert ExportLog.objects.count() == 2


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "  =1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert safe(text) == f"'{text}"


def test_plain_text_stays_as_it_is() -> None:
    assert safe("示例=医院") == "示例=医院"


def test_the_list_has_an_address() -> None:
    assert reverse("web:providers") == PROVIDERS

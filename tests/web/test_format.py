"""Money, masks and pictures as people read them."""

from datetime import UTC, datetime
from decimal import Decimal

import altair as alt
import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import translation

from supervision.parties.masks import mask_id
from supervision.web import charts
from supervision.web import format as shape


@pytest.mark.parametrize(
    ("amount", "text"), [(None, ""), (0, "0.00"), ("12345.6", "12,345.60"), (Decimal("0.005"), "0.01"), (-5, "-5.00")]
)
def test_yuan_has_two_decimals(amount, text: str) -> None:
    assert shape.yuan(amount) == text


@pytest.mark.parametrize(("number", "text"), [(0, "0"), (999, "999"), (1000, "999+"), (2000, "999+")])
def test_numbers_nobody_counts_to_the_end(number: int, text: str) -> None:
    assert shape.counted(number) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [(9999, "9,999.00"), (12_864_000, "1,286.4 万"), (321_000_000, "3.21 亿"), (-20_000, "-2.0 万")],
)
def test_big_sums_read_in_wan_and_yi(amount, text: str) -> None:
    with translation.override("zh-hans"):
        assert shape.yuan_short(amount) == text


def test_the_exact_figure_is_on_hover() -> None:
    with translation.override("zh-hans"):
        html = Template("{% load web %}{{ a|yuan_short }}").render(Context({"a": Decimal("12864000.5")}))
    assert html == '<abbr title="¥12,864,000.50">1,286.4 万</abbr>'


def test_times_are_the_citys() -> None:
    assert shape.moment(datetime(2026, 11, 21, 16, 5, tzinfo=UTC)) == "2026-11-22 00:05"
    assert shape.day(datetime(2026, 11, 21, 16, 5, tzinfo=UTC)) == "2026-11-22"


@pytest.mark.law("HY-38")
@pytest.mark.parametrize(
    ("text", "masked"), [("441600199001011234", "441*************34"), ("1234", "***4"), ("", ""), (None, "")]
)
def test_identifiers_are_masked(text, masked: str) -> None:
    assert mask_id(text) == masked


def test_an_article_reads_in_words_with_its_text_on_hover() -> None:
    with translation.override("zh-hans"):
        html = Template('{% load web %}{% law "HY-22" %}').render(Context())
    assert "第二十二条" in html
    assert "HY-22" not in html.replace("/HY-22", "")
    assert 'title="' in html


def test_two_rules_of_one_article_are_cited_once() -> None:
    with translation.override("zh-hans"):
        html = Template("{% load web %}{% laws rules %}").render(Context({"rules": ["HY-39", "CR-1", "CR-2", "CR-4"]}))
    assert [part.partition(">")[2] for part in html.split("</a>")[:-1]] == [
        "《河源办法》第三十九条", "《移送规定》第五条", "《移送规定》第八条",
    ]  # fmt: skip


def test_a_chart_is_a_picture_with_figures(desk: Client, officer) -> None:
    request = RequestFactory().get("/")
    request.user = officer
    picture = charts.chart(
        request,
        title="各县案件",
        columns=["县", "件"],
        rows=[("东区", 3), ("西县", Decimal("5.5"))],
        draw=lambda data: alt.Chart(data).mark_bar().encode(x="c0:N", y="c1:Q"),
    )
    assert picture.svg.startswith('<svg role="img" aria-label="各县案件"')
    assert "style=" not in picture.svg
    assert picture.rows == [["东区", "3"], ["西县", "5.50"]]
    html = Template("{% load web %}{% chart c %}").render(Context({"c": picture}))
    assert "西县" in html
    assert desk.get(f"/charts/{picture.digest}.csv").content.decode("utf-8-sig").splitlines()[1] == "东区,3"
    assert desk.get(f"/charts/{picture.digest}.svg").headers["Content-Type"] == "image/svg+xml"


def test_a_chart_is_only_for_its_reader(client: Client, county_officer) -> None:
    client.force_login(county_officer)
    assert client.get(f"/charts/{'0' * 64}.svg").status_code == 404

"""Every list page there is: both files, every order both ways, and no address that breaks it."""

import io
from collections.abc import Iterator

import openpyxl
import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse

from supervision.records.models import ExportLog
from supervision.web.lists import ListView
from tests.api.conftest import errand  # noqa: F401

pytestmark = pytest.mark.django_db
ABSURD = ["-1", "9" * 30, "1e999", "9999-99-99", "\x00", "x" * 10_000]
LONGEST = 700  # characters of one message: the value asked, cut, and the values there are
WHO = ("city_officer", "city_head", "city_clerk", "finance", "admin", "security_admin", "audit_admin", "clerk")


def _lists(patterns, spaces=()) -> Iterator[str]:
    for each in patterns:
        if isinstance(each, URLPattern):
            view = getattr(each.callback, "view_class", None)
            if view is not None and issubclass(view, ListView) and each.name:
                yield ":".join([*spaces, each.name])
        else:
            yield from _lists(each.url_patterns, [*spaces, each.namespace] if each.namespace else spaces)


def _addresses() -> list[str]:
    found = []
    for name in _lists(get_resolver().url_patterns):
        try:
            found.append(reverse(name))
        except NoReverseMatch:  # a list about one thing, tested with that thing
            continue
    return sorted(set(found))


LISTS = _addresses()


@pytest.fixture
def reader(cast):
    """`reader(path)`: the browser of the first of the cast who may open that list."""

    def of(path):
        for name in WHO:
            client = Client()
            client.force_login(getattr(cast, name).user)
            if client.get(path).status_code == 200:
                return client
        raise AssertionError(f"nobody opens {path}")

    return of


def test_the_lists_are_found() -> None:
    assert len(LISTS) > 20


@pytest.mark.parametrize("path", LISTS)
def test_a_list_sorts_exports_and_survives(reader, path, errand) -> None:  # noqa: F811
    cache.clear()
    client = reader(path)
    shown = client.get(path)
    view = shown.context["list"]
    for kind, begins in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
        before = ExportLog.objects.count()
        answer = client.post(path, {"export": kind})
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content).startswith(begins)
        assert ExportLog.objects.count() == before + 1
    for column in view.get_columns():
        if column.sort:
            for sort in (column.sort, f"-{column.sort}"):
                assert client.get(path, {"sort": sort}).status_code == 200, sort
    for odd in ("password", "\x00", "-"):
        assert client.get(path, {"sort": odd, "at": odd}).status_code == 200
    for name in view.filterset.form.fields if view.filterset else ():
        for value in ABSURD:
            asked = {f"{name}{part}": value for part in ("", "_min", "_max", "_after", "_before")}
            answer = client.get(path, asked, headers={"HX-Request": "true", "HX-Target": "list"})
            assert answer.status_code == 200, (asked, answer.status_code)
            for label, why in answer.context["nonsense"]:
                assert label
                assert 0 < len(why) < LONGEST, (name, why[:200])
                assert 'role="alert"' in answer.content.decode()


PUBLIC = [
    "penalties/",
    "penalties.json",
    "penalties.csv",
    "penalties.xlsx",
    "terminations/",
    "terminations.json",
    "draws/",
]


@pytest.mark.parametrize("path", PUBLIC)
def test_the_public_lists_survive(client, db, path) -> None:
    for value in ABSURD:
        for name in ("page", "q", "authority", "since", "until"):
            assert client.get(f"/public/{path}", {name: value}).status_code in (200, 422), (name, value[:10])


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_speaks_the_language_of_its_reader(reader, kind) -> None:
    """Its rows are written after the page's code has run: their language is still the reader's."""
    heads = {"en": "Institution code", "zh-hans": "机构编码"}
    for language, head in heads.items():
        client = Client()
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        answer = client.get(f"/public/penalties.{kind}")
        assert head in _text(b"".join(answer.streaming_content), kind)
    client = reader("/leads/")
    for language, head in {"en": "Number", "zh-hans": "编号"}.items():
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        answer = client.post("/leads/", {"export": kind})
        assert head in _text(b"".join(answer.streaming_content), kind)


def _text(data: bytes, kind: str) -> str:
    if kind == "csv":
        return data.decode("utf-8-sig")
    rows = openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True)
    return "\n".join(str(cell) for row in rows for cell in row)

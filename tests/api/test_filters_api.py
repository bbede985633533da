"""A filter of the API with a value there is not is refused with the values there are, never answered with no rows."""

import pytest
from django.forms import NullBooleanField
from django_filters import FilterSet


@pytest.mark.parametrize(
    ("path", "name", "known"),
    [
        ("alerts", "state", "dismissed"),
        ("alerts", "severity", "high"),
        ("dossiers", "state", "weighed"),
        ("dossiers", "kind", "errand"),
        ("papers", "type", "penalty_notice"),
        ("evidence", "state", "verified"),
        ("receivables", "kind", "fine"),
    ],
)
def test_an_unknown_value_is_refused_with_those_there_are(calls, cast, path, name, known) -> None:
    answer = calls(cast.officer).get(f"/api/v1/{path}/", {name: "enormous"})
    assert answer.status_code == 422, answer.content
    (told,) = answer.json()["errors"][name]
    assert "enormous" in told
    assert calls(cast.officer).get(f"/api/v1/{path}/", {name: known}).status_code == 200
    assert known in told or "…" in told


@pytest.mark.parametrize("asked", ["maybe", "2", "none", "yes please"])
def test_yes_or_no_is_asked_in_words_that_are_known(calls, cast, errand, asked) -> None:
    answer = calls(cast.clerk).get("/api/v1/dossiers/", {"open": asked})
    assert answer.status_code == 422, answer.content
    (told,) = answer.json()["errors"]["open"]
    assert asked in told
    assert "true" in told


@pytest.mark.parametrize(
    ("path", "name", "who"),
    [("providers", "active", "officer"), ("practitioners", "active", "officer"), ("staff", "is_active", "admin")],
)
def test_so_it_is_in_the_registers(calls, cast, path, name, who) -> None:
    client = calls(getattr(cast, who))
    assert client.get(f"/api/v1/{path}/", {name: "maybe"}).status_code == 422
    assert client.get(f"/api/v1/{path}/", {name: "true"}).status_code == 200


@pytest.mark.parametrize(("asked", "found"), [("true", 1), ("True", 1), ("1", 1), ("", 1), ("false", 0), ("0", 0)])
def test_yes_and_no_filter(calls, cast, errand, asked, found) -> None:
    assert len(calls(cast.clerk).get("/api/v1/dossiers/", {"open": asked}).json()["results"]) == found


def test_no_filter_of_yes_or_no_takes_nonsense_for_silence() -> None:
    """Every list of the API and of the pages: Django's own field of yes and no knows no wrong value."""
    known, seen = [FilterSet], []
    while known:
        seen.append(known.pop())
        known += seen[-1].__subclasses__()
    lenient = {
        f"{one.__module__}.{one.__name__}.{name}"
        for one in seen
        for name, filter in one.base_filters.items()
        if issubclass(filter.field_class, NullBooleanField)
    }
    assert lenient == set()


def test_a_known_value_filters(calls, cast, errand) -> None:
    client = calls(cast.clerk)
    assert [row["id"] for row in client.get("/api/v1/dossiers/", {"state": "open"}).json()["results"]] == [errand.pk]
    assert client.get("/api/v1/dossiers/", {"state": "told"}).json()["results"] == []

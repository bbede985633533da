"""A filter of the API with a value there is not is refused with the values there are, never answered with no rows."""

import pytest


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


def test_a_known_value_filters(calls, cast, errand) -> None:
    client = calls(cast.clerk)
    assert [row["id"] for row in client.get("/api/v1/dossiers/", {"state": "open"}).json()["results"]] == [errand.pk]
    assert client.get("/api/v1/dossiers/", {"state": "told"}).json()["results"] == []

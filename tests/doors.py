"""The same attempt through the three doors — a service call, the page, the API — with the same answer from each.

    doors.refuse(case, "decide", cast.agency_head, DECISION, by="legal_review_passed")   # a rule, a role, the state
    doors.mistake(case, "choose_measures", cast.clerk, {"measures": []}, field="measures")  # its form says no
    doors.hide(case, "decide", cast.twin_clerk)                                   # there is no such matter for them

`attempts` makes a table of such refusals into one test per stage. Facts are plain values as JSON has them. After every
attempt the dossier, its history and its terms are as before.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from supervision.parties.actors import Actor
from supervision.procedure.models import Dossier, Term
from supervision.procedure.refusals import StepInvalid, StepRefused
from supervision.procedure.services import advance


def names(reasons: Iterable[Any]) -> set[str]:
    """What stands in the way: names of rules, and causes."""
    return {reason.name for reason in reasons} | {str(reason.cause) for reason in reasons}


def as_form(facts: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Facts as a page's fields carry them: what is nested by kind and fund has a field per cell."""
    fields: dict[str, Any] = {}
    for name, value in facts.items():
        if isinstance(value, Mapping):
            fields |= as_form(value, f"{prefix}{name}-")
        elif value is True:
            fields[f"{prefix}{name}"] = "on"
        elif value not in (None, False):
            fields[f"{prefix}{name}"] = value
    return fields


Facts = Mapping[str, Any] | Callable[[], Mapping[str, Any]]


def attempts(*lines: tuple[Callable[..., Any], str, str, Facts, str]) -> pytest.MarkDecorator:
    """From this stage, this step, by this one of the cast, with these facts, fails for this reason.

    A test per stage, which is made once: its lines are tried there one after the other, for none may change a thing.
    """
    stages: dict[Callable[..., Any], list[Attempt]] = {}
    for stage, *line in lines:
        stages.setdefault(stage, []).append(Attempt(*line))
    return pytest.mark.parametrize(
        "attempt",
        [Attempts(stage, tuple(tried)) for stage, tried in stages.items()],
        ids=[stage.__name__ for stage in stages],
    )


@dataclass(frozen=True)
class Attempt:
    """One line: `why` is a rule, a cause, or a field its form finds wrong."""

    step: str
    who: str
    given: Facts
    why: str

    @property
    def facts(self) -> Mapping[str, Any]:
        return self.given() if callable(self.given) else self.given


@dataclass(frozen=True)
class Attempts:
    """The lines of one stage; `stage` gives the dossier, on which each of them fails at every door."""

    stage: Callable[..., Any]
    lines: tuple[Attempt, ...]

    def refused(self, doors: "Doors", matter: Dossier, cast: Any) -> None:
        for line in self.lines:
            with _named(line):
                doors.refuse(matter, line.step, getattr(cast, line.who), line.facts, by=line.why)

    def mistaken(self, doors: "Doors", matter: Dossier, cast: Any) -> None:
        for line in self.lines:
            with _named(line):
                doors.mistake(matter, line.step, getattr(cast, line.who), line.facts, field=line.why)


@contextmanager
def _named(line: Attempt) -> Iterator[None]:
    """A failure says which line it is about."""
    try:
        yield
    except BaseException as failure:
        failure.add_note(f"{line.step} by {line.who} for {line.why}")
        raise


class Doors:
    """Tries a step through every door; each method fails unless all doors answer alike and nothing changed."""

    def __init__(self) -> None:
        self.client = Client()

    def refuse(
        self, dossier: Dossier, step: str, actor: Actor, facts: Mapping[str, Any] | None = None, *, by: str
    ) -> None:
        """Refused with a sentence and its article: `by` names the rule or cause expected among the reasons."""
        facts = facts or {}
        before = self._as_it_is(dossier)

        with pytest.raises(StepRefused) as refusal:
            advance(dossier, step, actor, data=dict(facts))
        reasons = refusal.value.reasons
        assert by in names(reasons)
        assert all(reason.law for reason in reasons)

        page = self._page(dossier, step, actor, facts)
        assert page.status_code == 409
        assert names(page.context["reasons"]) == names(reasons)
        shown = page.content.decode().replace("&#x27;", "'")
        assert all(str(reason.sentence) in shown for reason in reasons)
        assert "《" in shown

        api = self._api(dossier, step, actor, facts)
        assert (api.status_code, api["Content-Type"]) == (409, "application/problem+json")
        told = api.json()["reasons"]
        assert {one["rule"] for one in told} | {one["cause"] for one in told} == names(reasons)
        assert all(one["law"] for one in told)

        assert self._as_it_is(dossier) == before

    def mistake(self, dossier: Dossier, step: str, actor: Actor, facts: Mapping[str, Any], *, field: str) -> None:
        """Not accepted as filled in: `field` is among those found wrong."""
        before = self._as_it_is(dossier)

        with pytest.raises(StepInvalid) as invalid:
            advance(dossier, step, actor, data=dict(facts))
        wrong = set(invalid.value.form.errors)
        assert field in wrong

        page = self._page(dossier, step, actor, facts)
        assert page.status_code == 422
        assert set(page.context["form"].errors) == wrong

        api = self._api(dossier, step, actor, facts)
        assert api.status_code == 422
        assert set(api.json()["errors"]) == wrong

        assert self._as_it_is(dossier) == before

    def hide(self, dossier: Dossier, step: str, actor: Actor, facts: Mapping[str, Any] | None = None) -> None:
        """For this actor the matter does not exist: 404 on page and API, and the service refuses."""
        facts = facts or {}
        before = self._as_it_is(dossier)
        with pytest.raises(StepRefused):
            advance(dossier, step, actor, data=dict(facts))
        assert self._page(dossier, step, actor, facts).status_code == 404
        assert self._api(dossier, step, actor, facts).status_code == 404
        assert self._as_it_is(dossier) == before

    def keep_out(self, dossier: Dossier, step: str, actor: Actor) -> None:
        """A step of the system alone: the page knows no such form, service and API refuse the role."""
        before = self._as_it_is(dossier)
        with pytest.raises(StepRefused) as refusal:
            advance(dossier, step, actor)
        assert "role" in names(refusal.value.reasons)
        assert self._page(dossier, step, actor, {}).status_code == 404
        api = self._api(dossier, step, actor, {})
        assert api.status_code == 409
        assert "role" in {one["cause"] for one in api.json()["reasons"]}
        assert self._as_it_is(dossier) == before

    def _page(self, dossier: Dossier, step: str, actor: Actor, facts: Mapping[str, Any]) -> Any:
        self._enter(actor)
        return self.client.post(reverse("web:step", args=[dossier.pk, step]), as_form(facts))

    def _api(self, dossier: Dossier, step: str, actor: Actor, facts: Mapping[str, Any]) -> Any:
        self._enter(actor)
        address = f"/api/v1/dossiers/{dossier.pk}/steps/{step}/"
        return self.client.post(address, json.dumps(facts, default=str), content_type="application/json")

    def _enter(self, actor: Actor) -> None:
        assert actor.user is not None
        cache.clear()  # so that no limit of calls answers in the law's place
        self.client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")

    @staticmethod
    def _as_it_is(dossier: Dossier) -> Any:
        row = Dossier.objects.values("state", "events_count", "head", "closed_at").get(pk=dossier.pk)
        return row, list(Term.objects.filter(dossier=dossier.pk).order_by("pk").values())


@pytest.fixture
def doors() -> Doors:
    return Doors()

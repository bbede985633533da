"""Coverage is computed: declarations and markers in, a rule nobody upholds stands out."""

import json
from io import StringIO
from pydoc import locate

import pytest
from django.core.management import CommandError, call_command

from supervision.law import coverage as module
from supervision.law.catalogue import rules
from supervision.law.coverage import Declared, collect, coverage, declarations_name_known_rules, enforces, enforcing


def test_what_is_declared_by_name_exists():
    for declared in module._declared.values():
        if declared.kind != module.Kind.CONSTRAINT:
            assert locate(declared.name), declared.name


@pytest.fixture
def _own_registry(monkeypatch):
    monkeypatch.setattr(module, "_declared", {})
    monkeypatch.setattr(module, "_collectors", [])


@pytest.mark.usefixtures("_own_registry")
def test_a_rule_knows_who_upholds_it():
    enforces("HY-21", "agreements.procedure.BreachProcedure.decide", kind="step")
    collect(lambda: [Declared("HY-21", "agreements.procedure.collective", "rule")])

    @enforcing("HY-21", "HY-22", kind="service")
    def notify(): ...

    found = coverage()
    assert {enforcer.kind for enforcer in found["HY-21"].enforcers} == {"step", "rule", "service"}
    assert found["HY-22"].enforcers[0].name.endswith("notify")
    assert not found["HY-50"].covered


@pytest.mark.law("HY-1")
@pytest.mark.usefixtures("_own_registry")
def test_an_unknown_rule_in_a_declaration_fails_the_system_check():
    assert not declarations_name_known_rules(None)
    enforces("HY-99", "somewhere.someone", kind="step")
    assert [error.id for error in declarations_name_known_rules(None)] == ["law.E001"]


@pytest.mark.law("PL-85")
def test_this_very_test_is_found_by_its_marker():
    assert "tests/law_app/test_coverage.py::test_this_very_test_is_found_by_its_marker" in coverage()["PL-85"].tests


class TestInsideAClass:
    pytestmark = pytest.mark.law("PL-72")

    @pytest.mark.law("PL-73")
    def test_marks_add_up(self):
        node = "tests/law_app/test_coverage.py::TestInsideAClass::test_marks_add_up"
        assert node in coverage()["PL-72"].tests
        assert node in coverage()["PL-73"].tests


@pytest.mark.usefixtures("_own_registry")
def test_the_command_prints_every_rule_as_json():
    enforces("HY-21", "agreements.procedure.BreachProcedure.decide", kind="step")
    out = StringIO()
    call_command("law", "coverage", "--json", stdout=out)
    found = json.loads(out.getvalue())
    assert found.keys() == {rule.id for rule in rules()}
    assert found["HY-21"]["enforced_by"] == ["agreements.procedure.BreachProcedure.decide"]
    assert found["HY-21"]["confidence"] == "P"


@pytest.mark.django_db
def test_the_command_shows_one_rule_with_its_numbers():
    out = StringIO()
    call_command("law", "show", "HY-22", stdout=out)
    assert "HY-22/statement = 5" in out.getvalue()
    with pytest.raises(CommandError, match="HY-99"):
        call_command("law", "show", "HY-99")

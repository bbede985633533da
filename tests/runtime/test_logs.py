"""What a line of the log tells: where a fault lies, and nobody's name or number."""

import logging

import pytest

from supervision.logs import logging_settings

NUMBER = "441600199001011234"


def line(level, *, as_json):
    """The line written for a fault beside somebody's number."""
    made = logging_settings(as_json=as_json, level="INFO")["formatters"]["events"]
    formatter = made.pop("()")(**made)
    number = NUMBER
    try:
        raise ValueError(f"{len(number)} digits")
    except ValueError as fault:
        record = logging.LogRecord("one", level, __file__, 1, "it failed", (), (ValueError, fault, fault.__traceback__))
    return formatter.format(record)


@pytest.mark.law("HY-38")
@pytest.mark.parametrize("as_json", [True, False])
def test_a_fault_is_traced_without_what_its_variables_held(as_json):
    told = line(logging.ERROR, as_json=as_json)
    assert "it failed" in told
    assert "18 digits" in told
    assert "test_logs" in told
    assert NUMBER not in told


@pytest.mark.parametrize("as_json", [True, False])
def test_a_refusal_is_one_line(as_json):
    told = line(logging.WARNING, as_json=as_json)
    assert "it failed" in told
    assert "18 digits" not in told
    assert "\n" not in told.strip()

"""A term is told with the days it counts in, and with the days off that moved its end."""

from datetime import date

import pytest
from django.utils.translation import override

from supervision.procedure.models import Term
from supervision.web.deadlines import describe
from tests.api.conftest import errand  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("unit", "skipped", "note"),
    [
        ("CD", ["2026-10-03", "2026-10-04"], "按自然日计算，末日遇休息日顺延 2 天"),
        ("CD", [], "按自然日计算"),
        ("WD", ["2026-10-03", "2026-10-04"], "按工作日计算"),
        ("H", [], ""),
    ],
)
def test_the_note_of_a_term(errand, unit, skipped, note) -> None:  # noqa: F811
    start, due = date(2026, 9, 3), date(2026, 10, 5)
    steps = [{"what": "start", "on": start.isoformat(), "n": 30, "unit": unit, "skipped": skipped, "due": "2026-10-05"}]
    term = Term(dossier=errand, kind="telling", law="HY-22", start=start, n=30, unit=unit, due=due, steps=steps)
    with override("zh-hans"):
        assert describe(term, date(2026, 9, 20)).note == note

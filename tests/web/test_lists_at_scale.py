"""A list reads the rows it shows from an index in the order it shows them, however many there are."""

import pytest
from django.db import connection

from supervision.procedure.models import Dossier
from supervision.procedure.registry import model_of
from supervision.procedure.selectors import visible_to
from supervision.web.keyset import Order, in_order


@pytest.mark.parametrize("counted", [False, True], ids=["uncounted", "counted"])
@pytest.mark.parametrize("kind", [None, "case", "breach", "agreement", "lead", "inspection"])
@pytest.mark.parametrize("who", ["head", "city_head"])
def test_the_first_page_needs_no_sorting_of_all_rows(cast, kind, who, counted):
    model = model_of(kind) if kind else Dossier
    rows = in_order(visible_to(getattr(cast, who), model._default_manager.all()), Order.parse("-opened_at"))[:31]
    with connection.cursor() as cursor:  # the planner of an empty table would rather sort: forbid it
        for way in ("enable_sort", "enable_seqscan", "enable_bitmapscan", "enable_hashjoin", "enable_mergejoin"):
            cursor.execute(f"SET LOCAL {way} = off")
        if counted:  # what the planner knows of a few rows lets it prefer one index in this order to the other
            cursor.execute("ANALYZE procedure_dossier")
    plan = rows.explain()
    assert "using dossier_by_kind" in plan or "using dossier_by_time" in plan, plan
    assert "Sort  (" not in plan, plan

"""HY-34, DR-2: whom the lot fell on, and who stepped in, is bound to the draw's chain."""

import pytest
from django.db import connection

from inspections.draws.models import DrawInspector, DrawTarget, Replacement
from supervision.procedure.services import advance
from supervision.records.rows import BY_MODEL
from supervision.records.verification import verify

pytestmark = pytest.mark.law("HY-34", "DR-2")


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (DrawTarget, {"standing": False}),
        (DrawTarget, {"stratum": "改"}),
        (DrawInspector, {"standing": False}),
        (Replacement, {"reason": "改"}),
    ],
    ids=["target", "stratum", "inspector", "replacement"],
)
def test_a_lot_changed_beside_the_events_is_found(world, published, model, change):
    head = world.cast.head
    gone = published.targets.filter(standing=True).first()
    advance(published, "replace_target", head, target=gone, reason="已注销")
    target = published.targets.filter(standing=True).first()
    advance(published, "replace_inspector", head, inspector=target.team[0], reason="亲属任职")
    assert verify(published).faults == []
    at = BY_MODEL[model].at
    rows = model.objects.filter(**{at: published.pk})
    row = rows.filter(standing=True).first() if "standing" in change else rows.first()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        model.objects.filter(pk=row.pk).update(**change)
        cursor.execute("SET session_replication_role = origin")
    (fault,) = verify(published).faults
    assert (fault.where.startswith(BY_MODEL[model].kind), fault.what) == (True, "row altered")

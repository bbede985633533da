"""`records verify` tells of no fault where others merely go on working while it reads."""

import threading

import pytest
from django.db import connection

from supervision.procedure import clock
from supervision.procedure.models import Event
from supervision.procedure.services import advance
from supervision.records.verification import verify

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_step_taken_while_the_records_are_read_is_no_fault(errand, cast):
    """Once the events were read, and before the matter itself is, somebody takes a step."""
    told = []

    def step():
        told.append(advance(errand, "tell", cast.clerk, told_on=clock.today()))
        connection.close()

    def meanwhile(execute, sql, params, many, context):
        answer = execute(sql, params, many, context)
        if not told and Event._meta.db_table in sql:
            somebody = threading.Thread(target=step)
            somebody.start()
            somebody.join()
        return answer

    before = Event.objects.filter(dossier=errand.pk).count()
    with connection.execute_wrapper(meanwhile):
        result = verify()
    assert told
    assert (result.faults, result.events) == ([], before)
    after = verify()
    assert (after.faults, after.events) == ([], before + 1)

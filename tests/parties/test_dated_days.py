"""At every day at most one entry is in force; one cancelled is as if it had never been, save for the history."""

from datetime import date, timedelta
from threading import Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supervision.parties.models import AuthorityEvent, Redress
from supervision.parties.services.redress import cancel_redress, end_redress, set_redress
from supervision.parties.services.staff import StaffRefused

TODAY = date(2026, 6, 1)
DAYS = [TODAY + timedelta(days=n) for n in range(-8, 25)]
acts = st.lists(
    st.one_of(
        st.tuples(st.just("enter"), st.integers(-5, 20)),
        st.tuples(st.just("end"), st.integers(0, 9), st.integers(-1, 20)),
        st.tuples(st.just("cancel"), st.integers(0, 9)),
    ),
    max_size=14,
)


def in_force(authority):
    """Day → the organs in force, of which there is one at most."""
    found = {
        day: [row.court for row in Redress.objects.filter(authority=authority, valid__contains=day)] for day in DAYS
    }
    assert all(len(courts) < 2 for courts in found.values())
    return found


class Register:
    """The entries of one authority, and the acts on them that were taken."""

    def __init__(self, actor, authority):
        self.actor, self.authority = actor, authority
        self.rows, self.taken = [], []

    def take(self, act):
        """Take an act, or have it refused."""
        try:
            with transaction.atomic():
                self._do(*act)
        except (ValidationError, StaffRefused, IndexError):
            return
        self.taken.append(act)

    def _do(self, what, which, day=0, name=None):
        if what == "enter":
            named = name or f"法院{len(self.rows)}"
            begins = TODAY + timedelta(days=which)
            row = set_redress(
                self.actor, self.authority, reconsideration="府", court=named, begins=begins, today=TODAY, reason="补录"
            )
            self.rows.append(row)
            return
        row = self.rows[which]
        row.refresh_from_db()
        if what == "end":
            end_redress(self.actor, row, last=TODAY + timedelta(days=day), reason="止", today=TODAY)
        else:
            cancel_redress(self.actor, row, reason="误", today=TODAY)


def without_cancelled(taken):
    """The acts as if what was cancelled later had never been entered; entries keep their names."""
    gone = {act[1] for act in taken if act[0] == "cancel"}
    entered = -1
    for act in taken:
        if act[0] == "enter":
            entered += 1
            if entered not in gone:
                yield ("enter", act[1], 0, f"法院{entered}"), entered
        elif act[0] == "end" and act[1] not in gone:
            yield act, None


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=acts)
def test_after_cancelling_the_state_is_as_if_the_entry_had_never_been(land, cast, acts):
    try:
        with transaction.atomic():
            tried = Register(cast.admin, land.twin_agency)
            for act in acts:
                tried.take(act)
                in_force(land.twin_agency)
            told = AuthorityEvent.objects.filter(authority=land.twin_agency).count()
            assert told == len(tried.taken)
            again = Register(cast.admin, land.county_agency)
            places = {}
            for act, entered in without_cancelled(tried.taken):
                if entered is not None:
                    places[entered] = len(again.rows)
                    again._do(*act)
                else:
                    again._do("end", places[act[1]], act[2])
            assert in_force(land.twin_agency) == in_force(land.county_agency)
            raise Undone
    except Undone:
        pass


class Undone(Exception):
    """What an example wrote is taken back."""


@pytest.mark.django_db(transaction=True)
def test_two_at_once_leave_one_in_force(land, cast):
    begins = TODAY + timedelta(days=3)
    said = {"reconsideration": "府", "begins": begins, "today": TODAY}
    made = set_redress(cast.admin, land.county_bureau, court="误", **said)
    refused = []

    def at_once(act):
        try:
            act()
        except (ValidationError, StaffRefused) as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    racing = [
        Thread(target=at_once, args=[lambda: cancel_redress(cast.admin, made, reason="误", today=TODAY)])
        for _time in range(3)
    ]
    racing += [
        Thread(target=at_once, args=[lambda n=n: set_redress(cast.admin, land.county_bureau, court=f"院{n}", **said)])
        for n in range(3)
    ]
    for thread in racing:
        thread.start()
    for thread in racing:
        thread.join()
    force = in_force(land.county_bureau)
    assert all(len(courts) == 1 for courts in force.values()), "no day without one, none with two"
    assert sum(isinstance(one, StaffRefused) for one in refused) == 2, "cancelled once"
    assert force[begins] != ["误"]

"""`advance` is the only door, and it tells everything it wants at once."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django import forms
from django.db import DatabaseError, connection, transaction

from supervision.procedure import clock
from supervision.procedure.declare import OutsideTheDoor
from supervision.procedure.forms import StepForm
from supervision.procedure.models import Dossier, Event, Term
from supervision.procedure.refusals import Cause, NoSuchStep, StepInvalid, StepRefused
from supervision.procedure.registry import concrete
from supervision.procedure.selectors import steps_for, visible_to
from supervision.procedure.services import advance, open_dossier
from tests.toy.models import Errand


@pytest.fixture
def errand(cast, land, provider):
    return open_dossier(
        Errand,
        cast.clerk,
        authority=land.county_agency,
        title="试办",
        subject=provider,
        officers=[cast.clerk.user],
        estimate=Decimal("100.00"),
    )


def told(errand, cast, ago=0):
    advance(errand, "tell", cast.clerk, told_on=clock.today() - timedelta(days=ago))
    return errand


def test_opening_numbers_records_and_starts_terms(errand):
    assert errand.number == f"甲医中试〔{clock.today().year}〕1号"
    (event,) = errand.events.all()
    assert (event.verb, event.source, event.target, event.previous) == ("opened", "", "open", "")
    assert errand.term("telling").state == Term.State.RUNNING


def test_only_the_named_role_of_the_authority_opens(cast, land):
    for actor in (cast.officer, cast.twin_clerk, cast.hospital, cast.admin):
        with pytest.raises(StepRefused):
            open_dossier(Errand, actor, authority=land.county_agency, title="试", estimate=1)


def test_a_step_moves_state_event_and_term_together(errand, cast):
    event = advance(errand, "tell", cast.clerk, told_on=date(2026, 10, 9), note="说明")
    assert (errand.state, event.source, event.target) == ("told", "open", "told")
    assert event.facts["told_on"] == "2026-10-09"
    assert event.facts["note"] == "说明"
    assert errand.term("telling").state == Term.State.MET
    # 2026-10-10 is a make-up workday: five working days after the 9th end on the 15th.
    assert errand.term("answer").due == date(2026, 10, 15)


def test_every_obstacle_is_told_at_once(errand, cast):
    told(errand, cast)
    advance(errand, "weigh", cast.clerk)
    advance_to = steps_for(concrete(errand), cast.clerk)
    (offer,) = advance_to
    assert [reason.cause for reason in offer.reasons] == [Cause.ROLE]
    with pytest.raises(StepRefused) as refusal:
        advance(errand, "tell", cast.twin_clerk, told_on=clock.today())
    assert {reason.cause for reason in refusal.value.reasons} == {Cause.STATE, Cause.ROLE}


def test_a_wrong_field_keeps_what_was_typed(errand, cast):
    with pytest.raises(StepInvalid) as invalid:
        advance(errand, "tell", cast.clerk, data={"told_on": "2026-02-30", "note": "打过的字"})
    assert "told_on" in invalid.value.form.errors
    assert invalid.value.form["note"].value() == "打过的字"
    errand.refresh_from_db()
    assert errand.state == "open"


def test_rules_on_facts_are_judged_with_the_facts(errand, cast):
    told(errand, cast)
    advance(errand, "weigh", cast.clerk)
    with pytest.raises(StepRefused, match="must not exceed"):
        advance(errand, "finish", cast.agency_head, total="100.01")
    advance(errand, "finish", cast.agency_head, total="100.00")
    assert errand.is_closed
    assert errand.closed_at


def test_unknown_step(errand, cast):
    with pytest.raises(NoSuchStep):
        advance(errand, "skip", cast.clerk)


def test_calling_the_method_or_setting_the_state_is_refused(errand):
    with pytest.raises(OutsideTheDoor):
        errand.tell(told_on=clock.today())
    with pytest.raises(AttributeError):
        errand.state = "done"


def test_the_same_key_acts_once(errand, cast):
    first = advance(errand, "tell", cast.clerk, told_on=clock.today(), key="k1")
    again = advance(errand, "tell", cast.clerk, told_on=clock.today(), key="k1")
    assert first.pk == again.pk
    assert errand.events.count() == 2


def test_a_stale_page_is_told_so(errand, cast):
    with pytest.raises(StepRefused) as refusal:
        advance(errand, "tell", cast.clerk, told_on=clock.today(), expect=0)
    assert refusal.value.reasons[0].cause == Cause.STALE


def test_jurisdiction(errand, cast):
    seen = [name for name, actor in vars(cast).items() if visible_to(actor).filter(pk=errand.pk).exists()]
    assert set(seen) == {
        "clerk", "auditor", "agency_head", "finance", "officer", "second_officer", "reviewer", "head",
        "city_clerk", "city_agency_head", "city_agency_reviewer", "city_officer", "city_reviewer", "city_head",
        "system",
    }  # fmt: skip


class TestTheDatabaseItselfRefuses:
    """Whoever goes around the door meets the triggers."""

    def refused(self, match):
        return pytest.raises(DatabaseError, match=match)

    def settle(self):
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def test_a_state_without_its_event(self, errand):
        with self.refused("without the step"), transaction.atomic():
            Dossier.objects.filter(pk=errand.pk).update(state="done")
            self.settle()

    def test_a_state_no_declared_step_leads_to(self, errand, cast):
        with self.refused("without the step"), transaction.atomic():
            Event.objects.create(
                dossier=errand, seq=2, verb="finish", source="open", target="done", at=clock.now(),
                previous=errand.head, hash="0" * 64,
            )  # fmt: skip
            Dossier.objects.filter(pk=errand.pk).update(state="done")
            self.settle()

    def test_changing_or_removing_an_event(self, errand):
        with self.refused("never changed"), transaction.atomic():
            errand.events.update(verb="nothing")
        with self.refused("never changed"), transaction.atomic():
            errand.events.all()._raw_delete(using="default")

    def test_an_event_out_of_its_place(self, errand):
        with self.refused("does not follow"), transaction.atomic():
            Event.objects.create(dossier=errand, seq=2, verb="x", at=clock.now(), previous="", hash="1" * 64)

    @pytest.mark.django_db(transaction=True)
    def test_a_term_changed_by_hand(self, errand):
        with self.refused("only with an event"):
            Term.objects.filter(dossier=errand).update(state="lapsed")

    def test_a_deleted_dossier(self, errand):
        with self.refused("are kept"), transaction.atomic():
            Dossier.objects.filter(pk=errand.pk)._raw_delete(using="default")


class ChoosingForm(StepForm):
    """A choice that must be made, one that may be left, and one with an answer given beforehand."""

    must = forms.ChoiceField(choices=[("a", "A"), ("b", "B")])
    may = forms.ChoiceField(choices=[("a", "A")], required=False)
    given = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], initial="b")


def test_nothing_is_chosen_by_standing_first(errand, cast):
    form = ChoosingForm(dossier=errand, actor=cast.clerk)
    first = {name: form.fields[name].choices[0][0] for name in ("must", "may", "given")}
    assert first == {"must": "", "may": "a", "given": "a"}
    left = ChoosingForm({"must": "", "given": "b"}, dossier=errand, actor=cast.clerk)
    assert set(left.errors) == {"must"}

"""Leads and inspections at every stage, for the tests of this app and of the law."""

import base64
from contextlib import contextmanager

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from inspections.leads.services import open_lead
from inspections.models import InspectionKind, Lead
from inspections.onsite.services import open_task
from supervision.procedure import clock
from supervision.procedure.refusals import StepRefused
from supervision.procedure.services import advance


@contextmanager
def refused_by(*names):
    """The step inside must be refused, and by these rules or causes among others, whatever the language."""
    with pytest.raises(StepRefused) as refusal:
        yield
    assert set(names) <= {reason.name or reason.cause for reason in refusal.value.reasons}


def register(cast, land, provider, **given):
    facts = {
        "authority": land.county_bureau,
        "title": "示例·甲县康复医院疑似挂床",
        "subject": provider,
        "source": Lead.Source.ALERT,
        "facts": "7名患者夜间不在院",
    } | given
    return open_lead(facts.pop("actor", cast.officer), **facts)


@pytest.fixture
def lead(cast, land, provider):
    """Registered at the county bureau today."""
    return register(cast, land, provider, source_ref="alert:1")


@pytest.fixture
def verifying(lead, cast):
    """Being verified by the officer."""
    advance(lead, "begin_verification", cast.officer, officers=[cast.officer.user])
    return lead


@pytest.fixture
def verified(verifying, cast):
    """With the verification on record."""
    advance(verifying, "record_verification", cast.officer, verification="调取数据并走访，线索属实")
    return verifying


def assigned_task(cast, land, provider, **given):
    facts = {
        "authority": land.county_bureau,
        "kind": InspectionKind.TARGETED,
        "subject": provider,
        "officers": [cast.officer.user, cast.second_officer.user],
    } | given
    return open_task(facts.pop("actor", cast.officer), **facts)


@pytest.fixture
def task(cast, land, provider):
    """Assigned to two certified officers."""
    return assigned_task(cast, land, provider)


STARTED = {"received_by": "示例院长", "received_post": "院长", "told_of_recusal": True}


def go_on_site(task, cast):
    advance(task, "start", cast.officer, identity_shown_at=clock.now(), **STARTED)
    return task


def answer_all(task, cast, **facts):
    said = {f"answer_{item.code}": "yes" for item in task.checklist.items.all()} | facts
    advance(task, "fill_checklist", cast.officer, **said)
    return task


PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def photo(name="bed.png", content=PIXEL):
    """A picture as a phone uploads it."""
    return SimpleUploadedFile(name, content, content_type="image/png")


def add_photo(task, actor, item="b1", **given):
    """Take a photo of an item on the spot; returns the evidence it became."""
    data = {"item": item, "taken_at": clock.now(), "caption": "病房夜间空床"}
    advance(task, "add_photo", actor, data=data, files=MultiValueDict({"file": [given.get("file", photo())]}))
    return task.evidence.order_by("pk").last()


FINDING = {
    "act": "RG-38.1",
    "description": "挂床住院7人",
    "persons": 7,
    "amount": "38260.00",
    "fund": "employee",
}


def draw_up(task, cast):
    advance(
        task,
        "draw_up_record",
        cast.officer,
        place="示例·甲县康复医院",
        begun_at=task.identity_shown_at,
        ended_at=clock.now(),
    )
    return task


SIGNED = {"signed_by": "示例院长", "signed_post": "院长", "on_paper": True}


def both(cast):
    return [cast.officer.user, cast.second_officer.user]


@pytest.fixture
def on_site(task, cast):
    """Begun, identity shown."""
    return go_on_site(task, cast)


@pytest.fixture
def recorded(on_site, cast):
    """Every item answered, one finding, the record drawn up."""
    answer_all(on_site, cast, answer_b1="no", expected_b1=42, counted_b1=35)
    advance(on_site, "add_finding", cast.officer, evidence=[add_photo(on_site, cast.officer)], **FINDING)
    return draw_up(on_site, cast)


@pytest.fixture
def signed(recorded, cast):
    """Signed by both sides."""
    advance(recorded, "sign_record", cast.officer, officers=both(cast), **SIGNED)
    return recorded


@pytest.fixture
def confirmed(signed, cast):
    """With its findings confirmed."""
    advance(signed, "confirm_findings", cast.officer)
    return signed

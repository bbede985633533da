"""HY-2: agencies, providers, practitioners and insured persons are supervised alike, and one registry names them."""

import pytest
from django.db import DatabaseError, connection, transaction

from inspections.leads.services import open_lead
from inspections.models import Lead
from supervision.parties.models import InsuredPerson, Party, Practitioner
from supervision.procedure import clock
from supervision.procedure.models import Dossier
from tests.case_stage import proposed

pytestmark = pytest.mark.law("HY-2")


@pytest.fixture
def supervised(land, provider):
    here = {"region": land.county_region, "sort_key": "a"}
    return {
        "authority": land.county_agency,
        "provider": provider,
        "practitioner": Practitioner.objects.create(
            kind="practitioner", code="D990121000009", name="示例医师乙", profession="physician", **here
        ),
        "insured": InsuredPerson.objects.create(kind="insured", code="P990121000009", name="示例某乙", **here),
    }


@pytest.mark.parametrize("kind", ["authority", "provider", "practitioner", "insured"])
def test_a_lead_and_a_case_may_be_about_any_of_them(store, cast, land, supervised, kind):
    about = supervised[kind]
    lead = open_lead(
        cast.officer, authority=land.county_bureau, title="示例线索", subject=about, source=Lead.Source.ALERT,
        facts="示例事实", source_ref=kind,
    )  # fmt: skip
    case = proposed(cast, about, discovered_on=clock.today())
    assert {lead.subject_id, case.subject_id} == {about.pk}
    assert set(Party.objects.get(pk=about.pk).dossiers.values_list("kind", flat=True)) == {"lead", "case"}


def test_nobody_outside_the_registry_can_be_named(store, cast, provider):
    case = proposed(cast, provider)
    with pytest.raises(DatabaseError):
        about_nobody(case)


@transaction.atomic
def about_nobody(case):
    Dossier.objects.filter(pk=case.pk).update(subject_id=987654321)
    connection.check_constraints()


def test_nobody_is_in_it_twice(provider):
    with pytest.raises(DatabaseError, match="party_code_once_per_kind"), transaction.atomic():
        Party.objects.create(kind="provider", code=provider.code, name="另一名称", region=provider.region)

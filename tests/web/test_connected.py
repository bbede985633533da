"""Connected matters: named to whom they are within sight of, and to nobody else."""

import pytest
from django.test import Client
from django.urls import reverse

from supervision.procedure.services import advance
from tests.case_stage import fact, filed, ordered
from tests.inspections.stages import register

pytestmark = pytest.mark.usefixtures("store")


def shown(actor, dossier):
    client = Client()
    client.force_login(actor.user)
    answer = client.get(reverse("web:dossier", args=[dossier.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_party_is_not_told_of_the_lead_its_case_arose_from(cast, land, provider):
    lead = register(cast, land, provider, title="群众举报挂床", source="tip")
    advance(lead, "begin_verification", cast.officer, officers=[cast.officer.user])
    advance(lead, "record_verification", cast.officer, verification="属实")
    case = filed(cast, provider, origin=lead)
    fact(case, cast)
    ordered(case, cast)
    assert lead.title in shown(cast.officer, case)
    page = shown(cast.hospital, case)
    assert lead.title not in page
    assert lead.number not in page


def test_nor_what_is_written_of_its_source(cast, provider):
    case = filed(cast, provider, cause="群众举报，经核查属实")
    fact(case, cast)
    ordered(case, cast)
    assert "群众举报，经核查属实" in shown(cast.officer, case)
    assert "群众举报，经核查属实" not in shown(cast.hospital, case)

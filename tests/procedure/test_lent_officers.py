"""An officer lent to another authority sees the matter they are assigned to, for as long, and nothing else there."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from supervision.parties.actors import actors_of
from supervision.parties.models import Post
from supervision.parties.roles import Role
from supervision.procedure import clock
from supervision.procedure.models import Dossier
from supervision.procedure.selectors import visible_to
from supervision.procedure.services import assign, withdraw
from supervision.records.models import Evidence, Paper
from supervision.records.services.evidence import add_evidence
from tests.cast import LONG
from tests.inspections.stages import assigned_task, go_on_site

pytestmark = [pytest.mark.django_db, pytest.mark.law("HY-31", "HY-5")]
SIGN_IN = "django.contrib.auth.backends.ModelBackend"


def browser(actor):
    client = Client()
    client.force_login(actor.user, backend=SIGN_IN)
    return client


def api(actor):
    client = APIClient()
    client.force_login(actor.user, backend=SIGN_IN)
    return client


@pytest.fixture
def lent(cast, land, provider):
    """An inspection of 甲县 to which an officer of 乙县 is lent."""
    return assigned_task(cast, land, provider, kind="cross", officers=[cast.officer.user, cast.twin_officer.user])


@pytest.fixture
def other(cast, land, provider):
    """Another inspection of 甲县, with its own people."""
    return assigned_task(cast, land, provider)


@pytest.fixture
def proof(lent, cast):
    return add_evidence(
        lent, cast.officer, kind="documentary", title="费用清单", source="病案室", collected_at=clock.now(),
        collectors=[cast.officer.user, cast.twin_officer.user],
        file=SimpleUploadedFile("list.txt", "费用清单".encode()), note="",
    )  # fmt: skip


def addresses(task, proof):
    return [
        reverse("web:dossier", args=[task.pk]),
        reverse("web:events", args=[task.pk]),
        reverse("web:evidence", args=[proof.pk]),
        reverse("web:evidence-file", args=[proof.pk]),
        reverse("inspections:on-site", args=[task.pk]),
        reverse("web:enter-evidence", args=[task.pk]),
    ]


def api_addresses(task, proof):
    at = f"/api/v1/dossiers/{task.pk}/"
    return [at, f"{at}events/", f"{at}steps/", f"/api/v1/evidence/{proof.pk}/"]


def test_the_matter_and_all_of_it_is_seen_everywhere(cast, lent, proof):
    client = browser(cast.twin_officer)
    for address in addresses(lent, proof):
        assert client.get(address).status_code == 200, address
    for address in api_addresses(lent, proof):
        assert api(cast.twin_officer).get(address).status_code == 200, address
    found = client.get(reverse("web:search"), {"q": lent.number}).content.decode()
    assert reverse("web:dossier", args=[lent.pk]) in found
    assert lent.number in client.get(reverse("web:dossiers")).content.decode()
    assert lent.number in client.get(reverse("web:mine")).content.decode()
    listed = api(cast.twin_officer).get("/api/v1/dossiers/").json()["results"]
    assert [row["id"] for row in listed] == [lent.pk]


def test_its_papers_are_read_too(cast, lent):
    go_on_site(lent, cast)
    assert Paper.objects.filter(dossier=lent.pk).exists()
    paper = Paper.objects.filter(dossier=lent.pk).first()
    address = reverse("web:paper", args=[paper.pk])
    assert browser(cast.twin_officer).get(address).status_code == 200
    assert api(cast.twin_officer).get(f"/api/v1/papers/{paper.pk}/").status_code == 200
    withdraw(lent, cast.twin_officer.user, "借调结束", cast.head)
    assert browser(cast.twin_officer).get(address).status_code == 404


def test_the_rest_of_that_authority_stays_closed(cast, land, lent, other, provider):
    assert set(visible_to(cast.twin_officer)) == {Dossier.objects.get(pk=lent.pk)}
    client = browser(cast.twin_officer)
    assert client.get(reverse("web:dossier", args=[other.pk])).status_code == 404
    assert api(cast.twin_officer).get(f"/api/v1/dossiers/{other.pk}/").status_code == 404
    assert client.get(reverse("web:party", args=[provider.pk])).status_code == 404
    page = client.get(reverse("web:dossier", args=[lent.pk])).content.decode()
    assert provider.name in page
    assert reverse("web:party", args=[provider.pk]) not in page
    assert reverse("web:party", args=[provider.pk]) in browser(cast.officer).get(
        reverse("web:dossier", args=[lent.pk])
    ).content.decode()  # fmt: skip


def test_colleagues_of_the_lent_officer_see_nothing(cast, lent, proof):
    assert not visible_to(cast.twin_clerk).exists()
    for address in addresses(lent, proof):
        assert browser(cast.twin_clerk).get(address).status_code == 404, address


def test_it_ends_with_the_assignment(cast, lent, proof):
    withdraw(lent, cast.twin_officer.user, "借调结束", cast.head)
    assert not visible_to(cast.twin_officer).exists()
    client = browser(cast.twin_officer)
    for address in addresses(lent, proof):
        assert client.get(address).status_code == 404, address
    for address in api_addresses(lent, proof):
        assert api(cast.twin_officer).get(address).status_code == 404, address
    found = client.get(reverse("web:search"), {"q": lent.number}).content.decode()
    assert reverse("web:dossier", args=[lent.pk]) not in found


def test_it_ends_with_the_matter(cast, lent):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procedure_dossier SET closed_at = now() WHERE id = %s", [lent.pk])
    assert not visible_to(cast.twin_officer).exists()
    assert visible_to(cast.officer).filter(pk=lent.pk).exists()


def test_only_as_an_officer_where_one_is_one(cast, land, lent):
    """Whoever is an officer at one place and pays out at another sees the matter only where they are an officer."""
    user = cast.twin_officer.user
    Post.objects.create(user=user, authority=land.twin_agency, role=Role.FINANCE, valid=LONG)
    seen = {actor.authority: visible_to(actor).exists() for actor in actors_of(user, clock.today())}
    assert seen == {land.twin_bureau: True, land.twin_agency: False}


def test_an_administrator_sees_nothing_even_when_assigned(cast, lent):
    assign(lent, cast.admin.user, "assist", cast.head)
    assert not visible_to(cast.admin).exists()


def test_the_lent_officer_enters_evidence(cast, lent):
    body = {
        "kind": "documentary", "title": "处方", "source": "药房", "collected_at": f"{clock.now():%Y-%m-%dT%H:%M}",
        "collectors": [cast.officer.user.pk, cast.twin_officer.user.pk],
        "file": SimpleUploadedFile("p.txt", "处方".encode()),
    }  # fmt: skip
    client = browser(cast.twin_officer)
    assert client.post(reverse("web:enter-evidence", args=[lent.pk]), body).status_code == 302
    entered = Evidence.objects.get(dossier=lent.pk)
    assert cast.twin_officer.user in entered.collectors.all()


def test_seeing_costs_the_same_however_many_are_lent(cast, land, provider):
    client = browser(cast.twin_officer)

    def queries():
        client.get(reverse("web:dossiers"))
        with CaptureQueriesContext(
            connection,
        ) as caught:
            client.get(reverse("web:dossiers"))
        return len(caught)

    officers = [cast.officer.user, cast.twin_officer.user]
    assigned_task(cast, land, provider, kind="cross", officers=officers)
    few = queries()
    for _more in range(12):
        assigned_task(cast, land, provider, kind="cross", officers=officers)
    assert queries() == few
    with CaptureQueriesContext(connection) as caught:
        assert len(visible_to(cast.twin_officer).values_list("pk", flat=True)) == 13
    assert len(caught) == 1

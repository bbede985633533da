"""Masked identifiers: shown in clear for a purpose, within sight, on a record nobody can alter (HY-38)."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.http import Http404
from django.urls import reverse
from rest_framework.test import APIClient

from supervision.parties.crypto import blind_index
from supervision.parties.models import InsuredPerson, Practitioner
from supervision.procedure.services import open_dossier
from supervision.records.models import ExportLog, RevealLog
from supervision.records.reveals import TooMany, may_reveal, reveal
from tests.browser import assert_accessible
from tests.toy.models import Errand

pytestmark = [pytest.mark.django_db, pytest.mark.law("HY-38")]
SIGN_IN = "django.contrib.auth.backends.ModelBackend"
NUMBER = "990121199001011234"
FIELD = "insured.id_number"


@pytest.fixture
def insured(land):
    return InsuredPerson.objects.create(
        kind="insured", code="99010000000000000001", name="示例某", sort_key="slm", region=land.county_region,
        id_number=NUMBER, id_index=blind_index(NUMBER),
    )  # fmt: skip


@pytest.fixture
def matter(cast, land, insured):
    return open_dossier(Errand, cast.clerk, authority=land.county_agency, title="核查个人", subject=insured, estimate=1)


def shown(actor, row, field=FIELD, purpose="核对当事人身份", dossier=None):
    return reveal(actor, field, row.pk, purpose=purpose, dossier=dossier, address="10.0.0.9")


def signed_in(client, actor):
    client.force_login(actor.user, backend=SIGN_IN)
    return client


def test_a_reveal_is_recorded_with_everything_but_the_value(cast, insured, matter):
    assert shown(cast.clerk, insured, dossier=matter) == NUMBER
    (log,) = RevealLog.objects.all()
    assert (log.user, log.authority, log.field, log.row) == (cast.clerk.user, cast.clerk.authority, FIELD, insured.pk)
    assert (log.whose, log.party_id, log.purpose) == ("示例某", insured.pk, "核对当事人身份")
    assert (log.dossier_id, log.address) == (matter.pk, "10.0.0.9")
    event = matter.events.order_by("-seq").first()
    assert (event.verb, event.facts["purpose"]) == ("identifier_shown", "核对当事人身份")
    assert NUMBER not in str(event.facts)


def test_the_number_lies_encrypted_in_the_database(insured):
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number FROM parties_insuredperson")
        assert NUMBER not in cursor.fetchone()[0]


def test_nothing_is_shown_when_the_record_cannot_be_written(cast, insured):
    with pytest.raises(ValueError, match="purpose"):
        shown(cast.clerk, insured, purpose="  ")
    with pytest.raises(DatabaseError), transaction.atomic():
        reveal(cast.clerk, FIELD, insured.pk, purpose="核对", dossier=None, address="no address")
    assert not RevealLog.objects.exists()


@pytest.mark.parametrize("who", ["twin_clerk", "twin_officer", "hospital", "admin", "security_admin", "audit_admin"])
def test_of_others_there_is_no_trace(cast, insured, matter, who):
    with pytest.raises(Http404):
        shown(getattr(cast, who), insured)
    assert not RevealLog.objects.exists()


def test_a_matter_out_of_sight_is_no_reason(cast, land, insured, twin_person):
    theirs = open_dossier(
        Errand, cast.twin_clerk, authority=land.twin_agency, title="邻县事项", subject=twin_person, estimate=1
    )
    with pytest.raises(Http404):
        shown(cast.clerk, insured, dossier=theirs)


@pytest.fixture
def twin_person(land):
    return InsuredPerson.objects.create(
        kind="insured",
        code="99010000000000000002",
        name="邻县某",
        region=land.twin_region,
        id_number="990122199001011234",
    )


def test_whom_a_visible_matter_is_about_is_within_sight(cast, land, twin_person):
    with pytest.raises(Http404):
        shown(cast.clerk, twin_person)
    open_dossier(Errand, cast.clerk, authority=land.county_agency, title="异地就医", subject=twin_person, estimate=1)
    assert shown(cast.clerk, twin_person) == "990122199001011234"


def test_roles_that_handle_no_persons_are_shown_none(cast, insured):
    assert not may_reveal(cast.finance, FIELD)
    with pytest.raises(PermissionDenied):
        shown(cast.finance, insured)


def test_no_more_within_the_hour_than_one_may_see(cast, insured, settings):
    settings.REVEALS_PER_HOUR = 2
    for _time in range(2):
        shown(cast.clerk, insured)
    with pytest.raises(TooMany):
        shown(cast.clerk, insured)
    assert shown(cast.officer, insured) == NUMBER
    assert RevealLog.objects.count() == 3


@pytest.mark.parametrize("table", ["records_reveallog", "records_exportlog"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET address = '10.1.1.1'", "DELETE FROM {}"])
def test_not_even_sql_alters_the_record(cast, insured, table, statement):
    shown(cast.clerk, insured)
    ExportLog.objects.create(user=cast.clerk.user, list_name="x", format="csv", rows=1)
    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
    assert RevealLog.objects.get().address == "10.0.0.9"


def test_the_database_stamps_the_moment_itself(cast, insured):
    shown(cast.clerk, insured)
    first = RevealLog.objects.get()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_reveallog (user_id, authority_id, field, row, whose, purpose, at)"
            " SELECT user_id, authority_id, field, row, whose, purpose, '2020-01-01' FROM records_reveallog"
        )
    assert RevealLog.objects.order_by("pk").last().at > first.at


def test_the_page_asks_then_shows_once_and_keeps_nothing(client, cast, insured, matter):
    signed_in(client, cast.clerk)
    page = client.get(reverse("web:dossier", args=[matter.pk])).content.decode()
    assert NUMBER not in page
    assert "990*************34" in page
    address = f"{reverse('web:reveal', args=[FIELD, insured.pk])}?dossier={matter.number}"
    asked = client.get(address)
    assert NUMBER not in asked.content.decode()
    assert matter.number in asked.content.decode()
    assert client.post(address, {"purpose": ""}).status_code == 422
    answer = client.post(address, {"purpose": "核对当事人身份", "dossier": matter.number}, REMOTE_ADDR="10.0.0.7")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store, private")
    assert NUMBER in answer.content.decode()
    assert (RevealLog.objects.get().dossier_id, RevealLog.objects.get().address) == (matter.pk, "10.0.0.7")
    for path in (address, reverse("web:dossier", args=[matter.pk])):
        assert NUMBER not in client.get(path).content.decode()


def test_the_page_says_when_it_is_enough(client, cast, insured, settings):
    settings.REVEALS_PER_HOUR = 1
    shown(cast.clerk, insured)
    answer = signed_in(client, cast.clerk).post(
        reverse("web:reveal", args=[FIELD, insured.pk]), {"purpose": "再看一次"}
    )
    assert answer.status_code == 422
    assert NUMBER not in answer.content.decode()


@pytest.mark.parametrize(
    ("who", "status"), [("twin_clerk", 404), ("hospital", 404), ("audit_admin", 404), ("finance", 403)]
)
def test_pages_of_others(client, cast, insured, who, status):
    address = reverse("web:reveal", args=[FIELD, insured.pk])
    signed_in(client, getattr(cast, who))
    assert client.get(address).status_code == status
    assert client.post(address, {"purpose": "核对当事人身份"}).status_code == status


def test_a_practitioners_licence_is_masked_searched_and_revealed(client, cast, physician):
    physician.keep_licence("110990121000001")
    physician.save()
    signed_in(client, cast.clerk)
    page = client.get(reverse("web:party", args=[physician.pk])).content.decode()
    assert "110990121000001" not in page
    assert "110**********01" in page
    assert physician.name in client.get(reverse("web:search"), {"q": "110990121000001"}).content.decode()
    assert shown(cast.clerk, physician, "practitioner.licence") == "110990121000001"
    with connection.cursor() as cursor:
        cursor.execute("SELECT licence FROM parties_practitioner")
        assert "110990121000001" not in cursor.fetchone()[0]
    assert Practitioner.objects.get(licence_index=blind_index("110990121000001")) == physician


def api(actor):
    client = APIClient()
    client.force_login(actor.user, backend=SIGN_IN)
    return client


def test_the_api_shows_for_a_purpose(cast, insured, matter):
    body = {"field": FIELD, "id": insured.pk, "purpose": "核对当事人身份", "dossier": matter.number}
    answer = api(cast.clerk).post("/api/v1/reveals/", body, format="json", HTTP_IDEMPOTENCY_KEY="once")
    assert (answer.status_code, answer.json()) == (200, {"value": NUMBER})
    assert answer.headers["Cache-Control"] == "no-store"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM api_keptanswer")
        assert cursor.fetchone() == (0,)
    wrong = api(cast.clerk).post("/api/v1/reveals/", body | {"purpose": ""}, format="json")
    assert (wrong.status_code, set(wrong.json()["errors"])) == (422, {"purpose"})
    assert api(cast.clerk).post("/api/v1/reveals/", body | {"id": "x"}, format="json").status_code == 422
    for who, status in ((cast.twin_clerk, 404), (cast.hospital, 404), (cast.finance, 403)):
        assert api(who).post("/api/v1/reveals/", body, format="json").status_code == status
    assert RevealLog.objects.count() == 1


def test_the_api_is_limited_and_its_record_read_by_overseers(cast, insured, settings):
    settings.REVEALS_PER_HOUR = 1
    body = {"field": FIELD, "id": insured.pk, "purpose": "核对当事人身份"}
    assert api(cast.clerk).post("/api/v1/reveals/", body, format="json").status_code == 200
    again = api(cast.clerk).post("/api/v1/reveals/", body, format="json")
    assert (again.status_code, "Retry-After" in again.headers) == (429, True)
    rows = api(cast.audit_admin).get("/api/v1/reveals/").json()["results"]
    assert [(row["user"], row["whose"]) for row in rows] == [(cast.clerk.user.name, "示例某")]
    assert NUMBER not in str(rows)
    assert api(cast.clerk).get("/api/v1/reveals/").status_code == 403


def test_overseers_look_over_their_jurisdiction(client, cast, insured, twin_person):
    shown(cast.clerk, insured)
    shown(cast.twin_clerk, twin_person)
    for who, seen in ((cast.audit_admin, 2), (cast.city_head, 2), (cast.head, 1), (cast.agency_head, 1)):
        answer = signed_in(client, who).get(reverse("web:reveals"))
        assert len(answer.context["lines"]) == seen, who
    for who in (cast.clerk, cast.officer, cast.admin, cast.security_admin, cast.hospital):
        assert signed_in(client, who).get(reverse("web:reveals")).status_code == 403
        assert signed_in(client, who).get(reverse("web:exports")).status_code == 403


def test_every_export_is_found_among_the_exports(client, cast, matter):
    signed_in(client, cast.clerk)
    client.post(f"{reverse('web:providers')}?level=2&sort=code", {"export": "csv"})
    client.post(reverse("web:export-dossier", args=[matter.pk]))
    client.post(reverse("web:dossiers"), {"export": "xlsx"})
    text = signed_in(client, cast.audit_admin).get(reverse("web:exports")).content.decode()
    for told in ("一院一档", "事项全卷", matter.number, "CSV", "XLSX", "ZIP"):
        assert told in text
    narrowed = client.get(reverse("web:exports"), {"list_name": "dossier.file"})
    assert len(narrowed.context["lines"]) == 1
    filtered = client.get(reverse("web:reveals"), {"field": FIELD, "q": "示例"})
    assert filtered.status_code == 200
    b"".join(client.post(reverse("web:exports"), {"export": "csv"}).streaming_content)
    assert ExportLog.objects.filter(list_name="oversight.exports").exists()


def test_looking_over_costs_the_same_however_long(client, cast, insured, settings, django_assert_max_num_queries):
    settings.REVEALS_PER_HOUR = 100
    for _time in range(25):
        shown(cast.clerk, insured)
    signed_in(client, cast.audit_admin)
    client.get(reverse("web:reveals"))
    with django_assert_max_num_queries(10):
        client.get(reverse("web:reveals"))


@pytest.mark.parametrize("width", [1360, 390])
def test_in_a_browser_the_value_comes_into_the_dialog_and_goes_with_it(visit, cast, insured, matter, width):
    page = visit(reverse("web:dossier", args=[matter.pk]), cast.clerk.user, width)
    page.locator("#person").get_by_role("link", name=re.compile("显示.*身份证件号码")).click()
    page.locator("#dialog textarea").fill("核对当事人身份")
    assert page.locator("#dialog select").input_value() == matter.number
    assert_accessible(page)
    page.get_by_role("button", name="显示", exact=True).click()
    page.locator("#revealed").wait_for()
    assert page.locator("#revealed").inner_text() == NUMBER
    assert_accessible(page)
    page.keyboard.press("Escape")
    page.locator("#revealed").wait_for(state="detached")
    assert NUMBER not in page.content()
    page.reload()
    assert NUMBER not in page.content()


@pytest.mark.parametrize("width", [1360, 390])
def test_the_record_in_a_browser(visit, cast, insured, matter, width):
    shown(cast.clerk, insured, dossier=matter)
    page = visit(reverse("web:reveals"), cast.audit_admin.user, width)
    assert_accessible(page)
    page.get_by_role("link", name="导出记录", exact=True).click()
    page.wait_for_url("**" + reverse("web:exports"))
    assert_accessible(page)


def test_without_scripts_the_value_has_a_page_of_its_own(visit, cast, insured, matter):
    page = visit(reverse("web:dossier", args=[matter.pk]), cast.clerk.user, scripts=False)
    page.locator("#person").get_by_role("link", name=re.compile("显示.*身份证件号码")).click()
    page.locator("textarea").fill("核对当事人身份")
    page.get_by_role("button", name="显示", exact=True).click()
    assert page.locator("#revealed").inner_text() == NUMBER
    page.get_by_role("link", name="关闭").click()
    page.wait_for_url("**" + reverse("web:dossier", args=[matter.pk]))

"""The page by which lists come in: look first, then apply; the system administrator's alone."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from supervision.parties.models import Provider, RegisterImport, User
from supervision.parties.services.registers import take_in
from supervision.records.models import ExportLog
from tests.browser import assert_accessible
from tests.parties.test_registers import GOOD, sent

pytestmark = pytest.mark.django_db


def test_a_list_is_looked_at_then_applied_once(client, cast, land):
    client.force_login(cast.admin.user, backend="django.contrib.auth.backends.ModelBackend")
    address, before = reverse("web:import-list"), Provider.objects.count()
    assert client.get(address).status_code == 200
    file = SimpleUploadedFile("名单.csv", sent(GOOD, "H9,示例,990121,飞船,二级,公立,,"))
    seen = client.post(address, {"register": "providers", "file": file})
    assert seen.status_code == 200
    assert (seen.context["outcome"].new, Provider.objects.count()) == (1, before)
    token = seen.context["token"]
    assert "飞船" in client.get(reverse("web:list-faults", args=[token])).content.decode()
    for _click in range(2):
        assert client.post(reverse("web:apply-list", args=[token])).status_code == 302
    assert Provider.objects.count() == before + 1
    assert client.get(reverse("web:list-faults", args=["unknown"])).status_code == 404


def test_a_wrong_file_is_refused_in_words(client, cast):
    client.force_login(cast.admin.user, backend="django.contrib.auth.backends.ModelBackend")
    file = SimpleUploadedFile("x.csv", b"a,b\n1,2\n")
    answer = client.post(reverse("web:import-list"), {"register": "providers", "file": file})
    assert answer.status_code == 422
    assert "机构编码" in answer.content.decode()


@pytest.mark.parametrize("who", ["officer", "head", "hospital"])
def test_others_import_nothing(client, cast, who):
    client.force_login(getattr(cast, who).user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("web:import-list")).status_code == 403
    assert client.post(reverse("web:apply-list", args=["x"])).status_code == 403


def taken(client, *lines):
    """Take a list in over the pages."""
    file = SimpleUploadedFile("名单.csv", sent(*lines))
    token = client.post(reverse("web:import-list"), {"register": "providers", "file": file}).context["token"]
    return client.post(reverse("web:apply-list", args=[token]))


BAD = "H9,示例某诊所,990121,飞船,二级,公立,,"


def signed_in(actor):
    client = Client()
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_who_took_in_what_is_recorded_with_its_rows(cast, land):
    client = signed_in(cast.admin)
    assert taken(client, GOOD, BAD).url == reverse("web:list-imports")
    (record,) = RegisterImport.objects.all()
    assert (record.user, record.authority, record.register) == (cast.admin.user, land.city_bureau, "providers")
    assert (record.file_name, record.sha256) == ("名单.csv", hashlib.sha256(sent(GOOD, BAD)).hexdigest())
    assert (record.new, record.changed, record.same, record.refused) == (1, 0, 0, 1)
    text = client.get(reverse("web:list-imports")).content.decode()
    assert "名单.csv" in text
    assert record.sha256[:12] in text
    rows = client.get(reverse("web:refused-rows", args=[record.pk]))
    assert "示例某诊所" in rows.content.decode()
    assert rows.headers["Cache-Control"] == "no-store, private"
    assert ExportLog.objects.get().list_name == "parties.refused_rows"
    with connection.cursor() as cursor:
        cursor.execute("SELECT refused_rows FROM parties_registerimport")
        assert "示例某诊所" not in cursor.fetchone()[0]


def test_a_failed_import_leaves_neither_rows_nor_record(land):
    with pytest.raises(ValueError, match="unsaved"):
        take_in("providers", sent(GOOD), "名单.csv", regions=[land.county_region], by=User(), authority=None)
    assert not RegisterImport.objects.exists()
    assert not Provider.objects.exists()


def test_looking_alone_is_no_import(cast, land):
    file = SimpleUploadedFile("名单.csv", sent(GOOD))
    signed_in(cast.admin).post(reverse("web:import-list"), {"register": "providers", "file": file})
    assert not RegisterImport.objects.exists()


def test_the_record_is_looked_over_by_those_it_concerns(cast, land):
    taken(signed_in(cast.admin), GOOD, BAD)
    record = RegisterImport.objects.get()
    here, rows = reverse("web:list-imports"), reverse("web:refused-rows", args=[record.pk])
    for who, seen, download in (
        (cast.audit_admin, 1, 403), (cast.city_head, 1, 200), (cast.head, 0, 404), (cast.agency_head, 0, 404),
    ):  # fmt: skip
        client = signed_in(who)
        assert len(client.get(here).context["lines"]) == seen, who
        assert client.get(rows).status_code == download, who
    for who in (cast.officer, cast.clerk, cast.security_admin, cast.hospital):
        assert signed_in(who).get(here).status_code == 403
        assert signed_in(who).get(rows).status_code == 404


def test_the_record_cannot_be_altered(cast, land):
    taken(signed_in(cast.admin), GOOD)
    for statement in ("UPDATE parties_registerimport SET refused = 0", "DELETE FROM parties_registerimport"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert RegisterImport.objects.count() == 1


@pytest.mark.parametrize("width", [1360, 390])
def test_the_record_in_a_browser(visit, cast, land, width):
    taken(signed_in(cast.admin), GOOD, BAD)
    page = visit(reverse("web:import-list"), cast.admin.user, width)
    page.get_by_role("link", name="名单导入记录").click()
    expect(page.get_by_text("名单.csv")).to_be_visible()
    assert_accessible(page)

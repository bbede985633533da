"""Tips of the public: taken without signing in, a lead of the right bureau, their giver known to whoever must."""

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from inspections.models import Lead, Tip
from supervision.procedure import clock
from supervision.procedure.services import advance
from supervision.records.models import RevealLog
from supervision.records.sweeping import named
from supervision.records.verification import verify
from tests.browser import assert_accessible

pytestmark = pytest.mark.django_db
GIVE, STATE = "/public/tips/", "/public/tips/state/"
SIGN_IN = "django.contrib.auth.backends.ModelBackend"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 64


@pytest.fixture(autouse=True)
def nothing_counted(store):
    cache.clear()


def a_tip(land, provider, **more):
    told = {"region": land.county_region.code, "about": provider.name, "facts": "多次刷卡未见药品", "key": "k1"}
    return told | more


def given(client, land, provider, **more):
    answer = client.post(GIVE, a_tip(land, provider, **more))
    assert answer.status_code == 200, answer.content.decode()
    return answer.context["tip"], answer.context["code"]


@pytest.mark.law("TR-1", "TR-2", "HY-31")
def test_a_tip_becomes_a_lead_of_the_bureau_of_its_region_and_its_giver_learns_how_it_stands(
    client, cast, land, provider
):
    tip, code = given(client, land, provider)
    lead = Lead.objects.get(pk=tip.lead_id)
    assert (lead.authority, lead.subject_id, lead.source, lead.state) == (
        land.county_bureau, provider.pk, "tip", "registered",
    )  # fmt: skip
    assert lead.term("verification").state == "running"
    assert "多次刷卡" in lead.description
    asked = client.post(STATE, {"receipt": tip.receipt.lower(), "code": code.lower()})
    assert "已收到" in asked.content.decode()
    assert asked.headers["Cache-Control"] == "no-store, private"
    advance(lead, "begin_verification", cast.officer, officers=[cast.officer.user])
    assert "正在核查" in client.post(STATE, {"receipt": tip.receipt, "code": code}).content.decode()
    for wrong in ({"receipt": tip.receipt, "code": "X"}, {"receipt": "JB1", "code": code}):
        answer = client.post(STATE, wrong)
        assert answer.status_code == 422
        assert "tip" not in answer.context
    assert code not in Tip.objects.get().code
    assert verify().faults == []


@pytest.mark.law("HY-38", "TR-3")
def test_who_gave_it_is_encrypted_masked_and_its_reveal_on_record(client, cast, land, provider):
    tip, _code = given(client, land, provider, name="举报某某某", phone="13912345678")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone FROM inspections_tip")
        assert not any("某" in text or "139" in text for text in cursor.fetchone())
    page = reverse("web:dossier", args=[tip.lead_id])
    url = reverse("web:reveal", args=["tip.phone", tip.pk])

    def as_(actor):
        client.force_login(actor.user, backend=SIGN_IN)
        return client

    shown = as_(cast.officer).get(page).content.decode()
    assert tip.receipt in shown
    for secret in ("举报某某某", "13912345678"):
        assert secret not in shown
        assert secret not in str(list(tip.lead.events.values_list("facts", flat=True)))
    assert "13912345678" in as_(cast.officer).post(url, {"purpose": "核实举报"}).content.decode()
    assert RevealLog.objects.get().whose == tip.receipt
    # A superior bureau sees the lead, and not who gave the tip.
    assert "仅线索承办机构可见" in as_(cast.city_officer).get(page).content.decode()
    for other in (cast.city_officer, cast.clerk, cast.twin_officer, cast.admin):
        assert as_(other).post(url, {"purpose": "核实"}).status_code in {403, 404}
    assert RevealLog.objects.count() == 1


@pytest.mark.law("TR-1", "HY-38")
def test_files_are_checked_like_evidence_and_opened_on_record(client, cast, land, provider, settings):
    program = SimpleUploadedFile("x.png", b"MZ\x90\0" + b"\0" * 200)
    wrong = client.post(GIVE, a_tip(land, provider, file_1=program))
    assert "file_1" in wrong.context["form"].errors
    settings.TIP_MAX_BYTES = 10
    wrong = client.post(GIVE, a_tip(land, provider, file_2=SimpleUploadedFile("a.png", PNG)))
    assert "file_2" in wrong.context["form"].errors
    settings.TIP_MAX_BYTES = 1000
    assert not Lead.objects.exists()
    tip, _code = given(client, land, provider, file_1=SimpleUploadedFile("小票.png", PNG))
    (file,) = tip.lead.events.get(verb="tip_received").facts["files"]
    assert named({file["sha256"]}) == {file["sha256"]}, "the daily sweep leaves it"
    url = reverse("inspections:tip-file", args=[tip.lead_id, 0])
    assert client.get(url).status_code == 302
    client.force_login(cast.officer.user, backend=SIGN_IN)
    assert "小票.png" in client.get(reverse("web:dossier", args=[tip.lead_id])).content.decode()
    assert b"".join(client.get(url).streaming_content) == PNG
    assert tip.lead.events.filter(verb="tip_file_viewed", user=cast.officer.user).exists()
    assert client.get(reverse("inspections:tip-file", args=[tip.lead_id, 1])).status_code == 404
    for other in (cast.city_officer, cast.twin_officer, cast.hospital):
        client.force_login(other.user, backend=SIGN_IN)
        assert client.get(url).status_code == 404


def test_what_does_not_fit_is_told_at_its_field_and_nothing_is_registered(client, land, provider):
    for changed, field in (
        ({"region": ""}, "region"),
        ({"region": "999999"}, "region"),
        ({"about": ""}, "about"),
        ({"facts": ""}, "facts"),
        ({"name": "某某"}, "phone"),
        ({"phone": "13912345678"}, "name"),
        ({"name": "某某", "phone": "abc"}, "phone"),
    ):
        answer = client.post(GIVE, a_tip(land, provider, **changed))
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field], changed
    assert not Lead.objects.exists()


def test_one_address_is_heard_so_often_within_the_hour_and_a_tip_sent_twice_is_one(client, land, provider, settings):
    settings.TIPS_PER_HOUR = 2
    first, code = given(client, land, provider)
    again, none = given(client, land, provider)
    assert (again.pk, none) == (first.pk, "")
    assert client.post(GIVE, a_tip(land, provider, key="k2")).status_code == 429
    assert client.post(GIVE, a_tip(land, provider, key="k2"), REMOTE_ADDR="203.0.113.9").status_code == 200
    asked = [client.post(STATE, {"receipt": first.receipt, "code": code}).status_code for _time in range(3)]
    assert asked == [200, 200, 429]
    assert Tip.objects.count() == 2


def test_behind_a_proxy_each_sender_counts_apart(client, land, provider, settings):
    settings.SECURE, settings.TIPS_PER_HOUR = True, 1
    answers = [
        client.post(GIVE, a_tip(land, provider, key=f"k{n}"), headers={"X-Forwarded-For": f"203.0.113.77, {address}"})
        for n, address in enumerate(("198.51.100.1", "198.51.100.2", "198.51.100.1", "198.51.100.2", "no address"))
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 429, 200]


def test_a_name_nobody_bears_is_no_subject(client, land, provider):
    tip, _code = given(client, land, provider, about="某某诊所")
    assert tip.lead.subject is None
    assert "某某诊所" in tip.lead.title
    assert tip.lead.received_on == clock.today()


@pytest.mark.parametrize("width", [1360, 390])
def test_the_pages_in_the_browser(visit, land, provider, width):
    page = visit("/public/", None, width)
    page.get_by_role("link", name="我要举报").click()
    assert_accessible(page)
    page.get_by_label("发生地区").select_option(land.county_region.code)
    page.get_by_label("举报对象").fill(provider.name)
    page.get_by_label("举报内容").fill("多次刷卡未见药品")
    page.get_by_role("button", name="提交举报").click()
    page.get_by_role("heading", name="举报已收到").wait_for()
    assert_accessible(page)
    receipt, code = page.locator("dd b").all_inner_texts()
    page.get_by_role("link", name="查询举报进度").click()
    page.get_by_label("举报受理编号").fill(receipt)
    page.get_by_label("查询码").fill(code)
    page.get_by_role("button", name="查询").click()
    page.get_by_text("已收到，尚未开始核查。").wait_for()
    assert_accessible(page)

"""Remedies and accounts of an authority: entered and ended by its system administrator, on page and over the API."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from funds.accounts import set_account
from funds.models import Account
from supervision.parties.models import AuthorityEvent, Redress
from supervision.parties.roles import Role
from supervision.parties.services.redress import cancel_office, cancel_redress, end_redress, set_redress
from supervision.parties.services.staff import StaffRefused
from tests.case_stage import reviewed, served
from tests.cast import person as hired

pytestmark = pytest.mark.django_db
SIGN_IN = "django.contrib.auth.backends.ModelBackend"
TODAY = timezone.localdate()
TOMORROW = TODAY + timedelta(days=1)
ORGANS = {"reconsideration": "甲县人民政府", "court": "甲县人民法院"}


def at(actor, client_class=Client):
    client = client_class()
    client.force_login(actor.user, backend=SIGN_IN)
    return client


def remedies(authority, **more):
    return {"authority": authority.code, **ORGANS, "begins": TOMORROW.isoformat(), **more}


def an_account(authority, **more):
    told = {"route": "treasury", "fund": "", "holder": "示例户", "bank": "示例行", "number": "6200 0000 9"}
    return {"authority": authority.code, **told, "begins": TOMORROW.isoformat(), **more}


@pytest.mark.law("PL-59", "HY-25", "HY-48")
def test_the_system_administrator_enters_remedies_and_everyone_sees_who_did(cast, land):
    page = reverse("web:remedies")
    answer = at(cast.admin).post(reverse("web:remedy-add"), remedies(land.county_bureau, court="丙县人民法院"))
    assert answer.status_code == 302, answer.content.decode()
    assert land.county_bureau.redress_on(TODAY).court == "甲县人民法院"
    assert land.county_agency.redress_on(TOMORROW).court == "丙县人民法院"
    event = AuthorityEvent.objects.get(authority=land.county_bureau)
    assert (event.verb, event.by, event.at_authority) == ("redress_set", cast.admin.user, land.city_bureau)
    seen = at(cast.officer).get(page).content.decode()
    assert "丙县人民法院" in seen
    assert cast.admin.user.name in seen
    assert reverse("web:remedy-add") not in seen
    assert "丙县人民法院" not in at(cast.twin_officer).get(page).content.decode()
    coming = at(cast.officer).get(page, {"standing": "coming"})
    assert [row.court for row in coming.context["page"].rows] == ["丙县人民法院"]
    assert at(cast.clerk).get(page).context["page"].rows, "an agency sees those of the bureau that guides it"


@pytest.mark.law("HY-48")
def test_nobody_else_enters_or_ends_them(cast, land):
    row = Redress.objects.get(authority=land.county_bureau)
    for other in (cast.head, cast.officer, cast.security_admin, cast.audit_admin, cast.hospital):
        assert at(other).post(reverse("web:remedy-add"), remedies(land.county_bureau)).status_code == 403
        assert at(other).post(reverse("web:remedy-end", args=[row.pk])).status_code in {403, 404}
        answer = at(other, APIClient).post("/api/v1/remedies/", remedies(land.county_bureau), format="json")
        assert answer.status_code == 403
    assert at(cast.hospital).get(reverse("web:remedies")).status_code == 403
    twins = hired("twin_admin", land.twin_bureau, Role.SYSTEM_ADMIN)
    answer = at(twins).post(reverse("web:remedy-add"), remedies(land.county_bureau))
    assert "authority" in answer.context["form"].errors
    with pytest.raises(StaffRefused):
        set_redress(twins, land.county_bureau, **ORGANS, begins=TOMORROW, today=TODAY)
    assert not AuthorityEvent.objects.exists()


def test_what_was_in_force_is_not_entered_over(cast, land):
    early = remedies(land.county_bureau, begins="2019-12-31")
    answer = at(cast.admin).post(reverse("web:remedy-add"), early)
    assert answer.status_code == 422
    assert "begins" in answer.context["form"].errors
    told = at(cast.admin, APIClient).post("/api/v1/remedies/", early, format="json")
    assert told.status_code == 422
    assert "begins" in told.json()["errors"]


def test_they_end_with_a_reason_and_the_days_before_stay(cast, land):
    row = Redress.objects.get(authority=land.county_bureau)
    url = reverse("web:remedy-end", args=[row.pk])
    early = at(cast.admin).post(url, {"last": (TODAY - timedelta(days=2)).isoformat(), "reason": "撤并"})
    assert "last" in early.context["form"].errors
    assert at(cast.admin).post(url, {"last": TODAY.isoformat(), "reason": "撤并"}).status_code == 302
    assert land.county_bureau.redress_on(TODAY) == row
    assert land.county_bureau.redress_on(TOMORROW) is None
    assert AuthorityEvent.objects.get().facts["reason"] == "撤并"
    assert "撤并" in at(cast.admin).get(reverse("web:remedies")).content.decode()
    end_redress(cast.admin, row, last=TODAY - timedelta(days=1), reason="提前", today=TODAY)
    with pytest.raises(StaffRefused):
        end_redress(cast.admin, row, last=TODAY - timedelta(days=1), reason="再次", today=TODAY)


@pytest.mark.law("HY-47", "PL-67", "HY-48")
def test_accounts_likewise(cast, land):
    client = at(cast.admin)
    wrong = client.post(reverse("funds:account-add"), an_account(land.county_bureau, fund="resident"))
    assert "fund" in wrong.context["form"].errors
    assert "number" in client.post(
        reverse("funds:account-add"), an_account(land.county_bureau, number="账号")
    ).context["form"].errors  # fmt: skip
    assert client.post(reverse("funds:account-add"), an_account(land.county_bureau)).status_code == 302
    made = Account.objects.get(number="6200 0000 9")
    listed = at(cast.officer).get(reverse("funds:accounts"), {"route": "treasury", "standing": "coming"})
    assert [row.pk for row in listed.context["page"].rows] == [made.pk]
    ended = client.post(reverse("funds:account-end", args=[made.pk]), {"last": TODAY.isoformat(), "reason": "换行"})
    assert "last" in ended.context["form"].errors, "what has not begun is cancelled"
    assert client.post(reverse("funds:account-cancel", args=[made.pk]), {"reason": "换行"}).status_code == 302
    made.refresh_from_db()
    assert made.valid.isempty
    verbs = AuthorityEvent.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["account_set", "account_cancelled"]
    assert at(cast.officer).post(reverse("funds:account-add"), an_account(land.county_bureau)).status_code == 403


def test_over_the_api_with_the_same_services(cast, land):
    client = at(cast.admin, APIClient)
    key = {"HTTP_IDEMPOTENCY_KEY": "one-account"}
    first = client.post("/api/v1/accounts/", an_account(land.county_bureau), format="json", **key)
    assert first.status_code == 201, first.content
    assert client.post("/api/v1/accounts/", an_account(land.county_bureau), format="json", **key).json() == first.json()
    found = client.get("/api/v1/accounts/", {"authority": land.county_bureau.code, "standing": "coming"}).json()
    assert [row["id"] for row in found["results"]] == [first.json()["id"]]
    end = {"reason": "换行"}
    at_row = f"/api/v1/accounts/{first.json()['id']}/cancel/"
    assert client.post(at_row, end, format="json").json()["days"] == {"since": None, "before": None}
    assert client.post(at_row, end, format="json").status_code == 409
    assert at(cast.officer, APIClient).post(at_row, end, format="json").status_code == 403
    made = client.post("/api/v1/remedies/", remedies(land.county_agency, begins="2020-01-01"), format="json")
    assert made.status_code == 201, made.content
    assert AuthorityEvent.objects.filter(by=cast.admin.user).count() == 3


@pytest.mark.law("HY-48")
def test_what_was_told_stays(cast, land):
    told = {"holder": "户", "bank": "行", "number": "62000", "begins": TODAY, "today": TODAY}
    set_account(cast.system, land.county_agency, route="treasury", **told)
    for change in ("DELETE FROM parties_authorityevent", "UPDATE parties_authorityevent SET verb = 'redress_set'"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


@pytest.mark.law("PL-59")
def test_the_refusal_leads_to_where_they_are_entered(cast, provider):
    case = reviewed(cast, provider)
    Redress.objects.all().delete()
    page = at(cast.head).get(reverse("web:dossier", args=[case.pk])).content.decode()
    assert f'href="{reverse("web:remedies")}"' in page
    steps = at(cast.head, APIClient).get(f"/api/v1/dossiers/{case.pk}/steps/").json()
    reasons = [reason for step in steps for reason in step["reasons"] if reason["rule"] == "remedies_known"]
    assert reasons[0]["page"] == reverse("web:remedies")


@pytest.mark.law("PL-44", "HY-22", "HY-48")
def test_offices_likewise_each_authority_its_own(cast, land):
    told = {"authority": land.county_bureau.code, "address": "甲县新街3号", "contact": "法规科", "phone": "0999-1"}
    wrong = at(cast.admin).post(reverse("web:office-add"), told | {"begins": TOMORROW.isoformat(), "phone": ""})
    assert set(wrong.context["form"].errors) == {"phone"}
    added = at(cast.admin, APIClient).post("/api/v1/offices/", told | {"begins": TOMORROW.isoformat()}, format="json")
    assert added.status_code == 201, added.content
    assert land.county_bureau.office_on(TOMORROW).address == "甲县新街3号"
    assert land.county_agency.office_on(TOMORROW).address != "甲县新街3号"
    assert "甲县新街3号" in at(cast.officer).get(reverse("web:offices"), {"standing": "coming"}).content.decode()
    assert at(cast.officer).post(reverse("web:office-add"), told).status_code == 403
    row = land.county_bureau.office_on(TODAY)
    ended = at(cast.admin).post(
        reverse("web:office-end", args=[row.pk]), {"last": (TODAY - timedelta(days=1)).isoformat(), "reason": "搬迁"}
    )
    assert ended.status_code == 302
    assert land.county_bureau.office_on(TODAY) is None
    verbs = AuthorityEvent.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["office_set", "office_ended"]


@pytest.mark.law("PL-59", "HY-48")
def test_what_is_in_force_is_not_entered_once_more(cast, land):
    place = land.county_bureau
    held = place.redress_on(TODAY)
    same = {"reconsideration": held.reconsideration, "court": held.court}
    answer = at(cast.admin).post(reverse("web:remedy-add"), remedies(place, **same))
    assert answer.status_code == 422
    assert "完全相同" in answer.content.decode()
    held.refresh_from_db()
    assert held.valid.upper is None


def test_a_telephone_looks_like_one(cast, land):
    told = {"authority": land.county_bureau.code, "address": "示例路1号", "contact": "办公室", "begins": str(TOMORROW)}
    for phone, good in (("没有", False), ("12", False), ("0762-3333333转801", True)):
        answer = at(cast.admin).post(reverse("web:office-add"), told | {"phone": phone})
        assert (answer.status_code == 302) is good, phone


def test_the_form_that_ends_says_which_and_that_nothing_comes_back(cast, land):
    row = Redress.objects.get(authority=land.county_bureau)
    shown = at(cast.admin).get(reverse("web:remedy-end", args=[row.pk])).content.decode()
    assert str(row) in shown
    assert "不会自动恢复被其替代的登记" in shown
    assert f'href="{reverse("web:remedy-cancel", args=[row.pk])}"' in shown, (
        "a first wrong entry is cancelled from here"
    )


@pytest.mark.law("PL-59", "HY-48")
def test_a_cancelled_entry_gives_back_what_it_had_ended_and_the_history_tells_both(cast, land):
    before = land.county_bureau.redress_on(TODAY)
    assert at(cast.admin).post(reverse("web:remedy-add"), remedies(land.county_bureau, court="误")).status_code == 302
    made = land.county_bureau.redress_on(TOMORROW)
    assert (made.court, made.replaces) == ("误", before)
    url = reverse("web:remedy-cancel", args=[made.pk])
    assert str(before) in at(cast.admin).get(url).content.decode(), "the form says what comes back"
    assert at(cast.officer).post(url, {"reason": "误"}).status_code == 403
    assert "reason" in at(cast.admin).post(url, {}).context["form"].errors
    assert at(cast.admin).post(url, {"reason": "录入错误"}).status_code == 302
    assert at(cast.admin).get(url).status_code == 302, "what is cancelled is not asked for again"
    assert land.county_bureau.redress_on(TOMORROW) == before
    before.refresh_from_db()
    assert before.valid.upper is None
    page = at(cast.officer).get(reverse("web:remedies")).content.decode()
    for said in ("录入错误", "恢复生效", "误"):
        assert said in page
    set_on, cancelled = AuthorityEvent.objects.order_by("pk")
    assert set_on.facts["ended"] == str(before)
    assert (cancelled.verb, cancelled.facts["restored"]) == ("redress_cancelled", str(before))
    with pytest.raises(StaffRefused):
        cancel_redress(cast.admin, made, reason="再次", today=TODAY)


@pytest.mark.law("HY-47", "PL-67")
def test_over_the_api_a_cancelled_account_gives_back_the_former(cast, land):
    client, place = at(cast.admin, APIClient), land.county_bureau
    former = Account.objects.get(authority=place, route="treasury")
    made = client.post("/api/v1/accounts/", an_account(place, begins=TODAY.isoformat()), format="json").json()
    former.refresh_from_db()
    assert former.valid.upper == TODAY
    answer = client.post(f"/api/v1/accounts/{made['id']}/cancel/", {"reason": "误"}, format="json")
    assert (answer.status_code, answer.json()["days"]) == (200, {"since": None, "before": None})
    former.refresh_from_db()
    assert former.valid.upper is None
    assert client.post(f"/api/v1/accounts/{made['id']}/cancel/", {"reason": "误"}, format="json").status_code == 409


@pytest.mark.law("HY-47")
def test_by_sql_no_account_loses_or_regains_days(cast, land):
    told = {"holder": "户", "bank": "行", "number": "62000", "begins": TOMORROW, "today": TODAY}
    made = set_account(cast.system, land.county_bureau, route="treasury", **told)
    for pk, days in ((made.pk, "empty"), (made.replaces_id, "[2020-01-01,)"), (made.pk, "[2020-01-01,)")):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE funds_account SET valid = %s WHERE id = %s", [days, pk])


@pytest.mark.law("PL-44", "HY-48")
def test_a_past_day_asks_why_and_none_is_entered_before_what_a_paper_told(store, cast, land, provider):
    place = land.county_bureau
    told = {"authority": place.code, "address": "新街3号", "contact": "法规科", "phone": "0999-12345"}
    past = told | {"begins": (TODAY - timedelta(days=3)).isoformat()}
    client = at(cast.admin)
    assert "reason" in client.post(reverse("web:office-add"), past).context["form"].errors
    answer = at(cast.admin, APIClient).post("/api/v1/offices/", past, format="json")
    assert (answer.status_code, set(answer.json()["errors"])) == (422, {"reason"})
    assert client.post(reverse("web:office-add"), past | {"reason": "搬迁晚报"}).status_code == 302
    assert "搬迁晚报" in client.get(reverse("web:offices")).content.decode()
    made = place.office_on(TODAY)
    assert made.address == "新街3号"
    served(cast, provider)  # a notice tells the party to come there
    later = told | {"address": "又迁", "begins": TODAY.isoformat()}
    for answer in (
        client.post(reverse("web:office-add"), later),
        client.post(reverse("web:office-add"), later | {"reason": "补录"}),
    ):
        assert "begins" in answer.context["form"].errors
    with pytest.raises(StaffRefused, match="据此"):
        cancel_office(cast.admin, made, reason="误", today=TODAY)
    assert client.post(reverse("web:office-add"), later | {"begins": TOMORROW.isoformat()}).status_code == 302


def test_the_form_says_what_it_will_end_and_on_which_day(cast, land):
    place = land.county_bureau
    former = Account.objects.get(authority=place, route="treasury")
    client, url = at(cast.admin), reverse("funds:account-add")
    shown = client.get(url).content.decode()
    assert 'id="follows"' in shown
    asked = an_account(place) | {"follows": "1"}
    line = client.post(url, asked, headers={"HX-Request": "true"}).content.decode()
    assert str(former) in line
    assert f"{TODAY.year}" in line
    assert "<form" not in line
    nothing = client.post(url, asked | {"begins": ""}, headers={"HX-Request": "true"}).content.decode()
    assert str(former) not in nothing
    early = client.post(url, asked | {"begins": "2019-01-01"}, headers={"HX-Request": "true"}).content.decode()
    assert "bad" in early
    assert Account.objects.filter(authority=place, route="treasury").count() == 1

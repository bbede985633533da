"""Accounts, posts and certificates: three administrators with separate powers, every change found in the history."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import expect
from rest_framework.test import APIClient

from inspections.draws.models import Draw, YearPlan
from inspections.draws.rolls import inspector_rows
from supervision.parties.actors import actors_of
from supervision.parties.models import Certificate, Post, StaffEvent, User
from supervision.parties.roles import Role
from supervision.parties.services import staff
from supervision.parties.services.staff import StaffRefused
from tests.browser import assert_accessible
from tests.cast import person as hired

pytestmark = pytest.mark.django_db
SIGN_IN = "django.contrib.auth.backends.ModelBackend"
TODAY = timezone.localdate()
LATER = TODAY + timedelta(days=365)


def signed_in(actor):
    client = Client()
    client.force_login(actor.user, backend=SIGN_IN)
    return client


def api(actor):
    client = APIClient()
    client.force_login(actor.user, backend=SIGN_IN)
    return client


def added(cast, land, username="X100"):
    person, password = staff.add_staff(
        cast.admin, username=username, name="新某", phone="13800000000", employer=land.county_bureau, today=TODAY
    )
    return person, password


def given(cast, land, person, role=Role.BUREAU_OFFICER, by=None, **more):
    facts = {"authority": land.county_bureau, "role": role, "section": "", "first": TODAY, "last": None} | more
    return staff.give_post(by or cast.security_admin, person, **facts, today=TODAY)


def certified(cast, person, last=LATER, first=TODAY, number="试X100"):
    return staff.add_certificate(
        cast.security_admin, person, kind="enforcement", number=number, areas=[], first=first, last=last, today=TODAY
    )


def verbs(person):
    return list(StaffEvent.objects.filter(person=person).order_by("pk").values_list("verb", flat=True))


def test_from_the_account_to_the_post_to_the_certificate_and_back(cast, land):
    person, _password = added(cast, land)
    assert actors_of(person, TODAY) == []
    post = given(cast, land, person, section="监督科")
    assert [actor.roles for actor in actors_of(person, TODAY)] == [{Role.BUREAU_OFFICER}]
    certificate = certified(cast, person)
    staff.renew_certificate(
        cast.security_admin, person, certificate=certificate, last=LATER + timedelta(days=30), today=TODAY
    )
    staff.revoke_certificate(cast.security_admin, person, certificate=certificate, reason="调离", today=TODAY)
    staff.end_post(cast.security_admin, person, post=post, last=TODAY - timedelta(days=1), reason="调离", today=TODAY)
    staff.disable(cast.admin, person, reason="调离", today=TODAY)
    staff.enable(cast.admin, person, reason="调回", today=TODAY)
    assert actors_of(person, TODAY) == []
    assert not Certificate.objects.filter(user=person, valid__contains=TODAY).exists()
    assert verbs(person) == [
        "added", "post_given", "certificate_added", "certificate_renewed", "certificate_revoked", "post_ended",
        "disabled", "enabled",
    ]  # fmt: skip
    assert {event.by for event in StaffEvent.objects.filter(verb="post_given")} == {cast.security_admin.user}


@pytest.mark.parametrize("who", ["admin", "audit_admin", "head", "officer"])
def test_only_the_security_administrator_gives_posts_and_certificates(cast, land, who):
    person, _password = added(cast, land)
    with pytest.raises(StaffRefused, match="安全管理员"):
        given(cast, land, person, by=getattr(cast, who))
    with pytest.raises(StaffRefused, match="安全管理员"):
        staff.add_certificate(
            getattr(cast, who), person, kind="audit", number="试1", areas=[], first=TODAY, last=LATER, today=TODAY
        )
    assert not Post.objects.filter(user=person).exists()


@pytest.mark.parametrize("who", ["security_admin", "audit_admin", "head", "officer"])
def test_only_the_system_administrator_keeps_accounts(cast, land, who):
    by, person = getattr(cast, who), cast.second_officer.user
    for act in (staff.disable, staff.reset_password, staff.reset_second_factor):
        with pytest.raises(StaffRefused, match="系统管理员"):
            act(by, person, reason="试", today=TODAY)
    with pytest.raises(StaffRefused):
        staff.add_staff(by, username="X", name="某", phone="", employer=land.city_bureau, today=TODAY)


def test_nobody_gives_themselves_anything(cast, land):
    with pytest.raises(StaffRefused, match="本人"):
        given(cast, land, cast.security_admin.user, authority=land.city_bureau)
    with pytest.raises(StaffRefused, match="本人"):
        staff.reset_password(cast.admin, cast.admin.user, reason="忘记", today=TODAY)


def test_an_administrator_holds_no_other_post(cast, land):
    with pytest.raises(StaffRefused, match="兼任"):
        given(cast, land, cast.admin.user)
    with pytest.raises(StaffRefused, match="兼任"):
        given(cast, land, cast.admin.user, role=Role.AUDIT_ADMIN, authority=land.city_bureau)
    with pytest.raises(StaffRefused, match="兼任"):
        given(cast, land, cast.officer.user, role=Role.SYSTEM_ADMIN)


def test_the_last_administrator_stays(cast, land):
    with pytest.raises(StaffRefused, match="无人"):
        staff.end_post(
            cast.security_admin, cast.audit_admin.user, post=cast.audit_admin.user.posts.get(), last=TODAY,
            reason="试", today=TODAY,
        )  # fmt: skip
    with pytest.raises(StaffRefused, match="无人"):
        staff.disable(cast.admin, cast.security_admin.user, reason="试", today=TODAY)


def test_a_countys_administrators_reach_no_further(cast, land):
    system = hired("county_admin", land.county_bureau, Role.SYSTEM_ADMIN)
    security = hired("county_security", land.county_bureau, Role.SECURITY_ADMIN)
    seen = staff.staff_seen_by(system, TODAY)
    assert cast.officer.user in seen
    assert cast.clerk.user in seen
    assert cast.twin_officer.user not in seen
    assert cast.city_officer.user not in seen
    with pytest.raises(StaffRefused, match="其他单位"):
        staff.disable(system, cast.twin_officer.user, reason="试", today=TODAY)
    with pytest.raises(StaffRefused, match="管理范围"):
        given(cast, land, cast.officer.user, by=security, authority=land.twin_bureau)
    for who in (system, security):
        for path in ("", "give-post/", "disable/"):
            address = f"/staff/{cast.twin_officer.user.pk}/{path}"
            assert signed_in(who).get(address).status_code == 404
        assert api(who).get(f"/api/v1/staff/{cast.twin_officer.user.pk}/").status_code == 404


def test_posts_overlap_and_end_within_reason(cast, land):
    person, _password = added(cast, land)
    post = given(cast, land, person)
    with pytest.raises(StaffRefused, match="已任此岗位"):
        given(cast, land, person, first=TODAY + timedelta(days=5))
    with pytest.raises(StaffRefused, match="最早为昨日"):
        staff.end_post(cast.security_admin, person, post=post, last=TODAY - timedelta(days=2), reason="试", today=TODAY)
    future = given(cast, land, person, role=Role.LEGAL_REVIEWER, first=LATER)
    ended = staff.end_post(cast.security_admin, person, post=future, last=TODAY, reason="取消", today=TODAY)
    assert ended.valid.isempty
    with pytest.raises(StaffRefused, match="已终止"):
        staff.end_post(cast.security_admin, person, post=future, last=TODAY, reason="取消", today=TODAY)


@pytest.mark.parametrize("table", ["parties_staffevent", "parties_post", "parties_certificate"])
def test_the_database_keeps_posts_certificates_and_history(cast, land, table):
    person, _password = added(cast, land)
    given(cast, land, person)
    certified(cast, person)
    with pytest.raises(DatabaseError, match="kept"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608
    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE parties_staffevent SET verb = 'enabled'")


def test_a_one_time_password_opens_only_the_page_that_replaces_it(cast, land, settings):
    person, password = added(cast, land)
    given(cast, land, person)
    client = Client()
    client.post("/sign-in/", {"username": "X100", "password": password})
    assert client.get("/").url == reverse("web:password")
    assert APIClient().get("/api/v1/dossiers/").status_code == 401
    caller = APIClient()
    caller.force_login(User.objects.get(pk=person.pk), backend=SIGN_IN)
    assert caller.get("/api/v1/dossiers/").status_code == 403
    own = "own-words-of-mine-8"
    client.post(reverse("web:password"), {"old_password": password, "new_password1": own, "new_password2": own})
    assert client.get("/").status_code == 200
    assert verbs(person)[-1] == "password_chosen"


def test_a_one_time_password_expires(cast, land):
    person, password = added(cast, land)
    User.objects.filter(pk=person.pk).update(one_time_until=timezone.now() - timedelta(minutes=1))
    answer = Client().post("/sign-in/", {"username": "X100", "password": password})
    assert "一次性密码已过期" in answer.content.decode()


def test_disabling_ends_the_sessions_at_once(cast):
    client = signed_in(cast.officer)
    assert client.get("/").status_code == 200
    staff.disable(cast.admin, cast.officer.user, reason="离职", today=TODAY)
    assert client.get("/").url.startswith("/sign-in/")


def test_a_lost_phone_is_forgotten(cast):
    TOTPDevice.objects.create(user=cast.officer.user, confirmed=True, name="totp")
    staff.reset_second_factor(cast.admin, cast.officer.user, reason="手机遗失", today=TODAY)
    assert not TOTPDevice.objects.filter(user=cast.officer.user).exists()
    with pytest.raises(StaffRefused, match="未设置"):
        staff.reset_second_factor(cast.admin, cast.officer.user, reason="手机遗失", today=TODAY)


@pytest.mark.law("HY-32")
@pytest.mark.parametrize(
    ("first", "last", "eligible"),
    [(TODAY, LATER, True), (date(2020, 1, 1), TODAY, True), (date(2020, 1, 1), TODAY - timedelta(days=1), False),
     (TODAY + timedelta(days=1), LATER, False)],
)  # fmt: skip
def test_an_expired_certificate_is_neither_drawn_nor_counted_on_site(cast, land, task, first, last, eligible):
    officer = cast.officer.user
    held = officer.certificates.get()
    held.valid = (first, last + timedelta(days=1))
    held.save()
    plan = YearPlan(authority=land.county_bureau, include_below=False)
    draw = Draw(authority=land.county_bureau, plan=plan, draw_at=timezone.now())
    assert (held.number in [row[0] for row in inspector_rows(draw)]) is eligible
    assert (officer in task.certified(TODAY)) is eligible


@pytest.mark.law("HY-32")
def test_a_revoked_certificate_counts_no_longer(cast, task):
    officer = cast.officer.user
    assert officer in task.certified(TODAY)
    staff.revoke_certificate(
        cast.security_admin, officer, certificate=officer.certificates.get(), reason="调离", today=TODAY
    )
    assert officer not in task.certified(TODAY)


def test_the_list_shows_who_is_what(cast, land):
    page = signed_in(cast.admin).get(reverse("web:staff"))
    text = page.content.decode()
    assert "示例officer" in text
    assert "甲县医疗保障局" in text
    narrowed = signed_in(cast.security_admin).get(
        reverse("web:staff"), {"role": "bureau_officer", "certificate": "valid", "q": "officer", "active": "True"}
    )
    names = {cell for line in narrowed.context["lines"] for column, cell in line if column.name == "username"}
    assert names == {"officer", "second_officer", "city_officer", "twin_officer"}
    for who in (cast.officer, cast.clerk, cast.hospital):
        assert signed_in(who).get(reverse("web:staff")).status_code == 403
        assert signed_in(who).get(f"/staff/{cast.officer.user.pk}/").status_code == 404
    assert len(signed_in(cast.head).get(reverse("web:staff")).context["lines"]) > 0


def test_the_list_asks_the_same_however_many(cast, land, django_assert_max_num_queries):
    for n in range(25):
        person, _password = added(cast, land, f"X{n:03d}")
        given(cast, land, person)
        certified(cast, person, number=f"试X{n:03d}")
    client = signed_in(cast.admin)
    client.get(reverse("web:staff"))
    with django_assert_max_num_queries(13):
        client.get(reverse("web:staff"))


def test_each_administrator_is_offered_what_is_theirs(cast, land):
    address = f"/staff/{cast.officer.user.pk}/"
    offered = {
        who: [name for name, _act in signed_in(getattr(cast, who)).get(address).context["acts"]]
        for who in ("admin", "security_admin", "audit_admin", "head")
    }
    assert offered == {
        "admin": ["reset-password", "reset-second-factor", "disable"],
        "security_admin": ["give-post", "end-post", "add-certificate", "renew-certificate", "revoke-certificate"],
        "audit_admin": [],
        "head": [],
    }
    for who, name in (("admin", "give-post"), ("security_admin", "disable"), ("audit_admin", "disable")):
        client = signed_in(getattr(cast, who))
        assert client.get(f"{address}{name}/").status_code == 403
        assert client.post(f"{address}{name}/", {"reason": "试"}).status_code == 403
    assert signed_in(cast.admin).get(f"{address}nothing/").status_code == 404


def test_over_the_pages(cast, land):
    system, security = signed_in(cast.admin), signed_in(cast.security_admin)
    form = {"username": "X200", "name": "新某", "phone": "13800000000", "employer": land.county_bureau.code}
    assert system.post(reverse("web:staff-add"), form | {"username": "officer"}).status_code == 422
    made = system.post(reverse("web:staff-add"), form)
    assert made.headers["Cache-Control"] == "no-store, private"
    person = User.objects.get(username="X200")
    address = f"/staff/{person.pk}/"
    assert "13800000000" not in system.get(address).content.decode()
    post = {"authority": land.county_bureau.code, "role": "bureau_officer", "first": str(TODAY)}
    assert security.post(f"{address}give-post/", post).url == address
    assert security.post(f"{address}give-post/", post).status_code == 422
    text = signed_in(cast.audit_admin).get(address).content.decode()
    assert "授予岗位" in text
    assert "在任" in text


def test_over_the_api(cast, land):
    body = {"username": "X300", "name": "新某", "employer": land.county_bureau.code}
    made = api(cast.admin).post("/api/v1/staff/", body, format="json")
    assert made.status_code == 201, made.content
    assert (made.headers["Cache-Control"], len(made.json()["one_time_password"]) >= 12) == ("no-store", True)
    at = made.headers["Location"]
    assert api(cast.security_admin).post("/api/v1/staff/", body, format="json").status_code == 403
    assert api(cast.admin).post("/api/v1/staff/", body, format="json").status_code == 409
    post = {"authority": land.county_bureau.code, "role": "bureau_officer", "first": str(TODAY)}
    assert api(cast.admin).post(f"{at}acts/give-post/", post, format="json").status_code == 403
    answer = api(cast.security_admin).post(f"{at}acts/give-post/", post, format="json")
    assert (answer.status_code, answer.json()["posts"][0]["role"]) == (200, "bureau_officer")
    assert [event["verb"] for event in answer.json()["history"]] == ["post_given", "added"]
    again = api(cast.security_admin).post(f"{at}acts/give-post/", post, format="json")
    assert again.status_code == 409
    assert "已任此岗位" in again.json()["detail"]
    wrong = api(cast.security_admin).post(f"{at}acts/give-post/", post | {"role": "king"}, format="json")
    assert (wrong.status_code, set(wrong.json()["errors"])) == (422, {"role"})
    areas = {"kind": "enforcement", "number": "试X300", "first": str(TODAY), "last": str(LATER),
             "areas": [land.county_region.code]}  # fmt: skip
    told = api(cast.security_admin).post(f"{at}acts/add-certificate/", areas, format="json").json()
    assert told["certificates"][0]["areas"] == [land.county_region.code]
    password = api(cast.admin).post(f"{at}acts/reset-password/", {"reason": "遗忘"}, format="json").json()
    assert User.objects.get(username="X300").check_password(password["one_time_password"])
    for who, status in ((cast.officer, 403), (cast.hospital, 403), (cast.audit_admin, 200), (cast.head, 200)):
        assert api(who).get("/api/v1/staff/").status_code == status
    assert api(cast.officer).get(at).status_code == 404
    assert api(cast.audit_admin).post(f"{at}acts/disable/", {"reason": "试"}, format="json").status_code == 403


@pytest.mark.parametrize("width", [1360, 390])
def test_in_a_browser(visit, cast, land, width):
    person, _password = added(cast, land)
    given(cast, land, person)
    certified(cast, person)
    page = visit(reverse("web:staff"), cast.admin.user, width)
    assert_accessible(page)
    page.get_by_role("link", name="新增人员").click()
    page.locator("#dialog input[name=username]").fill("X400")
    page.locator("#dialog input[name=name]").fill("又某")
    assert_accessible(page)
    page.locator("#dialog").get_by_role("button", name="新增").click()
    page.locator("#one-time").wait_for()
    assert_accessible(page)
    page.get_by_role("link", name="查看人员页面").click()
    expect(page.get_by_role("heading", name="又某")).to_be_visible()
    page = visit(f"/staff/{person.pk}/", cast.security_admin.user, width)
    assert_accessible(page)
    page.get_by_role("link", name="终止岗位").click()
    page.locator("#dialog textarea").fill("调离")
    page.locator("#dialog select").select_option(index=1)
    assert_accessible(page)
    page.locator("#dialog").get_by_role("button", name="终止岗位").click()
    page.get_by_text("岗位已终止。").wait_for()
    expect(page.locator(".timeline").get_by_text("终止岗位")).to_be_visible()


def test_the_first_administrator_comes_from_the_server(land, capsys):
    """An empty city: the command makes one of each, and no second of a kind."""
    at = ["--authority", land.city_bureau.code, "--name", "首任", "--role"]
    call_command("parties", "administrator", "A001", *at, "system_admin")
    password = capsys.readouterr().out.strip().removeprefix("one_time_password=")
    person = User.objects.get(username="A001")
    assert person.check_password(password)
    assert person.one_time_until is not None
    assert [actor.roles for actor in actors_of(person, TODAY)] == [{Role.SYSTEM_ADMIN}]
    assert verbs(person) == ["added", "post_given"]
    for username, role in (("A002", "system_admin"), ("A001", "audit_admin")):
        with pytest.raises(CommandError):
            call_command("parties", "administrator", username, *at, role)
    with pytest.raises(StaffRefused):
        staff.first_administrator("A003", "某", land.city_bureau, Role.BUREAU_HEAD, TODAY)


@pytest.mark.law("HY-5")
def test_a_post_fits_the_body_it_is_at(cast, land):
    person, _password = added(cast, land)
    with pytest.raises(StaffRefused, match="经办"):
        given(cast, land, person, Role.AGENCY_CLERK)
    with pytest.raises(StaffRefused):
        given(cast, land, person, Role.BUREAU_HEAD, authority=land.county_agency)
    url = reverse("web:staff-act", args=[person.pk, "give-post"])
    asked = {"authority": land.county_agency.code, "role": "bureau_head", "first": TODAY.isoformat()}
    answer = signed_in(cast.security_admin).post(url, asked)
    assert "role" in answer.context["form"].errors
    with pytest.raises(DatabaseError, match="no post of"), transaction.atomic():
        Post.objects.create(user=person, authority=land.county_bureau, role=Role.AUDITOR, valid=(TODAY, None))
    assert not Post.objects.filter(user=person).exists()


@pytest.mark.law("HY-5", "HY-34")
def test_the_account_of_a_system_neither_decides_nor_sits_where_it_does_not_belong(land):
    for role, place in (("agency_clerk", land.county_bureau), ("bureau_head", land.county_bureau)):
        with pytest.raises(CommandError):
            call_command("parties", "machine", "x", "--authority", place.code, "--role", role)
    assert not User.objects.filter(username="x").exists()

"""Who gets in: password, lockout, second factor; and what was typed survives a time-out."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from supervision import settings as product
from supervision.parties.models import User
from supervision.parties.roles import Role

from .conftest import PASSWORD, person

SIGN_IN = "/sign-in/"


def sign_in(client: Client, username: str, password: str = PASSWORD, **extra: str):
    return client.post(SIGN_IN, {"username": username, "password": password, **extra})


def code(device: TOTPDevice, drift: int = 0) -> str:
    return f"{totp(device.bin_key, drift=drift):06d}"


def test_every_page_is_closed_by_default(client: Client, db) -> None:
    for name in ("web:desk", "web:providers", "web:account", "web:help", "web:search"):
        assert client.get(reverse(name)).url.startswith(SIGN_IN)


def test_signing_in_leads_on(client: Client, officer: User) -> None:
    assert sign_in(client, "B001", next="/help/").url == "/help/"


@pytest.mark.parametrize("address", ["https://elsewhere.example/", "//elsewhere.example", "javascript:1"])
def test_signing_in_never_leads_elsewhere(client: Client, officer: User, address: str) -> None:
    assert sign_in(client, "B001", next=address).url == "/"


def test_a_machine_account_has_no_pages(client: Client, officer: User) -> None:
    User.objects.filter(pk=officer.pk).update(is_machine=True)
    assert sign_in(client, "B001").status_code == 200
    assert client.get("/").status_code == 302


def test_five_wrong_passwords_lock_and_say_so(client: Client, officer: User) -> None:
    for _ in range(4):
        assert sign_in(client, "B001", "wrong").status_code == 200
    answer = sign_in(client, "B001", "wrong")
    assert answer.status_code == 429
    assert "15" in answer.content.decode()
    assert sign_in(client, "B001").status_code == 429  # even the right one


def test_passwords_are_kept_as_argon2() -> None:
    assert product.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")


class TestSecondFactor:
    @pytest.fixture(autouse=True)
    def _required(self, settings) -> None:
        settings.SECOND_FACTOR_ROLES = [Role.BUREAU_OFFICER]

    def enrol(self, client: Client, user: User) -> list[str]:
        client.get("/account/second-factor/enrol/")
        device = TOTPDevice.objects.get(user=user)
        answer = client.post("/account/second-factor/enrol/", {"token": code(device)})
        return answer.context["codes"]

    def test_is_asked_for_before_anything_else(self, client: Client, officer: User) -> None:
        sign_in(client, "B001")
        assert client.get("/").url.startswith("/account/second-factor/enrol/")
        assert client.post("/account/place/", {}).url.startswith("/account/second-factor/enrol/")

    def test_others_are_left_alone(self, client: Client, bureau) -> None:
        person("W001", "丙某", (bureau, Role.WITNESS))
        sign_in(client, "W001")
        assert client.get("/").status_code == 200

    def test_enrolling_shows_a_picture_and_then_opens(self, client: Client, officer: User) -> None:
        sign_in(client, "B001")
        page = client.get("/account/second-factor/enrol/").content.decode()
        assert "<svg" in page
        assert "style=" not in page
        assert len(self.enrol(client, officer)) == 10
        assert client.get("/").status_code == 200

    def test_a_wrong_code_does_not_enrol(self, client: Client, officer: User) -> None:
        sign_in(client, "B001")
        client.get("/account/second-factor/enrol/")
        device = TOTPDevice.objects.get(user=officer)
        wrong = f"{(int(code(device)) + 1) % 1_000_000:06d}"
        client.post("/account/second-factor/enrol/", {"token": wrong})
        assert not TOTPDevice.objects.get(user=officer).confirmed

    def test_next_sign_in_asks_for_the_code(self, client: Client, officer: User) -> None:
        sign_in(client, "B001")
        codes = self.enrol(client, officer)
        client.post("/sign-out/")
        sign_in(client, "B001")
        assert client.get("/help/").url == "/account/second-factor/?next=%2Fhelp%2F"
        # nobody gets round it by enrolling another phone
        assert client.get("/account/second-factor/enrol/").url == "/account/second-factor/"
        assert client.post("/account/second-factor/", {"token": codes[0], "next": "/help/"}).url == "/help/"
        assert client.get("/help/").status_code == 200

    def test_a_recovery_code_works_once(self, client: Client, officer: User) -> None:
        sign_in(client, "B001")
        codes = self.enrol(client, officer)
        for expected in (302, 200):
            client.post("/sign-out/")
            sign_in(client, "B001")
            assert client.post("/account/second-factor/", {"token": codes[3]}).status_code == expected

    def test_cannot_be_turned_off_where_required(self, client: Client, officer: User) -> None:
        sign_in(client, "B001")
        self.enrol(client, officer)
        client.post("/account/second-factor/off/")
        assert TOTPDevice.objects.filter(user=officer, confirmed=True).exists()


class TestExpiredSession:
    """A session that ends in mid-form costs a sign-in, never the text."""

    def expire(self) -> None:
        Session.objects.all().delete()

    def typed(self, client: Client):
        return client.post("/account/password/", {"old_password": "secret-old", "reason": "核查三次，病历不符"})

    def test_typed_text_comes_back_to_its_author(self, client: Client, officer: User) -> None:
        sign_in(client, "B001")
        self.expire()
        answer = self.typed(client)
        assert answer.url == "/sign-in/?next=%2Faccount%2Fpassword%2F"
        assert client.get(answer.url).context["kept_input"]
        back = sign_in(client, "B001", next="/account/password/")
        request = client.get(back.url).wsgi_request
        assert request.kept["reason"] == "核查三次，病历不符"
        assert "old_password" not in request.kept
        assert client.get(back.url).wsgi_request.kept is None  # once

    def test_never_to_somebody_else(self, client: Client, officer: User, county_officer: User) -> None:
        sign_in(client, "B001")
        self.expire()
        self.typed(client)
        sign_in(client, "C001")
        assert client.get("/account/password/").wsgi_request.kept is None

    def test_signed_in_anew_in_another_tab_the_form_comes_back(self, officer: User) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(officer)
        remembered = client.get("/account/password/")
        assert remembered.status_code == 200
        old = {"csrfmiddlewaretoken": "a" * 64, "old_password": "secret-old", "reason": "核查三次"}
        here = {"Origin": "http://testserver"}
        refused = client.post("/account/password/", old, headers={**here, "HX-Request": "true"})
        assert refused.headers["HX-Redirect"] == "/account/password/"
        request = client.get("/account/password/").wsgi_request
        assert request.kept["reason"] == "核查三次"
        assert "old_password" not in request.kept

    def test_no_other_site_fills_in_a_form(self, officer: User) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(officer)
        for elsewhere in ({"Origin": "http://elsewhere.example"}, {}):
            answer = client.post("/account/password/", {"reason": "外来"}, headers=elsewhere)
            assert answer.status_code == 403
            assert "外来" not in answer.content.decode()
            assert client.get("/account/password/").wsgi_request.kept is None

    def test_a_button_with_nothing_typed_is_explained(self, officer: User) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(officer)
        answer = client.post("/sign-out/", {}, headers={"Origin": "http://testserver"})
        assert answer.status_code == 403
        assert "页面已经过期" in answer.content.decode()

    def test_who_has_no_cookies_left_can_copy_the_text(self) -> None:
        client = Client(enforce_csrf_checks=True)
        here = {"Origin": "http://testserver"}
        answer = client.post("/account/password/", {"old_password": "secret-old", "reason": "核查三次"}, headers=here)
        assert answer.status_code == 403
        assert "核查三次" in answer.content.decode()
        assert "secret-old" not in answer.content.decode()

    def test_htmx_is_sent_to_sign_in_as_a_page(self, client: Client, officer: User) -> None:
        answer = client.get("/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/help/"})
        assert answer.status_code == 204
        assert answer.headers["HX-Redirect"] == "/sign-in/?next=%2Fhelp%2F"


def test_language_is_the_readers_choice_not_the_browsers(desk: Client) -> None:
    assert 'lang="zh-CN"' in desk.get("/", headers={"Accept-Language": "en"}).content.decode()
    desk.post("/account/language/", {"language": "en", "next": "/"})
    page = desk.get("/").content.decode()
    assert 'lang="en"' in page
    assert "Desk" in page


def test_acting_at_another_place(client: Client, bureau, county_bureau) -> None:
    user = person("D001", "丁某", (bureau, Role.BUREAU_OFFICER), (county_bureau, Role.BUREAU_HEAD))
    client.force_login(user)
    assert client.get("/").context["actor"].authority == bureau
    client.post("/account/place/", {"place": county_bureau.pk})
    assert client.get("/").context["actor"].authority == county_bureau
    client.post("/account/place/", {"place": 10**12})
    assert client.get("/").context["actor"].authority == county_bureau


def test_a_person_without_a_post_sees_nothing(client: Client, db) -> None:
    client.force_login(person("E001", "戊某"))
    assert client.get("/").status_code == 200
    assert client.get("/parties/providers/").context["page"].rows == []


def test_pages_forbid_inline_script_and_style(desk: Client) -> None:
    answer = desk.get("/parties/providers/")
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    text = answer.content.decode()
    assert " style=" not in text
    assert "<style" not in text
    assert "onclick" not in text


@pytest.mark.parametrize("path", ["/nope/", "/parties/999999/"])
def test_what_is_not_there_is_said_kindly(desk: Client, path: str) -> None:
    answer = desk.get(path)
    assert answer.status_code == 404
    assert "管辖范围" in answer.content.decode()


def test_a_failed_form_protection_is_explained(officer: User) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(SIGN_IN, {"username": "B001", "password": PASSWORD})
    assert answer.status_code == 403
    assert "页面已经过期" in answer.content.decode()

"""HY-2, HY-48: whoever changes a register, by service, page, API, shell or SQL, leaves a row in its history."""

import json

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from funds.models import Account
from supervision.operations.rotation import rotate
from supervision.parties.models import Authority, Office, Party, Post, Provider, RegisterChange, User
from supervision.parties.services.registers import take_in
from supervision.parties.services.staff import disable
from supervision.records.verification import verify
from tests.cast import a_provider

pytestmark = [pytest.mark.django_db, pytest.mark.law("HY-2", "HY-48")]
SIGN_IN = "django.contrib.auth.backends.ModelBackend"
TODAY = timezone.localdate()


def at(actor, client_class=Client):
    client = client_class()
    client.force_login(actor.user, backend=SIGN_IN)
    return client


def sql(text, *values):
    with connection.cursor() as cursor:
        cursor.execute(text, values)


def last():
    return RegisterChange.objects.latest("pk")


def outside():
    return [(fault.where, fault.what) for fault in verify().faults]


def test_by_a_service_a_page_and_the_api_it_says_who_and_by_what(store, cast, land):
    assert verify().faults == []
    clerk = cast.city_clerk.user
    disable(cast.admin, clerk, reason="离职", today=TODAY)
    change = last()
    assert (change.register, change.row, change.act) == ("parties_user", clerk.pk, "disable")
    assert (change.by, change.at_authority, change.before, change.after) == (
        cast.admin.user, land.city_bureau, {"is_active": True}, {"is_active": False},
    )  # fmt: skip
    told = {"authority": land.county_bureau.code, "address": "新街3号", "contact": "科", "phone": "0999-12345"}
    told |= {"begins": str(TODAY)}
    assert at(cast.admin).post(reverse("web:office-add"), told).status_code == 302
    told["authority"] = land.county_agency.code
    assert at(cast.admin, APIClient).post("/api/v1/offices/", told, format="json").status_code == 201
    made = RegisterChange.objects.filter(register="parties_office", by=cast.admin.user)
    assert sorted(made.values_list("what", flat=True)) == ["insert", "insert", "update", "update"]
    assert verify().faults == []


def test_a_list_taken_in_says_so(store, cast, land, provider):
    content = (
        f"code,name,region,sort,ownership\n{provider.code},示例·改名医院,{land.county_region.code},hospital,public\n"
    )
    take_in(
        "providers", content.encode(), "list.csv", regions=[land.county_region], by=cast.admin.user,
        authority=land.city_bureau,
    )  # fmt: skip
    acts = RegisterChange.objects.filter(party=provider.pk, what="update").values_list("act", "by")
    assert set(acts) == {("take_in", cast.admin.user.pk)}
    assert verify().faults == []


STRAY = {"route": "fiscal", "holder": "己", "bank": "行", "number": "666666", "valid": (TODAY, None)}
BY_HAND = [
    ("parties_party", lambda land: Party.objects.filter(kind="provider").update(name="改")),
    ("parties_provider", lambda land: Provider.objects.update(uscc="91X")),
    ("parties_provider", lambda land: sql("UPDATE parties_provider SET level = '3', sort = 'clinic'")),
    ("parties_authority", lambda land: Authority.objects.filter(code="B990121").update(parent=None)),
    ("parties_user", lambda land: User.objects.filter(username="clerk").update(is_superuser=True)),
    ("parties_user", lambda land: User.objects.filter(username="clerk").update(password="x")),
    ("parties_post", lambda land: Post.objects.filter(user__username="clerk").update(role="finance")),
    ("parties_office", lambda land: Office.objects.filter(authority=land.city_bureau).update(phone="1")),
    ("parties_office", lambda land: sql("DELETE FROM parties_office WHERE id = (SELECT max(id) FROM parties_office)")),
    ("funds_account", lambda land: Account.objects.bulk_create([Account(authority=land.city_agency, **STRAY)])),
]


@pytest.mark.parametrize(("table", "act"), BY_HAND)
def test_by_hand_it_is_told_as_such_and_named(store, cast, land, provider, table, act):
    act(land)
    change = last()
    assert (change.register, change.is_outside, change.by) == (table, True, None)
    assert change.db_role
    assert outside()
    for where, what in outside():
        assert where.startswith(f"register {table} ")
        assert "by no service" in what


def test_a_model_saved_in_a_shell_after_a_service_of_the_same_transaction_is_still_outside(store, cast, provider):
    disable(cast.admin, cast.city_clerk.user, reason="离职", today=TODAY)
    provider.address = "别处"
    provider.save()
    assert [where for where, _what in outside()] == [f"register parties_provider {provider.pk}"]


def test_pages_tell_it_and_mark_what_came_from_outside(store, cast, land, provider):
    sql("UPDATE parties_provider SET uscc = '91OUTSIDE', address = '某处' WHERE party_ptr_id = %s", provider.pk)
    sql("UPDATE parties_user SET is_superuser = true WHERE id = %s", cast.city_clerk.user.pk)
    sql("UPDATE parties_authority SET word = '改字' WHERE party_ptr_id = %s", land.county_bureau.pk)
    sql("UPDATE parties_office SET phone = '110' WHERE authority_id = %s", land.county_bureau.pk)
    file = at(cast.officer).get(reverse("web:party", args=[provider.pk])).content.decode()
    person = at(cast.admin).get(reverse("web:staff-person", args=[cast.city_clerk.user.pk])).content.decode()
    offices = at(cast.admin).get(reverse("web:offices")).content.decode()
    for page, said in ((file, "91OUTSIDE"), (person, "是"), (offices, "改字"), (offices, "110")):
        assert "变更记录" in page
        assert "未经本系统" in page
        assert said in page
    assert "变更记录" not in at(cast.hospital).get(reverse("web:party", args=[provider.pk])).content.decode()
    assert "改字" not in at(cast.twin_officer).get(reverse("web:offices")).content.decode()


def test_nothing_encrypted_lands_there_and_keys_may_be_rotated(store, cast, land, settings):
    content = f"code,name,profession,provider,licence\nD1,某,physician,{_provider(land)},110990121000001\n"
    taken = take_in("practitioners", content.encode(), "l.csv", regions=[land.county_region], by=None, authority=None)
    assert taken.new == 1
    User.objects.filter(pk=cast.clerk.user.pk).update(phone="13912345678")
    told = json.dumps(list(RegisterChange.objects.values_list("before", "after")), ensure_ascii=False)
    for secret in ("110990121000001", "13912345678", User.objects.first().password):
        assert secret not in told
    assert set(last().after) == {"phone"}
    assert last().after["phone"].startswith("sha256:")
    before = verify().faults
    settings.FIELD_KEYS = ["a newer key", *settings.FIELD_KEYS]
    assert rotate(User, User._meta.get_field("phone")) == 1
    assert (last().act, verify().faults) == ("rotate_keys", before)


def _provider(land):
    return a_provider("H99012100077", "示例·一院", land.county_region).code


def test_the_history_is_only_added_to(store, land):
    sql("SET LOCAL supervision.allow_truncate = off")
    for change in (
        "DELETE FROM parties_registerchange",
        "UPDATE parties_registerchange SET act = 'enter'",
        "TRUNCATE parties_registerchange",
        "TRUNCATE parties_office",
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            sql(change)


def test_below_the_triggers_it_is_found_all_the_same(store, cast, land, provider):
    sql("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    sql("SET session_replication_role = replica")
    sql(
        "UPDATE funds_account SET number = '666666' WHERE authority_id = %s AND route = 'treasury'", land.city_bureau.pk
    )
    sql("UPDATE parties_user SET is_superuser = true WHERE id = %s", cast.clerk.user.pk)
    sql("SET session_replication_role = origin")
    found = outside()
    account = Account.objects.get(number="666666")
    assert (f"register funds_account {account.pk}", "row altered: number") in found
    assert (f"register parties_user {cast.clerk.user.pk}", "row altered: is_superuser") in found
    sql("ALTER TABLE parties_provider DISABLE TRIGGER register_changed")
    assert ("register parties_provider", "is not watched by the database") in outside()


def said(change):
    return json.dumps({"act": change.act, "by": change.by_id, "at": change.at_authority_id, "mark": change.mark})


def test_a_session_that_only_says_it_is_a_service_is_found_out(store, cast, provider):
    forged = json.dumps({"act": "enter", "by": cast.admin.user.pk, "at": None, "mark": "00:00"})
    sql("SELECT set_config('supervision.served', %s, true)", forged)
    Provider.objects.filter(pk=provider.pk).update(level="3")
    sql("SELECT set_config('supervision.served', '', true)")
    assert [what for _where, what in outside()] == ["update says falsely that it came by 'enter'"]


@pytest.mark.django_db(transaction=True)
def test_what_a_service_said_is_good_for_its_own_transaction_alone(store, cast, provider):
    disable(cast.admin, cast.city_clerk.user, reason="离职", today=TODAY)
    heard = said(last())
    with transaction.atomic():
        sql("SELECT set_config('supervision.served', %s, true)", heard)
        Provider.objects.filter(pk=provider.pk).update(level="3")
    assert [where for where, _what in outside()] == [f"register parties_provider {provider.pk}"]
    with transaction.atomic():
        Provider.objects.filter(pk=provider.pk).update(level="2")
    assert last().is_outside

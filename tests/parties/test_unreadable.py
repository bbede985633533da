"""An encrypted text that somebody altered by hand, or whose key is gone, is shown as such and never written over."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from supervision.parties.crypto import Undecipherable, Unreadable, clear
from supervision.parties.masks import mask_id, mask_name
from supervision.parties.models import User
from supervision.parties.served import serving
from tests.parties.test_staff import SIGN_IN, added

pytestmark = [pytest.mark.django_db, pytest.mark.law("HY-38")]
WRITTEN = ["13900000000", "00000000:AAAA", "{key}:AAAA", "{key}:not base64", "{key}:"]


def stored(person):
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM parties_user WHERE id = %s", [person.pk])
        return cursor.fetchone()[0]


def written(person, text):
    key = stored(person).partition(":")[0]
    with serving("by hand"), connection.cursor() as cursor:
        cursor.execute("UPDATE parties_user SET phone = %s WHERE id = %s", [text.format(key=key), person.pk])


@pytest.mark.parametrize("text", WRITTEN)
def test_one_unreadable_text_hides_no_page_and_is_kept_as_it_was(cast, land, text):
    person, _password = added(cast, land)
    written(person, text)
    before = stored(person)
    browser = Client()
    browser.force_login(cast.admin.user, backend=SIGN_IN)
    for page in (reverse("web:staff"), reverse("web:staff-person", args=[person.pk])):
        answer = browser.get(page)
        assert answer.status_code == 200
        assert "新某" in answer.content.decode()
    kept = User.objects.get(pk=person.pk)
    with serving("rename", user=cast.admin.user):
        kept.name = "新名"
        kept.save()
    assert stored(person) == before


def test_it_says_that_it_cannot_be_read_and_nothing_rests_on_it():
    text = Unreadable("00000000:AAAA")
    assert mask_id(text) == mask_name(text) == text == "（无法解密）"
    with pytest.raises(Undecipherable):
        clear(text)
    assert clear("read") == "read"

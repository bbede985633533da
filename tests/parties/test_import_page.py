"""The page by which lists come in: look first, then apply; the system administrator's alone."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from supervision.parties.models import Provider
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

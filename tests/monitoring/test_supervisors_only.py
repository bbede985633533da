"""Claims, rules and alerts are read by those who supervise: by no provider, witness or administrator of the system."""

import pytest
from django.test import Client
from django.urls import reverse

from monitoring.urls import PLACES

ARGUMENTS = {"pk": 1, "verb": "confirm", "table": "settlement"}


@pytest.mark.django_db
@pytest.mark.law("HY-38")
@pytest.mark.parametrize("who", ["hospital", "witness", "admin", "security_admin"])
def test_no_page_of_monitoring_opens_for_others(cast, provider, who):
    client = Client()
    client.force_login(getattr(cast, who).user, backend="django.contrib.auth.backends.ModelBackend")
    opened = {}
    for route, _view, name in PLACES:
        given = {key: value for key, value in ARGUMENTS.items() if f":{key}>" in route}
        opened[name] = client.get(reverse(f"monitoring:{name}", kwargs=given)).status_code
    assert opened == dict.fromkeys(opened, 403)
    client.force_login(cast.officer.user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("monitoring:rules")).status_code == 200

import pytest
from django.test import Client


@pytest.mark.django_db
def test_probes_answer_whatever_the_host_name_and_without_https(settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["funds.example.cn"]
    client = Client(headers={"host": "10.0.0.7"})
    assert client.get("/healthz").content == b"ok\n"
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"database": True, "broker": True})


@pytest.mark.django_db
def test_a_silent_broker_makes_the_system_not_ready_but_alive(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    ready = Client().get("/readyz")
    assert (ready.status_code, ready.json()) == (503, {"database": True, "broker": False})
    assert Client().get("/healthz").status_code == 200


@pytest.mark.django_db
def test_counters_are_only_for_who_holds_the_token(settings):
    settings.METRICS_TOKEN = ""
    assert Client().get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "a token"
    assert Client().get("/metrics").status_code == 401
    assert Client(headers={"authorization": "Bearer other"}).get("/metrics").status_code == 401
    given = Client(headers={"authorization": "Bearer a token"}).get("/metrics")
    assert given.status_code == 200
    assert b"django_http_requests" in given.content

"""What machines ask of the system: is it alive, can it work, how is it doing."""

import hmac
import logging
from collections.abc import Callable

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView

log = logging.getLogger(__name__)


def answer_probes(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, first in line: probes come by address and in the clear, before host names, sessions and HTTPS count.

    /healthz: 200 as long as the process answers. /readyz: 200 when database and broker answer, else 503.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return HttpResponse("ok\n", content_type="text/plain")
        if request.path == "/readyz":
            found = {"database": _database_answers(), "broker": _broker_answers()}
            return JsonResponse(found, status=200 if all(found.values()) else 503)
        return get_response(request)

    return middleware


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        log.warning("database_unreachable", exc_info=True)
        return False
    return True


def _broker_answers() -> bool:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=3, socket_connect_timeout=3) as broker:
            return bool(broker.ping())
    except redis.RedisError:
        log.warning("broker_unreachable", exc_info=True)
        return False


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Counters for Prometheus, for whoever holds `METRICS_TOKEN`; without that setting there is no such page."""
    if not settings.METRICS_TOKEN:
        raise Http404
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode()):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    return ExportToDjangoView(request)


urlpatterns = [path("metrics", metrics, name="metrics")]

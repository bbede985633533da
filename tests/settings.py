"""The product's settings, with the toy procedure beside it and only what makes tests quick."""

import os
from urllib.parse import urlsplit, urlunsplit


def _own_redis_databases(worker: int) -> None:
    """Each parallel worker takes a queue and a cache of its own among the sixteen databases, away from number 0.

    Done here, before the settings are read: pytest-django reads them in a worker earlier than any conftest.
    """
    for name, last in (("REDIS_URL", 15), ("CACHE_URL", 7)):
        parts = urlsplit(os.environ.get(name) or os.environ["REDIS_URL"])
        os.environ[name] = urlunsplit(parts._replace(path=f"/{last - worker % 7}"))


if _worker := os.environ.get("PYTEST_XDIST_WORKER"):
    _own_redis_databases(int(_worker.removeprefix("gw")))

from supervision.settings import *  # noqa: E402, F403
from supervision.settings import DATABASES, INSTALLED_APPS  # noqa: E402

INSTALLED_APPS = [*INSTALLED_APPS, "tests.toy"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DATABASES["default"]["ENGINE"] = "tests.backend"
# The guard against emptying kept tables lets the test runner empty its own.
DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c supervision.allow_truncate=on"

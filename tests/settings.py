"""The product's settings, with the toy procedure beside it and only what makes tests quick."""

from supervision.settings import *  # noqa: F403
from supervision.settings import DATABASES, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.toy"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The guard against emptying kept tables lets the test runner empty its own.
DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c supervision.allow_truncate=on"

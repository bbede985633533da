"""The environment of the tests: servers, keys, folders. What is set already is used; the rest is made for this run.

So the whole suite runs with nothing at hand but the installed packages, and against any server one names.
"""

import os
from contextlib import ExitStack
from pathlib import Path

import django
import hypothesis
import pytest

from tests import databases

pytest_plugins = [
    "tests.browser", "tests.cast", "tests.doors", "tests.filing", "tests.breach_stage", "tests.inspections.stages",
]  # fmt: skip
_made_for_this_run = ExitStack()
HERE = Path(__file__).parent
LONGEST = (
    "demo/test_city.py",
    "enforcement/test_paths.py",
    "agreements/test_paths.py",
    "journeys/test_browser.py",
    "runtime/test_run.py",
    "agreements/test_dispute_paths.py",
)


def _prepare_environment() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    os.environ.setdefault("SECRET_KEY", "a key for tests only that guards nothing at all")
    os.environ.setdefault("DEBUG", "1")
    # The browser of a run keeps an event loop in the thread of its tests; the ORM would refuse to work beside it.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    if not os.environ.get("PYTEST_XDIST_WORKER"):
        from supervision.local.layout import ROOT
        from supervision.local.messages import compile_all
        from supervision.local.servers import throwaway

        compile_all(ROOT)
        # Workers of xdist inherit these variables and so share the servers; `tests.settings` keeps them apart.
        os.environ.update(_made_for_this_run.enter_context(throwaway()))
    django.setup()


_prepare_environment()

# How long an example takes says more of the machine and its other work than of the code.
hypothesis.settings.register_profile(
    "tests", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], derandomize="CI" in os.environ
)
hypothesis.settings.load_profile("tests")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, django_db_blocker) -> None:
    """Workers of xdist copy one migrated database instead of migrating one each."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        with django_db_blocker.unblock():
            databases.use_template()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that parallel workers end together."""
    places = {module: place for place, module in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.relative_to(HERE).as_posix(), len(LONGEST)))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the servers and remove what was made for this run."""
    if "PYTEST_XDIST_WORKER" not in os.environ and config.getoption("numprocesses", None):
        databases.remove_template()
    _made_for_this_run.close()

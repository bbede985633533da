"""What happens beside the steps has its words from the start of a process, whatever it served before."""

import json
import subprocess
import sys

ASKED = """
import importlib, json, pkgutil, django
django.setup()
from supervision.procedure import verbs
at_first = set(verbs._happenings)
for app in ("supervision", "agreements", "inspections", "enforcement", "reporting", "credit", "monitoring", "funds"):
    for module in pkgutil.walk_packages(importlib.import_module(app).__path__, f"{app}."):
        if not module.name.endswith(("__main__", ".wsgi", ".gunicorn")) and ".local" not in module.name:
            importlib.import_module(module.name)
print(json.dumps([sorted(at_first), sorted(set(verbs._happenings) - at_first)]))
"""


def test_every_happening_is_named_before_the_first_page_is_asked_for():
    told = subprocess.run([sys.executable, "-c", ASKED], capture_output=True, text=True, check=True)  # noqa: S603
    at_first, later = json.loads(told.stdout.splitlines()[-1])
    assert "record_cited" in at_first
    assert later == []

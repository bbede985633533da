"""`manage.py law coverage [--json] [--missing]` and `manage.py law show HY-22 [--on DAY] [--scope CODE …]`."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from supervision.law import catalogue
from supervision.law.coverage import Coverage, coverage, coverage_of
from supervision.law.values import UnknownSetting, value


class Command(BaseCommand):
    help = "What the law asks, what the software does about it, and what proves it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        covering = acts.add_parser("coverage", help="every rule with what upholds it and which tests try to break it")
        covering.add_argument("--json", action="store_true", help="as JSON, rule id → enforced_by, tests, confidence")
        covering.add_argument("--missing", action="store_true", help="only the rules nothing upholds")
        showing = acts.add_parser("show", help="one rule: text, numbers in force, enforcers, tests")
        showing.add_argument("rule")
        showing.add_argument("--on", type=date.fromisoformat, help="the day whose numbers to show, today unless told")
        showing.add_argument("--scope", nargs="*", default=(), help="authority codes from the nearest to the root")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["act"] == "coverage":
            self._coverage(as_json=options["json"], missing=options["missing"])
        else:
            self._show(options["rule"], options["on"] or timezone.localdate(), tuple(options["scope"]))

    def _coverage(self, *, as_json: bool, missing: bool) -> None:
        found = {rule_id: each for rule_id, each in coverage().items() if not (missing and each.covered)}
        if as_json:
            self.stdout.write(
                json.dumps({key: _facts(each) for key, each in found.items()}, ensure_ascii=False, indent=1)
            )
            return
        for rule_id, each in found.items():
            self.stdout.write(
                f"{rule_id:<9}{each.rule.confidence}  {len(each.enforcers):>3} {len(each.tests):>3}  {each.rule.text}"
            )
            for enforcer in each.enforcers:
                self.stdout.write(f"           {enforcer.kind:<10} {enforcer.name}")
        upheld = sum(each.covered for each in found.values())
        tested = sum(bool(each.tests) for each in found.values())
        self.stdout.write(f"{len(found)} rules, {upheld} upheld, {tested} with tests")

    def _show(self, rule_id: str, on: date, scope: tuple[str, ...]) -> None:
        try:
            each = coverage_of(rule_id)
        except catalogue.UnknownRule:
            raise CommandError(f"No rule {rule_id} in the law catalogue.") from None
        rule = each.rule
        self.stdout.write(f"{rule.id}  {rule.article}  [{rule.confidence}]")
        self.stdout.write(f"  {rule.text}")
        self.stdout.write(f"  → {rule.does}")
        for key in dict.fromkeys(setting.key for setting in rule.settings):
            self.stdout.write(f"  {key} = {_in_force(key, scope, on)}")
        for enforcer in each.enforcers:
            self.stdout.write(f"  {enforcer.kind}: {enforcer.name}")
        for test in each.tests:
            self.stdout.write(f"  test: {test}")


def _facts(each: Coverage) -> dict[str, Any]:
    return {
        "enforced_by": [enforcer.name for enforcer in each.enforcers],
        "tests": list(each.tests),
        "confidence": each.rule.confidence.value,
    }


def _in_force(key: str, scope: tuple[str, ...], on: date) -> str:
    try:
        found = value(key, scope=scope, on=on)
    except UnknownSetting:
        return f"none on {on}"
    return f"{found.value.normalize():f} {found.unit.label} ({found.source})"

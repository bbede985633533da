"""Screening: chosen rules over chosen months, part by part, each part done whole and once. Law: HY-14.

A run finds, counts and touches alerts about institutions of its authority's jurisdiction alone.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from monitoring import engine
from monitoring.models import Alert, AlertLine, Rule, RunPart, ScreeningRun
from monitoring.models.work import WorkState
from monitoring.selectors.claims import current_files, months
from monitoring.selectors.evidence import Finding, find
from monitoring.selectors.jurisdiction import jurisdiction_of
from monitoring.services.work import LostClaim, claim, open_to_claim, pulse, update_owned
from supervision.parties.models import Provider

log = structlog.get_logger(__name__)
LINES_KEPT = 200
_FINGERPRINT_VERSION = b"alert 1\n"


class NothingToScreen(ValueError):
    """No month or no rule was chosen, or there are no claims."""


@transaction.atomic
def start(
    *, rules: Iterable[Rule] = (), chosen: Iterable[str] = (), by: Any = None, authority: Any = None
) -> ScreeningRun:
    """Enter a run over these months (all stored, if none) and rules (all active, if none); the caller queues it.

    Raises :class:`NothingToScreen`.
    """
    wanted = sorted(set(chosen)) or months()
    judged = list(rules) or list(Rule.objects.filter(active=True))
    if not wanted or not judged:
        raise NothingToScreen
    run = ScreeningRun.objects.create(months=wanted, by=by, authority=authority)
    RunPart.objects.bulk_create(
        RunPart(run=run, rule=rule, month=month) for month in wanted for rule in judged if _in_force(rule, month)
    )
    return run


def _in_force(rule: Rule, month: str) -> bool:
    first = date(int(month[:4]), int(month[4:]), 1)
    last = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return rule.effective_from < last and (rule.effective_to is None or rule.effective_to >= first)


def ask_to_cancel(*, run: ScreeningRun) -> None:
    """Parts not begun are dropped; those under way finish. A run that is over stays as it is."""
    if not ScreeningRun.objects.filter(Q(pk=run.pk) & ~Q(state__in=_OVER)).update(cancel_asked=True):
        return
    RunPart.objects.filter(run=run, state=WorkState.QUEUED).update(
        state=WorkState.CANCELLED, finished_at=timezone.now()
    )
    _close(run.pk)


def stalled() -> list[int]:
    """Runs with parts waiting or left by a dead worker."""
    open_runs = ScreeningRun.objects.filter(state__in=(WorkState.QUEUED, WorkState.RUNNING))
    parts = RunPart.objects.filter(open_to_claim())
    for pk in open_runs.exclude(pk__in=RunPart.objects.exclude(state__in=_OVER).values("run")).values_list(
        "pk", flat=True
    ):
        _close(pk)
    return list(open_runs.filter(pk__in=parts.values("run")).values_list("pk", flat=True))


_OVER = (WorkState.DONE, WorkState.FAILED, WorkState.CANCELLED)


def work_on(*, run_id: int) -> int:
    """Do parts of the run until none is left to claim; returns how many were done here."""
    ScreeningRun.objects.filter(pk=run_id, state=WorkState.QUEUED).update(
        state=WorkState.RUNNING, started_at=timezone.now()
    )
    done = 0
    parts = RunPart.objects.filter(run_id=run_id, run__cancel_asked=False)
    if not parts.filter(open_to_claim()).exists():
        _close(run_id)
        return done
    with engine.claims(current_files()) as claims:
        while (pk := parts.filter(open_to_claim()).values_list("pk", flat=True).first()) is not None:
            token = claim(RunPart.objects.all(), pk)
            if token is not None:
                done += _do(pk, token, claims)
    _close(run_id)
    return done


def _close(run_id: int) -> None:
    """End the run when all its parts have ended."""
    if RunPart.objects.filter(run_id=run_id).exclude(state__in=_OVER).exists():
        return
    run = ScreeningRun.objects.get(pk=run_id)
    failed = RunPart.objects.filter(run_id=run_id, state=WorkState.FAILED).exists()
    state = WorkState.CANCELLED if run.cancel_asked else WorkState.FAILED if failed else WorkState.DONE
    ScreeningRun.objects.filter(Q(pk=run_id) & ~Q(state__in=_OVER)).update(state=state, finished_at=timezone.now())


def _do(pk: int, token: uuid.UUID, claims: engine.Claims) -> int:
    part = RunPart.objects.select_related("rule", "run__authority__region").get(pk=pk)
    try:
        with pulse(RunPart, pk, token):
            findings = _within(part.run, find(claims, part.rule, part.month))
        _record(part, token, findings)
    except LostClaim:
        log.warning("screening part taken over", part=pk)
        return 0
    except Exception as error:
        log.exception("screening part failed", part=pk, rule=part.rule.slug)
        RunPart.objects.filter(pk=pk, claim=token).update(
            state=WorkState.FAILED, fault=f"{type(error).__name__}: {error}"[:2000], finished_at=timezone.now()
        )
        return 0
    return 1


def _within(run: ScreeningRun, findings: Iterable[Finding]) -> list[Finding]:
    """The findings about institutions of the run's authority (HY-5).

    Rules see the claims of the whole city, for a stay elsewhere may prove one here: so a county and the city make the
    same alert of the same finding.
    """
    jurisdiction = jurisdiction_of(run.authority)
    if jurisdiction is None:
        return list(findings)
    return [finding for finding in findings if jurisdiction.holds(finding.institution)]


@transaction.atomic
def _record(part: RunPart, token: uuid.UUID, findings: list[Finding]) -> None:
    """Alerts, their lines and the end of the part, all or nothing; a known fingerprint is only seen again."""
    prints = {_fingerprint(part.rule, finding): finding for finding in findings}
    known = Alert.objects.filter(fingerprint__in=prints)
    seen = known.update(last_run=part.run)
    old = set(known.values_list("fingerprint", flat=True))
    codes = {finding.institution for finding in findings}
    providers = dict(Provider.objects.filter(code__in=codes).values_list("code", "pk"))
    fresh = {mark: finding for mark, finding in prints.items() if mark not in old}
    alerts = Alert.objects.bulk_create(
        (_alert(part, mark, finding, providers) for mark, finding in fresh.items()),
        ignore_conflicts=True,
        batch_size=1000,
    )
    made = dict(Alert.objects.filter(fingerprint__in=fresh, first_run=part.run).values_list("fingerprint", "pk"))
    having = set(AlertLine.objects.filter(alert_id__in=made.values()).values_list("alert_id", flat=True))
    AlertLine.objects.bulk_create(
        (
            AlertLine(alert_id=made[mark], **line)
            for mark, finding in fresh.items()
            if mark in made and made[mark] not in having
            for line in finding.lines[:LINES_KEPT]
        ),
        batch_size=2000,
    )
    update_owned(
        RunPart,
        part.pk,
        token,
        state=WorkState.DONE,
        finished_at=timezone.now(),
        alerts_new=len(alerts),
        alerts_known=seen,
        lines=sum(len(finding.lines) for finding in findings),
    )


def _fingerprint(rule: Rule, finding: Finding) -> str:
    lines = [(line["visit_code"], line["line_code"], line["flagged"]) for line in finding.lines]
    return fingerprint(rule, rule.parameters, finding.institution, finding.subject, lines)


def fingerprint(
    rule: Rule, parameters: Any, institution: str, subject: str, lines: Iterable[tuple[str, str, Decimal]]
) -> str:
    """Over rule, version, parameters, subject and every proving line: (visit, line, yuan at stake)."""
    digest = hashlib.sha256(_FINGERPRINT_VERSION)
    facts = [rule.slug, rule.version, parameters, institution, subject]
    digest.update(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode())
    for line in sorted((visit, code, str(flagged)) for visit, code, flagged in lines):
        digest.update(json.dumps(line, ensure_ascii=False).encode())
    return digest.hexdigest()


def _alert(part: RunPart, mark: str, finding: Finding, providers: dict[str, int]) -> Alert:
    return Alert(
        rule=part.rule,
        parameters=part.rule.parameters,
        fingerprint=mark,
        provider_id=providers.get(finding.institution),
        provider_code=finding.institution,
        person_code=finding.person,
        visit_code=finding.subject,
        month=part.month,
        amount=sum((line["flagged"] for line in finding.lines), Decimal(0)),
        severity=part.rule.severity,
        line_count=len(finding.lines),
        first_run=part.run,
        last_run=part.run,
    )

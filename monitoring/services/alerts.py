"""Deciding on alerts: confirm, dismiss with a reason, make a lead. Law: HY-14, HY-31.

Each decision locks the alert, and is kept with who, when and why in the transaction that moves its state: of two
officers at once, one decides. The database refuses a state no decision leads to.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from inspections.leads.models import Lead
from inspections.leads.services import open_lead
from monitoring.models import Alert, AlertEvent
from monitoring.months import written
from monitoring.selectors.alerts import may_work
from supervision.parties.actors import Actor
from supervision.parties.models import Provider

Verb, State = AlertEvent.Verb, Alert.State
SOURCES = {
    Verb.CONFIRM: (State.NEW, State.DISMISSED),
    Verb.DISMISS: (State.NEW, State.CONFIRMED),
    Verb.LEAD: (State.NEW, State.CONFIRMED),
}
LABELS = {Verb.CONFIRM: pgettext_lazy("alert", "Confirm"), Verb.DISMISS: _("Dismiss"), Verb.LEAD: _("Make a lead")}


class NotPossible(Exception):
    """The decision cannot be taken now; ``reasons`` are sentences for the reader."""

    def __init__(self, reasons: list[str | Promise]) -> None:
        super().__init__("; ".join(map(str, reasons)))
        self.reasons = reasons


@dataclass(frozen=True)
class Choice:
    """A decision as offered on the page: open, or with every reason why not."""

    verb: str
    label: str | Promise
    reasons: list[str | Promise]

    @property
    def open(self) -> bool:
        return not self.reasons


def choices(alert: Alert, actor: Actor) -> list[Choice]:
    """All three decisions with what stands in their way."""
    return [Choice(verb, LABELS[verb], _reasons(alert, verb, actor)) for verb in SOURCES]


def _reasons(alert: Alert, verb: str, actor: Actor) -> list[str | Promise]:
    reasons: list[str | Promise] = []
    if not may_work(actor):
        reasons.append(_("Only officers and heads of a bureau or an agency decide on alerts"))
    if alert.state == State.LED:
        reasons.append(_("The alert was made into a lead; it is decided there"))
    elif alert.state not in SOURCES[Verb(verb)]:
        reasons.append(_("The alert was decided in this way already"))
    if verb == Verb.LEAD and alert.provider_id is None:
        reasons.append(_("The provider is not in the registry; enter it first"))
    return reasons


def confirm(*, alert: Alert, actor: Actor, reason: str = "") -> None:
    """The suspicion holds. Raises :class:`NotPossible`."""
    _decide(alert, Verb.CONFIRM, State.CONFIRMED, actor, reason)


def dismiss(*, alert: Alert, actor: Actor, reason: str) -> None:
    """The suspicion does not hold, and why. Raises :class:`NotPossible`, also for an empty reason."""
    if not reason.strip():
        raise NotPossible([_("Say why the alert is dismissed")])
    _decide(alert, Verb.DISMISS, State.DISMISSED, actor, reason.strip())


def _decide(alert: Alert, verb: AlertEvent.Verb, target: Alert.State, actor: Actor, reason: str) -> None:
    if reasons := _reasons(alert, verb, actor):
        raise NotPossible(reasons)
    with transaction.atomic():
        held = Alert.objects.select_for_update().filter(pk=alert.pk, state__in=SOURCES[verb]).first()
        if held is None:
            raise NotPossible([_("Someone else decided on this alert meanwhile")])
        AlertEvent.objects.create(
            alert=alert, verb=verb, source=held.state, target=target, by=actor.user, reason=reason
        )
        Alert.objects.filter(pk=alert.pk).update(state=target)
    alert.refresh_from_db(fields=["state"])


@transaction.atomic
def make_lead(*, alert: Alert, actor: Actor, together: Iterable[Alert] = (), note: str = "") -> Lead:
    """One lead at the actor's authority from this alert and others about the same provider; returns the lead.

    ``suspected_amount`` of the lead is the sum of the alerts' amounts (yuan). Raises :class:`NotPossible`, or
    ``StepRefused`` of the lead's own procedure.
    """
    chosen = [alert, *together]
    for each in chosen:
        if reasons := _reasons(each, Verb.LEAD, actor):
            raise NotPossible(reasons)
    if len({each.provider_id for each in chosen}) != 1:
        raise NotPossible([_("One lead is about one provider")])
    pks = sorted(each.pk for each in chosen)
    held = list(
        Alert.objects.select_for_update(of=("self",))
        .filter(pk__in=pks, state__in=SOURCES[Verb.LEAD])
        .select_related("rule", "provider")
        .order_by("pk")
    )
    if len(held) != len(pks) or (provider := held[0].provider) is None:
        raise NotPossible([_("Someone else decided on this alert meanwhile")])
    lead = _open_lead(held, provider, actor, note)
    AlertEvent.objects.bulk_create(
        AlertEvent(
            alert=each,
            verb=Verb.LEAD,
            source=each.state,
            target=State.LED,
            by=actor.user,
            reason=note or lead.number,
        )
        for each in held
    )
    Alert.objects.filter(pk__in=pks).update(state=State.LED, lead=lead.pk)
    alert.refresh_from_db()
    return lead


def _open_lead(held: list[Alert], provider: Provider, actor: Actor, note: str) -> Lead:
    """The facts are Chinese data, as in every paper made from them later."""
    first = held[0]
    months = sorted({each.month for each in held})
    total = sum((each.amount for each in held), Decimal(0))
    lines = sum(each.line_count for each in held)
    words = [
        f"智能监控规则“{first.rule.name_zh}”（第{first.rule.version}版）发现疑点{len(held)}条，涉及费用明细{lines}条。",
        f"规则说明：{first.rule.explanation_zh}",
        f"结算月份：{written(months[0])}" + (f"至{written(months[-1])}" if len(months) > 1 else ""),
        f"疑点编号：{'、'.join(str(each.pk) for each in held[:50])}{'等' if len(held) > 50 else ''}",
    ]
    if note:
        words.append(f"说明：{note}")
    return open_lead(
        actor,
        authority=actor.authority,
        title=f"{provider.name}{first.rule.name_zh}疑点",
        subject=provider,
        source=Lead.Source.ALERT,
        source_ref=f"疑点{first.pk}",
        facts="\n".join(words),
        suspected_amount=total,
    )

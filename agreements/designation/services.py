"""Every write of agreements that is no step: the application, and the ends that come with the calendar."""

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from supervision.parties.actors import Actor
from supervision.parties.models import Provider
from supervision.procedure import clock
from supervision.procedure.forms import as_data, fit
from supervision.procedure.refusals import StepInvalid, StepRefused
from supervision.procedure.services import advance, open_dossier, record
from supervision.records.rows import told

from .. import verbs
from .forms import ApplicationForm
from .models import Agreement, Bar

log = structlog.get_logger()


@transaction.atomic
def apply_for_agreement(
    actor: Actor, *, provider: Provider | None = None, data: object = None, **facts: object
) -> Agreement:
    """Enter a provider's application at the actor's agency (HY-15).

    Facts of `ApplicationForm`: `provider`, `applied_on`; or a posted `data`. Raises `StepInvalid` with the form, as
    under a bar (HY-20) or beside another application; `StepRefused` when the actor's role does not open it.
    """
    posted = data if data is not None else as_data({"provider": provider, "applied_on": clock.today(), **facts})
    form = ApplicationForm(posted, dossier=None, actor=actor)
    said = fit(form)
    applicant: Provider = said["provider"]
    if actor.authority is None:
        raise StepRefused("opened", [])
    return open_dossier(
        Agreement,
        actor,
        authority=actor.authority,
        title=_title(applicant),
        subject=applicant,
        officers=[actor.user] if actor.user else [],
        provider=applicant,
        applied_on=said["applied_on"],
    )


def _title(applicant: Provider) -> str:
    """In the city's own language, whoever enters it."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(_("Service agreement with %(provider)s") % {"provider": applicant.name})


def follow_calendar(limit: int = 1000) -> int:
    """Restore agreements whose suspension is over and expire those whose term is; returns how many moved.

    Each is one `advance`, which locks and checks again: any number of runs may overlap or die.
    """
    today = clock.today()
    over = Agreement.objects.filter(
        state=Agreement.State.SUSPENDED,
        suspensions__ended_on__isnull=True,
        suspensions__days__endswith__lte=today,
        last_day__gte=today,
    )
    expired = Agreement.objects.filter(
        state__in=(Agreement.State.SIGNED, Agreement.State.SUSPENDED), last_day__lt=today
    )
    moved = 0
    for step, due in (("restore", over), ("expire", expired)):
        for agreement in due.order_by("pk")[:limit]:
            try:
                advance(agreement, step, Actor.system())
            except (StepRefused, StepInvalid) as refusal:
                log.warning("agreement_step_refused", agreement=agreement.pk, step=step, reason=str(refusal))
            else:
                moved += 1
    return moved


@transaction.atomic
def lift_bar(bar: Bar, actor: Actor, *, reason: str) -> Bar:
    """Lift a bar whose termination was reversed (HY-25): the row stays, with day and reason. Idempotent.

    Raises ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("a bar is lifted with a reason")
    held = Bar.objects.select_for_update().select_related("agreement").get(pk=bar.pk)
    if held.lifted_on is None:
        held.lifted_on, held.lifted_because, held.lifted_by = clock.today(), reason, actor.user
        held.save(update_fields=["lifted_on", "lifted_because", "lifted_by"])
        facts = {"reason": reason, "kept": told(held)}
        record(held.agreement, verbs.BAR_LIFTED, actor, facts, law=["HY-20", "HY-25"])
    return held

"""Every write of credit: news from decided matters, yearly evaluations, corrections, demerit points."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from supervision.law.values import integer
from supervision.parties.actors import Actor
from supervision.parties.models import Party, Practitioner
from supervision.procedure import clock
from supervision.procedure.declare import Text
from supervision.procedure.models import Dossier
from supervision.procedure.services import record
from supervision.records.rows import told

from . import scheme, verbs
from .models import CreditCorrection, CreditEvent, Evaluation, PointRecord
from .scoring import score
from .selectors import grade_lines, scope_of, year_events, year_points


class CreditRefused(Exception):
    """Credit may not be recorded like this; `sentence` says why, `law` names the articles."""

    def __init__(self, sentence: Text, *law: str) -> None:
        self.sentence = sentence
        self.law = law
        super().__init__(str(sentence))


@transaction.atomic
def tell_credit(party: Party, kind: str, dossier: Dossier, actor: Actor, *, effective_on: date) -> CreditEvent:
    """Tell that a matter has an effect on a party's credit; once per party, matter and indicator while it stands.

    After a reversal the same matter may be decided anew: an event corrected before does not stand in the way.
    `kind` is an indicator of the scheme for this kind of party; its points are those in force on the day in the
    region of the matter. Raises `scheme.UnknownIndicator`.
    """
    known = scheme.indicator(kind, party.kind, scope=dossier.authority.scope, on=effective_on)
    corrected = CreditEvent.objects.filter(
        party=party.pk, dossier=dossier.pk, indicator=kind, correction__isnull=False
    ).count()
    event, created = CreditEvent.objects.get_or_create(
        party_id=party.pk,
        dossier_id=dossier.pk,
        indicator=kind,
        again=corrected,
        defaults={
            "points": known.points,
            "gravest": known.gravest,
            "effective_on": effective_on,
            "law": list(known.law),
            "recorded_at": clock.now(),
        },
    )
    if created:
        facts = {"party": party, "indicator": kind, "points": known.points, "effective_on": effective_on}
        facts["kept"] = told(event)
        record(dossier, verbs.CREDIT_TOLD, actor, facts, law=known.law)
    return event


@transaction.atomic
def correct_credit(event: CreditEvent, actor: Actor, *, reason: str) -> CreditCorrection:
    """Let an event count no longer (HY-25, CE-4), with the reason; correcting again returns the first correction."""
    if not reason.strip():
        raise CreditRefused(_("Say why the credit event no longer counts"), "CE-4")
    correction, created = CreditCorrection.objects.get_or_create(
        event=event, defaults={"reason": reason, "corrected_on": clock.today(), "corrected_by": actor.user}
    )
    if created:
        facts = {"party": event.party, "indicator": event.indicator, "points": event.points, "reason": reason}
        facts["kept"] = told(correction)
        record(event.dossier, verbs.CREDIT_CORRECTED, actor, facts, law=["CE-4"])
    return correction


@transaction.atomic
def correct_matter(dossier: Dossier, actor: Actor, *, reason: str) -> None:
    """Let nothing a reversed matter told count any longer: its events, and its demerit points (HY-25, EL-4).

    Raises `CreditRefused` without a reason. Calling again changes nothing.
    """
    for event in CreditEvent.objects.filter(dossier=dossier.pk, correction__isnull=True).order_by("pk"):
        correct_credit(event, actor, reason=reason)
    for points in PointRecord.objects.select_for_update().filter(dossier=dossier.pk, corrected_because=""):
        points.corrected_because = reason
        points.save(update_fields=["corrected_because"])
        facts = {"practitioner": points.practitioner, "act": points.act, "points": points.points, "reason": reason}
        facts["kept"] = told(points)
        record(dossier, verbs.POINTS_CORRECTED, actor, facts, law=["HY-25", "EL-4"])


@transaction.atomic
def evaluate(party: Party, year: int, actor: Actor) -> Evaluation:
    """Evaluate a party for a calendar year: the base less every effective event, each named with its matter.

    When nothing changed since the year's last evaluation, that one is returned. Calls for one party take turns.
    """
    Party.objects.select_for_update().only("pk").get(pk=party.pk)
    events = list(year_events(party, year))
    result = score(events, grade_lines(scope_of(party), min(clock.today(), date(year, 12, 31))))
    lines = [
        {
            "event": event.pk,
            "indicator": event.indicator,
            "points": str(event.points),
            "matter": event.dossier.number,
            "on": event.effective_on.isoformat(),
            "law": event.law,
            "gravest": event.gravest,
        }
        for event in events
    ]
    last = Evaluation.objects.filter(party=party, year=year).order_by("-number").first()
    if last and (last.score, last.grade, last.lines) == (result.points, result.grade, lines):
        return last
    return Evaluation.objects.create(
        party=party,
        year=year,
        number=(last.number if last else 0) + 1,
        score=result.points,
        grade=result.grade,
        lines=lines,
        evaluated_at=clock.now(),
        evaluated_by=actor.user,
    )


@transaction.atomic
def record_points(
    practitioner: Practitioner,
    dossier: Dossier,
    actor: Actor,
    *,
    act: str,
    responsibility: str,
    band: str,
    points: int,
) -> PointRecord:
    """Record demerit points (EL-1, EL-4) after the institution was dealt with in `dossier`.

    One act scores once; the points lie in the band chosen. Raises `CreditRefused`.
    """
    if not dossier.events.filter(verb__in=("decide", "decide_termination", "serve_decision")).exists():
        raise CreditRefused(_("The institution has to be dealt with first"), "EL-4")
    least, most = point_band(band, dossier)
    if not least <= points <= most:
        raise CreditRefused(
            _("Points of this gravity are between %(least)s and %(most)s") % {"least": least, "most": most}, "EL-1"
        )
    if PointRecord.objects.filter(practitioner=practitioner, dossier_id=dossier.pk, act=act).exists():
        raise CreditRefused(_("One act scores once"), "EL-4")
    made = PointRecord.objects.create(
        practitioner=practitioner,
        dossier_id=dossier.pk,
        act=act,
        responsibility=responsibility,
        band=band,
        points=points,
        recorded_on=clock.today(),
    )
    total = year_points(practitioner, clock.today().year)
    facts = {"practitioner": practitioner, "act": act, "points": points, "year_total": total, "kept": told(made)}
    record(dossier, verbs.POINTS_RECORDED, actor, facts, law=["EL-1", "EL-4"])
    return made


def point_band(band: str, dossier: Dossier) -> tuple[int, int]:
    """Fewest and most points of a band, by the settings of EL-1."""
    order = [value for value, _label in PointRecord.Band.choices]
    scope, today = dossier.authority.scope, clock.today()
    tops = [0, *(integer(f"EL-1/{name}_max", scope=scope, on=today) for name in order)]
    place = order.index(band)
    return tops[place] + 1, tops[place + 1]


def evaluate_changed() -> int:
    """Evaluate whoever has events in this year, in January also in the last; returns how many got a new evaluation.

    Each party is one transaction of its own; one whose events did not change since keeps its evaluation.
    """
    today, system, made = clock.today(), Actor.system(), 0
    for year in {today.year, today.year - (today.month == 1)}:
        parties = Party.objects.filter(credit_events__effective_on__year=year).distinct().order_by("pk")
        for party in parties.iterator(chunk_size=500):
            before = Evaluation.objects.filter(party=party, year=year).count()
            made += evaluate(party, year, system).number > before
    return made

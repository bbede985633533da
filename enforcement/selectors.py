"""Reads of cases: those within sight, the major ones, repeats within a year, like cases and how they were punished."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import median

from dateutil.relativedelta import relativedelta
from django.db.models import DecimalField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from inspections.models import Finding
from inspections.selectors import confirmed_findings
from supervision.law.values import amount, integer
from supervision.parties.actors import Actor
from supervision.parties.models import Authority
from supervision.procedure import clock
from supervision.procedure.models import Dossier
from supervision.procedure.selectors import owned_by, tally, visible_to, with_late_term
from supervision.records.models import Evidence
from supervision.records.selectors import citable

from .models import EnforcementCase, Fact

ONE_DAY = timedelta(days=1)
BAND = Decimal("0.2")  # width of a band of the distribution of like cases, in multiples of the loss
YUAN: DecimalField = DecimalField(max_digits=14, decimal_places=2)


def cases(actor: Actor) -> QuerySet[EnforcementCase]:
    """Cases within the actor's jurisdiction, with `loss_found` (yuan over standing facts) and what a list shows."""
    seen: QuerySet[EnforcementCase] = visible_to(actor, EnforcementCase.objects.all())
    standing = Fact.objects.filter(case=OuterRef("pk"), withdrawn_at=None).order_by().values("case")
    found = Subquery(standing.annotate(n=Sum("amount")).values("n"), output_field=YUAN)
    return seen.select_related("subject", "authority__parent").annotate(
        loss_found=Coalesce(found, Value(Decimal(0), output_field=YUAN))
    )


def open_cases_count(actor: Actor) -> int:
    """Cases of the actor's own bureau that are not at their end."""
    return tally(owned_by(actor).filter(kind="case", closed_at=None))


def overdue_cases_count(actor: Actor) -> int:
    """Open cases of the actor's own bureau with a term past its day."""
    return tally(with_late_term(owned_by(actor).filter(kind="case", closed_at=None)))


def major(rows: QuerySet[EnforcementCase], on: date) -> QuerySet[EnforcementCase]:
    """Those of the cases that are to be discussed collectively; the query beside `EnforcementCase.is_major`."""
    marked = Q(marked_major=True) | Q(hearing_held_on__isnull=False) | ~Q(heavier_factors=[])
    bureaus = Authority.objects.filter(body=Authority.Body.BUREAU).select_related("parent__parent")
    person = Q(subject__kind__in=("insured", "practitioner"))
    for bureau in bureaus:
        citizen, organisation = (
            amount(f"PL-63/{who}_threshold", scope=bureau.scope, on=on) for who in ("citizen", "organisation")
        )
        marked |= Q(authority=bureau) & (
            (person & Q(proposed_fine__gte=citizen)) | (~person & Q(proposed_fine__gte=organisation))
        )
    return rows.filter(marked)


def findings_to_establish(case: EnforcementCase) -> QuerySet[Finding]:
    """Confirmed findings with an act of the Regulation behind this case that no standing fact was made from yet."""
    if case.origin is None:
        return Finding.objects.none()
    established = case.facts.filter(withdrawn_at=None, finding__isnull=False).values("finding")
    return confirmed_findings(case.origin).exclude(act="").exclude(pk__in=established)


def usable_evidence(case: EnforcementCase) -> QuerySet[Evidence]:
    """Evidence of the case, of what it arose from, and of the findings offered to it; rejected pieces are not."""
    others: list[int] = []
    if origin := case.origin:
        others += [origin.pk, *([origin.origin_id] if origin.origin_id else [])]
        others += Dossier.objects.filter(origin=origin.pk, kind="inspection").values_list("pk", flat=True)
    return citable(case, *others)


def repeated_within_year(case: EnforcementCase, on: date) -> EnforcementCase | None:
    """The newest earlier case in which the same party was punished for the same kind of act (HY-42), or None.

    The window, in months, is a setting; counted back from `on` to the day of the earlier decision.
    """
    if case.subject_id is None:
        return None
    months = integer("HY-42/repeat_window", scope=case.authority.scope, on=on)
    kinds = {fact.act for fact in case.standing_facts}
    earlier = EnforcementCase.objects.filter(
        subject=case.subject_id,
        outcome=EnforcementCase.Outcome.PENALTY,
        decided_on__gt=on - relativedelta(months=months) - ONE_DAY,
        decided_on__lte=on,
        facts__act__in=kinds,
        facts__withdrawn_at__isnull=True,
    )
    return earlier.exclude(pk=case.pk).order_by("-decided_on").distinct().first()


@dataclass(frozen=True)
class Likes:
    """Like cases: their fines as multiples of the loss, ascending."""

    multiples: tuple[Decimal, ...]

    def distribution(self, width: Decimal = BAND) -> list[tuple[Decimal, int]]:
        """(lower bound, cases) of every band of this width from the least multiple to the greatest."""
        if not self.multiples:
            return []
        bands = [int(multiple / width) for multiple in self.multiples]
        return [(band * width, bands.count(band)) for band in range(bands[0], bands[-1] + 1)]

    @property
    def count(self) -> int:
        return len(self.multiples)

    @property
    def median(self) -> Decimal:
        return Decimal(median(self.multiples)) if self.multiples else Decimal(0)


def same_kind_cases(case: EnforcementCase, limit: int = 500) -> Likes:
    """Decided cases with an act of the same kind: whoever decides sees how others were decided (DS-1)."""
    kinds = {fact.act for fact in case.standing_facts}
    decided = (
        EnforcementCase.objects.filter(
            outcome=EnforcementCase.Outcome.PENALTY,
            pk__in=Fact.objects.filter(act__in=kinds, withdrawn_at__isnull=True).values("case"),
        )
        .exclude(pk=case.pk)
        .order_by("-decided_on")[:limit]
    )
    losses = dict(
        Fact.objects.filter(case__in=[one.pk for one in decided], withdrawn_at__isnull=True)
        .values_list("case")
        .annotate(loss=Sum("amount"))
    )
    multiples = [one.fine / losses[one.pk] for one in decided if one.fine and losses.get(one.pk)]
    return Likes(tuple(sorted(multiples)))


def overdue_publication(on: date | None = None) -> int:
    """How many served penalties wait for publication past their term (PB-1)."""
    day = on or clock.today()
    return EnforcementCase.objects.filter(
        published_on__isnull=True, outcome=EnforcementCase.Outcome.PENALTY, term__kind="publication", term__due__lt=day
    ).count()

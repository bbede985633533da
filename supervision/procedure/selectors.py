"""What may be seen and what may be done: jurisdiction, the next steps with every obstacle, a dossier's history."""

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar, overload

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from supervision.parties.actors import Actor, authorities_within, may_see_business
from supervision.parties.models import Authority, Provider
from supervision.parties.roles import OFFICERS, Role

from . import clock
from .declare import Context, Procedure, Rule, Step, Text, Where
from .models import Assignment, Dossier, Event, Term
from .refusals import Cause, Reason

D = TypeVar("D", bound=Dossier)
MANY = 999  # nobody is told of more: what waits is counted in the same time however much it is


@overload
def visible_to(actor: Actor) -> QuerySet[Dossier]: ...
@overload
def visible_to(actor: Actor, queryset: QuerySet[D]) -> QuerySet[D]: ...
def visible_to(actor: Actor, queryset: QuerySet[Any] | None = None) -> QuerySet[Any]:
    """Dossiers within the actor's jurisdiction (HY-5); of another's there is no trace.

    An authority's people see what their authority and those below it own; a county's also the matters about its own
    providers of a kind that declares itself `regional`. An officer lent to another authority sees the open matter they
    are assigned to, as long as they are, and nothing else there (HY-31). A provider sees its own matters once they were
    opened to it. Who only witnesses draws sees draws and their plans; administrators see none.
    """
    dossiers = Dossier.objects.all() if queryset is None else queryset
    if dossiers.model is not Dossier:
        # Says nothing new, but lets a list of one kind be read from the index in the order it is shown.
        kind = str(dossiers.model.kind)
        return dossiers.filter(within_sight(actor, kind=kind), kind=kind)
    return dossiers.filter(within_sight(actor))


def within_sight(actor: Actor, through: str = "", kind: str | None = None) -> Q:
    """The condition of `visible_to`; `through` leads from a row that belongs to a dossier, such as "dossier".

    `kind`: where only dossiers of one kind are asked for.

    A condition on the joined dossier lets long lists be read in their order; a subquery would be worked out whole.
    """
    at = f"{through}__" if through else ""
    if actor.is_system and actor.authority is None:
        return Q()
    if actor.provider is not None:
        return Q(**{f"{at}subject": actor.provider.pk, f"{at}open_to_subject": True})
    if actor.authority is None or not (may_see_business(actor) or actor.has(Role.WITNESS)):
        return Q(pk__in=[])
    own = authorities_within(actor.authority, clock.today())
    within = among(f"{at}authority", own)
    kinds = Procedure.registry if kind is None else [kind]
    if not may_see_business(actor):
        return within & Q(**{f"{at}kind__in": [each for each in kinds if Procedure.registry[each].witnessed]})
    regional = [each for each in kinds if Procedure.registry[each].regional]
    if regional and actor.authority.level == Authority.Level.COUNTY:
        here = Provider.objects.filter(region__path__startswith=actor.authority.region.path)
        within |= Q(**{f"{at}kind__in": regional, f"{at}subject__in": here.values("pk")})
    if actor.user is not None and actor.has(*OFFICERS):
        # Nearly always none. Worked out apart, so that no row is looked up among all the officer ever had charge of;
        # by number, since by key the condition is one on the kind's own table, joined before any row is passed over.
        lent = Dossier.objects.filter(assignments__user=actor.user, assignments__until=None, closed_at=None)
        within |= among(f"{at}number", lent.exclude(among("authority", own)), "number")
    return within


def owned_by(actor: Actor) -> QuerySet[Dossier]:
    """Dossiers of the actor's own authority, all of them within sight; none for administrators and at no authority."""
    if actor.authority is None or not may_see_business(actor):
        return Dossier.objects.none()
    return Dossier.objects.filter(authority=actor.authority)


def among(path: str, rows: QuerySet[Any], key: str = "pk") -> Q:
    """That `path` leads to the `key` of one of `rows`: few, and the same for every row asked about.

    The database works the array out once and then knows it for short; of `IN (subquery)` it thinks that half of the
    table passes, and reads no index by it.
    """
    array = ArraySubquery(rows.order_by().values(key))
    return Q(Func(F(path), array, template="%(expressions)s)", arg_joiner=" = ANY (", output_field=BooleanField()))


def over() -> Q:
    """The terms whose last day is over by the procedures' clock, or the instant at which their hours end.

    An instant lies on its term's `due`, so that the days narrow the search and one index serves both.
    """
    today = clock.today()
    return Q(due__lte=today) & (Q(due__lt=today) | Q(until__lt=clock.now()))


def late_terms() -> Q:
    """The terms that run past their end now, whether or not the sweep has marked them yet."""
    return Q(over(), state__in=(Term.State.RUNNING, Term.State.OVERDUE))


def with_late_term(rows: QuerySet[D]) -> QuerySet[D]:
    """Those of the dossiers that have a term past its last day today."""
    return rows.filter(Exists(Term.objects.filter(late_terms(), dossier=OuterRef("pk"))))


def tally(rows: QuerySet[Any]) -> int:
    """How many rows there are; `MANY` + 1 where there are more than `MANY`, without looking at the rest."""
    return rows.order_by().values("pk")[: MANY + 1].count()


def stands_at(where: Where, dossier: Dossier, actor: Actor, on: date) -> bool:
    """Whether the actor's place is the one a step asks for."""
    here, owner = actor.authority, dossier.authority
    if where == Where.SUBJECT:
        return actor.provider is not None and actor.provider.pk == dossier.subject_id
    if here is None:
        return False
    match where:
        case Where.OWNER:
            return here.pk == owner.pk or (
                here.body == Authority.Body.COMMISSIONED
                and here.commissions.filter(principal=owner, valid__contains=on).exists()
            )
        case Where.SAME_BUREAU:
            return here.is_bureau and here.region_id == owner.region_id
        case Where.CITY_AGENCY | Where.CITY_BUREAU:
            body = Authority.Body.AGENCY if where == Where.CITY_AGENCY else Authority.Body.BUREAU
            return (
                here.body == body
                and here.level == Authority.Level.CITY
                and owner.region.path.startswith(here.region.path)
            )
    return False


def in_charge(dossier: Dossier, actor: Actor) -> bool:
    """Whether the actor is one of the officers the dossier is assigned to."""
    if actor.user is None:
        return False
    return Assignment.objects.filter(dossier=dossier.pk, user=actor.user, until=None).exists()


def obstacles(dossier: Dossier, step: Step, context: Context) -> list[Reason]:
    """Everything that keeps this actor from taking this step now, short of what its form will say."""
    reasons: list[Reason] = []
    states = dossier.procedure.State
    if dossier.state not in step.sources:
        sentence = _("The matter stands at “%(here)s”; this step is taken at “%(there)s”") % {
            "here": states(dossier.state).label,
            "there": "、".join(str(states(source).label) for source in step.sources),
        }
        reasons.append(Reason(Cause.STATE, sentence, step.law))
    reasons += _personal_obstacles(dossier, step, context)
    return [*reasons, *map(Reason.of, _judged(dossier, step, context)[1])]


def _judged(dossier: Dossier, step: Step, context: Context) -> tuple[list[Rule], list[Rule]]:
    """The step's rules that hold now and those that do not, short of those about what its form will say."""
    held: list[Rule] = []
    unmet: list[Rule] = []
    for rule in step.needs:
        if not rule.on_facts:
            (held if rule.holds(dossier, context) else unmet).append(rule)
    return held, unmet


def _personal_obstacles(dossier: Dossier, step: Step, context: Context) -> list[Reason]:
    actor = context.actor
    if actor.is_system:
        if actor.has(*step.by):
            return []
        return [Reason(Cause.ROLE, _("The system may not take this step by itself"), step.law)]
    charged = step.assigned and actor.has(*step.by) and in_charge(dossier, actor)
    # An officer lent to another authority for a cross-county or joint inspection acts from where they sit (HY-31).
    lent = charged and step.at == Where.OWNER and actor.authority is not None
    who = "、".join(str(role.label) for role in step.by)
    if not lent and not stands_at(step.at, dossier, actor, context.today):
        # A role held elsewhere is no role here: whoever holds it is told where the step is taken.
        sentence = _("To be done at %(place)s by: %(who)s") % {"place": _place(step.at, dossier), "who": who}
        return [Reason(Cause.ROLE, sentence, step.law)]
    if not actor.has(*step.by):
        return [Reason(Cause.ROLE, _("To be done by: %(who)s") % {"who": who}, step.law)]
    return _unfit(step, actor, charged=charged)


def _unfit(step: Step, actor: Actor, *, charged: bool) -> list[Reason]:
    """What keeps the holder of the role from the step all the same."""
    if actor.person.is_machine and (step.assigned or step.makes_paper):
        return [Reason(Cause.ROLE, _("To be done by a person, not by another system's account"), step.law)]
    if step.assigned and not charged:
        return [Reason(Cause.OFFICER, _("To be done by an officer in charge of this matter"), step.law)]
    return []


def _place(where: Where, dossier: Dossier) -> Text:
    """Where a step of this matter is taken, in words."""
    match where:
        case Where.SUBJECT:
            return dossier.subject.name if dossier.subject else _("the party concerned")
        case Where.SAME_BUREAU:
            return _("the bureau of %(region)s") % {"region": dossier.authority.region}
        case Where.CITY_AGENCY:
            return _("the city's handling agency")
        case Where.CITY_BUREAU:
            return _("the city's bureau")
    return dossier.authority.name


@dataclass(frozen=True)
class Offer:
    """A step as the panel 'next steps' shows it: open, or blocked with every reason; `met` are the rules that hold."""

    step: Step
    reasons: tuple[Reason, ...]
    met: tuple[Reason, ...]

    @property
    def open(self) -> bool:
        return not self.reasons

    @property
    def mine(self) -> bool:
        """Only rules stand in the way, not the person: shown among one's own steps."""
        return all(reason.cause == Cause.RULE for reason in self.reasons)

    @property
    def met_law(self) -> tuple[str, ...]:
        """The articles of the rules that hold, each once."""
        return tuple(dict.fromkeys(article for reason in self.met for article in reason.law))


def steps_for(dossier: Dossier, actor: Actor) -> list[Offer]:
    """The steps that leave the dossier's present state, open ones first.

    The system's own are not offered, nor those that have nothing to do in this matter (`rule(moot=True)`).
    `dossier` must be of its own kind (`registry.concrete`).
    """
    context = Context(actor=actor, today=clock.today(), now=clock.now())
    offers = []
    for step in dossier.procedure.steps.values():
        if dossier.state not in step.sources or step.automatic:
            continue
        held, unmet = _judged(dossier, step, context)
        if any(rule.moot for rule in unmet):
            continue
        reasons = [*_personal_obstacles(dossier, step, context), *map(Reason.of, unmet)]
        offers.append(Offer(step, tuple(dict.fromkeys(reasons)), tuple(dict.fromkeys(map(Reason.of, held)))))
    return sorted(offers, key=lambda offer: (not offer.open, not offer.mine))


def history(dossier: Dossier) -> QuerySet[Event]:
    """The dossier's events in order, with who and where."""
    return Event.objects.filter(dossier=dossier.pk).select_related("user", "authority", "dossier").order_by("seq")


def open_terms(actor: Actor) -> QuerySet[Term]:
    """Running or overdue terms of the dossiers the actor is in charge of, the nearest first: the desk."""
    if actor.user is None:
        return Term.objects.none()
    mine = Assignment.objects.filter(user=actor.user, until=None).values("dossier")
    return (
        Term.objects.filter(Q(state=Term.State.RUNNING) | Q(state=Term.State.OVERDUE), dossier__in=mine)
        .filter(within_sight(actor, "dossier"))
        .select_related("dossier__subject", "dossier__authority")
        .order_by("due", "pk")
    )

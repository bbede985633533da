"""What waits for a person: deadlines of their matters, and matters whose next step is theirs by role."""

from collections import defaultdict
from functools import lru_cache, reduce
from operator import or_

from django.core.cache import cache
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from supervision.parties.actors import Actor
from supervision.parties.models import Authority
from supervision.parties.roles import Role
from supervision.procedure.declare import Procedure, Step, Where
from supervision.procedure.models import Assignment, Dossier, Term
from supervision.procedure.selectors import open_terms, tally, visible_to

# Officers work through the matters in their charge and what nobody is in charge of yet; everybody else waits for
# matters to reach them.
WORK_BY_ASSIGNMENT = frozenset({Role.BUREAU_OFFICER, Role.AGENCY_CLERK, Role.AUDITOR})
IN_NOBODYS_CHARGE = ~Q(Exists(Assignment.objects.filter(dossier=OuterRef("pk"), until=None)))


def in_my_charge(actor: Actor) -> QuerySet[Dossier]:
    """Open matters the actor is in charge of, assists or reviews, but for those at rest."""
    if actor.user is None:
        return Dossier.objects.none()
    held = actor.user.assignments.filter(until=None).values("dossier")
    matters = visible_to(actor).filter(pk__in=held, closed_at=None).exclude(_at_rest())
    return _shown(matters)


def awaiting(actor: Actor) -> QuerySet[Dossier]:
    """Open matters at a state from which one of the actor's roles has a step to take, as far as states can tell.

    A step that may be taken from a state at rest waits for nobody; where the owner has a step
    that leads on, a higher authority is not waited for. What is taken from a pool awaits every officer of its place
    until one is in charge.
    """
    waited: defaultdict[tuple[str, Q], set[str]] = defaultdict(set)
    for procedure in Procedure.registry.values():
        for step in procedure.steps.values():
            if not _is_awaited(step) or not _stands(step, actor):
                continue
            if not _by_role(actor).isdisjoint(step.by):
                for states, place in _waiting(procedure, step, actor):
                    waited[procedure.kind, place] |= states
            elif procedure.pooled and procedure.initial in step.sources and not actor.roles.isdisjoint(step.by):
                waited[procedure.kind, _place(step, actor) & IN_NOBODYS_CHARGE].add(str(procedure.initial))
    conditions = [Q(kind=kind, state__in=sorted(states)) & place for (kind, place), states in waited.items() if states]
    if not conditions:
        return Dossier.objects.none()
    return _shown(visible_to(actor).filter(reduce(or_, conditions), closed_at=None))


def _shown(matters: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """With what a row shows; `deadlines` holds the matter's open deadlines, the nearest first.

    So the ten days of a legal review are seen by the reviewer, whom nobody puts in charge.
    """
    running = Term.objects.filter(state__in=(Term.State.RUNNING, Term.State.OVERDUE)).order_by("due", "pk")
    return matters.select_related("subject", "authority").prefetch_related(
        Prefetch("term_set", running, to_attr="deadlines")
    )


def awaits_anything(actor: Actor) -> bool:
    """Whether any step of any procedure could come to await one of the actor's roles."""
    return any(
        _is_awaited(step) and not (actor.roles if procedure.pooled else _by_role(actor)).isdisjoint(step.by)
        for procedure in Procedure.registry.values()
        for step in procedure.steps.values()
    )


def waiting_count(actor: Actor) -> int:
    """Deadlines running plus matters that await the actor, for the badge; asked at most every 20 seconds."""
    key = f"waiting:{actor.user.pk if actor.user else 0}:{actor.place.pk if actor.place else 0}"
    known = cache.get(key)
    if known is None:
        known = tally(open_terms(actor)) + tally(awaiting(actor))
        cache.set(key, known, 20)
    return int(known)


def _by_role(actor: Actor) -> frozenset[Role]:
    return actor.roles - WORK_BY_ASSIGNMENT


def _is_awaited(step: Step) -> bool:
    return not step.automatic and not step.assigned


def _at_rest() -> Q:
    return reduce(
        or_, (Q(kind=each.kind, state__in=each.resting) for each in Procedure.registry.values() if each.resting), Q()
    )


def _stands(step: Step, actor: Actor) -> bool:
    """Whether the actor's kind of place can take the step at all."""
    here = actor.authority
    if step.at == Where.SUBJECT:
        return actor.provider is not None
    if here is None:
        return False
    if step.at in (Where.CITY_AGENCY, Where.CITY_BUREAU):
        body = Authority.Body.AGENCY if step.at == Where.CITY_AGENCY else Authority.Body.BUREAU
        return here.body == body and here.level == Authority.Level.CITY
    return here.is_bureau if step.at == Where.SAME_BUREAU else True


def _waiting(procedure: type[Procedure], step: Step, actor: Actor) -> list[tuple[set[str], Q]]:
    """From which states a step is waited for, and on whose matters."""
    states = set(step.sources) - procedure.resting
    if step.at in (Where.OWNER, Where.SUBJECT) or actor.authority is None:
        return [(states, _place(step, actor))]
    depth = _depth(procedure)  # type: ignore[arg-type]
    owners = {
        state
        for other in procedure.steps.values()
        if other.at == Where.OWNER and not other.automatic and other.target and other.target not in procedure.final
        for state in other.sources
        if depth[other.target] > depth[state]
    }
    return [(states - owners, _place(step, actor)), (states & owners, Q(authority=actor.authority))]


@lru_cache
def _depth(procedure: type[Procedure]) -> dict[str, int]:
    """The least number of steps from the initial state to each state: a step to a lesser depth leads back."""
    depth = {str(procedure.initial): 0}
    reached = list(depth)
    for state in reached:
        for step in procedure.steps.values():
            if state in step.sources and step.target and step.target not in depth:
                depth[step.target] = depth[state] + 1
                reached.append(step.target)
    return depth


def _place(step: Step, actor: Actor) -> Q:
    """Whose matters the step is taken on, from where the actor stands."""
    here = actor.authority
    if here is None:
        return Q()
    match step.at:
        case Where.OWNER:
            return Q(authority=here)
        case Where.SAME_BUREAU:
            return Q(authority__region=here.region_id)
        case _:
            return Q(authority__region__path__startswith=here.region.path)

"""What is new for a person: events of others in the matters they are in charge of, and notices of long work.

Events need no copy per reader: the news are the events after the reader's mark. `notify` is for what no event tells.
"""

from collections.abc import Iterable

from django.core.cache import cache
from django.db.models import QuerySet
from django.utils import timezone

from supervision.parties.actors import Actor
from supervision.parties.models import User
from supervision.procedure import verbs
from supervision.procedure.models import Assignment, Event
from supervision.procedure.selectors import within_sight

from .models import NewsMark, Notice

COUNT_CAP = 99


def notify(users: Iterable[User], text: str, url: str = "") -> None:
    """Leave a notice for each of these people; `text` in the language of the city, `url` where to look."""
    Notice.objects.bulk_create([Notice(user=user, text=text[:300], url=url) for user in users])


def events_for(actor: Actor) -> QuerySet[Event]:
    """What others did in the matters the actor is in charge of, newest first; who only looked into one is no news."""
    if actor.user is None:
        return Event.objects.none()
    mine = Assignment.objects.filter(user=actor.user, until=None).values("dossier")
    return (
        Event.objects.filter(dossier__in=mine)
        .filter(within_sight(actor, "dossier"))
        .exclude(user=actor.user)
        .exclude(verb__in=verbs.looks())
        .select_related("dossier", "user", "authority")
        .order_by("-pk")
    )


def unread(actor: Actor) -> int:
    """How much is new, at most `COUNT_CAP`; asked at most every 20 seconds."""
    if actor.user is None:
        return 0
    key = f"news:{actor.user.pk}:{actor.place.pk if actor.place else 0}"
    known = cache.get(key)
    if known is None:
        fresh = events_for(actor).filter(pk__gt=seen_up_to(actor.user)).order_by()[:COUNT_CAP].count()
        notices = Notice.objects.filter(user=actor.user, read_at=None)[:COUNT_CAP].count()
        known = min(COUNT_CAP, fresh + notices)
        cache.set(key, known, 20)
    return int(known)


def seen_up_to(user: User) -> int:
    """The newest event the person has seen."""
    return NewsMark.objects.filter(user=user).values_list("event", flat=True).first() or 0


def mark_seen(actor: Actor, event: int) -> None:
    """Everything up to this event, and every notice, has been seen."""
    if actor.user is None:
        return
    NewsMark.objects.update_or_create(user=actor.user, defaults={"event": event})
    Notice.objects.filter(user=actor.user, read_at=None).update(read_at=timezone.now())
    cache.delete(f"news:{actor.user.pk}:{actor.place.pk if actor.place else 0}")

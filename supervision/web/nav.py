"""The rail: apps declare their places here, in `AppConfig.ready`, and the shell shows each person theirs.

    nav.register(nav.Group.HANDLE, _("enforcement cases"), "enforcement:cases", roles=CASE_ROLES, count=open_cases)

`count` takes the actor and returns how many matters wait there; it is asked at most once in `COUNT_SECONDS`.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db.models import TextChoices
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from supervision.parties.actors import may_see_business
from supervision.parties.roles import Role

if TYPE_CHECKING:
    from supervision.parties.actors import Actor

COUNT_SECONDS = 20


class Group(TextChoices):
    """The order of the work; `SYSTEM` holds what administrators and everyone need about the system itself."""

    DISCOVER = "discover", _("Discover")
    INSPECT = "inspect", _("Inspect")
    HANDLE = "handle", _("Handle")
    EVALUATE = "evaluate", _("Evaluate")
    PUBLISH = "publish", _("Publish")
    SYSTEM = "system", _("System")


@dataclass(frozen=True)
class Entry:
    """One place in the rail; `tab` names the icon under which a phone shows it in its bottom bar."""

    group: Group
    label: str | Promise
    url_name: str
    roles: frozenset[Role] | None
    count: "Callable[[Actor], int] | None"
    urgent: bool
    tab: str
    order: int

    def shown_to(self, actor: "Actor") -> bool:
        """Without roles an entry is for everyone with business at an authority."""
        if self.roles is None:
            return actor.authority is not None and may_see_business(actor)
        return actor.has(*self.roles)


@dataclass(frozen=True)
class Link:
    """An entry as one person sees it now."""

    label: str
    url: str
    count: int | None
    urgent: bool
    tab: str
    current: bool


_entries: dict[str, Entry] = {}


def register(
    group: Group,
    label: str | Promise,
    url_name: str,
    roles: Collection[Role] | None = None,
    count: "Callable[[Actor], int] | None" = None,
    *,
    urgent: bool = False,
    tab: str = "",
    order: int = 50,
) -> None:
    """Declare a place. Registering the same `url_name` again replaces it. `urgent` shows its count in red."""
    allowed = None if roles is None else frozenset(roles)
    _entries[url_name] = Entry(group, label, url_name, allowed, count, urgent, tab, order)


def entries() -> list[Entry]:
    """Every declared place in the order of the rail."""
    groups = list(Group)
    return sorted(_entries.values(), key=lambda entry: (groups.index(entry.group), entry.order))


def rail(actor: "Actor", path: str, area: str = "") -> list[tuple[str, list[Link]]]:
    """The groups and links this actor sees on the page at `path`; groups without a link are left out.

    `area` is the address of the list the page belongs to, where its own address does not tell: at a matter's page the
    list of its kind is current.
    """
    shown = [(entry, url) for entry in entries() if entry.shown_to(actor) and (url := _url(entry))]
    counts = _counts(actor, (entry for entry, _url_ in shown))
    urls = [url for _entry, url in shown]
    current = area if area in urls else max((url for url in urls if path.startswith(url)), key=len, default="")
    groups: dict[Group, list[Link]] = {}
    for entry, url in shown:
        link = Link(
            label=str(entry.label),
            url=url,
            count=counts.get(entry.url_name),
            urgent=entry.urgent,
            tab=entry.tab,
            current=url == current,
        )
        groups.setdefault(entry.group, []).append(link)
    return [(str(group.label), links) for group, links in groups.items()]


def _url(entry: Entry) -> str:
    try:
        return reverse(entry.url_name)
    except NoReverseMatch:
        return ""


def _counts(actor: "Actor", shown: Iterable[Entry]) -> dict[str, int]:
    counted = [entry for entry in shown if entry.count]
    if not counted:
        return {}
    place = actor.place.pk if actor.place else 0
    key = f"nav:{actor.user.pk if actor.user else 0}:{place}"
    known: dict[str, int] = cache.get(key) or {}
    missing = [entry for entry in counted if entry.url_name not in known]
    if missing:
        known |= {entry.url_name: entry.count(actor) for entry in missing if entry.count}
        cache.set(key, known, COUNT_SECONDS)
    return known

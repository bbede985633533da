"""Steps of a matter as people of the city take them, at moments of the past."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from supervision.parties.actors import Actor
from supervision.parties.models import Authority, Region, User
from supervision.parties.roles import Role
from supervision.procedure import clock
from supervision.procedure.models import Dossier
from supervision.procedure.services import advance
from supervision.records.models import Evidence
from supervision.records.selectors import investigators_of, newest_paper, statements_of
from supervision.records.services import serving
from supervision.records.services.evidence import add_evidence, verify_evidence

from .people import People
from .places import CITY, Places


@contextmanager
def days_ago(days: int, hour: int = 10) -> Iterator[None]:
    """Take the steps inside on a day of the past; a day of today is now."""
    if days <= 0:
        yield
        return
    day = timezone.localdate() - timedelta(days=days)
    moment = timezone.make_aware(datetime.combine(day, time(hour, random.Random(days).randrange(60))))  # noqa: S311
    with clock.stopped_at(moment):
        yield


@dataclass(frozen=True)
class Desk:
    """The people of one region who act, each as an actor."""

    people: People
    places: Places
    region: Region

    @property
    def bureau(self) -> Authority:
        return self.places.bureaus[self.region.code]

    @property
    def agency(self) -> Authority:
        return self.places.agencies[self.region.code]

    def at_bureau(self, role: Role, place: int = 0) -> Actor:
        return self.people.actor(self.bureau, role, place)

    def at_agency(self, role: Role, place: int = 0) -> Actor:
        return self.people.actor(self.agency, role, place)

    @property
    def head(self) -> Actor:
        return self.at_bureau(Role.BUREAU_HEAD)

    @property
    def officer(self) -> Actor:
        return self.at_bureau(Role.BUREAU_OFFICER)

    @property
    def pair(self) -> list[User]:
        """Two officers of the bureau, the first in charge."""
        return self.people.users(self.bureau, Role.BUREAU_OFFICER)[:2]

    @property
    def auditor(self) -> Actor:
        return self.at_agency(Role.AUDITOR)

    @property
    def auditors(self) -> list[User]:
        """Two auditors of the agency, the first in charge."""
        return self.people.users(self.agency, Role.AUDITOR)[:2]

    @property
    def reviewer(self) -> Actor:
        return self.at_bureau(Role.LEGAL_REVIEWER)

    @property
    def clerk(self) -> Actor:
        return self.at_agency(Role.AGENCY_CLERK)

    @property
    def agency_head(self) -> Actor:
        return self.at_agency(Role.AGENCY_HEAD)

    @property
    def city(self) -> "Desk":
        """The city's own people."""
        return Desk(self.people, self.places, self.places.regions[CITY[0]])


def serve(dossier: Dossier, step: str, actor: Actor, recipient: str = "院办公室") -> None:
    """Hand a paper over in person today."""
    advance(
        dossier, step, actor, method="direct", relation="staff", served_on=clock.today(), recipient=recipient,
        on_paper=True,
    )  # fmt: skip


def serve_paper(dossier: Dossier, type: str, actor: Actor, recipient: str = "院办公室") -> None:
    """Hand the newest paper of a type over in person today, where no step does."""
    if (paper := newest_paper(dossier, type)) is None:
        return
    said = {"method": "direct", "relation": "staff", "served_on": clock.today(), "recipient": recipient}
    serving.serve(paper, actor, data={**said, "on_paper": True})


def discuss(dossier: Dossier, step: str, actor: Actor, people: list[User], resolution: str) -> None:
    """A collective discussion of these people, all in favour: after what was done before it, and none to come."""
    begun = timezone.localtime(clock.now())
    begun = min(begun, begun.replace(hour=23, minute=58))
    advance(
        dossier, step, actor, held_on=clock.today(), begun_at=f"{begun:%H:%M}",
        ended_at=f"{begun + timedelta(minutes=1):%H:%M}", place="本单位会议室",
        chair=actor.user, votes={str(one.pk): {"vote": "for", "opinion": "同意拟处理意见。"} for one in people},
        heard=list(investigators_of(dossier)), resolution=resolution,
    )  # fmt: skip


def answer(dossier: Dossier, actor: Actor, text: str = "经复核，原认定事实清楚，意见不予采纳。") -> None:
    """Answer every open point of the party's statements."""
    facts: dict[str, Any] = {}
    for statement in statements_of(dossier):
        for point in statement.points.all():
            if not point.is_answered:
                facts |= {f"answer_{point.pk}": text, f"accepted_{point.pk}": "no"}
    if facts and dossier.kind == "case":
        facts["rechecked"] = "重新核对了结算明细、病历和现场检查笔录，原认定的事实有相应证据证明。"
    if facts:
        advance(dossier, "answer_statement", actor, **facts)


def proof(dossier: Dossier, actor: Actor, officers: list[User], title: str, kind: str = "documentary") -> Evidence:
    """A verified piece of evidence: a short text file that says what it is."""
    content = f"{title}\n{dossier.number}\n（示例证据，内容均为虚构）\n".encode()
    one = add_evidence(
        dossier, actor, kind=kind, title=title, source="现场复制，经当事人核对", collected_at=clock.now(),
        collectors=officers, file=SimpleUploadedFile(f"{title}.txt", content, "text/plain"),
    )  # fmt: skip
    return verify_evidence(one, actor, note="与原件核对一致")


def in_days(days: int) -> date:
    """So many days after the stopped clock's today."""
    return clock.today() + timedelta(days=days)

"""The papers of this floor, what papers of every app tell alike, and the record of a collective discussion."""

from datetime import date, datetime, time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from supervision.law.catalogue import cite_where_it_holds
from supervision.law.values import period
from supervision.parties.models import Certificate, User
from supervision.procedure.declare import Context

from .models import ServiceOfDocument, Vote
from .paper_types import PaperType, register
from .rules import discussion_carries
from .selectors import investigators_of
from .services.paper import issuing_authority

FOLDER = "supervision/records/papers"
DISCUSSION = f"{FOLDER}/discussion.typ"


def zh_time(value: time | datetime) -> str:
    """A time of day as every paper writes it: 09时05分; of a moment, by the clocks of the place."""
    here = timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
    return f"{here:%H}时{here:%M}分"


def zh_moment(value: datetime) -> str:
    """A day and time as every paper writes them: 2026年6月1日09时05分."""
    here = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{here.year}年{here.month}月{here.day}日{zh_time(here)}"


def remedies(dossier: Any, context: Context) -> dict[str, str]:
    """Where and until when the party contests what is decided now (PL-59, HY-25); a name nobody entered is empty."""
    here, today = issuing_authority(dossier, context.actor), context.today
    found = here.redress_on(today)
    return {
        "reconsideration": found.reconsideration if found else "",
        "court": found.court if found else "",
        "reconsideration_period": str(period("RM-1/reconsideration", scope=here.scope, on=today)),
        "suit_period": str(period("RM-2/suit", scope=here.scope, on=today)),
    }


def office(dossier: Any, context: Context) -> dict[str, str] | None:
    """Where the party comes, writes or calls (PL-44, HY-22); None where nobody entered it."""
    found = issuing_authority(dossier, context.actor).office_on(context.today)
    return {name: getattr(found, name) for name in ("address", "contact", "phone")} if found else None


def local_law(dossier: Any, *rule_ids: str) -> dict[str, str]:
    """Local rules as a paper cites them in full, by id; '' where they do not hold for the matter's authority."""
    region = dossier.authority.region.code
    return {rule_id: cite_where_it_holds(rule_id, region) for rule_id in rule_ids}


def certificates(people: list[User], on: date) -> dict[int, str]:
    """The number of each person's certificate to act, valid on the day: of enforcement before any other (PP-16)."""
    held = Certificate.objects.filter(user__in=people, valid__contains=on).exclude(kind=Certificate.Kind.LEGAL)
    ranked = sorted(held, key=lambda one: one.kind == Certificate.Kind.ENFORCEMENT)
    return {one.user_id: one.number for one in ranked}


def named_with_certificate(person: User | None, on: date) -> str:
    """Name and certificate as a paper names an officer: 张某（执法证号：A123）."""
    if person is None:
        return ""
    if number := certificates([person], on).get(person.pk):
        return gettext("%(name)s (certificate no. %(number)s)") % {"name": person, "number": number}
    return str(person)


def discussion(dossier: Any, context: Context, *, subject: str, told: dict[str, Any]) -> dict[str, Any]:
    """What the record of a `DeliberationForm` says (PP-44, HY-21): who was there, what each said, how it was decided.

    `subject`: what was discussed. `told`: the matter's own facts, shown as sections of title and text or rows.
    """
    facts = context.facts
    chair, recorder, heard = facts["chair"], facts["recorder"], facts["heard"]
    votes = dict(zip((one.pk for one in facts["attendees"]), facts["votes"].values(), strict=True))
    labels = dict(Vote.Choice.choices)
    investigated = investigators_of(dossier)
    numbers = certificates([*heard], facts["held_on"])
    return {
        **told,
        "subject": subject,
        "body": (context.actor.authority or dossier.authority).name,
        "held_on": facts["held_on"],
        "begun_at": zh_time(facts["begun_at"]),
        "ended_at": zh_time(facts["ended_at"]),
        "place": facts["place"],
        "chair": str(chair),
        "recorder": str(recorder or ""),
        "attendees": [str(one) for one in facts["attendees"]],
        "entitled": facts["entitled"],
        "heard": [
            {
                "name": str(one),
                "role": str(_("investigator, reports") if one.pk in investigated else _("attends")),
                "certificate": numbers.get(one.pk, ""),
            }
            for one in heard
        ],
        "votes": [
            {
                "name": str(one),
                "chairs": one == chair,
                "choice": votes[one.pk]["vote"],
                "vote": str(labels[votes[one.pk]["vote"]]),
                "opinion": votes[one.pk]["opinion"],
            }
            for one in facts["attendees"]
        ],
        "votes_for": facts["votes_for"],
        "votes_against": facts["votes_against"],
        "abstained": facts["abstained"],
        "dissent": facts["dissent"],
        "resolution": facts["resolution"],
        "carried": discussion_carries.holds(dossier, context),
    }


def service_certificate(dossier: Any, context: Context) -> dict[str, Any]:
    """What the certificate says of a `ServiceOfDocument` (PP-59, PL-61)."""
    service: ServiceOfDocument = context.facts["service"]
    proof = service.evidence
    return {
        "served": {"title": service.paper.title, "number": service.paper.number},
        "matter": dossier.title,
        "party": dossier.subject.name if dossier.subject else "",
        "recipient": service.recipient,
        "relation": service.get_relation_display(),
        "method": service.method,
        "method_label": service.get_method_display(),
        "acted_on": service.acted_on,
        "acted_at": zh_time(service.acted_at) if service.acted_at else "",
        "served_on": service.served_on,
        "address": service.address,
        "witness": service.witness,
        "witness_post": service.witness_post,
        "recorded": service.recorded,
        "refused": service.refused,
        "reason": service.reason,
        "announced_in": service.announced_in,
        "reference": service.reference,
        "proof": {"title": proof.title, "sha256": proof.sha256} if proof else None,
        "on_paper": service.on_paper,
        "servers": [
            named_with_certificate(one, service.acted_on)
            for one in (service.served_by, service.second_server)
            if one is not None
        ],
        "server": str(context.actor),
        "late": service.is_late,
        "due": service.due,
    }


register(
    PaperType(
        "service_certificate",
        _("Certificate of service"),
        word="送证",
        template=f"{FOLDER}/service_certificate.typ",
        context=service_certificate,
        law=("PP-59", "PL-61"),
    )
)

"""Accounts, posts and certificates of an authority's people, kept by its three administrators (level-3 protection).

The system administrator keeps accounts, the security administrator posts and certificates, the audit administrator
looks and changes nothing; nobody acts on their own account, and an administrator holds no other post. Every change is
written with its `StaffEvent` in one transaction.
"""

import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from ..actors import Actor, authorities_within
from ..models import Authority, Certificate, Post, StaffEvent, User
from ..roles import ADMINISTRATORS, HEADS, Role
from ..served import served, served_by_server

Verb = StaffEvent.Verb
READERS = ADMINISTRATORS | HEADS
GIVEN_BY_NOBODY = frozenset({Role.SYSTEM, Role.PROVIDER_REP})
PASSWORD_BYTES = 9


class StaffRefused(Exception):
    """Why an administrator may not do this, as a sentence."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(sentence)
        self.sentence = sentence

    def __str__(self) -> str:
        return str(self.sentence)


def staff_seen_by(actor: Actor, today: date) -> QuerySet[User]:
    """People employed, or holding or having held a post, within the jurisdiction; for administrators and heads."""
    if actor.authority is None or not actor.has(*READERS):
        return User.objects.none()
    within = authorities_within(actor.authority, today).values("pk")
    posted = Post.objects.filter(authority__in=within).values("user")
    return User.objects.filter(Q(employer__in=within) | Q(pk__in=posted), is_machine=False)


@served
def add_staff(
    actor: Actor, *, username: str, name: str, phone: str, employer: Authority, today: date
) -> tuple[User, str]:
    """A new account with a one-time password, which is returned and kept nowhere. Raises StaffRefused."""
    must_be(actor, Role.SYSTEM_ADMIN)
    must_reach(actor, employer, today)
    if User.objects.filter(username__iexact=username).exists():
        raise StaffRefused(_("This staff number is taken."))
    password = _one_time()
    person = User.objects.create_user(
        username, name, password, phone=phone, employer=employer, one_time_until=_one_time_end()
    )
    _tell(actor, person, Verb.ADDED, employer=employer.name)
    return person, password


@served_by_server
def first_administrator(username: str, name: str, authority: Authority, role: Role, today: date) -> str:
    """The account of an authority's first administrator of a kind, from the server itself; its one-time password.

    Raises StaffRefused for another role, a taken staff number, or where that administrator is there already.
    """
    if role not in ADMINISTRATORS:
        raise StaffRefused(_("Only administrators are made so; they give the other posts."))
    held = Post.objects.filter(authority=authority, role=role, valid__contains=today, user__is_active=True)
    if held.exists():
        raise StaffRefused(_("The authority has this administrator already, who adds others."))
    if User.objects.filter(username__iexact=username).exists():
        raise StaffRefused(_("This staff number is taken."))
    password = _one_time()
    person = User.objects.create_user(username, name, password, employer=authority, one_time_until=_one_time_end())
    Post.objects.create(user=person, authority=authority, role=role, valid=DateRange(today, None))
    for verb, facts in (
        (Verb.ADDED, {"employer": authority.name}),
        (Verb.POST_GIVEN, {"authority": authority.name, "role": str(role), "first": str(today)}),
    ):
        StaffEvent.objects.create(person=person, verb=verb, authority=authority, facts=facts)
    return password


@served
def give_post(
    actor: Actor,
    person: User,
    *,
    authority: Authority,
    role: str,
    section: str,
    first: date,
    last: date | None,
    today: date,
) -> Post:
    """Give a role at an authority from `first` to `last`, both included. Raises StaffRefused."""
    person = _for_change(actor, person, Role.SECURITY_ADMIN)
    must_reach(actor, authority, today)
    if role in GIVEN_BY_NOBODY:
        raise StaffRefused(_("This role is not given to staff."))
    if role not in authority.roles:
        raise StaffRefused(no_such_post(authority, role))
    days = _days(first, last)
    held = Post.objects.filter(user=person, valid__overlap=days)
    if held.filter(authority=authority, role=role).exists():
        raise StaffRefused(_("The person holds this post there on some of these days already."))
    others = held.exclude(role=role) if role in ADMINISTRATORS else held.filter(role__in=ADMINISTRATORS)
    if others.exists():
        raise StaffRefused(_("An administrator holds no other post on the same days: end the one first."))
    post = Post.objects.create(user=person, authority=authority, role=role, section=section, valid=days)
    _tell(actor, person, Verb.POST_GIVEN, authority=authority.name, role=role, section=section, first=first, last=last)
    return post


@served
def end_post(actor: Actor, person: User, *, post: Post, last: date, reason: str, today: date) -> Post:
    """Let a post end with the day `last`; yesterday ends it at once, and the past stays. Raises StaffRefused."""
    person = _for_change(actor, person, Role.SECURITY_ADMIN)
    held = Post.objects.select_for_update(of=("self",)).select_related("authority").get(pk=post.pk, user=person)
    if held.authority is None:
        raise StaffRefused(_("This post is not at an authority of yours."))
    must_reach(actor, held.authority, today)
    if held.valid.isempty or (held.valid.upper is not None and held.valid.upper <= today):
        raise StaffRefused(_("This post has ended already."))
    if last < today - timedelta(days=1) or (held.valid.upper and last >= held.valid.upper):
        raise StaffRefused(_("The last day is yesterday at the earliest, and earlier than it is now."))
    if held.role in ADMINISTRATORS and not _another_holds(held, last + timedelta(days=1)):
        raise StaffRefused(_("Nobody else would be this administrator then: give the post to another first."))
    held.valid = _until(held.valid, last + timedelta(days=1))
    held.save(update_fields=["valid"])
    _tell(actor, person, Verb.POST_ENDED, authority=held.authority.name, role=held.role, last=last, reason=reason)
    return held


@served
def add_certificate(
    actor: Actor, person: User, *, kind: str, number: str, areas: list[str], first: date, last: date, today: date
) -> Certificate:
    """Enter a certificate with its validity, both days included. Raises StaffRefused."""
    person = _for_change(actor, person, Role.SECURITY_ADMIN)
    if Certificate.objects.filter(number=number).exists():
        raise StaffRefused(_("A certificate with this number is entered already."))
    made = Certificate.objects.create(user=person, kind=kind, number=number, areas=areas, valid=_days(first, last))
    _tell(actor, person, Verb.CERTIFICATE_ADDED, kind=kind, number=number, first=first, last=last)
    return made


@served
def renew_certificate(actor: Actor, person: User, *, certificate: Certificate, last: date, today: date) -> Certificate:
    """Extend a certificate to a later last day. Raises StaffRefused for a revoked one, or an earlier day."""
    person, held = _certificate_for_change(actor, person, certificate)
    if held.valid.upper is None or last < held.valid.upper or last < today:
        raise StaffRefused(_("A renewal ends later than the certificate does now, and not in the past."))
    # Renewed after it ran out it was not valid in between; the history keeps the days it had before.
    first = today if held.valid.upper < today else held.valid.lower
    before = f"{held.valid.lower} – {held.valid.upper - timedelta(days=1)}"
    held.valid = DateRange(first, last + timedelta(days=1))
    _tell(actor, person, Verb.CERTIFICATE_RENEWED, kind=held.kind, number=held.number, last=last, before=before)
    held.save(update_fields=["valid"])
    return held


@served
def revoke_certificate(
    actor: Actor, person: User, *, certificate: Certificate, reason: str, today: date
) -> Certificate:
    """Take a certificate away from today on; the days before stay. Raises StaffRefused for one revoked already."""
    person, held = _certificate_for_change(actor, person, certificate)
    if held.valid.upper is not None and held.valid.upper <= today:
        raise StaffRefused(_("This certificate has expired already."))
    held.valid = _until(held.valid, today)
    held.revoked_because = reason
    held.save(update_fields=["valid", "revoked_because"])
    _tell(actor, person, Verb.CERTIFICATE_REVOKED, kind=held.kind, number=held.number, reason=reason)
    return held


@served
def disable(actor: Actor, person: User, *, reason: str, today: date) -> None:
    """Bar somebody from signing in; their sessions end at once. Raises StaffRefused."""
    person = _account_for_change(actor, person, today)
    if not person.is_active:
        raise StaffRefused(_("Signing in is disabled already."))
    for held in Post.objects.filter(user=person, role__in=ADMINISTRATORS, valid__contains=today):
        if not _another_holds(held, today):
            raise StaffRefused(_("Nobody else would be this administrator then: give the post to another first."))
    person.is_active = False
    person.save(update_fields=["is_active"])
    _tell(actor, person, Verb.DISABLED, reason=reason)


@served
def enable(actor: Actor, person: User, *, reason: str, today: date) -> None:
    """Let somebody sign in again. Raises StaffRefused."""
    person = _account_for_change(actor, person, today)
    if person.is_active:
        raise StaffRefused(_("Signing in is enabled already."))
    person.is_active = True
    person.save(update_fields=["is_active"])
    _tell(actor, person, Verb.ENABLED, reason=reason)


@served
def reset_password(actor: Actor, person: User, *, reason: str, today: date) -> str:
    """Replace the password by a one-time one, which is returned; the person's sessions end. Raises StaffRefused."""
    person = _account_for_change(actor, person, today)
    password = _one_time()
    person.set_password(password)
    person.one_time_until = _one_time_end()
    person.save(update_fields=["password", "one_time_until"])
    _tell(actor, person, Verb.PASSWORD_RESET, reason=reason)
    return password


@served
def reset_second_factor(actor: Actor, person: User, *, reason: str, today: date) -> None:
    """Forget somebody's authenticator and recovery codes, as after a lost phone. Raises StaffRefused."""
    person = _account_for_change(actor, person, today)
    if not TOTPDevice.objects.filter(user=person).exists():
        raise StaffRefused(_("No second factor is set up."))
    forget_second_factor(person)
    _tell(actor, person, Verb.FACTOR_RESET, reason=reason)


@transaction.atomic
def forget_second_factor(person: User) -> None:
    """Forget the authenticator and its recovery codes."""
    TOTPDevice.objects.filter(user=person).delete()
    StaticDevice.objects.filter(user=person).delete()


@transaction.atomic
def own_password_chosen(person: User) -> None:
    """The person has replaced a one-time password by one of their own."""
    if person.one_time_until is not None:
        person.one_time_until = None
        person.save(update_fields=["one_time_until"])
        StaffEvent.objects.create(person=person, verb=Verb.PASSWORD_CHOSEN, by=person)


def no_such_post(authority: Authority, role: str) -> str:
    """Why this role is none of that authority's, as a sentence."""
    told = {"authority": authority, "body": authority.get_body_display(), "role": Role(role).label}
    return str(_("%(authority)s is a %(body)s: it has no post of “%(role)s”.") % told)


def must_be(actor: Actor, role: Role) -> None:
    """Raises StaffRefused for whoever holds another post."""
    if actor.user is None or not actor.has(role):
        raise StaffRefused(_("This is for the %(role)s to do.") % {"role": role.label})


def must_reach(actor: Actor, authority: Authority, today: date) -> None:
    """Raises StaffRefused for an authority outside the actor's charge."""
    here = actor.authority
    if here is None or not authorities_within(here, today).filter(pk=authority.pk).exists():
        raise StaffRefused(_("This authority is not in your charge."))


def _for_change(actor: Actor, person: User, role: Role) -> User:
    """The person's row, locked, after checking that the actor may act on it."""
    must_be(actor, role)
    if actor.user == person:
        raise StaffRefused(_("Nobody changes their own account: ask another administrator."))
    return User.objects.select_for_update().get(pk=person.pk)


def _account_for_change(actor: Actor, person: User, today: date) -> User:
    locked = _for_change(actor, person, Role.SYSTEM_ADMIN)
    here, employer = actor.authority, locked.employer
    if here is None or employer is None or not authorities_within(here, today).filter(pk=employer.pk).exists():
        raise StaffRefused(_("This account is kept by another authority."))
    return locked


def _certificate_for_change(actor: Actor, person: User, certificate: Certificate) -> tuple[User, Certificate]:
    person = _for_change(actor, person, Role.SECURITY_ADMIN)
    held = Certificate.objects.select_for_update().get(pk=certificate.pk, user=person)
    if held.revoked_because:
        raise StaffRefused(_("This certificate was revoked: enter a new one."))
    return person, held


def _another_holds(post: Post, on: date) -> bool:
    others = Post.objects.filter(authority=post.authority_id, role=post.role, valid__contains=on, user__is_active=True)
    return others.exclude(user=post.user_id).exists()


def _days(first: date, last: date | None) -> DateRange:
    if last is not None and last < first:
        raise StaffRefused(_("The last day is before the first."))
    return DateRange(first, None if last is None else last + timedelta(days=1))


def _until(days: DateRange, end: date) -> DateRange:
    """The days before `end`; none at all for what would have begun later."""
    return DateRange(days.lower, end) if days.lower < end else DateRange(empty=True)


def _one_time() -> str:
    return secrets.token_urlsafe(PASSWORD_BYTES)


def _one_time_end() -> Any:
    return timezone.now() + timedelta(days=settings.ONE_TIME_PASSWORD_DAYS)


def _tell(actor: Actor, person: User, verb: Verb, **facts: Any) -> None:
    told: Mapping[str, Any] = {name: str(value) for name, value in facts.items() if value not in (None, "")}
    StaffEvent.objects.create(person=person, verb=verb, by=actor.user, authority=actor.authority, facts=told)

"""Accounts of other systems: they hold posts like a person and sign in by OAuth 2 client credentials only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from oauth2_provider.generators import generate_client_secret
from oauth2_provider.models import Application

from ..models import Authority, Post, StaffEvent, User
from ..roles import ADMINISTRATORS, HEADS, Role
from ..served import served_by_server
from .staff import no_such_post

# Deciding, reviewing and witnessing are for persons: a system sends, reads and reports (HY-34, PP-16).
NOT_FOR_MACHINES = ADMINISTRATORS | HEADS | {Role.LEGAL_REVIEWER, Role.WITNESS, Role.SYSTEM, Role.PROVIDER_REP}


@dataclass(frozen=True)
class Credentials:
    """What another system signs in with; the secret is kept hashed and cannot be shown again."""

    client_id: str
    client_secret: str


@served_by_server
def create_machine(name: str, authority: Authority, roles: Iterable[Role], today: date) -> Credentials:
    """Make the account of another system with these posts at the authority, and its OAuth application.

    Raises ValueError for a name that is taken, no role, a role no machine may hold, or one foreign to the authority.
    """
    held = list(dict.fromkeys(roles))
    if not held or NOT_FOR_MACHINES.intersection(held):
        raise ValueError(_("Name roles that send and report; systems neither administer, decide, review nor witness."))
    if foreign := [role for role in held if role not in authority.roles]:
        raise ValueError(no_such_post(authority, foreign[0]))
    if User.objects.filter(username=name).exists():
        raise ValueError(_("The name “%(name)s” is taken.") % {"name": name})
    account = User.objects.create_user(name, name, is_machine=True)
    Post.objects.bulk_create(
        Post(user=account, authority=authority, role=role, valid=DateRange(today, None)) for role in held
    )
    for role in held:
        told = {"authority": authority.name, "role": str(role), "first": str(today)}
        StaffEvent.objects.create(person=account, verb=StaffEvent.Verb.POST_GIVEN, authority=authority, facts=told)
    secret = generate_client_secret()
    application = Application.objects.create(
        name=name,
        user=account,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
        client_secret=secret,
    )
    return Credentials(application.client_id, secret)


@transaction.atomic
def renew_secret(name: str) -> Credentials:
    """Give the system a new secret; the old one and every token it had end at once. Raises ValueError if unknown."""
    application = Application.objects.select_for_update().filter(name=name, user__is_machine=True).first()
    if application is None:
        raise ValueError(_("No other system is called “%(name)s”.") % {"name": name})
    secret = generate_client_secret()
    application.client_secret = secret
    application.save()
    application.accesstoken_set.all().delete()
    return Credentials(application.client_id, secret)

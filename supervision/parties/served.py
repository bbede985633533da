"""Who changes a row of the registers, and by which service: said to the database, which keeps it beside the change.

    @served
    def give_post(actor, …): …

    with serving("take_in", user=by, authority=authority): …

The database writes every change of the registers into `RegisterChange`, however it is made; a change that says nothing
of this kind was made beside the services. What is said carries a mark only the application can make, so that a session
of the database cannot say it of itself (docs/decisions/0010).
"""

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import connection, transaction

from .crypto import blind_index, same

P = ParamSpec("P")
R = TypeVar("R")
NONCE_BYTES = 12
_said: ContextVar[str] = ContextVar("served", default="")


@contextmanager
def serving(act: str, *, user: Any = None, authority: Any = None) -> Iterator[None]:
    """In one transaction, have every change of a register kept as made by this service for that person.

    Without `user` it is the server itself. Services within services: the inner one is kept.
    """
    by, at = getattr(user, "pk", None), getattr(authority, "pk", None)
    said = json.dumps({"act": act, "by": by, "at": at, "mark": _mark(secrets.token_hex(NONCE_BYTES), act, by, at)})
    outermost, before = not connection.in_atomic_block, _said.get()
    with transaction.atomic():
        _say(said)
        token = _said.set(said)
        try:
            yield
        finally:
            _said.reset(token)
        if not outermost:  # what follows in the same transaction is not of this service; a failure is rolled back
            _say(before)


def served(service: Callable[P, R]) -> Callable[P, R]:
    """Run a service, whose first argument is the actor, in one transaction that says so."""

    @wraps(service)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        actor: Any = args[0]
        with serving(service.__name__, user=actor.user, authority=actor.authority):
            return service(*args, **kwargs)

    return run


def served_by_server(service: Callable[P, R]) -> Callable[P, R]:
    """Run what the server itself does, as a command, in one transaction that says so."""

    @wraps(service)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with serving(service.__name__):
            return service(*args, **kwargs)

    return run


def is_marked(act: str, by: int | None, at: int | None, mark: str) -> bool:
    """Whether the application said this."""
    return same(_mark(mark.partition(":")[0], act, by, at), mark)


def _mark(nonce: str, act: str, by: int | None, at: int | None) -> str:
    return f"{nonce}:{blind_index(f'served {nonce} {act} {by} {at}')}"


def _say(said: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('supervision.served', %s, true)", [said])

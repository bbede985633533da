"""The servers a command needs and the environment that tells the settings about them."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from .keys import read_or_make
from .layout import Layout, server_account
from .lock import only_one
from .ports import Ports
from .postgres import THROWAWAY, Postgres
from .postgres import url_of as postgres_url
from .valkey import Valkey
from .valkey import url_of as valkey_url


@contextmanager
def running(layout: Layout) -> Iterator[tuple[dict[str, str], Postgres | None]]:
    """Servers and keys of this checkout while the block runs: its environment, and our PostgreSQL if we run one.

    `DATABASE_URL` and `REDIS_URL` of the environment, where set, are used instead of a server of our own.
    Raises AlreadyRunningError when another command of this checkout has them, ServerError when one does not start.
    """
    layout.create()
    with ExitStack() as stack:
        stack.enter_context(only_one(layout.lock))
        environment = os.environ | _keys(layout.secrets) | {"VAR_DIR": str(layout.var)}
        postgres = None
        account, ports = server_account(), Ports(layout.ports)
        home = layout.server_home(account)
        if not os.environ.get("DATABASE_URL"):
            postgres = Postgres(
                home, account=account, secrets=layout.secrets, log=layout.logs / "postgres.log", ports=ports
            )
            stack.callback(postgres.stop)
            environment["DATABASE_URL"] = postgres.start()
        if not os.environ.get("REDIS_URL"):
            valkey = Valkey(home, account=account, secrets=layout.secrets, log=layout.logs / "valkey.log", ports=ports)
            stack.callback(valkey.stop)
            environment["REDIS_URL"] = valkey.start()
            environment.setdefault("CACHE_URL", valkey_url(valkey.port, layout.secrets, 1))
        yield environment, postgres


def environment_of_running(layout: Layout) -> dict[str, str]:
    """The environment of the system that another process of this checkout keeps running."""
    ports = Ports(layout.ports).remembered()
    environment = os.environ | _keys(layout.secrets) | {"VAR_DIR": str(layout.var)}
    if not os.environ.get("DATABASE_URL"):
        environment["DATABASE_URL"] = postgres_url(ports["postgres"], layout.secrets)
    if not os.environ.get("REDIS_URL"):
        environment["REDIS_URL"] = valkey_url(ports["valkey"], layout.secrets, 0)
        environment.setdefault("CACHE_URL", valkey_url(ports["valkey"], layout.secrets, 1))
    return environment


@contextmanager
def throwaway(*, durable: bool = False) -> Iterator[dict[str, str]]:
    """Servers for one run of the tests, with nothing kept: only the variables that were not set already.

    Any number of them run side by side, beside `make run` too. durable: write to disk as servers in use do.
    """
    with ExitStack() as stack:
        account = server_account()
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="fund-supervision-")))
        folder.chmod(0o755)
        layout = Layout(folder / "var")
        layout.create()
        environment = {"VAR_DIR": str(layout.var)}
        servers: dict[str, Any] = {"account": account, "secrets": layout.secrets, "ports": Ports(layout.ports)}
        if not os.environ.get("DATABASE_URL"):
            postgres = Postgres(
                folder, log=layout.logs / "postgres.log", settings={} if durable else THROWAWAY, **servers
            )
            stack.callback(postgres.stop)
            environment["DATABASE_URL"] = postgres.start()
        if not os.environ.get("REDIS_URL"):
            valkey = Valkey(folder, log=layout.logs / "valkey.log", durable=durable, **servers)
            stack.callback(valkey.stop)
            environment["REDIS_URL"] = valkey.start()
        yield {name: value for name, value in environment.items() if not os.environ.get(name)}


def _keys(folder: Path) -> dict[str, str]:
    """Variables naming the files that hold the generated keys; a key given in the environment is left alone."""
    variables = {}
    for name in ("SECRET_KEY", "FIELD_KEYS", "INDEX_KEY"):
        if not (os.environ.get(name) or os.environ.get(f"{name}_FILE")):
            path = folder / name.lower()
            read_or_make(path)
            variables[f"{name}_FILE"] = str(path)
    return variables

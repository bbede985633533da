"""Where a checkout keeps what it makes: one folder, `var/`, and nothing outside it unless the system forbids it."""

import hashlib
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SYSTEM_STATE = Path("/var/lib/fund-supervision")


@dataclass(frozen=True)
class Account:
    """The system account the embedded servers run as; PostgreSQL refuses to run as root."""

    uid: int
    gid: int

    @property
    def switch(self) -> dict[str, Any]:
        """Arguments for `subprocess` that drop to this account; empty when we already are it."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def owns(self, path: Path) -> None:
        """Give `path` to this account."""
        if self.uid != os.geteuid():
            os.chown(path, self.uid, self.gid)

    def reaches(self, path: Path) -> bool:
        """Whether this account may enter the folder `path`."""
        return subprocess.run(
            ["/bin/sh", "-c", 'test -x "$1"', "sh", str(path)], cwd="/", check=False, **self.switch
        ).returncode == 0  # fmt: skip


def server_account(checkout: Path = ROOT) -> Account:
    """Ourselves, unless we are root: then the owner of the checkout, or `nobody`. No account is ever created."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    owner = checkout.stat()
    if owner.st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


@dataclass(frozen=True)
class Layout:
    """The folders of one checkout's running system."""

    var: Path

    @classmethod
    def of_environment(cls) -> "Layout":
        """`VAR_DIR` of the environment, else `var/` of the checkout."""
        return cls(Path(os.environ.get("VAR_DIR") or ROOT / "var").resolve())

    @property
    def secrets(self) -> Path:
        return self.var / "secrets"

    @property
    def logs(self) -> Path:
        return self.var / "log"

    @property
    def ports(self) -> Path:
        return self.var / "ports.json"

    @property
    def lock(self) -> Path:
        return self.var / "run.lock"

    @property
    def sign_ins(self) -> Path:
        return self.var / "demo-sign-ins.txt"

    @property
    def demo_unfinished(self) -> Path:
        """Present while the demo city is being loaded: found at a start, that loading was cut short."""
        return self.var / "demo.loading"

    def create(self) -> None:
        """Make the folders; others may pass through `var/` but read nothing secret in it."""
        self.var.mkdir(parents=True, exist_ok=True)
        self.var.chmod(0o755)
        self.secrets.mkdir(mode=0o700, exist_ok=True)
        self.logs.mkdir(exist_ok=True)

    def server_home(self, account: Account) -> Path:
        """The folder that holds the servers' data.

        It is `var/`, except when root works below a folder closed to everybody else (such as /root): opening that
        folder would be wrong, so the data goes to a folder of this checkout under /var/lib.
        """
        if account.reaches(self.var):
            return self.var
        for folder in (SYSTEM_STATE, self._system_home):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o755)  # whatever the umask
        return self._system_home

    def remove_server_home(self) -> None:
        """Remove the servers' data kept outside `var/`, if any."""
        shutil.rmtree(self._system_home, ignore_errors=True)

    @property
    def _system_home(self) -> Path:
        return SYSTEM_STATE / hashlib.sha256(str(self.var).encode()).hexdigest()[:12]

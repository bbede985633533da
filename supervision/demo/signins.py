"""The sign-ins of the demo city, one person per role."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from supervision.parties.models import Post
from supervision.parties.roles import Role

if TYPE_CHECKING:
    from .city import City

COUNTY = "441602"


def write(target: Path, city: "City", password: str) -> None:
    """Write them where only the owner reads: user name, person, authority and role; one password for all."""
    shown = Post.objects.filter(user__username__regex=rf"^[a-z]+1?(-{COUNTY})?$").select_related(
        "user", "authority", "provider"
    )
    lines = [f"Password of every account: {password}", ""]
    for post in shown.order_by("authority__region__path", "authority__body", "pk"):
        place = post.authority or post.provider
        lines.append(f"{post.user.username:<18} {Role(post.role).label} · {place} · {post.user.name}")
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")

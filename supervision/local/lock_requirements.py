"""`make lock`: resolve requirements/*.in into hashed lists that fit every supported Python and platform."""

import subprocess
import sys
from pathlib import Path

from .layout import ROOT

# List → what it is resolved from. `local` adds the embedded servers, `s3` the client of an S3 store, `dev` the tools;
# `tools` installs the others.
LISTS = {
    "tools": ["tools.in"],
    "base": ["base.in"],
    "local": ["base.in", "local.in"],
    "s3": ["base.in", "local.in", "s3.in"],
    "dev": ["base.in", "local.in", "s3.in", "dev.in"],
}


def main() -> None:
    """Write requirements/*.txt. No address of a package index is kept in them."""
    uv = Path(sys.executable).with_name("uv")
    for name, sources in LISTS.items():
        print(f"requirements/{name}.txt", flush=True)
        subprocess.run(
            [
                uv, "pip", "compile", "--quiet", "--upgrade", "--universal", "--python-version", "3.11",
                "--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url",
                "--output-file", f"{name}.txt", *sources,
            ],
            cwd=ROOT / "requirements",
            check=True,
        )  # fmt: skip


if __name__ == "__main__":
    main()

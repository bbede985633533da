"""`make manage cmd="…"`: the words of a command reach Django as they were meant, on servers of one's own."""

import os
import re
import subprocess
import sys

import pytest

from supervision.local.layout import ROOT

pytestmark = pytest.mark.runtime


def manage(line, tmp_path):
    """The recipe of the Makefile, with this interpreter and this run's servers."""
    (recipe,) = re.findall(r"^manage:.*\n\t@exec \$\(IN\)/python (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} {recipe.replace('$$', '$')}"],
        cwd=ROOT,
        env=os.environ
        | {"cmd": line, "VAR_DIR": str(tmp_path / "var"), "DJANGO_SETTINGS_MODULE": "supervision.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.strip().splitlines()[-1:], done.stderr


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("shell -v 0 -c \"print(2); print('a  b', 3)\"", "a  b 3"),
        ("shell -v 0 -c 'print(\"$HOME\")'", "$HOME"),
    ],
)
def test_no_shell_reads_the_words(line, says, tmp_path):
    code, said, errors = manage(line, tmp_path)
    assert (code, said) == (0, [says]), errors


def test_what_the_command_ends_with_is_what_make_ends_with(tmp_path):
    code, _, errors = manage("no-such-command", tmp_path)
    assert code != 0
    assert "no-such-command" in errors

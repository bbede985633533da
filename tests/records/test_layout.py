"""Every paper holds together however much it says: no last page with a seal, a date or a few lines alone.

`papers/facts.json` has what one paper of each type told; here each is set short, long and with many rows.
"""

import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from supervision.records import typeset
from supervision.records.paper_types import all_types, paper_type

FACTS = json.loads((Path(__file__).parent / "papers" / "facts.json").read_text())
MOMENT = datetime(2026, 11, 24, 2, tzinfo=UTC)
LINES = 6  # more than so many lines beside the page number stand on the last of several pages
# Facts somebody types as prose, however long; the others are names, numbers, days and sums.
PROSE = frozenset({
    "answer", "basis", "cause", "checked", "claim", "conclusion", "content", "description", "findings", "nature",
    "opinion", "proof", "reason", "reasons", "rechecked", "resolution", "result", "suspected", "terms_text", "text",
    "transcript",
})  # fmt: skip

pytestmark = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext reads the pages")


def longer(value, times, name=""):
    """The facts with every prose so many times as long."""
    match value:
        case str() if name in PROSE and value and value not in ("yes", "agree"):
            return (value if value.endswith("。") else f"{value}。") * times
        case dict():
            return {key: longer(one, times, key) for key, one in value.items()}
        case list():
            return [longer(one, times, name) for one in value]
    return value


def more(value, times):
    """The facts with every list of things so many times as long."""
    match value:
        case dict():
            return {key: more(one, times) for key, one in value.items()}
        case list() if value and all(isinstance(one, dict) for one in value):
            return [more(one, times) for one in value] * times
    return value


def pages(code, facts, tmp_path):
    """The lines of every page, without the one that numbers it."""
    file = tmp_path / "paper.pdf"
    file.write_bytes(typeset.render(paper_type(code).path, facts, MOMENT))
    shown = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True)  # noqa: S603, S607
    told = [[line for line in page.splitlines() if line.strip()] for page in shown.stdout.split("\f")[:-1]]
    return [[line for line in page if not line.strip().startswith("—")] for page in told]


def test_every_type_of_paper_is_looked_at():
    own = {one.code for one in all_types() if not one.template.startswith("tests/")}
    assert own == set(FACTS)


@pytest.mark.parametrize("code", sorted(FACTS))
def test_the_last_page_never_holds_a_few_lines_alone(code, tmp_path):
    facts = FACTS[code]
    long = (longer(facts, times) for times in (1, 3, 8, 15))
    for how in (*long, more(facts, 3), longer(more(facts, 2), 5)):
        shown = pages(code, how, tmp_path)
        if len(shown) > 1:
            assert len(shown[-1]) > LINES, shown[-1]
            assert all(len(page) > LINES for page in shown), [len(page) for page in shown]

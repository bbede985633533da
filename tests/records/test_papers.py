"""Papers: numbered without gaps, the same bytes from the same facts, frozen once issued."""

import pytest

from supervision.records import store as content
from supervision.records.services import issue, render_again


@pytest.fixture
def paper(errand, cast):
    return issue(errand, "sample", cast.clerk)


def test_a_paper_is_a_pdf_a_found_by_its_hash(paper):
    pdf = content.read(paper.sha256)
    assert pdf.startswith(b"%PDF-1.7")
    assert b"pdfaid:part" in pdf
    assert len(pdf) == paper.size


def test_the_same_facts_give_the_same_bytes(paper):
    assert render_again(paper) == content.read(paper.sha256)


@pytest.mark.parametrize(
    "text", ["#panic()", "$x$ #", "\\ \\n \\u{41}", "@who <tag>", "*a* _b_ `c` = d", "[#x] ]", '"}']
)
def test_what_people_type_is_never_markup(errand, cast, text):
    paper = issue(errand, "sample", cast.clerk, facts={"findings": text, "text": text})
    assert paper.facts["findings"] == text

"""The words of an issued paper: its own template and its own facts, set as text instead of pages."""

import html
import json
import re

import typst
from django.conf import settings

from supervision.records.glyphs import in_print
from supervision.records.paper_types import paper_type


def words(paper):
    """Everything the paper says in the order of its pages, without spaces and line breaks."""
    facts = json.dumps(in_print(paper.facts), ensure_ascii=False)
    made = typst.compile(
        str(paper_type(paper.type).path), root=str(settings.BASE_DIR), format="html", sys_inputs={"paper": facts}
    )
    body = made.decode().partition("<body>")[2]
    return re.sub(r"\s", "", html.unescape(re.sub(r"<[^>]+>", "", body)))

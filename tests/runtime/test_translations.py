"""One word for one text: the catalogues of all apps are merged, so they may not contradict each other."""

import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from supervision.local.layout import ROOT
from supervision.local.messages import po_files
from supervision.local.translations import disagreements, problems

RULE_ID = re.compile(r"(?<![A-Z])[A-Z]{2}-\d")
CREDIT, FUNDS = Path("credit/django.po"), Path("funds/django.po")


def catalog(*entries):
    made = Catalog(locale="zh_Hans")
    for text, chinese, *context in entries:
        made.add(text, chinese, context=context[0] if context else None)
    return made


def told(one, other):
    return list(disagreements({CREDIT: catalog(*one), FUNDS: catalog(*other)}))


def test_the_projects_catalogues_are_complete_and_agree():
    assert problems() == []


def test_no_text_speaks_in_the_codes_of_rules():
    """Readers are told the article; the code of a rule is a name of ours."""
    spoken = [
        f"{path.relative_to(ROOT)}:{message.lineno}: {message.id} {message.string}"
        for path in po_files(ROOT)
        for message in read_po(path.open("rb"))
        if message.id and RULE_ID.search(f"{message.id} {message.string}")
    ]
    assert spoken == []


def test_a_text_translated_differently_in_two_catalogues_is_told_with_both():
    (sentence,) = told([("Row", "行号"), ("Year", "年度")], [("Year", "年度"), ("Row", "内容")])
    assert "translated differently in credit/django.po and funds/django.po: 'Row'" in sentence
    assert "行号" in sentence
    assert "内容" in sentence


def test_another_context_is_another_text():
    assert told([("void", "无效")], [("void", "已作废", "paper")]) == []
    assert len(told([("void", "无效", "paper")], [("void", "已作废", "paper")])) == 1


def test_plural_forms_are_compared_too():
    days = ("%(n)s day", "%(n)s days")
    assert told([(days, ("%(n)s 天",))], [(days, ("%(n)s 天",))]) == []
    assert len(told([(days, ("%(n)s 天",))], [(days, ("%(n)s 日",))])) == 1


def test_a_text_without_translation_contradicts_nothing():
    assert told([("Row", "")], [("Row", "内容")]) == []

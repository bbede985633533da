"""Papers: numbered without gaps, the same bytes from the same facts, frozen once issued."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time

import pytest
import typst
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Max

from supervision.procedure import clock
from supervision.procedure.declare import Context
from supervision.procedure.ports import Ports
from supervision.procedure.refusals import StepRefused
from supervision.records import store as content
from supervision.records.glyphs import in_print
from supervision.records.models import Paper
from supervision.records.paper_types import UnknownPaperType, paper_type
from supervision.records.papers import zh_moment, zh_time
from supervision.records.selectors import newest_paper, papers_of
from supervision.records.services import issue, issue_paper, reissue_paper, render_again, void_paper
from supervision.records.typeset import pictures

TYPED = ["#panic()", "$x$ #", "\\ \\n \\u{41}", "@who <tag>", "*a* _b_ `c` = d", "[#x] ]", '"}', '#import "/x.typ"']


@pytest.fixture
def paper(errand, cast):
    return issue(errand, "sample", cast.clerk)


def test_a_paper_is_a_pdf_a_found_by_its_hash(paper):
    pdf = content.read(paper.sha256)
    assert pdf.startswith(b"%PDF-1.7")
    assert b"pdfaid:part" in pdf
    assert len(pdf) == paper.size


def test_it_bears_the_acting_authority_and_the_next_number(paper, errand, cast, land):
    year = clock.today().year
    assert paper.number == f"甲医中样告〔{year}〕1号"
    assert paper.authority == land.county_agency
    assert issue(errand, "sample", cast.clerk).number == f"甲医中样告〔{year}〕2号"
    assert issue(errand, "sample", cast.officer).number == f"甲医保样告〔{year}〕1号"
    assert issue(errand, "sample", cast.system).authority == land.county_agency


def test_the_event_of_its_issue_binds_its_hash(paper, errand):
    event = errand.events.last()
    assert (event.verb, event.facts["paper"]["sha256"]) == ("paper_issued", paper.sha256)


def test_a_step_issues_through_the_port(errand, cast):
    context = Context(actor=cast.clerk, today=clock.today(), now=clock.now(), facts={})
    with transaction.atomic():
        told = Ports.issue_paper(errand, "sample", context)
    assert Paper.objects.get(pk=told["id"]).number == told["number"]
    assert Ports.knows_paper("sample")
    assert not Ports.knows_paper("letter")
    with pytest.raises(UnknownPaperType), transaction.atomic():
        Ports.issue_paper(errand, "letter", context)


def test_the_same_facts_give_the_same_bytes(paper):
    assert render_again(paper) == content.read(paper.sha256)


@pytest.mark.parametrize("text", TYPED)
def test_what_people_type_is_never_markup(errand, cast, text):
    paper = issue(errand, "sample", cast.clerk, facts={"findings": text, "text": text})
    assert paper.facts["findings"] == text


def test_what_no_font_prints_is_left_to_be_written_in(errand, cast):
    paper = issue(errand, "sample", cast.clerk, facts={"findings": "当事人𠮷某\x07😀"})
    assert paper.facts["findings"] == "当事人𠮷某\x07😀"
    assert in_print(paper.facts)["findings"] == "当事人〓某〓"
    assert errand.events.last().facts["paper"]["by_hand"] == ["𠮷", "😀"]


def test_a_rollback_gives_the_number_back(errand, cast):
    context = Context(actor=cast.clerk, today=clock.today(), now=clock.now(), facts={})
    with transaction.atomic():
        assert issue_paper(errand, "sample", context).seq == 1
        transaction.set_rollback(True)
    assert issue(errand, "sample", cast.clerk).seq == 1


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_leave_no_gap(errand, cast):
    def one(_):
        try:
            return issue(errand, "sample", cast.clerk).seq
        finally:
            connection.close()

    with ThreadPoolExecutor(50) as pool:
        numbers = list(pool.map(one, range(50)))
    assert sorted(numbers) == list(range(1, 51))
    errand.refresh_from_db()
    assert errand.events_count == errand.events.aggregate(Max("seq"))["seq__max"] == 51


def test_void_keeps_number_file_and_reason(paper, errand, cast):
    void_paper(paper, cast.clerk, reason="当事人名称有误")
    paper.refresh_from_db()
    assert (paper.state, paper.void_reason) == ("void", "当事人名称有误")
    assert content.fault(paper.sha256) == ""
    assert newest_paper(errand, "sample") is None
    assert errand.events.last().verb == "paper_voided"
    assert issue(errand, "sample", cast.clerk).seq == 2
    with pytest.raises(StepRefused):
        void_paper(paper, cast.clerk, reason="再次")


def test_reissue_corrects_and_points_back(paper, errand, cast):
    new = reissue_paper(paper, cast.clerk, reason="金额有误", facts={"amount": "10.00"})
    paper.refresh_from_db()
    assert (paper.state, new.replaces, new.seq) == ("replaced", paper, 2)
    assert (new.facts["amount"], new.facts["findings"], new.facts["number"]) == ("10.00", "重复收费。", new.number)
    event = errand.events.last()
    assert (event.verb, event.facts["replaces"]["number"], event.facts["reason"]) == (
        "paper_reissued",
        paper.number,
        "金额有误",
    )
    assert newest_paper(errand, "sample") == new


@pytest.mark.parametrize("reason", ["", "  "])
def test_nothing_ends_without_a_reason(paper, cast, reason):
    for act in (void_paper, reissue_paper):
        with pytest.raises(StepRefused):
            act(paper, cast.clerk, reason=reason)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "另一题"},
        {"number": "甲医中样告〔2026〕9号"},
        {"facts": {}},
        {"sha256": "0" * 64},
        {"state": "void"},
        {"void_reason": "无"},
    ],
)
def test_the_database_keeps_an_issued_paper(paper, change):
    with pytest.raises(DatabaseError), transaction.atomic():
        Paper.objects.filter(pk=paper.pk).update(**change)


def test_the_database_keeps_a_void_paper_void(paper, cast):
    void_paper(paper, cast.clerk, reason="有误")
    with pytest.raises(DatabaseError), transaction.atomic():
        Paper.objects.filter(pk=paper.pk).update(state="issued", void_reason="")


@pytest.mark.parametrize("table", ["records_paper", "records_serviceofdocument", "records_custodyentry"])
def test_nothing_is_deleted(paper, table):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL supervision.allow_truncate = 'off'")
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(f"TRUNCATE {table} CASCADE")
        cursor.execute("SET LOCAL supervision.allow_truncate = 'on'")
    with pytest.raises(DatabaseError), transaction.atomic():
        Paper.objects.filter(pk=paper.pk)._raw_delete("default")


def test_papers_of_a_dossier_cost_the_same_however_many(errand, cast, django_assert_num_queries):
    for _ in range(3):
        issue(errand, "sample", cast.clerk)
    with django_assert_num_queries(2):
        assert len(papers_of(errand)) == 3
    with django_assert_num_queries(0):
        papers_of(errand)


def on_last_page(errand, cast, text):
    """How many characters the last page of a sample shows."""
    paper = issue(errand, "sample", cast.clerk, facts={"findings": "重复收费。", "text": text})
    facts = json.dumps(in_print(paper.facts), ensure_ascii=False)
    template = str(paper_type("sample").path)
    pages = typst.compile(template, root=str(settings.BASE_DIR), format="svg", sys_inputs={"paper": facts})
    return (len(pages), pages[-1].count(b"<use")) if isinstance(pages, list) else (1, 0)


def test_the_seal_never_stands_alone_on_a_page(errand, cast):
    alone = len("甲县医疗保障中心") + len("2026年11月28日") + len("— 2 —")
    broken = set()
    for lines in range(2, 26):
        pages, shown = on_last_page(errand, cast, "\n".join(["示例"] * lines))
        broken.add(pages)
        assert pages == 1 or shown > alone + 40, lines
    assert len(broken) > 1


def test_no_template_names_a_law(settings):
    """Law is data: what a paper cites comes from the catalogue, by the day and where it holds."""
    named = re.compile(r"《[^#》]*(?:法|条例|办法|规定|细则)》")
    folders = [one for one in settings.BASE_DIR.iterdir() if one.is_dir() and not one.name.startswith(".")]
    files = [file for folder in folders for file in folder.rglob("*.typ")]
    assert len(files) > 30
    assert {one.name: named.findall(one.read_text(encoding="utf-8")) for one in files} == {
        one.name: [] for one in files
    }


def lead_form(officers):
    return {
        "authority": "甲县医疗保障局", "number": "甲医保线登〔2026〕1号", "title": "线索登记表", "date": "2026-11-28",
        "dossier": "甲医保线〔2026〕1号", "source": "投诉举报", "source_ref": "示例1号", "received_on": "2026-11-28",
        "party": {"name": "示例·甲县康复医院", "code": "H990121000010", "address": "甲县示例路1号"},
        "subject_line": "示例·甲县康复医院疑似挂床", "description": "7名患者夜间不在院，费用照记", "amount": "38260.00",
        "officers": officers, "due": "2026-12-10", "basis": "有关规定", "by": "示例登记人",
        "lead": "甲医保线〔2026〕1号", "verification": "调取数据并走访，线索属实", "conclusion": "转现场检查", "to": "",
        "reason": "人数与数据不符，需现场检查",
    }  # fmt: skip


@pytest.mark.law("PP-14")
def test_the_register_of_a_lead_has_its_signatures_on_its_page():
    made = pictures(
        settings.BASE_DIR / "inspections/typ/lead_register.typ", lead_form(["示例甲", "示例乙"]), clock.now()
    )
    assert len(made) == 1


@pytest.mark.law("PP-14")
def test_what_was_typed_of_a_verification_ends_with_its_stop():
    facts = json.dumps(lead_form(["示例甲"]), ensure_ascii=False)
    template = str(settings.BASE_DIR / "inspections/typ/verification_conclusion.typ")
    made = typst.compile(template, root=str(settings.BASE_DIR), format="html", sys_inputs={"paper": facts}).decode()
    assert "线索属实。" in made
    assert "需现场检查。" in made


def test_a_time_of_day_is_written_one_way():
    assert zh_time(time(9, 5)) == "09时05分"
    assert zh_moment(datetime(2026, 6, 1, 9, 5)) == "2026年6月1日09时05分"

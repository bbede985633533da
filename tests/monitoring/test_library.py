"""The national rule library comes in as it is, row by row, once."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from monitoring import demo
from monitoring.library.workbook import NotALibrary
from monitoring.models import LibraryFile, RuleItem
from monitoring.services.library import import_library
from tests.monitoring.conftest import SHARED, needs_shared


@pytest.fixture
def workbooks(tmp_path):
    return {path.name: path for path in demo.write_library(tmp_path)}


def _book(path, **sheets):
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_every_layout_is_read(db, workbooks):
    for path in workbooks.values():
        report = import_library(path=path)
        assert report.errors == []
        assert report.created == report.points > 0
    assert RuleItem.objects.get(code="ZX00AAA0001010100002").sex == "2"
    child = RuleItem.objects.get(rule_class="drug_age")
    assert (child.age_least_days, child.age_most_days) == (0, 6574)
    assert RuleItem.objects.get(rule_class="drug_way").way == "inpatient"
    assert RuleItem.objects.get(rule_class="drug_level").level == 2
    assert RuleItem.objects.get(rule_class="drug_course").most == 3
    assert RuleItem.objects.get(code="009900030030000").most == 4
    pair = RuleItem.objects.get(code="009900020010000")
    assert (pair.other_code, pair.window, pair.row) == ("009900020020000", "day", 2)
    hours = RuleItem.objects.get(code="009900030020000")
    assert (hours.most, hours.unit, hours.per_days) == (Decimal(24), "小时", 1)
    period = RuleItem.objects.get(rule_class="item_period")
    assert (period.most, period.per_days) == (1, 15)
    assert set(RuleItem.objects.filter(rule_class="drug_scheme").values_list("scheme", flat=True)) == {
        "injury",
        "maternity",
    }


def test_a_dry_run_changes_nothing(db, workbooks):
    path = next(iter(workbooks.values()))
    report = import_library(path=path, dry_run=True)
    assert report.points == 3
    assert not RuleItem.objects.exists()
    assert not LibraryFile.objects.exists()


def test_the_same_file_is_imported_once_and_a_newer_one_renews(db, workbooks, tmp_path):
    path = workbooks["【第四批】药品规则库（限定就医方式）.xlsx"]
    import_library(path=path)
    assert import_library(path=path).unchanged
    newer = _book(
        tmp_path / "newer.xlsx",
        Sheet1=[
            ("药品通用名", "药品说明", "限定类型", "限定值域"),
            ("示例脂肪乳注射液", "限急诊或住院患者。", "限定就医方式", "住院"),
        ],
        Sheet2=[
            ("药品通用名", "序号", "国标代码", "限定类型"),
            ("示例脂肪乳注射液", 1, "XX00AAD004A001010100001", "限定就医方式"),
            ("示例脂肪乳注射液", 2, "XX00AAD004A001010100002", "限定就医方式"),
        ],
    )
    report = import_library(path=newer)
    assert (report.created, report.updated) == (1, 1)
    assert set(RuleItem.objects.values_list("way", flat=True)) == {"inpatient_emergency"}


def test_rows_that_cannot_be_read_are_named_and_the_rest_comes_in(db, tmp_path):
    path = _book(
        tmp_path / "x.xlsx",
        Sheet1=[
            ("某省医保局",),
            ("项目名称", "国标代码", "限定类型", "限定对象"),
            ("甲", "001", "限定年龄对象", "儿童"),
            ("乙", "002", "限定年龄对象", "外星人"),
            ("丙", None, "限定年龄对象", "儿童"),
            ("甲", "001", "限定年龄对象", "儿童"),
        ],
    )
    report = import_library(path=path)
    assert report.classes == {"item_age": 1}
    assert [error.row for error in report.errors] == [4, 5, 6]
    assert "外星人" in report.errors[0].message


def test_names_without_a_limit_are_named(db, tmp_path):
    path = _book(
        tmp_path / "x.xlsx",
        Sheet1=[("药品通用名", "药品说明", "限定类型", "限定对象"), ("甲", "", "限定性别对象", "男")],
        Sheet2=[
            ("药品通用名", "序号", "国标代码", "限定类型"),
            ("甲", 1, "A1", "限定性别对象"),
            ("乙", 1, "B1", "限定性别对象"),
        ],
    )
    report = import_library(path=path)
    assert report.points == 1
    assert "乙" in report.errors[0].message


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04nonsense", b"a,b\n1,2\n"])
def test_other_files_are_refused_in_words(db, tmp_path, content):
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    with pytest.raises(NotALibrary):
        import_library(path=path)


def test_a_workbook_of_something_else_is_refused(db, tmp_path):
    path = _book(tmp_path / "x.xlsx", Sheet1=[("项目名称", "国标代码", "价格"), ("甲", "001", 3)])
    with pytest.raises(NotALibrary, match="Sheet1"):
        import_library(path=path)


def test_the_command_imports_a_folder_and_reports(db, workbooks, tmp_path):
    output = io.StringIO()
    call_command("rules", "import", str(tmp_path), stdout=output)
    assert "3 points (drug_sex 3); 3 new, 0 renewed" in output.getvalue()
    (tmp_path / "bad.xlsx").write_bytes(b"no")
    with pytest.raises(CommandError, match="1 file"):
        call_command("rules", "import", str(tmp_path / "bad.xlsx"), stderr=io.StringIO())


@needs_shared
def test_the_published_library_comes_in_whole(db):
    reports = [import_library(path=path) for path in sorted((SHARED / "rule_library").glob("*.xlsx"))]
    assert [report.errors for report in reports if report.errors] == []
    totals: dict[str, int] = {}
    for report in reports:
        for slug, count in report.classes.items():
            totals[slug] = totals.get(slug, 0) + count
    assert totals == {
        "drug_sex": 6472,
        "drug_age": 4398,
        "drug_scheme": 112,
        "drug_way": 736,
        "drug_level": 962,
        "drug_course": 1147,
        "item_sex": 390,
        "item_age": 31,
        "item_operation": 378,
        "item_repeat": 900,
        "item_frequency": 67,
        "item_period": 14,
        "item_course": 11,
    }
    assert RuleItem.objects.count() == sum(totals.values())

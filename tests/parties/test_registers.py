"""Lists of providers and practitioners as bureaus send them: every encoding, every kind of wrong row."""

import io
import zipfile

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from supervision.parties.models import Employment, Practitioner, Provider, Region
from supervision.parties.services.registers import faults_csv, look_at, take_in
from supervision.tables.refusals import Refused

pytestmark = pytest.mark.django_db
HEAD = "定点机构编码,机构名称,行政区划代码,机构类别,医院等级,经营性质,床位数,定点日期"
GOOD = "H99012100009,示例·甲县新院,990121,医院,二级,公立,120,2021/03/01"


def sent(*lines, encoding="utf-8"):
    return "\r\n".join([HEAD, *lines]).encode(encoding)


def take(content, name="名单.csv", register="providers", dry_run=False):
    regions = Region.objects.all()
    if dry_run:
        return look_at(register, content, name, regions=regions)
    return take_in(register, content, name, regions=regions, by=None, authority=None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_list_in_any_encoding_is_taken_once(land, encoding):
    content = sent(GOOD, encoding=encoding)
    rehearsed = take(content, dry_run=True)
    assert (rehearsed.new, Provider.objects.count()) == (1, 0)
    assert take(content).new == 1
    again = take(content)
    assert (again.new, again.changed, again.same) == (0, 0, 1)
    found = Provider.objects.get()
    assert (found.name, found.sort, found.level, found.beds) == ("示例·甲县新院", "hospital", "2", 120)
    assert found.region == land.county_region


def test_a_workbook_is_a_list_too(land):
    book = Workbook()
    for line in (HEAD, GOOD):
        book.active.append(line.split(","))
    stream = io.BytesIO()
    book.save(stream)
    assert take(stream.getvalue(), "名单.xlsx").new == 1


def test_wrong_rows_are_told_with_their_line_and_the_others_taken(land, provider):
    outcome = take(
        sent(
            GOOD,
            "H99012100009,又一次,990121,医院,二级,公立,1,",
            "H99012100010,,990121,飞船,二级,公立,-5,1812-01-01",
            "H99012100011,示例院,110000,医院,二级,公立,,",
            f"{provider.code},示例·甲县康复医院改名,990121,医院,二级,公立,,",
        )
    )
    assert (outcome.new, outcome.changed) == (1, 1)
    assert [fault.line for fault in outcome.faults] == [3, 4, 5]
    assert len(outcome.faults[1].reasons) == 4
    provider.refresh_from_db()
    assert provider.name == "示例·甲县康复医院改名"


def test_the_file_of_faults_runs_nothing(land):
    told = faults_csv(take(sent('"=1+1",示例,990121,医院,二级,公立,,')))
    assert ",'=1+1" in told


def test_nobody_enters_or_changes_parties_of_another_region(land, provider):
    content = sent(GOOD, f"{provider.code},被改名,990122,医院,二级,公立,,")
    outcome = take_in("providers", content, "x.csv", regions=[land.twin_region], by=None, authority=None)
    assert outcome.taken == 0
    assert len(outcome.faults) == 2
    provider.refresh_from_db()
    assert provider.name != "被改名"


def test_practitioners_come_with_their_registration(land, provider):
    content = (
        f"姓名,医师编码,类别,执业机构编码,登记日期\n示例某医,D990121000001,医师,{provider.code},2022-01-01\n".encode()
    )
    for new in (1, 0):
        assert take(content, register="practitioners").new == new
    person = Practitioner.objects.get()
    assert person.region == provider.region
    assert Employment.objects.get(practitioner=person).provider == provider
    lost = take("姓名,编码,类别,执业机构编码\n某,D1,医师,H0\n".encode(), register="practitioners")
    assert [fault.line for fault in lost.faults] == [2]


def bomb():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("名单.csv", b"0" * 40_000_000)
    return stream.getvalue()


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n\x00\x00", "编码,名称\n1,2\n".encode(), bomb()])
def test_files_that_are_no_list_are_refused_as_a_whole(land, content):
    with pytest.raises(Refused):
        take(content)


def test_the_command_rehearses_and_takes(land, tmp_path, capsys):
    file = tmp_path / "名单.csv"
    file.write_bytes(sent(GOOD, "x"))
    call_command("parties", "import", "providers", str(file), "--dry-run")
    assert "1 would be new" in capsys.readouterr().out
    assert not Provider.objects.exists()
    call_command("parties", "import", "providers", str(file), "--faults", str(tmp_path / "faults.csv"))
    assert Provider.objects.count() == 1
    assert (tmp_path / "faults.csv").read_text(encoding="utf-8").startswith("\ufeff")
    with pytest.raises(CommandError):
        call_command("parties", "import", "providers", str(tmp_path / "nowhere.csv"))

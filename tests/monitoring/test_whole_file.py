"""PP-57: the file of a case goes back to the claim lines from which the suspicion arose."""

import csv
import io
import json
import zipfile
from decimal import Decimal

import pytest

from monitoring.models import Alert, AlertLine, Rule, ScreeningRun
from monitoring.services.alerts import make_lead
from supervision.procedure.services import advance
from supervision.records.export import export_file
from supervision.records.export.check import check
from tests.case_stage import fact, filed
from tests.inspections.stages import both

PERSON = "PSN00000000123456"


def alert_of(provider, number, lines):
    run = ScreeningRun.objects.create(months=["202403"], state="done")
    alert = Alert.objects.create(
        rule=Rule.objects.get(slug="drug-sex"), fingerprint=f"{number}".ljust(64, "0"), provider=provider,
        provider_code=provider.code, person_code=PERSON, visit_code=f"V{number}", month="202403",
        amount=Decimal("90.00") * lines, severity="medium", line_count=lines, first_run=run, last_run=run,
    )  # fmt: skip
    AlertLine.objects.bulk_create(
        AlertLine(
            alert=alert, provider_code=provider.code, visit_code=f"V{number}", line_code=f"L{number}{n}",
            item_name="=某药", amount="90.00", flagged="90.00",
        )
        for n in range(lines)
    )  # fmt: skip
    return alert


@pytest.fixture
def unpacked(catalogue, store, cast, provider, tmp_path):
    first, second = alert_of(provider, 1, 3), alert_of(provider, 2, 1)
    lead = make_lead(alert=first, actor=cast.officer, together=[second], note="数额较大")
    advance(lead, "begin_verification", cast.officer, officers=both(cast))
    case = filed(cast, provider, origin=lead)
    fact(case, cast)
    with zipfile.ZipFile(io.BytesIO(b"".join(export_file(case, cast.officer).pieces))) as archive:
        archive.extractall(tmp_path / "file")
    return tmp_path / "file"


@pytest.fixture
def lines_file(unpacked):
    (listed,) = json.loads((unpacked / "index.json").read_text())["enclosures"]
    return unpacked / listed["file"]


def test_every_proving_line_is_in_the_file_and_no_person_in_clear(unpacked, lines_file):
    heads, *lines = csv.reader(io.StringIO(lines_file.read_text("utf-8-sig")))
    assert [line[heads.index("明细")] for line in lines] == ["L10", "L11", "L12", "L20"]
    assert {line[2] for line in lines} == {"PSN************56"}
    assert {line[heads.index("项目名称")] for line in lines} == {"'=某药"}
    for path in unpacked.rglob("*.*"):
        assert path.is_dir() or PERSON.encode() not in path.read_bytes(), path


def test_the_index_tells_the_rule_and_what_was_decided(unpacked):
    (source,) = json.loads((unpacked / "index.json").read_text())["sources"]
    (part,) = [part for part in source["sections"] if part["name"] == "alerts"]
    rule = Rule.objects.get(slug="drug-sex")
    assert len(part["rows"]) == 2
    assert rule.explanation_zh in part["rows"][0][1]
    assert "数额较大" in part["rows"][0][-1]
    assert rule.explanation_zh in (unpacked / "index.html").read_text()


def test_lines_that_were_changed_or_are_gone_are_named(unpacked, lines_file):
    assert check(unpacked)[1] == []
    name = lines_file.relative_to(unpacked).as_posix()
    kept = lines_file.read_bytes()
    lines_file.write_bytes(kept.replace(b"90.00", b"9.00"))
    assert check(unpacked)[1] == [f"{name} 被改动"]
    lines_file.unlink()
    assert check(unpacked)[1] == [f"缺少 {name}"]


def test_a_chain_that_cannot_be_read_accuses_no_piece(unpacked):
    index = json.loads((unpacked / "index.json").read_text())
    (source,) = index["sources"]
    chain = unpacked / source["folder"] / "events.json"
    chain.write_bytes(chain.read_bytes()[:-20])
    found = check(unpacked)[1]
    assert f"{source['folder']}/events.json 无法读取" in found
    assert not [one for one in found if "事件链所记不是" in one or "没有记载" in one]
    own = [entry["file"] for entry in (*index["papers"], *index["evidence"]) if entry["dossier"] == source["id"]]
    said = [one for one in found if "无法核对" in one]
    assert own
    assert sorted(said) == sorted(f"{name} 无法核对：有事件链缺少或者无法读取" for name in own)

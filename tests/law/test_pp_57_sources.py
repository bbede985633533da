"""PP-57: what the matter grew from goes along with its file, as far as the law lets it be read."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from inspections.models import Lead
from supervision.procedure import clock
from supervision.procedure.seals import seal
from supervision.procedure.selectors import history
from supervision.procedure.services import advance
from supervision.records import store as content
from supervision.records.export.check import check
from supervision.records.export.sources import sources_of
from supervision.records.models import CustodyEntry
from supervision.records.selectors import custody_of
from supervision.records.services import add_evidence, verify_evidence
from supervision.records.verification import verify
from tests.breach_stage import registered as breach_registered
from tests.breach_stage import signed as agreement_signed
from tests.case_stage import fact, filed
from tests.inspections.stages import (
    SIGNED,
    add_photo,
    answer_all,
    assigned_task,
    both,
    draw_up,
    go_on_site,
    register,
)
from tests.reading import words
from tests.whole_file import edit, run, unpacked

pytestmark = pytest.mark.law("PP-57")


def test_evidence_of_another_matter_goes_with_the_fact_that_cites_it(store, cast, land, provider, tmp_path):
    task = assigned_task(cast, land, provider)
    go_on_site(task, cast)
    picture = verify_evidence(add_photo(task, cast.officer), cast.officer)
    case = filed(cast, provider, origin=task)
    fact(case, cast, proofs=[picture])

    place = unpacked(case, cast.officer, tmp_path / "file")
    (listed,) = json.loads((place / "index.json").read_text())["evidence"]
    assert (listed["sha256"], listed["of"]) == (picture.sha256, f"{task.number} {task.title}")
    assert (place / listed["file"]).read_bytes() == b"".join(content.pieces(picture.sha256))
    assert check(place)[1] == []
    told = history(task).last()
    assert (told.verb, told.facts["cited_by"]["id"]) == ("evidence_exported", case.pk)
    assert custody_of(picture).last().act == CustodyEntry.Act.EXPORTED
    assert verify().faults == []

    (place / listed["file"]).unlink()
    assert any("缺少" in fault for fault in check(place)[1])


def signed_task(cast, land, provider, **given):
    """An inspection whose record both sides signed."""
    task = draw_up(answer_all(go_on_site(assigned_task(cast, land, provider, **given), cast), cast), cast)
    advance(task, "sign_record", cast.officer, officers=both(cast), **SIGNED)
    return task


def looked_into(cast, land, provider, **given):
    lead = register(cast, land, provider, **given)
    advance(lead, "begin_verification", cast.officer, officers=both(cast))
    return lead


@pytest.mark.parametrize("through_a_lead", [False, True])
def test_the_record_of_the_inspection_goes_with_the_case_that_rests_on_it(
    store, cast, land, provider, tmp_path, through_a_lead
):
    lead = looked_into(cast, land, provider) if through_a_lead else None
    task = signed_task(cast, land, provider, origin=lead)
    case = filed(cast, provider, origin=lead or task)
    fact(case, cast)

    place = unpacked(case, cast.officer, tmp_path / "file")
    listed = {one["type"]: one for one in json.loads((place / "index.json").read_text())["papers"] if one["of"]}
    assert set(listed) == {"inspection_notice", "site_record"} | (
        {"lead_register", "verification_conclusion"} if through_a_lead else set()
    )
    record = task.papers.get(type="site_record")
    assert listed["site_record"]["of"] == f"{task.number} {task.title}"
    assert (place / listed["site_record"]["file"]).read_bytes() == b"".join(content.pieces(record.sha256))
    assert f"取自案卷：{task.number}" in (place / "index.html").read_text()
    assert check(place)[1] == []
    assert record.sha256 in {one["sha256"] for one in history(case).last().facts["cited"]}
    told = history(task).last()
    assert (told.verb, told.facts["cited_by"]["id"]) == ("evidence_exported", case.pk)
    assert record.number in told.facts["papers"]
    assert verify().faults == []

    (place / listed["site_record"]["file"]).unlink()
    edit(place, "index.json", lambda index: index.update(papers=[one for one in index["papers"] if not one["of"]]))
    assert any(record.number in fault and "缺失" in fault for fault in check(place)[1])


def grown(cast, land, provider, verified="调取数据并走访，线索属实", **given):
    """A case grown from a lead through an inspection of it; both sealed."""
    lead = looked_into(cast, land, provider, **given)
    advance(lead, "record_verification", cast.officer, verification=verified)
    task = signed_task(cast, land, provider, origin=lead)
    case = filed(cast, provider, origin=lead)
    fact(case, cast)
    return lead, task, case


@pytest.fixture
def traced(store, cast, land, provider, tmp_path):
    lead, task, case = grown(cast, land, provider)
    seal()
    return unpacked(case, cast.officer, tmp_path / "file"), lead, task


def test_the_file_goes_back_to_what_the_matter_grew_from(traced):
    place, lead, task = traced
    index = json.loads((place / "index.json").read_text())
    assert [source["number"] for source in index["sources"]] == [lead.number, task.number]
    papers = [paper["type"] for paper in index["papers"]]
    course = ["lead_register", "inspection_notice", "site_record", "verification_conclusion", "filing_approval"]
    assert [type for type in papers if type in course] == course
    filed = {piece["sha256"]: piece for piece in index["evidence"]}
    (record,) = (paper for paper in index["papers"] if paper["type"] == "site_record")
    assert filed[record["sha256"]]["file"] == record["file"]  # it is evidence too, and lies there once
    assert [line["piece"] for line in index["contents"]] == list(range(1, len(index["contents"]) + 1))
    for source, matter in zip(index["sources"], (lead, task), strict=True):
        chain = json.loads((place / source["folder"] / "events.json").read_text())
        assert [event["hash"] for event in chain] == list(history(matter).values_list("hash", flat=True))
        assert source["head"] == chain[-1]["hash"]
    done = run(place)
    assert done.returncode == 0, done.stdout
    assert f"{lead.number}：事件1至" in done.stdout
    assert f"{task.number}：事件1至" in done.stdout
    assert "已由存证1" in done.stdout
    assert verify().faults == []


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("events.json", lambda events: events[1]["facts"].update(note="另说"), "事件2被改动"),
        ("events.json", lambda events: events[:-1], "末尾的事件被删除"),
        ("events.json", lambda events: events[:1] + events[2:], "被删除或者调换了次序"),
        ("events.json", lambda events: events[1].pop("facts") and None, "残缺"),
        ("seals.json", lambda proofs: proofs[0].update(head="0" * 64), "不是当时存证的事件"),
    ],
)
def test_what_is_altered_in_the_chain_behind_is_found(traced, name, change, says):
    place, _lead, _task = traced
    folder = json.loads((place / "index.json").read_text())["sources"][0]["folder"]
    edit(place, f"{folder}/{name}", change)
    done = run(place)
    assert done.returncode == 1
    assert says in done.stdout, done.stdout
    assert f"{folder}/{name} 被改动" in done.stdout


def test_a_chain_behind_that_is_gone_is_named(traced):
    place, _lead, _task = traced
    folder = json.loads((place / "index.json").read_text())["sources"][0]["folder"]
    (place / folder / "events.json").unlink()
    assert f"缺少 {folder}/events.json" in run(place).stdout


def test_two_exports_of_what_shares_a_source_are_each_told_there(store, cast, land, provider, tmp_path):
    lead, task, case = grown(cast, land, provider)
    for place in ("one", "two"):
        assert check(unpacked(case, cast.officer, tmp_path / place))[1] == []
    for matter in (lead, task):
        assert history(matter).filter(verb="evidence_exported").count() == 2


def test_the_file_of_a_breach_goes_back_likewise(store, cast, land, provider, tmp_path):
    agreement_signed(cast, provider)
    lead = register(cast, land, provider, authority=land.county_agency, actor=cast.clerk, source=Lead.Source.FEE_REVIEW)
    advance(lead, "begin_verification", cast.clerk, officers=[cast.clerk.user, cast.auditor.user])
    breach = breach_registered(cast, provider, origin=lead)
    place = unpacked(breach, cast.clerk, tmp_path / "file")
    index = json.loads((place / "index.json").read_text())
    assert [source["number"] for source in index["sources"]] == [lead.number]
    assert check(place)[1] == []


INFORMANT = "赵举报"


@pytest.mark.law("HY-45")
def test_who_gave_a_tip_is_nowhere_in_the_file(store, cast, land, provider, tmp_path):
    lead, task, case = grown(
        cast, land, provider, source=Lead.Source.TIP, source_ref=f"{INFORMANT}来信", title=f"{INFORMANT}反映挂床",
        facts=f"{INFORMANT}（13800000000）称该院挂床", verified=f"向{INFORMANT}核实",
    )  # fmt: skip
    letter = add_evidence(
        lead, cast.officer, kind="documentary", title=f"{INFORMANT}的信", source=INFORMANT, collected_at=clock.now(),
        collectors=both(cast), file=SimpleUploadedFile(f"{INFORMANT}.txt", f"我是{INFORMANT}".encode()),
    )  # fmt: skip
    seal()
    place = unpacked(case, cast.officer, tmp_path / "file")
    for path in place.rglob("*"):
        assert INFORMANT not in str(path)
        assert path.is_dir() or INFORMANT.encode() not in path.read_bytes(), path
    index = json.loads((place / "index.json").read_text())
    listed = {paper["number"] for paper in index["papers"]}
    taken = [paper for matter in (lead, task, case) for paper in matter.papers.all() if paper.number in listed]
    assert taken
    assert not any(INFORMANT in words(paper) for paper in taken)
    source = index["sources"][0]
    assert (source["number"], source["withheld"]) == (lead.number, "举报人身份依法受保护。")
    kept_back = {paper.sha256 for paper in lead.papers.all()}
    assert len(kept_back) == 2
    assert {one["sha256"] for one in index["kept_back"]} == kept_back
    assert letter.sha256 not in (place / "manifest.json").read_text()
    done = run(place)
    assert done.returncode == 0, done.stdout
    assert "依法不入本卷" in done.stdout
    assert f"{lead.number}：事件1至" in done.stdout
    assert custody_of(letter).last().act != CustodyEntry.Act.EXPORTED
    edit(place, f"{source['folder']}/events.json", lambda events: events[2].update(hash="0" * 64))
    assert any("不相衔接" in fault for fault in check(place)[1])


@pytest.mark.law("HY-45")
def test_a_tip_passed_on_to_another_authority_is_protected_there_too(cast, land, provider):
    tip = register(cast, land, provider, source=Lead.Source.TIP)
    passed = register(cast, land, provider, source=Lead.Source.SUPERIOR, source_ref=tip.number, origin=tip)
    assert passed.from_informant
    assert not register(cast, land, provider).from_informant


def test_nothing_of_a_matter_out_of_sight_or_of_another_party_is_taken_along(store, cast, land, provider):
    lead = looked_into(cast, land, provider)
    task = signed_task(cast, land, provider, origin=lead)
    case = filed(cast, provider, origin=lead)
    assert sources_of(case, cast.twin_officer) == []
    assert [one.pk for one in sources_of(case, cast.officer)] == [lead.pk, task.pk]
    case.subject = case.origin.subject = None
    assert [one.pk for one in sources_of(case, cast.officer)] == [lead.pk]


def test_what_was_never_cited_stays_behind(store, cast, land, provider, tmp_path):
    task = assigned_task(cast, land, provider)
    go_on_site(task, cast)
    add_photo(task, cast.officer)
    case = filed(cast, provider, origin=task)
    fact(case, cast)
    place = unpacked(case, cast.officer, tmp_path / "file")
    assert [piece["of"] for piece in json.loads((place / "index.json").read_text())["evidence"]] == [None]
    assert history(task).get(verb="evidence_exported").facts["custody"] == []

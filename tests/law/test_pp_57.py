"""PP-57: one matter, one file — complete, in order, and able to prove that nothing in it was altered."""

import io
import json
import subprocess
import sys
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from funds.services import record_receipt, reverse_receipt
from inspections.models import Lead
from supervision.procedure import clock
from supervision.procedure.models import Dossier
from supervision.procedure.seals import seal
from supervision.procedure.selectors import history
from supervision.procedure.services import advance, record
from supervision.records import store as content
from supervision.records.export import export_file
from supervision.records.export.check import check
from supervision.records.export.sources import sources_of
from supervision.records.models import CustodyEntry
from supervision.records.selectors import custody_of
from supervision.records.services import add_evidence, issue, serve, verify_evidence, void_paper
from supervision.records.verification import verify
from tests.breach_stage import registered as breach_registered
from tests.breach_stage import signed as agreement_signed
from tests.case_stage import fact, filed, performing, served, waive
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
from tests.law.test_pp_41 import answer, state
from tests.reading import words

pytestmark = pytest.mark.law("PP-57")


@pytest.fixture
def full(errand, cast):
    void_paper(issue(errand, "sample", cast.clerk), cast.clerk, reason="有误")
    paper = issue(errand, "sample", cast.clerk)
    serve(
        paper,
        cast.clerk,
        data={
            "method": "direct",
            "relation": "staff",
            "served_on": clock.today(),
            "recipient": "张某",
            "on_paper": True,
        },
    )
    for place in range(3):
        add_evidence(
            errand,
            cast.clerk,
            kind="documentary",
            title=f"票据{place}",
            source="甲县康复医院",
            collected_at=clock.now(),
            collectors=[cast.clerk.user, cast.auditor.user],
            file=SimpleUploadedFile("../票据.txt", f"票据{place}".encode()),
        )
    errand.refresh_from_db()
    advance(errand, "tell", cast.clerk, told_on=clock.today())
    return errand


@pytest.fixture
def folder(full, cast, tmp_path):
    seal()
    return unpacked(full, cast.clerk, tmp_path / "file")


def unpacked(dossier, actor, place):
    with zipfile.ZipFile(io.BytesIO(b"".join(export_file(dossier, actor).pieces))) as archive:
        assert archive.testzip() is None
        archive.extractall(place)
    return place


def run(folder, *arguments):
    return subprocess.run(  # noqa: S603 - the checker as its reader runs it
        [sys.executable, "-I", "-S", str(folder / "check.py"), *arguments], capture_output=True, text=True, check=False
    )


def test_it_holds_everything_in_order(folder, full):
    index = json.loads((folder / "index.json").read_text())
    assert [paper["state"] for paper in index["papers"]] == ["void", "issued", "issued"]
    assert [piece["title"] for piece in index["evidence"]] == ["票据0", "票据1", "票据2"]
    events = json.loads((folder / "events.json").read_text())
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert (events[-1]["verb"], events[-1]["facts"]["papers"]) == ("file_exported", 3)
    assert "示例·甲县康复医院" in (folder / "index.html").read_text()
    assert {path.name for path in (folder / "evidence").iterdir()} == {f"{n:03d} 票据.txt" for n in (4, 5, 6)}


def test_the_contents_follow_the_course_under_one_running_number(folder):
    index = json.loads((folder / "index.json").read_text())
    contents = index["contents"]
    assert [line["piece"] for line in contents] == [1, 2, 3, 4, 5, 6]
    assert [line["at"] for line in contents] == sorted(line["at"] for line in contents)
    assert all(line["issuer"] and line["when"] for line in contents)
    assert {line["file"] for line in contents} == {each["file"] for each in (*index["papers"], *index["evidence"])}


def test_untouched_it_proves_itself_with_python_alone(folder):
    done = run(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "未发现任何改动" in done.stdout
    assert "已由存证1" in done.stdout
    english = run(folder, "--english")
    assert english.returncode == 0
    assert "NOTHING WAS ALTERED" in english.stdout
    assert "fixed by seal 1" in english.stdout


def test_the_zip_is_checked_without_unpacking(full, cast, tmp_path):
    packed = tmp_path / "file.zip"
    packed.write_bytes(b"".join(export_file(full, cast.clerk).pieces))
    assert check(packed)[1] == []


def test_the_published_seal_is_compared(folder):
    proof = json.loads((folder / "seals.json").read_text())[-1]
    assert run(folder, "--seal", proof["hash"]).returncode == 0
    assert run(folder, "--seal", "0" * 64).returncode == 1


def edit(folder, name, change):
    loaded = json.loads((folder / name).read_text())
    (folder / name).write_text(json.dumps(change(loaded) or loaded))


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("events.json", lambda events: events[1].update(verb="paper_served"), "事件2被改动"),
        ("events.json", lambda events: events[:2] + events[3:], "被删除或者调换了次序"),
        ("events.json", lambda events: events[:-1], "末尾的事件被删除"),
        ("events.json", lambda events: [events[0], events[2], events[1], *events[3:]], "被删除或者调换了次序"),
        ("seals.json", lambda proofs: proofs[0].update(root="0" * 64), "不能上溯至其树根"),
        ("seals.json", lambda proofs: proofs[0].update(previous="0" * 64), "存证1：被改动"),
        ("index.json", lambda index: index["papers"].pop(1) and None, "缺失"),
        ("index.json", lambda index: index["evidence"][0].update(sha256="0" * 64), "事件链没有记载"),
        ("index.json", lambda index: index["evidence"].reverse(), "index.json 被改动"),
        ("index.json", lambda index: index["evidence"][0].update(title="别的票据"), "所记不是《别的票据》"),
        ("index.json", lambda index: index.pop("papers") and None, "残缺"),
        ("manifest.json", lambda manifest: manifest.pop(0) and None, "manifest.json 被改动"),
    ],
)
def test_every_alteration_is_found(folder, name, change, says):
    edit(folder, name, change)
    done = run(folder)
    assert done.returncode == 1
    assert says in done.stdout, done.stdout


def test_files_that_changed_places_are_found(folder):
    index = json.loads((folder / "index.json").read_text())
    one, other = (folder / piece["file"] for piece in index["evidence"][:2])
    one.rename(folder / "aside")
    other.rename(one)
    (folder / "aside").rename(other)
    said = run(folder).stdout
    for piece in index["evidence"][:2]:
        assert f"{piece['file']} 被改动" in said


def test_index_and_list_changed_together_do_not_hide_that_two_papers_changed_places(folder):
    index = json.loads((folder / "index.json").read_text())
    one, other = index["papers"][0], index["papers"][1]
    one["sha256"], other["sha256"] = other["sha256"], one["sha256"]
    (folder / "index.json").write_text(json.dumps(index))
    said = run(folder).stdout
    assert f"事件链所记不是《{one['number']}》" in said
    assert "index.json 被改动" in said


@pytest.mark.parametrize("part", ["papers", "evidence"])
def test_files_changed_removed_or_slipped_in_are_found(folder, part):
    first, second = sorted((folder / part).iterdir())[:2]
    first.chmod(0o600)
    first.write_bytes(first.read_bytes() + b" ")
    second.unlink()
    (folder / part / "999 extra.pdf").write_bytes(b"x")
    said = run(folder).stdout
    assert f"{part}/{first.name} 被改动" in said
    assert f"缺少 {part}/{second.name}" in said
    assert f"{part}/999 extra.pdf 不属于本案卷" in said


def test_many_dossiers_in_one_seal_each_lead_to_its_root(full, cast, land, provider, tmp_path):
    from supervision.procedure.services import open_dossier
    from tests.toy.models import Errand

    others = [
        open_dossier(Errand, cast.clerk, authority=land.county_agency, title=f"试{n}", subject=provider, estimate=1)
        for n in range(6)
    ]
    seal()
    record(others[3], "officer_assigned", cast.clerk, {})
    seal()
    for place, one in enumerate([full, *others]):
        assert check(unpacked(one, cast.clerk, tmp_path / str(place)))[1] == []


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


def test_the_index_reads_like_the_contents_of_a_file(store, cast, land, provider, tmp_path):
    case = served(cast, provider)
    state(case, cast.officer, points="数额算重了\n已经退回")
    waive(case, cast)
    answer(case, cast)
    page = (unpacked(case, cast.officer, tmp_path / "file") / "index.html").read_text()
    for part in ("卷内目录", "当事人的陈述申辩及答复", "数额算重了", "已经退回", "经复核不予采纳", "届满日"):
        assert part in page


def test_the_file_holds_the_money_entry_by_entry(store, cast, provider, tmp_path):
    case = performing(cast, provider)
    owed = case.receivables.get(kind="fine")
    said = {"amount": owed.amount, "route": owed.route, "paid_on": clock.today()}
    wrong = record_receipt(owed, cast.officer, voucher="示例凭证-1", **said)
    reverse_receipt(wrong, cast.officer, reason="他人缴款")
    record_receipt(owed, cast.officer, voucher="示例凭证-2", **said)
    page = (unpacked(case, cast.officer, tmp_path / "file") / "index.html").read_text()
    for part in ("示例凭证-1", "冲销分录", "他人缴款", "示例凭证-2", f"-{owed.amount:,.2f}"):
        assert part in page


def test_what_was_never_cited_stays_behind(store, cast, land, provider, tmp_path):
    task = assigned_task(cast, land, provider)
    go_on_site(task, cast)
    add_photo(task, cast.officer)
    case = filed(cast, provider, origin=task)
    fact(case, cast)
    place = unpacked(case, cast.officer, tmp_path / "file")
    assert [piece["of"] for piece in json.loads((place / "index.json").read_text())["evidence"]] == [None]
    assert history(task).get(verb="evidence_exported").facts["custody"] == []


def test_a_lost_file_is_named_and_does_not_break_the_rest(full, cast, store, tmp_path):
    piece = full.evidence.first()
    (store / content.path_of(piece.sha256)).unlink()
    _, faults = check(unpacked(full, cast.clerk, tmp_path / "file"))
    assert faults == ["缺少 evidence/004 票据.txt"]


def test_it_is_on_record_who_took_it(full, cast):
    export_file(full, cast.city_clerk)
    event = full.events.last()
    assert (event.verb, event.user) == ("file_exported", cast.city_clerk.user)
    assert full.evidence.first().custody.last().act == "exported"


def test_nobody_outside_the_jurisdiction_takes_it(full, cast):
    Dossier.objects.filter(pk=full.pk).update(open_to_subject=True)
    for actor in (cast.twin_clerk, cast.twin_officer, cast.hospital, cast.admin):
        with pytest.raises(Dossier.DoesNotExist):
            export_file(full, actor)
    assert not full.events.filter(verb="file_exported").exists()

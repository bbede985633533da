"""PP-57: one matter, one file — complete, in order, and able to prove that nothing in it was altered."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from supervision.procedure import clock
from supervision.procedure.models import Dossier
from supervision.procedure.seals import seal
from supervision.procedure.services import advance, record
from supervision.records import store as content
from supervision.records.export import export_file
from supervision.records.export.check import check
from supervision.records.services import add_evidence, issue, serve, void_paper
from tests.whole_file import edit, run, unpacked

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

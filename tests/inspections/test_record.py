"""The on-site record as a paper: it shows the hands that signed it, is evidence itself, and tells of contradictions."""

import os
import struct
import zlib
from pathlib import Path

import pytest
from django.urls import reverse

from inspections.onsite.contradictions import contradictions
from supervision.procedure.refusals import StepRefused
from supervision.procedure.services import advance, preview
from supervision.records import store as content
from supervision.records.models import Evidence
from supervision.records.papers import zh_moment, zh_time
from supervision.records.services import render_again
from supervision.records.verification import verify
from supervision.web.events import lines
from tests.inspections.stages import (
    FINDING,
    SIGNED,
    add_photo,
    answer_all,
    both,
    draw_up,
    photo,
)
from tests.reading import words

pytestmark = [pytest.mark.law("HY-32"), pytest.mark.law("HY-37")]


def hand(slope):
    """A stroke across a pad, as a PNG: what the phone sends when somebody signs with the finger."""
    wide, high = 320, 120
    rows = b"".join(
        b"\0" + b"".join(b"\0\xff" if abs(y - (x * slope // 10) % high) < 3 else b"\0\0" for x in range(wide))
        for y in range(high)
    )

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", wide, high, 8, 4, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def looked_at(paper):
    """For whoever wants to look at it: RECORDS_TO=folder leaves the PDF there."""
    if folder := os.environ.get("RECORDS_TO"):
        (Path(folder) / f"{paper.sha256[:8]}.pdf").write_bytes(content.read(paper.sha256))
    return paper


def sign(task, cast, **files):
    said = {"officers": [user.pk for user in both(cast)], "signed_by": "示例院长", "signed_post": "院长"}
    given = {name: photo(f"{name}.png", drawn) for name, drawn in files.items()}
    advance(task, "sign_record", cast.officer, data=said, files=given)
    return looked_at(task.site_record_paper)


@pytest.fixture
def hands(cast):
    first, second = both(cast)
    return {"signature": hand(3), f"signature_{first.pk}": hand(5), f"signature_{second.pk}": hand(7)}


def test_the_record_shows_every_hand_that_signed_it(store, recorded, cast, hands):
    paper = sign(recorded, cast, **hands)
    shown = [one["picture"] for one in paper.facts["signatures"]]
    assert [content.read(sha) for sha in shown] == list(hands.values())
    assert [one["role"] for one in paper.facts["signatures"]] == ["被检查单位", "检查人员", "检查人员"]
    assert all(one["certificate"] for one in paper.facts["signatures"][1:])
    assert content.read(paper.sha256).count(b"/Subtype/Image") + content.read(paper.sha256).count(
        b"/Subtype /Image"
    ) >= len(hands)
    assert render_again(paper) == content.read(paper.sha256)


def test_signatures_and_signed_record_are_evidence_and_the_findings_cite_the_record(store, recorded, cast, hands):
    paper = sign(recorded, cast, **hands)
    pieces = list(recorded.evidence.filter(kind=Evidence.Kind.INSPECTION).order_by("pk"))
    titles = [piece.title for piece in pieces]
    assert "当事人签名（示例院长）" in titles[0]
    assert sum("检查人员签名" in title for title in titles) == 2
    record = recorded.evidence.get(sha256=paper.sha256)
    assert (record.media_type, record.title) == ("application/pdf", f"现场检查笔录（{paper.number}）")
    assert all(piece.custody.filter(act="entered").exists() for piece in pieces)
    assert record in recorded.findings.get().evidence.all()
    told = recorded.events.get(verb="record_cited")
    assert told.facts["evidence"]["id"] == record.pk
    assert verify().faults == []


def test_the_record_alone_proves_no_finding(store, on_site, cast):
    advance(answer_all(on_site, cast), "add_finding", cast.officer, **FINDING)
    draw_up(on_site, cast)
    advance(on_site, "sign_record", cast.officer, officers=both(cast), **SIGNED)
    assert on_site.findings.get().evidence.count() == 1
    with pytest.raises(StepRefused) as refusal:
        advance(on_site, "confirm_findings", cast.officer)
    assert "findings_proven" in {reason.name for reason in refusal.value.reasons}


def test_who_did_not_draw_is_named_with_how_it_stands_on_record(store, recorded, cast):
    advance(recorded, "sign_record", cast.officer, officers=both(cast), **SIGNED)
    party, first, second = looked_at(recorded.site_record_paper).facts["signatures"]
    assert (party["picture"], party["how"]) == ("", "签名在纸质笔录原件上")
    for one in (first, second):
        assert (one["picture"], one["how"]) == ("", f"由{cast.officer}在系统中登记确认")
        assert one["certificate"]


def test_a_photo_of_a_page_or_a_broken_picture_is_kept_and_not_shown(store, recorded, cast):
    drawn = hand(3)
    paper = sign(recorded, cast, signature=drawn[:60])
    party = paper.facts["signatures"][0]
    assert (party["picture"], party["how"]) == ("", "签名页影像另附")
    assert recorded.evidence.filter(sha256=party["sha256"]).exists()


def test_a_refusal_stands_on_the_record_with_reason_and_witness(store, recorded, cast):
    said = {
        "officers": [user.pk for user in both(cast)], "refused_because": "对人数有异议", "witness": "示例村医",
        "witness_post": "某村卫生站", "on_paper": True,
    }  # fmt: skip
    advance(recorded, "note_refusal", cast.officer, data=said, files={"witness_signature": photo("w.png", hand(4))})
    paper = looked_at(recorded.site_record_paper)
    assert (paper.facts["refused"], paper.facts["refused_because"]) == (True, "对人数有异议")
    witness = paper.facts["signatures"][0]
    assert (witness["role"], witness["who"]) == ("见证人", "示例村医 某村卫生站")
    assert witness["picture"] == recorded.evidence.get(title__contains="见证人签名").sha256


def test_the_preview_shows_the_hands_too(store, recorded, cast, hands):
    said = {"officers": [user.pk for user in both(cast)], "signed_by": "示例院长"}
    files = {name: photo(f"{name}.png", drawn) for name, drawn in hands.items()}
    assert len(preview(recorded, "sign_record", cast.officer, data=said, files=files)) >= 1


def test_an_item_in_order_against_a_finding_of_it_is_told_and_not_refused(store, on_site, cast, client):
    answer_all(on_site, cast)
    client.force_login(cast.officer.user)
    here, step = (reverse(name, args=args) for name, args in (
        ("inspections:on-site", [on_site.pk]), ("web:step", [on_site.pk, "add_finding"]),
    ))  # fmt: skip
    for page in (here, step):
        assert "笔录将注明不一致" in client.get(page).content.decode()
    advance(on_site, "add_finding", cast.officer, evidence=[add_photo(on_site, cast.officer)], **FINDING)
    assert [(each.answer.item.code, each.findings) for each in contradictions(on_site)] == [("b1", (1,)), ("b2", (1,))]
    for page in (here, reverse("web:dossier", args=[on_site.pk])):
        assert client.get(page).content.decode().count("与检查发现1不一致") == 2
    assert "与检查发现1不一致" in client.get(reverse("web:step", args=[on_site.pk, "draw_up_record"])).content.decode()
    draw_up(on_site, cast)
    text = on_site.site_record.text
    assert "清单答“符合”，与第1项问题不一致" in text
    assert "在床人数与系统在院人数一致" not in text.split("二、发现的问题")[0]  # not among what is free of faults
    advance(on_site, "sign_record", cast.officer, officers=both(cast), **SIGNED)
    answers = looked_at(on_site.site_record_paper).facts["answers"]
    assert [one["against"] for one in answers if one["against"]] == [[1], [1]]


def test_an_act_whose_other_item_is_out_of_order_is_explained_unless_a_photo_shows_the_item(store, on_site, cast):
    answer_all(on_site, cast, answer_b1="no", note_b1="七人不在床")
    advance(on_site, "add_finding", cast.officer, **FINDING)
    assert contradictions(on_site) == []
    shot = add_photo(on_site, cast.officer, item="b2")
    advance(on_site, "cite_evidence", cast.officer, finding=on_site.findings.get(), evidence=[shot])
    assert [each.answer.item.code for each in contradictions(on_site)] == ["b2"]


def test_the_party_is_not_made_to_say_what_it_did_not(store, recorded, cast):
    advance(recorded, "sign_record", cast.officer, officers=both(cast), **SIGNED)
    said = words(recorded.site_record_paper)
    assert "被检查单位未填写意见。" in said
    assert "无异议" not in said


def test_what_the_party_wrote_stands_with_one_stop(store, recorded, cast):
    advance(recorded, "sign_record", cast.officer, officers=both(cast), **SIGNED, remarks="人数以病历为准。")
    said = words(recorded.site_record_paper)
    assert "被检查单位意见：人数以病历为准。" in said
    assert "未填写意见" not in said
    assert "。。" not in said


def test_a_finding_stands_once_with_its_days_apart_and_the_photos_are_told(store, on_site, cast):
    answer_all(on_site, cast)
    days = {"period_from": "2026-06-01", "period_to": "2026-09-30"}
    advance(on_site, "add_finding", cast.officer, evidence=[add_photo(on_site, cast.officer)], **FINDING, **days)
    recorded = draw_up(on_site, cast)
    advance(recorded, "sign_record", cast.officer, officers=both(cast), **SIGNED)
    said = words(looked_at(recorded.site_record_paper))
    taken = recorded.photos.get()
    assert said.count("挂床住院7人") == 1
    assert "期间：自2026年6月1日至2026年9月30日挂床住院7人。" in said
    assert "38,260.00" in said
    assert "38260.00" not in said
    assert "现场拍摄照片、影像1件，均已作为证据入卷：" in said
    assert f"{zh_moment(taken.taken_at)}{taken.evidence.title}".replace(" ", "") in said


def test_a_note_left_without_its_stop_gets_one_and_a_heading_none(store, on_site, cast):
    answer_all(on_site, cast, answer_b2="no", note_b2="账物不符", answer_b3="no", note_b3="未公示价格。")
    draw_up(on_site, cast)
    advance(on_site, "sign_record", cast.officer, officers=both(cast), **SIGNED)
    said = words(on_site.site_record_paper)
    assert "不符合。账物不符。" in said
    assert "不符合。未公示价格。" in said
    assert "。。" not in said
    assert "一、检查情况经检查" in said


def test_evidence_made_on_the_spot_tells_its_day_as_papers_do(store, on_site, cast):
    add_photo(on_site, cast.officer)
    taken = on_site.photos.get()
    source = taken.evidence.source
    assert source.startswith(f"{zh_moment(taken.taken_at)}于{on_site.subject}现场拍摄，拍摄人")
    assert zh_time(taken.taken_at) in source


def test_the_history_tells_of_a_signature_and_not_of_the_name_of_its_file(store, recorded, cast, hands, client):
    sign(recorded, cast, **hands)
    event = recorded.events.get(verb="sign_record")
    for actor, linked in ((cast.officer, True), (cast.twin_officer, False)):
        (line,) = lines(recorded, [event], actor)
        text = str(dict(line.details)["签名"])
        proof = recorded.site_record.proof
        shown = f'<a href="{reverse("web:evidence", args=[proof.pk])}">手写签名</a>'
        assert text == (shown if linked else "手写签名")
    client.force_login(cast.officer.user)
    assert "signature.png" not in client.get(reverse("web:dossier", args=[recorded.pk])).content.decode()

"""Evidence: what is taken in, who may see it, and the chain of custody."""

import io
import socket
import struct
import threading
import zipfile
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from supervision.procedure import clock
from supervision.procedure.refusals import StepRefused
from supervision.procedure.services import open_dossier
from supervision.records import store as content
from supervision.records.clamd import scan
from supervision.records.intake import ScanFailed, harmless, take_in
from supervision.records.models import CustodyEntry, Evidence
from supervision.records.selectors import evidence_visible_to
from supervision.records.services import (
    add_evidence,
    download,
    reject_evidence,
    transfer_evidence,
    verify_evidence,
)
from tests.toy.models import Errand

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 64


def upload(content_=PNG, name="现场.png"):
    return SimpleUploadedFile(name, content_)


@pytest.fixture
def add(errand, cast):
    def _add(kind="physical", file=None, people=None, actor=None, **fields):
        given = {"title": "现场照片", "source": "甲县康复医院住院部", "collected_at": clock.now()} | fields
        return add_evidence(
            errand,
            actor or cast.clerk,
            kind=kind,
            collectors=[cast.clerk.user, cast.auditor.user] if people is None else people,
            file=file or upload(),
            **given,
        )

    return _add


def test_it_is_kept_by_its_content_with_type_and_name(add, errand, store):
    evidence = add(file=upload(name="..\\..\\C:\\照片\n1.png"))
    assert (evidence.media_type, evidence.original_name, evidence.size) == ("image/png", "照片1.png", len(PNG))
    assert (store / content.path_of(evidence.sha256)).read_bytes() == PNG
    event = errand.events.last()
    assert (event.verb, event.facts["evidence"]["sha256"]) == ("evidence_added", evidence.sha256)
    assert list(evidence.custody.values_list("act", flat=True)) == ["collected", "collected", "entered"]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"", "空.png"),
        (b"MZ\x90\0" + b"\0" * 200, "程序.png"),
        (b"<html><script>alert(1)</script></html>", "页.html"),
        (b"\x7fELF" + b"\0" * 200, "a.pdf"),
        (b"PK\x03\x04" + b"\0" * 60, "包.zip"),
        (b"\0\1\2\3" * 100, "不明"),
    ],
)
def test_what_is_empty_or_of_another_type_is_not_taken(store, body, name):
    with pytest.raises(ValidationError):
        take_in(upload(body, name))


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0\1" + b"\0" * 64, "image/jpeg"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "application/pdf"),
        ("询问笔录".encode("gbk") * 20, "text/plain"),
        ("询问笔录：甲答。\n".encode(), "text/plain"),
        (b"#!AMR\n" + b"\0" * 64, "audio/amr"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "video/quicktime"),
    ],
)
def test_the_type_is_what_the_content_says(store, body, kind):
    assert take_in(upload(body, "名不副实.bin"))["media_type"] == kind


@pytest.mark.parametrize(
    ("part", "kind"), [("word/document.xml", "wordprocessingml.document"), ("xl/workbook.xml", "spreadsheetml.sheet")]
)
def test_office_files_are_told_from_other_archives(store, part, kind):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", "")
        archive.writestr(part, "")
    assert take_in(upload(packed.getvalue(), "a.zip"))["media_type"].endswith(kind)


def test_too_large_is_said_before_anything_is_stored(store, settings):
    settings.EVIDENCE_MAX_BYTES = 10
    with pytest.raises(ValidationError):
        take_in(upload())
    assert not store.exists()


def test_names_lose_paths_and_keep_their_ending():
    assert harmless("../../etc/passwd") == "passwd"
    assert harmless("\0..") == "file"
    assert harmless("长" * 300 + ".pdf").endswith("长.pdf")
    assert len(harmless("长" * 300 + ".pdf")) == 255


def test_the_same_file_twice_and_the_future_are_refused(add, cast):
    first = add()
    for kind in ("physical", "audiovisual"):
        with pytest.raises(ValidationError) as refused:
            add(kind=kind)
        assert first.title in refused.value.message_dict["file"][0]
    with pytest.raises(ValidationError):
        add(file=upload(PNG + b"1"), collected_at=clock.now() + timedelta(hours=1))


def test_every_view_and_download_is_entered(add, cast):
    evidence = add()
    assert b"".join(download(evidence, cast.auditor)) == PNG
    list(download(evidence, cast.clerk, view=True))
    transfer_evidence(evidence, cast.clerk, to="示例鉴定所", note="送检")
    acts = list(evidence.custody.order_by("pk").values_list("act", "user__username"))
    assert acts[3:] == [("downloaded", "auditor"), ("viewed", "clerk"), ("transferred", "clerk")]


def test_a_lost_file_says_so_and_enters_nothing(add, cast, store):
    evidence = add()
    (store / content.path_of(evidence.sha256)).unlink()
    with pytest.raises(content.Missing):
        download(evidence, cast.clerk)
    assert not evidence.custody.filter(act="downloaded").exists()


def test_it_is_judged_once_forward_and_by_officers(add, cast):
    evidence = add()
    with pytest.raises(StepRefused):
        verify_evidence(evidence, cast.finance)
    verify_evidence(evidence, cast.auditor, note="与原件核对一致")
    with pytest.raises(StepRefused):
        verify_evidence(evidence, cast.auditor)
    with pytest.raises(StepRefused):
        reject_evidence(evidence, cast.auditor, note="")
    judged = reject_evidence(evidence, cast.auditor, note="原件系伪造")
    assert (judged.state, judged.note) == ("rejected", "原件系伪造")
    with pytest.raises(StepRefused):
        verify_evidence(evidence, cast.auditor)


@pytest.mark.parametrize(
    "change", [{"sha256": "0" * 64}, {"title": "改"}, {"state": "collected"}, {"original_name": "改.png"}]
)
def test_the_database_keeps_evidence(add, cast, change):
    evidence = verify_evidence(add(), cast.auditor)
    with pytest.raises(DatabaseError), transaction.atomic():
        Evidence.objects.filter(pk=evidence.pk).update(**change)


def test_the_database_keeps_custody(add):
    add()
    with pytest.raises(DatabaseError), transaction.atomic():
        CustodyEntry.objects.update(note="改")
    with pytest.raises(DatabaseError), transaction.atomic():
        CustodyEntry.objects.all()._raw_delete("default")


def test_the_other_county_and_the_party_see_none(add, errand, cast):
    evidence = add()
    type(errand).objects.filter(pk=errand.pk).update(open_to_subject=True)
    assert evidence_visible_to(cast.city_clerk).get() == evidence
    for actor in (cast.twin_clerk, cast.twin_officer, cast.hospital, cast.admin):
        assert not evidence_visible_to(actor).exists()


@contextmanager
def clamd(reply):
    """A server that speaks the daemon's side of INSTREAM on a real socket; yields its address and what it was sent."""
    received = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            line, _ = server.accept()
            with line, line.makefile("rb") as stream:
                received.append(stream.read(len(b"zINSTREAM\0")))
                body = b""
                while size := struct.unpack("!I", stream.read(4))[0]:
                    body += stream.read(size)
                received.append(body)
                line.sendall(reply)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}", received
        thread.join(5)


def test_the_scanner_hears_every_byte(settings):
    body = PNG * 3000
    with clamd(b"stream: OK\0") as (address, received):
        settings.CLAMD_ADDRESS = address
        assert scan(upload(body)) == ""
    assert received == [b"zINSTREAM\0", body]


def test_a_virus_is_named_and_not_kept(settings, store):
    settings.EVIDENCE_SCANNER = "supervision.records.clamd.scan"
    with clamd(b"stream: Test-Signature FOUND\0") as (address, _):
        settings.CLAMD_ADDRESS = address
        with pytest.raises(ValidationError, match="Test-Signature"):
            take_in(upload())
    assert not store.exists()


def test_without_an_answer_nothing_is_taken(settings, store):
    settings.EVIDENCE_SCANNER = "supervision.records.clamd.scan"
    with clamd(b"INSTREAM size limit exceeded. ERROR\0") as (address, _):
        settings.CLAMD_ADDRESS = address
        with pytest.raises(ScanFailed):
            scan(upload())
    with pytest.raises(ValidationError):
        take_in(upload())
    assert not store.exists()


def test_a_crash_while_writing_leaves_no_half_file(store):
    class Broken(SimpleUploadedFile):
        reads = 0

        def chunks(self, chunk_size=None):
            self.reads += 1
            yield PNG
            if self.reads > 1:
                raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        content.put_file(Broken("a.png", PNG))
    assert [path for path in store.rglob("*") if path.is_file()] == []


@pytest.mark.law("HY-37")
def test_a_picture_may_come_from_the_matter_this_one_arose_from(add, errand, cast):
    taken = clock.now() - timedelta(days=3)
    with pytest.raises(ValidationError) as refused:
        add(kind="audiovisual", collected_at=taken)
    assert list(refused.value.message_dict) == ["collected_at"]
    with clock.stopped_at(taken - timedelta(days=1)):
        before = open_dossier(Errand, cast.clerk, authority=errand.authority, title="此前", estimate="1.00")
    errand.origin = before
    assert add(kind="audiovisual", collected_at=taken).pk

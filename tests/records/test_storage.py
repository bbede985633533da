"""Where content lies, on disk or in a store that speaks S3: the same promises, kept over real files and real HTTP."""

import base64
import hashlib
import io
import os
import subprocess
import sys
import threading
import time
import urllib.request
import zipfile
from datetime import timedelta

import boto3
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from supervision.local.child import Child
from supervision.local.ports import any_free
from supervision.procedure import clock
from supervision.procedure.services import record
from supervision.records import store as content
from supervision.records import verbs
from supervision.records.export import export_file
from supervision.records.s3 import ContentStorage
from supervision.records.services import add_evidence, issue
from supervision.records.sweeping import sweep
from supervision.records.tasks import sweep_stray
from supervision.records.verification import verify

BUCKET = "evidence"
ACCOUNT = {"access_key": "test", "secret_key": "test", "region_name": "us-east-1"}
LARGE = os.urandom(3 * content.CHUNK + 7)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def s3_server():
    """Address of a server that speaks S3, in a process of its own."""
    port = any_free()
    child = Child(
        "s3", [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], output=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{address}/moto-api/").close()  # noqa: S310  our own address
                break
            except OSError:
                assert child.exit_code is None
                time.sleep(0.1)
        yield address
    finally:
        child.stop()


@pytest.fixture(params=["disk", "s3"])
def place(request, settings, tmp_path, errand):
    """The store of this test, and how somebody with access to it would damage it."""
    if request.param == "disk":
        yield Disk(tmp_path / "evidence")
        return
    address = request.getfixturevalue("s3_server")
    options = {"bucket": BUCKET, "endpoint_url": address, "prefix": "kept/", **ACCOUNT}
    settings.STORAGES = {
        **settings.STORAGES,
        "evidence": {"BACKEND": "supervision.records.s3.ContentStorage", "OPTIONS": options},
    }
    urllib.request.urlopen(urllib.request.Request(f"{address}/moto-api/reset", method="POST")).close()  # noqa: S310
    client = boto3.session.Session().client(
        "s3", endpoint_url=address, aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1"
    )
    client.create_bucket(Bucket=BUCKET)
    yield Bucket(client)


class Disk:
    """The files of the store, as somebody with a shell sees them."""

    def __init__(self, folder):
        self.folder = folder

    def names(self):
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file())

    def alter(self, name):
        (self.folder / name).chmod(0o600)
        (self.folder / name).write_bytes(b"altered")

    def lose(self, name):
        (self.folder / name).unlink()

    def age(self, name, by):
        moment = time.time() - by.total_seconds()
        os.utime(self.folder / name, (moment, moment))


class Bucket:
    """The objects of the store, as somebody with its keys sees them."""

    def __init__(self, client):
        self.client = client

    def names(self):
        found = self.client.list_objects_v2(Bucket=BUCKET).get("Contents", [])
        return sorted(one["Key"].removeprefix("kept/") for one in found)

    def alter(self, name):
        self.client.put_object(Bucket=BUCKET, Key=f"kept/{name}", Body=b"altered")

    def lose(self, name):
        self.client.delete_object(Bucket=BUCKET, Key=f"kept/{name}")


def collected(errand, cast, body=LARGE):
    return add_evidence(
        errand,
        cast.clerk,
        kind="documentary",
        title="票据",
        source="甲县康复医院",
        collected_at=clock.now(),
        collectors=[cast.clerk.user, cast.auditor.user],
        file=SimpleUploadedFile("票据.txt", body),
    )


def test_content_is_found_by_its_hash_and_read_in_pieces(place):
    stored = content.put_file(SimpleUploadedFile("a.bin", LARGE))
    assert (stored.sha256, stored.size) == (hashlib.sha256(LARGE).hexdigest(), len(LARGE))
    assert place.names() == [content.path_of(stored.sha256)]
    assert content.read(stored.sha256) == LARGE
    pieces = list(content.pieces(stored.sha256))
    assert b"".join(pieces) == LARGE
    assert len(pieces) == 4
    assert content.fault(stored.sha256) == ""


def test_the_same_again_is_kept_once_and_nothing_is_written_over(place):
    stored = content.put(b"first")
    assert content.put(b"first") == stored
    place.alter(content.path_of(stored.sha256))
    content.put(b"first")
    assert content.fault(stored.sha256) == "altered"
    with pytest.raises(content.Altered):
        content.read(stored.sha256)


def test_what_is_not_there_says_so(place):
    absent = hashlib.sha256(b"absent").hexdigest()
    assert content.fault(absent) == "missing"
    with pytest.raises(content.Missing):
        content.read(absent)
    with pytest.raises(FileNotFoundError):
        content.storage().get_modified_time(content.path_of(absent))
    assert not content.storage().renew(content.path_of(absent))


def test_records_verify_and_the_whole_file_work_over_it(place, errand, cast):
    paper = issue(errand, "sample", cast.clerk)
    evidence = collected(errand, cast, "票据".encode() * 700_000)
    errand.refresh_from_db()
    assert verify().holds
    pieces = list(export_file(errand, cast.clerk).pieces)
    assert max(map(len, pieces)) < 2 * content.CHUNK
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as archive:
        (kept,) = [name for name in archive.namelist() if name.startswith("evidence/")]
        assert hashlib.sha256(archive.read(kept)).hexdigest() == evidence.sha256

    place.alter(content.path_of(evidence.sha256))
    place.lose(content.path_of(paper.sha256))
    assert sorted(fault.what for fault in verify().faults) == ["file altered", "file missing"]


def test_two_at_once_write_the_same_content_once(place):
    """Both have found the name free; the second finds it taken only when it writes."""
    stored = content.put(b"both")
    name = content.path_of(stored.sha256)
    assert content.storage().save(name, SimpleUploadedFile("b", b"both")) == name
    assert content.fault(stored.sha256) == ""
    assert place.names() == [name]


def test_a_write_carries_its_hash_and_asks_for_a_free_name(s3_server):
    """By these the store itself refuses bytes that do not make the name, and a name that is taken."""
    storage = ContentStorage(bucket=BUCKET, endpoint_url=s3_server, **ACCOUNT)
    sent = {}
    client = storage._client
    client.meta.events.register("before-send.s3.PutObject", lambda request, **_: sent.update(request.headers))
    client.create_bucket(Bucket=BUCKET)
    name = content.path_of(hashlib.sha256(b"promised").hexdigest())
    storage.save(name, SimpleUploadedFile("a", b"promised"))
    assert {
        key.lower(): bytes(value, "ascii") if isinstance(value, str) else value for key, value in sent.items()
    }.items() >= {
        "if-none-match": b"*",
        "x-amz-checksum-sha256": base64.b64encode(hashlib.sha256(b"promised").digest()),
    }.items()
    storage.save(name, SimpleUploadedFile("a", b"another"))
    with storage.open(name) as kept:
        assert kept.read() == b"promised"


def test_stray_content_goes_when_its_time_is_over(place, settings):
    stray = content.put(b"a step that was refused")
    assert sweep_stray() == 0
    settings.EVIDENCE_STRAY_HOURS = 0
    assert sweep_stray() == 1
    assert sweep_stray() == 0
    assert content.fault(stray.sha256) == "missing"


def test_what_evidence_papers_or_events_name_stays(place, errand, cast):
    paper, evidence = issue(errand, "sample", cast.clerk), collected(errand, cast, "票据".encode())
    letter = content.put(b"a letter that came with a step")
    errand.refresh_from_db()
    facts = {"document": {"sha256": letter.sha256, "size": letter.size, "media_type": "text/plain", "name": "信.txt"}}
    record(errand, verbs.EVIDENCE_ADDED, cast.clerk, facts)
    assert sweep(timedelta(0)) == 0
    assert len(place.names()) == 3
    assert {paper.sha256, evidence.sha256} < {name.rpartition("/")[2] for name in place.names()}

    place.lose(content.path_of(letter.sha256))
    assert [(fault.where, fault.what) for fault in verify().faults] == [("event 4: 信.txt", "file missing")]


def test_other_peoples_files_are_left_alone(place, tmp_path):
    if isinstance(place, Bucket):
        place.client.put_object(Bucket=BUCKET, Key="kept/read.me", Body=b"x")
        place.client.put_object(Bucket=BUCKET, Key="another/thing", Body=b"x")
        assert sweep(timedelta(0)) == 0
        assert len(place.client.list_objects_v2(Bucket=BUCKET)["Contents"]) == 2
    else:
        place.folder.mkdir(exist_ok=True)
        (place.folder / "read.me").write_bytes(b"x")
        assert sweep(timedelta(0)) == 0
        assert place.names() == ["read.me"]


@pytest.fixture
def disk(errand, tmp_path):
    return Disk(tmp_path / "evidence")


def test_what_a_killed_upload_left_half_written_goes_too(disk):
    stored = content.put(b"whole")
    half = f"{content.path_of(stored.sha256).rpartition('/')[0]}/.tmp1234"
    (disk.folder / half).write_bytes(b"wh")
    assert sweep(DAY) == 0
    disk.age(half, 2 * DAY)
    assert sweep(DAY) == 1
    assert disk.names() == [content.path_of(stored.sha256)]


def test_stray_content_that_comes_again_is_spared(disk):
    stored = content.put(b"once refused, now sent again")
    disk.age(content.path_of(stored.sha256), 2 * DAY)
    content.put(b"once refused, now sent again")
    assert sweep(DAY) == 0
    assert content.fault(stored.sha256) == ""


@pytest.mark.django_db(transaction=True)
def test_an_upload_in_progress_is_never_swept(disk, transactional_db):
    """The upload has found the stray file and not yet committed the row that names it: sweeping passes by."""
    stored = content.put(b"the same content")
    found, sweeping_done, seen = threading.Event(), threading.Event(), []

    def upload():
        try:
            with transaction.atomic():
                content.put(b"the same content")
                # However old the clock of the disk says it is.
                disk.age(content.path_of(stored.sha256), 2 * DAY)
                found.set()
                sweeping_done.wait(20)
                seen.append(content.fault(stored.sha256))
        finally:
            connection.close()

    uploading = threading.Thread(target=upload)
    uploading.start()
    assert found.wait(20)
    assert sweep(DAY) == 0
    sweeping_done.set()
    uploading.join(20)
    assert seen == [""]
    assert sweep(DAY) == 1


@pytest.mark.django_db(transaction=True)
def test_sent_again_while_it_is_being_swept_it_is_written_anew(disk, transactional_db, monkeypatch):
    """Sweeping holds the content when the upload comes: the upload waits, then finds nothing and writes it."""
    stored = content.put(b"the same content")
    disk.age(content.path_of(stored.sha256), 2 * DAY)
    uploaded = []

    def upload():
        try:
            uploaded.append(content.put(b"the same content"))
        finally:
            connection.close()

    uploading = threading.Thread(target=upload)
    storage = content.storage()
    delete = storage.delete

    def slowly(name):
        uploading.start()
        uploading.join(0.5)
        assert uploaded == []
        delete(name)

    monkeypatch.setattr(storage, "delete", slowly)
    assert sweep(DAY) == 1
    uploading.join(20)
    assert uploaded == [stored]
    assert content.fault(stored.sha256) == ""


def test_it_is_asked_for_every_day(settings):
    (entry,) = [one for one in settings.CELERY_BEAT_SCHEDULE.values() if one["task"] == sweep_stray.name]
    assert entry["schedule"] == DAY
    assert settings.EVIDENCE_STRAY_HOURS >= 24

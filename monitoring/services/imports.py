"""Claims imports: receive an upload once, check it, store it whole or not at all.

Law: HY-14. What must hold: the same content never counts twice; a re-sent row replaces its older self; a worker killed
at any line leaves the store as it was, and the import is taken up again from the start.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Collection, Iterable
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from monitoring.claims import fence, files, ingest, store
from monitoring.claims.layout import PROVIDER, TABLES
from monitoring.claims.refusals import Refused
from monitoring.claims.staging import staged
from monitoring.models import ClaimsFile, ColumnMapping, ImportBatch
from monitoring.models.work import WorkState
from monitoring.paths import bad_rows_dir, inbox, work_dir
from monitoring.selectors.claims import current_files
from monitoring.selectors.jurisdiction import jurisdiction_of
from monitoring.services.work import LostClaim, claim, open_to_claim, pulse, update_owned
from supervision.parties.models import Authority, Provider

log = structlog.get_logger(__name__)
_STORE_LOCK = 0x636C61696D73
_KEEP_REPLACED = timedelta(days=30)
_KEEP_ORPHANS = timedelta(days=1)


class Cancelled(Exception):
    """The user asked to stop."""


def receive(
    *,
    name: str,
    blocks: Iterable[bytes],
    mapping: ColumnMapping | None = None,
    by: Any = None,
    authority: Any = None,
) -> tuple[ImportBatch, bool]:
    """Keep an upload and enter its import; returns ``(batch, created)``.

    The same content under the same mapping gives back the import it already has within the same jurisdiction, unless
    that one failed or set rows aside as another's: the register may know their institution by now.
    The caller queues :func:`monitoring.tasks.import_claims` on commit.
    """
    folder = inbox("upload").parent
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{uuid.uuid4().hex}.draft"
    digest, size = hashlib.sha256(), 0
    try:
        with draft.open("wb") as output:
            for block in blocks:
                digest.update(block)
                size += len(block)
                output.write(block)
            output.flush()
            os.fsync(output.fileno())
        draft.replace(inbox(digest.hexdigest()))
    finally:
        draft.unlink(missing_ok=True)
    alive = ImportBatch.objects.filter(sha256=digest.hexdigest(), mapping=mapping, rows_outside=0).exclude(
        state__in=(WorkState.FAILED, WorkState.CANCELLED)
    )
    if batch := _of_like_jurisdiction(alive, authority).first():
        return batch, False
    try:
        with transaction.atomic():
            batch = ImportBatch.objects.create(
                name=name[:255], sha256=digest.hexdigest(), size=size, mapping=mapping, by=by, authority=authority
            )
    except IntegrityError:
        return alive.get(authority=authority), False
    return batch, True


def _of_like_jurisdiction(batches: QuerySet[ImportBatch], authority: Authority | None) -> QuerySet[ImportBatch]:
    """Imports that take in the same rows: of a county's file the city takes more."""
    if authority is None:
        return batches.filter(authority__isnull=True)
    return batches.filter(authority__region=authority.region_id, authority__level=authority.level)


def ask_to_cancel(*, batch: ImportBatch) -> None:
    """A queued import stops now, a running one at its next chunk; one that is over stays as it is."""
    stopped = ImportBatch.objects.filter(pk=batch.pk, state=WorkState.QUEUED).update(
        state=WorkState.CANCELLED, cancel_asked=True, finished_at=timezone.now()
    )
    if not stopped:
        ImportBatch.objects.filter(pk=batch.pk, state=WorkState.RUNNING).update(cancel_asked=True)


def run(*, batch_id: int) -> bool:
    """Do one import to its end. False when it is not there to be done. Safe to call again after any crash."""
    token = claim(ImportBatch.objects.all(), batch_id)
    if token is None:
        return False
    batch = ImportBatch.objects.select_related("mapping", "authority__region").get(pk=batch_id)
    work = work_dir(batch.pk, token.hex)
    for old in work.parent.glob(f"{batch.pk}-*"):
        files.remove_tree(old)
    try:
        with pulse(ImportBatch, batch.pk, token):
            _run(batch, token, work)
    except LostClaim:
        log.warning("import taken over", batch=batch.pk)
    except Cancelled:
        _end(batch, token, WorkState.CANCELLED)
    except Refused as refused:
        _end(batch, token, WorkState.FAILED, refusal=refused.code, refusal_facts=refused.facts)
    except Exception:
        _end(batch, token, WorkState.FAILED, refusal="failed")
        raise
    finally:
        files.remove_tree(work)
    return True


def _end(batch: ImportBatch, token: uuid.UUID, state: WorkState, **fields: Any) -> None:
    ImportBatch.objects.filter(pk=batch.pk, claim=token, state=WorkState.RUNNING).update(
        state=state, finished_at=timezone.now(), **fields
    )


def _run(batch: ImportBatch, token: uuid.UUID, work: Path) -> None:
    def beat(**fields: Any) -> None:
        update_owned(ImportBatch, batch.pk, token, **fields)
        if ImportBatch.objects.filter(pk=batch.pk, cancel_asked=True).exists():
            raise Cancelled

    zero = dict.fromkeys(
        ("bytes_done", "rows_read", "rows_stored", "rows_bad", "rows_outside", "rows_replaced", "rows_duplicate"), 0
    )
    beat(stage=ImportBatch.Stage.UNPACKING, tables={}, refusal="", **zero)
    members = files.unpack(inbox(batch.sha256), batch.name, work, beat)
    beat(
        stage=ImportBatch.Stage.CHECKING,
        encodings=", ".join(sorted({member.encoding for member in members})),
        bytes_total=sum(member.path.stat().st_size for member in members),
    )

    def report(progress: ingest.Progress) -> None:
        beat(bytes_done=progress.bytes_done, rows_read=progress.rows_read, rows_bad=progress.rows_bad)

    with store.connection(work) as con:
        document = batch.mapping.document if batch.mapping else None
        progress = ingest.check(con, members, document, work, report)
        tables = progress.tables
        _keep_bad_rows(batch, work)
        beat(stage=ImportBatch.Stage.STORING)
        with _store_lock(beat):
            if outside := _set_aside(batch, con, tables, [member.name for member in members], work):
                beat(rows_bad=progress.rows_bad + outside.more, rows_outside=outside.rows)
            _store(batch, token, con, tables, beat)


def _keep_bad_rows(batch: ImportBatch, work: Path) -> None:
    target = bad_rows_dir(batch.pk)
    files.remove_tree(target)
    if (work / "bad").exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        (work / "bad").replace(target)


def _set_aside(
    batch: ImportBatch, con: Any, tables: Collection[str], names: list[str], work: Path
) -> fence.Outside | None:
    """Lay the staged rows outside the jurisdiction of the importing authority to the rows set aside; None if it has
    no bounds. Under the lock: what the store holds decides.
    """
    jurisdiction = jurisdiction_of(batch.authority)
    if jurisdiction is None:
        return None
    laid, target = work / "outside", bad_rows_dir(batch.pk)
    found = fence.Fence(con, jurisdiction, current_files(), names, laid, target).set_aside(tables)
    for part in laid.glob("*.parquet"):
        target.mkdir(parents=True, exist_ok=True)
        part.replace(target / part.name)
    return found


@contextmanager
def _store_lock(beat: Any):
    """One merge at a time over all workers; the lock goes with the database session."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_STORE_LOCK])
        while not cursor.fetchone()[0]:
            beat()
            cursor.execute("SELECT pg_sleep(1)")
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_STORE_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_STORE_LOCK])


def _store(batch: ImportBatch, token: uuid.UUID, con: Any, tables: Collection[str], beat: Any) -> None:
    """Write month files of the tables staged, then move the manifest and end the import in one transaction."""
    current = current_files()
    strangers = _strangers(con, tables)
    merges: list[store.Merge] = []
    for name, table in TABLES.items():
        if name not in tables:
            continue
        beat()
        merge = store.merge(con, table, current)
        merges.append(merge)
        kept = [pair for pair in current.get(name, []) if pair[1] not in merge.removed]
        current[name] = kept + [(item.month, item.path) for item in merge.added]
    with transaction.atomic():
        removed = [path for merge in merges for path in merge.removed]
        ClaimsFile.objects.filter(path__in=removed, removed_by__isnull=True).update(removed_by=batch)
        ClaimsFile.objects.bulk_create(
            ClaimsFile(
                table=item.table,
                month=item.month,
                path=item.path,
                sha256=item.sha256,
                rows=item.rows,
                size=item.size,
                added_by=batch,
            )
            for merge in merges
            for item in merge.added
        )
        update_owned(
            ImportBatch,
            batch.pk,
            token,
            state=WorkState.DONE,
            stage=ImportBatch.Stage.STORED,
            finished_at=timezone.now(),
            rows_stored=sum(merge.rows for merge in merges),
            rows_replaced=sum(merge.replaced for merge in merges),
            rows_duplicate=sum(merge.duplicates for merge in merges),
            tables={merge.table: merge.rows for merge in merges},
            strangers=strangers,
        )


def _strangers(con: Any, tables: Collection[str]) -> list[str]:
    """Codes of institutions in the staged rows that the register does not know, in order."""
    named = {
        code
        for name, table in TABLES.items()
        if name in tables and PROVIDER in table.fields
        for (code,) in con.sql(f"FROM {staged(table)}").select(PROVIDER.name).distinct().fetchall()
    }
    return sorted(named.difference(Provider.objects.filter(code__in=named).values_list("code", flat=True)))


def collect_garbage() -> int:
    """Delete Parquet files no manifest lists (left by killed imports) or that were replaced long ago; returns how many.

    Replaced files stay a month, so that a screening under way and a look back still find them.
    """
    now = timezone.now()
    old = set(
        ClaimsFile.objects.filter(removed_by__finished_at__lt=now - _KEEP_REPLACED).values_list("path", flat=True)
    )
    listed = set(ClaimsFile.objects.values_list("path", flat=True))
    alive = set(ClaimsFile.objects.filter(removed_by__isnull=True).values_list("path", flat=True))
    removed = 0
    for path in store.store_dir().rglob("*.*"):
        if not path.is_file():
            continue
        name = str(path.relative_to(store.store_dir()))
        orphan = name not in listed and path.stat().st_mtime < (now - _KEEP_ORPHANS).timestamp()
        if name not in alive and (name in old or orphan):
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def stalled() -> list[int]:
    """Imports waiting or left by a dead worker."""
    return list(ImportBatch.objects.filter(open_to_claim()).values_list("pk", flat=True))

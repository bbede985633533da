"""Claims imports: what is taken, what is set aside, what is refused, and that nothing counts twice."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from decimal import Decimal

import duckdb
import pytest
from openpyxl import Workbook

from monitoring.claims.layout import STORED_TYPE, TABLES
from monitoring.claims.store import relation, store_dir
from monitoring.models import ClaimsFile, ColumnMapping, ImportBatch
from monitoring.selectors.claims import bad_rows_csv, current_files
from monitoring.services import imports, rules
from tests.monitoring.conftest import SHARED, csv_text, list_bad, needs_shared, rows_of


def stored(table: str, columns: str = "count(*)", where: str = "TRUE"):
    """Rows of the store as DuckDB reads them."""
    paths = [path for _month, path in current_files().get(table, [])]
    return duckdb.sql(f"SELECT {columns} FROM ({relation(TABLES[table], paths)}) WHERE {where} ORDER BY 1").fetchall()


def two_lines() -> str:
    return csv_text(rows_of("FEE_LIST_D", {}, {"bkkp_sn": "L2", "inscp_amt": "12.30"}))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_encodings_are_told_apart(send, encoding):
    batch = send("FEE_LIST_D.csv", two_lines().encode(encoding))
    assert (batch.state, batch.rows_stored) == ("done", 2)
    assert stored("fee_lines", "hilist_name") == [("某药",), ("某药",)]


def test_csv_gz_zip_and_xlsx_are_the_same_table(send):
    text = two_lines()
    book = Workbook()
    for row in csv.reader(io.StringIO(text)):
        book.active.append(row)
    sheet = io.BytesIO()
    book.save(sheet)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tables/SETL_D.csv.gz", gzip.compress(csv_text(rows_of("SETL_D", {})).encode()))
        archive.writestr("tables/FEE_LIST_D.csv", text)
    for name, content in (
        ("FEE_LIST_D.csv.gz", gzip.compress(text.encode())),
        ("FEE_LIST_D.xlsx", sheet.getvalue()),
        ("march.zip", packed.getvalue()),
    ):
        assert send(name, content).state == "done"
        assert stored("fee_lines", "bkkp_sn, inscp_amt") == [("L1", Decimal("90.00")), ("L2", Decimal("12.30"))]


def test_a_fee_line_lies_in_its_settlements_month(send):
    send("SETL_D.csv", csv_text(rows_of("SETL_D", {"setl_time": "2024-04-02 10:00:00"})))
    send("FEE_LIST_D.csv", csv_text(rows_of("FEE_LIST_D", {}, {"bkkp_sn": "L9", "setl_id": "S9"})))
    assert stored("fee_lines", "bkkp_sn, month") == [("L1", "202404"), ("L9", "202403")]


def test_the_same_content_is_not_imported_twice(send):
    first = send("FEE_LIST_D.csv", two_lines())
    again, created = imports.receive(name="copy.csv", blocks=[two_lines().encode()])
    assert (again, created) == (first, False)
    assert imports.run(batch_id=first.pk) is False


def test_a_row_sent_again_replaces_its_older_self(send):
    send("FEE_LIST_D.csv", two_lines())
    batch = send("FEE_LIST_D.csv", csv_text(rows_of("FEE_LIST_D", {"inscp_amt": "1.00"}, {"bkkp_sn": "L3"})))
    assert (batch.rows_stored, batch.rows_replaced) == (2, 1)
    assert [row[0] for row in stored("fee_lines", "inscp_amt")] == [Decimal("1.00"), Decimal("12.30"), Decimal("90.00")]
    assert ClaimsFile.objects.filter(removed_by=batch).count() == 1


def test_a_row_that_moves_month_leaves_its_old_month(send):
    send("SETL_D.csv", csv_text(rows_of("SETL_D", {}, {"setl_id": "S2"})))
    send("SETL_D.csv", csv_text(rows_of("SETL_D", {"setl_time": "2024-05-01"})))
    assert stored("settlements", "setl_id, month") == [("S1", "202405"), ("S2", "202403")]


def test_within_a_file_the_last_row_of_a_key_wins(send):
    batch = send("FEE_LIST_D.csv", csv_text(rows_of("FEE_LIST_D", {}, {"inscp_amt": "5.00"})))
    assert (batch.rows_stored, batch.rows_duplicate) == (1, 1)
    assert stored("fee_lines", "inscp_amt") == [(Decimal("5.00"),)]


def test_what_only_the_last_row_of_a_long_file_fills_is_there(send):
    """A long file is checked in several parts; files of the store lie in order of their key and have every column."""
    count, long_name = 40_000, "某药" * 70
    heading, line = csv_text(rows_of("FEE_LIST_D", {"hilist_name": long_name, "spec": "", "prd_days": ""})).splitlines()
    rows = [line.replace("L1,", f"L{number:06d},", 1) for number in range(count, 0, -1)]
    last = csv_text(rows_of("FEE_LIST_D", {"bkkp_sn": "L000000", "spec": "24片", "prd_days": "7"})).splitlines()[1]
    batch = send("FEE_LIST_D.csv", "\n".join([heading, *rows, last.replace("某药", long_name)]))
    assert (batch.state, batch.rows_read, batch.rows_bad) == ("done", count + 1, 0)
    assert stored("fee_lines", "spec, prd_days", "spec IS NOT NULL") == [("24片", Decimal(7))]
    ((path,),) = [[path for _month, path in current_files()["fee_lines"]]]
    file = duckdb.read_parquet(str(store_dir() / path))
    assert [key for (key,) in file.project("bkkp_sn").fetchall()] == [f"L{number:06d}" for number in range(count + 1)]
    assert dict(zip(file.columns, map(str, file.types), strict=True)) == {
        **{item.name: STORED_TYPE[item.kind] for item in TABLES["fee_lines"].fields}, "month": "VARCHAR",
    }  # fmt: skip


def test_bad_rows_are_set_aside_with_row_and_reason(send):
    text = csv_text(
        rows_of(
            "FEE_LIST_D",
            {},
            {"bkkp_sn": ""},
            {"bkkp_sn": "L3", "pric": "a lot"},
            {"bkkp_sn": "L4", "pric": "-1"},
            {"bkkp_sn": "L5", "fee_ocur_time": "2024-13-45"},
            {"bkkp_sn": "L6", "fee_ocur_time": "2999-01-01"},
            {"bkkp_sn": "L7", "det_item_fee_sumamt": "99999999999"},
            {"bkkp_sn": "L8", "cnt": "-1"},
            {"bkkp_sn": "L9", "hilist_name": "x" * 600},
            {"bkkp_sn": "L10", "cnt": "nan"},
            {"bkkp_sn": "L11", "cnt": "1e400"},
            {"bkkp_sn": "L12", "cnt": "-1", "det_item_fee_sumamt": "-100.00", "inscp_amt": "-90.00"},
        )
    )
    batch = send("FEE_LIST_D.csv", text + "one,two\n\n")
    assert (batch.state, batch.rows_stored, batch.rows_bad) == ("done", 2, 11)
    assert list_bad(batch) == [
        (14, [":columns"]),
        (3, ["bkkp_sn:empty"]),
        (4, ["pric:not_number"]),
        (5, ["pric:out_of_range"]),
        (6, ["fee_ocur_time:not_date"]),
        (7, ["fee_ocur_time:out_of_range"]),
        (8, ["det_item_fee_sumamt:out_of_range"]),
        (9, ["cnt:sign"]),
        (10, ["hilist_name:too_long"]),
        (11, ["cnt:not_number"]),
        (12, ["cnt:not_number"]),
    ]


def test_refunds_stay_and_other_negative_settlements_do_not(send):
    rows = rows_of(
        "SETL_D",
        {"setl_id": "S2", "medfee_sumamt": "-5", "fund_pay_sumamt": "-5", "refd_setl_flag": "1"},
        {"setl_id": "S3", "medfee_sumamt": "-5", "fund_pay_sumamt": "-5"},
    )
    batch = send("SETL_D.csv", csv_text(rows))
    assert stored("settlements", "setl_id") == [("S2",)]
    assert list_bad(batch) == [(3, ["medfee_sumamt:negative", "fund_pay_sumamt:negative"])]


def test_the_bad_rows_file_cannot_run_as_a_formula(send):
    batch = send("FEE_LIST_D.csv", csv_text(rows_of("FEE_LIST_D", {"pric": "=1+1", "hilist_name": "@cmd"})))
    text = "".join(bad_rows_csv(batch))
    assert "'=1+1" in text
    assert "'@cmd" in text
    assert ",=1+1" not in text


def test_ten_megabyte_fields_cost_their_row_only(send):
    row = rows_of("FEE_LIST_D", {"bkkp_sn": "BIG", "hilist_name": "x" * 10_000_000}, {"bkkp_sn": "L2"})
    batch = send("FEE_LIST_D.csv", csv_text(rows_of("FEE_LIST_D", {}) + row))
    assert (batch.state, batch.rows_stored) == ("done", 2)
    assert list_bad(batch) == [(3, [":long_row"])]


def test_an_unclosed_quote_is_explained(send):
    text = csv_text(rows_of("FEE_LIST_D", {}))
    filler = csv_text(rows_of("FEE_LIST_D", *({"bkkp_sn": f"X{n}"} for n in range(200_000)))).split("\n", 1)[1]
    batch = send("FEE_LIST_D.csv", text + '"never closed,' + filler)
    assert (batch.state, batch.refusal) == ("failed", "structure")
    assert ClaimsFile.objects.count() == 0


def test_missing_columns_are_named_with_their_aliases(send):
    text = csv_text([{k: v for k, v in row.items() if k != "fee_ocur_time"} for row in rows_of("FEE_LIST_D", {})])
    batch = send("FEE_LIST_D.csv", text)
    assert batch.state == "failed"
    assert "fee_ocur_time" in batch.refusal_text
    assert "费用发生时间" in batch.refusal_text


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("a.pdf", b"%PDF-1.7 \x00\x01", "wrong_type"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 64, "wrong_type"),
        ("a.csv", b"", "empty"),
        ("FEE_LIST_D.csv", b"bkkp_sn\n", "missing_columns"),
        ("whatever.csv", b"a,b\n1,2\n", "unknown_table"),
        ("FEE_LIST_D.csv", b"a,a\n1,2\n", "duplicate_columns"),
        ("a.csv", b"bkkp_sn,\xff\xff\xff\xfe\n", "encoding"),
        ("a.gz", gzip.compress(b"a,b\n1,2\n" * 1000, mtime=0)[:-20], "damaged"),
        ("a.zip", b"PK\x03\x04garbage", "damaged"),
    ],
)
def test_wrong_files_are_refused_in_words(send, name, content, refusal):
    batch = send(name, content)
    assert (batch.state, batch.refusal) == ("failed", refusal)
    assert batch.refusal_text


def _zip(*entries: tuple[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=zipfile.ZIP_DEFLATED)
    return packed.getvalue()


@pytest.mark.parametrize("name", ["../../etc/cron.d/x.csv", "/etc/x.csv", "..\\x.csv", "C:\\x.csv"])
def test_archives_cannot_name_files_outside(send, name):
    assert send("a.zip", _zip((name, b"a,b\n1,2\n"))).refusal == "path"


def test_symlinks_in_archives_are_refused(send):
    info = zipfile.ZipInfo("FEE_LIST_D.csv")
    info.external_attr = 0o120777 << 16
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    assert send("a.zip", packed.getvalue()).refusal == "path"


def test_bombs_and_nests_are_not_opened(send, settings):
    zeros = b"0" * 40_000_000
    assert send("a.zip", _zip(("FEE_LIST_D.csv", zeros))).refusal == "bomb"
    assert send("a.csv.gz", gzip.compress(zeros)).refusal == "bomb"
    assert send("b.zip", _zip(("inner.zip", _zip(("FEE_LIST_D.csv", b"a"))))).refusal == "nested"
    settings.CLAIMS_MOST_UNPACKED = 1000
    assert send("c.csv", b"a,b\n" * 1000).refusal == "too_large"
    settings.CLAIMS_MOST_MEMBERS = 1
    assert send("d.zip", _zip(("a.csv", b"a"), ("b.csv", b"a"))).refusal == "too_many"


def test_certificate_numbers_and_names_are_never_stored(send, claims_dir):
    rows = rows_of("MDTRT_D", {"psn_name": "王某某"}, {"mdtrt_id": "V2", "begntime": "no", "psn_name": "王某某"})
    batch = send("MDTRT_D.csv", csv_text(rows))
    ((index,),) = stored("visits", "certno")
    assert len(index) == 64
    assert batch.rows_bad == 1
    kept = "".join(bad_rows_csv(batch))
    assert "441602199001011234" not in kept
    assert "王某某" not in kept
    for path in [*store_dir().rglob("*.parquet"), *(claims_dir / "bad").rglob("*.parquet")]:
        text = str(duckdb.sql(f"SELECT * FROM read_parquet('{path}')").fetchall())
        assert "441602199001011234" not in text
        assert "王某某" not in text
    send("MDTRT_D.csv", csv_text(rows_of("MDTRT_D", {"mdtrt_id": "V3"})))
    assert len(set(stored("visits", "certno"))) == 1


def test_a_cancelled_import_stores_nothing(db, claims_dir):
    batch, _created = imports.receive(name="FEE_LIST_D.csv", blocks=[two_lines().encode()])
    ImportBatch.objects.filter(pk=batch.pk).update(cancel_asked=True)
    imports.run(batch_id=batch.pk)
    batch.refresh_from_db()
    assert batch.state == "cancelled"
    assert not ClaimsFile.objects.exists()
    again, created = imports.receive(name="FEE_LIST_D.csv", blocks=[two_lines().encode()])
    assert created
    assert again.pk != batch.pk


def test_a_mapping_that_cannot_work_is_refused_with_every_reason(db):
    document = {"tables": [{"table": "settlements", "fields": {"setl_id": {"column": 1}, "nonsense": {"column": "A"}}}]}
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError) as refused:
        ColumnMapping(slug="x", name="x", document=document).full_clean()
    text = str(refused.value)
    assert "no field “nonsense”" in text
    assert "“column” must be text" in text
    assert "required field “mdtrt_id”" in text


def test_orphan_files_of_killed_imports_are_collected(send, claims_dir):
    import os

    send("FEE_LIST_D.csv", two_lines())
    orphan = store_dir() / "fee_lines" / "202403" / "0000.parquet"
    orphan.write_bytes(b"x")
    os.utime(orphan, (0, 0))
    assert imports.collect_garbage() == 1
    assert stored("fee_lines") == [(2,)]


@needs_shared
def test_the_foreign_claims_come_in_through_their_mapping(send):
    rules.sync()
    mapping = ColumnMapping.objects.get(slug="synpuf")
    folder = SHARED / "claims_synpuf"
    for name in ("2008_Beneficiary_Sample_1.csv.gz", "Inpatient_Claims_Sample_1.csv.gz"):
        batch = send(name, (folder / name).read_bytes(), mapping)
        assert batch.state == "done", batch.refusal_text
    assert stored("persons") == [(10000,)]
    ((visits,),) = stored("visits")
    ((settlements,),) = stored("settlements")
    assert visits + 75 > settlements > 5600
    assert settlements + batch.rows_bad >= 5775
    assert stored("settlements", where="fund_pay_sumamt < 0 AND refd_setl_flag <> '1'") == [(0,)]
    assert stored("diagnoses")[0][0] > 20_000

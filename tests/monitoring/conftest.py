"""A claims directory per test, and small national-layout files made by the test itself."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from monitoring.models import ImportBatch
from monitoring.services import imports, rules
from supervision.parties.models import SettlementHold

_PLACES = [parent / "shared" / "data" for parent in Path(__file__).resolve().parents]
SHARED = next((place for place in _PLACES if place.exists()), _PLACES[0])

VISIT = {
    "mdtrt_id": "V1",
    "psn_no": "P1",
    "certno": "441602199001011234",
    "gend": "1",
    "age": "34",
    "insutype": "390",
    "fixmedins_code": "H1",
    "hosp_lv": "02",
    "begntime": "2024-03-01 08:00:00",
    "endtime": "2024-03-05 10:00:00",
    "med_type": "21",
    "dscg_maindiag_code": "J18.900",
}
SETTLEMENT = {
    "setl_id": "S1",
    "mdtrt_id": "V1",
    "psn_no": "P1",
    "fixmedins_code": "H1",
    "setl_time": "2024-03-05 11:00:00",
    "med_type": "21",
    "medfee_sumamt": "100.00",
    "fund_pay_sumamt": "70.00",
    "refd_setl_flag": "0",
}
LINE = {
    "bkkp_sn": "L1",
    "setl_id": "S1",
    "mdtrt_id": "V1",
    "fixmedins_code": "H1",
    "psn_no": "P1",
    "fee_ocur_time": "2024-03-02 09:00:00",
    "cnt": "1",
    "pric": "100",
    "det_item_fee_sumamt": "100.00",
    "inscp_amt": "90.00",
    "hilist_code": "XA01",
    "hilist_name": "某药",
    "list_type": "101",
}
PERSON = {"psn_no": "P1", "gend": "1", "brdy": "1990-01-01", "die_date": ""}
KINDS = {"MDTRT_D": VISIT, "SETL_D": SETTLEMENT, "FEE_LIST_D": LINE, "PSN_INFO_B": PERSON}


def rows_of(kind: str, *changes: dict[str, str]) -> list[dict[str, str]]:
    """Rows of a national table: the base row with each of these changes."""
    return [{**KINDS[kind], **change} for change in changes]


def csv_text(rows: list[dict[str, str]]) -> str:
    buffer = io.StringIO()
    headings = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(buffer, headings, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


@pytest.fixture
def claims_dir(settings, tmp_path):
    settings.CLAIMS_DIR = tmp_path / "claims"
    settings.CLAIMS_ENGINE_MEMORY = "512MB"
    return settings.CLAIMS_DIR


@pytest.fixture
def send(db, claims_dir):
    """Upload content under a name and do the import; the batch as it ended."""

    def _send(name: str, content: str | bytes, mapping=None) -> ImportBatch:
        data = content.encode() if isinstance(content, str) else content
        batch, _created = imports.receive(name=name, blocks=[data], mapping=mapping)
        imports.run(batch_id=batch.pk)
        batch.refresh_from_db()
        return batch

    return _send


@pytest.fixture
def send_rows(send):
    """Import rows of national tables given by table name."""

    def _send(**tables: list[dict[str, str]]) -> None:
        for kind in ("PSN_INFO_B", "MDTRT_D", "SETL_D", "FEE_LIST_D"):
            if kind in tables:
                batch = send(f"{kind}.csv", csv_text(tables[kind]))
                assert batch.state == "done", batch.refusal_text
                assert batch.rows_bad == 0, list_bad(batch)

    return _send


def list_bad(batch: ImportBatch) -> list[tuple[int, list[str]]]:
    from monitoring.selectors.claims import bad_rows

    return [(row["row"], row["reasons"]) for row in bad_rows(batch)]


@pytest.fixture
def catalogue(db):
    """The shipped rules, code meanings and mappings."""
    rules.sync()


needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="the shared real files are not here")


def settlement_hold(**columns: Any) -> SettlementHold:
    """A hold whose matter is of no interest here: the database would ask for an event of it."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        held = SettlementHold.objects.create(**columns)
        cursor.execute("SET session_replication_role = origin")
    return held

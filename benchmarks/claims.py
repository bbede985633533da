"""Claims work as ratios within one run: rules to their own scan floors, import to a load without any check.

``python benchmarks/claims.py [--lines 2000000] [--rounds 3]``. Each rule is run next to its floor (one pass over the
fee columns it reads); the best of the rounds counts, in processor time of all threads, which a busy machine does not
stretch. Bounds are in the table printed; one that is missed ends the run with a code other than 0.

The import's floor is what DuckDB needs for the same files when nothing is looked at: parse, type, sort by key, write a
Parquet file per month. Its ratio is the price of checking: of bad rows laid aside with reasons, of repeats found, of
rows that know where they came from. A raw scan is printed beside it and bounds nothing: it makes one column of
36 and writes none, so that the load alone takes eight of it, and the ratio tells how quick the scan is.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supervision.settings")

import django

django.setup()

import duckdb
from django.conf import settings

from monitoring.claims import files, ingest, store
from monitoring.claims.layout import STORED_TYPE, TABLES
from monitoring.engine import Claims, claims, small
from monitoring.rules import EXPRESSIONS, Scope
from monitoring.rules.scope import SEEN
from monitoring.selectors.evidence import LIMIT_COLUMNS

MONTHS = 12
LINES_PER_VISIT = 10
RULES_BOUND, IMPORT_BOUND, MEMORY_BOUND = 13, 1.4, 1536  # times the floor, times the floor, MiB


def best(rounds: int, work: Callable[[], object]) -> float:
    """Seconds of processor time of the fastest of the rounds."""
    times = []
    for _round in range(rounds):
        begin = time.process_time()
        work()
        times.append(time.process_time() - begin)
    return min(times)


def within(what: str, ratio: float, bound: float) -> bool:
    """Say how a ratio stands to its bound, and whether it keeps it."""
    kept = ratio <= bound
    print(f"{what} = {ratio:.1f} × (≤ {bound:g}){'' if kept else '  over'}")
    return kept


def make_city(lines: int, folder: Path) -> store.Listed:
    """Invented visits, settlements, persons and fee lines straight into month files, listed as the manifest would."""
    visits = lines // LINES_PER_VISIT
    per_month = visits // MONTHS
    con = duckdb.connect()
    begin = f"TIMESTAMP '2025-01-01' + INTERVAL (n // {per_month}) MONTH + INTERVAL (hash(n) % 27) DAY"
    visit = {
        "mdtrt_id": "'V' || n",
        "psn_no": f"'P' || (hash(n * 7) % {max(visits // 2, 1)})",
        "gend": "CAST(1 + hash(n * 3) % 2 AS VARCHAR)",
        "age": "CAST(hash(n * 5) % 95 AS DECIMAL(18,4))",
        "insutype": "'390'",
        "fixmedins_code": "'H' || (hash(n * 11) % 600)",
        "hosp_lv": "'2'",
        "begntime": begin,
        "endtime": f"{begin} + INTERVAL (CASE WHEN n % 10 = 0 THEN 5 ELSE 0 END) DAY",
        "med_type": "CASE WHEN n % 10 = 0 THEN '21' ELSE '11' END",
        "dscg_maindiag_code": "'I' || (hash(n * 13) % 99)",
        "vali_flag": "'1'",
    }
    paid = {
        "setl_id": "'S' || n",
        "mdtrt_id": "'V' || n",
        "fund_pay_sumamt": "CAST(100 AS DECIMAL(16,2))",
        "vali_flag": "'1'",
    }
    owner = f"(n // {LINES_PER_VISIT})"
    line = {
        "bkkp_sn": "'L' || n",
        "setl_id": f"'S' || {owner}",
        "mdtrt_id": f"'V' || {owner}",
        "psn_no": f"'P' || (hash({owner} * 7) % {max(visits // 2, 1)})",
        "fixmedins_code": f"'H' || (hash({owner} * 11) % 600)",
        "fee_ocur_time": begin.replace("(n ", f"({owner} ").replace("hash(n)", f"hash({owner})"),
        "cnt": "CAST(1 + n % 3 AS DECIMAL(18,4))",
        "pric": "CAST(5 + hash(n) % 200 AS DECIMAL(18,4))",
        "pric_uplmt_amt": "CAST(204 AS DECIMAL(18,4))",
        "det_item_fee_sumamt": "CAST((5 + hash(n) % 200) * (1 + n % 3) AS DECIMAL(16,2))",
        "inscp_amt": "CAST((5 + hash(n) % 200) * (1 + n % 3) * 0.9 AS DECIMAL(16,2))",
        "hilist_code": "'I' || (hash(n * 17) % 5000)",
        "list_type": "CASE WHEN n % 2 = 0 THEN '101' ELSE '201' END",
        "bilg_dr": f"'D' || (hash({owner} * 19) % 900)",
        "drug_trac_codg": "CASE WHEN n % 2 = 0 THEN 'T' || (n % 999999937) END",
        "trdn_flag": "'0'",
        "vali_flag": "'1'",
    }
    person = {"psn_no": "'P' || n", "gend": "'1'", "vali_flag": "'1'"}
    listed: store.Listed = {}
    for name, cells, count in (
        ("persons", person, visits // 2),
        ("visits", visit, visits),
        ("settlements", paid, visits),
        ("fee_lines", line, lines),
    ):
        span = -(-count // MONTHS) if name != "persons" else count
        for index in range(0 if name == "persons" else MONTHS):
            listed.setdefault(name, []).append(_month(con, name, cells, index, (index * span, (index + 1) * span)))
        if name == "persons":
            listed[name] = [_month(con, name, cells, 0, (0, count))]
    con.close()
    return listed


def _month(con, name: str, cells: dict[str, str], index: int, span: tuple[int, int]) -> tuple[str, str]:
    table, month = TABLES[name], f"2025{index + 1:02d}"
    columns = ", ".join(f'{cells[f.name]} AS "{f.name}"' for f in table.fields if f.name in cells)
    typed = store.empty_relation(table)
    path = f"{name}/{month}.parquet"
    target = store.store_dir() / path
    target.parent.mkdir(parents=True, exist_ok=True)
    con.execute(
        f"COPY ({typed} UNION ALL BY NAME SELECT {columns}, '{month}' AS month FROM range({span[0]}, {span[1]}) r(n)) "
        f"TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
    )
    return month, path


def scope(opened: Claims, month: str) -> Scope:
    """Invented limits in the numbers a real library has."""
    limits = [
        {
            "code": f"I{n}",
            "sex": "1",
            "age_least_days": 0,
            "age_most_days": 6574,
            "scheme": "injury",
            "way": "inpatient",
            "level": 3,
            "most": "2",
            "per_days": 14,
            "window": "day",
            "other_code": f"I{n + 1}",
            "group": "g",
        }
        for n in range(0, 400, 2)
    ]
    from decimal import Decimal

    for row in limits:
        row["most"] = Decimal(2)
    return Scope(
        tables=opened.tables,
        month=month,
        limits=small(limits, LIMIT_COLUMNS),
        suspensions=small([], {"practitioner": "string", "begins": "date", "ends": "date"}),
        exempt=small([], {"code": "string"}),
        parameters={"days": 15, "diagnosis_characters": 3, "most": 4},
        meanings={"med_type": {"inpatient": ["21"], "outpatient": ["11"]}, "list_type": {"drug": ["101"]}},
    )


def rules_part(listed: store.Listed, rounds: int) -> bool:
    """Each rule over one month beside a scan of the columns rules see."""
    con = duckdb.connect()
    paths = [str(store.store_dir() / path) for _month, path in listed["fee_lines"]]
    seen = ", ".join(f"max({name})" for name in SEEN["fee_lines"])
    union = best(rounds, lambda: con.execute(f"SELECT {seen} FROM read_parquet({paths})").fetchall())
    month_floor = best(rounds, lambda: con.execute(f"SELECT {seen} FROM read_parquet({paths[5:6]})").fetchall())
    total = 0.0
    with claims(listed) as opened:
        for name, rule in EXPRESSIONS.items():
            answer = rule(scope(opened, "202506"))
            seconds = best(rounds, lambda: answer.count().execute())  # noqa: B023 - run at once
            total += seconds
            print(f"  {name:28} {seconds:7.2f} s  {seconds / month_floor:6.1f} × scan of its month")
    said = f"union scan of all months {union:.2f} s; all rules over one month {total:.2f} s"
    return within(said, total / union, RULES_BOUND)


def import_part(lines: int, folder: Path, rounds: int) -> bool:
    """A checked import of CSV beside DuckDB's load and its raw scan of the same bytes."""
    source = folder / "FEE_LIST_D.csv"
    paths = [str(path) for path in sorted((store.store_dir() / "fee_lines").glob("*.parquet"))]
    con = duckdb.connect()
    some = f"SELECT * EXCLUDE (month) FROM read_parquet({paths}) LIMIT {lines}"
    con.execute(f"COPY ({some}) TO '{source}' (HEADER, DELIMITER ',')")
    raw = best(
        rounds,
        lambda: con.execute(f"SELECT count(*), max(bkkp_sn) FROM read_csv('{source}', all_varchar = true)").fetchall(),
    )

    table = TABLES["fee_lines"]
    types = ", ".join(f"'{item.name}': '{STORED_TYPE[item.kind]}'" for item in table.fields)

    def loaded() -> None:
        with store.connection(folder / "load") as loading:
            loading.execute(
                "CREATE TEMP TABLE loaded AS SELECT *, strftime(fee_ocur_time, '%Y%m') AS month "
                f"FROM read_csv('{source}', header = true, columns = {{{types}}})"
            )
            for (month,) in loading.execute("SELECT DISTINCT month FROM loaded").fetchall():
                loading.execute(
                    f"COPY (SELECT * FROM loaded WHERE month = '{month}' ORDER BY bkkp_sn) "
                    f"TO '{folder / 'load' / month}.parquet' (FORMAT parquet, COMPRESSION zstd)"
                )
        files.remove_tree(folder / "load")

    def checked() -> None:
        work = folder / "work"
        members = files.unpack(source, source.name, work)
        with store.connection(work) as checking:
            ingest.check(checking, members, None, work, lambda _progress: None)
            store.merge(checking, table, {})
        files.remove_tree(work)

    checked()
    peak = _peak()  # of one import, before its repeats and the floor leave theirs
    seconds = best(rounds, checked)
    load = best(rounds, loaded)
    size = source.stat().st_size / 1e6
    print(f"import of {size:.0f} MB {seconds:.1f} s to its raw scan {raw:.2f} s = {seconds / raw:.1f} × (no bound)")
    kept = within(
        f"import of {size:.0f} MB {seconds:.1f} s to a load without checks {load:.1f} s", seconds / load, IMPORT_BOUND
    )
    print(f"peak memory {peak:.0f} MiB (≤ {MEMORY_BOUND}){'' if peak <= MEMORY_BOUND else '  over'}")
    return kept and peak <= MEMORY_BOUND


def _peak() -> float:
    """MiB this process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=2_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings.CLAIMS_DIR = Path(folder) / "claims"
        listed = make_city(asked.lines, Path(folder))
        kept = [
            rules_part(listed, asked.rounds),
            import_part(min(asked.lines, 1_000_000), Path(folder), asked.rounds),
        ]
    if not all(kept):
        raise SystemExit("a bound was missed")


if __name__ == "__main__":
    main()

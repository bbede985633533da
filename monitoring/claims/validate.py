"""Raw text rows → typed rows and bad rows with reasons, as one SQL statement per table and chunk.

Casting happens over Arrow text columns, never inside ``read_csv``: a bad cell must cost its row, not the import.
"""

from __future__ import annotations

from monitoring.claims.layout import MOST_TEXT, OLDEST, STORED_TYPE, Field, Kind, Table
from monitoring.claims.mapping import Target

_DAY_FORMATS = "['%Y%m%d', '%Y/%m/%d', '%Y/%m/%d %H:%M:%S', '%Y/%m/%d %H:%M', '%Y%m%d%H%M%S', '%Y年%m月%d日']"


def typed_sql(target: Target, source: str) -> str:
    """SELECT of ``__row``, the typed fields of the table and ``__reasons`` (list of ``field:problem``, null for none).

    ``source`` names a relation of text columns with ``__row``: trimmed, null when empty, certificates already hidden.
    """
    table = target.table
    raw = ", ".join(f'{target.fields[item.name]} AS "r_{item.name}"' for item in _given(target))
    typed = ", ".join(f'{_typed(item, item.name in target.fields)} AS "{item.name}"' for item in table.fields)
    problems = [*_cell_problems(target), *_row_problems(target)]
    reasons = ", ".join(f"CASE WHEN {problem} THEN '{reason}' END" for problem, reason in problems)
    # Nearly every row is good: the list of reasons is made for the others only.
    wrong = " OR ".join(f"({problem})" for problem, _reason in problems) or "FALSE"
    return (
        f"WITH raw AS (SELECT __row, {raw} FROM {source} WHERE NOT ({target.skip})), "
        f"typed AS (SELECT *, {typed} FROM raw) "
        f"SELECT __row, {', '.join(_names(table))}, "
        f"CASE WHEN {wrong} THEN list_filter([{reasons}]::VARCHAR[], lambda reason: reason IS NOT NULL) END "
        f"AS __reasons FROM typed"
    )


def _names(table: Table) -> list[str]:
    return [f'"{item.name}"' for item in table.fields]


def _given(target: Target) -> list[Field]:
    return [item for item in target.table.fields if item.name in target.fields]


def _typed(item: Field, given: bool) -> str:
    stored = STORED_TYPE[item.kind]
    default = f"'{item.default}'" if item.default is not None else "NULL"
    if not given:
        return f"CAST({default} AS {stored})"
    raw = f'"r_{item.name}"'
    if item.kind is Kind.MOMENT:
        return f"COALESCE(TRY_CAST({raw} AS TIMESTAMP), TRY_STRPTIME({raw}, {_DAY_FORMATS}))"
    if item.kind in (Kind.MONEY, Kind.NUMBER, Kind.INTEGER):
        return f"COALESCE(TRY_CAST({raw} AS {stored}), TRY_CAST(replace({raw}, ',', '') AS {stored}))"
    return f"COALESCE({raw}, {default})" if item.default is not None else raw


Problems = list[tuple[str, str]]  # a condition in SQL, and the reason it gives


def _cell_problems(target: Target) -> Problems:
    found: Problems = []
    for item in _given(target):
        raw, value = f'"r_{item.name}"', f'"{item.name}"'
        if item.required:
            found.append((f"{raw} IS NULL", f"{item.name}:empty"))
        match item.kind:
            case Kind.MONEY | Kind.NUMBER | Kind.INTEGER:
                found.append((f"{raw} IS NOT NULL AND {value} IS NULL", f"{item.name}:not_number"))
                if item.least is not None:
                    found.append((f"{value} NOT BETWEEN {item.least} AND {item.most}", f"{item.name}:out_of_range"))
            case Kind.MOMENT:
                found.append((f"{raw} IS NOT NULL AND {value} IS NULL", f"{item.name}:not_date"))
                latest = "current_date::TIMESTAMP + INTERVAL 2 DAY"
                found.append((f"{value} NOT BETWEEN TIMESTAMP '{OLDEST}' AND {latest}", f"{item.name}:out_of_range"))
            case Kind.TEXT | Kind.FLAG:
                # Bytes are known without reading the text; letters need be counted only where there are enough of them.
                too_long = f"strlen({raw}) > {MOST_TEXT} AND length({raw}) > {MOST_TEXT}"
                found.append((too_long, f"{item.name}:too_long"))
    return found


def _row_problems(target: Target) -> Problems:
    """What only the whole row can tell: refunds are negative and stay, nothing else is negative; time runs forward."""
    match target.table.name:
        case "visits":
            return [("endtime < begntime", "endtime:before_start")]
        case "settlements":
            return [
                ("medfee_sumamt < 0 AND refd_setl_flag <> '1'", "medfee_sumamt:negative"),
                ("fund_pay_sumamt < 0 AND refd_setl_flag <> '1'", "fund_pay_sumamt:negative"),
                ("enddate < begndate", "enddate:before_start"),
            ]
        case "fee_lines":
            return [("sign(cnt) * sign(det_item_fee_sumamt) < 0", "cnt:sign")]
    return []

"""Every rule is one expression that both engines can say, over hand-made claims that show its edges."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import ibis
import pytest

import monitoring
from monitoring.claims.layout import TABLES
from monitoring.engine import claims, schema
from monitoring.models import CodeMeaning, Rule, RuleItem
from monitoring.rules import EXPRESSIONS, Scope
from monitoring.rules.scope import ANSWER
from monitoring.selectors.claims import current_files
from monitoring.selectors.evidence import LIMIT_COLUMNS, find
from monitoring.services import library
from supervision.parties.models import Practitioner, Region
from tests.monitoring.conftest import rows_of, settlement_hold

SHIPPED = json.loads((Path(monitoring.__file__).parent / "data" / "rules.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("dialect", ["duckdb", "pyspark"])
@pytest.mark.parametrize("name", sorted(EXPRESSIONS))
def test_an_expression_is_portable_and_answers_in_one_shape(name, dialect):
    scope = Scope(
        tables={key: ibis.table(schema(table), name=key) for key, table in TABLES.items()},
        month="202403",
        limits=ibis.table(LIMIT_COLUMNS, name="limits"),
        suspensions=ibis.table({"practitioner": "string", "begins": "date", "ends": "date"}, name="suspensions"),
        exempt=ibis.table({"code": "string"}, name="exempt"),
        parameters={"days": 15, "diagnosis_characters": 3, "most": 4},
        meanings={"med_type": {"inpatient": ["21"], "outpatient": ["11"]}},
    )
    answer = EXPRESSIONS[name](scope)
    assert tuple(answer.columns) == ANSWER
    assert answer.schema()["amount"] == ibis.dtype("decimal(16, 2)")
    assert ibis.to_sql(answer, dialect=dialect)


def test_every_expression_is_a_shipped_rule_and_the_other_way_round():
    assert {entry["expression"] for entry in SHIPPED} == set(EXPRESSIONS)


@pytest.fixture
def findings(catalogue, claims_dir):
    """Run one shipped rule over March 2024; ``{visit: amount}``."""

    def _findings(slug: str) -> dict[str, Decimal]:
        with claims(current_files()) as opened:
            found = list(find(opened, Rule.objects.get(slug=slug, active=True), "202403"))
        return {item.subject: sum(line["flagged"] for line in item.lines) for item in found}

    return _findings


def _point(rule_class: str, code: str = "XA01", **fields) -> None:
    file = library.LibraryFile.objects.get_or_create(name="test", sha256="1" * 64)[0]
    RuleItem.objects.create(file=file, sheet="s", row=2, rule_class=rule_class, code=code, name="某药", **fields)


def test_unknown_sex_and_missing_visits_raise_nothing(findings, send_rows):
    _point("drug_sex", sex="2")
    send_rows(
        MDTRT_D=rows_of("MDTRT_D", {}, {"mdtrt_id": "V2", "psn_no": "P2", "gend": ""}, {"mdtrt_id": "V3", "gend": "9"}),
        FEE_LIST_D=rows_of(
            "FEE_LIST_D",
            {},
            {"bkkp_sn": "L2", "mdtrt_id": "V2"},
            {"bkkp_sn": "L3", "mdtrt_id": "V3"},
            {"bkkp_sn": "L4", "mdtrt_id": "V404"},
        ),
    )
    assert findings("drug-sex") == {"V1": Decimal("90.00")}


def test_sex_and_birth_come_from_the_person_when_the_visit_lacks_them(findings, send_rows):
    _point("drug_sex", sex="2")
    _point("drug_age", age_least_days=0, age_most_days=6574)
    send_rows(
        PSN_INFO_B=rows_of("PSN_INFO_B", {}),
        MDTRT_D=rows_of("MDTRT_D", {"gend": "", "age": ""}),
        FEE_LIST_D=rows_of("FEE_LIST_D", {}),
    )
    assert findings("drug-sex") == findings("drug-age") == {"V1": Decimal("90.00")}


@pytest.mark.parametrize(("birth", "flagged"), [("2006-03-03", False), ("2006-03-01", True)])
def test_a_child_is_one_until_the_eighteenth_birthday(findings, send_rows, birth, flagged):
    _point("drug_age", age_least_days=0, age_most_days=6574)
    send_rows(MDTRT_D=rows_of("MDTRT_D", {"brdy": birth, "age": ""}), FEE_LIST_D=rows_of("FEE_LIST_D", {}))
    assert bool(findings("drug-age")) is flagged


def test_invalid_rows_are_not_seen(findings, send_rows):
    _point("drug_sex", sex="2")
    send_rows(MDTRT_D=rows_of("MDTRT_D", {}), FEE_LIST_D=rows_of("FEE_LIST_D", {"vali_flag": "0"}))
    assert findings("drug-sex") == {}


def test_codes_mean_what_the_table_says_not_what_the_code_says(findings, send_rows):
    _point("drug_way", way="inpatient")
    send_rows(MDTRT_D=rows_of("MDTRT_D", {"med_type": "2199"}), FEE_LIST_D=rows_of("FEE_LIST_D", {}))
    assert findings("drug-way") == {"V1": Decimal("90.00")}
    CodeMeaning.objects.create(field="med_type", code="2199", meaning="inpatient", name="本省住院")
    assert findings("drug-way") == {}


def test_over_count_amount_is_the_share_beyond_the_limit(findings, send_rows):
    _point("item_frequency", most=2, per_days=1)
    send_rows(
        MDTRT_D=rows_of("MDTRT_D", {}),
        FEE_LIST_D=rows_of("FEE_LIST_D", {"cnt": "3"}, {"bkkp_sn": "L2", "cnt": "1", "inscp_amt": "30.00"}),
    )
    assert findings("item-frequency") == {"V1": Decimal("60.00")}


@pytest.mark.parametrize(
    ("minutes", "window", "met"),
    [("10:59", "hour", False), ("09:59", "hour", True), ("15:00", "six_hours", True), ("15:01", "six_hours", False)],
)
def test_repeated_charges_keep_to_their_window(findings, send_rows, minutes, window, met):
    _point("item_repeat", code="MAIN", other_code="XA01", window=window)
    send_rows(
        MDTRT_D=rows_of("MDTRT_D", {}),
        FEE_LIST_D=rows_of(
            "FEE_LIST_D",
            {"bkkp_sn": "M1", "hilist_code": "MAIN"},
            {"fee_ocur_time": f"2024-03-02 {minutes}:00"},
        ),
    )
    assert findings("item-repeat") == ({"V1": Decimal("90.00")} if met else {})


def test_a_trace_code_counts_per_code_of_a_line_and_exempt_items_are_left_out(findings, send_rows):
    visits = rows_of("MDTRT_D", {}, {"mdtrt_id": "V2", "psn_no": "P2"}, {"mdtrt_id": "V3", "psn_no": "P3"})
    lines = rows_of(
        "FEE_LIST_D",
        {"drug_trac_codg": "T1,T2", "cnt": "2"},
        {"bkkp_sn": "L2", "mdtrt_id": "V2", "psn_no": "P2", "fee_ocur_time": "2024-03-09", "drug_trac_codg": "T2"},
        {
            "bkkp_sn": "L3",
            "mdtrt_id": "V3",
            "psn_no": "P3",
            "fee_ocur_time": "2024-03-10",
            "hilist_code": "EX",
            "drug_trac_codg": "T1",
        },
    )
    send_rows(MDTRT_D=visits, FEE_LIST_D=lines)
    assert set(findings("repeated-trace-code")) == {"V2", "V3"}
    CodeMeaning.objects.create(field="hilist_code", code="EX", meaning="trace_exempt", name="豁免")
    assert set(findings("repeated-trace-code")) == {"V2"}


def test_a_published_case_of_one_code_settled_twice(findings, send_rows):
    """One pharmacy, one code, 99 yuan (national-law §12)."""
    send_rows(
        MDTRT_D=rows_of("MDTRT_D", {"med_type": "41"}, {"mdtrt_id": "V2", "psn_no": "P2", "med_type": "41"}),
        FEE_LIST_D=rows_of(
            "FEE_LIST_D",
            {"drug_trac_codg": "81234560000000000001", "inscp_amt": "99.00"},
            {
                "bkkp_sn": "L2",
                "mdtrt_id": "V2",
                "psn_no": "P2",
                "fee_ocur_time": "2024-03-20",
                "drug_trac_codg": "81234560000000000001",
                "inscp_amt": "99.00",
            },
        ),
    )
    assert findings("repeated-trace-code") == {"V2": Decimal("99.00")}


def test_an_inpatient_line_before_its_settlement_month_is_judged_in_it(findings, send_rows):
    _point("drug_sex", sex="2")
    send_rows(
        MDTRT_D=rows_of("MDTRT_D", {"begntime": "2024-02-20", "endtime": "2024-03-05"}),
        SETL_D=rows_of("SETL_D", {}),
        FEE_LIST_D=rows_of("FEE_LIST_D", {"fee_ocur_time": "2024-02-21"}),
    )
    assert findings("drug-sex") == {"V1": Decimal("90.00")}


def test_refunded_stays_overlap_with_nothing(findings, send_rows):
    send_rows(
        MDTRT_D=rows_of(
            "MDTRT_D", {}, {"mdtrt_id": "V2", "fixmedins_code": "H2", "begntime": "2024-03-03", "endtime": "2024-03-08"}
        ),
        SETL_D=rows_of(
            "SETL_D",
            {},
            {"setl_id": "S2", "mdtrt_id": "V2"},
            {
                "setl_id": "S3",
                "mdtrt_id": "V2",
                "medfee_sumamt": "-100",
                "fund_pay_sumamt": "-70",
                "refd_setl_flag": "1",
            },
        ),
    )
    assert findings("overlapping-stays") == {}


@pytest.mark.law("HY-23")
@pytest.mark.parametrize(
    ("day", "med_type", "flagged"),
    [
        ("2024-03-09", "11", False),
        ("2024-03-10", "11", True),
        ("2024-03-20", "11", True),
        ("2024-03-21", "11", False),
        ("2024-03-15", "13", False),
    ],
)
def test_prescriptions_of_a_suspended_practitioner_are_not_paid(findings, send_rows, day, med_type, flagged):
    region = Region.objects.create(code="449900", name="示例市", path="449900/")
    doctor = Practitioner.objects.create(
        kind="practitioner", code="D1", name="示例医师", region=region, profession="physician"
    )
    settlement_hold(party=doctor, reason="eligibility", days=(date(2024, 3, 10), date(2024, 3, 21)), matter="示例")
    send_rows(
        MDTRT_D=rows_of("MDTRT_D", {"med_type": med_type, "begntime": day, "endtime": "2024-03-28"}),
        FEE_LIST_D=rows_of("FEE_LIST_D", {"fee_ocur_time": f"{day} 10:00:00", "bilg_dr": "D1"}),
    )
    assert findings("suspended-prescriber") == ({"V1": Decimal("90.00")} if flagged else {})

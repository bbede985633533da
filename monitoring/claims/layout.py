"""The national platform's claims layout (``GZ``/``MDTRT_D``, ``SETL_D``, ``FEE_LIST_D`` …) as one declaration.

Everything that reads, checks, stores or explains a claims file is derived from :data:`TABLES`.
Money is yuan, dates are local calendar time. Source: national platform data elements, national-law §9.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """How a cell is read; the stored column type follows from it."""

    TEXT = "text"
    MONEY = "money"
    NUMBER = "number"
    INTEGER = "integer"
    MOMENT = "moment"
    FLAG = "flag"
    IDENTITY = "identity"


STORED_TYPE = {
    Kind.TEXT: "VARCHAR",
    Kind.MONEY: "DECIMAL(16,2)",
    Kind.NUMBER: "DECIMAL(18,4)",
    Kind.INTEGER: "INTEGER",
    Kind.MOMENT: "TIMESTAMP",
    Kind.FLAG: "VARCHAR",
    Kind.IDENTITY: "VARCHAR",
}

# What no honest row holds. Bounds of plausibility, not law: a cell outside is set aside with its reason.
MOST_MONEY = 10_000_000
MOST_COUNT = 1_000_000
MOST_TEXT = 500
OLDEST = "1900-01-01"


@dataclass(frozen=True)
class Field:
    """One column of the layout.

    ``aliases`` are other headings met in the wild; ``least``/``most`` bound numbers (inclusive);
    an ``IDENTITY`` cell is replaced by its blind index before anything is stored.
    """

    name: str
    kind: Kind = Kind.TEXT
    aliases: tuple[str, ...] = ()
    required: bool = False
    least: int | None = None
    most: int | None = None
    default: str | None = None


@dataclass(frozen=True)
class Table:
    """One table: its national name, our noun, the key that makes a re-sent row the same row, and its month."""

    name: str
    national: str
    label: str
    key: tuple[str, ...]
    month_from: str
    fields: tuple[Field, ...]
    file_words: tuple[str, ...] = field(default=())

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(item.name for item in self.fields if item.required)

    def field(self, name: str) -> Field:
        return next(item for item in self.fields if item.name == name)


def _text(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name) for name in names)


def _money(*names: str, least: int = -MOST_MONEY) -> tuple[Field, ...]:
    return tuple(Field(name, Kind.MONEY, least=least, most=MOST_MONEY) for name in names)


VALID = Field("vali_flag", Kind.FLAG, default="1")
PROVIDER = Field("fixmedins_code", aliases=("medins_code", "机构编码", "定点医药机构编号"), required=True)
PERSON = Field("psn_no", aliases=("person_no", "人员编号"), required=True)
VISIT = Field("mdtrt_id", aliases=("mdtrt_no", "就诊id", "就诊编号"), required=True)
SETTLEMENT = Field("setl_id", aliases=("结算id", "结算编号"), required=True)
SEX = Field("gend", Kind.FLAG, aliases=("gender", "性别"))
BORN = Field("brdy", Kind.MOMENT, aliases=("birthday", "birth_date", "出生日期"))
AGE = Field("age", Kind.NUMBER, aliases=("年龄",), least=0, most=150)
CERTIFICATE = Field("certno", Kind.IDENTITY, aliases=("cert_no", "id_card", "证件号码", "身份证号"))

PERSONS = Table(
    name="persons",
    national="PSN_INFO_B",
    label="参保人员",
    key=("psn_no",),
    month_from="",
    file_words=("psn_info", "person", "beneficiary", "参保人"),
    fields=(
        PERSON,
        CERTIFICATE,
        SEX,
        BORN,
        Field("die_date", Kind.MOMENT, aliases=("death_date", "dead_date", "死亡日期")),
        Field("insutype", aliases=("险种类型",)),
        VALID,
    ),
)

VISITS = Table(
    name="visits",
    national="MDTRT_D",
    label="就诊",
    key=("mdtrt_id",),
    month_from="endtime",
    file_words=("mdtrt", "就诊"),
    fields=(
        VISIT,
        PERSON,
        CERTIFICATE,
        SEX,
        BORN,
        AGE,
        Field("insutype", aliases=("险种类型",)),
        *_text("psn_type", "insu_admdvs"),
        PROVIDER,
        Field("fixmedins_name", aliases=("medins_name", "机构名称", "定点医药机构名称")),
        Field("hosp_lv", aliases=("medinslv", "医院等级")),
        Field("begntime", Kind.MOMENT, aliases=("begn_time", "begndate", "开始时间", "入院时间"), required=True),
        Field("endtime", Kind.MOMENT, aliases=("end_time", "enddate", "结束时间", "出院时间")),
        Field("med_type", aliases=("医疗类别",), required=True),
        *_text("ipt_otp_no", "adm_dept_name", "dscg_dept_name"),
        Field("dscg_maindiag_code", aliases=("dscg_maindiag_codg", "maindiag_code", "主要诊断代码")),
        Field("dscg_maindiag_name", aliases=("maindiag_name", "主要诊断名称")),
        Field("dise_no", aliases=("dise_codg", "dise_code")),
        Field("dise_name"),
        Field("ipt_days", Kind.NUMBER, aliases=("住院天数",), least=0, most=5000),
        Field("chfpdr_code", aliases=("chfpdr_codg", "atddr_no")),
        Field("refd_setl_flag", Kind.FLAG, default="0"),
        VALID,
    ),
)

SETTLEMENTS = Table(
    name="settlements",
    national="SETL_D",
    label="结算",
    key=("setl_id",),
    month_from="setl_time",
    file_words=("setl", "settlement", "结算"),
    fields=(
        SETTLEMENT,
        VISIT,
        PERSON,
        CERTIFICATE,
        SEX,
        AGE,
        Field("insutype", aliases=("险种类型",)),
        Field("insu_admdvs"),
        PROVIDER,
        Field("hosp_lv", aliases=("medinslv", "医院等级")),
        Field("begndate", Kind.MOMENT, aliases=("begn_date", "begntime")),
        Field("enddate", Kind.MOMENT, aliases=("end_date", "endtime")),
        Field("setl_time", Kind.MOMENT, aliases=("setl_date", "结算时间"), required=True),
        Field("med_type", aliases=("医疗类别",), required=True),
        Field("setl_type"),
        Field("medfee_sumamt", Kind.MONEY, ("医疗费总额",), True, -MOST_MONEY, MOST_MONEY),
        *_money("fulamt_ownpay_amt", "preselfpay_amt"),
        Field("overlmt_selfpay", Kind.MONEY, ("overlmt_amt",), least=-MOST_MONEY, most=MOST_MONEY),
        Field("inscp_amt", Kind.MONEY, ("inscp_scp_amt",), least=-MOST_MONEY, most=MOST_MONEY),
        Field("fund_pay_sumamt", Kind.MONEY, ("基金支付总额",), True, -MOST_MONEY, MOST_MONEY),
        *_money("acct_pay", "cash_payamt"),
        *_money("hifp_pay", "cvlserv_pay", "hifes_pay", "hifmi_pay", "hifob_pay", "maf_pay", "oth_pay"),
        Field("refd_setl_flag", Kind.FLAG, default="0"),
        VALID,
    ),
)

FEE_LINES = Table(
    name="fee_lines",
    national="FEE_LIST_D",
    label="费用明细",
    key=("bkkp_sn",),
    month_from="setl_id",
    file_words=("fee_list", "feelist", "fee_line", "费用明细"),
    fields=(
        Field("bkkp_sn", aliases=("feedetl_sn", "fee_sn", "记账流水号"), required=True),
        SETTLEMENT,
        VISIT,
        Field("rx_drord_no"),
        PROVIDER,
        PERSON,
        Field("fee_ocur_time", Kind.MOMENT, aliases=("fee_ocur_date", "费用发生时间"), required=True),
        Field("cnt", Kind.NUMBER, ("数量",), True, -MOST_COUNT, MOST_COUNT),
        Field("pric", Kind.NUMBER, ("单价",), True, 0, MOST_MONEY),
        Field("det_item_fee_sumamt", Kind.MONEY, ("明细项目费用总额",), True, -MOST_MONEY, MOST_MONEY),
        Field("pric_uplmt_amt", Kind.NUMBER, ("定价上限金额",), least=0, most=MOST_MONEY),
        Field("selfpay_prop", Kind.NUMBER, least=0, most=1),
        Field("inscp_amt", Kind.MONEY, ("inscp_scp_amt",), least=-MOST_MONEY, most=MOST_MONEY),
        Field("chrgitm_lv"),
        Field("hilist_code", aliases=("hilist_codg", "医保目录编码"), required=True),
        Field("hilist_name", aliases=("医保目录名称",)),
        Field("list_type"),
        Field("med_list_codg", aliases=("med_list_code",)),
        Field("medins_list_codg", aliases=("medins_list_code",)),
        *_text("medins_list_name", "med_chrgitm_type", "prodname", "spec", "dosform_name"),
        Field("bilg_dept", aliases=("bilg_dept_codg", "bilg_dept_code")),
        Field("bilg_dr", aliases=("bilg_dr_codg", "bilg_dr_code", "开单医师编码")),
        Field("acord_dept", aliases=("acord_dept_codg", "acord_dept_code")),
        Field("acord_dr", aliases=("acord_dr_code", "orders_dr_code")),
        *_text("sin_dos_dscr", "used_frqu_dscr"),
        Field("prd_days", Kind.NUMBER, least=0, most=5000),
        *_text("medc_way_dscr", "oprn_oprt_code"),
        Field("drug_trac_codg", aliases=("trac_codg", "drug_trac_code", "追溯码")),
        Field("trdn_flag", Kind.FLAG, default="0"),
        VALID,
    ),
)

DIAGNOSES = Table(
    name="diagnoses",
    national="SETL_DIAG_LIST_D",
    label="诊断",
    key=("mdtrt_id", "diag_type", "diag_code"),
    month_from="mdtrt_id",
    file_words=("diag", "诊断"),
    fields=(
        VISIT,
        PERSON,
        Field("diag_type", Kind.FLAG, default="1"),
        Field("maindiag_flag", Kind.FLAG, default="0"),
        Field("diag_code", aliases=("diag_codg", "诊断代码"), required=True),
        Field("diag_name", aliases=("诊断名称",)),
        VALID,
    ),
)

OPERATIONS = Table(
    name="operations",
    national="SETL_OPRN_D",
    label="手术操作",
    key=("mdtrt_id", "oprn_oprt_code", "oprn_oprt_date"),
    month_from="mdtrt_id",
    file_words=("oprn", "operation", "手术"),
    fields=(
        VISIT,
        PERSON,
        Field("main_oprn_flag", Kind.FLAG, default="0"),
        Field("oprn_oprt_code", aliases=("oprn_oprt_codg", "手术操作代码"), required=True),
        Field("oprn_oprt_name", aliases=("手术操作名称",)),
        Field("oprn_oprt_date", Kind.MOMENT, aliases=("oprn_oprt_begntime", "手术操作日期")),
        VALID,
    ),
)

# Also the order of import: a fee line takes its month from its settlement, a diagnosis from its visit.
TABLES: dict[str, Table] = {
    table.name: table for table in (PERSONS, VISITS, SETTLEMENTS, FEE_LINES, DIAGNOSES, OPERATIONS)
}

NO_MONTH = "000000"
"""Month of rows that have none: persons, and children whose parent never came."""

_NOT_WORD = re.compile(r"[\s_\-（）()]+")


def plain(heading: str) -> str:
    """A heading as it is compared: lower case, without spaces, underscores and brackets."""
    return _NOT_WORD.sub("", heading).lower()


def match_columns(table: Table, headings: list[str]) -> dict[str, str]:
    """Which heading of a file gives which field of ``table``; the first alias that fits wins."""
    present = {plain(heading): heading for heading in headings}
    found = {}
    for item in table.fields:
        for candidate in (item.name, *item.aliases):
            if (heading := present.get(plain(candidate))) is not None:
                found[item.name] = heading
                break
    return found


def guess_table(file_name: str, headings: list[str]) -> Table | None:
    """The national table a file holds: by its name if that says so, else by the key and most required columns."""
    stem = file_name.replace("\\", "/").rsplit("/", 1)[-1].lower()
    for table in (FEE_LINES, DIAGNOSES, OPERATIONS, SETTLEMENTS, VISITS, PERSONS):
        if any(word in stem for word in table.file_words):
            return table
    scored = []
    for table in TABLES.values():
        found = match_columns(table, headings)
        if all(name in found for name in table.key):
            scored.append((sum(name in found for name in table.required) / len(table.required), len(found), table))
    return max(scored, key=lambda item: item[:2])[2] if scored else None

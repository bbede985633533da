"""The classes of knowledge points the library's workbooks carry, and how a sheet of each is recognised.

Pure declarations: adding a class is adding a line. Source: the library's batches 1–8, national-law §8.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Subject(StrEnum):
    DRUG = "drug"
    ITEM = "item"


@dataclass(frozen=True)
class LibraryClass:
    """``limit_type`` is the value of the sheet's 限定类型 column; ``headings``, ``title`` tell sheets without one."""

    slug: str
    name: str | Promise
    subject: Subject
    limit_type: str = ""
    headings: frozenset[str] = frozenset()
    title: str = ""


CLASSES: tuple[LibraryClass, ...] = (
    LibraryClass("drug_sex", _("drug limited by sex"), Subject.DRUG, limit_type="限定性别对象"),
    LibraryClass("drug_age", _("drug limited by age"), Subject.DRUG, limit_type="限定年龄对象"),
    LibraryClass("drug_scheme", _("drug limited by scheme"), Subject.DRUG, limit_type="限定保险类型"),
    LibraryClass("drug_way", _("drug limited by way of treatment"), Subject.DRUG, limit_type="限定就医方式"),
    LibraryClass("drug_level", _("drug limited by institution level"), Subject.DRUG, limit_type="限定机构等级"),
    LibraryClass("drug_course", _("drug limited by paid course"), Subject.DRUG, limit_type="限定支付疗程"),
    LibraryClass("item_sex", _("item limited by sex"), Subject.ITEM, limit_type="限定性别对象"),
    LibraryClass("item_age", _("item limited by age"), Subject.ITEM, limit_type="限定年龄对象", title="限定?年龄"),
    LibraryClass("item_operation", _("operation to be discounted"), Subject.ITEM, limit_type="限定主次操作"),
    LibraryClass(
        "item_repeat", _("item charged repeatedly"), Subject.ITEM, headings=frozenset({"主项编码", "从项编码"})
    ),
    LibraryClass(
        "item_period", _("item limited per period"), Subject.ITEM, headings=frozenset({"频次上限", "疗程周期"})
    ),
    LibraryClass(
        "item_frequency", _("item limited per day"), Subject.ITEM, headings=frozenset({"限制数量", "数量单位"})
    ),
    LibraryClass("item_course", _("item limited by paid course"), Subject.ITEM, title="限定?(支付)?疗程"),
)

BY_SLUG = {item.slug: item for item in CLASSES}

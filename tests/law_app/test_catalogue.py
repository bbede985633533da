"""The catalogue holds every rule the domain names, in two languages, and contradicts itself nowhere."""

from decimal import Decimal

import pytest
from django.utils.translation import override

from supervision.law.catalogue import (
    CatalogueError,
    UnknownRule,
    _read,
    cite,
    cite_formally,
    cite_item,
    cite_together,
    cite_where_it_holds,
    finest,
    rule,
    rules,
    settings,
)


def test_every_article_of_the_governing_text_is_there():
    assert [each.id for each in rules() if each.source.prefix == "HY"] == [f"HY-{n}" for n in range(1, 51)]


def test_every_rule_speaks_both_languages():
    for each in rules():
        for text in (each.text, each.does, each.article, *(setting.label for setting in each.settings)):
            assert any("\u4e00" <= sign <= "\u9fff" for sign in text.zh), each.id
            assert text.en.isascii() or "–" in text.en or "×" in text.en or "≥" in text.en or "→" in text.en, each.id


@pytest.mark.parametrize(
    ("rule_id", "zh", "en"),
    [
        ("HY-22", "《河源办法》第二十二条", "Heyuan Measures art. 22"),
        ("HY-10", "《河源办法》第十条", "Heyuan Measures art. 10"),
        ("AH-3.1", "《安徽意见》三（一）", "Anhui opinions 3.1"),
        ("RG-38.4", "《监管条例》第三十八条第（四）项", "Regulation art. 38(4)"),
    ],
)
def test_an_article_is_cited_in_the_readers_language(rule_id, zh, en):
    with override("zh-hans"):
        assert cite(rule_id) == zh
    with override("en"):
        assert cite(rule_id) == en


@pytest.mark.parametrize(
    ("rule_id", "zh", "en"),
    [
        ("PL-33", "《中华人民共和国行政处罚法》第三十三条", "Administrative Penalty Law art. 33"),
        ("PP-15", "《医疗保障行政处罚程序暂行规定》第十五条", "Provisional rules on penalty procedure art. 15"),
        ("HY-22", "《河源市医疗保障基金使用监督管理办法》第二十二条", None),
    ],
)
def test_a_paper_cites_it_with_its_whole_name(rule_id, zh, en):
    with override("zh-hans"):
        assert cite_formally(rule_id) == zh
    with override("en"):
        assert en is None or cite_formally(rule_id) == en


def test_the_measures_of_a_city_hold_in_its_regions_alone():
    with override("zh-hans"):
        assert cite_where_it_holds("HY-20", "441621", 12).endswith("管理办法》第二十条第（十二）项")
        assert cite_where_it_holds("HY-20", "990121") == ""
        assert cite_where_it_holds("PL-33", "990121") == cite_formally("PL-33")


def test_an_unknown_rule_is_an_error():
    with pytest.raises(UnknownRule):
        rule("HY-51")


def test_numbers_of_the_law():
    assert settings()["HY-21/collective_threshold"][0].value == Decimal(50000)
    assert settings()["PP-59/announcement"][0].unit == "CD"
    assert settings()["CE-3/factor_a"][0].value == Decimal("0.5")
    bands = sum(settings()[f"DS-2/{band}"][0].value for band in ("lighter", "ordinary", "heavier"))
    assert bands == 100


def test_a_source_that_contradicts_itself_is_refused(tmp_path):
    file = tmp_path / "x.toml"
    head = '[[source]]\nprefix="X"\ntitle={zh="甲",en="a"}\ncite={zh="{}",en="{}"}\nconfidence="P"\n'
    file.write_text(head + '[[rule]]\nid="YY-1"\nzh="甲"\nen="a"\ndoes_zh="乙"\ndoes_en="b"\n', encoding="utf-8")
    with pytest.raises(CatalogueError, match="no source"):
        list(_read(file))


def test_several_rules_are_cited_together_each_once():
    assert cite_together(["RG-38.1", "RG-15.2", "RG-38.1", "PL-33"]) == (
        "《监管条例》第三十八条第（一）项、第十五条第二款、《行政处罚法》第三十三条"
    )
    assert cite_item("HY-20", 12) == "《河源办法》第二十条第（十二）项"
    with override("en"):
        assert cite_together(["RG-38.1", "RG-15.2"]) == "Regulation art. 38(1); art. 15 para. 2"
        assert cite_item("HY-20", 12) == "Heyuan Measures art. 20(12)"


def test_the_finest_entries_stand_for_their_article():
    assert [each.id for each in finest("RG-41")] == ["RG-41.1.1", "RG-41.1.2", "RG-41.1.3", "RG-41.2"]
    assert [each.id for each in finest("RG-36")] == ["RG-36"]


@pytest.mark.law("RG-14.1", "RG-15.1", "RG-15.2", "RG-16", "RG-17", "RG-19.1", "RG-19.2", "RG-20", "RG-29.2")
def test_every_act_names_the_duty_it_breaches():
    for article in ("RG-38", "RG-39", "RG-40", "RG-41"):
        assert all(each.breaches for each in finest(article))

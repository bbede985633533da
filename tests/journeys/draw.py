"""The tour's double-random draw: plan, contributions, announcement, result, and anybody's check of it."""

import re

from playwright.sync_api import expect

CONTRIBUTIONS = ("纪检组见证人的贡献文本-7f2a91", "public-witness-51c0e8")
TITLE = "2025年度双随机抽查计划"


def a_plan_is_drafted_and_adopted(people):
    officer, head = people.officer, people.head
    officer.goes_to("双随机抽查计划")
    officer.clicks("新建计划")
    form = officer.page.locator("main form")
    officer.fills(form, {
        "计划名称": TITLE, "抽取月份": ["02", "08"], "每月日期": "17",
        "见证人": [witness.user.name for witness in people.town.witnesses],
    })  # fmt: skip
    officer.sends(form)
    officer.cannot_yet("批准")
    head.opens("双随机抽查计划", TITLE)
    head.takes("批准")
    head.sees("2025-02-17")


def witnesses_hand_in_their_contributions(people):
    """One seals a text with the system, the other keeps the text and hands in its hash alone."""
    sealed, held = (people.of(witness) for witness in people.town.witnesses)
    sealed.goes_to("抽取见证")
    sealed.page.get_by_role("link", name="提交随机文本").click()
    sealed.answers({"方式": "系统密封保管", "随机文本": CONTRIBUTIONS[0]})
    held.goes_to("抽取见证")
    held.page.get_by_label("文本", exact=True).fill(CONTRIBUTIONS[1])
    digest = held.page.get_by_label("散列", exact=True)
    expect(digest).to_have_value(re.compile(r"^[0-9a-f]{64}$"))
    handed_in = digest.input_value()
    held.page.get_by_role("link", name="提交随机文本").click()
    held.answers({"方式": "见证人自行保管", "随机文本的散列": handed_in})


def the_announcement_is_public_before_the_draw(people):
    officer, reader = people.officer, people.passer_by
    officer.opens("随机抽取", TITLE)
    officer.sees("已公告")
    expect(officer.page.locator("#result")).to_have_count(0)
    reader.visits("/public/")
    reader.clicks("全部", within="main section:has-text('双随机抽查')")
    reader.page.locator("main table a").first.click()
    reader.sees("公告", "承诺（抽取前公布）")


def the_witness_reveals_the_text_held(people):
    held = people.of(people.town.witnesses[1])
    held.goes_to("抽取见证")
    held.page.get_by_role("link", name="揭示文本").click()
    held.answers({"随机文本": CONTRIBUTIONS[1]})


def everyone_can_check_who_was_drawn(people):
    """The reader's own browser computes the draw again from the published file, and finds any institution's place."""
    reader = people.passer_by
    reader.visits("/public/")
    reader.page.get_by_role("link", name=re.compile(TITLE)).first.click()
    expect(reader.page.locator("#verification")).to_have_class(re.compile("agrees"))
    reader.sees("您的浏览器刚刚重新计算了本次抽查，结果一致")
    assert reader.page.locator("[data-check].agrees").count() == 9
    drawn = reader.page.locator("main table").first.locator("tbody tr").first
    ticket = drawn.locator("code").get_attribute("title")
    reader.page.locator("#code").fill(drawn.locator("td.lead").inner_text().splitlines()[0])
    reader.page.get_by_role("button", name="查询名次").click()
    expect(reader.page.locator("[data-answer]")).to_contain_text(ticket)


def the_draw_has_sent_out_its_inspectors(people):
    """One of the drawn hospitals and the certificates of the two drawn for it, as the record shows them."""
    officer = people.officer
    officer.opens("随机抽取", TITLE)
    rows = officer.page.locator("#result tbody tr")
    hospital = rows.filter(has=officer.page.locator("td.lead", has_text="号医院")).first
    expect(hospital.get_by_role("link")).to_have_count(2)
    numbers = hospital.locator(".nowrap").all_inner_texts()
    assert len(numbers) == 2
    return hospital.locator("td.lead").inner_text().strip(), [people.town.officers[number] for number in numbers]

"""What every lawful procedure of the tour shares: service, statement, its answers, a discussion, a payment."""

from playwright.sync_api import expect

from tests.minutes import just_now

BY_HAND = {"送达方式": "直接送达", "与受送达人关系": "负责收件的人员", "原件已存入纸质卷宗": True}


def serves(person, step, recipient, at=()):
    """Record that a paper was handed over; the day is today unless one says otherwise."""
    if at:
        person.opens(*at)
    person.takes(step, BY_HAND | {"收件人": recipient})


def reads(person, title):
    """Open a paper of the matter: a PDF."""
    link = person.page.locator("main").get_by_role("link", name=title).first
    answer = person.page.request.get(link.get_attribute("href"))
    assert answer.status == 200
    assert answer.body().startswith(b"%PDF")


def states(manager, text, points):
    manager.takes("陈述、申辩", {"提出人": "示例院长", "陈述申辩": text, "申辩要点": points})
    manager.sees("示例院长", *points.splitlines())


def answers_every_point(person, **more):
    said = {"答复": "经复核，证据充分，不予采纳。", "是否采纳": "不采纳"}
    given = {f"第 {n} 条{what}": word for n in (1, 2) for what, word in said.items()}
    person.takes("复核陈述申辩意见", given | more)


def discusses(chair, *members, heard=()):
    """A collective discussion of these people, all in favour; one of them chairs, and others are heard."""
    hours = just_now()
    chair.takes("登记集体讨论", {
        "开始时间": hours["begun_at"], "结束时间": hours["ended_at"], "地点": "三楼会议室", "主持人": chair.name,
        "发言和表决": {f"{one.name} · 表决": "同意" for one in members}
        | {f"{one.name} · 无补充意见": True for one in members},
        "列席人员（不参加表决）": [one.name for one in heard], "讨论决定": "同意拟作出的处理。",
    })  # fmt: skip


def pays(keeper, debtor, amount, wrong_route=""):
    """Record a payment in full; money sent to the wrong account is refused first, with the reason."""
    keeper.opens("追回与罚没", debtor, amount)
    keeper.page.locator("main").get_by_role("link", name="登记", exact=True).click()
    form = keeper.page.locator("dialog[open] form")
    keeper.fills(form, {"凭证号": f"示例凭证{amount}"})
    if wrong_route:
        right = form.locator("[name=route] option:checked").inner_text()
        keeper.fills(form, {"缴入": wrong_route})
        form.locator("button.go").click()
        expect(form.locator(".errors")).to_contain_text(right)
        keeper.fills(form, {"缴入": right})
    keeper.answers({})
    keeper.sees("已结清", amount)

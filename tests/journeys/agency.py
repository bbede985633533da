"""The tour at the agency: a breach of the agreement, from the lead handed over to the money back in the fund."""

from tests.journeys.papers import answers_every_point, discusses, pays, reads, serves, states

DUE = "集体讨论"


def the_agency_registers_the_breach(people, hospital):
    """The bureau's finding arrives as a lead; the agency verifies it and goes on from its page."""
    clerk = people.clerk
    clerk.opens("线索", hospital)
    clerk.takes("开始核查", {"核查人员": [clerk.name]})
    clerk.takes("记录核查结果", {"核查经过和结果": "现场检查笔录与费用明细一致"})
    clerk.takes("按违约处理", {"理由": "按服务协议处理"})
    clerk.goes_on_to("登记违约")
    form = clerk.page.locator("main form")
    clerk.fills(form, {"依据": "服务协议第三十条", "协办人员": people.auditor.name})
    clerk.sends(form)
    clerk.sees("来源", hospital, "同一项目重复收费")


def measures_are_chosen_and_the_notice_served(people):
    clerk = people.clerk
    clerk.cannot_yet("制发告知书", "处理措施")
    clerk.takes("选择处理措施", {
        "处理措施": ["追回违规费用"], "金额": {"城乡居民基本医疗保险基金 · 追回违规费用": "68210.50"},
        "查实的违规费用（元）": "68210.50",
    })  # fmt: skip
    clerk.takes("制发告知书")
    serves(clerk, "登记告知书送达", "医保办")
    clerk.sees("陈述申辩")


def the_hospital_reads_the_notice_and_answers_back(people, hospital):
    manager = people.of(next(one for one in people.town.managers.values() if one.provider.name == hospital))
    manager.opens("违约处理", hospital)
    reads(manager, "告知书")
    states(manager, "部分费用有医嘱依据。", "部分费用有医嘱依据\n已组织自查整改")


def every_point_is_answered(people, hospital):
    """The period is over, but nobody decides before the statement is answered and re-examined."""
    clerk = people.clerk
    clerk.opens("违约处理", hospital)
    clerk.cannot_yet("作出复核结论", "答复")
    answers_every_point(clerk)
    clerk.takes("作出复核结论", {"复核结论": "经复核，事实清楚，维持拟作出的处理。"})


def the_agency_decides_after_its_discussion(people, hospital):
    """68,210.50 yuan is above the setting: the head alone cannot decide."""
    head = people.agency_head
    head.opens("违约处理", hospital)
    head.cannot_yet("作出处理决定", DUE)
    discusses(head, people.agency_head, heard=(people.clerk, people.auditor))
    head.takes("作出处理决定", {"决定理由": "违约事实清楚。", "缴款期限": "2025-04-01"})
    serves(people.clerk, "登记决定书送达", "医保办", at=("违约处理", hospital))


def the_bureau_agrees_and_the_city_is_told(people, hospital):
    clerk, officer = people.clerk, people.officer
    clerk.cannot_yet("报市局备案", "审核")
    officer.opens("违约处理", hospital)
    officer.takes("审核同意", {"审核意见": "同意"})
    clerk.opens("违约处理", hospital)
    clerk.takes("报市局备案")


def the_money_returns_to_the_fund_and_the_breach_is_closed(people, hospital):
    head = people.agency_head
    head.opens("违约处理", hospital)
    head.cannot_yet("结案", "款项未结清")
    pays(people.finance, hospital, "68,210.50")
    head.opens("违约处理", hospital)
    head.takes("结案")
    head.sees("已办结")

"""The tour at the bureau: an enforcement case from its filing to the archive."""

from playwright.sync_api import expect

from supervision.records.models import LegalReview
from tests.case_stage import conduct
from tests.journeys.papers import BY_HAND, answers_every_point, discusses, pays, reads, serves, states

TITLE = "示例·甲县康复医院分解住院案"
PLACE = ("执法案件", TITLE)


def a_case_is_proposed_and_filed(people, hospital):
    """From the page of the lead the inspection settled; the form is filled with what it found."""
    officer, head = people.officer, people.head
    officer.opens("线索", hospital)
    officer.goes_on_to("提请立案")
    form = officer.page.locator("main form")
    officer.fills(form, {"案件名称": TITLE})
    officer.sends(form)
    officer.cannot_yet("立案")
    head.opens(*PLACE)
    head.takes("立案")
    head.sees("90")


def evidence_is_entered_and_a_fact_rests_on_it(people):
    officer = people.officer
    officer.opens(*PLACE)
    officer.page.get_by_role("link", name="登记证据").click()
    file = {"name": "结算明细.txt", "mimeType": "text/plain", "buffer": "示例证据，内容均为虚构\n".encode()}
    officer.answers({
        "文件": file, "证据种类": "书证", "证明内容": "分解住院结算明细", "来源": "现场复制，经当事人核对",
    })  # fmt: skip
    officer.clicks("分解住院结算明细")
    officer.page.get_by_role("link", name="查证", exact=True).click()
    officer.answers({"查证结论": "经查证属实，可作为认定事实的依据"})
    officer.opens(*PLACE)
    officer.page.locator("#facts").get_by_role("link", name="认定", exact=True).click()
    began, ended = (day.isoformat() for day in conduct().values())
    officer.answers({"行为开始日期": began, "行为终了日期": ended, "证据": ["分解住院结算明细"]})
    officer.sees("96,000.00")


def the_investigation_is_reported_and_the_notice_served(people):
    """The fine must lie in the range of the law; the form says which."""
    officer, head = people.officer, people.head
    officer.cannot_yet("提交调查终结报告", "责令改正")
    officer.takes("下达责令改正通知书", {"改正期限": "2025-03-07", "责令改正的内容": "停止分解住院并整改"})
    order = (
        officer.page.locator("main li").filter(has_text="责令改正通知书").filter(has=officer.page.locator("details"))
    )
    order.locator("summary").click()
    order.get_by_role("link", name="登记送达").click()
    officer.answers(BY_HAND | {"收件人": "院办公室"})
    officer.takes("提交调查终结报告", {
        "裁量": "一般处罚", "罚款（元）": "144000.00", "案件性质": "分解住院，违反基金使用规定",
        "处理意见": "责令退回并处罚款", "按重大案件办理": True,
    })  # fmt: skip
    head.opens(*PLACE)
    head.takes("告知")
    serves(officer, "登记告知书送达", "院办公室", at=PLACE)


def the_hospital_states_its_view(people):
    hospital = people.hospital
    hospital.opens("全部事项", TITLE)
    reads(hospital, "告知书")
    states(hospital, "系病情需要，请求从轻。", "再次入院系病情需要\n请求从轻处罚")


def nothing_is_decided_before_the_legal_review(people):
    officer, head, reviewer = people.officer, people.head, people.reviewer
    officer.opens(*PLACE)
    officer.cannot_yet("提交法制审核", "答复")
    answers_every_point(officer, 复核情况="重新核对了结算明细和病历，与原认定一致。")
    officer.takes("提交法制审核")
    head.opens(*PLACE)
    expect(head.step("作出处罚决定")).to_have_count(0)
    head.visits(f"{head.page.url}steps/decide_penalty/")  # who knows the address is told why not
    head.sees("此步骤暂不能办理", "法制审核", within="main .refusals")
    reviewer.opens(*PLACE)
    points = [str(point.label) for point in LegalReview.Point]
    reviewer.takes("通过法制审核", {"审核要点（符合的勾选）": points, "审核意见": "事实清楚，程序合法，同意。"})


def the_major_case_is_discussed_and_decided(people):
    officer, head = people.officer, people.head
    head.opens(*PLACE)
    head.cannot_yet("作出处罚决定", "集体讨论")
    discusses(head, people.head, heard=(people.officer, people.reviewer))
    head.takes("作出处罚决定")
    serves(officer, "登记处罚决定书送达", "院办公室", at=PLACE)
    officer.sees("基金财政专户", "国库")


def the_money_goes_its_two_ways(people, hospital):
    """What the fund lost returns to the fund's account, the fine goes to the treasury; a mix-up is refused."""
    pays(people.officer, hospital, "96,000.00")
    people.head.opens(*PLACE)
    people.head.cannot_yet("结案", "款项尚未缴清")
    pays(people.officer, hospital, "144,000.00", wrong_route="基金财政专户")


def the_decision_is_published_and_the_file_archived(people):
    officer, head = people.officer, people.head
    officer.opens(*PLACE)
    officer.takes("公开处罚决定", {"公开摘要": "示例·甲县康复医院分解住院，已依法作出处罚。"})
    head.opens(*PLACE)
    head.takes("结案", {"改正情况": "已改正", "理由": "已全部履行。"})
    officer.opens(*PLACE)
    officer.takes("归档")
    officer.sees("已归档")

"""The tour's inspections, on a phone: identity, checklist, photo, finding, record, signature or refusal."""

import base64
import re

from playwright.sync_api import expect

from tests.journeys.people import PHONE
from tests.journeys.site import Calendar

PICTURE = """() => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 48 });
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#7a9"; pen.fillRect(0, 0, 64, 48);
  pen.fillStyle = "#fff"; pen.fillRect(8, 20, 48, 14);
  return canvas.toDataURL("image/jpeg", 0.8).split(",")[1];
}"""


def two_officers_inspect(people, hospital, officers, finding, *, short_of_beds=False, refused_because=""):
    """The whole visit at 390 pixels, from showing the certificates to the record that both sides settled."""
    phone = people.of(officers[0], PHONE)
    phone.page.clock.set_fixed_time(Calendar.present)
    phone.opens("检查任务", hospital, "已分派")
    phone.clicks("现场作业页")
    identity_is_shown(phone)
    the_checklist_is_answered(phone, short_of_beds)
    a_photo_is_taken(phone)
    a_finding_is_added(phone, finding)
    the_record_is_drawn_up(phone)
    if refused_because:
        the_refusal_to_sign_is_noted(phone, refused_because)
    else:
        the_record_is_signed(phone)
    assert phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")
    return phone


def identity_is_shown(phone):
    phone.sees("2 名持证")
    form = phone.page.locator("form#start")
    phone.fills(form, {"接待人": "示例院长", "职务": "院长", "已告知有权申请回避": True})
    form.locator("button.go").click()
    expect(phone.page.locator("#checklist")).to_be_visible()


def the_checklist_is_answered(phone, short_of_beds):
    for item in phone.page.locator("fieldset.item").all():
        item.locator("label.yes").click()
    if short_of_beds:
        beds = phone.page.locator("#item-b1")
        beds.locator("label.no").click()
        beds.locator("input[name=expected_b1]").fill("42")
        beds.locator("input[name=counted_b1]").fill("35")
    phone.page.locator("#net.sent").wait_for()
    answered, total = (phone.page.locator(f"#{which}") for which in ("answered", "total"))
    expect(answered).to_have_text(total.inner_text())


def a_photo_is_taken(phone):
    taken = base64.b64decode(phone.page.evaluate(PICTURE))
    picture = {"name": "病房夜间空床.jpg", "mimeType": "image/jpeg", "buffer": taken}
    phone.page.locator("#item-b1 [data-photo]").set_input_files(picture)
    expect(phone.page.locator("#id_add_finding_evidence input")).to_have_count(1)


def a_finding_is_added(phone, finding):
    """The photo just taken is at hand as its proof."""
    phone.page.locator("#new-finding summary").click()
    form = phone.page.locator("form#finding")
    phone.fills(form, finding)
    form.locator("#id_add_finding_evidence").get_by_role("checkbox").check()
    form.locator("button.go").click()
    phone.sees(finding["发现的事实"])


def the_record_is_drawn_up(phone):
    phone.clicks("制作现场检查笔录")
    form = phone.page.locator("main form")
    expect(form.locator("[name=text]")).to_have_value(re.compile("出示"))
    phone.fills(form, {"地点": "住院部"})
    phone.sends(form)
    phone.clicks("现场作业页")


def the_record_is_signed(phone):
    """The officers are ticked beforehand; the party and they sign with the finger."""
    form = phone.page.locator("form#sign")
    phone.fills(form, {"签名人": "示例院长", "职务": "院长"})
    expect(form.locator("canvas")).to_have_count(3)
    all_sign_with_the_finger(phone, form)
    form.locator("button.go").click()
    phone.sees("笔录已签名")


def all_sign_with_the_finger(phone, form):
    for place, canvas in enumerate(form.locator("canvas").all()):
        canvas.scroll_into_view_if_needed()
        frame = canvas.bounding_box()
        phone.page.mouse.move(frame["x"] + 30, frame["y"] + 60)
        phone.page.mouse.down()
        phone.page.mouse.move(frame["x"] + 160, frame["y"] + 70 + 15 * place, steps=4)
        phone.page.mouse.up()


def the_refusal_to_sign_is_noted(phone, because):
    form = phone.page.locator("form#refuse")
    phone.page.locator("details", has=form).locator("summary").click()
    phone.fills(form, {"拒绝签名的原因": because, "见证人": "示例居委会主任", "见证人单位、职务": "示例社区居委会"})
    all_sign_with_the_finger(phone, form)
    form.locator("button.danger").click()
    phone.sees("拒绝签名")


def findings_are_confirmed_and_the_visit_concluded(phone, conclusion):
    phone.clicks("办理后续事项")
    phone.takes("确认检查发现")
    phone.takes("作出检查结论", {"结论": conclusion, "情况摘要": "现场检查发现的问题属实"})


def the_lead_sends_two_officers(people, hospital):
    """A targeted check of the hospital the alert was about."""
    officer, second = people.officer, people.second_officer
    officer.opens("线索", hospital)
    officer.takes("开展重点检查", {"检查人员": [officer.name, second.name]})
    officer.sees("重点检查")

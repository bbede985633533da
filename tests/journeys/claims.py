"""The tour's beginning: claims come in, the rules look through them, an alert becomes a lead."""

import csv
import gzip
import io
import zipfile

from playwright.sync_api import expect

from tests.busy_worker import busy_worker
from tests.journeys.people import PATIENCE

HOSPITAL = "示例·甲县康复医院"
RULE = "分解住院"


def a_claims_file_is_uploaded(people):
    """Progress while it is read, then what was stored, what was set aside and why."""
    officer = people.officer
    officer.goes_to("结算数据导入")
    officer.clicks("上传")
    with busy_worker():
        form = officer.page.locator("main form")
        officer.fills(form, {"结算数据文件": a_zip_of(people.town.claims)})
        officer.sends(form)
        expect(officer.page.locator("#live progress")).to_be_visible()
        officer.sees("可以离开本页")
    expect(officer.page.locator("#live h2").first).to_have_text("结果", timeout=PATIENCE)
    officer.sees("已完成", "未导入的行及原因", "fee_ocur_time 不是日期")
    told = officer.downloads("下载全部未导入的行及原因").decode("utf-8-sig")
    (wrong,) = csv.DictReader(io.StringIO(told))
    assert "昨天上午" in str(wrong)


def screening_is_started(people):
    officer = people.officer
    officer.goes_to("筛查任务")
    officer.clicks("发起筛查")
    with busy_worker():
        officer.clicks("开始")
        expect(officer.page.locator("#live progress")).to_be_visible()
    expect(officer.page.locator("#live h2").first).to_have_text("结果", timeout=PATIENCE)
    officer.sees("已完成", RULE)
    officer.clicks("查看疑点")


def an_alert_shows_its_rule_and_the_lines_that_prove_it(people):
    officer = people.officer
    officer.opens("疑点", RULE, HOSPITAL)
    officer.sees("疑点情况", "涉疑金额", "佐证明细", "条例")
    assert officer.page.locator("main table tbody tr").count() >= 2
    lines = officer.downloads("全部明细").decode("utf-8-sig")
    assert people.town.hospital.code in lines


def the_alert_becomes_a_lead(people):
    officer = people.officer
    officer.page.locator("main").get_by_role("link", name="转为线索", exact=True).click()
    officer.answers({"说明": "与住院记录比对后存疑"})
    officer.sees("线索", HOSPITAL)


def the_lead_is_verified(people):
    officer = people.officer
    officer.opens("线索", HOSPITAL)
    officer.takes("开始核查", {"核查人员": [officer.name]})
    officer.takes("记录核查结果", {"核查经过和结果": "调取病案比对，分解住院疑点属实，需现场核查"})
    officer.sees("分解住院疑点属实")


def a_zip_of(files):
    """The month as the settlement system exports it, and one line whose time nobody can read."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            text = gzip.decompress(path.read_bytes()).decode()
            if path.name.startswith("FEE_LIST_D"):
                text += a_line_that_is_wrong(text)
            archive.writestr(path.name.removesuffix(".gz"), text)
    return {"name": "2025年1月结算数据.zip", "mimeType": "application/zip", "buffer": packed.getvalue()}


def a_line_that_is_wrong(text):
    rows = list(csv.DictReader(io.StringIO(text)))
    written = io.StringIO()
    csv.DictWriter(written, rows[0].keys()).writerow(rows[-1] | {"fee_ocur_time": "昨天上午", "bkkp_sn": "X-1"})
    return written.getvalue()

"""What is done on a page before its picture is taken, where opening it does not show enough."""

import re

from playwright.sync_api import Page

A_LIST_WITH_FAULTS = """机构编码,机构名称,行政区划代码,机构类别,医院等级,所有制
H44160209901,示例·源城新江康复医院,441602,医院,二级,民营营利
H44160209902,示例·源城埔前诊所,449999,诊所,未定级,民营营利
H44160209903,,441602,医院,特级,民营营利
"""
FEES_WITH_FAULTS = """fixmedins_code,psn_no,mdtrt_id,setl_id,bkkp_sn,fee_ocur_time,cnt,pric,det_item_fee_sumamt,hilist_code
H44160200001,P0000001,M-1,S-1,1,昨天上午,1,12.00,12.00,A01
H44160200001,P0000001,M-1,S-1,2,2026-11-02 09:00:00,两片,12.00,12.00,A01
"""  # noqa: E501


def open_dialog(step: str):
    """Open the dialog of a step from the page of its matter."""

    def act(page: Page) -> None:
        folded = page.locator("#next-steps details:not([open]) > summary")
        link = page.locator(f'a.btn[hx-get$="/steps/{step}/"]').first
        if not link.is_visible() and folded.count():
            folded.first.click()
        link.click()
        page.locator("dialog[open] form").wait_for()

    return act


def reveal(page: Page) -> None:
    """See a masked number in clear, for a purpose."""
    page.locator("a.reveal").first.click()
    page.locator("dialog[open] textarea").fill("核对参保人员的两次住院记录")
    page.locator("dialog[open] button.go").click()
    page.locator("dialog[open] #revealed").wait_for()


def search(page: Page) -> None:
    """Results as one types; on a phone the page of the search."""
    if page.locator("#search-box").is_visible():
        page.keyboard.press("/")
        page.keyboard.type("康复", delay=20)
        page.locator("#search-hits a").first.wait_for()
    else:
        page.locator("header .find-link").click()
        page.locator("main input[type=search]").fill("康复")
        page.keyboard.press("Enter")
        page.wait_for_load_state()


def upload_list(page: Page) -> None:
    """Look at a list of providers some of whose rows are wrong; nothing is written."""
    page.locator("main select").select_option("providers")
    page.locator("main input[type=file]").set_input_files(
        {"name": "定点机构名单.csv", "mimeType": "text/csv", "buffer": A_LIST_WITH_FAULTS.encode()}
    )
    with page.expect_navigation():
        page.locator("main form button").click()


def upload_claims(page: Page) -> None:
    """Send claims whose lines cannot be read: the import keeps nothing but the reasons."""
    page.locator("main input[type=file]").set_input_files(
        {"name": "FEE_LIST_D_202611.csv", "mimeType": "text/csv", "buffer": FEES_WITH_FAULTS.encode()}
    )
    with page.expect_navigation():
        page.locator("main form button.go").click()
    page.wait_for_url(re.compile(r"/monitoring/imports/\d+/"))
    page.locator("#live h2").first.wait_for()
    page.wait_for_timeout(4_000)
    page.reload()


def verified(page: Page) -> None:
    """Wait until the browser has recomputed the draw."""
    page.locator("#verification.agrees").wait_for()


def english(page: Page) -> None:
    """The same page in the other language."""
    button = page.locator(".top button[name=language][value=en]:visible")
    if page.locator("html").get_attribute("lang") == "en":
        return
    if not button.count():  # a phone has it in its menu
        page.locator(".top details.menu > summary").last.click()
    with page.expect_navigation():
        button.first.click()

"""Tables have their room at every width, and a file that was chosen is not lost when another field is wrong."""

from datetime import timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from funds.models import Fund, Receivable
from funds.services import open_receivable, record_receipt
from supervision.procedure import clock
from supervision.procedure.services import open_dossier
from tests.browser import WIDTHS, assert_fits
from tests.toy.models import Errand

SCREENS = (1360, 1024, 390)
MAIN = (
    "/", "/news/", "/help/", "/account/", "/dossiers/", "/dossiers/mine/", "/deadlines/", "/parties/providers/",
    "/parties/practitioners/", "/monitoring/", "/monitoring/alerts/", "/monitoring/rules/", "/monitoring/library/",
    "/monitoring/imports/", "/leads/", "/inspections/", "/inspections/coverage/", "/inspections/checklists/", "/draws/",
    "/draws/plans/", "/breaches/", "/agreements/", "/enforcement/", "/money/", "/credit/", "/law/", "/law/numbers/",
    "/public/", "/public/penalties/", "/public/terminations/", "/public/draws/", "/public/tips/",
)  # fmt: skip


@pytest.fixture
def owing(transactional_db, cast, land, provider):
    """A matter with claims on every fund, one of them long due and one paid in part before it was decided."""
    errand = open_dossier(
        Errand, cast.clerk, authority=land.county_agency, title="示例康复医院重复收费核对", subject=provider,
        officers=[cast.clerk.user], estimate=Decimal("186420.50"),
    )  # fmt: skip
    today = clock.today()
    for place, fund in enumerate(Fund.values):
        owed = open_receivable(
            errand, cast.clerk, debtor=provider, kind=("refund", "damages")[place % 2], fund=fund,
            law=["HY-18", "HY-47"], amount=Decimal("9876543210.55"), due_on=today + timedelta(days=30 - 10 * place),
        )  # fmt: skip
    record_receipt(
        owed, cast.finance, amount=Decimal("1234567890.10"), route="fiscal", fund=owed.fund,
        paid_on=today - timedelta(days=400), voucher="示例回单二〇二六年第〇〇〇一二三四五六七八九号",
    )  # fmt: skip
    return errand


@pytest.mark.parametrize("width", SCREENS)
def test_every_table_has_its_room(visit, cast, owing, width) -> None:
    page = visit("/", cast.officer.user, width)
    claims = [f"/money/{pk}/" for pk in Receivable.objects.order_by("-pk").values_list("pk", flat=True)[:1]]
    for path in (*MAIN, f"/parties/{owing.subject_id}/", f"/dossiers/{owing.pk}/", *claims):
        page.goto(path)
        assert_fits(page)


@pytest.mark.parametrize("path", ["/public/", "/public/penalties/", "/public/draws/", "/public/tips/", "/sign-in/"])
def test_the_public_header_fits_a_phone_in_english(visit, transactional_db, path) -> None:
    page = visit(path, width=390)
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": page.url}])
    page.goto(path)
    assert_fits(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_chosen_file_stays_when_another_field_is_wrong(visit, cast, owing, width) -> None:
    path = f"/dossiers/{owing.pk}/evidence/"
    page = visit(f"/dossiers/{owing.pk}/", cast.clerk.user, width)
    page.locator(f"a[href='{path}'][hx-get]").first.click()
    form = page.locator("#dialog-body form")
    form.locator("[name=file]").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"a"})
    form.locator("button.go").click()
    expect(form.locator(".wrong").first).to_be_visible()
    assert form.locator("[name=file]").evaluate("field => field.files.length") == 1
    expect(form.locator(".again")).to_have_count(0)

    page.goto(path)
    page.locator("main [name=file]").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"a"})
    page.locator("main form button.go").click()
    expect(page.locator("main .again")).to_be_visible()

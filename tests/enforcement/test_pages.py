"""The pages of a case: list, record, proposal — each within the jurisdiction, none with queries per row."""

import re
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from enforcement.models import EnforcementCase
from enforcement.selectors import cases, major
from inspections.officers import officers_of
from supervision.parties.models import Post, User
from supervision.parties.roles import Role
from supervision.procedure import clock
from supervision.procedure.services import advance
from supervision.web.deadlines import describe
from supervision.web.search import find_officers
from tests.case_stage import (
    SOUND,
    discuss,
    evidence,
    fact,
    filed,
    performing,
    proposed,
    reported,
    reviewed,
    served,
    waive,
)
from tests.cast import LONG
from tests.inspections.stages import add_photo, assigned_task, go_on_site, register
from tests.minutes import minutes


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()


@pytest.fixture
def open_page(client):
    """`open_page(actor, url)`: the answer that person gets."""

    def of(actor, url, **given):
        client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
        return client.get(url, **given)

    return of


def page(case):
    return reverse("web:dossier", args=[case.pk])


CASES = "/enforcement/"


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_list_shows_the_cases_of_the_jurisdiction(store, cast, provider, open_page):
    case = reported(cast, provider)
    shown = text(open_page(cast.officer, CASES))
    assert case.number in shown
    assert "60,000.00" in shown
    assert "90,000.00" in shown
    assert case.number in text(open_page(cast.city_officer, CASES))
    assert case.number not in text(open_page(cast.twin_officer, CASES))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=reported", True),
        ("state=closed", False),
        ("act=RG-38.3", True),
        ("act=RG-40.1", False),
        ("least=60000", True),
        ("least=60000.01", False),
        ("most=59999.99", False),
        ("officer={officer}", True),
        ("officer={other}", False),
        ("major=yes", False),
        ("open=no", False),
        ("least=much&officer=nobody", False),
    ],
)
def test_filters(store, cast, provider, open_page, query, found):
    case = reported(cast, provider)
    asked = query.format(officer=cast.second_officer.user.pk, other=cast.city_officer.user.pk)
    response = open_page(cast.city_officer, f"{CASES}?{asked}")
    assert response.status_code == 200
    assert (case.number in response.content.decode()) is found


@pytest.mark.law("HY-40")
def test_other_systems_are_not_offered_as_officers(store, cast, provider, open_page):
    """A county system may hold the post of an officer, and has charge of nothing."""
    system = User.objects.create_user("exchange", "交换平台", is_machine=True)
    Post.objects.create(user=system, authority=cast.officer.authority, role=Role.BUREAU_OFFICER, valid=LONG)
    case = reported(cast, provider)
    assert "交换平台" not in open_page(cast.officer, CASES).content.decode()
    assert "交换平台" not in open_page(cast.officer, reverse("web:enter-evidence", args=[case.pk])).content.decode()
    assert find_officers(cast.officer, "交换", 5) == []


def test_the_query_for_major_cases_agrees_with_the_rule(store, cast, provider):
    made = [
        reported(cast, provider, amount=amount, fine=fine, **more)
        for amount, fine, more in (
            ("66666.66", "99999.99", {}),
            ("66666.67", "100000.00", {}),
            ("60000.00", "90000.00", {"major": True}),
            ("60000.00", "110000.00", {"tier": "heavier", "aggravating": ["grave"]}),
            ("60000.00", "90000.00", {}),
        )
    ]
    today = clock.today()
    by_query = set(major(cases(cast.city_officer), today).values_list("pk", flat=True))
    assert by_query == {case.pk for case in made if EnforcementCase.objects.get(pk=case.pk).is_major(today)}
    assert 0 < len(by_query) < len(made)


def test_the_list_asks_a_fixed_number_of_queries(store, cast, provider, open_page, django_assert_max_num_queries):
    for _number in range(3):
        reported(cast, provider)
    open_page(cast.officer, CASES)
    with django_assert_max_num_queries(22) as few:
        open_page(cast.officer, CASES)
    for _number in range(4):
        reported(cast, provider)
    with django_assert_max_num_queries(len(few)):
        open_page(cast.officer, CASES)


def test_export(store, cast, provider, client):
    case = reported(cast, provider)
    client.force_login(cast.officer.user, backend="django.contrib.auth.backends.ModelBackend")
    sheet = b"".join(client.post(CASES, {"export": "csv"})).decode("utf-8-sig")
    assert case.number in sheet
    assert "90000.00" in sheet


@pytest.mark.parametrize("stage", [proposed, filed, reported, served, reviewed, performing])
def test_the_page_at_every_stage_for_every_reader(store, cast, provider, open_page, stage):
    case = stage(cast, provider)
    for who in ("officer", "head", "reviewer", "city_head"):
        assert open_page(getattr(cast, who), page(case)).status_code == 200, who


def test_others_do_not_find_it(store, cast, provider, open_page):
    case = proposed(cast, provider)
    for who in ("twin_officer", "clerk", "admin", "hospital"):
        assert open_page(getattr(cast, who), page(case)).status_code == 404, who


@pytest.mark.law("HY-37")
def test_facts_name_their_basis_and_what_their_evidence_lacks(store, cast, provider, open_page):
    case = filed(cast, provider)
    fact(case, cast, "121300.00", "RG-38.3")
    fact(case, cast, "65120.50", "RG-38.1", "resident", proofs=[evidence(case, cast, "expert", "专家评审意见")])
    fact(case, cast, "1.00", "RG-38.2", proofs=[evidence(case, cast, title="未核", verify=False)])
    shown = text(open_page(cast.officer, page(case)))
    for words in ("186,421.50", "121,300.00", "65,120.50", "需其他证据印证", "待查证", "已查实"):
        assert words in shown
    assert "需其他证据印证" not in text(open_page(cast.officer, page(filed(cast, provider))))


@pytest.mark.law("HY-42")
def test_discretion_shows_range_circumstances_and_like_cases(store, cast, provider, open_page):
    performing(cast, provider)
    case = reported(cast, provider, fine="110000.00", tier="heavier")
    response = open_page(cast.reviewer, page(case))
    shown = text(response)
    for words in ("60,000.00–120,000.00", "系统发现", "1.83", "本案"):
        assert words in shown
    assert "<svg" in response.content.decode()
    assert response.context["likes"].rows == [["1.40", "1"]]


@pytest.mark.law("PP-41")
def test_the_party_reads_facts_only_once_the_notice_was_served_and_never_the_evidence(store, cast, provider, open_page):
    case = reported(cast, provider)
    before = open_page(cast.hospital, page(case)).content.decode()
    assert 'id="facts"' not in before
    advance(case, "notify", cast.head)
    advance(
        case, "serve_notice", cast.officer, method="direct", relation="staff", served_on=clock.today(),
        recipient="院办", on_paper=True,
    )  # fmt: skip
    after = text(open_page(cast.hospital, page(case)))
    assert "60,000.00" in after
    assert "清单" not in after
    for hidden in ('id="discretion"', 'id="review"', 'id="about"'):
        assert hidden not in open_page(cast.hospital, page(case)).content.decode()


@pytest.mark.law("HY-47")
def test_money_by_fund_and_route(store, cast, provider, open_page):
    shown = text(open_page(cast.officer, page(performing(cast, provider))))
    for words in ("财政专户", "国库", "60,000.00", "90,000.00"):
        assert words in shown


def test_statement_review_and_discussion_are_read_on_the_page(store, cast, provider, open_page):
    case = served(cast, provider, amount="80000.00", fine="120000.00")
    advance(
        case, "record_statement", cast.officer, made_on=clock.today(), made_by="院长", text="意见", points="计算有误",
        on_paper=True,
    )  # fmt: skip
    waive(case, cast)
    assert "待答复" in text(open_page(cast.reviewer, page(case)))
    (point,) = case.statements.get().points.all()
    advance(
        case, "answer_statement", cast.officer, rechecked="重新核对了明细。",
        **{f"answer_{point.pk}": "经复核无误", f"accepted_{point.pk}": "no"},
    )  # fmt: skip
    advance(case, "submit_for_legal_review", cast.officer)
    advance(case, "pass_legal_review", cast.reviewer, sound=SOUND, reasons="程序合法")
    discuss(case, cast)
    shown = text(open_page(cast.head, page(case)))
    for words in ("计算有误", "经复核无误", "程序合法", "同意处罚", "需集体讨论"):
        assert words in shown


@pytest.mark.law("PP-44", "PP-59", "PL-63")
def test_who_was_heard_and_what_is_on_paper_is_read_on_the_page_and_in_the_history(store, cast, provider, open_page):
    case = reviewed(cast, provider, amount="80000.00", fine="120000.00")
    advance(case, "deliberate", cast.head, **minutes([cast.head.user], heard=[cast.officer.user]))
    shown = text(open_page(cast.head, page(case)))
    assert shown.count("列席人员（不参加表决）") == 2, "in the block and in the history"
    assert "书面放弃的原件已存入纸质卷宗" in shown
    assert shown.count("原件已存入纸质卷宗") > shown.count("书面放弃的原件已存入纸质卷宗"), "of a service, too"


def test_the_institution_file_shows_its_cases(store, cast, provider, open_page):
    case = performing(cast, provider)
    response = open_page(cast.officer, reverse("web:party", args=[provider.pk]))
    assert case.number in response.content.decode()
    assert case.number not in open_page(cast.twin_officer, reverse("web:party", args=[provider.pk])).content.decode()


def test_an_officer_proposes_a_case(store, cast, provider, client, open_page):
    assert open_page(cast.head, f"{CASES}propose/").status_code == 404
    assert open_page(cast.officer, f"{CASES}propose/").status_code == 200
    given = {
        "title": "示例案", "subject": provider.code, "cause": "检查发现", "discovered_on": clock.today().isoformat(),
        "lead": cast.second_officer.user.pk, "officers": [cast.officer.user.pk],
    }  # fmt: skip
    alone = client.post(f"{CASES}propose/", given | {"officers": [cast.second_officer.user.pk]})
    assert set(alone.context["form"].errors) == {"officers"}
    wrong = client.post(f"{CASES}propose/", given | {"subject": "没有", "discovered_on": "2999-01-01"})
    assert wrong.status_code == 422
    assert set(wrong.context["form"].errors) == {"subject", "discovered_on"}
    assert "检查发现" in wrong.content.decode()
    done = client.post(f"{CASES}propose/", given)
    case = EnforcementCase.objects.get()
    assert done.url == page(case)
    assert (case.subject_id, case.state) == (provider.pk, "proposed")
    assert officers_of(case) == [cast.second_officer.user, cast.officer.user], "the one chosen to lead comes first"


def test_the_party_is_shown_by_name_and_code_and_taken_back_so(store, cast, land, provider, client):
    lead = register(cast, land, provider)
    both = f"{provider.name}（{provider.code}）"
    client.force_login(cast.officer.user, backend="django.contrib.auth.backends.ModelBackend")
    form = client.get(reverse("enforcement:propose"), {"origin": lead.pk}).context["form"]
    assert form["subject"].value() == both
    field = form.fields["subject"]
    assert {field.clean(typed).pk for typed in (both, provider.code, provider.name)} == {provider.pk}
    with pytest.raises(ValidationError):
        field.clean(f"别的医院（{provider.code}）")


def test_the_loss_of_a_withdrawn_fact_does_not_count(store, cast, provider, open_page):
    case = filed(cast, provider)
    fact(case, cast, "100.00")
    advance(case, "withdraw_fact", cast.officer, fact=case.facts.get(), reason="不成立")
    assert cases(cast.officer).get().loss_found == Decimal(0)
    assert "不成立" in text(open_page(cast.officer, page(case)))


@pytest.mark.law("PP-40")
def test_the_days_of_a_review_are_seen_by_the_reviewer_whom_nobody_puts_in_charge(
    store, cast, provider, open_page, client
):
    case = served(cast, provider)
    waive(case, cast)
    advance(case, "submit_for_legal_review", cast.officer)
    days = describe(case.term("legal_review")).word
    for address in ("/", reverse("web:awaiting")):
        shown = text(open_page(cast.reviewer, address))
        assert shown.index(days, shown.index(case.title)) > 0
    sheet = client.post(reverse("web:awaiting"), {"export": "csv"})
    assert days in b"".join(sheet).decode("utf-8-sig")


@pytest.mark.law("PL-57", "HY-21")
def test_who_was_present_is_chosen_by_post_and_an_investigator_is_marked(store, cast, provider, open_page):
    case = reviewed(cast, provider, fine="110000.00", tier="heavier", aggravating=["grave"])
    shown = text(open_page(cast.head, reverse("web:step", args=[case.pk, "deliberate"])))
    assert f"{cast.officer.user.name} · {Role.BUREAU_OFFICER.label} · 本案调查人员" in shown
    assert f"{cast.head.user.name} · {Role.BUREAU_HEAD.label}" in shown
    assert f"{cast.head.user.name} · {Role.BUREAU_HEAD.label} · 本案调查人员" not in shown


@pytest.mark.law("HY-37")
def test_evidence_is_offered_with_its_state_and_the_matter_it_comes_from(store, cast, land, provider, open_page):
    task = assigned_task(cast, land, provider)
    go_on_site(task, cast)
    picture = add_photo(task, cast.officer)
    case = filed(cast, provider, origin=task)
    evidence(case, cast, title="费用清单")
    form = text(open_page(cast.officer, reverse("web:step", args=[case.pk, "establish_fact"])))
    assert f"{picture.title} · {picture.get_kind_display()} · 待查证 · {task.number}" in form
    assert "费用清单 · 书证 · 已查实" in form
    fact(case, cast, proofs=[picture])
    shown = text(open_page(cast.officer, page(case)))
    assert "引用其他案卷的证据" in shown
    assert shown.index("引用其他案卷的证据") < shown.index(task.number, shown.index("引用其他案卷的证据"))


@pytest.mark.law("RG-41", "HY-37")
def test_the_acts_offered_are_those_of_the_party_and_none_is_chosen_beforehand(store, cast, provider, open_page):
    step = reverse("web:step", args=[filed(cast, provider).pk, "establish_fact"])
    form = open_page(cast.officer, step).context["form"]
    values = [value for value, _label in form.fields["act"].choices]
    assert values.count("") == 1
    assert {value.split(".")[0] for value in values if value} == {"RG-38", "RG-39", "RG-40"}


def test_a_file_that_was_chosen_in_vain_is_asked_for_again(store, cast, provider, client):
    case = filed(cast, provider)
    client.force_login(cast.officer.user, backend="django.contrib.auth.backends.ModelBackend")
    file = SimpleUploadedFile("清单.txt", b"x", "text/plain")
    answer = client.post(reverse("web:enter-evidence", args=[case.pk]), {"file": file, "title": "打过的字"})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "打过的字" in shown
    assert "请重新选择" in shown

"""The whole thread over the API alone: from raw claims to a closed breach and a published, archived decision.

Read it as a tour. Systems call with a token, people with their session; nobody touches a page or the database.
"""

import io
import subprocess
import sys
import zipfile

import pytest

from supervision.procedure import clock
from supervision.procedure.tasks import seal_events, sweep_terms
from supervision.records.verification import verify
from tests.case_stage import SOUND, conduct
from tests.inspections.stages import photo
from tests.journeys.api_acts import answer_every_point, by_hand, discuss, paper_copy, pay, receipt, today
from tests.journeys.api_draw import (
    lots_are_drawn_and_anyone_can_check_them,
    the_calendar_opens_a_draw_and_witnesses_contribute,
    the_rolls_are_frozen_and_announced,
    the_witness_reveals,
)
from tests.journeys.callers import Caller

pytestmark = [
    pytest.mark.law("HY-14", "HY-21", "HY-22", "HY-24", "HY-31", "HY-32", "HY-37", "HY-40", "HY-47", "PP-41", "PP-57")
]


def test_one_matter_from_raw_claims_to_a_published_decision(town, calendar):
    calendar.at(2025, 1, 2, 9)
    plan = the_years_plan_is_adopted(town)

    calendar.at(2025, 2, 5, 9)
    the_countys_system_sends_its_claims(town)
    alert = screening_finds_what_was_planted(town)
    lead = an_officer_makes_a_lead_of_the_alert(town, alert)

    calendar.at(2025, 2, 7, 9)
    draw = the_calendar_opens_a_draw_and_witnesses_contribute(town, plan)
    calendar.at(2025, 2, 14, 9)
    the_rolls_are_frozen_and_announced(town, draw)
    calendar.at(2025, 2, 17, 8)
    the_witness_reveals(town, draw)
    calendar.at(2025, 2, 17, 9)
    drawn_task = lots_are_drawn_and_anyone_can_check_them(town, draw)

    calendar.at(2025, 2, 18, 9)
    drawn_task = two_drawn_officers_inspect(town, drawn_task)
    breach = the_agency_registers_the_breach(town, drawn_task)
    the_notice_is_served_and_the_hospital_answers_back(town, breach)
    calendar.at(2025, 3, 3, 9)
    the_period_ends_and_every_point_is_answered(town, breach)
    the_agency_decides_after_its_discussion(town, breach)
    the_bureau_agrees_and_the_city_is_told(town, breach)
    calendar.at(2025, 3, 10, 9)
    the_hospital_pays_back_to_the_fund_and_the_breach_is_closed(town, breach)

    calendar.at(2025, 2, 19, 9)
    targeted_task = the_lead_leads_to_a_targeted_check(town, lead)
    case = the_bureau_files_a_case(town, lead)
    calendar.at(2025, 2, 20, 9)
    evidence_is_entered_and_a_fact_rests_on_it(town, case)
    the_report_leads_to_a_notice_and_the_hospital_states_its_view(town, case)
    calendar.at(2025, 3, 4, 9)
    nothing_is_decided_before_the_legal_review(town, case)
    the_major_case_is_discussed_and_decided(town, case)
    calendar.at(2025, 3, 11, 9)
    the_money_goes_its_two_ways(town, case)
    the_decision_is_published_and_the_file_archived(town, case)

    the_institutions_file_tells_it_all(town, [lead, targeted_task, case])
    nothing_was_altered(town, [breach, case])


# --- the plan, the claims, the lead -----------------------------------------------------------------------------


def the_years_plan_is_adopted(town):
    officer, head = Caller.person(town.cast.officer), Caller.person(town.cast.head)
    plan = officer.post(
        "plans/", title="2025年度双随机抽查计划", year=2025, rate_high="30", rate_medium_high="10", rate_medium="2",
        rate_low="1", floor=1, inspectors_each=2, months=[2, 8], day=17, time="09:00", open_days=10, freeze_days=3,
        witnesses=[witness.user.pk for witness in town.witnesses], once_a_year=True, publish_days=0,
    )  # fmt: skip
    return head.take(plan, "adopt")


def the_countys_system_sends_its_claims(town):
    """The agency's own system needs no person: a token, the files of the month, and the progress of each."""
    system = Caller.system("county-claims", town.land.county_agency, "agency_clerk")
    for path in town.claims:
        with path.open("rb") as file:
            batch = system.post("claim-imports/", 202, file=file)
        stored = system.get(f"claim-imports/{batch['id']}/")
        assert (stored["state"], stored["rows_bad"]) == ("done", 0), stored
        with path.open("rb") as file:
            assert system.post("claim-imports/", 200, file=file)["id"] == batch["id"]  # the same content acts once


def screening_finds_what_was_planted(town):
    auditor = Caller.person(town.cast.auditor)
    run = auditor.post("screening-runs/", 202)
    assert auditor.get(f"screening-runs/{run['id']}/")["state"] == "done"
    alerts = auditor.list("alerts/", provider=town.hospital.code)
    assert {one.rule for one in town.planted if one.provider == town.hospital.code and not one.decoy} <= {
        one["rule"] for one in alerts
    }
    alert = auditor.get(f"alerts/{next(one['id'] for one in alerts if one['rule'] == 'split-admission')}/")
    assert alert["lines"]
    assert alert["explanation"]
    assert Caller.person(town.cast.twin_officer).list("alerts/") == []  # the next county sees none of it
    return alert


def an_officer_makes_a_lead_of_the_alert(town, alert):
    officer = Caller.person(town.cast.officer)
    lead = officer.post(f"alerts/{alert['id']}/lead/", together=True, reason="与住院记录比对后存疑")
    officer.take(lead, "begin_verification", officers=[town.cast.officer.user.pk])
    return officer.take(lead, "record_verification", verification="调取病案比对，分解住院疑点属实，需现场核查")


# --- on the spot ------------------------------------------------------------------------------------------------


def inspect(town, task, lead_officer, officers, findings, answers):
    """Two officers: identity shown, checklist, photo, findings, the record signed by both sides."""
    officer, pair = Caller.person(lead_officer), [one.user.pk for one in officers]
    now = clock.now().isoformat()
    officer.take(task, "start", identity_shown_at=now, received_by="示例院长", received_post="院长",
                 told_of_recusal=True)  # fmt: skip
    record = {"place": "住院部", "begun_at": now, "ended_at": now}
    officer.is_refused(task, "draw_up_record", "checklist_complete", **record)
    (checklist,) = (one for one in officer.get(f"dossiers/{task['id']}/steps/") if one["name"] == "fill_checklist")
    asked = [field["name"] for field in checklist["fields"] if field["name"].startswith("answer_")]
    officer.take(task, "fill_checklist", **dict.fromkeys(asked, "yes") | answers)
    officer.take(task, "add_photo", file=photo(), taken_at=now, caption="病房夜间空床")
    (shot,) = officer.list("evidence/", dossier=task["id"])
    for finding in findings:
        officer.take(task, "add_finding", evidence=[shot["id"]], **finding)
    officer.take(task, "draw_up_record", **record)
    officer.is_refused(
        task, "sign_record", "enough_officers_sign", officers=pair[:1], signed_by="示例院长", on_paper=True
    )
    officer.take(task, "sign_record", officers=pair, signed_by="示例院长", signed_post="院长", on_paper=True)
    officer.take(task, "confirm_findings")
    return officer


def two_drawn_officers_inspect(town, target):
    first, second = (town.officers[number] for number in target["inspectors"])
    task = Caller.person(first).get(f"dossiers/{target['task']}/")
    finding = {
        "act": "RG-38.3", "description": "同一项目重复收费", "persons": 31, "amount": "68210.50", "fund": "resident",
    }  # fmt: skip
    officer = inspect(town, task, first, (first, second), [finding], {})
    return officer.take(
        task, "conclude", conclusion="to_agency", agency=town.land.county_agency.pk, summary="重复收费，转经办机构处理"
    )


def the_lead_leads_to_a_targeted_check(town, lead):
    first, second = town.cast.officer, town.cast.second_officer
    officer = Caller.person(first)
    officer.take(lead, "order_targeted_check", officers=[first.user.pk, second.user.pk])
    (task,) = officer.list("inspection-tasks/", subject=town.hospital.code)
    finding = {
        "act": "RG-38.1", "description": "分解住院7人次", "persons": 7, "amount": "96000.00", "fund": "employee",
    }  # fmt: skip
    found = {"answer_b1": "no", "expected_b1": 42, "counted_b1": 35}
    officer = inspect(town, task, first, (first, second), [finding], found)
    task = officer.take(task, "conclude", conclusion="to_case", summary="分解住院，涉嫌违反基金使用规定")
    assert officer.look(lead)["state"] == "to_case"
    return task


# --- (a) the agency: a breach of the agreement --------------------------------------------------------------------


def the_agency_registers_the_breach(town, task):
    clerk = Caller.person(town.cast.clerk)
    (handed,) = clerk.list("leads/", authority=town.land.county_agency.code)
    assert handed["origin"] == task["id"]
    clerk.take(handed, "begin_verification", officers=[town.cast.clerk.user.pk])
    clerk.take(handed, "record_verification", verification="现场检查笔录与费用明细一致")
    clerk.take(handed, "to_breach", reason="按服务协议处理")
    provider = Caller.person(town.cast.clerk).list("providers/", code=task["subject"]["code"])[0]
    breach = clerk.post(
        "breaches/", provider=provider["id"], title="重复收费", facts_text="同一项目重复收费，涉及68,210.50元。",
        basis="服务协议第三十条", second_officer=town.cast.auditor.user.pk, origin=handed["id"],
    )  # fmt: skip
    return clerk.take(breach, "choose_measures", measures=["recover"], amounts={"recover": {"resident": "68210.50"}},
                      fees_found="68210.50")  # fmt: skip


def the_notice_is_served_and_the_hospital_answers_back(town, breach):
    clerk, manager = Caller.person(town.cast.clerk), Caller.person(town.managers[breach["subject"]["code"]])
    clerk.take(breach, "issue_notice")
    assert manager.client.get(f"/api/v1/dossiers/{breach['id']}/").status_code == 404  # nothing was served yet
    told = clerk.take(breach, "serve_notice", **by_hand("医保办"))
    assert [term["kind"] for term in told["terms"]] == ["statement"]
    (notice,) = manager.list("papers/", dossier=breach["id"], type="breach_notice")
    assert manager.client.get(f"/api/v1/papers/{notice['id']}/pdf/").status_code == 200
    manager.take(
        breach, "make_statement", made_on=today(), made_by="示例院长", text="部分费用有医嘱依据。",
        points="部分费用有医嘱依据\n已组织自查整改",
    )  # fmt: skip
    clerk.is_refused(breach, "reexamine", "state", "statement_window_closed", "statements_answered", conclusion="维持")


def the_period_ends_and_every_point_is_answered(town, breach):
    sweep_terms()
    clerk = Caller.person(town.cast.clerk)
    assert clerk.look(breach)["state"] == "heard"
    answer_every_point(clerk, breach)
    clerk.take(breach, "reexamine", conclusion="经复核，事实清楚，维持拟作出的处理。")


def the_agency_decides_after_its_discussion(town, breach):
    head, clerk = Caller.person(town.cast.agency_head), Caller.person(town.cast.clerk)
    decision = {"decided_on": today(), "decision_text": "违约事实清楚。", "pay_by": "2025-04-01"}
    head.is_refused(breach, "decide", "collective_discussion_carried_when_due", **decision)
    discuss(head, breach, town.cast.agency_head)
    head.take(breach, "decide", **decision)
    clerk.take(breach, "serve_decision", **by_hand("医保办"))


def the_bureau_agrees_and_the_city_is_told(town, breach):
    """A county's decision is filed with the city bureau (HY-24)."""
    clerk = Caller.person(town.cast.clerk)
    clerk.is_refused(breach, "file_with_city", "agreed_in_review", filed_on=today())
    Caller.person(town.cast.officer).take(breach, "agree_to_decision", reviewed_on=today(), opinion="同意")
    filed = clerk.take(breach, "file_with_city", filed_on=today())
    assert {term["kind"]: term["state"] for term in filed["terms"]}["filing"] == "met"


def the_hospital_pays_back_to_the_fund_and_the_breach_is_closed(town, breach):
    finance, head = Caller.person(town.cast.finance), Caller.person(town.cast.agency_head)
    (owed,) = finance.list("receivables/", dossier=breach["id"])
    assert (owed["fund"], owed["outstanding"]) == ("resident", "68210.50")
    head.is_refused(breach, "close", "money_settled")
    pay(finance, owed)
    assert head.take(breach, "close")["state"] == "closed"
    credit = head.get("credit/", party=breach["subject"]["code"])
    assert float(credit["score"]) < 100
    assert credit["events"][0]["dossier"] == breach["id"]


# --- (b) the bureau: a case ---------------------------------------------------------------------------------------


def the_bureau_files_a_case(town, lead):
    """The days to decide on filing are those of the lead."""
    officer = Caller.person(town.cast.officer)
    (known,) = (one for one in officer.list("leads/") if one["id"] == lead["id"])
    case = officer.post(
        "cases/", title="示例·甲县康复医院分解住院案", subject=town.hospital.code, cause="智能监控线索经现场检查属实",
        discovered_on=known["received_on"], officers=[town.cast.officer.user.pk, town.cast.second_officer.user.pk],
        origin=lead["id"],
    )  # fmt: skip
    filed = Caller.person(town.cast.head).take(case, "file")
    assert {term["kind"]: term["state"] for term in filed["terms"]} == {"filing": "met", "decision": "running"}
    return filed


def evidence_is_entered_and_a_fact_rests_on_it(town, case):
    officer = Caller.person(town.cast.officer)
    entered = officer.post(
        "evidence/", dossier=case["id"], kind="documentary", title="分解住院结算明细", source="现场复制，经当事人核对",
        collected_at=clock.now().isoformat(), file=paper_copy("结算明细.txt"),
        collectors=[town.cast.officer.user.pk, town.cast.second_officer.user.pk],
    )  # fmt: skip
    fact = {
        "act": "RG-38.1", "description": "分解住院7人次", "fund": "employee", "amount": "96000.00",
        "evidence": [entered["id"]], **{name: day.isoformat() for name, day in conduct().items()},
    }  # fmt: skip
    assert officer.post(f"evidence/{entered['id']}/verdict/", 200, verdict="verify")["state"] == "verified"
    officer.take(case, "establish_fact", **fact)
    custody = officer.get(f"evidence/{entered['id']}/custody/")
    assert [one["act"] for one in custody][-1] == "verified"


def the_report_leads_to_a_notice_and_the_hospital_states_its_view(town, case):
    officer, head = Caller.person(town.cast.officer), Caller.person(town.cast.head)
    officer.take(case, "order_correction", ordered_on=today(), correct_by="2025-03-07", content="停止分解住院并整改")
    (order,) = officer.list("papers/", dossier=case["id"], type="correction_order")
    officer.post(f"papers/{order['id']}/services/", **by_hand("院办公室"))
    officer.take(
        case, "submit_report", nature="分解住院，违反基金使用规定", tier="ordinary", fine="144000.00",
        opinion="责令退回并处罚款", lenient=[], aggravating=[], major=True,
    )  # fmt: skip
    head.take(case, "notify")
    officer.take(case, "serve_notice", **by_hand("院办公室"))
    Caller.person(town.cast.hospital).take(
        case, "make_statement", made_on=today(), made_by="示例院长", text="系病情需要，请求从轻。",
        points="再次入院系病情需要\n请求从轻处罚",
    )  # fmt: skip
    officer.is_refused(case, "submit_for_legal_review", "state", "statement_window_closed", "statements_answered")


def nothing_is_decided_before_the_legal_review(town, case):
    sweep_terms()
    officer, head = Caller.person(town.cast.officer), Caller.person(town.cast.head)
    answer_every_point(officer, case)
    decision = {"tier": "ordinary", "fine": "144000.00", "decided_on": today()}
    head.is_refused(case, "decide_penalty", "state", "legal_review_passed", **decision)
    officer.take(case, "submit_for_legal_review")
    head.is_refused(case, "pass_legal_review", "role", reasons="同意")
    Caller.person(town.cast.reviewer).take(case, "pass_legal_review", sound=SOUND, reasons="事实清楚，程序合法，同意。")
    head.is_refused(case, "decide_penalty", "deliberation_carried_if_major", **decision)


def the_major_case_is_discussed_and_decided(town, case):
    officer, head = Caller.person(town.cast.officer), Caller.person(town.cast.head)
    discuss(head, case, town.cast.head)
    decided = head.take(case, "decide_penalty", tier="ordinary", fine="144000.00", decided_on=today())
    assert decided["facts"]["fine"] == "144000.00"
    officer.take(case, "serve_decision", **by_hand("院办公室"))


def the_money_goes_its_two_ways(town, case):
    """What the fund lost returns to the fund's account, the fine goes to the treasury; a system reports both."""
    system = Caller.system("county-bank", town.land.county_bureau, "finance")
    owed = {one["kind"]: one for one in system.list("receivables/", dossier=case["id"])}
    assert {kind: (one["route"], one["fund"]) for kind, one in owed.items()} == {
        "refund": ("fiscal", "employee"),
        "fine": ("treasury", ""),
    }
    wrong = system.post(f"receivables/{owed['fine']['id']}/receipts/", 409, **receipt(owed["fine"], route="fiscal"))
    assert "HY-47" in [one["id"] for one in wrong["law"]]
    pay(system, owed["refund"])
    Caller.person(town.cast.head).is_refused(
        case, "close", "performed_in_full", correction="corrected", reason="已履行"
    )
    pay(system, owed["fine"])


def the_decision_is_published_and_the_file_archived(town, case):
    officer, head = Caller.person(town.cast.officer), Caller.person(town.cast.head)
    officer.take(case, "publish", published_on=today(), digest="示例·甲县康复医院分解住院，已依法作出处罚。")
    head.take(case, "close", correction="corrected", reason="已全部履行。")
    archived = officer.take(case, "archive")
    assert archived["state"] == "archived"
    assert {term["state"] for term in archived["terms"]} <= {"met", "lapsed"}


# --- afterwards ---------------------------------------------------------------------------------------------------


def the_institutions_file_tells_it_all(town, matters):
    officer = Caller.person(town.cast.officer)
    code = town.hospital.code
    assert {one["id"] for one in matters} <= {one["id"] for one in officer.list("dossiers/", subject=code)}
    standing = officer.get("credit/", party=code)
    assert [one["dossier"] for one in standing["events"]] == [matters[-1]["id"]]
    assert float(standing["score"]) < 100
    assert all(one["state"] == "paid" for one in officer.list("receivables/", debtor=code))
    own = Caller.person(town.cast.hospital)
    assert matters[-1]["id"] in [one["id"] for one in own.list("dossiers/")]
    assert own.list("evidence/") == []


def nothing_was_altered(town, matters):
    seal_events()
    head_of = {town.land.county_bureau.code: town.cast.head, town.land.county_agency.code: town.cast.agency_head}
    for matter in matters:
        content = Caller.person(head_of[matter["authority"]]).download(f"dossiers/{matter['id']}/export/")
        folder = town.files / f"file-{matter['id']}"
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            archive.extractall(folder)
        shown = subprocess.run([sys.executable, folder / "check.py"], capture_output=True, text=True, check=False)  # noqa: S603
        assert shown.returncode == 0, shown.stdout
        assert "未发现任何改动" in shown.stdout
    assert [str(fault) for fault in verify().faults] == []

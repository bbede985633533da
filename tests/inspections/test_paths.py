"""Every order of steps a lead and an inspection allow: what the articles forbid is reached by none of them."""

import pytest

from inspections.models import Finding, InspectionTask, Lead
from supervision.parties.models import OtherDepartment
from supervision.procedure import clock
from tests.explore import Explorer
from tests.inspections.stages import FINDING, STARTED, add_photo, answer_all, both, go_on_site


def never(here, actor):
    """Steps that change nothing the test is about."""
    return []


@pytest.mark.law("PP-14", "PP-15", "HY-31")
def test_no_lead_ends_unverified_or_without_a_reason(lead, cast, land):
    def check(here, path):
        assert here.term("verification").closed == here.is_closed, path
        if not here.is_closed:
            return
        if here.state == Lead.State.DISMISSED:
            assert here.reason, path
        if here.referred_to_id is None:
            assert here.verification, path
            assert "record_verification" in path

    police = OtherDepartment.objects.create(
        kind="department", code="D1", name="甲县公安局", region=land.county_region, duty="police"
    )
    explorer = Explorer(
        actors=[cast.officer, cast.head],
        choices={
            "begin_verification": lambda here, actor: [{"officers": [cast.officer.user.pk]}],
            "record_verification": lambda here, actor: [] if here.verification else [{"verification": "走访核实"}],
            "extend_verification": lambda here, actor: [{"reason": "案情复杂"}],
            "order_targeted_check": lambda here, actor: [{"officers": [user.pk for user in both(cast)]}],
            "to_agency": lambda here, actor: [{"agency": land.county_agency.pk}],
            "dismiss": lambda here, actor: [{"reason": "查无实据"}],
            "refer": lambda here, actor: [{"department": police.pk, "reason": "涉嫌诈骗"}],
            "identify_subject": never,
        },
        key=lambda here: (here.state, bool(here.verification), len(here.term("verification").steps), here.reason),
        check=check,
    )
    explorer.explore(lead)
    ends = {mark[0] for mark in explorer.reached}
    assert ends == {*Lead.State.values} - {"proposed"}  # only the proposal of the case leads there


@pytest.mark.law("HY-31", "HY-32", "HY-37", "PP-16")
def test_no_inspection_is_concluded_unsigned_or_against_its_findings(task, cast):
    def check(here, path):
        record = here.site_record_or_none
        if here.state in ("signed", "refused", "confirmed", "concluded", "archived"):
            assert record.outcome in ("signed", "refused"), path
            assert record.officers.count() >= 2, path
            assert here.identity_shown_at, path
        confirmed = here.findings.filter(status=Finding.Status.CONFIRMED)
        assert not confirmed.exclude(evidence__photo__isnull=False).exists(), path
        if here.conclusion:
            assert (here.conclusion == InspectionTask.Conclusion.CLEAR) != confirmed.exists(), path

    def one_finding(here, actor):
        if here.findings.exists():
            return []
        return [FINDING, FINDING | {"evidence": [here.evidence.get(photo__isnull=False).pk]}]

    def record(here, actor):
        moment = here.identity_shown_at
        return [{"place": "住院部", "begun_at": moment, "ended_at": clock.now(), "text": "笔录"}]

    signers = [user.pk for user in both(cast)]
    explorer = Explorer(
        actors=[cast.officer, cast.head],
        choices={
            "start": lambda here, actor: [{"identity_shown_at": clock.now(), **STARTED}],
            "fill_checklist": never,
            "add_photo": never,
            "declare_recusal": never,
            "decide_recusal": never,
            "replace_officer": never,
            "call_off": never,
            "add_finding": one_finding,
            "cite_evidence": lambda here, actor: [
                {"finding": finding.pk, "evidence": [here.evidence.get(photo__isnull=False).pk]}
                for finding in here.findings.filter(status="draft").exclude(evidence__photo__isnull=False)
            ],
            "drop_finding": lambda here, actor: [
                {"finding": finding.pk, "reason": "证据不足"} for finding in here.findings.filter(status="draft")
            ],
            "draw_up_record": record,
            "reopen_record": lambda here, actor: [{"reason": "更正"}],
            "sign_record": lambda here, actor: [
                {"officers": signers[:1], "signed_by": "院长", "on_paper": True},
                {"officers": signers, "signed_by": "院长", "on_paper": True},
            ],
            "note_refusal": lambda here, actor: [
                {"officers": signers, "refused_because": "不认可", "witness": "村干部", "on_paper": True},
            ],
            "conclude": lambda here, actor: [
                {"conclusion": conclusion, "summary": "查毕"} for conclusion in ("clear", "to_case")
            ],
        },
        key=lambda here: (
            here.state,
            here.conclusion,
            getattr(here.site_record_or_none, "outcome", ""),
            tuple(
                (finding.status, finding.evidence.filter(photo__isnull=False).exists())
                for finding in here.findings.all()
            ),
        ),
        check=check,
    )
    go_on_site(task, cast)
    answer_all(task, cast)
    add_photo(task, cast.officer)
    explorer.explore(task)
    assert {mark[0] for mark in explorer.reached} == {*InspectionTask.State.values} - {"assigned", "called_off"}

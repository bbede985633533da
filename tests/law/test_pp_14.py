"""A lead is verified and decided on within 15 working days, extended once by the head (PP-14)."""

from datetime import date, timedelta

import pytest

from enforcement.api import ProposalForm
from enforcement.models import EnforcementCase
from enforcement.proposal import ProposeForm
from enforcement.services import propose_case
from inspections.leads.services import carry_on, conclude_lead, open_lead
from inspections.models import Lead
from supervision.procedure import clock
from supervision.procedure.lapses import sweep
from supervision.procedure.models import Term
from supervision.procedure.refusals import StepInvalid
from supervision.procedure.services import advance, open_dossier
from tests.inspections.stages import refused_by, register

pytestmark = pytest.mark.law("PP-14")


def test_the_term_counts_fifteen_working_days_from_receipt(cast, land, provider):
    lead = register(cast, land, provider, received_on=date(2026, 9, 21))
    term = lead.term("verification")
    # The festival of 25–27 September and 1–7 October do not count; Saturday 10 October is worked.
    assert (term.start, term.n, term.unit, term.due) == (date(2026, 9, 21), 15, "WD", date(2026, 10, 19))


def test_nobody_ends_a_lead_without_saying_what_the_verification_found(verifying, cast, land):
    for step, actor, facts in (
        ("to_case", cast.officer, {}),
        ("to_agency", cast.officer, {"agency": land.county_agency}),
        ("dismiss", cast.head, {"reason": "查无实据"}),
    ):
        with refused_by("verification_recorded"):
            advance(verifying, step, actor, **facts)


def test_only_the_head_dismisses_and_must_say_why(verified, cast):
    with refused_by("role"):
        advance(verified, "dismiss", cast.officer, reason="查无实据")
    with pytest.raises(StepInvalid) as invalid:
        advance(verified, "dismiss", cast.head)
    assert "reason" in invalid.value.form.errors
    advance(verified, "dismiss", cast.head, reason="查无实据")
    assert (verified.conclusion, verified.confirmed) == ("dismissed", False)
    assert verified.term("verification").state == Term.State.MET


def test_the_head_extends_once_while_the_term_runs(verifying, cast):
    first = verifying.term("verification").due
    with refused_by("role"):
        advance(verifying, "extend_verification", cast.officer, reason="复杂")
    advance(verifying, "extend_verification", cast.head, reason="涉及多家机构")
    verifying.refresh_from_db()
    assert verifying.term("verification").due > first + timedelta(days=15)
    with refused_by("not_extended_before"):
        advance(verifying, "extend_verification", cast.head, reason="再次")


def test_a_term_that_is_over_becomes_overdue_and_cannot_be_extended(cast, land, provider):
    lead = register(cast, land, provider, received_on=clock.today() - timedelta(days=60))
    advance(lead, "begin_verification", cast.officer, officers=[cast.officer.user])
    assert sweep() == 1
    lead.refresh_from_db()
    assert lead.term("verification").state == Term.State.OVERDUE
    with refused_by("term_runs"):
        advance(lead, "extend_verification", cast.head, reason="晚了")


def test_the_targeted_check_does_not_stop_the_term(verified, cast):
    advance(verified, "order_targeted_check", cast.officer, officers=[cast.officer.user, cast.second_officer.user])
    assert verified.state == Lead.State.TARGETED_CHECK
    assert verified.term("verification").state == Term.State.RUNNING


def propose(lead, cast, **given):
    facts = {
        "title": "示例案", "subject": lead.subject, "cause": "数据与走访一致", "discovered_on": lead.received_on,
        "officers": [cast.officer.user, cast.second_officer.user], "origin": lead,
    }  # fmt: skip
    case = propose_case(cast.officer, **facts | given)
    lead.refresh_from_db()
    return case


class TestFitForACase:
    """PP-14 gives one term for verifying and for deciding on filing: it is never without a clock."""

    def test_the_days_run_on_until_the_filing_is_proposed(self, verified, cast):
        advance(verified, "to_case", cast.officer, reason="涉嫌违法")
        term = verified.term("verification")
        assert (verified.conclusion, term.state) == (None, Term.State.RUNNING)
        case = propose(verified, cast)
        assert (verified.conclusion, verified.confirmed) == ("proposed", True)
        assert verified.term("verification").state == Term.State.MET
        running = case.term("filing")
        assert (running.state, running.start, running.due) == (Term.State.RUNNING, term.start, term.due)

    def test_a_filing_nobody_proposes_becomes_overdue(self, cast, land, provider):
        lead = register(cast, land, provider, received_on=clock.today() - timedelta(days=60))
        advance(lead, "begin_verification", cast.officer, officers=[cast.officer.user])
        advance(lead, "record_verification", cast.officer, verification="属实")
        advance(lead, "to_case", cast.officer, reason="涉嫌违法")
        assert sweep() == 1
        lead.refresh_from_db()
        assert lead.term("verification").state == Term.State.OVERDUE

    def test_the_heads_extension_holds_for_the_case(self, verified, cast):
        advance(verified, "to_case", cast.officer, reason="涉嫌违法")
        advance(verified, "extend_verification", cast.head, reason="涉及多家机构")
        extended = verified.term("verification").due
        case = propose(verified, cast)
        assert case.term("filing").due == extended
        with refused_by("not_extended_before"):
            advance(case, "extend_filing", cast.head, reason="再次")

    def test_the_head_may_still_find_nothing_to_file(self, verified, cast):
        advance(verified, "to_case", cast.officer, reason="涉嫌违法")
        with refused_by("role"):
            advance(verified, "dismiss", cast.officer, reason="情节轻微")
        advance(verified, "dismiss", cast.head, reason="不属于应当处罚的行为")
        assert (verified.conclusion, verified.term("verification").state) == ("dismissed", Term.State.MET)

    def test_nobody_passes_a_lead_on_by_hand(self, verified, cast, doors):
        advance(verified, "to_case", cast.officer, reason="涉嫌违法")
        doors.keep_out(verified, "pass_on", cast.officer)

    def test_a_proposal_ends_a_lead_in_verification_and_names_the_person(self, verifying, cast, land):
        propose(verifying, cast)
        assert (verifying.conclusion, verifying.verification) == ("proposed", "数据与走访一致")
        told = verifying.events.filter(verb__in=("record_verification", "to_case", "pass_on"))
        assert {(event.user, event.authority) for event in told} == {(cast.officer.user, land.county_bureau)}
        assert told.count() == 3
        assert conclude_lead(verifying, Lead.State.TO_CASE, cast.officer, reason="再说一次") is None

    @pytest.mark.parametrize("state", ["to_case", "dismissed"])
    def test_what_an_inspection_says_names_who_concluded_it(self, verified, cast, land, state):
        pair = [cast.officer.user, cast.second_officer.user]
        advance(verified, "order_targeted_check", cast.officer, officers=pair)
        event = conclude_lead(verified, Lead.State(state), cast.second_officer, reason="现场查毕")
        assert (event.user, event.authority) == (cast.second_officer.user, land.county_bureau)

    def test_a_case_arisen_from_the_inspection_ends_the_lead_behind_it(self, verified, cast):
        advance(verified, "order_targeted_check", cast.officer, officers=[cast.officer.user, cast.second_officer.user])
        conclude_lead(verified, Lead.State.TO_CASE, cast.officer, reason="现场查实")
        propose(verified, cast, origin=verified.consequences.get(kind="inspection"))
        assert verified.conclusion == "proposed"

    def test_a_lead_an_earlier_build_ended_awaits_its_filing_or_passes_on(self, verified, cast, land, provider):
        """As an earlier build left them: the term met, the lead closed, and of one of them a case was proposed."""
        other = register(cast, land, provider)
        advance(other, "begin_verification", cast.officer, officers=[cast.officer.user])
        advance(other, "record_verification", cast.officer, verification="属实")
        for lead in (verified, other):
            advance(lead, "to_case", cast.officer, reason="涉嫌违法")
            Lead.objects.filter(pk=lead.pk).update(closed_at=clock.now())
            lead.term_set.update(state=Term.State.MET, ended_on=clock.today())
        open_dossier(
            EnforcementCase, cast.officer, authority=other.authority, title="示例案", subject=other.subject,
            origin=other, starting={"discovered_on": other.received_on}, cause="线索",
        )  # fmt: skip
        assert (carry_on(), carry_on()) == (2, 0)
        verified.refresh_from_db()
        other.refresh_from_db()
        assert (verified.closed_at, verified.term("verification").state) == (None, Term.State.RUNNING)
        assert (other.state, other.is_closed) == (Lead.State.PROPOSED, True)
        assert propose(verified, cast).origin_id == verified.pk

    def test_discovery_is_not_later_than_the_lead(self, cast, land, provider):
        lead = register(cast, land, provider, received_on=clock.today() - timedelta(days=9))
        said = {
            "title": "示例案", "subject": provider.code, "cause": "……", "discovered_on": clock.today().isoformat(),
            "officers": [cast.officer.user.pk, cast.second_officer.user.pk],
        }  # fmt: skip
        in_charge = {"lead": cast.officer.user.pk, "officers": [cast.second_officer.user.pk]}
        page = ProposeForm(said | in_charge, actor=cast.officer, origin=lead)
        api = ProposalForm(said | {"origin": lead.pk}, actor=cast.officer)
        assert set(page.errors) == set(api.errors) == {"discovered_on"}
        said["discovered_on"] = lead.received_on.isoformat()
        assert ProposeForm(said | in_charge, actor=cast.officer, origin=lead).is_valid()


def test_a_lead_not_taken_up_cannot_be_concluded(lead, cast):
    with refused_by("state"):
        conclude_lead(lead, Lead.State.DISMISSED, cast.officer, reason="没有看")


def test_registering_twice_gives_the_same_lead(lead, cast, land, provider):
    again = register(cast, land, provider, source_ref="alert:1", title="另一个标题")
    assert again.pk == lead.pk
    assert Lead.objects.count() == 1


def test_the_same_key_registers_once(cast, land, provider):
    facts = {"authority": land.county_bureau, "title": "线索", "subject": provider, "source": "tip", "facts": "……"}
    first = open_lead(cast.officer, key="k1", **facts)
    assert open_lead(cast.officer, key="k1", **facts).pk == first.pk


def test_received_after_today_is_no_receipt(cast):
    from inspections.leads.forms import RegisterLeadForm

    form = RegisterLeadForm({"received_on": clock.today() + timedelta(days=1)}, actor=cast.officer)
    assert "received_on" in form.errors

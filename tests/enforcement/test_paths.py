"""No order of steps leads a case to its decision, its publication or its money past what the articles ask for.

The walks begin with the proposal of a case. What must have happened is told by the record alone (`Story`), not by the
guards; what tells situations apart is what the guards look at together with that story. Days pass and the sweeper
runs, or does not, between any two steps.
"""

from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from credit.models import CreditEvent
from funds.models import Receivable
from funds.services import record_receipt
from supervision.procedure import clock, lapses
from supervision.procedure.rules import extensions
from supervision.records.models import Evidence, Paper
from supervision.records.services.evidence import reject_evidence
from tests.case_stage import SOUND, ago, conduct, evidence, proposed, serve_order
from tests.enforcement.story import tell
from tests.explore import Explorer
from tests.minutes import minutes

pytestmark = [pytest.mark.law("HY-40", "PP-41", "PP-44", "PP-45", "PP-46", "PL-63")]

WINDOWS = ("statement", "hearing_request")


def lawful(case, path):
    """What holds in every situation."""
    story = tell(case)
    papers = set(Paper.objects.filter(dossier=case.pk).values_list("type", flat=True))
    money = Receivable.objects.filter(dossier=case.pk).exists()
    if not story.decided:
        assert not case.outcome, path
        assert not papers & {"penalty_decision", "no_penalty_decision"}, path
    else:
        assert story.notified, path
        assert story.served is not None, path
        assert story.window, path
        assert not story.unanswered, path
        assert not story.large or story.hearing in ("held", "waived", "lapsed"), path
        assert story.hearing != "asked", path
        assert story.reviewed, path
        assert story.discussed or (story.discussed is None and not story.major), path
        assert (case.fine or 0) <= story.reported, path
        last = case.legal_reviews.latest("pk").decided_at
        assert case.decided_on >= timezone.localdate(last), path
        assert case.outcome == "penalty" or not case.fine, path
        assert sound(case) or path[-1] != "decide_penalty", path
    if story.decision_served is None or story.decision_served > clock.today():
        assert case.published_on is None, path
    if story.decision_served is None:
        assert not money, path
        assert not CreditEvent.objects.filter(dossier=case.pk).exists(), path
    if case.published_on is not None:
        assert case.outcome == "penalty", path
        assert case.published_on >= story.decision_served, path
    if case.state in ("closed", "archived"):
        assert is_order_served(case), path
        assert not Receivable.objects.filter(dossier=case.pk, state="open").exists(), path
    if case.state == "archived" and case.outcome == "penalty":
        assert case.published_on is not None, path
    if case.is_closed:
        assert not case.term_set.exclude(state__in=("met", "lapsed")).exists(), path


def situation(case):
    """What the guards look at, and the story."""
    if case.outcome:
        owed = Receivable.objects.filter(dossier=case.pk, state="open").exists()
        term = tuple(case.term_set.exclude(state__in=("met", "lapsed")).values_list("kind", flat=True))
        late = case.decision_served_on is not None and case.decision_served_on > clock.today()
        return (case.state, case.outcome, owed, case.published_on is not None, "publication" in term, late,
                is_order_served(case))  # fmt: skip
    story = tell(case)
    return (
        case.state,
        windows(case),
        *shape(case),
        sound(case),
        case.hearing_requested_on is not None,
        replace(
            story, served=story.served is not None, window=bool(story.window), statement_until=None,
            hearing_until=None, reviewed=story.reviewed is not None,
        ),
    )  # fmt: skip


def shape(case):
    """Whether a fact stands and the order to correct was given."""
    return case.facts.filter(withdrawn_at=None).exists(), case.correction_ordered_on is not None


def windows(case):
    """How the windows of this round stand; those of an earlier one are past once the case went back."""
    if case.state not in ("in_statement", "in_hearing", "reexamining", "in_legal_review", "reviewed", "deliberated"):
        return ()
    newest = {term.kind: term for term in case.term_set.filter(kind__in=WINDOWS).order_by("pk")}
    statement, hearing = (newest.get(kind) for kind in WINDOWS)
    return (
        (statement.is_open, statement.is_open and clock.today() > statement.due),
        (hearing.state, hearing.is_open and clock.today() > hearing.due) if hearing else None,
    )


def sound(case):
    return all(fact.evidence.filter(state="verified").exists() for fact in case.facts.filter(withdrawn_at=None))


def next_due(case):
    """Days pass until a window is over; the sweeper has not run yet."""
    waiting = case.term_set.filter(kind__in=WINDOWS, state="running", due__gte=clock.today()).order_by("due").first()
    return clock.stopped_at(at(waiting.due + timedelta(days=1))) if waiting else None


def hearing_day(case):
    """Days pass until the day of the hearing."""
    if case.state != "in_hearing" or clock.today() >= case.hearing_on:
        return None
    return clock.stopped_at(at(case.hearing_on))


def service_day(case):
    """Days pass until a decision that was announced counts as served."""
    if case.decision_served_on is None or clock.today() >= case.decision_served_on:
        return None
    return clock.stopped_at(at(case.decision_served_on))


def at(on):
    return timezone.make_aware(datetime(on.year, on.month, on.day, 9))


def sweep(_case):
    return nullcontext() if lapses.sweep() else None


def pay(cast):
    def everything(case):
        owed = list(Receivable.objects.filter(dossier=case.pk, state="open"))
        for one in owed:
            record_receipt(
                one, cast.officer, amount=one.amount, route=one.route, fund=one.fund, paid_on=clock.today(),
                voucher=f"{one.pk}",
            )  # fmt: skip
        return nullcontext() if owed else None

    return everything


def order_served(cast):
    """The order to correct is handed over late: before that nothing but closing waits for it."""

    def hand_over(case):
        if case.state != "performing" or is_order_served(case):
            return None
        serve_order(case, cast)
        return nullcontext()

    return hand_over


def is_order_served(case):
    return case.papers.filter(type="correction_order", services__isnull=False).exists()


def reject(cast):
    def everything(case):
        good = list(Evidence.objects.filter(dossier=case.pk, state="verified"))
        for one in good:
            reject_evidence(one, cast.officer, note="系伪造")
        return nullcontext() if good else None

    return everything


def one(**facts):
    return lambda _case, _actor: [facts]


def never(_case, _actor):
    return []


def service(_case, _actor):
    by_hand = {"method": "direct", "relation": "staff", "served_on": clock.today(), "recipient": "院办"}
    return [by_hand | {"on_paper": "on"}]


def services(case, actor):
    """By hand, and by announcement, which counts a month later."""
    yield from service(case, actor)
    posted = {"method": "announcement", "served_on": clock.today(), "recipient": "院办", "reason": "下落不明",
              "announced_in": "本局网站"}  # fmt: skip
    yield posted | {"on_paper": "on"}


def discussion(case, actor):
    """Carried, and not; held today, and said to have been held on the day of the notice."""
    for on in days_to_claim(case):
        yield minutes([actor.user], held_on=on)
        yield minutes([actor.user], against=1, held_on=on)


def statement(case, actor):
    """One at a time: the next once all before are answered."""
    if any(not point.answer for kept in case.statements.all() for point in kept.points.all()):
        return []
    said = {"made_on": clock.today(), "made_by": "院长", "text": "不同意"}
    return [said if actor.provider else said | {"on_paper": "on"}]


def late_statement(case, actor):
    """Made on the day of the service, and today, which may be too late; once a round, so that the walk ends."""
    since = case.events.filter(verb="serve_notice").latest("seq").seq
    if case.events.filter(verb="record_late_statement", seq__gt=since).exists():
        return
    for facts in statement(case, actor):
        for on in days_to_claim(case):
            yield facts | {"made_on": on, "received_on": clock.today(), "proof": "邮戳"}


def answers(case, _actor):
    points = [point for kept in case.statements.all() for point in kept.points.all() if not point.answer]
    facts = {f"answer_{point.pk}": "已核对" for point in points} | {f"accepted_{point.pk}": "no" for point in points}
    return [facts | {"rechecked": "核对无误"}] if points else []


def days_to_claim(case):
    """Today, and the day the notice was served: a decision or minutes may be dated back, if anybody lets it."""
    return dict.fromkeys((clock.today(), case.notice_served_on))


WAIVER = {"declared_by": "院长", "on_paper": "on"}


def choices(cast, reports):
    def report(case, _actor):
        standing = {"nature": "重复收费", "opinion": "处罚", "lenient": [], "aggravating": []}
        return [standing | given for given in reports]

    def penalty(case, _actor):
        for on in days_to_claim(case):
            for fine in (case.proposed_fine, case.proposed_fine + 1):
                yield {"tier": case.tier, "fine": fine, "decided_on": on}

    def no_penalty(case, _actor):
        for on in days_to_claim(case):
            yield {"reason": "违法事实不能成立", "decided_on": on}

    def requested(case, _actor):
        host, ahead = cast.reviewer.user.pk, clock.today() + timedelta(days=20)
        for on in days_to_claim(case):
            yield {"requested_on": on, "hearing_on": ahead, "place": "二楼", "host": host}

    def hearing(case, _actor):
        if clock.today() < case.hearing_on:
            return
        for absent in ("", "on"):
            yield {"held_on": clock.today(), "present": "双方", "transcript": "笔录", "absent": absent}

    def published(case, _actor):
        for on in dict.fromkeys((clock.today(), case.decided_on, case.notice_served_on)):
            yield {"published_on": on, "digest": "某医院重复收费被处罚"}

    def fact(case, _actor):
        if case.facts.filter(withdrawn_at=None).exists():
            return []
        proofs = list(Evidence.objects.filter(dossier=case.pk).exclude(state="rejected").values_list("pk", flat=True))
        found = {"act": "RG-38.3", "description": "重复收费", "fund": "employee", "amount": "70000", "evidence": proofs}
        return [found | conduct()] if proofs else []

    def corrected(case, _actor):
        on = clock.today()
        return [] if case.correction_ordered_on else [{"ordered_on": on, "correct_by": on, "content": "整改"}]

    reason = one(reason="理由")
    return {
        "refuse_filing": reason, "send_back": reason, "transfer_to_agency": reason, "reopen_investigation": reason,
        "send_back_after_discussion": reason, "terminate": reason, "resume": reason,
        "close": one(reason="理由", correction="corrected"),
        "establish_fact": fact,
        "withdraw_fact": lambda case, _actor: [
            {"fact": kept.pk, "reason": "不成立"} for kept in case.facts.filter(withdrawn_at=None)
        ],
        "order_correction": corrected,
        "suspend": one(ground="ruling", reason="等待裁判"),
        "submit_report": report,
        "serve_notice": service, "serve_decision": services, "serve_no_penalty": service,
        "record_statement": statement, "make_statement": statement, "record_late_statement": late_statement,
        "answer_statement": answers,
        "waive_statement": lambda *_: [
            WAIVER | {"declared_on": clock.today(), "hearing_waived": too} for too in ("", "on")
        ],
        "waive_hearing": lambda *_: [WAIVER | {"declared_on": clock.today()}],
        "request_hearing": requested, "hold_hearing": hearing,
        "pass_legal_review": one(sound=SOUND, reasons="同意"),
        "return_for_correction": one(opinion="correct", reasons="程序有误"),
        "return_for_investigation": one(opinion="investigate", reasons="事实不清"),
        "deliberate": discussion,
        "decide_penalty": penalty, "decide_no_penalty": no_penalty,
        "publish": published,
        "take_over_extension": never,  # done with the proposal: tests/law/test_pp_14.py
        "correct_publication": never,  # changes no more than the words: tests/law/test_pp_46.py
        # Beside the way to the decision: tests/law/test_cr_2.py to test_cr_6.py
        "propose_referral": never, "decide_referral": never, "decline_referral": never, "send_to_police": never,
        "record_police_answer": never, "request_review": never, "record_review_answer": never,
        "suggest_supervision": never, "record_supervision": never, "accept_refusal": never, "hand_over": never,
        "record_return": never,
        "lower_fine": never,  # a matter of money alone: tests/law/test_pp_46.py
        # Terms other than the windows stand in the way of nothing: their own walk is below.
        "extend_filing": never, "extend_decision": never, "extend_decision_again": never, "extend_legal_review": never,
    }  # fmt: skip


SMALL = {"tier": "ordinary", "fine": "95000.00"}
LARGE = {"tier": "ordinary", "fine": "110000.00"}


def players(cast):
    return [cast.officer, cast.head, cast.reviewer, cast.hospital, cast.system]


@pytest.fixture
def start(store, cast, provider):
    """A case proposed two years ago, with evidence at hand."""
    with ago(730):
        case = proposed(cast, provider)
        evidence(case, cast)
        yield case


def walk(case, cast, reports, *, aside=(), moves=()):
    explorer = Explorer(
        actors=players(cast),
        choices=choices(cast, reports) | dict.fromkeys(aside, never),
        key=situation,
        check=lawful,
        moves={"days pass": next_due, "sweep": sweep, "hearing day": hearing_day, "service day": service_day,
               "pay": pay(cast), "order served": order_served(cast), **dict(moves)},
    )  # fmt: skip
    explorer.explore(case)
    return explorer


EVERY_STATE = {"proposed", "not_filed", "investigating", "suspended", "reported", "notice_issued", "in_statement",
               "reexamining", "in_legal_review", "reviewed", "deliberated", "decided", "performing", "closed",
               "archived", "transferred", "terminated"}  # fmt: skip


# Tried at every turn of the small case; they lead nowhere that a hearing or a second fine would change.
SIDEWAYS = ("refuse_filing", "suspend", "transfer_to_agency", "terminate", "withdraw_fact", "make_statement",
            "record_late_statement")  # fmt: skip


def test_small_and_marked_major(start, cast):
    explorer = walk(start, cast, [SMALL, SMALL | {"major": "on"}])
    assert explorer.states() == EVERY_STATE
    decided = {mark[1] for mark in explorer.reached if mark[0] == "decided"}
    assert decided == {"penalty", "no_penalty"}


def test_large(start, cast):
    explorer = walk(start, cast, [LARGE], aside=("refuse_filing", "suspend", "transfer_to_agency", "make_statement"))
    assert explorer.states() == EVERY_STATE - {"not_filed", "suspended", "transferred"} | {"in_hearing"}
    assert {mark[-1].hearing for mark in explorer.reached if mark[0] == "reviewed"} == {"held", "waived", "lapsed"}


def test_from_large_to_small_and_back(start, cast):
    walk(start, cast, [LARGE, SMALL], aside=SIDEWAYS)


def test_evidence_that_falls_away(start, cast):
    explorer = walk(start, cast, [SMALL], aside=SIDEWAYS, moves={"reject": reject(cast)})
    fallen = {mark[0] for mark in explorer.reached if mark[0] in ("reviewed", "deliberated") and not mark[4]}
    assert fallen == {"reviewed", "deliberated"}


LIMITS = {"filing": 1, "legal_review": 1, "decision": 2}
# The straight course is enough to meet every state in which a term may be extended.
STRAIGHT = ("refuse_filing", "transfer_to_agency", "terminate", "withdraw_fact", "make_statement", "record_statement",
            "record_late_statement", "send_back", "reopen_investigation", "return_for_correction",
            "return_for_investigation", "deliberate", "send_back_after_discussion", "decide_penalty",
            "decide_no_penalty")  # fmt: skip


def terms_of(case):
    """Each term that may be extended: how often it was, how it stands, whether its last day is over."""
    newest = {term.kind: term for term in case.term_set.filter(kind__in=LIMITS).order_by("pk")}
    return {
        kind: (extensions(case, kind), term.state, term.is_open and clock.today() > term.due)
        for kind, term in newest.items()
    }


def kept_terms(case, path):
    """No term is extended more often than its article says, after its end, or becomes shorter."""
    for kind, (extended, _state, _late) in terms_of(case).items():
        assert extended <= LIMITS[kind], path
    told = list(case.events.order_by("seq"))
    ends = [event.facts["due"]["decision"] for event in told if "decision" in event.facts.get("due", {})]
    assert ends == sorted(ends), path
    for kind in LIMITS:
        over = [event.seq for event in told if event.verb == "term_overdue" and event.facts["term"] == kind]
        extended = [event.seq for event in told if event.verb.startswith(f"extend_{kind}")]
        assert not over or max(extended, default=0) < over[0], path


def long_due(case):
    """Days pass until the time to file, to review or to decide is over."""
    waiting = case.term_set.filter(kind__in=LIMITS, state="running", due__gte=clock.today()).order_by("due").first()
    return clock.stopped_at(at(waiting.due + timedelta(days=1))) if waiting else None


def test_no_term_is_extended_beyond_its_article(start, cast):
    reason = one(reason="案情复杂")
    extending = {
        "extend_filing": reason,
        "extend_decision": reason,
        "extend_legal_review": reason,
        "extend_decision_again": lambda _case, actor: [minutes([actor.user], resolution="同意延长")],
    }
    explorer = Explorer(
        actors=players(cast),
        choices=choices(cast, [SMALL]) | dict.fromkeys(STRAIGHT, never) | extending,
        key=lambda case: (case.state, *shape(case), tuple(sorted(terms_of(case).items()))),
        check=kept_terms,
        moves={"days pass": long_due, "sweep": sweep},
    )
    explorer.explore(start)
    reached = [dict(mark[-1]) for mark in explorer.reached]
    assert {kind: max(terms[kind][0] for terms in reached if kind in terms) for kind in LIMITS} == LIMITS
    assert {terms["decision"][1] for terms in reached if "decision" in terms} == {"running", "paused", "overdue"}

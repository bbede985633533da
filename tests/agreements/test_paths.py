"""No order of steps leads a breach case to its decision past what HY-21 and HY-22 ask for."""

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from supervision.parties.actors import holders
from supervision.parties.roles import HEADS
from supervision.procedure import clock
from tests.breach_stage import ago, recover, registered, terminating
from tests.explore import Explorer
from tests.minutes import minutes

pytestmark = [pytest.mark.law("HY-21", "HY-22", "HY-20")]

# Steps that no guard of a decision looks at, and those after it; left out, the walk is shorter and not weaker.
ASIDE = (
    "pause_settlement", "restore_settlement", "report_to_bureau", "dismiss", "serve_decision", "agree_to_decision",
    "file_with_city", "carry_out", "close",
)  # fmt: skip


def people_of(actor):
    return list(holders(actor.authority, HEADS, clock.today()).values_list("pk", flat=True))


def discussion(_case, actor):
    """Carried, and not carried."""
    people = people_of(actor)
    yield minutes(people)
    yield minutes(people, against=len(people))


def answers(case, _actor):
    points = [point for statement in case.statements.all() for point in statement.points.all() if not point.answer]
    yield {f"answer_{p.pk}": "已核对。" for p in points} | {f"accepted_{p.pk}": "no" for p in points}


STATEMENT = {"made_by": "示例负责人", "text": "不同意。"}


def late(case, _actor):
    """While nothing was stated: posted on the last day, on the day after, and before the notice was served."""
    last = case.term("statement").due
    days = (last, last + timedelta(days=1), case.notice_served_on - timedelta(days=1))
    for on in [] if case.statements.exists() else [day for day in days if day <= clock.today()]:
        yield {**STATEMENT, "on_paper": "on", "made_on": on, "received_on": clock.today(), "proof": "邮戳"}


def one(**facts):
    return lambda _case, _actor: [facts]


def once(name, **facts):
    """Tried while it has not been done yet, so that the walk ends."""
    return lambda case, _actor: [] if case.events.filter(verb=name).exists() else [facts]


def choices(measures):
    service = {"method": "direct", "relation": "staff", "served_on": clock.today(), "recipient": "示例收件人",
               "on_paper": "on"}  # fmt: skip
    decision = {"decision_text": "事实清楚。", "pay_by": clock.today() + timedelta(days=30)}
    statement = {**STATEMENT, "made_on": clock.today()}
    return {
        "choose_measures": lambda *_: [],
        "serve_notice": one(**service),
        "record_statement": lambda case, _actor: [] if case.statements.exists() else [statement | {"on_paper": "on"}],
        "make_statement": lambda case, _actor: [] if case.statements.exists() else [statement],
        "record_late_statement": late,
        "waive_statement": one(declared_by="示例负责人", declared_on=clock.today(), on_paper="on"),
        "answer_statement": answers,
        "reexamine": one(conclusion="维持。"),
        "lighten_measures": once("lighten_measures", **flat(measures)),
        "deliberate": discussion,
        "deliberate_termination": discussion,
        "deliberate_consent": discussion,
        "give_opinion": one(opinion="agree", reasons="同意。"),
        "decide": one(**decision),
        "decide_termination": one(**decision),
        "send_back": once("send_back", reason="退回。"),
        "withdraw_decision": once("withdraw_decision", reason="撤回。"),
        "object_to_decision": once("object_to_decision", reason="不同意。"),
    } | {step: lambda *_: [] for step in ASIDE}


def flat(measures):
    empty = {"amounts": {}, "ground": "", "months": "", "departments": []}
    return {name: measures.get(name, value) for name, value in empty.items()} | {"measures": measures["measures"]}


def upwards(walk):
    def opinions(_case, _actor):
        yield {"opinion": "agree", "reasons": "同意。"}
        yield {"opinion": "correct", "reasons": "程序有误。"}

    # The handling agency's own discussion and a lighter proposal are no part of this course: see the other walks.
    return {**walk, "give_opinion": opinions, "deliberate": lambda *_: [], "lighten_measures": lambda *_: []}


def days_pass(case):
    """Days pass until the window is over; the sweeper has not run yet."""
    window = case.term_set.filter(kind="statement", state="running", due__gte=clock.today()).first()
    if window is None:
        return None
    morning = timezone.make_aware(datetime.combine(window.due + timedelta(days=1), time(9)))
    return clock.stopped_at(morning)


def situation(case):
    """What the guards look at, read from the tables anew."""
    terms = tuple((term.kind, term.state, clock.today() > term.due) for term in case.term_set.order_by("pk"))
    points = [point for statement in case.statements.all() for point in statement.points.all()]
    last = {}
    for held in case.deliberations.order_by("pk"):
        last[held.purpose] = (held.carried, held.pk > case.discussions_before)
    review = case.legal_reviews.order_by("pk").last()
    done = {"lighten_measures", "send_back", "withdraw_decision", "object_to_decision"}
    return (
        case.state,
        terms,
        len(points),
        sum(bool(point.answer) for point in points),
        case.waived,
        case.referred_on is not None,
        tuple(sorted(last.items())),
        (review.passed, review.pk > case.reviews_before) if review else None,
        case.review_agreed,
        tuple(sorted(case.events.filter(verb__in=done).values_list("verb", flat=True))),
    )


def lawful(collective, termination):
    """What must have happened before a decision, told by the record itself and not by the guards."""

    def check(case, path):
        if case.state != "decided":
            return
        told = list(case.events.order_by("seq"))
        decided = max(event.seq for event in told if event.verb in ("decide", "decide_termination"))
        before = [event for event in told if event.seq < decided]
        verbs = [event.verb for event in before]
        assert "serve_notice" in verbs, path
        ended = {"end_statement_period", "waive_statement"} & set(verbs)
        assert ended, path
        last = case.term_set.get(kind="statement").due
        for event in before:
            if event.verb == "end_statement_period":
                assert timezone.localdate(event.at) > last, path
            if event.verb == "record_late_statement":
                assert case.notice_served_on <= date.fromisoformat(event.facts["made_on"]) <= last, path
        assert case.term_set.get(kind="statement").state in ("lapsed", "met"), path
        for statement in case.statements.all():
            assert all(point.answer for point in statement.points.all()), path
        assert bool(case.waived) != bool(case.statements.all()), path
        proposed = max((e.seq for e in before if e.verb in ANEW), default=0)
        since = [event for event in before if event.seq > proposed]
        carried = {held.purpose: held.carried for held in case.deliberations.order_by("pk")}
        if termination:
            order = [verb for verb in (e.verb for e in since) if verb in COURSE]
            assert [v for v in COURSE if v in order] == list(COURSE), path
            places = [len(order) - 1 - order[::-1].index(verb) for verb in COURSE]
            assert places == sorted(places), path
            assert carried["deliberate_termination"], path
            assert carried["deliberate_consent"], path
            assert case.legal_reviews.order_by("pk").last().passed, path
            assert "decide" not in verbs, path
        elif collective:
            assert "deliberate" in [event.verb for event in since], path
            assert carried["deliberate"], path

    return check


ANEW = ("lighten_measures", "send_back", "withdraw_decision", "record_late_statement")
COURSE = ("deliberate_termination", "submit_for_review", "give_opinion", "deliberate_consent")


# The guards a late letter meets are those of the other two courses.
LATE_ASIDE = (recover("49999.99"), {"measures": ["suspend_agreement"], "months": "2"})

PLAYERS = ("clerk", "agency_head", "hospital", "city_clerk", "city_agency_head", "city_agency_reviewer", "city_head",
           "head", "system")  # fmt: skip


@pytest.mark.parametrize(
    ("measures", "collective", "termination"),
    [
        (recover("49999.99"), False, False),
        (recover("50000.00"), True, False),
        ({"measures": ["suspend_agreement"], "months": "2"}, True, False),
        (terminating(), True, True),
    ],
    ids=["49,999.99", "50,000.00", "suspension", "termination"],
)
def test_every_path_to_a_decision_is_lawful(cast, agreement, provider, measures, collective, termination):
    with ago(20):
        case = registered(cast, provider, measures)
    # Begun a fortnight ago, so that the days of a notice served then can be over by now.
    with clock.stopped_at(timezone.now() - timedelta(days=14)):
        walk = choices(measures)
        if measures in LATE_ASIDE:
            walk["record_late_statement"] = lambda *_: []
        explorer = Explorer(
            actors=[getattr(cast, name) for name in PLAYERS],
            choices=upwards(walk) if termination else walk,
            key=situation,
            check=lawful(collective, termination),
            moves={"days pass": days_pass},
        )
        explorer.explore(case)
    assert explorer.states() >= {"registered", "notice_issued", "in_statement", "heard", "reexamined", "decided"}
    paths = {mark: path for mark, path in explorer.reached.items() if mark[0] == "decided"}
    assert paths
    undiscussed = [path for path in paths.values() if "deliberate" not in path and not termination]
    assert bool(undiscussed) is (not collective)

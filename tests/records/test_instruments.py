"""Statements, collective discussions and legal reviews, as steps of breaches and cases leave them."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from supervision.parties.models import Post
from supervision.parties.roles import Role
from supervision.procedure import clock
from supervision.procedure.declare import Context
from supervision.procedure.services import advance, assign
from supervision.records import effects, keeping, rules
from supervision.records.forms import AnswerStatementForm, DeliberationForm, LegalReviewForm, StatementForm
from supervision.records.models import Deliberation, LegalReview, Statement, StatementPoint, Vote
from supervision.records.rows import KEPT
from supervision.records.selectors import reviews_of, statements_of
from supervision.records.votes import NOTHING_ADDED
from tests.cast import person
from tests.minutes import minutes


def filled(form_class, dossier, actor, **data):
    form = form_class(data, dossier=dossier, actor=actor)
    assert form.is_valid(), form.errors
    return Context(actor=actor, today=clock.today(), now=clock.now(), facts=form.cleaned_data)


def kept(what, dossier, step, context):
    """The row a step leaves, as the door writes it."""
    first, *_ = keeping.keep_for_step(dossier, what, step, context)
    return KEPT[first["row_of"]].model.objects.get(pk=first["id"])


def stated(errand, cast, points=("未重复收费", "金额有误")):
    facts = {"made_on": clock.today(), "made_by": "示例医院", "text": "我院认为……", "points": "\n".join(points)}
    facts["on_paper"] = "on"
    return kept("statement", errand, "record", filled(StatementForm, errand, cast.clerk, **facts))


def answered(errand, cast, **data):
    context = filled(AnswerStatementForm, errand, cast.clerk, **data)
    kept("answers", errand, "answer", context)


@pytest.mark.law("HY-22")
def test_every_point_waits_for_its_answer(errand, cast):
    assert rules.statements_answered(errand)
    statement = stated(errand, cast)
    first, second = statement.points.all()
    assert not rules.statements_answered(errand)
    form = AnswerStatementForm({f"answer_{first.pk}": "不采纳"}, dossier=errand, actor=cast.clerk)
    assert set(form.errors) == {f"accepted_{first.pk}", f"answer_{second.pk}", f"accepted_{second.pk}"}
    answered(
        errand,
        cast,
        **{
            f"answer_{first.pk}": "票据证明重复收费",
            f"accepted_{first.pk}": "no",
            f"answer_{second.pk}": "核减",
            f"accepted_{second.pk}": True,
        },
    )
    assert rules.statements_answered(errand)
    assert [point.accepted for point in statements_of(errand)[0].points.all()] == [False, True]


@pytest.mark.law("HY-22")
def test_a_second_statement_opens_the_question_again(errand, cast):
    (point,) = stated(errand, cast, points=()).points.all()
    assert point.text == "我院认为……"
    answered(errand, cast, **{f"answer_{point.pk}": "答复", f"accepted_{point.pk}": "yes"})
    stated(errand, cast, points=["另一点"])
    assert not rules.statements_answered(errand)


def test_what_the_party_wrote_is_never_markup_of_the_form(errand, cast):
    stated(errand, cast, points=["<script>alert(1)</script>"])
    assert "<script>" not in str(AnswerStatementForm(dossier=errand, actor=cast.clerk))


def test_the_first_answer_stands(errand, cast):
    (point,) = stated(errand, cast, points=["一"]).points.all()
    answered(errand, cast, **{f"answer_{point.pk}": "答复", f"accepted_{point.pk}": "yes"})
    with pytest.raises(DatabaseError), transaction.atomic():
        StatementPoint.objects.filter(pk=point.pk).update(answer="改口")
    with pytest.raises(DatabaseError), transaction.atomic():
        Statement.objects.update(text="改写")


@pytest.mark.law("HY-22")
def test_the_window_closes_by_lapse_waiver_or_its_last_day(errand, cast):
    def closed(on):
        case = type(errand).objects.get(pk=errand.pk)
        case.running["statement"] = case.term("answer")
        return rules.statement_window_closed(case, Context(actor=cast.clerk, today=on, now=clock.now()))

    today = clock.today()
    assert not rules.statement_window_closed(errand, Context(actor=cast.clerk, today=today, now=clock.now()))
    advance(errand, "tell", cast.clerk, told_on=today)
    assert not closed(today)
    assert not closed(errand.term("answer").due)
    assert closed(errand.term("answer").due + timedelta(days=1))
    advance(errand, "weigh", cast.clerk)
    assert closed(today)


@pytest.fixture
def five(cast, land):
    """All leading members of the county's agency."""
    deputies = [person(f"deputy{n}", land.county_agency, Role.AGENCY_HEAD).user for n in range(4)]
    return [cast.agency_head.user, *deputies]


@pytest.fixture
def three(five):
    return five[:3]


@pytest.mark.law("HY-21", "PP-44")
def test_a_discussion_is_carried_by_quorum_and_majority(errand, cast, three):
    assert not rules.deliberation_carried(errand)
    context = filled(DeliberationForm, errand, cast.agency_head, **minutes(three))
    held = kept("deliberation", errand, "discuss", context)
    assert (held.present, held.carried, held.purpose, held.body) == (3, True, "discuss", errand.authority)
    assert held.entitled == 5, "all who lead the body that day, whoever counts them"
    assert {person.pk for person in held.attendees.all()} == {person.pk for person in three}
    assert rules.deliberation_carried(errand)
    assert rules.deliberation_carried_for("discuss")(errand)
    assert not rules.deliberation_carried_for("discuss_in_city")(errand)


@pytest.mark.law("HY-21", "PP-44")
def test_the_newest_discussion_counts(errand, cast, three):
    for abstained in (1, 2):
        context = filled(DeliberationForm, errand, cast.agency_head, **minutes(three, abstained=abstained))
        kept("deliberation", errand, "discuss", context)
    assert not rules.deliberation_carried(errand)


@pytest.mark.law("HY-21", "PP-44")
def test_every_member_present_has_a_vote_and_words_on_record(errand, cast, three):
    said = minutes(three, against=1, recorder=cast.clerk.user.pk)
    held = kept("deliberation", errand, "discuss", filled(DeliberationForm, errand, cast.agency_head, **said))
    votes = [(one.member, one.choice, one.opinion) for one in held.votes.all()]
    assert votes == [
        (three[0], "for", NOTHING_ADDED), (three[1], "for", NOTHING_ADDED), (three[2], "against", "不同意，建议再议。"),
    ]  # fmt: skip
    assert (held.votes_for, held.votes_against, held.abstained) == (2, 1, 0)
    assert held.dissent == f"{three[2].name}：不同意，建议再议。"
    assert (held.place, f"{held.begun_at:%H:%M}", f"{held.ended_at:%H:%M}") == (
        "三楼会议室",
        said["begun_at"],
        said["ended_at"],
    )
    assert held.recorder == cast.clerk.user
    with pytest.raises(DatabaseError), transaction.atomic():
        Vote.objects.filter(pk=held.votes.last().pk).update(choice="for")
    with pytest.raises(DatabaseError), transaction.atomic():
        Vote.objects.filter(pk=held.votes.last().pk)._raw_delete("default")


@pytest.mark.law("HY-21", "PP-44")
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"held_on": clock.today() + timedelta(days=1)}, "held_on"),
        ({"begun_at": "00:02", "ended_at": "00:01"}, "ended_at"),
        ({"begun_at": ""}, "begun_at"),
        ({"place": " "}, "place"),
        ({"votes": {}}, "votes"),
    ],
)
def test_minutes_that_do_not_add_up_are_refused(errand, cast, three, changes, field):
    with clock.stopped_at(timezone.now().replace(hour=4) - timedelta(days=1)):  # noon here
        form = DeliberationForm(minutes(three, **changes), dossier=errand, actor=cast.agency_head)
        assert list(form.errors) == [field]


@pytest.mark.law("HY-21", "PP-44")
def test_a_discussion_still_to_come_has_no_minutes(errand, cast, three):
    noon = timezone.localtime().replace(hour=12, minute=0) - timedelta(days=1)
    with clock.stopped_at(noon):
        for hours, wrong in (
            ({"begun_at": "11:00", "ended_at": "12:00"}, []),
            ({"begun_at": "11:00", "ended_at": "12:02"}, ["ended_at"]),
            ({"begun_at": "12:10", "ended_at": "13:00"}, ["begun_at", "ended_at"]),
            ({"begun_at": "12:10", "ended_at": "13:00", "held_on": clock.today() - timedelta(days=1)}, []),
        ):
            form = DeliberationForm(minutes(three, **hours), dossier=errand, actor=cast.agency_head)
            assert sorted(form.errors) == wrong, hours


@pytest.mark.law("PP-44")
@pytest.mark.parametrize(
    "row",
    [
        {"vote": "against"}, {"vote": "abstained", "opinion": " "}, {"opinion": "同意"}, "yes",
        {"vote": "for"}, "for", {"vote": "for", "opinion": " ", "silent": False}, {"silent": True},
        {"vote": "against", "silent": True}, {"vote": "abstained", "opinion": NOTHING_ADDED},
        {"vote": "for", "opinion": "事实清楚。", "silent": True},
    ],
)  # fmt: skip
def test_of_every_member_the_minutes_hold_words_or_that_there_were_none(errand, cast, three, row):
    said = minutes(three)
    said["votes"][str(three[2].pk)] = row
    form = DeliberationForm(said, dossier=errand, actor=cast.agency_head)
    assert list(form.errors) == ["votes"]
    assert three[2].name in form.errors["votes"][0]


def test_the_page_asks_for_the_votes_a_row_a_member(errand, cast, three):
    said = minutes(three, against=1)
    typed = {f"votes-{key}-{name}": value for key, row in said.pop("votes").items() for name, value in row.items()}
    form = DeliberationForm(said | typed, dossier=errand, actor=cast.agency_head)
    assert form.is_valid(), form.errors
    assert [row["vote"] for row in form.cleaned_data["votes"].values()] == ["for", "for", "against"]
    again = str(DeliberationForm(said | typed, dossier=errand, actor=cast.agency_head)["votes"])
    assert again.count("<select") == 5
    assert again.count('type="checkbox"') == 5
    assert again.count(" checked") == 2
    assert "不同意，建议再议。" in again
    assert DeliberationForm.base_fields["votes"].told(form.cleaned_data["votes"]).count("；") == 2


@pytest.mark.law("HY-21")
def test_two_of_five_make_no_quorum_whatever_number_is_claimed(errand, cast, three):
    few = minutes(three[:2]) | {"entitled": 3}
    form = DeliberationForm(few, dossier=errand, actor=cast.agency_head)
    assert list(form.errors) == ["votes"]


@pytest.mark.law("PL-57", "PP-44")
def test_only_leading_members_vote_and_investigators_are_heard(errand, cast, three):
    for other in (cast.officer, cast.clerk, cast.finance):
        form = DeliberationForm(minutes([*three, other.user]), dossier=errand, actor=cast.agency_head)
        assert "votes" in form.errors
    said = minutes(three, heard=[cast.clerk.user.pk, cast.auditor.user.pk])
    assert set(filled(DeliberationForm, errand, cast.agency_head, **said).facts["heard"]) == {
        cast.clerk.user,
        cast.auditor.user,
    }


@pytest.mark.law("PL-57")
def test_a_leading_member_who_investigated_neither_votes_nor_counts(errand, cast, three):
    assign(errand, three[2], "assist", cast.agency_head)
    form = DeliberationForm(minutes(three), dossier=errand, actor=cast.agency_head)
    assert "votes" in form.errors
    said = minutes([*three[:2], cast.agency_head.user], heard=[three[2].pk])
    form = DeliberationForm(said, dossier=errand, actor=cast.agency_head)
    assert form.fields["chair"].queryset.count() == 4
    assert list(form.errors) == ["votes"], "two of the four who are left make no quorum"
    assert three[2] in form.fields["heard"].queryset


@pytest.mark.law("HY-21", "PP-44")
def test_the_members_are_those_of_the_day_it_was_held(errand, cast, three):
    left = Post.objects.get(user=three[2], authority=errand.authority)
    Post.objects.filter(pk=left.pk).update(valid=(date(2020, 1, 1), clock.today()))
    today, before = clock.today(), clock.today() - timedelta(days=1)
    counted = {}
    for on in (today, before):
        form = DeliberationForm(minutes(three, held_on=on), dossier=errand, actor=cast.agency_head)
        counted[on] = (form.fields["chair"].queryset.count(), form.is_valid())
    assert counted == {today: (4, False), before: (5, True)}


def test_the_database_knows_what_a_majority_is(errand, cast, three):
    context = filled(DeliberationForm, errand, cast.agency_head, **minutes(three, against=2))
    held = kept("deliberation", errand, "discuss", context)
    with pytest.raises(DatabaseError), transaction.atomic():
        Deliberation.objects.filter(pk=held.pk).update(carried=True)


def review(errand, actor, opinion, reasons=""):
    context = filled(LegalReviewForm, errand, actor, opinion=opinion, reasons=reasons)
    return kept("legal_review", errand, "review", context)


@pytest.mark.law("HY-40", "PP-37")
def test_a_review_passes_only_by_agreement_and_the_newest_counts(errand, cast):
    context = Context(actor=cast.clerk, today=clock.today(), now=clock.now())
    assert not rules.legal_review_passed(errand)
    kept("legal_review_request", errand, "submit", context)
    kept("legal_review_request", errand, "submit", context)
    assert len(reviews_of(errand)) == 1
    assert not rules.legal_review_passed(errand)
    review(errand, cast.reviewer, "investigate", "补充询问笔录")
    assert not rules.legal_review_passed(errand)
    review(errand, cast.reviewer, "agree", "事实清楚，同意")
    assert rules.legal_review_passed(errand)
    kept("legal_review_request", errand, "submit", context)
    assert not rules.legal_review_passed(errand)


@pytest.mark.law("PP-39")
@pytest.mark.parametrize("opinion", ["agree", "change"])
def test_every_opinion_is_given_in_words(errand, cast, opinion):
    form = LegalReviewForm({"opinion": opinion, "reasons": " "}, dossier=errand, actor=cast.reviewer)
    assert list(form.errors) == ["reasons"]


@pytest.mark.law("PP-37")
def test_a_decided_review_stands(errand, cast):
    decided = review(errand, cast.reviewer, "correct", "补送达回证")
    for change in ({"opinion": "agree", "passed": True}, {"passed": True}, {"reasons": "无"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            LegalReview.objects.filter(pk=decided.pk).update(**change)


def test_opening_to_the_party_shows_it_the_matter(errand, cast):
    effects.open_to_party(errand, Context(actor=cast.clerk, today=clock.today(), now=clock.now()))
    errand.refresh_from_db()
    assert errand.open_to_subject

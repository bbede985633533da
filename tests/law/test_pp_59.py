"""PP-59, PL-61: service in time, five ways, each with what it asks, and a certificate for each."""

from datetime import date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone

from supervision.procedure import clock
from supervision.procedure.declare import Context
from supervision.procedure.ports import Ports
from supervision.procedure.refusals import StepInvalid, StepRefused
from supervision.procedure.services import advance, withdraw
from supervision.records.forms import PROOFS
from supervision.records.models import ServiceOfDocument
from supervision.records.rules import paper_served
from supervision.records.selectors import papers_visible_to
from supervision.records.services import issue, serve, void_paper
from tests.case_stage import reported
from tests.reading import words

pytestmark = pytest.mark.law("PP-59", "PL-61")

ISSUED = datetime(2026, 9, 28, 10, tzinfo=timezone.get_default_timezone())
ACTED = date(2026, 9, 29)
COMPLETE = {
    "direct": {"relation": "staff"},
    "left": {
        "witness": "见证人甲",
        "witness_post": "示例社区居委会主任",
        "reason": "拒绝签收",
        "address": "甲县示例路1号",
        "refused": True,
    },
    "mail": {"address": "甲县示例路1号", "reference": "EX0001"},
    "electronic": {"consent": True, "address": "box@example.test"},
    "announcement": {"reason": "直接送达、邮寄送达均被退回", "announced_in": "本局网站公告栏"},
}


@pytest.fixture
def paper(errand, cast):
    with clock.stopped_at(ISSUED):
        return issue(errand, "sample", cast.clerk)


def by(method, **changes):
    return {"method": method, "served_on": ACTED, "recipient": "张某", "on_paper": True, **COMPLETE[method], **changes}


@pytest.mark.parametrize("method", COMPLETE)
def test_each_way_leaves_its_certificate(paper, errand, cast, method):
    service = serve(paper, cast.clerk, data=by(method))
    assert service.certificate.type == "service_certificate"
    assert service.certificate.facts["served"] == {"title": "样本通知书", "number": paper.number}
    event = errand.events.last()
    assert (event.verb, event.facts["served"]["certificate"]["number"]) == (
        "paper_served",
        service.certificate.number,
    )
    assert event.facts["served"]["certificate"]["sha256"] == service.certificate.sha256


@pytest.mark.parametrize(
    ("method", "without"),
    [
        ("direct", "relation"),
        ("left", "witness"),
        ("left", "witness_post"),
        ("left", "reason"),
        ("left", "address"),
        ("mail", "address"),
        ("mail", "reference"),
        ("electronic", "consent"),
        ("electronic", "address"),
        ("announcement", "reason"),
        ("announcement", "announced_in"),
    ],
)
def test_no_way_without_what_it_asks(paper, cast, method, without):
    facts = by(method)
    del facts[without]
    with pytest.raises(StepInvalid) as invalid:
        serve(paper, cast.clerk, data=facts)
    assert without in invalid.value.form.errors
    assert not ServiceOfDocument.objects.exists()


@pytest.mark.parametrize("method", COMPLETE)
def test_no_way_without_its_proof(paper, cast, method):
    with pytest.raises(StepInvalid) as invalid:
        serve(paper, cast.clerk, data=by(method, on_paper=False))
    assert dict(invalid.value.form.errors) == {"proof": [PROOFS[method]]}
    slip = SimpleUploadedFile("送达回证.txt", "示例回证".encode())
    assert serve(paper, cast.clerk, data=by(method, on_paper=False), files={"proof": slip}).evidence is not None
    assert serve(paper, cast.clerk, data=by(method)).evidence is None


@pytest.mark.parametrize(
    ("method", "told"),
    [
        ("direct", ["收件人张某", "与受送达人关系负责收件的人员", "受送达人（收件人）张某"]),
        ("left", ["拒收人张某", "拒收事由拒绝签收", "见证人甲（示例社区居委会主任）", "见证人见证人甲"]),
        ("mail", ["邮寄地址甲县示例路1号", "邮件号码EX0001", "签收日期2026年9月29日"]),
        ("electronic", ["电子送达地址box@example.test", "受送达人已签署", "到达日期2026年9月29日16时05分"]),
        (
            "announcement",
            ["公告载体本局网站公告栏", "公告原因直接送达、邮寄送达均被退回", "视为送达日期2026年10月29日"],
        ),
    ],
)
def test_the_certificate_tells_all_that_was_asked(paper, cast, method, told):
    said = words(serve(paper, cast.clerk, data=by(method, acted_at="16:05")).certificate)
    for part in [*told, "（原件存入纸质案卷）", f"样本通知书　{paper.number}"]:
        assert part.replace("　", "") in said.replace("　", "")


def test_the_certificate_names_the_proof(paper, cast):
    slip = SimpleUploadedFile("送达回证.txt", "示例回证".encode())
    service = serve(paper, cast.clerk, data=by("direct", on_paper=False), files={"proof": slip})
    said = words(service.certificate)
    assert f"受送达人签收的送达回证：{service.evidence.title}（已作为证据入卷" in said
    assert service.evidence.sha256[:32] in said


@pytest.mark.law("PL-42")
def test_two_serve_a_paper_of_the_bureau(cast, provider, doors):
    case = reported(cast, provider)
    advance(case, "notify", cast.head)
    said = by("direct", served_on=clock.today().isoformat())
    for one in case.assignments.exclude(user=cast.officer.user):
        withdraw(case, one.user, "回避", cast.head)
    case.refresh_from_db()
    doors.mistake(case, "serve_notice", cast.officer, said, field="second_server")
    doors.mistake(
        case, "serve_notice", cast.officer, said | {"second_server": cast.officer.user.pk}, field="second_server"
    )
    advance(case, "serve_notice", cast.officer, data=said | {"second_server": cast.second_officer.user.pk})
    service = ServiceOfDocument.objects.get(paper__type="penalty_notice")
    assert (service.served_by, service.second_server) == (cast.officer.user, cast.second_officer.user)
    read = words(service.certificate)
    for one in (cast.officer, cast.second_officer):
        assert f"送达人{one.user.name}（证件号：{one.user.certificates.get().number}）" in read


def test_the_other_officer_in_charge_serves_along_unless_another_is_named(paper, cast):
    assert serve(paper, cast.clerk, data=by("direct")).second_server == cast.auditor.user
    assert serve(paper, cast.clerk, data=by("mail")).second_server is None


def test_leaving_a_notice_without_a_witness_is_told_at_the_witness(cast, provider, doors):
    case = reported(cast, provider)
    advance(case, "notify", cast.head)
    left = by("left", served_on=clock.today().isoformat(), witness="")
    doors.mistake(case, "serve_notice", cast.officer, left, field="witness")


def test_leaving_it_on_record_does_without_a_witness(paper, cast):
    service = serve(paper, cast.clerk, data=by("left", witness="", recorded=True))
    assert service.recorded


def test_a_refused_receipt_is_no_direct_service(paper, cast):
    with pytest.raises(StepInvalid):
        serve(paper, cast.clerk, data=by("direct", refused=True))


def test_an_announcement_serves_when_its_period_is_over(paper, cast, errand):
    service = serve(paper, cast.clerk, data=by("announcement"))
    # Thirty calendar days from 29 September end on 29 October, a working day.
    assert (service.acted_on, service.served_on) == (ACTED, date(2026, 10, 29))
    served = paper_served("sample")
    on = timezone.make_aware(datetime(2026, 10, 28, 12))
    assert not served(errand, Context(actor=cast.clerk, today=on.date(), now=on))
    assert served(errand, Context(actor=cast.clerk, today=date(2026, 10, 29), now=on))


def test_arrival_is_service_for_electronic(paper, cast):
    assert serve(paper, cast.clerk, data=by("electronic")).served_on == ACTED


def test_seven_working_days_are_counted_over_the_holiday(paper, cast):
    # Issued Monday 28 September; the week of 1 October is off and Saturday the 10th is worked.
    service = serve(paper, cast.clerk, data=by("direct", served_on=date(2026, 10, 13)))
    assert service.due == date(2026, 10, 13)
    assert not service.is_late
    later = serve(paper, cast.clerk, data=by("direct", served_on=date(2026, 10, 14)))
    assert later.is_late
    assert later.certificate.facts["late"] is True


def test_no_service_before_issue_or_in_the_future(paper, cast):
    for day in (ISSUED.date() - timedelta(days=1), clock.today() + timedelta(days=1)):
        with pytest.raises(StepInvalid):
            serve(paper, cast.clerk, data=by("direct", served_on=day))


def test_a_void_paper_is_not_served(paper, cast):
    void_paper(paper, cast.clerk, reason="有误")
    with pytest.raises(StepRefused):
        serve(paper, cast.clerk, data=by("direct"))


def test_a_step_serves_the_newest_paper_through_the_port(paper, errand, cast):
    second = issue(errand, "sample", cast.clerk)
    context = Context(
        actor=cast.clerk,
        today=clock.today(),
        now=clock.now(),
        facts={"method": "direct", "relation": "staff", "served_on": clock.today(), "recipient": "张某"},
    )
    with transaction.atomic():
        told = Ports.record_service(errand, "sample", context)
    assert told["paper"]["number"] == second.number
    with pytest.raises(StepRefused), transaction.atomic():
        Ports.record_service(errand, "service_request", context)


def test_proof_of_service_becomes_evidence(paper, errand, cast):
    slip = SimpleUploadedFile("回执.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 64)
    service = serve(paper, cast.clerk, data=by("mail"), files={"proof": slip})
    assert service.evidence.original_name == "回执.png"
    assert {person.pk for person in service.evidence.collectors.all()} == {cast.clerk.user.pk, cast.auditor.user.pk}
    assert errand.events.last().facts["proof"]["sha256"] == service.evidence.sha256


def test_the_party_sees_what_was_served_to_it_and_nothing_else(paper, errand, cast):
    type(errand).objects.filter(pk=errand.pk).update(open_to_subject=True)
    assert not papers_visible_to(cast.hospital).exists()
    serve(paper, cast.clerk, data=by("direct"))
    assert papers_visible_to(cast.hospital).get() == paper
    assert not papers_visible_to(cast.twin_clerk).exists()


@pytest.mark.parametrize("change", [{"served_on": date(2026, 9, 30)}, {"recipient": "某"}, {"certificate": None}])
def test_the_database_keeps_a_service(paper, cast, change):
    service = serve(paper, cast.clerk, data=by("direct"))
    with pytest.raises(DatabaseError), transaction.atomic():
        ServiceOfDocument.objects.filter(pk=service.pk).update(**change)


def test_the_database_asks_for_a_witness_too(paper):
    with pytest.raises(DatabaseError), transaction.atomic():
        ServiceOfDocument.objects.create(
            paper=paper,
            method="left",
            acted_on=ACTED,
            served_on=ACTED,
            due=ACTED,
            recipient="某",
            recorded_at=clock.now(),
        )

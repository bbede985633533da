"""Enforcement cases at every stage, over two years; money partly paid, decisions published."""

from decimal import ROUND_HALF_UP, Decimal

from enforcement.discretion import Tier, fine_range
from enforcement.models import EnforcementCase
from enforcement.selectors import repeated_within_year
from enforcement.services import propose_case
from funds.models import Receivable
from funds.services import record_receipt
from supervision.parties.models import Provider, Region
from supervision.parties.roles import Role
from supervision.procedure import clock, lapses
from supervision.procedure.services import advance
from supervision.records.models import LegalReview

from .city import City
from .stage import Desk, answer, days_ago, discuss, in_days, proof, serve, serve_paper

STAGES = (
    "proposed", "filed", "reported", "noticed", "stating", "reexamining", "in_review", "reviewed", "deliberated",
    "decided", "performing", "published", "closed", "archived",
)  # fmt: skip
ACTS = (
    ("RG-38.3", "重复收费、超标准收费"),
    ("RG-38.1", "分解住院、挂床住院"),
    ("RG-38.2", "过度检查、过度诊疗"),
    ("RG-38.4", "串换药品、诊疗项目"),
)


def build(city: City) -> list[EnforcementCase]:
    """In every county one case at each second stage, the city bureau all of them, older ones finished."""
    made = []
    regions = [city.places.city, *city.busy_counties]
    for n, region in enumerate(regions):
        inside = [one for one in city.providers if one.region.path.startswith(region.path)]
        hospitals = [one for one in inside if one.beds] or inside
        for place, stage in enumerate(STAGES):
            if n and (place + n) % 3:
                continue
            ago = 12 + place * 5 if place < 11 else 120 + (place * 37 + n * 53) % 560
            if stage == "stating":
                ago = 5  # served yesterday: the party may still speak
            made.append(play(city, region, hospitals[(place + n * 3) % len(hospitals)], stage, ago=ago))
    return made


def play(city: City, region: Region, provider: Provider, stage: str, *, ago: int) -> EnforcementCase:
    """A case brought to a stage; proposed `ago` days back."""
    desk = Desk(city.people, city.places, region)
    reached = STAGES.index(stage)
    act, text = city.dice.choice(ACTS)
    with days_ago(ago):
        case = propose_case(
            desk.officer, title=f"{provider.name}{text}案", subject=provider, cause="日常检查发现疑点，经核查属实。",
            discovered_on=clock.today(), officers=desk.pair,
        )  # fmt: skip
        if reached >= 1:
            advance(case, "file", desk.head)
    if reached >= 2:
        with days_ago(ago - 4):
            # Large enough where the party may still speak, so that it may ask for a hearing as well.
            least = 10_000_000 if stage == "stating" else 300_000
            loss = Decimal(city.dice.randrange(least, 12_000_000)) / 100
            _investigate(city, case, desk, act, text, loss=loss)
            if reached >= 3:
                advance(case, "notify", desk.head)
            if reached >= 4:
                serve(case, "serve_notice", desk.officer)
                if reached % 2:
                    advance(
                        case, "record_statement", desk.officer, made_on=clock.today(), text="请求从轻处理。",
                        made_by=provider.legal_representative, points="请求从轻处理", on_paper=True,
                    )  # fmt: skip
    if reached >= 5:
        with days_ago(max(0, ago - 22)):
            _decide(case, desk, reached)
    if reached >= 10:
        with days_ago(max(0, ago - 24)):
            _perform(case, desk, reached)
    return case


def _investigate(city: City, case: EnforcementCase, desk: Desk, act: str, text: str, *, loss: Decimal) -> None:
    one = proof(case, desk.officer, desk.pair, f"{text}结算明细")
    advance(
        case, "establish_fact", desk.officer, act=act, description=f"{text}，造成基金损失{loss:,.2f}元。",
        fund=city.dice.choice(("employee", "resident")), amount=loss, evidence=[one],
        period_from=in_days(-120), period_to=in_days(-30),
    )  # fmt: skip
    advance(
        case, "order_correction", desk.officer, ordered_on=clock.today(), correct_by=in_days(15),
        content="停止违规收费，完善内部管理。",
    )  # fmt: skip
    serve_paper(case, "correction_order", desk.officer)
    tier, lenient, aggravating = city.dice.choice(
        (
            (Tier.ORDINARY, [], []),
            (Tier.ORDINARY, [], []),
            (Tier.LIGHTER, ["refunded"], []),
            (Tier.HEAVIER, [], ["grave"]),
        )
    )
    case = EnforcementCase.objects.select_related("authority__parent").get(pk=case.pk)
    if repeated_within_year(case, clock.today()):
        tier, lenient = Tier.HEAVIER, []
    low, high = fine_range(case, tier, clock.today())
    share = Decimal(city.dice.randrange(10, 90)) / 100
    fine = (low + (high - low) * share).quantize(Decimal("0.01"), ROUND_HALF_UP)
    advance(
        case, "submit_report", desk.officer, nature=f"{text}，违反基金使用规定。", opinion="责令退回并处罚款。",
        tier=tier, fine=fine, lenient=lenient, aggravating=aggravating,
    )  # fmt: skip


def _decide(case: EnforcementCase, desk: Desk, reached: int) -> None:
    lapses.sweep()
    case.refresh_from_db()
    answer(case, desk.officer)
    if reached >= 6:
        advance(case, "submit_for_legal_review", desk.officer)
    if reached >= 7:
        advance(
            case, "pass_legal_review", desk.reviewer,
            sound=list(LegalReview.Point.values), reasons="事实清楚，程序合法，同意。",
        )  # fmt: skip
    if reached >= 8:
        people = desk.people.users(desk.bureau, Role.BUREAU_HEAD)
        discuss(case, "deliberate", desk.head, people, "同意拟作出的处罚。")
    if reached >= 9:
        advance(case, "decide_penalty", desk.head, tier=case.tier, fine=case.proposed_fine, decided_on=clock.today())


def _perform(case: EnforcementCase, desk: Desk, reached: int) -> None:
    serve(case, "serve_decision", desk.officer)
    owed = list(Receivable.objects.filter(dossier=case.pk).order_by("pk"))
    for one in owed if reached >= 12 else owed[:1]:
        record_receipt(
            one, desk.officer, amount=one.amount, route=one.route, fund=one.fund, paid_on=clock.today(),
            voucher=f"示例{one.pk:06d}",
        )  # fmt: skip
    if reached >= 11:
        advance(case, "publish", desk.officer, published_on=clock.today(), digest=f"{case.title}，已依法作出处罚。")
    if reached >= 12:
        advance(
            case, "close", desk.head, correction="corrected", correction_checked="现场复查，已停止违规收费。",
            reason="已全部履行。",
        )  # fmt: skip
    if reached >= 13:
        advance(case, "archive", desk.officer)

"""Breaches of agreements at every stage, in every county; small and large, silent and defended."""

from decimal import Decimal

from agreements.breaches.models import BreachCase
from agreements.breaches.services import register_breach
from supervision.parties.models import Provider, Region
from supervision.parties.roles import Role
from supervision.procedure import clock, lapses
from supervision.procedure.services import advance

from .city import City
from .stage import Desk, answer, days_ago, discuss, in_days, serve

STAGES = ("registered", "measured", "noticed", "stating", "reexamined", "deliberated", "decided", "executing")
RECENT = {"registered": 1, "measured": 2, "noticed": 2, "stating": 2}  # days back: the statement period still runs
CAUSES = (
    ("多收取检查费用", "服务协议第三十条", "recover"),
    ("串换药品结算", "服务协议第三十二条", "recover"),
    ("未核验参保凭证", "服务协议第二十一条", "refuse"),
)


def build(city: City) -> list[BreachCase]:
    """One breach at each stage in every county; where a statement is awaited, its provider has an account."""
    made = []
    for n, region in enumerate(city.busy_counties):
        providers = [one for one in city.providers if one.region_id == region.pk]
        for place, stage in enumerate(STAGES):
            provider = providers[-1 - (place % len(providers))]
            ago = RECENT.get(stage, 14 + place * 4) + n
            made.append(play(city, region, provider, stage, ago=ago, large=(place + n) % 2 == 0))
            if stage == "stating":
                city.people.represent(provider, f"provider1-{region.code}")
    return made


def play(city: City, region: Region, provider: Provider, stage: str, *, ago: int, large: bool) -> BreachCase:
    """A breach brought to a stage; `large` reaches the threshold of the collective discussion."""
    desk = Desk(city.people, city.places, region)
    clerk = desk.clerk
    second = desk.people.users(desk.agency, Role.AUDITOR)[0]
    text, basis, measure = city.dice.choice(CAUSES)
    whole = city.dice.randrange(52000, 180000) if large else city.dice.randrange(800, 42000)
    yuan = f"{whole}.{city.dice.randrange(100):02d}"
    reached = STAGES.index(stage)
    with days_ago(ago):
        case = register_breach(
            clerk, provider=provider, title=f"{provider.name}{text}", basis=basis, second_officer=second,
            facts_text=f"{text}，涉及{Decimal(yuan):,.2f}元。",
        )  # fmt: skip
        if reached >= 1:
            advance(
                case, "choose_measures", clerk, measures=[measure], amounts={measure: {"employee": yuan}},
                fees_found=yuan,
            )  # fmt: skip
        if reached >= 2:
            advance(case, "issue_notice", clerk)
        if reached >= 3:
            serve(case, "serve_notice", clerk)
            if large:
                advance(
                    case, "record_statement", clerk, made_on=clock.today(), made_by=provider.legal_representative,
                    text="部分费用有医嘱依据，请求核减。", points="部分费用有医嘱依据\n已组织整改",
                    on_paper=True,
                )  # fmt: skip
    if reached < 4:
        return case
    with days_ago(max(0, ago - 10)):
        lapses.sweep()
        case.refresh_from_db()
        answer(case, clerk)
        if case.state == case.State.HEARD:
            advance(case, "reexamine", clerk, conclusion="经复核，维持拟作出的处理。")
        if reached >= 5 and large:
            people = desk.people.users(desk.agency, Role.AGENCY_HEAD)
            discuss(case, "deliberate", desk.agency_head, people, "同意拟作出的处理。")
        if reached >= 6:
            advance(case, "decide", desk.agency_head, decided_on=clock.today(), decision_text="违约事实清楚。",
                    pay_by=in_days(30))  # fmt: skip
        if reached >= 7:
            serve(case, "serve_decision", clerk)
    return case

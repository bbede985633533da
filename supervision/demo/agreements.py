"""Service agreements of the city: most in force, some at every other stage."""

from datetime import date, timedelta

from agreements.designation.models import Agreement
from agreements.designation.procedure import Clause
from agreements.designation.services import apply_for_agreement
from supervision.parties.models import Provider
from supervision.procedure import clock
from supervision.procedure.services import advance

from .city import City
from .stage import Desk, days_ago

STAGES = ("applied", "accepted", "evaluated", "notice", "negotiated")


def build(city: City) -> dict[int, Agreement]:
    """Agreements by provider: the first few stop at each stage on the way, all others are in force."""
    desk = Desk(city.people, city.places, city.places.city)
    pharmacies = [one for one in city.providers if one.is_pharmacy]
    early = dict(zip(STAGES, pharmacies[-len(STAGES) :], strict=True))
    unfinished = {provider.pk: stage for stage, provider in early.items()}
    return {
        provider.pk: _agree(desk, provider, unfinished.get(provider.pk, "signed"), 60 + n * 7 % 270)
        for n, provider in enumerate(city.providers)
    }


def _agree(desk: Desk, provider: Provider, stage: str, ago: int) -> Agreement:
    clerk = desk.clerk
    ago = 12 if stage in STAGES else ago
    with days_ago(ago):
        agreement = apply_for_agreement(clerk, provider=provider, applied_on=clock.today())
        if stage == "applied":
            return agreement
        advance(
            agreement, "accept", clerk, operating_since=date(2018, 6, 1), doctors=3, pharmacists=2, trained_staff=3,
            insurance_department=True,
        )  # fmt: skip
        if stage == "accepted":
            return agreement
        advance(
            agreement,
            "evaluate",
            clerk,
            panel="示例评估专家组",
            score="92.5",
            passed="True",
            opinion="符合条件，建议纳入",
        )
        if stage == "evaluated":
            return agreement
        advance(agreement, "give_notice", clerk, notice_until=clock.today() + timedelta(days=7))
        if stage == "notice":
            return agreement
    with days_ago(ago - 10):
        first = clock.today()
        advance(
            agreement, "negotiate", clerk, clauses=list(Clause.values), first_day=first,
            last_day=first + timedelta(days=364), terms_text="双方就服务范围、费用审核与结算、违约责任等达成一致。",
        )  # fmt: skip
        if stage == "negotiated":
            return agreement
    with days_ago(ago - 11):
        advance(agreement, "sign", desk.agency_head, signed_on=clock.today())
    return agreement

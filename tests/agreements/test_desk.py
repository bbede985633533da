"""What waits on the desks of the agencies: matters whose next step is theirs, and nothing that merely lasts."""

from supervision.procedure.services import advance
from supervision.web.queue import awaiting, in_my_charge
from tests.breach_stage import negotiated, silent, terminating


def test_an_agreement_awaits_its_signature_and_nothing_once_in_force(cast, provider) -> None:
    agreement = negotiated(cast, provider)
    assert list(awaiting(cast.city_agency_head).values_list("pk", flat=True)) == [agreement.pk]
    assert in_my_charge(cast.city_clerk).filter(pk=agreement.pk).exists()
    advance(agreement, "sign", cast.city_agency_head, signed_on=agreement.first_day)
    assert not awaiting(cast.city_agency_head).exists()
    assert not in_my_charge(cast.city_clerk).exists()


def test_a_county_breach_awaits_the_city_only_when_referred(cast, provider, agreement) -> None:
    case = silent(cast, provider, terminating())
    assert list(awaiting(cast.agency_head).values_list("pk", flat=True)) == [case.pk]
    assert not awaiting(cast.city_agency_head).exists()
    advance(case, "refer_to_city", cast.agency_head)
    assert list(awaiting(cast.city_agency_head).values_list("pk", flat=True)) == [case.pk]

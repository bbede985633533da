"""An enforcement case brought as far as a test needs — always through the real steps."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from enforcement.services import propose_case
from supervision.procedure import clock
from supervision.procedure.services import advance
from supervision.records.models import LegalReview
from supervision.records.selectors import newest_paper
from supervision.records.services.evidence import add_evidence, verify_evidence
from supervision.records.services.serving import serve
from tests.minutes import minutes

SOUND = list(LegalReview.Point.values)


def conduct():
    """When it was done: some months before the day the procedures have."""
    ended = clock.today() - timedelta(days=200)
    return {"period_from": ended - timedelta(days=90), "period_to": ended}


def ago(days):
    """Take the steps inside as of so many days ago."""
    return clock.stopped_at(timezone.now() - timedelta(days=days))


def proposed(cast, provider, **given):
    """A case the officer proposes, discovered today unless told otherwise."""
    facts = {
        "title": "示例·甲县康复医院重复收费案",
        "subject": provider,
        "cause": "双随机检查发现重复收费",
        "discovered_on": clock.today(),
        "officers": [cast.officer.user, cast.second_officer.user],
    } | given
    return propose_case(cast.officer, **facts)


def filed(cast, provider, **given):
    case = proposed(cast, provider, **given)
    advance(case, "file", cast.head)
    return case


def evidence(case, cast, kind="documentary", title="费用清单", verify=True):
    """A piece of evidence on the case's file."""
    one = add_evidence(
        case, cast.officer, kind=kind, title=title, source="现场复制", collected_at=clock.now(),
        collectors=[cast.officer.user, cast.second_officer.user],
        file=SimpleUploadedFile(f"{title}.txt", f"{case.pk} {kind} {title}".encode(), "text/plain"),
    )  # fmt: skip
    if verify:
        verify_evidence(one, cast.officer)
    return one


def fact(case, cast, amount="60000.00", act="RG-38.3", fund="employee", proofs=None):
    """One fact resting on verified evidence."""
    proofs = proofs if proofs is not None else [evidence(case, cast, title=f"清单{amount}{act}")]
    return advance(
        case, "establish_fact", cast.officer, act=act, description="同一项目重复收费", fund=fund, amount=amount,
        evidence=proofs, **conduct(),
    )  # fmt: skip


def ordered(case, cast):
    advance(
        case, "order_correction", cast.officer, ordered_on=clock.today(),
        correct_by=clock.today() + timedelta(days=15), content="停止重复收费并整改",
    )  # fmt: skip


def report(case, cast, tier="ordinary", fine="90000.00", **given):
    facts = {"nature": "重复收费", "opinion": "责令退回并处罚款", "lenient": [], "aggravating": []} | given
    return advance(case, "submit_report", cast.officer, tier=tier, fine=fine, **facts)


def reported(cast, provider, amount="60000.00", fine="90000.00", act="RG-38.3", **given):
    """Filed, one fact, ordered to correct, report submitted: 60,000 lost, 90,000 proposed."""
    case = filed(cast, provider)
    fact(case, cast, amount, act)
    ordered(case, cast)
    report(case, cast, fine=fine, **given)
    return case


def served(cast, provider, **given):
    case = reported(cast, provider, **given)
    advance(case, "notify", cast.head)
    advance(
        case, "serve_notice", cast.officer, method="direct", relation="staff", served_on=clock.today(),
        recipient="院办", on_paper=True,
    )  # fmt: skip
    return case


def waive(case, cast, hearing=True):
    """The party waives its statement expressly; with `hearing`, where one may be asked for, that as well."""
    return advance(
        case, "waive_statement", cast.officer, declared_by="院长", declared_on=clock.today(), hearing_waived=hearing,
        on_paper=True,
    )  # fmt: skip


def reviewed(cast, provider, **given):
    """Waived expressly — the hearing too, where one is due — submitted, legal review passed."""
    case = served(cast, provider, **given)
    waive(case, cast)
    advance(case, "submit_for_legal_review", cast.officer)
    advance(case, "pass_legal_review", cast.reviewer, sound=SOUND, reasons="同意")
    return case


def discuss(case, cast, votes_for=1, **more):
    """A discussion of the head alone is enough where nobody else leads the bureau."""
    return advance(
        case, "deliberate", cast.head, **minutes([cast.head.user], against=1 - votes_for, resolution="同意处罚", **more)
    )


def decide(case, cast, fine=None, tier=None, **more):
    return advance(
        case, "decide_penalty", cast.head, tier=tier or case.tier, fine=fine or case.proposed_fine,
        decided_on=clock.today(), **more,
    )  # fmt: skip


def decided(cast, provider, **given):
    """Reviewed, discussed where it is major, and decided as proposed."""
    case = reviewed(cast, provider, **given)
    if case.is_major(clock.today()):
        discuss(case, cast)
    decide(case, cast)
    return case


def performing(cast, provider, **given):
    """Decided and served: money is owed."""
    case = reviewed(cast, provider, **given)
    decide(case, cast)
    advance(
        case, "serve_decision", cast.officer, method="direct", relation="staff", served_on=clock.today(),
        recipient="院办", on_paper=True,
    )  # fmt: skip
    return case


def serve_order(case, cast):
    """The order to correct handed over today, beside the steps."""
    said = {"method": "direct", "relation": "staff", "served_on": clock.today(), "recipient": "院办", "on_paper": "on"}
    return serve(newest_paper(case, "correction_order"), cast.officer, data=said)


def close(case, cast, **given):
    """Closed by the head with the correction made; the order to correct is served first where it was not."""
    if not newest_paper(case, "correction_order").services.exists():
        serve_order(case, cast)
        case = type(case).objects.get(pk=case.pk)
    return advance(case, "close", cast.head, **({"correction": "corrected", "reason": "已全部履行。"} | given))

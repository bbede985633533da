"""HY-22, HY-21, PP-44, PP-59: what rests on paper, and who was heard without a vote, stands in bound columns."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils.datastructures import MultiValueDict

from agreements.models import BreachCase
from supervision.procedure import clock
from supervision.procedure.services import advance
from supervision.records.models import Deliberation, ServiceOfDocument, Statement
from supervision.records.verification import verify
from supervision.web.dossier_lists import dossier_url
from tests.below import below_the_triggers
from tests.breach_stage import recover, served, silent
from tests.minutes import minutes

pytestmark = pytest.mark.law("HY-22", "PP-59")


def page(client, actor, case):
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    return client.get(dossier_url(case)).content.decode()


@pytest.mark.parametrize("on_paper", [True, False])
def test_a_waiver_says_whether_its_original_is_on_paper(store, cast, agreement, provider, client, on_paper):
    case = served(cast, provider, days_ago=1)
    said = {"declared_by": "示例负责人", "declared_on": clock.today()}
    if on_paper:
        advance(case, "waive_statement", cast.clerk, **said, on_paper=True)
    else:
        scan = MultiValueDict({"document": [SimpleUploadedFile("弃权书.txt", "示例负责人签名".encode())]})
        advance(case, "waive_statement", cast.clerk, data=said, files=scan)
    assert BreachCase.objects.get(waiver_on_paper=on_paper) == case
    assert verify(case).faults == []
    assert ("书面放弃的原件已存入纸质卷宗" in page(client, cast.clerk, case)) is on_paper
    with below_the_triggers():
        BreachCase.objects.filter(pk=case.pk).update(waiver_on_paper=not on_paper)
    assert [(fault.where, fault.what) for fault in verify(case).faults] == [("dossier", "altered")]


def test_a_service_says_whether_its_receipt_is_on_paper(cast, agreement, provider, client):
    case = served(cast, provider, days_ago=1)
    service = ServiceOfDocument.objects.get(paper__dossier=case.pk, on_paper=True)
    assert "原件已存入纸质卷宗" in page(client, cast.clerk, case)
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        ServiceOfDocument.objects.filter(pk=service.pk).update(on_paper=False)
    with below_the_triggers():
        ServiceOfDocument.objects.filter(pk=service.pk).update(on_paper=False)
    assert [fault.what for fault in verify(case).faults] == ["row altered"]


@pytest.mark.law("PP-58")
def test_a_late_statement_says_when_it_arrived(cast, agreement, provider, client):
    case = silent(cast, provider, recover("60000"))
    posted = case.term("statement").due
    given = {
        "made_on": posted,
        "received_on": clock.today(),
        "proof": "邮戳",
        "made_by": "示例负责人",
        "text": "不同意。",
        "on_paper": True,
    }
    advance(case, "record_late_statement", cast.clerk, **given)
    late = Statement.objects.get(dossier=case.pk, received_on=clock.today())
    assert "收到" in page(client, cast.clerk, case)
    with below_the_triggers():
        Statement.objects.filter(pk=late.pk).update(received_on=posted - timedelta(days=1))
    assert [fault.what for fault in verify(case).faults] == ["row altered"]


@pytest.mark.law("HY-21", "PP-44")
def test_who_was_heard_without_a_vote_is_kept_beside_the_members(cast, agreement, provider, client):
    case = silent(cast, provider, recover("60000"))
    member, heard = cast.agency_head.user, cast.auditor.user
    advance(case, "deliberate", cast.agency_head, **minutes([member], heard=[heard]))
    held = Deliberation.objects.get(dossier=case.pk, heard=heard)
    assert heard.name in page(client, cast.agency_head, case)
    assert verify(case).faults == []
    through = Deliberation.heard.through.objects.filter(deliberation=held)
    for act in (lambda: through.update(user=member), lambda: through._raw_delete(using="default")):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    with below_the_triggers():
        through._raw_delete(using="default")
    assert [fault.what for fault in verify(case).faults] == ["row altered"]

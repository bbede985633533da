"""One file is one piece of evidence of a matter: whoever sends it, by whichever door, at once or later (HY-37)."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from supervision.procedure import clock
from supervision.procedure.refusals import StepInvalid
from supervision.procedure.services import advance
from supervision.records.models import Evidence
from supervision.records.services import add_evidence
from tests import case_stage
from tests.procedure.test_concurrency import open_errand, together

CONTENT = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 64


def enter(dossier, cast, kind, by):
    return add_evidence(
        dossier,
        by,
        kind=kind,
        title=f"清单{kind}",
        source="示例科室",
        collected_at=clock.now(),
        collectors=[cast.clerk.user, cast.auditor.user],
        file=SimpleUploadedFile("清单.png", CONTENT),
    )


@pytest.mark.django_db(transaction=True)
def test_of_two_uploads_at_once_the_database_lets_one_pass(store, cast, land, provider):
    errand = open_errand(cast, land, provider)
    kinds = ("documentary", "electronic", "audiovisual", "statement")
    answers = together(len(kinds), lambda n: enter(errand, cast, kinds[n], cast.clerk))
    kept = Evidence.objects.get(dossier=errand.pk)
    refused = [answer for answer in answers if not isinstance(answer, Evidence)]
    assert len(refused) == len(kinds) - 1
    for answer in refused:
        assert isinstance(answer, ValidationError), answer
        assert kept.title in answer.message_dict["file"][0]


@pytest.mark.django_db
def test_the_file_of_a_step_is_no_second_piece_of_another_kind(store, cast, provider):
    case = case_stage.reported(cast, provider)
    held = enter(case, cast, "audiovisual", cast.officer)
    advance(case, "notify", cast.head)
    said = {"method": "direct", "relation": "staff", "served_on": timezone.localdate(), "recipient": "院办"}
    with pytest.raises(StepInvalid) as refused:
        advance(case, "serve_notice", cast.officer, data=said, files={"proof": SimpleUploadedFile("证.png", CONTENT)})
    assert held.title in refused.value.form.errors["proof"][0]
    fresh = SimpleUploadedFile("证.png", CONTENT + b"1")
    advance(case, "serve_notice", cast.officer, data=said, files={"proof": fresh})
    assert Evidence.objects.filter(dossier=case.pk, kind="documentary", original_name="证.png").count() == 1

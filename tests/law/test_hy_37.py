"""HY-37: eight kinds, two collectors, verified before it supports a fact, expert opinion never alone."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction

from supervision.procedure import clock
from supervision.records import rules
from supervision.records.models import Evidence
from supervision.records.services import add_evidence, reject_evidence, verify_evidence

pytestmark = pytest.mark.law("HY-37")


@pytest.fixture
def add(errand, cast):
    def _add(kind, people=None):
        serial = Evidence.objects.count()
        return add_evidence(
            errand,
            cast.clerk,
            kind=kind,
            title=f"证据{serial}",
            source="甲县康复医院",
            collected_at=clock.now(),
            collectors=[cast.clerk.user, cast.auditor.user] if people is None else people,
            file=SimpleUploadedFile("笔录.txt", f"笔录{serial}".encode()),
        )

    return _add


@pytest.mark.parametrize("kind", Evidence.Kind.values)
def test_the_eight_kinds(add, kind):
    assert len(Evidence.Kind.values) == 8
    assert add(kind).kind == kind


def test_one_officer_does_not_collect(add, cast):
    for people in ([], [cast.clerk.user], [cast.clerk.user, cast.clerk.user]):
        with pytest.raises(ValidationError):
            add("documentary", people)
    assert not Evidence.objects.exists()


def test_the_database_counts_collectors_too(errand, cast):
    now = clock.now()
    evidence = Evidence.objects.create(
        dossier=errand, kind="physical", title="物", source="院", collected_at=now, added_at=now,
        sha256="0" * 64, size=1, media_type="image/png", original_name="a.png",
    )  # fmt: skip
    evidence.collectors.add(cast.clerk.user)
    with pytest.raises(DatabaseError, match="fewer than two"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    evidence.collectors.add(cast.auditor.user)


def test_only_verified_evidence_supports_facts(add, errand, cast):
    assert not rules.facts_rest_on_verified_evidence(errand)
    first, second = add("documentary"), add("electronic")
    verify_evidence(first, cast.auditor)
    errand.refresh_from_db()
    assert not rules.facts_rest_on_verified_evidence(errand), "one still waits"
    reject_evidence(second, cast.auditor, note="来源不明")
    errand.refresh_from_db()
    assert rules.facts_rest_on_verified_evidence(errand)
    reject_evidence(first, cast.auditor, note="与原件不符")
    errand.refresh_from_db()
    assert not rules.facts_rest_on_verified_evidence(errand)


def test_an_expert_opinion_is_corroborated(add, errand, cast):
    assert rules.expert_opinion_corroborated(errand)
    verify_evidence(add("expert"), cast.auditor)
    verify_evidence(add("expert"), cast.auditor)
    other = add("witness")
    errand.refresh_from_db()
    assert not rules.expert_opinion_corroborated(errand), "unverified testimony corroborates nothing"
    verify_evidence(other, cast.auditor)
    errand.refresh_from_db()
    assert rules.expert_opinion_corroborated(errand)

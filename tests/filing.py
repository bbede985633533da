"""An open dossier of the toy procedure, a type of paper and a store of its own, for tests of records."""

from datetime import date

import pytest

from supervision.procedure.services import open_dossier
from supervision.records.paper_types import PaperType, register
from tests.toy.models import Errand


def sample_facts(dossier, context):
    return {
        "party": dossier.subject.name,
        "findings": context.facts.get("findings", "重复收费。"),
        "amount": context.facts.get("amount", "1234567.5"),
        "text": context.facts.get("text", "上述事实有现场检查笔录为证。"),
        "on": date(2026, 11, 24),
    }


SAMPLE = register(
    PaperType("sample", "样本通知书", word="样告", template="tests/records/papers/sample.typ", context=sample_facts)
)


@pytest.fixture
def store(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "evidence": {
            "BACKEND": "supervision.records.storage.WholeFileStorage",
            "OPTIONS": {"location": str(tmp_path / "evidence")},
        },
    }
    return tmp_path / "evidence"


@pytest.fixture
def errand(store, cast, land, provider):
    return open_dossier(
        Errand,
        cast.clerk,
        authority=land.county_agency,
        title="试办",
        subject=provider,
        officers=[cast.clerk.user, cast.auditor.user],
        estimate=100,
    )

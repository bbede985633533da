"""HY-27: an inspection examines by the checklist that was published when it began, which nobody changes afterwards."""

import pytest
from django.db import DatabaseError, transaction

from inspections.models import Answer, ChecklistItem, ChecklistVersion
from inspections.onsite.checklists import publish
from supervision.procedure.services import advance
from tests.inspections.stages import answer_all, assigned_task, go_on_site

pytestmark = pytest.mark.law("HY-27")


@pytest.fixture
def on_site(store, cast, land, provider):
    return go_on_site(assigned_task(cast, land, provider), cast)


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows.update(text="改"),
        lambda rows: rows.update(law="HY-1"),
        lambda rows: rows._raw_delete("default"),
    ],
    ids=["text", "article", "removed"],
)
def test_the_database_keeps_a_published_list(on_site, change):
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        change(ChecklistItem.objects.filter(version=on_site.checklist))
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        ChecklistVersion.objects.filter(pk=on_site.checklist_id).update(digest="0" * 64)


def test_a_list_edited_meanwhile_asks_nothing_new_of_a_visit_begun(on_site, cast):
    frozen = list(on_site.checklist.items.values_list("code", "text"))
    version = publish(
        on_site.checklist.checklist,
        [{"code": "new1", "text": "新增项目", "text_en": "Something new", "law": "HY-27"}],
    )
    on_site.refresh_from_db()
    assert version.number == on_site.checklist.number + 1
    assert list(on_site.checklist.items.values_list("code", "text")) == frozen
    advance(
        on_site, "fill_checklist", cast.officer, answer_new1="no", note_new1="未见", **{f"answer_{frozen[0][0]}": "yes"}
    )
    assert not Answer.objects.filter(item__version=version).exists()
    answer_all(on_site, cast)
    assert on_site.answers.count() == len(frozen)

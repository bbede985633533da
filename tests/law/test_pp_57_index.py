"""PP-57: the index of a file: what was stated, discussed and paid, so that it reads without the database."""

import io
import json
import zipfile

import pytest
from django.urls import reverse

from funds.services import record_receipt, reverse_receipt
from supervision.parties.roles import Role
from supervision.procedure import clock
from supervision.procedure.services import advance
from supervision.records.export.check import check
from supervision.records.votes import NOTHING_ADDED
from tests.case_stage import discuss, performing, reviewed, served, waive
from tests.cast import person
from tests.law.test_pp_41 import answer, state
from tests.minutes import minutes
from tests.whole_file import edit, run, unpacked

pytestmark = pytest.mark.law("PP-57")


def test_the_index_reads_like_the_contents_of_a_file(store, cast, land, provider, tmp_path):
    case = served(cast, provider)
    state(case, cast.officer, points="数额算重了\n已经退回")
    waive(case, cast)
    answer(case, cast)
    page = (unpacked(case, cast.officer, tmp_path / "file") / "index.html").read_text()
    for part in ("卷内目录", "当事人的陈述申辩及答复", "数额算重了", "已经退回", "经复核不予采纳", "届满日"):
        assert part in page


def test_the_file_holds_the_money_entry_by_entry(store, cast, provider, tmp_path):
    case = performing(cast, provider)
    owed = case.receivables.get(kind="fine")
    said = {"amount": owed.amount, "route": owed.route, "paid_on": clock.today()}
    wrong = record_receipt(owed, cast.officer, voucher="示例凭证-1", **said)
    reverse_receipt(wrong, cast.officer, reason="他人缴款")
    record_receipt(owed, cast.officer, voucher="示例凭证-2", **said)
    page = (unpacked(case, cast.officer, tmp_path / "file") / "index.html").read_text()
    for part in ("示例凭证-1", "冲销分录", "他人缴款", "示例凭证-2", f"-{owed.amount:,.2f}"):
        assert part in page


WORDS = "违法事实清楚，同意处罚意见。"


@pytest.fixture
def discussed(store, cast, land, provider, tmp_path):
    """The file of a case: a head spoke on it, a deputy had nothing to add, an investigator was heard."""
    case = reviewed(cast, provider, amount="80000.00", fine="120000.00")
    deputy = person("deputy", land.county_bureau, Role.BUREAU_HEAD).user
    told = minutes([cast.head.user, deputy], resolution="同意处罚。", heard=[cast.officer.user.pk])
    told["votes"][str(cast.head.user.pk)] = {"vote": "for", "opinion": WORDS}
    advance(case, "deliberate", cast.head, **told)
    return unpacked(case, cast.officer, tmp_path / "file"), deputy


@pytest.mark.law("PP-44")
def test_the_index_tells_who_voted_how_with_what_words_and_who_was_heard_when(discussed, cast):
    place, deputy = discussed
    (held,) = json.loads((place / "index.json").read_text())["deliberations"]
    assert [(row["name"], row["vote"], row["opinion"]) for row in held["votes"]] == [
        (cast.head.user.name, "for", WORDS), (deputy.name, "for", NOTHING_ADDED),
    ]  # fmt: skip
    assert held["heard"] == [{"person": cast.officer.user.pk, "name": cast.officer.user.name}]
    assert held["hours"]
    page = (place / "index.html").read_text()
    for part in (WORDS, NOTHING_ADDED, cast.officer.user.name, held["hours"], held["place"]):
        assert part in page
    assert check(place)[1] == []


@pytest.mark.law("PP-44")
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda held: held["votes"][0].update(vote="against"), "表决和意见与事件"),
        (lambda held: held["votes"][0].update(name="他人"), "表决和意见与事件"),
        (lambda held: held["votes"][1].update(opinion="另有意见"), "表决和意见与事件"),
        (lambda held: held["votes"].pop(), "表决和意见与事件"),
        (lambda held: held["heard"].clear(), "列席听取情况与事件"),
        (lambda held: held.update(held_on="2020-01-01"), "时间与事件"),
        (lambda held: held.update(id=0), "所记的集体讨论不在目录中"),
        (lambda held: held.update(id=0), "事件链没有记载"),
        (lambda held: held.pop("votes"), "残缺"),
    ],
)
def test_a_discussion_altered_in_the_index_is_found(discussed, change, says):
    place, _deputy = discussed
    edit(place, "index.json", lambda index: change(index["deliberations"][0]) and None)
    done = run(place)
    assert done.returncode == 1
    assert says in done.stdout, done.stdout
    assert "index.json 被改动" in done.stdout


@pytest.mark.law("PP-44")
def test_page_and_api_export_the_votes_too(store, cast, provider, client, tmp_path):
    case = reviewed(cast, provider, amount="80000.00", fine="120000.00")
    discuss(case, cast)
    client.force_login(cast.officer.user, backend="django.contrib.auth.backends.ModelBackend")
    for name, address in (
        ("page", reverse("web:export-dossier", args=[case.pk])),
        ("api", f"/api/v1/dossiers/{case.pk}/export/"),
    ):
        answer = client.post(address)
        assert answer.status_code == 200, name
        with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
            (held,) = json.loads(archive.read("index.json"))["deliberations"]
        assert [row["opinion"] for row in held["votes"]] == [NOTHING_ADDED]

"""A county writes and screens the claims of its own institutions alone; the city those of all (HY-5)."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from monitoring.models import Alert, ImportBatch, Rule
from monitoring.selectors.claims import bad_rows, bad_rows_csv
from monitoring.services import imports, screening
from supervision.parties.models import Region
from tests.busy_worker import busy_worker
from tests.cast import a_provider
from tests.monitoring.conftest import csv_text, list_bad, rows_of
from tests.monitoring.test_imports import stored
from tests.monitoring.test_monitoring_api import API, calls

OWN, TWIN, UNKNOWN = "H99012100001", "H99012200001", "H99019900009"
DIAGNOSIS = {"mdtrt_id": "V1", "psn_no": "P1", "diag_code": "J18.900", "diag_name": "肺炎"}


@pytest.fixture
def hospitals(land, provider):
    """The county's hospital and the twin county's."""
    return provider, a_provider(TWIN, "示例·乙县人民医院", land.twin_region)


@pytest.fixture
def sent(hospitals, claims_dir):
    """Import rows of one national table for an authority; the import as it ended."""

    def _sent(authority, kind: str, *rows: dict[str, str]) -> ImportBatch:
        return done(authority, f"{kind}.csv", csv_text(list(rows)).encode())

    return _sent


def done(authority, name: str, content: bytes) -> ImportBatch:
    batch, _created = imports.receive(name=name, blocks=[content], authority=authority)
    imports.run(batch_id=batch.pk)
    batch.refresh_from_db()
    assert batch.state == "done", batch.refusal_text
    return batch


def at(code: str, number: str, **more: str) -> dict[str, str]:
    """Numbers of a visit, its settlement and its line at an institution."""
    return {
        "fixmedins_code": code, "mdtrt_id": f"V{number}", "setl_id": f"S{number}", "bkkp_sn": f"L{number}",
        "psn_no": f"P{number}", **more,
    }  # fmt: skip


def of(kind: str, *places: dict[str, str]) -> list[dict[str, str]]:
    keys = {name for row in rows_of(kind, {}) for name in row} | {"pric_uplmt_amt"}
    return rows_of(kind, *({name: cell for name, cell in place.items() if name in keys} for place in places))


@pytest.fixture
def filled_store(sent, land):
    """The city sent a visit, a settlement, a line and a diagnosis of both counties, and their persons."""
    both = (at(OWN, "1"), at(TWIN, "2"))
    for kind in ("PSN_INFO_B", "MDTRT_D", "SETL_D", "FEE_LIST_D"):
        batch = sent(land.city_bureau, kind, *of(kind, *both))
        assert (batch.rows_stored, batch.rows_bad) == (2, 0)
    batch = sent(land.city_bureau, "SETL_DIAG_LIST_D", DIAGNOSIS, {**DIAGNOSIS, "mdtrt_id": "V2", "psn_no": "P2"})
    assert (batch.rows_stored, batch.rows_bad) == (2, 0)


def told(batch: ImportBatch) -> dict[int, list[str]]:
    return dict(list_bad(batch))


# --- what an import takes in --------------------------------------------------------------------------------------


def test_a_county_cannot_replace_another_countys_settlement(filled_store, sent, land):
    rows = of("SETL_D", at(OWN, "1"), at(TWIN, "2"), at(TWIN, "3"), at(OWN, "2"), at(UNKNOWN, "4"))
    batch = sent(land.county_bureau, "SETL_D", *({**row, "medfee_sumamt": "99999"} for row in rows))
    assert (batch.rows_stored, batch.rows_replaced, batch.rows_bad, batch.rows_outside) == (1, 1, 4, 4)
    assert told(batch) == {
        3: [":other_institution"],
        4: [":other_institution"],
        5: [":other_record"],
        6: [":unknown_institution"],
    }
    assert batch.strangers == []
    assert [(key, int(sum_)) for key, sum_ in stored("settlements", "setl_id, medfee_sumamt")] == [
        ("S1", 99999), ("S2", 100),
    ]  # fmt: skip


def test_the_city_writes_for_every_county_and_names_strangers(filled_store, sent, land):
    rows = of("SETL_D", at(OWN, "1"), at(TWIN, "2"), at(UNKNOWN, "4"))
    batch = sent(land.city_agency, "SETL_D", *({**row, "medfee_sumamt": "500"} for row in rows))
    assert (batch.rows_stored, batch.rows_replaced, batch.rows_bad, batch.strangers) == (3, 2, 0, [UNKNOWN])


def test_the_city_does_not_write_for_a_registered_institution_of_another_city(sent, land):
    far = Region.objects.create(code="990200", name="邻市", path="990200/")
    a_provider("H99020000001", "示例·邻市医院", far)
    batch = sent(land.city_bureau, "SETL_D", *of("SETL_D", at("H99020000001", "1"), at(UNKNOWN, "2"), at(OWN, "3")))
    assert told(batch) == {2: [":other_institution"]}
    assert (batch.rows_stored, batch.strangers) == (2, [UNKNOWN])


def test_what_hangs_on_a_settlement_or_visit_follows_it(filled_store, sent, land):
    """A line names an institution of its own; that does not make another county's settlement the sender's."""
    lines = of("FEE_LIST_D", at(OWN, "1"), at(OWN, "2"), at(OWN, "8", setl_id="S2"), at(OWN, "9", mdtrt_id="V2"))
    # The number of a stored line of the other county under one's own settlement would take that line away.
    lines += of("FEE_LIST_D", at(OWN, "1", bkkp_sn="L2"), at(OWN, "7", setl_id="S1", mdtrt_id="V1"))
    batch = sent(land.county_agency, "FEE_LIST_D", *({**row, "inscp_amt": "1.00"} for row in lines))
    assert told(batch) == {number: [":other_record"] for number in (3, 4, 5, 6)}
    assert (batch.rows_stored, batch.rows_replaced) == (2, 1)
    assert stored("fee_lines", "bkkp_sn, fixmedins_code, CAST(inscp_amt AS INTEGER)") == [
        ("L1", OWN, 1), ("L2", TWIN, 90), ("L7", OWN, 1),
    ]  # fmt: skip
    settlement = sent(land.county_agency, "SETL_D", *of("SETL_D", at(OWN, "6", mdtrt_id="V2")))
    assert told(settlement) == {2: [":other_record"]}
    diagnoses = [{**DIAGNOSIS, "mdtrt_id": visit, "diag_name": "另一诊断"} for visit in ("V1", "V2", "V77")]
    batch = sent(land.county_agency, "SETL_DIAG_LIST_D", *diagnoses)
    assert told(batch) == {3: [":other_record"], 4: [":no_visit"]}
    assert stored("diagnoses", "mdtrt_id, diag_name") == [("V1", "另一诊断"), ("V2", "肺炎")]
    operations = [{"mdtrt_id": visit, "psn_no": "P1", "oprn_oprt_code": "47.01"} for visit in ("V1", "V2")]
    assert told(sent(land.county_agency, "SETL_OPRN_D", *operations)) == {3: [":other_record"]}


def test_an_upload_of_many_files_is_kept_apart_as_a_whole(sent, land):
    """Visits of the same upload are known to its diagnoses; those set aside take along what hangs on them."""
    packed = io.BytesIO()
    places = (at(OWN, "1"), at(TWIN, "2"))
    with zipfile.ZipFile(packed, "w") as archive:
        for folder in ("a", "b"):
            archive.writestr(f"{folder}/MDTRT_D.csv", csv_text(of("MDTRT_D", *places)))
        archive.writestr("SETL_D.csv", csv_text(of("SETL_D", *places, at(OWN, "3", mdtrt_id="V2"))))
        archive.writestr("FEE_LIST_D.csv", csv_text(of("FEE_LIST_D", at(OWN, "1"), at(OWN, "2", pric="x"))))
        diagnoses = [{**DIAGNOSIS, "mdtrt_id": visit} for visit in ("V1", "V2")]
        archive.writestr("SETL_DIAG_LIST_D.csv", csv_text(diagnoses))
    batch = done(land.county_bureau, "october.zip", packed.getvalue())
    assert batch.tables == {"visits": 1, "settlements": 1, "fee_lines": 1, "diagnoses": 1}
    # Two visits of one name in two folders, two settlements and a diagnosis; the line was wrong before.
    assert (batch.rows_outside, batch.rows_bad) == (5, 6)
    assert len(list(bad_rows(batch))) == 6


def test_a_county_enters_new_persons_and_corrects_only_its_own(filled_store, sent, land):
    sent(land.city_bureau, "PSN_INFO_B", {"psn_no": "P5", "gend": "1"}, {"psn_no": "P6", "gend": "1"})
    sent(land.city_bureau, "SETL_D", *of("SETL_D", at(OWN, "61", psn_no="P6"), at(TWIN, "62", psn_no="P6")))
    rows = [{"psn_no": f"P{n}", "gend": "2"} for n in (1, 2, 5, 6, 9)]
    batch = sent(land.county_bureau, "PSN_INFO_B", *rows)
    assert told(batch) == {number: [":other_person"] for number in (3, 4, 5)}
    assert stored("persons", "psn_no, gend") == [("P1", "2"), ("P2", "1"), ("P5", "1"), ("P6", "1"), ("P9", "2")]
    assert sent(land.city_bureau, "PSN_INFO_B", *rows[1:4]).rows_replaced == 3


def test_rows_set_aside_are_downloaded_with_their_reason_and_without_certificates(filled_store, sent, land):
    batch = sent(land.county_bureau, "MDTRT_D", *of("MDTRT_D", at(TWIN, "2")))
    text = "".join(bad_rows_csv(batch))
    assert "该机构不在本单位管辖范围内" in text or "outside the jurisdiction" in text
    assert TWIN in text
    assert "441602199001011234" not in text


def test_the_same_file_is_another_import_where_more_of_it_is_taken_in(sent, land):
    rows = of("SETL_D", at(OWN, "1"), at(TWIN, "2"))
    of_county = sent(land.county_bureau, "SETL_D", *rows)
    of_city = sent(land.city_bureau, "SETL_D", *rows)
    assert (of_county.rows_stored, of_city.rows_stored, of_city.rows_bad) == (1, 2, 0)
    again, created = imports.receive(name="copy.csv", blocks=[csv_text(rows).encode()], authority=land.city_agency)
    assert (again, created) == (of_city, False)


def test_a_file_may_be_sent_again_when_its_institution_was_registered(sent, land):
    rows = of("SETL_D", at(UNKNOWN, "1"))
    first = sent(land.county_bureau, "SETL_D", *rows)
    assert (first.rows_stored, told(first)) == (0, {2: [":unknown_institution"]})
    a_provider(UNKNOWN, "示例·甲县新医院", land.county_region)
    second = sent(land.county_bureau, "SETL_D", *rows)
    assert (second.pk != first.pk, second.rows_stored) == (True, 1)
    assert sent(land.county_bureau, "SETL_D", *rows).pk == second.pk


# --- through the doors --------------------------------------------------------------------------------------------


def upload() -> SimpleUploadedFile:
    rows = [{**row, "medfee_sumamt": "99999"} for row in of("SETL_D", at(TWIN, "2"))]
    return SimpleUploadedFile("SETL_D_202610.csv", csv_text(rows).encode())


def nothing_was_replaced() -> None:
    assert stored("settlements", "setl_id, CAST(medfee_sumamt AS INTEGER)") == [("S1", 100), ("S2", 100)]


@pytest.mark.parametrize(
    ("page", "said"),
    [("upload", "不在{}管辖范围内的机构，其数据行不予导入"), ("start", "筛查规则只对{}管辖范围内的机构运行")],
)
def test_the_forms_say_before_what_is_kept_apart(client, cast, page, said):
    client.force_login(cast.officer.user)
    shown = client.get(reverse(f"monitoring:{page}"), headers={"accept-language": "zh-hans"}).content.decode()
    assert said.format(cast.officer.authority) in shown


def test_the_page_sets_aside_another_countys_rows_and_says_why(
    client, filled_store, cast, django_capture_on_commit_callbacks
):
    client.force_login(cast.officer.user)
    with busy_worker(), django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("monitoring:upload"), {"file": upload()})
    batch = ImportBatch.objects.latest("pk")
    assert answer.url == batch.get_absolute_url()
    assert (
        "该机构不在本单位管辖范围内" in client.get(answer.url, headers={"accept-language": "zh-hans"}).content.decode()
    )
    assert (batch.state, batch.rows_stored, batch.rows_replaced, batch.rows_bad) == ("done", 0, 0, 1)
    nothing_was_replaced()


def test_the_api_sets_aside_another_countys_rows_and_counts_them(filled_store, cast):
    client = calls(cast.officer)
    made = client.post(f"{API}/claim-imports/", {"file": upload()}, format="multipart")
    assert made.status_code == 202, made.content
    imports.run(batch_id=made.json()["id"])
    told = client.get(f"{API}/claim-imports/{made.json()['id']}/").json()
    assert (told["rows_stored"], told["rows_replaced"], told["rows_bad"], told["rows_outside"]) == (0, 0, 1, 1)
    nothing_was_replaced()


# --- what a screening finds ---------------------------------------------------------------------------------------


def screened(authority, *slugs: str) -> tuple[int, int, int]:
    """New alerts, known alerts and lines of a run."""
    run = screening.start(rules=Rule.objects.filter(slug__in=slugs, active=True), authority=authority)
    screening.work_on(run_id=run.pk)
    run.refresh_from_db()
    assert run.state == "done"
    parts = list(run.parts.all())
    return tuple(sum(getattr(part, name) for part in parts) for name in ("alerts_new", "alerts_known", "lines"))


@pytest.fixture
def dear_lines(sent, land, catalogue):
    """A line above its ceiling in each county and one of an institution nobody knows."""
    places = (at(OWN, "1"), at(TWIN, "2"), at(UNKNOWN, "3"))
    for kind in ("MDTRT_D", "SETL_D", "FEE_LIST_D"):
        sent(land.city_bureau, kind, *of(kind, *({**place, "pric_uplmt_amt": "50"} for place in places)))


def test_a_county_screens_and_counts_its_own_institutions(dear_lines, land):
    assert screened(land.county_bureau, "over-price") == (1, 0, 1)
    assert list(Alert.objects.values_list("provider_code", flat=True)) == [OWN]
    assert screened(land.city_bureau, "over-price") == (2, 1, 3)
    before = dict(Alert.objects.exclude(provider_code=OWN).values_list("pk", "last_run"))
    assert screened(land.county_agency, "over-price") == (0, 1, 1)
    assert dict(Alert.objects.exclude(provider_code=OWN).values_list("pk", "last_run")) == before
    assert screened(land.city_bureau, "over-price") == (0, 3, 3)
    assert screened(None, "over-price") == (0, 3, 3)


def test_page_and_api_count_a_countys_run_alike(client, dear_lines, land, cast, django_capture_on_commit_callbacks):
    screened(land.city_bureau, "over-price")
    client.force_login(cast.officer.user)
    rule = Rule.objects.get(slug="over-price", active=True)
    with busy_worker(), django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("monitoring:start"), {"months": ["202403"], "rules": [rule.pk]})
    number = answer.url.rstrip("/").rsplit("/", 1)[-1]
    told = calls(cast.officer).get(f"{API}/screening-runs/{number}/").json()
    assert (told["state"], told["found_new"], told["found_known"]) == ("done", 0, 1)


def test_a_finding_proved_by_a_stay_in_another_county_is_one_alert(sent, land, catalogue):
    """Both runs see both stays, so that the alert has the same proof whoever finds it."""
    stays = (
        at(TWIN, "1", psn_no="P1"),
        at(OWN, "2", psn_no="P1", begntime="2024-03-03 08:00:00", endtime="2024-03-08 08:00:00"),
    )
    for kind in ("MDTRT_D", "SETL_D"):
        sent(land.city_bureau, kind, *of(kind, *stays))
    assert screened(land.twin_bureau, "overlapping-stays") == (0, 0, 0)
    assert screened(land.county_bureau, "overlapping-stays") == (1, 0, 2)
    assert screened(land.city_bureau, "overlapping-stays") == (0, 1, 2)
    assert Alert.objects.get().provider_code == OWN

"""Two certified officers, identity shown, a record that is signed or refused with reason and witness (HY-32)."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from inspections.models import SiteRecord
from supervision.parties.models import Certificate
from supervision.procedure import clock
from supervision.procedure.refusals import StepInvalid
from supervision.procedure.services import advance
from tests.inspections.stages import SIGNED, STARTED, answer_all, assigned_task, both, draw_up, photo, refused_by

pytestmark = pytest.mark.law("HY-32")


def start(task, actor, **facts):
    advance(task, "start", actor, **({"identity_shown_at": clock.now()} | STARTED | facts))


@pytest.mark.law("PP-16")
class TestTwoCertifiedOfficers:
    def test_one_officer_may_not_begin(self, cast, land, provider):
        task = assigned_task(cast, land, provider, officers=[cast.officer.user])
        with refused_by("enough_certified_officers"):
            start(task, cast.officer)

    def test_a_second_without_certificate_does_not_count(self, cast, land, provider):
        task = assigned_task(cast, land, provider, officers=[cast.officer.user, cast.head.user])
        with refused_by("enough_certified_officers"):
            start(task, cast.officer)

    def test_an_expired_certificate_does_not_count(self, task, cast):
        yesterday = clock.today() - timedelta(days=1)
        Certificate.objects.filter(user=cast.second_officer.user).update(valid=(None, yesterday))
        with refused_by("enough_certified_officers"):
            start(task, cast.officer)

    def test_an_audit_certificate_does_not_make_an_enforcement_officer(self, task, cast):
        Certificate.objects.filter(user=cast.second_officer.user).update(kind="audit")
        with refused_by("enough_certified_officers"):
            start(task, cast.officer)

    def test_an_agencys_auditors_go_with_audit_certificates(self, cast, land, provider):
        auditors = [cast.auditor.user, cast.clerk.user]
        task = assigned_task(cast, land, provider, actor=cast.clerk, authority=land.county_agency, officers=auditors)
        start(task, cast.clerk)
        assert task.state == "on_site"

    def test_only_an_assigned_officer_begins(self, cast, land, provider):
        task = assigned_task(cast, land, provider, officers=[cast.second_officer.user])
        with refused_by("officer"):
            start(task, cast.officer)

    def test_two_sign_the_record(self, recorded, cast):
        with refused_by("enough_officers_sign"):
            advance(recorded, "sign_record", cast.officer, officers=[cast.officer.user], **SIGNED)


class TestIdentityShown:
    def test_without_saying_to_whom_nothing_begins(self, task, cast):
        with pytest.raises(StepInvalid) as invalid:
            advance(task, "start", cast.officer, identity_shown_at=clock.now())
        assert {"received_by", "received_post", "told_of_recusal"} <= set(invalid.value.form.errors)

    def test_not_in_the_future(self, task, cast):
        with pytest.raises(StepInvalid) as invalid:
            start(task, cast.officer, identity_shown_at=clock.now() + timedelta(hours=1))
        assert "identity_shown_at" in invalid.value.form.errors

    def test_not_before_the_inspection_was_opened(self, task, cast):
        with pytest.raises(StepInvalid) as invalid:
            start(task, cast.officer, identity_shown_at=task.opened_at - timedelta(minutes=10))
        assert list(invalid.value.form.errors) == ["identity_shown_at"]

    def test_it_stands_on_the_task_and_in_the_event(self, on_site):
        assert on_site.received_by == "示例院长"
        assert on_site.events.get(verb="start").facts["identity_shown_at"]


class TestTheRecord:
    def test_every_item_is_answered_first(self, on_site, cast):
        with refused_by("checklist_complete"):
            draw_up(on_site, cast)

    def test_a_shortcoming_says_why(self, on_site, cast):
        answer_all(on_site, cast, answer_p1="no")
        with refused_by("shortcomings_explained"):
            draw_up(on_site, cast)
        advance(on_site, "fill_checklist", cast.officer, answer_p1="no", note_p1="夜间无值班医师")
        draw_up(on_site, cast)

    def test_numbers_that_differ_are_in_order_only_with_words(self, on_site, cast, doors):
        said = {"answer_b1": "yes", "expected_b1": 42, "counted_b1": 35}
        doors.mistake(on_site, "fill_checklist", cast.officer, said, field="note_b1")
        answer_all(on_site, cast, **said, note_b1="七人当日外出检查，有假条")
        draw_up(on_site, cast)
        (line,) = (each for each in on_site.site_record.text.splitlines() if "账面42，实际35" in each)
        assert "未见异常" not in line
        assert line.startswith("下列事项所记数字与“符合”不一致")
        assert "七人当日外出检查" in line

    def test_faults_counted_are_in_order_only_with_words(self, on_site, cast, doors):
        doors.mistake(on_site, "fill_checklist", cast.officer, {"answer_b2": "yes", "counted_b2": 3}, field="note_b2")
        answer_all(on_site, cast, counted_b2=0)
        assert not on_site.answers.get(item__code="b2").differs

    def test_equal_numbers_need_no_words(self, on_site, cast):
        answer_all(on_site, cast, expected_b1=42, counted_b1=42)
        draw_up(on_site, cast)
        assert "不一致" not in on_site.site_record.text

    def test_an_answer_kept_without_words_stops_the_record(self, on_site, cast):
        answer_all(on_site, cast, expected_b1=42, counted_b1=42)
        on_site.answers.filter(item__code="b1").update(counted=35)
        with refused_by("differences_explained"):
            draw_up(on_site, cast)

    def test_nothing_is_inspected_before_identity_was_shown(self, on_site, cast, doors):
        answer_all(on_site, cast)
        begun = on_site.identity_shown_at - timedelta(minutes=10)
        said = {"place": "住院部", "begun_at": begun.isoformat(), "ended_at": clock.now().isoformat()}
        doors.mistake(on_site, "draw_up_record", cast.officer, said, field="begun_at")

    def test_the_text_tells_what_was_seen(self, recorded):
        text = recorded.site_record.text
        assert "账面42，实际35" in text
        assert "见本笔录“检查发现”表" in text
        assert "示例院长" in text

    def test_the_party_signs_or_its_refusal_is_noted_with_reason_and_witness(self, recorded, cast):
        with pytest.raises(StepInvalid) as invalid:
            advance(recorded, "note_refusal", cast.officer, officers=both(cast))
        assert {"refused_because", "witness"} <= set(invalid.value.form.errors)
        with pytest.raises(StepInvalid) as invalid:
            advance(recorded, "sign_record", cast.officer, officers=both(cast))
        assert "signed_by" in invalid.value.form.errors
        advance(
            recorded,
            "note_refusal",
            cast.officer,
            officers=both(cast),
            refused_because="对人数有异议",
            witness="示例村医",
            on_paper=True,
        )
        assert (recorded.state, recorded.site_record.outcome) == ("refused", "refused")

    def test_a_refusal_without_witness_is_told_at_the_witness(self, recorded, cast, doors):
        said = {"officers": [user.pk for user in both(cast)], "refused_because": "对人数有异议"}
        doors.mistake(recorded, "note_refusal", cast.officer, said, field="witness")

    def test_a_refusal_stands_by_the_hands_of_both_officers(self, store, recorded, cast, doors):
        officer, second = both(cast)
        said = {"officers": [officer.pk, second.pk], "refused_because": "对人数有异议", "witness": "示例村医"}
        for user in (officer, second):
            doors.mistake(recorded, "note_refusal", cast.officer, said, field=f"signature_{user.pk}")
        one = {f"signature_{officer.pk}": photo("officer.png")}
        with pytest.raises(StepInvalid) as invalid:
            advance(recorded, "note_refusal", cast.officer, data=said, files=one)
        assert set(invalid.value.form.errors) == {f"signature_{second.pk}"}
        advance(recorded, "note_refusal", cast.officer, data=said | {"on_paper": True})
        assert recorded.site_record.on_paper
        how = {each["role"]: each["how"] for each in recorded.site_record_paper.facts["signatures"]}
        assert how["检查人员"] == "签名在纸质笔录原件上"

    def test_nothing_is_confirmed_before_it_is_signed_or_refused(self, recorded, cast):
        with refused_by("state"):
            advance(recorded, "confirm_findings", cast.officer)
        with refused_by("state"):
            advance(recorded, "conclude", cast.officer, conclusion="clear", summary="无")

    @pytest.mark.parametrize(
        "columns",
        [
            {"outcome": "signed", "signed_by": ""},
            {"outcome": "refused", "refused_because": "", "witness": "某"},
            {"outcome": "refused", "refused_because": "不同意", "witness": ""},
        ],
    )
    def test_the_database_refuses_an_empty_signature(self, recorded, columns):
        with pytest.raises(IntegrityError), transaction.atomic():
            SiteRecord.objects.filter(task=recorded).update(settled_at=clock.now(), **columns)

    def test_a_name_typed_in_is_no_signature(self, recorded, cast, doors):
        said = {"officers": [user.pk for user in both(cast)], "signed_by": "示例院长"}
        doors.mistake(recorded, "sign_record", cast.officer, said, field="signature")
        said["on_paper"] = True
        advance(recorded, "sign_record", cast.officer, data=said)
        assert recorded.events.get(verb="sign_record").facts["on_paper"] is True

    def test_a_signed_record_is_never_changed(self, signed):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            SiteRecord.objects.filter(task=signed).update(text="改过")

    def test_the_provider_sees_it_once_signed_not_before(self, recorded, cast):
        from inspections.onsite.selectors import tasks

        assert not tasks(cast.hospital).exists()
        advance(recorded, "sign_record", cast.officer, officers=both(cast), **SIGNED)
        assert tasks(cast.hospital).get().pk == recorded.pk

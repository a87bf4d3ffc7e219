"""A crisis record is written while it happens, never over somebody else's words, and read by a second person."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from moderation import calls
from moderation.actions.cases import claim_case
from moderation.actions.contacts import Tried, add_contact
from moderation.actions.escalation import close_case, escalate_case, return_case, take_case
from moderation.actions.records import Page, RecordChanged, read_record, save_record
from moderation.actions.sheets import make_sheet
from moderation.models import Case, ContactTried, CrisisRecord, Outcome, RecordVersion, State
from moderation.record_parts import missing_from, stored
from moderation.refusals import Missing, NotAllowed
from realtime.models import Delivery
from tests.moderation.records import WHOLE, sent, write_record

pytestmark = pytest.mark.django_db


def again(case) -> Case:
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def address():
    return lambda case: reverse("crisis_record", args=[case.pk])


def test_a_record_begins_with_the_words_as_they_were_reported(staff_case, staff):
    record = save_record(staff_case(), staff, {"what_they_said": "That the night is long."})
    (shot,) = json.loads(record.snapshot)
    assert shot["words"] == "Third night of not sleeping."
    with pytest.raises(IntegrityError), transaction.atomic():
        CrisisRecord.objects.filter(pk=record.pk).update(snapshot="[]")


def test_each_save_that_changes_something_is_a_version(staff_case, staff):
    case = staff_case()
    save_record(case, staff, {"what_they_said": "One."})
    save_record(again(case), staff, {"what_they_said": "One."})
    save_record(again(case), staff, {"what_they_said": "One. Two."})
    assert [json.loads(row.fields)["what_they_said"] for row in RecordVersion.objects.all()] == ["One.", "One. Two."]
    assert case.events.filter(action="record").count() == 1, "one sitting is one line of the time line"


def test_a_version_is_never_changed_or_taken_away(staff_case, staff):
    write_record(staff_case(), staff)
    with pytest.raises(IntegrityError), transaction.atomic():
        RecordVersion.objects.update(fields="{}")
    with pytest.raises(IntegrityError), transaction.atomic():
        RecordVersion.objects.all().delete()


def test_two_tabs_never_write_over_each_other(staff_case, staff):
    case, one, other = staff_case(), uuid4(), uuid4()
    first = save_record(case, staff, {"what_they_said": "A."}, Page(0, one, 1))
    save_record(again(case), staff, {"what_they_said": "A. B."}, Page(first.version, one, 2))
    with pytest.raises(RecordChanged) as refused:
        save_record(again(case), staff, {"what_they_said": "A. C."}, Page(first.version, other, 1))
    assert (refused.value.by, refused.value.record.what_they_said) == (staff, "A. B.")


def test_a_page_whose_answer_was_lost_goes_on_and_its_late_saves_change_nothing(staff_case, staff):
    case, tab = staff_case(), uuid4()
    save_record(case, staff, {"what_they_said": "A."}, Page(0, tab, 1))
    save_record(again(case), staff, {"what_they_said": "A. B."}, Page(0, tab, 3))
    save_record(again(case), staff, {"what_they_said": "A. late"}, Page(0, tab, 2))
    assert CrisisRecord.objects.get().what_they_said == "A. B."


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_once_one_is_refused_and_nothing_is_lost(staff_case, staff, at_once):
    case = staff_case()
    first = save_record(case, staff, {"what_they_said": "A."})
    acts = [
        lambda words=words: save_record(again(case), staff, {"what_they_said": words}, Page(first.version, uuid4(), 1))
        for words in ("B.", "C.")
    ]
    results = at_once(*acts)
    assert sorted(type(result).__name__ for result in results) == ["CrisisRecord", "RecordChanged"]


def test_only_whoever_holds_the_case_writes(staff_case, other_staff, moderator, member):
    case = staff_case()
    for person in (other_staff, moderator, member):
        with pytest.raises(NotAllowed):
            save_record(case, person, WHOLE)


def test_a_quiet_save_says_what_is_still_open(as_, staff, staff_case, address):
    case = staff_case()
    answer = as_(staff).post(address(case), {"do": "quietly", "seen": 0, "turn": 1, "what_they_said": "Words."})
    assert answer.status_code == 200
    said = answer.json()
    assert said["version"] == 1
    names = [part["name"] for part in said["missing"]]
    assert "what_they_said" not in names and {"agreed", "contacts", "follow_up_on"} <= set(names)


def test_a_quiet_save_with_a_mistyped_day_keeps_the_rest(as_, staff, staff_case, address):
    case = staff_case()
    answer = as_(staff).post(
        address(case), {"do": "quietly", "seen": 0, "turn": 1, "what_they_said": "Words.", "follow_up_on": "soon"}
    )
    assert answer.status_code == 422
    assert answer.json()["errors"] == {"follow_up_on": "Write the day like 2026-12-24."}
    assert CrisisRecord.objects.get().what_they_said == "Words."


def test_a_page_that_is_behind_comes_back_with_both_texts(as_, staff, staff_case, address):
    case = staff_case()
    record = write_record(case, staff)
    write_record(case, staff, what_we_did="Rang 999.")
    answer = as_(staff).post(address(case), sent(record, what_we_did="Waited with them."))
    assert answer.status_code == 409
    assert "Rang 999." in answer.text and "Waited with them." in answer.text
    quiet = as_(staff).post(address(case), {**sent(record, what_we_did="Waited."), "do": "quietly"})
    assert quiet.status_code == 409
    again_ = sent(record, what_we_did="Rang 999, and waited with them.", seen=str(CrisisRecord.objects.get().version))
    assert as_(staff).post(address(case), again_).status_code == 303
    assert CrisisRecord.objects.get().what_we_did == "Rang 999, and waited with them."


def test_who_does_not_hold_it_any_more_keeps_their_words_to_copy(as_, staff, moderator, staff_case, address):
    case = staff_case()
    record = write_record(case, staff)
    return_case(again(case), staff, "Calm now.")
    answer = as_(staff).post(address(case), sent(record, what_we_did="One more thing."))
    assert answer.status_code == 409
    assert "One more thing." in answer.text and 'name="what_we_did"' not in answer.text


def test_the_earlier_versions_say_what_changed(as_, staff, other_staff, staff_case):
    case = staff_case()
    write_record(case, staff, what_we_did="Rang twice.")
    write_record(case, staff, what_we_did="Rang three times.")
    page = as_(other_staff).get(reverse("record_changes", args=[case.pk])).text
    assert "<del>" in page and "twice." in page and "three" in page


def test_the_open_parts_keep_a_case_from_being_closed(as_, staff, staff_case):
    case = staff_case()
    write_record(case, staff, what_they_want="", agreed="")
    with pytest.raises(Missing, match="What they want"):
        close_case(again(case), staff)
    page = as_(staff).get(reverse("staff_case", args=[case.pk])).text
    assert "record/#part-what_they_want" in page and "record/#part-agreed" in page


def test_we_do_not_know_is_an_answer(staff_case, staff):
    case = staff_case()
    known = dict.fromkeys(("what_they_said", "when_and_where", "means_and_time", "what_they_want", "what_we_did",
                           "basis", "how_it_ended"), "")  # fmt: skip
    unknown = stored([*known, "contacts", "follow_up_on"])
    write_record(case, staff, **known, not_known=unknown, others_in_danger="not_known", agreed="could_not")
    assert close_case(again(case), staff).outcome == Outcome.RECORDED


@pytest.mark.parametrize("part", ["what_they_said", "basis", "how_it_ended", "agreed"])
def test_the_database_holds_a_finished_record_to_being_whole(staff_case, staff, part):
    record = write_record(staff_case(), staff, **{part: ""})
    with pytest.raises(IntegrityError), transaction.atomic():
        CrisisRecord.objects.filter(pk=record.pk).update(finished_at=timezone.now())


def test_a_contact_is_noted_once_and_answers_the_part(as_, staff, staff_case, address):
    case, key = staff_case(), str(uuid4())
    fields = sent(do="contact", unknown_contacts="") | {
        "contact-key": key, "contact-whom": "emergency", "contact-name": "Dyfed-Powys Police, control room",
        "contact-answer": "refused", "contact-incident_number": "DP-1234", "contact-what_next": "",
    }  # fmt: skip
    del fields["unknown_contacts"]
    answer = as_(staff).post(address(case), fields)
    assert answer.status_code == 422
    assert "Write what you did next." in answer.text
    assert CrisisRecord.objects.get().what_they_said == WHOLE["what_they_said"], "the record itself is kept"
    fields |= {"contact-what_next": "Rang the ambulance service.", "seen": "1"}
    for _press in range(2):
        assert as_(staff).post(address(case), fields).status_code == 303
    row = ContactTried.objects.get()
    assert ",contacts," not in CrisisRecord.objects.get().not_known
    assert (row.incident_number, row.answer) == ("DP-1234", "refused")
    assert missing_from(CrisisRecord.objects.get()) == []
    assert "Rang the ambulance service." in as_(staff).get(address(case)).text


@pytest.mark.parametrize(
    ("tried", "field"),
    [
        (Tried("emergency", "accepted"), "name"),
        (Tried("other", "not_traceable", "Their surgery", what_next="Waited."), "answer"),
        (Tried("member", "reached", incident_number="12"), "incident_number"),
        (Tried("emergency", "not_traceable", "Police"), "what_next"),
    ],
)
def test_a_contact_that_says_too_little_is_asked_for_more(staff_case, staff, tried, field):
    with pytest.raises(Missing) as refused:
        add_contact(staff_case(), staff, tried)
    assert refused.value.field == field


def test_the_record_of_an_emergency_is_read_by_a_second_person(as_, staff, other_staff, moderator, staff_case, address):
    case = staff_case("danger_now")
    record = write_record(case, staff)
    assert timedelta(hours=71) < record.second_due_at - timezone.now() <= timedelta(hours=72)
    assert "An emergency: robin" in as_(other_staff).get("/staff/").text
    close_case(again(case), staff)
    for person in (staff, moderator):
        with pytest.raises(NotAllowed):
            read_record(record, person)
    assert 'value="read"' not in as_(staff).get(address(case)).text
    answer = as_(other_staff).post(address(case), {"do": "read", "record": record.pk})
    assert answer.status_code == 303
    assert read_record(record, other_staff).second_reader == other_staff
    assert "An emergency: robin" not in as_(other_staff).get("/staff/").text
    assert case.events.filter(action="second_reading").count() == 1


def test_what_was_read_before_it_was_whole_is_read_again(staff, other_staff, staff_case):
    case = staff_case("danger_now")
    record = write_record(case, staff, how_it_ended="")
    read_record(record, other_staff)
    write_record(case, staff)
    close_case(again(case), staff)
    record.refresh_from_db()
    assert record.second_read_at is None and record.second_due_at > timezone.now()


def test_whoever_wrote_some_of_it_does_not_read_it_second(staff, other_staff, make_member, moderator, staff_case):
    case = staff_case("danger_now")
    record = write_record(case, staff)
    Case.objects.filter(pk=case.pk).update(holder=other_staff)
    write_record(case, other_staff, what_we_did="Went on talking.")
    with pytest.raises(NotAllowed):
        read_record(record, staff)
    with pytest.raises(IntegrityError), transaction.atomic():
        CrisisRecord.objects.filter(pk=record.pk).update(second_reader=staff)


def test_a_record_that_nobody_read_in_time_is_mailed_to_the_others_once(staff, other_staff, staff_case):
    record = write_record(staff_case("danger_now"), staff)
    CrisisRecord.objects.update(second_due_at=timezone.now() - timedelta(minutes=1))
    calls.remind()
    calls.remind()
    keys = Delivery.objects.filter(dedupe__startswith=f"second:{record.pk}:").values_list("dedupe", flat=True)
    assert list(keys) == [f"second:{record.pk}:{other_staff.pk}:mail"]


def test_a_second_escalation_has_a_record_of_its_own(staff_case, staff, moderator):
    case = staff_case()
    first = write_record(case, staff)
    back = return_case(again(case), staff, "Please stay with them.")
    taken = take_case(escalate_case(claim_case(back, moderator), moderator, "Worse."), staff)
    with pytest.raises(Missing):
        close_case(again(taken), staff)
    second = write_record(taken, staff, what_they_said="It is worse tonight.")
    first.refresh_from_db()
    assert second != first and first.what_they_said == WHOLE["what_they_said"]


def test_a_case_about_conduct_has_no_crisis_record(as_, staff, staff_case, address):
    case = staff_case(door="rule")
    assert as_(staff).get(address(case)).status_code == 404
    with pytest.raises(NotAllowed):
        save_record(case, staff, WHOLE)


def test_a_short_close_is_still_possible_over_a_record_that_was_begun(staff_case, staff):
    case = staff_case()
    save_record(case, staff, {"what_they_said": "A line of a song."})
    assert close_case(again(case), staff, because="They were quoting a song.").outcome == Outcome.NOT_A_CRISIS


def test_a_short_close_is_no_way_round_a_record_in_which_somebody_was_called(staff_case, staff):
    case = staff_case()
    save_record(case, staff, {"what_they_said": "That it ends tonight."})
    add_contact(again(case), staff, Tried("emergency", "accepted", "Kent Police", "KP-1"))
    with pytest.raises(Missing, match="Still open"):
        close_case(again(case), staff, because="It was nothing.")
    assert again(case).state == State.WITH_STAFF


def test_a_short_close_is_no_way_round_a_record_of_which_a_sheet_was_given(staff_case, staff):
    case = staff_case()
    save_record(case, staff, {"what_they_said": "That it ends tonight."})
    make_sheet(again(case), staff, to_whom="Kent Police", why_now="Now.", chosen=["what_they_said"])
    with pytest.raises(Missing, match="Still open"):
        close_case(again(case), staff, because="It was nothing.")


def test_what_was_begun_before_a_short_close_is_read_by_its_person_too(as_, member, staff_case, staff):
    case = staff_case()
    save_record(case, staff, {"what_they_said": "A line of a song."})
    assert "A line of a song." not in as_(member).get("/me/records/").text
    close_case(again(case), staff, because="They were quoting it.")
    page = as_(member).get("/me/records/").text
    assert "They were quoting it." in page and "A line of a song." in page


def test_a_follow_up_day_that_is_over_is_an_open_part(staff_case, staff):
    record = write_record(
        staff_case(), staff, not_known=stored(["contacts"]), follow_up_on=timezone.localdate().isoformat()
    )
    assert [part.name for part in missing_from(record)] == ["follow_up_on"]
    assert again(record.case).state == State.WITH_STAFF


def test_what_was_typed_elsewhere_on_the_page_is_not_lost_by_pressing_save(as_, staff, staff_case, address):
    case = staff_case()
    typed = {"contact-key": str(uuid4()), "contact-whom": "member", "contact-answer": "not_reached"}
    assert as_(staff).post(address(case), sent() | typed).status_code == 303
    assert ContactTried.objects.get().answer == "not_reached"
    answer = as_(staff).post(address(case), sent(seen="2") | {"sheet-to_whom": "Kent Police"})
    assert answer.status_code == 200
    assert 'value="Kent Police"' in answer.text


def test_a_page_without_scripts_that_is_sent_again_writes_over_its_own_words(as_, staff, staff_case, address):
    case, tab = staff_case(), str(uuid4())
    as_(staff).post(address(case), sent(tab=tab, what_we_did="Rang."))
    as_(staff).post(address(case), sent(tab=tab, what_we_did="Rang twice."))
    assert CrisisRecord.objects.get().what_we_did == "Rang twice."

"""The staff's board and their page of a case: take, the same conversation, the record, the ways to end it."""

from uuid import uuid4

import pytest
from django.urls import reverse

from moderation.actions.cases import send_word
from moderation.models import Case, CrisisRecord, Word
from tests.moderation.records import sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def press(as_):
    def press(person, case, do: str, *, seen: int | None = None, **fields):
        version = seen or Case.objects.get(pk=case.pk).version
        return as_(person).post(reverse("staff_case", args=[case.pk]), {"do": do, "seen": version, **fields})

    return press


def page_of(as_, person, case) -> str:
    return as_(person).get(reverse("staff_case", args=[case.pk])).text


def test_the_board_shows_what_waits_and_who_holds_the_rest(
    as_, staff, other_staff, escalated_case, staff_case, make_member
):
    waiting = escalated_case()
    held = staff_case(subject=make_member("finch"))
    board = as_(other_staff).get("/staff/")
    assert [row.case.pk for row in board.context["waiting"]] == [waiting.pk]
    assert [(each.case.pk, each.row.held) for each in board.context["held"]] == [(held.pk, "puffin, for staff")]
    assert "waits" in board.text


def test_an_empty_board_says_so(as_, staff):
    assert "Nobody is waiting." in as_(staff).get("/staff/").text


def test_staff_take_a_case_once(as_, staff, other_staff, escalated_case, press):
    case = escalated_case()
    assert press(staff, case, "take", seen=case.version).status_code == 303
    case_now = Case.objects.get(pk=case.pk)
    assert (case_now.state, case_now.holder) == ("with_staff", staff)
    answer = press(other_staff, case, "take", seen=case.version)
    assert answer.status_code == 409
    assert "puffin took this at" in answer.text


def test_staff_join_the_same_conversation(as_, staff, moderator, member, escalated_case, press):
    case = escalated_case()
    send_word(case, moderator, "Hello Robin, this is Heron.", uuid4())
    press(staff, case, "take")
    assert "Hello Robin, this is Heron." in page_of(as_, staff, case)
    press(staff, case, "word", body="Hello Robin, this is Puffin.", key=str(uuid4()))
    assert set(Word.objects.values_list("case", flat=True)) == {case.pk}
    page = as_(member).get(f"/me/words/{case.pk}/").text
    assert "this is Heron" in page and "this is Puffin" in page and "from the staff, a person" in page


def test_a_record_is_kept_mended_and_the_case_closed_with_it(as_, staff, staff_case, press):
    case = staff_case()
    url = reverse("crisis_record", args=[case.pk])
    assert as_(staff).post(url, sent()).status_code == 303
    assert as_(staff).post(url, sent(CrisisRecord.objects.get(), what_we_did="Rang their GP.")).status_code == 303
    page = page_of(as_, staff, case)
    assert "Rang their GP." in page and "The record is whole." in page
    assert press(staff, case, "close").status_code == 303
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("closed", "recorded")


def test_a_case_does_not_close_with_neither_record_nor_reason(staff, staff_case, press):
    case = staff_case()
    answer = press(staff, case, "close")
    assert answer.status_code == 422
    assert "Fill in the record, or write why this was not a crisis." in answer.text
    case.refresh_from_db()
    assert case.state == "with_staff"


def test_a_short_close_is_read_by_a_second_person(as_, staff, other_staff, staff_case, press):
    case = staff_case()
    assert press(staff, case, "close", because="It was a line of a song.").status_code == 303
    record = CrisisRecord.objects.get()
    assert "Not a crisis: robin" in as_(other_staff).get("/staff/").text
    assert 'value="second_reading"' not in page_of(as_, staff, case)
    assert 'value="second_reading"' in page_of(as_, other_staff, case)
    assert press(staff, case, "second_reading", record=str(record.pk)).status_code == 422
    assert press(other_staff, case, "second_reading", record=str(record.pk)).status_code == 303
    record.refresh_from_db()
    assert record.second_reader == other_staff
    assert "Not a crisis: robin" not in as_(other_staff).get("/staff/").text


def test_staff_give_a_case_back_with_a_note(as_, staff, moderator, staff_case, press):
    case = staff_case()
    assert press(staff, case, "return", note="").status_code == 422
    assert press(staff, case, "return", note="Calm now; please keep an eye.").status_code == 303
    case.refresh_from_db()
    assert (case.state, case.offered_to) == ("open", moderator)
    page = as_(moderator).get("/moderation/").text
    assert "offered to you first" in page


def test_only_whoever_holds_it_sees_the_forms(as_, staff, other_staff, staff_case):
    case = staff_case()
    assert "Write the record" in page_of(as_, staff, case)
    assert "Write the record" not in page_of(as_, other_staff, case)


def test_staff_open_a_closed_case_again(as_, staff, staff_case, press):
    case = staff_case()
    press(staff, case, "close", because="A song.")
    assert press(staff, case, "reopen", note="There is more to it.").status_code == 303
    case.refresh_from_db()
    assert case.state == "open"

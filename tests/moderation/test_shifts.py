"""A shift: the note at its end, being asked whether one is still there, what goes back when nobody is, and having to stop."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from forum.models import Block
from moderation import duty, tiring
from moderation.actions.cases import claim_case
from moderation.actions.climbing import climb_ladders
from moderation.actions.duty import go_on_call, sign_off, sign_on
from moderation.actions.leaving_shift import have_to_stop
from moderation.actions.reports import report_member, report_post
from moderation.actions.resting import ask_again
from moderation.models import Case, Duty, Report
from realtime.models import Event
from tests.moderation.test_moderators_care import mails_to

pytestmark = pytest.mark.django_db
NOTE = "Somebody asked to be written to at ten. I said we would."


def minutes(count: float):
    return time_machine.travel(timezone.now() + timedelta(minutes=count))


@pytest.fixture
def held_on_shift(open_case, moderator, make_member, on_duty):
    """A case that heron holds, on a shift that is no standing one; somebody else is on duty for good."""

    def make(*args, **named) -> Case:
        on_duty(make_member("dunnock", role="moderator"))
        sign_on(moderator)
        return claim_case(open_case(*args, **named), moderator)

    return make


def test_who_signs_on_within_a_day_reads_the_note_of_who_signed_off(as_, moderator, other_moderator):
    sign_on(moderator)
    assert as_(moderator).post("/moderation/duty/", {"do": "off", "note": NOTE}).status_code == 302
    assert not duty.someone_is_here()
    assert NOTE not in as_(other_moderator).get("/moderation/duty/").text  # they are not on shift
    sign_on(other_moderator)
    for page in ("/moderation/duty/", "/moderation/"):
        assert NOTE in as_(other_moderator).get(page).text
    with minutes(24 * 60 + 1):
        assert NOTE not in as_(other_moderator).get("/moderation/duty/").text


def test_the_note_is_optional_and_one_that_is_too_long_comes_back_whole(as_, moderator):
    sign_on(moderator)
    long = "a word " * 200
    answer = as_(moderator).post("/moderation/duty/", {"do": "off", "note": long})
    assert answer.status_code == 422 and long.strip() in answer.text
    assert duty.someone_is_here()
    as_(moderator).post("/moderation/duty/", {"do": "off", "note": "  "})
    assert Duty.objects.get().note == "" and not duty.someone_is_here()


def test_a_second_press_in_another_window_keeps_its_words(moderator):
    sign_on(moderator)
    sign_off(moderator)
    sign_off(moderator, NOTE)
    assert Duty.objects.get().note == NOTE


def test_who_was_on_no_shift_has_nothing_to_hand_over(as_, moderator):
    answer = as_(moderator).post("/moderation/duty/", {"do": "off", "note": NOTE})
    assert answer.status_code == 422 and NOTE in answer.text


def test_notes_of_the_independent_contacts_stay_among_them(as_, independent, moderator):
    sign_on(independent)
    sign_off(independent, NOTE)
    sign_on(moderator)
    assert NOTE not in as_(moderator).get("/moderation/duty/").text
    sign_on(independent)
    assert NOTE in as_(independent).get("/moderation/duty/").text


def test_a_note_without_its_time_does_not_exist(moderator):
    sign_on(moderator)
    with pytest.raises(IntegrityError), transaction.atomic():
        Duty.objects.update(note=NOTE)


def asked(as_, person, page: str = "/moderation/") -> bool:
    text = as_(person).get(page).text
    assert 'id="still-here"' in text
    return "hidden>" not in text.partition('id="still-here"')[2].partition("<input")[0]


def test_after_ten_minutes_one_is_asked_quietly_and_one_press_is_an_act(as_, moderator):
    sign_on(moderator)
    assert not asked(as_, moderator)
    with minutes(10.5):
        for page in ("/moderation/", "/moderation/duty/", "/moderation/statistics/"):
            assert asked(as_, moderator, page)
        assert "Still here?" in as_(moderator).get("/moderation/").text
        answer = as_(moderator).post("/moderation/duty/", {"do": "still", "back": "/moderation/statistics/"})
        assert answer["Location"] == "/moderation/statistics/"
        assert not asked(as_, moderator)
    with minutes(20):
        assert duty.someone_is_here()


def test_the_press_leads_nowhere_but_to_pages_of_the_team(as_, moderator):
    sign_on(moderator)
    for strange in ("https://example.org/", "/moderation//example.org", "/", "/staff/\\x"):
        assert (
            as_(moderator).post("/moderation/duty/", {"do": "still", "back": strange})["Location"]
            == "/moderation/duty/"
        )


def test_who_is_not_on_shift_and_a_standing_duty_are_asked_nothing(as_, moderator, other_moderator, on_duty):
    on_duty(moderator)
    for person in (moderator, other_moderator):
        assert 'id="still-here"' not in as_(person).get("/moderation/").text


def test_after_a_quarter_of_an_hour_claims_return_once(as_, moderator, held_on_shift):
    case = held_on_shift("worried")
    with minutes(14):
        assert tiring.end_tired_shifts() == 0
    with minutes(15.5):
        assert tiring.end_tired_shifts() == 1
        assert tiring.end_tired_shifts() == 0
        case.refresh_from_db()
        assert (case.state, case.holder) == ("open", None)
        assert [each.action for each in case.events.order_by("n")][-1] == "lapse"
        assert Event.objects.filter(
            stream="moderation", kind="case.changed", ref=case.pk, version=case.version
        ).exists()
        text = as_(moderator).get("/moderation/").text
        assert "You have been away for a quarter of an hour" in text
        as_(moderator).post("/moderation/duty/", {"do": "still"})
        assert moderator in duty.on_shift()
    with minutes(32):
        assert tiring.end_tired_shifts() == 1  # the next silence


def test_who_acts_in_time_and_who_stands_keep_what_they_hold(moderator, held_on_shift, on_duty, held_case):
    case = held_on_shift("worried")
    with minutes(14):
        duty.note_act(moderator)
    with minutes(16):
        assert tiring.end_tired_shifts() == 0
    Duty.objects.filter(member=moderator).update(standing=True)
    with minutes(60):
        assert tiring.end_tired_shifts() == 0
    case.refresh_from_db()
    assert case.holder == moderator


def test_what_rests_until_an_agreed_time_stays_theirs(moderator, held_on_shift):
    case = held_on_shift("worried")
    ask_again(case, moderator, timezone.now() + timedelta(hours=3), "How was the night?", keep=True)
    with minutes(16):
        assert tiring.end_tired_shifts() == 1
    case.refresh_from_db()
    assert case.holder == moderator


def test_one_press_and_they_are_signed_off_with_nothing_left_on_them(as_, moderator, held_on_shift):
    case = held_on_shift("worried")
    assert "I have to stop" in as_(moderator).get(f"/moderation/cases/{case.pk}/").text
    for page in ("/moderation/", "/moderation/duty/"):
        assert "I have to stop" in as_(moderator).get(page).text
    answer = as_(moderator).post("/moderation/stop/", follow=True)
    assert "You're signed off" in answer.text.replace("&#x27;", "'")
    assert "Your cases are back in the queue. Nobody will ask why." in answer.text
    case.refresh_from_db()
    assert (case.state, case.holder) == ("open", None)
    assert moderator not in duty.on_shift()
    assert as_(moderator).post("/moderation/stop/").status_code == 302
    assert case.events.filter(action="release").count() == 1


def test_what_is_urgent_rings_who_is_on_call_at_once(moderator, staff, on_duty, held_on_shift):
    on_duty(staff, "on_call")
    case = held_on_shift("ending_life")
    have_to_stop(moderator)
    assert len(mails_to(staff)) == 1
    assert f"/cases/{case.pk}/" in mails_to(staff)[0].body


def test_what_is_not_urgent_rings_nobody(moderator, staff, on_duty, held_on_shift):
    on_duty(staff, "on_call")
    held_on_shift("worried")
    have_to_stop(moderator)
    assert mails_to(staff) == []


def test_staff_who_have_to_stop_leave_their_case_waiting_for_staff_and_are_on_call_no_more(staff, staff_case, rings):
    rings.add(staff.pk)
    case = staff_case("ending_life")
    sign_on(staff)
    go_on_call(staff)
    episode = case.episode
    have_to_stop(staff)
    case.refresh_from_db()
    assert (case.state, case.holder, case.episode) == ("escalated", None, episode + 1)
    assert duty.on_call() == []


def test_a_member_cannot_stop_what_they_never_began(as_, member, client):
    assert as_(member).post("/moderation/stop/").status_code == 404
    assert client.get("/moderation/stop/").status_code == 302


def unheld(other_member, member, category: str = "ending_life", door: str = "worry") -> Case:
    return report_member(other_member, member, door, category, key=uuid4()).case


def leave_by(way: str, person) -> None:
    """The three ways in which somebody is no longer on shift."""
    if way == "stop":
        have_to_stop(person)
    elif way == "sign off":
        sign_off(person)
    else:
        with minutes(16):
            assert tiring.end_tired_shifts() == 1


@pytest.mark.parametrize("way", ["stop", "sign off", "nobody there"])
def test_what_nobody_had_taken_yet_goes_to_staff_when_the_last_one_leaves(
    way, moderator, member, other_member, staff, on_duty
):
    on_duty(staff, "on_call")
    sign_on(moderator)
    case = unheld(other_member, member)
    leave_by(way, moderator)
    case.refresh_from_db()
    assert (case.state, case.escalation_source) == ("escalated", "human")
    with minutes(16.1):  # the ladder begins with the clock's next look
        climb_ladders()
        [mail] = mails_to(staff)
    assert "/up/" in mail.body and str(case.subject.handle) not in mail.body


def test_of_urgent_conduct_that_nobody_holds_on_call_hears_and_once(
    moderator, member, other_member, staff, on_duty, post_by
):
    on_duty(staff, "on_call")
    sign_on(moderator)
    case = report_post(other_member, post_by(member), "rule", "threat", key=uuid4()).case
    have_to_stop(moderator)
    sign_on(moderator)
    have_to_stop(moderator)
    case.refresh_from_db()
    assert case.state == "open"
    assert len(mails_to(staff)) == 1


def test_while_a_colleague_is_left_it_stays_in_the_queue(moderator, other_moderator, member, other_member, on_duty):
    on_duty(other_moderator)
    sign_on(moderator)
    case = unheld(other_member, member)
    have_to_stop(moderator)
    case.refresh_from_db()
    assert case.state == "open"


def test_a_colleague_who_may_not_look_is_nobody(moderator, other_moderator, member, other_member, on_duty):
    on_duty(other_moderator)
    Block.objects.create(blocker=other_moderator, blocked=member)
    sign_on(moderator)
    case = unheld(other_member, member)
    have_to_stop(moderator)
    case.refresh_from_db()
    assert case.state == "escalated"


def test_what_screening_alone_raised_goes_to_staff_as_screenings_own(moderator, member, other_member):
    sign_on(moderator)
    case = unheld(other_member, member)
    Report.objects.update(source="screening", reporter=None)
    sign_off(moderator)
    case.refresh_from_db()
    assert (case.state, case.escalation_source) == ("escalated", "screening")


def test_what_does_not_press_waits_in_the_queue(moderator, member, other_member):
    sign_on(moderator)
    case = unheld(other_member, member, "worried")
    have_to_stop(moderator)
    case.refresh_from_db()
    assert case.state == "open"

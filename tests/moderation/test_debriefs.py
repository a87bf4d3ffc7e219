"""After a crisis: a talk is offered to everyone who had a hand in it, and the person is asked once, later, how it was."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from forum.models import Member, Notice
from forum.refusals import NotThere
from moderation import afterwards
from moderation.actions.care_asked import ask_how_care_was, leave_it, say_how_care_was
from moderation.actions.cases import claim_case, send_word
from moderation.actions.climbing import climb_ladders
from moderation.actions.debriefs import answer_debrief, offer_debriefs, remind_of_debriefs
from moderation.actions.escalation import close_case, escalate_case, reopen_case, take_case
from moderation.models import Case, Debrief, HowCareWas
from moderation.refusals import Missing

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def held(open_case, moderator, staff):
    """heron passed robin's danger to puffin, who has written."""
    case = claim_case(open_case("danger_now"), moderator)
    case = take_case(escalate_case(case, moderator, "Please take this."), staff)
    send_word(case, staff, "Hello Robin.", uuid4())
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def ended(held, staff):
    return close_case(held, staff, because="Safe with a friend.")


def offered() -> set[str]:
    return set(Debrief.objects.values_list("member__handle", flat=True))


def of(person) -> Debrief:
    return Debrief.objects.get(member=person)


def later(span: timedelta):
    return timezone.now() + span


# --- The offer -------------------------------------------------------------------------------------------------------------


def test_everyone_who_had_a_hand_in_it_is_offered_a_talk_once(ended, staff, moderator):
    assert offer_debriefs() == 2
    assert offered() == {"puffin", "heron"}
    assert offer_debriefs() == 0
    assert Notice.objects.filter(kind="debrief").count() == 2


def test_who_was_called_and_did_not_come_is_among_them_and_who_reported_is_not(
    open_case, moderator, staff, other_staff, on_duty
):
    on_duty(other_staff, kind="on_call")
    case = escalate_case(claim_case(open_case("danger_now"), moderator), moderator, "Please.")
    climb_ladders()
    close_case(take_case(case, staff), staff, because="Safe.")
    offer_debriefs()
    assert offered() == {"puffin", "heron", "gannet"}


def test_none_is_offered_while_it_goes_on_nor_after_what_was_no_crisis(held, staff):
    assert offer_debriefs() == 0
    Case.objects.filter(pk=held.pk).update(severity="soon")
    close_case(Case.objects.get(pk=held.pk), staff, because="No crisis.")
    assert offer_debriefs() == 0


def test_a_second_crisis_of_the_same_case_is_offered_anew(ended, staff, moderator):
    offer_debriefs()
    case = reopen_case(Case.objects.get(pk=ended.pk), staff, "Again.")
    case = take_case(escalate_case(case, moderator, "Again."), staff)
    close_case(case, staff, because="Safe.")
    assert offer_debriefs() == 2


@pytest.mark.django_db(transaction=True)
def test_four_clocks_offer_it_once(ended, at_once):
    assert sorted(at_once(*[offer_debriefs] * 4)) == [0, 0, 0, 2]
    assert Debrief.objects.count() == 2


def test_whoever_has_not_answered_or_said_later_is_reminded_once(ended, staff, moderator):
    offer_debriefs()
    answer_debrief(of(staff), staff, "later")
    assert remind_of_debriefs(later(2 * DAY)) == 0
    assert remind_of_debriefs(later(3 * DAY)) == 2
    assert remind_of_debriefs(later(9 * DAY)) == 0


def test_whoever_has_answered_is_left_alone(ended, staff, moderator):
    offer_debriefs()
    answer_debrief(of(staff), staff, "declined")
    answer_debrief(of(moderator), moderator, "taken", on=timezone.localdate(), with_whom=staff)
    assert remind_of_debriefs(later(4 * DAY)) == 0


def test_one_that_was_taken_has_its_day_and_is_not_with_oneself(ended, staff):
    offer_debriefs()
    with pytest.raises(Missing):
        answer_debrief(of(staff), staff, "taken")
    with pytest.raises(Missing):
        answer_debrief(of(staff), staff, "taken", on=timezone.localdate(), with_whom=staff)
    with pytest.raises(IntegrityError), transaction.atomic():
        Debrief.objects.filter(member=staff).update(answer="taken", answered_at=timezone.now())


def test_nobody_answers_for_another(as_, ended, staff, moderator):
    offer_debriefs()
    with pytest.raises(NotThere):
        answer_debrief(of(staff), moderator, "declined")
    sent = {"debrief": of(staff).pk, "answer": "declined"}
    assert as_(moderator).post(reverse("debriefs"), sent).status_code == 404


def test_the_page_offers_keeps_and_changes_it(as_, ended, moderator, staff):
    offer_debriefs()
    page = as_(moderator).get(reverse("debriefs")).text
    assert "Would you like to talk it over?" in page and "robin" not in page
    sent = {"debrief": of(moderator).pk, "answer": "taken", "on": "", "with_whom": staff.pk}
    refused = as_(moderator).post(reverse("debriefs"), sent)
    assert refused.status_code == 422 and "Choose the day." in refused.text
    assert as_(moderator).post(reverse("debriefs"), {**sent, "on": "2026-12-01"}).status_code == 303
    assert "On 1 December 2026, with puffin." in as_(moderator).get(reverse("debriefs")).text
    as_(moderator).post(reverse("debriefs"), {**sent, "answer": "declined"})
    assert (of(moderator).answer, of(moderator).on, of(moderator).with_whom) == ("declined", None, None)
    assert as_(moderator).post(reverse("debriefs"), {"debrief": of(moderator).pk}).status_code == 422


def test_staff_see_totals_and_nobody_by_name(as_, ended, staff, moderator, member):
    offer_debriefs()
    answer_debrief(of(moderator), moderator, "declined")
    assert Debrief.objects.count() == 2
    assert afterwards.debriefs() == afterwards.Debriefs(None, None, None, None)  # few, and not over
    page = as_(staff).get(reverse("afterwards")).text
    assert "Would rather not" in page and "heron" not in page
    for who in (moderator, member):
        assert as_(who).get(reverse("afterwards")).status_code == 404
    assert as_(member).get(reverse("debriefs")).status_code == 404


# --- How it was for the person ---------------------------------------------------------------------------------------------


def asked() -> HowCareWas:
    return HowCareWas.objects.get()


def test_they_are_asked_a_fortnight_later_and_once(ended, member):
    assert ask_how_care_was(later(13 * DAY)) == 0
    assert ask_how_care_was(later(14 * DAY)) == 1
    assert ask_how_care_was(later(15 * DAY)) == 0
    assert Notice.objects.filter(member=member, kind="care_asked").count() == 1


def test_after_another_fortnight_nobody_is_asked_any_more(ended):
    assert ask_how_care_was(later(29 * DAY)) == 0


@pytest.mark.django_db(transaction=True)
def test_four_clocks_ask_once(ended, at_once):
    now = later(14 * DAY)
    assert sorted(at_once(*[lambda: ask_how_care_was(now)] * 4)) == [0, 0, 0, 1]


def test_who_was_never_written_to_knows_of_nothing_and_is_not_asked(ended):
    ended.words.all().delete()
    assert ask_how_care_was(later(14 * DAY)) == 0


@pytest.mark.parametrize("standing", ["on_break", "remembered", "deactivated"])
def test_nobody_is_asked_on_a_break_nor_when_they_have_gone(ended, member, standing):
    Member.objects.filter(pk=member.pk).update(standing=standing)
    assert ask_how_care_was(later(14 * DAY)) == 0


def test_nobody_is_asked_while_they_are_looked_after_again(ended, member, staff):
    reopen_case(Case.objects.get(pk=ended.pk), staff, "Again.")
    assert ask_how_care_was(later(14 * DAY)) == 0


def test_who_does_not_want_to_be_asked_is_not(ended, member):
    Member.objects.filter(pk=member.pk).update(notices_off=["care_asked"])
    ask_how_care_was(later(14 * DAY))
    assert not Notice.objects.filter(kind="care_asked").exists()


def test_the_page_asks_one_question_and_keeps_the_answer(as_, ended, member, other_member):
    with time_machine.travel(later(14 * DAY)):
        ask_how_care_was()
        url = reverse("how_care_was", args=[asked().pk])
        notices = as_(member).get("/notices/").text
        assert "One question from the team, if you like." in notices
        assert as_(other_member).get(url).status_code == 404
        assert as_(member).post(url, {"words": "Hm."}).status_code == 422
        assert as_(member).post(url, {"choice": "mixed", "words": "Puffin was kind."}).status_code == 303
        as_(member).post(url, {"choice": "hard"})
        assert (asked().choice, asked().words) == ("mixed", "Puffin was kind.")
        assert "Your answer is kept" in as_(member).get(url).text


def test_not_now_is_an_answer_and_the_page_stays_for_later(as_, ended, member):
    with time_machine.travel(later(14 * DAY)):
        ask_how_care_was()
        url = reverse("how_care_was", args=[asked().pk])
        assert as_(member).post(url, {"do": "not_now"}).status_code == 302
        assert "One question from the team" not in as_(member).get("/notices/").text
        assert as_(member).post(url, {"choice": "helped"}).status_code == 303
    assert asked().choice == "helped" and asked().not_now_at is None


def test_nobody_answers_for_another_person(ended, member, other_member):
    ask_how_care_was(later(14 * DAY))
    with pytest.raises(NotThere):
        say_how_care_was(asked(), other_member, "hard")
    with pytest.raises(NotThere):
        leave_it(asked(), other_member)


def test_staff_see_it_only_where_eight_have_answered(as_, ended, staff, member):
    copies = []
    for n in range(8):
        case = Case.objects.create(
            kind="care", subject=member, subject_role="member", state="closed", severity="urgent",
            opened_at=timezone.now(), clock_from=timezone.now(), closed_at=timezone.now(), outcome="recorded",
        )  # fmt: skip
        copies.append(HowCareWas(case=case, choice="helped", words=f"Kind, {n}.", said_at=afterwards.half_year()[0]))
    HowCareWas.objects.bulk_create(copies[:7])
    assert "too few to say anything" in as_(staff).get(reverse("afterwards")).text
    copies[7].save()
    page = as_(staff).get(reverse("afterwards")).text
    assert "It helped that somebody was there" in page and "Kind, 3." in page

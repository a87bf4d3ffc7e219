"""How far a word has come is known to whoever wrote it: onto a page, before somebody's eyes; and who reads just now."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from forum.models import Member
from moderation.actions.cases import answer_word, claim_case, read_words, send_word
from moderation.actions.escalation import close_case, take_case
from moderation.actions.marking import mark_words, reach_words
from moderation.attending import attending
from moderation.models import Case, Duty, Severity, Word

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
HOUR = timedelta(hours=1)


@pytest.fixture
def spoken(held_case, moderator):
    """A case in which heron has written."""
    case = held_case()
    send_word(case, moderator, "Hello Robin. Is this a good moment?", uuid4())
    return Case.objects.get(pk=case.pk)


def word() -> Word:
    return Word.objects.order_by("-pk")[0]


def page_of(case) -> str:
    return reverse("conversation", args=[case.pk])


def test_a_notice_on_the_wall_reaches_them_and_is_not_read(as_, spoken, member, moderator, told):
    heard = told(lambda: as_(member).get("/"))
    assert (f"member:{moderator.pk}", "word.sent", spoken.pk) in heard
    assert word().reached_at and not word().read_at
    reached = word().reached_at
    as_(member).get("/")
    assert word().reached_at == reached


def test_opening_the_conversation_is_reading_it_and_the_writer_hears(as_, spoken, member, moderator, told):
    heard = told(lambda: as_(member).get(page_of(spoken)))
    assert (f"member:{moderator.pk}", "word.sent", spoken.pk) in heard
    assert word().read_at and word().reached_at
    assert told(lambda: as_(member).get(page_of(spoken))) == []


def test_a_tab_that_fetches_itself_anew_has_not_been_read(as_, spoken, member):
    as_(member).get(page_of(spoken), **HTMX)
    assert word().reached_at and not word().read_at
    as_(member).get(page_of(spoken), headers={"Sec-Purpose": "prefetch"})
    assert not word().read_at
    assert as_(member).post(reverse("read_conversation", args=[spoken.pk])).status_code == 204
    assert word().read_at


def test_nobody_says_for_another_that_they_have_read(as_, spoken, other_member, moderator):
    for stranger in (other_member, moderator):
        assert as_(stranger).post(reverse("read_conversation", args=[spoken.pk])).status_code == 404
    assert as_(other_member).get(reverse("read_conversation", args=[spoken.pk])).status_code == 405
    assert not word().read_at


def test_the_case_page_tells_what_became_of_a_word(as_, spoken, member, moderator):
    def shown() -> str:
        return as_(moderator).get(reverse("case", args=[spoken.pk])).text

    assert "not read yet" in shown() and "reached their page" not in shown()
    reach_words(member.pk)
    assert "reached their page" in shown() and "not read yet" in shown()
    read_words(spoken, member)
    assert "not read yet" not in shown()


def test_the_member_sees_when_a_person_has_read_theirs(as_, spoken, member, moderator, told):
    answer_word(spoken, member, "It is.", uuid4())
    assert "Not read yet" in as_(member).get(page_of(spoken)).text
    as_(moderator).get(reverse("case", args=[spoken.pk]), **HTMX)
    assert not word().read_at
    heard = told(lambda: as_(moderator).post(reverse("looking", args=[spoken.pk])))
    assert (f"member:{member.pk}", "word.sent", spoken.pk) in heard
    assert "Read by a person" in as_(member).get(page_of(spoken)).text


def test_whoever_passed_it_on_reads_until_staff_join_and_then_staff_do(escalated_case, moderator, staff, member):
    case = escalated_case()
    send_word(case, moderator, "I am here.", uuid4())
    answer_word(case, member, "Good.", uuid4())
    read_words(Case.objects.get(pk=case.pk), staff)
    assert not word().read_at
    read_words(Case.objects.get(pk=case.pk), moderator)
    assert word().read_at
    take_case(Case.objects.get(pk=case.pk), staff)
    answer_word(case, member, "Who is there?", uuid4())
    read_words(Case.objects.get(pk=case.pk), moderator)
    assert not word().read_at
    read_words(Case.objects.get(pk=case.pk), staff)
    assert word().read_at


@pytest.mark.django_db(transaction=True)
def test_two_tabs_of_one_person_read_it_once(spoken, member, at_once):
    marked = at_once(*[lambda: mark_words(spoken, from_team=True, reader=member)] * 4)
    assert sorted(marked) == [0, 0, 0, 1]


def test_only_the_teams_words_travel_and_only_the_members_are_answers(spoken, moderator, member):
    answer_word(spoken, member, "Yes.", uuid4())
    for wrong in ({"reached_at": timezone.now()},):
        with pytest.raises(IntegrityError), transaction.atomic():
            Word.objects.filter(author=member).update(**wrong)
    for wrong in ({"by_mail": True}, {"answer_due_at": timezone.now()}, {"left_out": True}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Word.objects.filter(author=moderator).update(**wrong)


# --- Who reads just now ----------------------------------------------------------------------------------------------------


def test_whoever_acts_in_it_is_here_and_only_while_they_act(spoken, moderator):
    now = timezone.now()
    assert attending(spoken, now).sentence == "heron is here."
    later = attending(spoken, now + timedelta(minutes=6))
    assert later.sentence == "heron is on shift, and reads this as soon as they can." and not later.nobody


def test_it_is_said_truthfully_that_nobody_reads_and_when_somebody_does(
    as_, spoken, member, moderator, other_moderator
):
    Duty.objects.all().delete()
    later = timezone.now() + HOUR
    Duty.objects.create(member=other_moderator, kind="shift", starts_at=later + HOUR)
    with time_machine.travel(later):
        text = as_(member).get(page_of(spoken)).text
        assert "Nobody is reading this just now; somebody is expected at" in text
        assert "help now" in text and "is here" not in text
        Duty.objects.all().delete()
        assert "It is kept, and read as soon as somebody is." in as_(member).get(page_of(spoken)).text


def test_a_colleague_on_shift_does_not_read_what_somebody_else_holds(spoken, other_moderator, on_duty):
    Duty.objects.all().delete()
    on_duty(other_moderator)
    assert attending(spoken, timezone.now() + HOUR).nobody


def test_what_waits_for_staff_is_read_by_staff_and_not_by_moderators(escalated_case, moderator, staff, on_duty):
    case = escalated_case()
    Duty.objects.all().delete()
    on_duty(moderator, ends_at=timezone.now() + HOUR / 2)
    later = timezone.now() + HOUR
    assert attending(case, later).nobody
    on_duty(staff)
    assert attending(case, later).sentence.startswith("Somebody from the team is here")


def test_who_is_called_and_when_is_said_only_where_somebody_can_be(open_case, moderator, member, staff, on_duty):
    case = claim_case(open_case("danger_now"), moderator)
    send_word(case, moderator, "Are you safe?", uuid4())
    answer_word(case, member, "I don't know.", uuid4())
    Duty.objects.all().delete()
    Case.objects.filter(pk=case.pk).update(severity=Severity.URGENT)
    Word.objects.filter(from_team=False).update(answer_due_at=timezone.now() + HOUR)
    later, case = timezone.now() + HOUR / 2, Case.objects.get(pk=case.pk)
    assert "on call" not in attending(case, later).sentence
    on_duty(staff, kind="on_call")
    assert "whoever is on call is told" in attending(case, later).sentence


STANDINGS = ["active", "slowed", "paused", "suspended", "banned", "on_break", "deactivated"]


@pytest.mark.parametrize("standing", STANDINGS)
def test_a_member_reads_and_answers_in_every_standing_from_their_page(as_, spoken, member, standing):
    Member.objects.filter(pk=member.pk).update(standing=standing)
    client = as_(Member.objects.get(pk=member.pk))
    assert "Is this a good moment?" in client.get(page_of(spoken)).text
    answer = client.post(page_of(spoken), {"body": "It is.", "key": str(uuid4())})
    assert answer.status_code == 303
    assert (word().body, word().from_team) == ("It is.", False)


def test_an_answer_after_it_was_closed_has_its_clock_too(staff_case, staff, member):
    case = staff_case()
    send_word(case, staff, "Hello.", uuid4())
    close_case(Case.objects.get(pk=case.pk), staff, because="All well.")
    answered = answer_word(case, member, "It is not.", uuid4())
    assert answered.answer_due_at and answered.case.is_live


@pytest.mark.django_db(transaction=True)
def test_an_answer_sent_twice_at_once_is_one_word(spoken, member, at_once):
    key = uuid4()
    results = at_once(*[lambda: answer_word(Case.objects.get(pk=spoken.pk), member, "It is.", key)] * 4)
    assert {each.pk for each in results} == {Word.objects.get(from_team=False).pk}


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_races_the_close_never_lies_in_a_closed_case(staff_case, staff, member, at_once):
    case = staff_case()
    send_word(case, staff, "Hello.", uuid4())
    seen = Case.objects.get(pk=case.pk)
    at_once(
        lambda: close_case(seen, staff, because="All well."),
        lambda: answer_word(Case.objects.get(pk=case.pk), member, "It is not.", uuid4()),
    )
    assert Word.objects.get(from_team=False).case.is_live

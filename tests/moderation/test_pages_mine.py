"""What a reporter and a member read: receipts that follow the facts, statements, the conversation, the notice."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from forum.models import Member
from forum.rules import version_in_force
from moderation.actions.cases import claim_case, send_word
from moderation.actions.decisions import decide_case
from moderation.models import Decision, Word

pytestmark = pytest.mark.django_db


@pytest.fixture
def spoken(held_case, moderator):
    case = held_case()
    send_word(case, moderator, "Hello Robin, this is Heron, a person. Is this a good moment?", uuid4())
    case.refresh_from_db()
    return case


def test_the_receipt_changes_when_a_person_reads_and_when_they_act(as_, open_case, moderator, other_member):
    case = open_case()
    assert "Nobody has read it yet." in as_(other_member).get("/me/reports/").text
    case = claim_case(case, moderator)
    assert "heron, one of the moderators, has read this." in as_(other_member).get("/me/reports/").text
    send_word(case, moderator, "Hello Robin.", uuid4())
    assert "A person is dealing with it." in as_(other_member).get("/me/reports/").text


def test_nobody_reads_anothers_receipts(as_, open_case, member, other_member):
    report = open_case().reports.get()
    assert f'id="report-{report.pk}"' in as_(other_member).get("/me/reports/").text
    assert f'id="report-{report.pk}"' not in as_(member).get(f"/me/reports/?sent={report.pk}").text


def test_a_word_is_announced_above_the_wall_and_in_the_room(as_, spoken, member, other_member):
    for url in ("/", "/room/"):
        assert "A word from heron, a person, is waiting for you." in as_(member).get(url).text
        assert "A word from heron" not in as_(other_member).get(url).text
        assert 'id="word-notice"' in as_(other_member).get(url).text  # the place is there before a word comes


def test_the_notice_goes_when_the_word_is_read(as_, spoken, member):
    page = as_(member).get(f"/me/words/{spoken.pk}/").text
    assert "this is Heron, a person" in page and "a moderator, a person" in page
    assert Word.objects.get().read_at is not None
    assert "A word from heron" not in as_(member).get("/").text


def test_the_member_answers(as_, spoken, member):
    fields = {"body": "Yes. Thank you for asking.", "key": str(uuid4())}
    answer = as_(member).post(f"/me/words/{spoken.pk}/", fields)
    word = Word.objects.get(from_team=False)
    assert (answer.status_code, answer["Location"]) == (303, f"/me/words/{spoken.pk}/#word-{word.pk}")
    assert word.body == "Yes. Thank you for asking."
    as_(member).post(f"/me/words/{spoken.pk}/", fields)
    assert Word.objects.filter(from_team=False).count() == 1


def test_other_words_under_a_used_key_come_back_and_can_be_sent(as_, member, held_case, moderator):
    case = held_case()
    send_word(case, moderator, "Is this a good moment?", uuid4())
    page, key = as_(member), str(uuid4())
    page.post(f"/me/words/{case.pk}/", {"body": "Yes.", "key": key})
    refused = page.post(f"/me/words/{case.pk}/", {"body": "It has become worse.", "key": key})
    assert (refused.status_code, Word.objects.filter(author=member).count()) == (422, 1)
    assert "It has become worse." in refused.text
    fresh = refused.context["form"]["key"].value()
    assert page.post(f"/me/words/{case.pk}/", {"body": "It has become worse.", "key": fresh}).status_code == 303
    assert Word.objects.filter(author=member).last().body == "It has become worse."


def test_an_empty_answer_comes_back_with_the_reason(as_, spoken, member):
    page = as_(member).post(f"/me/words/{spoken.pk}/", {"body": "  ", "key": str(uuid4())})
    assert page.status_code == 422
    assert "There are no words here yet." in page.text


def test_a_conversation_is_the_members_alone(as_, spoken, member, other_member, moderator):
    url = f"/me/words/{spoken.pk}/"
    assert as_(member).get(url).status_code == 200
    assert as_(other_member).get(url).status_code == 404
    assert as_(moderator).get(url).status_code == 404
    assert as_(other_member).post(url, {"body": "Hello", "key": str(uuid4())}).status_code == 404


def test_a_worry_without_a_word_stays_unknown_to_the_member(as_, held_case, member):
    case = held_case()
    assert as_(member).get(f"/me/words/{case.pk}/").status_code == 404
    assert "no words between you and the team" in as_(member).get("/me/words/").text


def test_the_conversation_is_open_from_the_small_room(as_, spoken, member):
    Member.objects.filter(pk=member.pk).update(standing="suspended")
    assert as_(member).get(f"/me/words/{spoken.pk}/").status_code == 200
    assert as_(member).post(f"/me/words/{spoken.pk}/", {"body": "I am here.", "key": str(uuid4())}).status_code == 303


def test_it_says_when_nobody_is_reading(as_, spoken, member):
    assert "heron is here." in as_(member).get(f"/me/words/{spoken.pk}/").text
    spoken.holder.duties.all().delete()
    with time_machine.travel(timezone.now() + timedelta(minutes=10)):
        page = as_(member).get(f"/me/words/{spoken.pk}/").text
    assert "Nobody is reading this just now" in page and "help now" in page
    assert "read as soon as somebody is" in page


def test_a_decision_is_told_with_what_why_and_by_whom(as_, held_case, member, moderator, other_member):
    case = held_case(door="rule")
    decide_case(
        case,
        moderator,
        "fold",
        seen_post_version=case.post.version,
        rule="kindness",
        statement="We have folded <b>this</b>.",
    )
    assert "Something was decided about you or your words." in as_(member).get("/").text
    page = as_(member).get("/me/decisions/").text
    assert "We have folded &lt;b&gt;this&lt;/b&gt;." in page
    assert f"/rules/{version_in_force()}/#kindness" in page and "heron" in page and "one of the moderators" in page
    assert Decision.objects.get().read_at is not None
    assert "Something was decided" not in as_(member).get("/").text
    assert "We have folded" not in as_(other_member).get("/me/decisions/").text


def test_a_worry_that_led_to_nothing_is_told_to_nobody(as_, held_case, member, moderator):
    decide_case(held_case(about_post=False), moderator, "no_action")
    assert Decision.objects.get().told is False
    assert "Nothing has been decided" in as_(member).get("/me/decisions/").text


def test_every_post_and_member_offers_both_doors(as_, member, other_member, post_by):
    post = post_by(member)
    page = as_(other_member).get("/").text
    assert f"/posts/{post.pk}/report/?door=worry" in page and f"/posts/{post.pk}/report/?door=rule" in page
    page = as_(other_member).get("/members/robin/").text
    assert "/members/robin/report/?door=worry" in page


def test_the_wall_says_who_of_the_team_is_here(as_, member, moderator, other_moderator, on_duty):
    assert "Nobody from the team is here just now." in as_(member).get("/").text
    on_duty(moderator)
    assert "One of the team is here." in as_(member).get("/").text
    on_duty(other_moderator)
    assert "Two of the team are here." in as_(member).get("/").text

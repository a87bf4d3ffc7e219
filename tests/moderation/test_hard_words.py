"""Words that may be hard to read wait behind a press, on every page of the team, for those who chose so."""

import re
from uuid import uuid4

import pytest

from forum.actions.me import keep_choices
from forum.models import Member, Post
from moderation import letter_clock
from moderation.actions.appeals import claim_appeal
from moderation.actions.cases import claim_case, note_case
from moderation.actions.letters import send_letter
from moderation.actions.questions import answer_question, ask_reporter
from moderation.actions.reports import report_post
from moderation.actions.rewriting import rewrite_words
from moderation.letters import Contact
from moderation.models import BlindReading, Case, Letter, Report
from tests.moderation.hearings import WORDS, appeal_by, decide

pytestmark = pytest.mark.django_db
BODY = "Third night of not sleeping."
HARD = re.compile(r'<details class="hard".*?</details>', re.DOTALL)


@pytest.fixture
def read(as_):
    """`read(heron, address, words)`: the words stand there, and only behind a press once heron has chosen so."""

    def read(person: Member, address: str, *words: str) -> None:
        for hides in (False, True):
            keep_choices(person, hide_hard_words=hides)
            page = as_(person).get(address).text
            for each in words:
                assert each in page
                assert (each not in HARD.sub("", page)) is hides, each

    return read


def test_on_the_page_of_words_that_wait(read, moderator, open_case):
    case = open_case("spam", door="rule")
    read(moderator, "/moderation/held/", case.post.body)


def test_on_an_appeal(read, held_case, moderator, other_moderator, member):
    appeal = appeal_by(member, decide(held_case(door="rule"), moderator))
    claim_appeal(appeal, other_moderator)
    read(other_moderator, f"/moderation/appeals/{appeal.pk}/", BODY, WORDS)


def test_on_a_second_reading(read, held_case, moderator, other_moderator, settings):
    from moderation.actions.second_readings import choose, take_reading

    settings.SECOND_READING = 100
    case = held_case(door="rule")
    Report.objects.update(note="It upset me.")
    decide(case, moderator)
    choose()
    reading = take_reading(BlindReading.objects.get(), other_moderator)
    read(other_moderator, f"/moderation/second-reading/{reading.pk}/", BODY, "It upset me.")


def test_on_a_letter(read, staff):
    contact = {"contact": Contact(), "address": "", "machine": False}
    send_letter("worry", "worried", key=uuid4(), about="my sister", note="Gone quiet.", whereabouts="Leeds.", **contact)
    letter_clock.run_letters()
    read(staff, f"/staff/letters/{Letter.objects.get().pk}/", "Gone quiet.", "Leeds.")


def test_on_a_case_notes_answers_and_the_time_line(read, held_case, moderator, other_member):
    case = held_case()
    note_case(Case.objects.get(pk=case.pk), moderator, "They spoke of their father.")
    asked = ask_reporter(Case.objects.get(pk=case.pk), moderator, case.reports.get(), "When did you last hear?")
    answer_question(asked, "On Sunday, in tears.", by=other_member)
    read(moderator, f"/moderation/cases/{case.pk}/", "They spoke of their father.", "On Sunday, in tears.", BODY)


def test_on_a_case_new_words_that_wait_and_what_would_be_taken_out(
    read, held_case, moderator, member, post_by, other_member
):
    case = held_case(door="rule")
    decision = decide(case, moderator, "remove")
    seen = Post.objects.get(pk=case.post_id).version
    rewrite_words(decision, member, body="A fourth night, now.", content_note="", seen_version=seen, key=uuid4())
    claim_case(Case.objects.get(pk=case.pk), moderator)
    read(moderator, f"/moderation/cases/{case.pk}/", "A fourth night, now.")

    post = post_by(member, "Ring me on 07700 900123 tonight.")
    told = claim_case(report_post(other_member, post, "rule", "details", key=uuid4()).case, moderator)
    read(moderator, f"/moderation/cases/{told.pk}/", "07700 900123</textarea>")

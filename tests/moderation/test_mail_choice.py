"""Each mail in each of the three choices: what it is about, that something waits, or no mail at all."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from forum.actions.directory import remind_of_old_groups
from forum.actions.export import ask_for_copy, make_copies
from forum.actions.leaving import leave
from forum.models import Member
from moderation.actions.appeals import answer_appeal, claim_appeal
from moderation.models import Appeal
from realtime.models import Delivery
from tests.forum.places import make_group
from tests.moderation.hearings import REASONS, WORDS, appeal_by, decide

pytestmark = pytest.mark.django_db
ABOUT = {
    "copy": "copy of everything that is kept of you",
    "leaving": "close your account",
    "old-groups": "support groups",
    "statement": "decided something about what you wrote",
    "appeal-answer": "look at a decision again",
}


@pytest.fixture
def happen(member, staff, moderator, other_moderator, held_case):
    """`happen("copy")`: what makes the mail, with how its reader wants to be written to."""

    def happen(what: str, choice: str) -> None:
        Member.objects.update(mail_choice=choice)
        member.refresh_from_db()
        if what == "copy":
            ask_for_copy(member)
            make_copies()
        elif what == "leaving":
            leave(member)
        elif what == "old-groups":
            make_group("Old", checked_on=timezone.localdate() - timedelta(days=300))
            remind_of_old_groups()
        else:
            case = held_case(door="rule")
            Member.objects.filter(pk=member.pk).update(standing="banned")
            decision = decide(case, moderator)
            if what == "appeal-answer":
                appeal = claim_appeal(appeal_by(member, decision), other_moderator)
                answer_appeal(Appeal.objects.get(pk=appeal.pk), other_moderator, "refused", REASONS)

    return happen


@pytest.fixture
def mail():
    def mail(what: str) -> Delivery | None:
        return Delivery.objects.filter(dedupe__startswith=f"{what}:").first()

    return mail


@pytest.mark.parametrize("what", ABOUT)
def test_with_yes_it_says_what_it_is_about_and_nobodys_words(happen, mail, what):
    happen(what, "yes")
    sent = mail(what)
    assert ABOUT[what] in sent.body.lower() and "Something waits" not in sent.subject
    _holds_nobodys_words(sent)


@pytest.mark.parametrize("what", ABOUT)
def test_in_neutral_words_it_says_that_something_waits(happen, mail, what):
    happen(what, "neutral")
    sent = mail(what)
    assert "Something waits for you" in sent.subject and "behind your sign-in" in sent.body
    for told in ("decision", "decided", "appeal", "copy", "close", "erased", "support group"):
        assert told not in re.sub(r"https?://\S+", "", f"{sent.subject} {sent.body}").lower(), told
    _holds_nobodys_words(sent)


@pytest.mark.parametrize("what", ABOUT)
def test_with_no_there_is_no_mail(happen, mail, what):
    happen(what, "no")
    assert mail(what) is None


def _holds_nobodys_words(sent: Delivery) -> None:
    text = f"{sent.subject} {sent.body}"
    for words in ("robin", "heron", "kestrel", "Third night", WORDS, REASONS, "Old"):
        assert words not in text, words

"""Muted words: folded or hidden, for a while or for good, on pages and sockets alike; one's own are never touched."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from forum import access
from forum.actions.care import EnoughWords, NoWord, choose_content_notes, clear_ended_words, mute_word, unmute_word
from forum.actions.posts import edit_post
from forum.models import Member, MutedWord
from forum.muting import Muting, fold, fold_all, strongest
from forum.notices import read_page
from realtime.models import Event

pytestmark = pytest.mark.django_db
LINE = "You have muted words that are in this."


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("cafe", "In the CAFÉ, alone.", True),
        ("café", "In the cafe.", True),
        ("don't", "I DON’T know", True),
        ("art", "It starts here", False),
        ("night out", "a night,\nout there", True),
        ("night out", "the night went out", False),
        ("straße", "Strasse", True),
        ("ﬁre", "on fire", True),
    ],
)
def test_whole_words_however_they_are_written(phrase, text, found):
    assert (strongest(fold(text), ((fold(phrase), Muting.FOLD),)) is Muting.FOLD) is found


@given(st.text(), st.text())
def test_a_text_holds_itself_and_no_phrase_across_its_end(one, other):
    if fold(one):
        assert fold(one) in fold_all(other, one)
    assert fold_all("night", "out").find(fold("night out")) == -1


def test_folding_takes_linear_time(count_steps):
    once, twice = (count_steps(lambda n=n: fold("é" * 20_000 * n)) for n in (1, 2))
    assert twice < 2.5 * once


def test_a_folded_word_stands_behind_a_line_and_a_hidden_one_is_not_there(as_, member, other_member, post_by):
    post = post_by(other_member, "Thinking of exams.")
    post_by(member, "Not mine.", parent=post)
    mute_word(member, "Exams", "fold")
    page = as_(member).get("/").text
    assert LINE in page and page.index(LINE) < page.index("Thinking of exams.")
    assert LINE not in as_(other_member).get("/").text
    mute_word(member, "exams", "hide")  # the same word again changes how
    assert MutedWord.objects.get().way == "hide"
    page = as_(member).get("/").text
    assert "Thinking of exams." not in page and "Not mine." not in page
    assert as_(member).get(f"/posts/{post.pk}/").status_code == 404


def test_ones_own_words_and_the_note_before_others(as_, member, other_member, post_by):
    mute_word(member, "exams", "hide")
    mute_word(member, "loss", "fold")
    post_by(member, "My exams.")
    post_by(other_member, "It was today.", content_note="loss")
    page = as_(member).get("/").text
    assert "My exams." in page and page.index(LINE) < page.index("It was today.")


def test_sockets_say_the_same_as_pages(hear, member, other_member, moderator, post_by):
    mute_word(member, "exams", "fold")
    mute_word(moderator, "exams", "hide")
    say = [lambda: post_by(other_member, "Thinking of exams."), lambda: post_by(other_member, "Thinking.")]
    folded, plain = hear(member, *say)
    assert LINE in folded["html"] and LINE not in plain["html"]
    hidden, plain = hear(moderator, *say)
    assert hidden["kind"] == "post.removed" and "html" not in hidden and "html" in plain


def test_an_edit_that_brings_the_word_in_takes_the_words_down(hear, member, other_member, post_by):
    post = post_by(other_member, "Thinking.")
    mute_word(member, "exams", "hide")

    def edit():
        edit_post(other_member, post, body="Of exams.", content_note="", seen_version=1)

    assert [event["kind"] for event in hear(member, edit)] == ["post.removed"]


def test_a_word_ends_by_itself_and_open_pages_hear_it(member, time_machine):
    mute_word(member, "exams", "fold", timezone.now() + timedelta(days=1))
    mute_word(member, "loss", "fold")
    assert len(access.facts_of(member).muted_words) == 2
    time_machine.move_to(timezone.now() + timedelta(days=1))
    assert access.muting_of(access.facts_of(member), "exams and loss") is Muting.FOLD
    assert access.muting_of(access.facts_of(member), "exams") is Muting.NONE
    before = Event.objects.count()
    clear_ended_words()
    clear_ended_words()
    assert MutedWord.objects.get().phrase == "loss" and Event.objects.count() == before + 1


def test_words_are_added_and_taken_off_on_the_page(as_, member, other_member):
    as_(member).post("/me/care/words/", {"phrase": " Exams ", "way": "fold", "lasts": "7"})
    word = MutedWord.objects.get()
    assert timedelta(days=6) < word.until - timezone.now() <= timedelta(days=7)
    assert "Exams" in as_(member).get("/me/care/").text
    as_(other_member).post(f"/me/care/words/{word.pk}/off/")
    assert MutedWord.objects.exists()  # somebody else's list
    as_(member).post(f"/me/care/words/{word.pk}/off/")
    unmute_word(member, word.pk)
    assert not MutedWord.objects.exists()


@pytest.mark.parametrize("phrase", ["", "!!!", "x" * 61])
def test_what_cannot_be_looked_for_is_said_beside_the_field(as_, member, phrase):
    answer = as_(member).post("/me/care/words/", {"phrase": phrase, "way": "fold"})
    assert answer.status_code == 422 and not MutedWord.objects.exists()
    assert 'aria-invalid="true"' in answer.text


def test_there_is_room_for_so_many(member, monkeypatch):
    monkeypatch.setattr(MutedWord, "EACH_MAX", 2)
    for phrase in ("one", "two"):
        mute_word(member, phrase, "fold")
    mute_word(member, "two", "hide")
    with pytest.raises(EnoughWords):
        mute_word(member, "three", "fold")
    with pytest.raises(NoWord):
        mute_word(member, "?", "fold")


def test_content_notes_stand_open_for_who_likes_that(as_, member, other_member, post_by):
    post_by(other_member, "It was today.", content_note="loss")
    assert '<details class="note">' in as_(member).get("/").text
    as_(member).post("/me/care/notes/", {"content_notes": "open"})
    assert '<details class="note" open>' in as_(member).get("/").text
    choose_content_notes(member, "each")
    assert Member.objects.get(pk=member.pk).content_notes == "each"


def test_a_notice_leads_to_nothing_hidden_and_quotes_nothing_muted(member, other_member, moderator, post_by):
    own, theirs = post_by(member, "My exams."), post_by(moderator, "Thinking of exams.")
    member.follows.create(post=theirs)
    post_by(other_member, "Here.", parent=theirs)
    assert [line.about for _notice, line in told(member)] == ["Thinking of exams."]  # the premise
    mute_word(member, "exams", "fold")
    assert [line.about for _notice, line in told(member)] == [""]
    mute_word(member, "exams", "hide")
    post_by(other_member, "Here again.", parent=theirs)
    post_by(other_member, "About exams.", parent=own)
    assert len(told(member)) == 1
    post_by(other_member, "With you.", parent=own)
    assert len(told(member)) == 2


def told(member):
    return read_page(access.facts_of(member)).entries

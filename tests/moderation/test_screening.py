"""The first reading of new words. Every sentence here is made up for these tests."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from moderation.screening import Screening, screen, screen_contact, screen_crisis


def seen(text: str) -> dict[str, str]:
    return {reason.rule: text[reason.start : reason.end] for reason in screen(text).reasons}


@pytest.mark.parametrize("text", [
    "I want to die.",
    "Most mornings I don't want to wake up",
    "I’m suicidal and I don’t know who to tell",
    "want to die. cant talk to anyone",
    "My sister rang, and I still want to die.",
    "I want to kill myself",
    "I keep having thoughts of killing myself but I won't",
    "I keep thinking \"I want to die\" over and over",
    "The urge to cut myself is back",
])  # fmt: skip
def test_thoughts_without_a_plan_are_soon(text):
    assert screen(text).severity == "soon"
    assert screen(text).category == "crisis"


@pytest.mark.parametrize("text", [
    "I'm going to kill myself",
    "I want to end my life. I have a plan.",
    "I want to kill myself, the pills are in the drawer",
    "I will end my life after Christmas",
    "I feel like killing myself right now",
    "I just cut myself",
    "I don't want to be alive. I've written letters to everyone.",
])  # fmt: skip
def test_intent_with_means_plan_or_time_is_urgent(text):
    assert screen(text).severity == "urgent"


@pytest.mark.parametrize("text", [
    "I want to kill myself tonight",
    "I can't do this. I'm going to end it all. Tonight.",
    "I’m going to kill myself now",
    "By the time you read this you will be free of me",
    "I don't want to be alive. Goodbye everyone.",
    "I've just taken too many tablets",
    "I’ve taken an overdose",
    "I used to cope. I’ll be dead by morning",
])  # fmt: skip
def test_an_act_a_goodbye_or_intent_for_now_is_an_emergency(text):
    assert screen(text).severity == "emergency"


@pytest.mark.parametrize("text", [
    "suicide", "Overdose", "kms", "die", "blade", "attempt", "Suicidal.", "A pill and a rope and a bridge",
    "Goodbye everyone, off to bed", "This is my last post until Monday", "We have a safety plan now",
    "I give up on this crossword", "That exam is killing me", "Slept badly, tired of the rain tonight", "", " ", "…",
])  # fmt: skip
def test_a_lone_word_or_everyday_talk_never_raises(text):
    assert screen(text).severity is None
    assert screen(text).reasons == ()


@pytest.mark.parametrize(("text", "told_of_oneself"), [
    ('The song goes "I want to die" at the end', "I want to die at the end"),
    ("In the film he says 'I want to kill myself'", "I want to kill myself"),
    ("> I want to kill myself\nThat line stayed with me", "I want to kill myself\nThat line stayed with me"),
    ("My friends say they want to die", "I say I want to die"),
    ("People who want to die deserve kindness", "I want to die and deserve kindness"),
    ("She told me to kill myself at school", "I want to kill myself at school"),
    ("Years ago I used to want to die", "I want to die"),
    ("When I was fifteen I wanted to end my life", "I want to end my life"),
    ("I was going to kill myself in 2015 and I'm glad I didn't", "I am going to kill myself"),
    ("I don't want to kill myself", "I want to kill myself"),
    ("I'm not going to kill myself tonight", "I'm going to kill myself tonight"),
    ("I would never end my life", "I will end my life"),
    ("I'm not suicidal", "I'm suicidal"),
    ("I want to die of embarrassment", "I want to die"),
    ("I just cut myself shaving", "I just cut myself"),
])  # fmt: skip
def test_quoted_past_denied_and_other_peoples_words_do_not_raise(text, told_of_oneself):
    assert screen(told_of_oneself).severity is not None  # the premise: the same words of oneself and of now do
    assert screen(text).severity is None


def test_a_past_that_is_back_is_not_past():
    assert screen("Years ago I was like this and now I want to die again").severity == "soon"


def test_not_knowing_is_not_denying():
    assert screen("I don't know if I want to die").severity == "soon"


def test_safe_tonight_is_not_a_time():
    assert screen("I want to kill myself but I'm safe tonight").severity == "soon"


def test_the_reasons_point_at_the_words_as_they_were_written():
    text = "Sorry, all. I’m going to kill  myself … tonight."
    assert seen(text) == {"intent": "kill  myself", "time": "tonight"}


def test_hidden_characters_and_wide_letters_do_not_hide_words():
    text = "I want to k\u200bill my\u00adself ｔｏｎｉｇｈｔ"
    assert screen(text).severity == "emergency"
    assert seen(text)["intent"] == "k\u200bill my\u00adself"


def test_more_reasons_score_higher_and_bands_do_not_cross():
    assert screen("I want to die").score < screen("I want to die. Tired of living. No reason to live.").score
    assert screen("I want to die " * 50).score < screen("I'm going to kill myself").score
    assert screen("suicide " * 50).score < screen("I want to die").score
    assert screen("suicide").score > 0


@pytest.mark.parametrize(("text", "rule", "words"), [
    ("ring me on 07700 900123 any time", "phone", "07700 900123"),
    ("+44 (0)7700 900-123", "phone", "+44 (0)7700 900-123"),
    ("her number: 020 7946 0018", "phone", "020 7946 0018"),
    ("write to robin.test@mail.example.org please", "email", "robin.test@mail.example.org"),
    ("he lives at 12 Sample Road, Exampleton, ZZ6 2AB", "address", "12 Sample Road, Exampleton, ZZ6 2AB"),
    ("she lives at 4 Made Up Street", "address", "4 Made Up Street"),
    ("my insta is robin_sings", "account", "my insta is robin_sings"),
    ("discord: robin#1234", "account", "discord: robin#1234"),
    ("https://t.me/robinsings", "account", "t.me/robinsings"),
])  # fmt: skip
def test_contact_details_are_a_matter_of_house_rules(text, rule, words):
    found = screen(text)
    assert (found.severity, found.category) == ("soon", "details")
    assert seen(text) == {rule: words}


@pytest.mark.parametrize("text", [
    "Samaritans are on 116 123, Papyrus on 0800 068 4141", "jo@samaritans.org answers", "thank you @wren",
    "call 999 or 112",
    "Order 0712345", "It cost 07.50 on 01/02/2026", "I deleted instagram and my facebook, it is better",
    "room 12 on the way",
])  # fmt: skip
def test_helplines_handles_and_ordinary_numbers_are_nobodys_details(text):
    assert screen_contact(text).severity is None


def test_worry_comes_before_details_and_both_can_be_asked_for():
    text = "I want to die. Ring 07700 900123"
    assert screen(text).category == "crisis"
    assert screen_crisis(text).severity == "soon"
    assert screen_contact(text).severity == "soon"


PIECES = st.sampled_from([
    "I want to ", "kill myself", " tonight", "i'll", " not ", '"', "'", "> ", "\n", ".", " ",
    "İ", "ﬁ", "ﷺ", "\u200d", "\ud800", "a\u0301",
    "I've taken ", "too many", " tablets", "07700 900123", "@", "a@b.cd", "12 elm road ls6 2ab", "insta: ",
    "\x00", "𝕜𝕚𝕝𝕝",
])  # fmt: skip


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
@example("ﷺ" * 10 + "I want to die")
def test_it_never_raises_and_its_spans_lie_inside_the_text(text):
    found = screen(text)
    assert isinstance(found, Screening)
    assert 0 <= found.score <= 1
    assert (found.severity is None) == (found.reasons == ())
    assert all(0 <= reason.start < reason.end <= len(text) for reason in found.reasons)


def _seconds(text: str) -> float:
    def once() -> float:
        began = time.process_time()
        screen_crisis(text)
        screen_contact(text)
        return time.process_time() - began

    return min(once() for _ in range(5))


@pytest.mark.parametrize("piece", [
    "I went out and felt better, though I want sleep. ", "a", " ", "0", "07 ", "i want to kill myself now ", '"', "'a ",
    "a@", "a@a.",
    "1 a ", "12 elm road ", "i took all of the ", "\u200d", "ﷺ", "a\u0301", "pills ", "insta: ", "kill myself tonight. ",
    "not ", "\n> ",
])  # fmt: skip
def test_hostile_words_cost_what_they_are_long(piece):
    short, long = (piece * 40_000)[:10_000], (piece * 40_000)[:40_000]
    assert _seconds(long) / max(_seconds(short), 0.0005) < 4 * 2  # linear is 4; a square would be 16

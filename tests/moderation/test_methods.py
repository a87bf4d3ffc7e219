"""What says how: asked about before it is shared, and never about feeling it."""

import time

import pytest

from moderation.screening import screen_methods


@pytest.mark.parametrize(
    "words",
    [
        "I read that 40 tablets is enough to kill someone.",
        "Last year I took an overdose of 30 paracetamol and nobody knew.",
        "What is the least painful way to die?",
        "how many sleeping pills would it take to die",
        "I took the blade out of a sharpener again.",
        "He showed me how to tie a noose.",
        "HOW MUCH INSULIN IS FATAL",
    ],
)
def test_it_finds_what_says_how(words):
    reasons = screen_methods(words)
    assert reasons and all(0 <= reason.start < reason.end <= len(words) for reason in reasons)


@pytest.mark.parametrize(
    "words",
    [
        "I take 50 mg of sertraline in the morning and it helps a bit.",
        "Two tablets and a hot water bottle, then bed.",
        "The best way to get through tonight is a film and a blanket.",
        "I overdosed years ago and I am still here.",
        "How many of you are awake?",
        "The quickest way to the surgery is by the bridge.",
        "I cut some bread and my blade of a knife is blunt.",
        "I want to die.",
    ],
)
def test_ordinary_words_pass(words):
    assert screen_methods(words) == ()


def _seconds(text):
    def once():
        began = time.process_time()
        screen_methods(text)
        return time.process_time() - began

    return min(once() for _ in range(5))


@pytest.mark.parametrize(
    "piece", ["40 tablets ", "how much how many ", "1 ", "best way ", "tie a tie ", "a", "10mg to die "]
)
def test_hostile_words_cost_what_they_are_long(piece):
    short, long = (piece * 40_000)[:10_000], (piece * 40_000)[:40_000]
    assert _seconds(long) / max(_seconds(short), 0.0005) < 4 * 2  # linear is 4; a square would be 16


def test_folded_letters_keep_their_places():
    words = "\u201cthe ﬁnest\u201d — least painful way to die"
    (reason,) = screen_methods(words)
    assert words[reason.start : reason.end] == "least painful way to die"

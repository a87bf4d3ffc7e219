"""How well the screening does on the labelled examples, as measured. `make bench` prints the whole of it.

The rules were written with the tuned part in view. The held-out part is for testing alone: nothing is changed because of one
of its examples, and what is found there is what can be hoped for elsewhere.
"""

import hashlib
import json

import pytest

from bench.screening import EXAMPLES, LEVELS, PARTS, everyday, examples, mark, woken
from moderation.screening import screen_crisis
from moderation.screening.crisis import LIKENESS
from moderation.screening.likeness import WEIGHTS
from moderation.screening.own import Own


def test_the_examples_are_labelled_and_none_is_in_both_parts():
    tuned, held_out = examples("tuned"), examples("held_out")
    assert len(tuned) + len(held_out) >= 400
    texts = [row["text"] for row in [*tuned, *held_out]]
    assert len(set(texts)) == len(texts)
    assert {row["level"] for row in tuned} == {row["level"] for row in held_out} == set(LEVELS)


def test_what_it_finds_in_the_tuned_part():
    marks = mark(examples("tuned"))
    assert marks.noticed >= TUNED_NOTICED
    assert marks.found >= TUNED_FOUND
    assert marks.green_flagged <= 0.10


def test_what_it_finds_in_the_held_out_part():
    marks = mark(examples("held_out"))
    assert marks.noticed >= HELD_OUT_NOTICED
    assert marks.found >= HELD_OUT_FOUND
    assert marks.green_flagged <= 0.10


def test_of_a_thousand_examples_that_are_no_emergency_one_at_most_wakes_people():
    every = [row for part in PARTS for row in examples(part)]
    lighter = sum(row["level"] != "crisis" for row in every)
    assert lighter > 2000
    assert mark(every).woken_for_nothing <= lighter / 1000


def test_what_words_weigh_was_learnt_from_the_examples_as_they_stand():
    """After a change of tuned.jsonl or of the phrases: python -m bench.weigh"""
    kept = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    assert kept["from"] == hashlib.sha256((EXAMPLES / "tuned.jsonl").read_bytes()).hexdigest()


def test_what_reads_like_danger_asks_for_a_look_and_wakes_nobody():
    words = "I've said sorry to everyone I needed to"
    assert (
        screen_crisis(words, Own(off=frozenset({LIKENESS}))).severity is None
    )  # the premise: no rule knows these words
    found = screen_crisis(words)
    assert found.severity == "soon"
    assert {reason.rule for reason in found.reasons} == {LIKENESS}
    assert all(words[reason.start : reason.end].strip() for reason in found.reasons)
    assert {screen_crisis(row["text"]).severity for row in examples("held_out") if _by_likeness(row["text"])} == {
        "soon"
    }


def test_likeness_leaves_to_the_rules_what_they_have_read():
    for said in (
        "I'm not going to kill myself",
        '"I want to die" is what he wrote',
        "Years ago I wanted to end my life",
    ):
        assert screen_crisis(said).severity is None


def test_no_lone_word_reads_like_danger():
    for word in {word for row in examples("tuned")[:300] for word in row["text"].split()}:
        assert not _by_likeness(word), word


def test_a_few_words_say_too_little_to_read_like_danger():
    assert not any(_by_likeness(words) for words in ("before the edit", "in a post", "said sorry to everyone"))


def _by_likeness(text: str) -> bool:
    return LIKENESS in {reason.rule for reason in screen_crisis(text).reasons}


def test_everyday_words_wake_people_once_in_a_thousand_at_most():
    emergencies, flagged, total = woken(everyday(6000))
    assert emergencies / total <= 0.001
    assert flagged / total <= 0.10


@pytest.mark.parametrize("label", ["crisis", "red", "amber"])
def test_a_graver_label_scores_higher_on_the_whole(label):
    from statistics import mean

    from moderation.screening import screen

    order = list(LEVELS)
    below = order[order.index(label) + 1]
    scores = {
        each: mean(screen(row["text"]).score for row in examples("held_out") if row["level"] == each) for each in order
    }
    assert scores[label] > scores[below]


TUNED_NOTICED, TUNED_FOUND = 0.88, 0.53
HELD_OUT_NOTICED, HELD_OUT_FOUND = 0.73, 0.22
"""As measured when they were written, rounded down. The aim is 0.95 for what is noticed; docs/screening.md says what that means."""

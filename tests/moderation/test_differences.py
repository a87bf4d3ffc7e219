"""What changed in somebody's words: nothing is lost, nothing is invented, and no markup of theirs survives."""

import re
import time
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.differences import Piece, differences, drawn, plain, with_marks

WORDS = st.lists(
    st.sampled_from(["I", "am", "fine", "not", "tonight", " ", "\n", "  ", "<b>", "&amp;", '"', "é"]), max_size=40
)
ANY = st.one_of(st.text(max_size=200), WORDS.map("".join))
MARKS = st.lists(st.tuples(st.integers(-5, 210), st.integers(-5, 210)), max_size=4)
OURS = re.compile(r'<(?:/?(?:ins|del|mark|span)|span class="sr-only"|br)>')


@given(ANY, ANY)
def test_what_stayed_and_what_came_make_the_new_words_and_what_went_the_old(then, now):
    pieces = differences(then, now)
    assert "".join(piece.text for piece in pieces if piece.how != "in") == then
    assert "".join(piece.text for piece in pieces if piece.how != "out") == now


@given(ANY, ANY)
def test_each_piece_stands_where_it_says(then, now):
    for piece in differences(then, now):
        assert piece.how == "in" or then[piece.then :].startswith(piece.text)
        assert piece.how == "out" or now[piece.now :].startswith(piece.text)


@given(ANY)
def test_the_same_words_have_no_difference(words):
    assert [piece.how for piece in differences(words, words)] == (["same"] if words else [])


@given(ANY, ANY, st.sampled_from(["then", "now"]), MARKS)
def test_no_markup_of_theirs_survives(then, now, side, marks):
    html = drawn(differences(then, now), side, sorted(marks))
    assert not set("<>\"'") & set(OURS.sub("", html))


@given(ANY, ANY, MARKS)
def test_each_side_reads_as_its_own_words(then, now, marks):
    pieces = differences(then, now)
    assert _read(drawn(pieces, "then", sorted(marks))) == then
    assert _read(drawn(pieces, "now", sorted(marks))) == now


def _read(html: str) -> str:
    """What somebody sees: without what is said to a screen reader alone."""
    seen = re.sub(r'<span class="sr-only">.*?</span>', "", html)
    return unescape(re.sub(r"</?(?:ins|del|mark)>", "", seen).replace("<br>", "\n"))


@given(ANY, MARKS)
def test_marks_change_no_word(words, marks):
    html = with_marks(words, sorted(marks))
    assert re.sub(r"</?mark>", "", html) == plain(words)


def test_a_word_that_was_changed_is_shown_as_one_that_went_and_one_that_came():
    assert differences("I hate it here", "I love it here") == [
        Piece("same", "I ", 0, 0),
        Piece("out", "hate", 2, 2),
        Piece("in", "love", 6, 2),
        Piece("same", " it here", 6, 6),
    ]


def test_a_sentence_written_anew_is_one_change_and_not_one_for_each_word():
    pieces = differences("Go away now, all of you.", "I am sorry about this morning.")
    assert [piece.how for piece in pieces] == ["out", "in"]


def test_words_put_at_the_end_leave_the_rest_alone():
    pieces = differences("Third night of not sleeping.", "Third night of not sleeping. Better now.")
    assert pieces == [Piece("same", "Third night of not sleeping.", 0, 0), Piece("in", " Better now.", 28, 28)]


def test_a_change_is_said_in_words_for_whoever_hears_the_page():
    pieces = differences("I hate it", "I love it")
    went = '<del><span class="sr-only">[taken out: </span>hate<span class="sr-only"> end of what was taken out]</span></del>'
    came = '<ins><span class="sr-only">[added: </span>love<span class="sr-only"> end of what was added]</span></ins>'
    assert drawn(pieces, "then") == f"I {went} it"
    assert drawn(pieces, "now") == f"I {came} it"


def test_what_screening_marked_stays_marked_in_what_stayed_and_in_what_went():
    html = drawn(differences("I have a plan for tonight", "I have a bath for tonight"), "then", [(9, 13), (18, 25)])
    assert "<mark>tonight</mark>" in html
    assert html.index("<del>") < html.index("<mark>plan</mark>") < html.index("</del>")


def test_a_mark_over_an_edge_is_marked_on_either_side():
    html = drawn(differences("a plan tonight", "a plan tomorrow"), "then", [(2, 14)])
    assert html.count("<mark>") == 2


@pytest.mark.parametrize("words", ["a ", "a b ", "word ", "x\n"])
def test_the_longest_words_there_may_be_take_no_time_however_they_repeat(words):
    then = (words * 5000)[:5000]
    now = ("b " + words * 5000)[: 5000 - 1]
    began = time.perf_counter()
    differences(then, now)
    differences(then, now[::-1])
    assert time.perf_counter() - began < 2


def test_a_long_text_of_which_every_tenth_word_was_changed_is_told_word_by_word():
    words = [f"word{number % 300}" for number in range(900)]
    edited = [f"{word}!" if place % 10 == 5 else word for place, word in enumerate(words)]
    pieces = differences(" ".join(words), " ".join(edited))
    assert [piece.text for piece in pieces if piece.how == "in"] == [word for word in edited if word.endswith("!")]


def test_two_versions_written_to_hold_the_site_up_are_told_whole_all_the_same():
    words = [f"w{number % 100}" for number in range(1200)]
    edited = [f"{word}!" if place % 2 else word for place, word in enumerate(words)]
    then, now = " ".join(words), " ".join(edited)
    pieces = differences(then, now)
    assert "".join(piece.text for piece in pieces if piece.how != "in") == then
    assert "".join(piece.text for piece in pieces if piece.how != "out") == now

"""The history checker finds each fault that it is there to find, and none where there is none."""

from collections import Counter
from typing import Any

import pytest

from bench.faults.checking import check
from bench.faults.truth import Row, Told, Truth

KEY = "a" * 32


@pytest.fixture
def truth() -> Truth:
    """Two posts, told of as 1 and 2; the first was edited as 3."""
    posts = {
        7: Row(7, 1, KEY, version=2, support_version=0, parent=None, words="zbcdfghz"),
        8: Row(8, 2, "b" * 32, version=1, support_version=0, parent=None, words="zjkmnpqz"),
    }
    log = [Told(1, "post", 7), Told(2, "post", 8), Told(3, "post", 7)]
    return Truth(posts, log, 3, {"post": Counter(["zbcdfghz", "zjkmnpqz"])})


def heard(seq: int, id: int, version: int, words: str | None, kind: str = "post.published") -> dict[str, Any]:
    return {"who": "wren", "did": "event", "seq": seq, "kind": kind, "id": id, "version": version, "words": words}


PAGE = {"who": "wren", "did": "page", "wall": 0, "rows": []}
SENT = {"who": "robin", "did": "send", "kind": "post", "key": KEY, "words": "zbcdfghz"}
ACK = {"who": "robin", "did": "ack", "key": KEY, "id": 7}
WHOLE = [PAGE, heard(1, 7, 1, "zrtvwxzz"), heard(2, 8, 1, "zjkmnpqz"), heard(3, 7, 2, "zbcdfghz", "post.changed")]


def faults_of(records: list[dict[str, Any]], truth: Truth) -> set[str]:
    return {kind for kind, found in check(records, truth).faults.items() if found}


def test_a_history_in_which_nothing_went_wrong_is_clean(truth):
    found = check([SENT, ACK, *WHOLE], truth)
    assert found.clean
    assert (found.sends, found.acked, found.received, found.clients) == (1, 1, 3, 1)


def test_a_row_told_once_in_its_present_state_is_told(truth):
    """As a replay does: the first event of a row that has a later one is never sent."""
    assert faults_of([PAGE, heard(2, 8, 1, "zjkmnpqz"), heard(3, 7, 2, "zbcdfghz")], truth) == set()


def test_what_was_acked_and_is_not_there_is_lost(truth):
    truth.kept["post"] = Counter(["zjkmnpqz"])
    assert faults_of([SENT, ACK], truth) == {"lost"}
    assert faults_of([SENT], truth) == set()  # nobody was told that it is there


def test_an_ack_that_names_another_post_is_a_loss(truth):
    assert faults_of([SENT, {**ACK, "id": 8}], truth) == {"lost"}


def test_one_send_that_is_there_twice_is_doubled(truth):
    truth.kept["post"]["zbcdfghz"] = 2
    assert faults_of([SENT, ACK], truth) == {"doubled"}


def test_a_client_that_went_on_without_an_event_has_a_gap(truth):
    assert faults_of([PAGE, WHOLE[1], WHOLE[3]], truth) == {"gaps", "diverged"}


def test_a_client_that_lacks_the_end_was_not_told(truth):
    assert faults_of(WHOLE[:3], truth) == {"undelivered", "diverged"}


def test_the_same_event_again_is_shown_twice(truth):
    assert faults_of([*WHOLE, WHOLE[-1]], truth) == {"twice"}


def test_an_earlier_event_after_a_later_one_is_out_of_order(truth):
    assert faults_of([PAGE, WHOLE[2], WHOLE[1], WHOLE[3]], truth) == {"disordered"}


def test_other_words_than_the_database_has_are_a_divergence(truth):
    assert faults_of([*WHOLE[:3], heard(3, 7, 2, "zrtvwxzz", "post.changed")], truth) == {"diverged"}


def test_words_that_were_taken_down_and_still_show_are_a_divergence(truth):
    truth.posts[7] = truth.posts[7]._replace(words="")
    assert faults_of(WHOLE, truth) == {"diverged"}


def test_a_page_loaded_afresh_begins_anew(truth):
    """What came before its cursor is on it, and need not be told."""
    rows = [["post", 7, 2, "zbcdfghz"], ["post", 8, 1, "zjkmnpqz"]]
    assert faults_of([PAGE, WHOLE[1], {**PAGE, "wall": 3, "rows": rows}], truth) == set()


def test_a_number_that_the_log_lacks_is_a_hole(truth):
    del truth.log[1]
    assert faults_of([], truth) == {"holes"}


def test_support_for_words_that_are_gone_is_told_by_their_going(truth):
    """Both in one look of the hub: it draws a row as it stands, and nobody is told of supports of what nobody may read."""
    gone = heard(5, 7, 3, None, "post.removed")
    truth.log += [Told(4, "support", 7), Told(5, "post", 7)]
    truth.posts[7] = truth.posts[7]._replace(version=3)
    assert "gaps" in faults_of([*WHOLE, gone], truth)
    truth.posts[7] = truth.posts[7]._replace(words="")
    assert faults_of([*WHOLE, gone], truth) == set()
    assert "undelivered" in faults_of(WHOLE, truth)

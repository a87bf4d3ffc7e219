"""Excerpts: people's words escaped, ours around them, the first word found in sight."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.excerpts import LENGTH, draw_excerpt, root, roots_of


@pytest.mark.parametrize(
    "alike",
    [
        "sleep sleeps Sleeping", "happy happily happiness", "try tries tried trying", "run runs running", "café CAFE cafés",
        "can't cant can’t", "cry cries crying", "lonely loneliness",
    ],
)  # fmt: skip
def test_words_that_find_one_another_have_one_root(alike):
    assert len({root(word) for word in alike.split()}) == 1


@pytest.mark.parametrize("apart", ["need knee", "us use", "being be", "can can't", "rest read"])
def test_other_words_have_other_roots(apart):
    assert len(roots_of(apart)) == 2


def test_each_word_found_is_marked_and_nothing_in_it_is_markup():
    excerpt = draw_excerpt("<b>Sleep</b> & <mark>sleeping</mark>, 'asleep'", roots_of("sleeps"))
    assert excerpt == (
        "<bdi>&lt;b&gt;<mark>Sleep</mark>&lt;/b&gt; &amp; &lt;mark&gt;<mark>sleeping</mark>&lt;/mark&gt;, &#x27;asleep&#x27;</bdi>"
    )


def test_a_part_after_an_apostrophe_is_marked_with_its_word():
    assert "<mark>L&#x27;été</mark>" in draw_excerpt("L'été à Nîmes", roots_of("ete"))
    assert "<mark>" not in draw_excerpt("I can go", roots_of("can't"))


def test_a_word_far_down_is_brought_into_sight():
    excerpt = draw_excerpt("Nothing here. " * 200 + "Then a heron. " + "And nothing. " * 200, roots_of("heron"))
    assert excerpt.startswith("<bdi>… ")
    assert "<mark>heron</mark>" in excerpt
    assert excerpt.endswith(" …</bdi>")
    assert len(excerpt) < LENGTH + 60


@given(st.text(max_size=600), st.text(max_size=30))
def test_whatever_is_written_comes_out_escaped(body, query):
    excerpt = draw_excerpt(body, roots_of(query))
    bare = excerpt.removeprefix("<bdi>").removesuffix("</bdi>").replace("<mark>", "").replace("</mark>", "")
    assert "<" not in bare
    assert ">" not in bare


@pytest.mark.parametrize("piece", ["sleep ", "a'", "é", "<"])
def test_the_work_grows_no_faster_than_the_words(count_steps, piece):
    short, long = (count_steps(lambda n=n: draw_excerpt(piece * n, roots_of("sleep"))) for n in (1000, 2000))
    assert long <= 2.5 * short + 100

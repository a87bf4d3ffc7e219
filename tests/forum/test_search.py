"""What is found by which words: the same on SQLite and PostgreSQL, where tests/services runs this file again."""

import pytest

from forum.access import facts_of
from forum.search import read_terms, search_posts
from forum.text import clean_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def finds(member, other_member, post_by):
    """`finds("words of a post", "words looked for")`"""

    def finds(body: str, query: str) -> bool:
        post = post_by(member, clean_text(body))
        return post.pk in [hit.post.pk for hit in search_posts(facts_of(other_member), query).hits]

    return finds


@pytest.mark.parametrize(
    ("body", "query"),
    [
        ("Third night of not sleeping.", "sleep"),
        ("I could sleep for a week", "SLEEPING sleeps"),
        ("Panicked again. The panic goes, they say.", "panic"),
        ("Happily, a happy day", "happiness"),
        ("She tried. I am trying.", "try tries"),
        ("Mum's medications changed", "medication"),
        ("Mum's medications changed", "mum"),
        ("We met in the café", "cafe"),
        ("We met in the cafe", "café"),
        ("L'été à Nîmes, déjà", "ete nimes deja"),
        ("L'été à Nîmes", "été"),
        ("Dw i'n teimlo'n isel heddiw, tŷ gwag a dŵr oer", "ty dwr"),
        ("Dw i'n teimlo'n isel heddiw", "teimlo"),
        ("Ŵyr Llŷr", "wyr llyr"),
        ("Tiếng Việt ở đây", "tieng viet"),
        ("I can't go on like this", "cant"),
        ("I cant go on like this", "can't"),
        ("I can’t go on like this", "can't cant"),
        ("i'm so tired", "im tired"),
        ("The self-harm team rang me", "self-harm"),
        ("The self-harm team rang me", "self harm"),
        ("Rang 116 123 last night", "116 123"),
        ("See https://www.example.org/page?x=1 or ask at me@example.org", "example"),
        ("to be or not to be", "to be or not"),
        ("AND OR NOT NEAR", "not AND or"),
        ("Мне плохо сегодня", "плохо"),
        ("आज मन ठीक नहीं है", "ठीक"),
        ("2nd week on 50mg", "50mg"),
    ],
)
def test_accents_endings_and_apostrophes_make_no_difference(finds, body, query):
    assert finds(body, query)


@pytest.mark.parametrize(
    ("body", "query"),
    [
        ("Third night of not sleeping.", "sleep tomorrow"),
        ("Third night of not sleeping.", "nigh"),
        ("one day at a time", "days gone"),
        ("one day at a time", '"day one"'),
        ("one day at a time", '"one at"'),
        ("can do it tomorrow, not", "can't"),
        ("I go in", "gone"),
    ],
)
def test_every_word_has_to_be_there(finds, body, query):
    assert not finds(body, query)


@pytest.mark.parametrize("query", ['"one day at a time"', "“One Days”", "time «at a»", '"one day', 'one" day'])
def test_words_in_quotation_marks_stand_side_by_side(finds, query):
    assert finds("I take it one day at a time.", query)


NONSENSE = [
    "", " ", '"', '""', "'", '" "', "*", "sleep*", "^sleep", "-sleep", "sleep AND", "NEAR(sleep, 2)", "words:sleep", "(sleep", "a)",
    "{sleep}", "sleep & !", "sleep | ", "sleep <-> night", "sleep:*", "'; DROP TABLE forum_post; --", "%s %(x)s %", "\\", "\\'",
    "\0", "sle\0ep", "\ud800", "\u0301", "\u202e", "🌊", "🌊 sleep", "½", "،", "the", "a" * 5000, "a " * 2500, '"a ' * 1600, "' " * 2500,
    "é" * 5000, "e\u0301" * 2000, "\u0301" * 5000, "n't " * 1000, "x'" * 2000, "not sleeping\n\nor\tnot", "𝔰𝔩𝔢𝔢𝔭", "ﬁne", "İi", "ß",
]  # fmt: skip


@pytest.mark.parametrize("query", NONSENSE, ids=range(len(NONSENSE)))
def test_anything_at_all_may_be_asked_for(finds, query):
    finds("Third night of not sleeping.", query)


def test_what_is_nothing_but_a_common_word_is_a_word(finds):
    assert finds("to be or not to be", "not")
    assert finds("the and a", "the")


@pytest.mark.parametrize("piece", ['"a ', "don't ", "n't", "' ", "\u0301e", "a\u2019"])
def test_the_work_grows_no_faster_than_the_query(count_steps, piece):
    short, long = (count_steps(lambda n=n: read_terms(piece * n)) for n in (500, 1000))
    assert long <= 2.5 * short


@pytest.mark.parametrize(
    ("note", "query"), [("self-harm, no detail", "self-harm"), ("Nyrsys a chŵn", "chwn"), ("blood", "Blood slept")]
)
def test_words_of_a_content_note_are_found_with_those_behind_it(member, other_member, post_by, note, query):
    post = post_by(member, "I slept at last.", content_note=note)
    assert [hit.post.pk for hit in search_posts(facts_of(other_member), query).hits] == [post.pk]

"""People's words, stored and shown: nothing they type can disturb the page, and nothing they mean is lost.

All of it holds whichever of the two makes the links.
"""

import re
from html.parser import HTMLParser

import nh3
import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from forum import linking
from forum.linking import LINK_REL, with_bleach, with_nh3
from forum.text import MARKS_STORED, clean_text, has_words, render_body

ALLOWED = {"p": set(), "br": set(), "a": {"href", "rel"}, "bdi": set()}


@pytest.fixture(scope="module", autouse=True, params=[with_bleach, with_nh3], ids=["bleach", "nh3"])
def cleaner(request):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(linking, "link_word", request.param)
        yield request.param


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))


def test_blank_lines_make_paragraphs_and_line_ends_stay():
    assert render_body("One\ntwo\n\n\nthree") == "<p><bdi>One<br>two</bdi></p><p><bdi>three</bdi></p>"


def test_html_is_shown_as_it_was_typed():
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in render_body("<script>alert(1)</script>")


def test_a_link_goes_out_as_a_guest():
    (link,) = [
        attrs for tag, attrs in Tags(render_body("see https://www.mind.org.uk/help?a=1&b=2.")).seen if tag == "a"
    ]
    assert link == {"href": "https://www.mind.org.uk/help?a=1&b=2", "rel": LINK_REL}


@pytest.mark.parametrize(
    "words",
    ["javascript:alert(1)", "data:text/html,x", "www.example.org", "me@example.org", "ftp://x.example", "//x.example"],
)
def test_nothing_but_whole_web_addresses_becomes_a_link(words):
    assert "<a" in render_body("https://example.org"), "the premise: addresses do become links"
    assert "<a" not in render_body(words)


def test_towers_of_marks_are_cut_and_accents_kept():
    tower = "a" + "\u0301" * 50
    assert render_body(tower).count("\u0301") == 4
    assert "Việt" in render_body("Việt")


@pytest.mark.parametrize("marks", ["\u0301\u0323", "\u0f73", "\u0591\u05b0"])
def test_a_tower_that_would_hold_up_the_process_is_cut_before_it_is_put_in_order(marks):
    assert len(clean_text("a" + marks * 30_000)) <= 1 + 2 * MARKS_STORED
    assert clean_text("Vie\u0323\u0302t") == "Việt"


def test_control_characters_go_and_joiners_stay():
    assert clean_text("a\x00b\x07c\x1b[0m") == "abc[0m"
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    assert clean_text(family) == family


def test_a_turn_of_direction_ends_with_its_paragraph():
    assert render_body("\u202eabc\n\nnext") == "<p><bdi>\u202eabc</bdi></p><p><bdi>next</bdi></p>"


def test_line_ends_of_other_systems_are_one_kind():
    assert clean_text("a\r\nb\rc") == "a\nb\nc"


def test_broken_surrogates_are_refused_in_words():
    with pytest.raises(ValidationError, match="broken"):
        clean_text("a\ud800")


@pytest.mark.parametrize("address", ["https://www.gov.wales/", "https://help.chat", "http://a.example/b_(c)"])
def test_whole_addresses_are_links_whatever_they_end_in(address):
    (link,) = [attrs for tag, attrs in Tags(render_body(f"({address})")).seen if tag == "a"] or [{}]
    assert link.get("href") is None, "it does not begin the word"
    (link,) = [attrs for tag, attrs in Tags(render_body(address)).seen if tag == "a"]
    assert link["href"] == address


WRITTEN = """
https://a.example https://a.example. https://a.example/?q=1&b=2, https://a.example:8000/x#y HTTPS://A.example/Path
https://www.gov.wales/ https://help.chat http://a.example/b_(c) https://a.example) https://a.example/ŷ?ŵ=ô https://ŵ.example/
https://a.example/%00 https://a.example/x… https://a.example/[b] https://a.example]]> https://a https://[::1]/
https://javascript:alert(1) https:// https://../ http://.example
"""


@pytest.mark.parametrize("word", WRITTEN.split())
def test_both_read_the_same_address_out_of_a_word(word):
    assert with_nh3(word) == with_bleach(word)


def test_the_first_fifty_addresses_are_links_and_the_rest_are_words():
    html = render_body("https://a.example/ " * 60)
    assert html.count("<a ") == 50 and html.count("https://a.example/") == 60 + 50


@pytest.mark.parametrize("text", ["", "  ", "\u200b\u200d", "\u0301\u0301", "\u2800\u3164"[:0]])
def test_what_cannot_be_read_is_no_words(text):
    assert has_words("…") and has_words("ok")
    assert not has_words(text)


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=400))
def test_only_the_agreed_tags_come_out(text):
    html = render_body(clean_text(text))
    for tag, attrs in Tags(html).seen:
        assert tag in ALLOWED and set(attrs) <= ALLOWED[tag]
    assert clean_text(clean_text(text)) == clean_text(text)


@given(
    st.lists(
        st.sampled_from(
            ["<", ">", "&", '"', "'", "https://a.example/", "javascript:", "\n\n", " ", "(", "onclick=", "]]>", "<!--"]
        ),
        max_size=40,
    )
)
def test_a_second_cleaner_finds_nothing_to_take_out(parts):
    html = render_body("".join(parts))
    cleaned = nh3.clean(html, tags=set(ALLOWED), attributes={"a": {"href", "rel"}}, link_rel=None)
    assert text_of(cleaned) == text_of(html)
    assert len(Tags(cleaned).seen) == len(Tags(html).seen)


def text_of(html: str) -> str:
    parser = HTMLParser()
    found: list[str] = []
    parser.handle_data = found.append  # type: ignore[method-assign]
    parser.feed(html)
    parser.close()
    return re.sub(r"\s+", " ", "".join(found))


@pytest.mark.parametrize(
    "hostile",
    [
        "(",
        "https://",
        "https://(((",
        "\n",
        " \n",
        "&",
        "a\u0301",
        "https://a((((",
        "http://a.example/" + "(" * 500 + " ",
    ],
)
def test_twice_the_words_take_at_most_thrice_the_steps(hostile, count_steps):
    short, long = clean_text(hostile * 1000)[:2500], clean_text(hostile * 2000)[:5000]
    assert count_steps(lambda: render_body(long)) <= 3 * count_steps(lambda: render_body(short)) + 2000

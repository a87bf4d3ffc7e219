"""Whatever draws HTML out of people's words: the parsed page holds what we put in, and every word of theirs as text."""

import ast
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bleach
import nh3
import pytest
from bleach._vendor import html5lib
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.excerpts import draw_excerpt, roots_of
from forum.text import clean_text, render_body
from moderation.differences import differences, drawn, plain, with_marks
from moderation.redacting import struck
from tests.hostile.payloads import WANTED, read_payloads

ROOT = Path(__file__).resolve().parents[2]
PAYLOADS = [words for words in map(clean_text, read_payloads()) if words]
OF_BODIES = {"p": set(), "br": set(), "bdi": set(), "a": {"href", "rel"}}
OF_NOTES = {"br": set(), "mark": set(), "ins": set(), "del": set(), "span": {"class"}}


def told_apart(words: str, side: Any) -> str:
    """The difference to an edit in the middle of a payload."""
    middle = len(words) // 2
    return drawn(differences(words, f"{words[:middle]} <b>{words[middle:]}"), side, [(0, 3), (middle, middle + 2)])


DRAW: dict[str, tuple[Callable[[str], str], dict[str, set[str]]]] = {
    "a post": (render_body, OF_BODIES),
    "an excerpt": (
        lambda words: draw_excerpt(words, roots_of("alert script onerror img svg")),
        {"bdi": set(), "mark": set()},
    ),
    "words as they stand": (plain, OF_NOTES),
    "words with marks": (lambda words: with_marks(words, [(0, 2), (3, 9)]), OF_NOTES),
    "how it was": (lambda words: told_apart(words, "then"), OF_NOTES),
    "how it is": (lambda words: told_apart(words, "now"), OF_NOTES),
    "what was taken out": (lambda words: struck(words, [(0, 2), (3, 9)]), OF_NOTES),
}
BY_HAND = {
    "forum/threads.py", "forum/excerpts.py", "forum/text.py", "forum/live.py", "forum/marks.py", "forum/context.py",
}  # fmt: skip
"""Whatever calls something safe: drawn above, or put together from templates' own output, which the pages are walked for."""


def parsed(html: str) -> Any:
    """As a browser would, in a place of its own."""
    return html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)


def held(html: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for each in parsed(html).iter():
        if each.tag != "DOCUMENT_FRAGMENT":
            found.setdefault(str(each.tag), set()).update(each.attrib)
    return found


def said(html: str) -> str:
    return " ".join("".join(parsed(html).itertext()).split())


def within(found: dict[str, set[str]], allowed: dict[str, set[str]]) -> bool:
    return all(tag in allowed and names <= allowed[tag] for tag, names in found.items())


def test_there_are_payloads_enough() -> None:
    assert len(PAYLOADS) >= WANTED
    assert any(not within(held(words), OF_BODIES) for words in PAYLOADS), (
        "the premise: as they are, they build something"
    )


@pytest.mark.parametrize("what", DRAW)
def test_no_payload_builds_anything(what: str) -> None:
    draw, allowed = DRAW[what]
    for words in PAYLOADS:
        assert within(held(draw(words)), allowed), words


def test_every_word_of_a_payload_is_there_to_read() -> None:
    marks = re.compile(
        r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
    )  # towers are cut
    for words in PAYLOADS:
        read = re.sub(r"\s", "", marks.sub("", said(render_body(words).replace("<br>", " ").replace("</p>", " "))))
        assert read == re.sub(r"\s", "", marks.sub("", words)), words


def test_what_is_cleaned_once_is_clean() -> None:
    for words in read_payloads():
        assert clean_text(clean_text(words)) == clean_text(words)


def test_two_other_cleaners_find_nothing_to_take_out_and_agree() -> None:
    tags, attributes = set(OF_BODIES), {"a": {"href", "rel"}}
    for words in PAYLOADS:
        html = render_body(words)
        by_bleach = bleach.clean(html, tags=tags, attributes={"a": ["href", "rel"]}, protocols={"http", "https"})
        by_nh3 = nh3.clean(html, tags=tags, attributes=attributes, link_rel=None, url_schemes={"http", "https"})
        assert held(html) == held(by_bleach) == held(by_nh3), words
        assert said(html) == said(by_bleach) == said(by_nh3), words
        again = nh3.clean(by_nh3, tags=tags, attributes=attributes, link_rel=None, url_schemes={"http", "https"})
        assert again == by_nh3, words


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PAYLOADS), st.text(max_size=12)), max_size=5).map("".join))
def test_nor_do_payloads_put_together(words: str) -> None:
    words = clean_text(words.encode("utf-8", "ignore").decode())
    for draw, allowed in DRAW.values():
        assert within(held(draw(words)), allowed)


def test_whatever_else_calls_something_safe_is_known() -> None:
    found = set()
    for app in ("config", "forum", "moderation", "realtime"):
        for file in (ROOT / app).rglob("*.py"):
            for each in ast.walk(ast.parse(file.read_text())):
                if isinstance(each, ast.Call) and _trusts(each):
                    found.add(str(file.relative_to(ROOT)))
    assert found == BY_HAND
    pages = [
        *(ROOT / "templates").rglob("*.html"),
        *(ROOT / "forum").rglob("*.html"),
        *(ROOT / "moderation").rglob("*.html"),
    ]
    trusting = {file.name for file in pages if re.search(r"\|\s*safe|autoescape off|safeseq", file.read_text())}
    assert trusting == {"activate_form.html"}, "the square that an app scans, which allauth draws"


def _trusts(call: ast.Call) -> bool:
    """Whether it calls words safe that were not written into the source as they are."""
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    given = call.args[0] if call.args else None
    if name in ("mark_safe", "SafeString", "SafeText"):
        return not isinstance(given, ast.Constant)
    return name == "format_html" and isinstance(given, ast.JoinedStr | ast.BinOp)

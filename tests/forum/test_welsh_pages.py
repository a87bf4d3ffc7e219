"""Somebody who chose Welsh reads no sentence of ours in English, on any page that has an address of its own."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import polib
from django.urls import get_resolver

from tools.messages import catalogue

VOID = {"br", "hr", "img", "input", "wbr"}
READ_OUT = {"aria-label", "alt", "placeholder", "title", "value"}


class Said(HTMLParser):
    """What a page says, to the eye and to a screen reader, and what its scripts may say later (data-…).

    But for what it says to be in another language, such as texts that the team writes in both.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: set[str] = set()
        self._abroad: list[str] = []  # the tags that stand open inside words of another language, its own first
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._abroad or not (dict(attrs).get("lang") or "cy").startswith("cy"):
            if tag not in VOID:
                self._abroad.append(tag)
            return
        self.said |= {value or "" for name, value in attrs if name in READ_OUT or name.startswith("data-")}

    def handle_endtag(self, tag: str) -> None:
        if self._abroad and self._abroad[-1] == tag:
            self._abroad.pop()

    def handle_data(self, data: str) -> None:
        if not self._abroad:
            self.said.add(" ".join(data.split()))


def english() -> set[str]:
    """Sentences of more than one word that Welsh says otherwise."""
    return {e.msgid for e in polib.pofile(str(catalogue("cy"))) if " " in e.msgid and e.msgid != e.msgstr}


def addresses(patterns: Any = None, before: str = "/") -> Iterator[str]:
    for pattern in patterns or get_resolver().url_patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from addresses(pattern.url_patterns, route)
        elif not any(mark in route for mark in ("<", "(", "^")) and not route.startswith("/admin/"):
            yield route


def test_no_sentence_of_ours_is_left_in_english(as_: Any, client: Any, make_member: Any) -> None:
    everyone = [client, *(as_(make_member(f"gwen-{role}", role=role, language="cy")) for role in ("member", "staff"))]
    paths, ours, read = sorted(set(addresses())), english(), 0
    for path in paths:
        for browser in everyone:
            answer = browser.get(path, headers={"accept-language": "cy"})
            if answer.headers.get("Content-Type", "").startswith("text/html") and answer.text:
                left = Said(answer.text).said & ours
                assert not left, f"{path}: {left}"
                read += 1
    assert read > 100

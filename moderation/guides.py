"""The guides: the first ones, which of them a case asks for, and how their plain steps are read.

A guide is plain text. A line with `## ` begins a section, one with a number or a hyphen is a step, anything else a paragraph.
`[line: Samaritans]` is the line of that name as the help page has it today, so that no guide holds a number that can go stale.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps as installed

from forum import helplines
from forum.lines import Line
from moderation.models import Case, Guide

FIRST = Path(__file__).parent / "data" / "guides.txt"
ALWAYS = "danger"
BY_CATEGORY: Mapping[str, str] = {
    "under_18": "under-18",
    "child": "child-at-risk",
    "controlled": "abuse-at-home",
    "grooming": "abuse-images",
    "threat": "threats-to-team",
}
UNDER_18 = "under_18"
_STEP = re.compile(r"(?:\d+\.|[-*])\s+(.*)")
_LINE = re.compile(r"\[line:\s*([^\]]+?)\s*\]")


@dataclass(frozen=True, slots=True)
class Bit:
    """A stretch of words, or a line to ring with its ways."""

    words: str = ""
    line: Line | None = None


@dataclass(slots=True)
class Section:
    """A heading, with paragraphs or steps; each is a list of bits."""

    title: str = ""
    blocks: list[tuple[str, list[list[Bit]]]] = field(default_factory=list)  # ("steps" or "words", …)


def plant(using: str = "default", apps: Any = installed, **_more: Any) -> None:
    """Makes the guides that are missing, after migrating. What an organisation has made of one is never touched again."""
    try:
        rows = apps.get_model("moderation", "Guide")
    except LookupError:
        return  # migrated to a state from before there were any
    known = set(rows.objects.using(using).values_list("key", flat=True))
    rows.objects.using(using).bulk_create(
        [
            rows(key=key, title=title, body=body, place=place)
            for place, (key, title, body) in enumerate(first_ones(), start=1)
            if key not in known
        ],
        ignore_conflicts=True,
    )


def first_ones() -> Iterator[tuple[str, str, str]]:
    """Key, title and words of each guide that comes with Harbour."""
    for entry in FIRST.read_text(encoding="utf-8").split("=== ")[1:]:
        key, title, body = entry.split("\n", 2)
        yield key.strip(), title.strip(), body.strip()


def for_case(case: Case) -> list[Guide]:
    """The guides this case asks for by what was reported, the nearest first; the one about danger is always there."""
    asked = [BY_CATEGORY[name] for name in categories_of(case) if name in BY_CATEGORY]
    keys = list(dict.fromkeys([*asked, ALWAYS]))
    found = {guide.key: guide for guide in Guide.objects.filter(key__in=keys)}
    return [found[key] for key in keys if key in found]


def categories_of(case: Case) -> list[str]:
    return list(dict.fromkeys(case.reports.order_by("-made_at", "-pk").values_list("category", flat=True)))


def sections(body: str) -> list[Section]:
    """A guide's words as a page draws them."""
    lines = {line.name.casefold(): line for line in helplines.read_lines() if helplines.may_be_shown(line)}
    found = [Section()]
    for text in (line.strip() for line in body.splitlines()):
        if text.startswith("## "):
            found.append(Section(text[3:].strip()))
        elif text:
            step = _STEP.fullmatch(text)
            _add(found[-1], "steps" if step else "words", _bits(step[1] if step else text, lines))
    return [section for section in found if section.title or section.blocks]


def unknown_lines(body: str) -> list[str]:
    """Names that a guide calls for and the help page does not have."""
    known = {line.name.casefold() for line in helplines.read_lines()}
    return [name for name in dict.fromkeys(_LINE.findall(body)) if name.casefold() not in known]


def _add(section: Section, kind: str, bits: list[Bit]) -> None:
    if kind == "steps" and section.blocks and section.blocks[-1][0] == kind:
        section.blocks[-1][1].append(bits)
    else:
        section.blocks.append((kind, [bits]))


def _bits(text: str, lines: Mapping[str, Line]) -> list[Bit]:
    return list(_pieces(_LINE.split(text), lines))


def _pieces(parts: Iterable[str], lines: Mapping[str, Line]) -> Iterator[Bit]:
    """Words and names of lines, in turn. A line that may not be shown is named alone."""
    for place, part in enumerate(parts):
        line = lines.get(part.casefold()) if place % 2 else None
        if line or part:
            yield Bit(line=line) if line else Bit(words=part)

"""Canary words: one nobody would write for each thing that somebody may or may not read, found byte by byte."""

import re
from collections.abc import Iterable

CANARY = re.compile(rb"zq[a-z]+qz", re.IGNORECASE)
SOUGHT = "lantern"  # in every post, so that one search looks for all of them


def word(name: str) -> str:
    """The canary of this name: letters alone, so that no escape, cut or mark can hide it."""
    return f"zq{name.replace(' ', '')}qz"


def words_in(content: bytes) -> set[str]:
    """Every canary in an answer, as it goes over the line."""
    return {found.decode().lower() for found in CANARY.findall(content)}


def named(words: Iterable[str], names: Iterable[str]) -> set[str]:
    """These canaries by their names; one that no table knows keeps its own."""
    known = {word(name): name for name in names}
    return {known.get(each, each) for each in words}

"""Every field of text in every form, with every payload: refused in words, or kept as something that stays as it is."""

import importlib
import pkgutil
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

import forum
import moderation
from tests.hostile.payloads import WANTED, read_payloads

PAYLOADS = [
    *read_payloads(),
    "a\x00b\x1b[31m\x85",
    "\ud800",
    "name\r\nBcc: all@example.org",
    "one\ntwo",
    "\u2028\u2029\u202e",
]
CONTROLS = frozenset(map(chr, [*range(9), *range(11, 32), *range(127, 160)]))
ONE_LINE = (forms.TextInput, forms.EmailInput, forms.PasswordInput)
COMPARED = ("code", "login", "handle", "number", "website")
"""Held against what is known, or judged by the form as a whole; none of it is kept as it was typed."""
JUDGED = {"WebhookForm.url"}  # by realtime.outgoing, which takes whole addresses alone


def every_form() -> list[type[forms.BaseForm]]:
    importlib.import_module("config.urls")  # and with it views, and the admin's pages
    for package in (forum, moderation):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "form" in module.name and "migrations" not in module.name:
                importlib.import_module(module.name)
    return sorted(set(_beneath(forms.BaseForm)), key=lambda each: f"{each.__module__}.{each.__qualname__}")


def _beneath(base: type[Any]) -> Iterator[type[Any]]:
    for each in base.__subclasses__():
        yield from _beneath(each)
        if each.__module__.split(".")[0] in ("forum", "moderation"):
            yield each


def text_fields() -> Iterator[tuple[str, forms.Field]]:
    for form in every_form():
        for name, field in form.base_fields.items():
            if isinstance(field, forms.CharField):
                yield f"{form.__name__}.{name}", field


FIELDS = dict(text_fields())


def is_kept(name: str) -> bool:
    """Whether what is typed here may be stored and shown: hidden fields bring back what a page of ours had, signed or a key."""
    return (
        name not in JUDGED
        and name.rpartition(".")[2] not in COMPARED
        and not isinstance(FIELDS[name].widget, forms.HiddenInput | forms.PasswordInput | forms.RadioSelect)
    )


def kept(field: forms.Field, words: str) -> str | None:
    """What the field makes of it; None where it is refused."""
    try:
        return str(field.clean(words))
    except ValidationError:
        return None


class Elements(HTMLParser):
    """The elements of a piece of HTML, each with the names of its attributes, and what stands between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, tuple[str, ...]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, tuple(name for name, _value in attrs if name != "value")))

    def handle_comment(self, data: str) -> None:
        self.seen.append(("comment", (data,)))

    handle_decl = handle_pi = unknown_decl = handle_comment


def drawn(field: forms.Field, words: str) -> list[tuple[str, tuple[str, ...]]]:
    form = type("One", (forms.Form,), {"one": field})({"one": words})
    return Elements(str(form["one"])).seen


def test_there_are_fields_and_payloads_enough() -> None:
    assert len(FIELDS) > 100 and len(PAYLOADS) >= WANTED


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_keeps_nothing_that_changes_when_it_is_kept_again(name: str) -> None:
    field = FIELDS[name]
    for words in PAYLOADS:
        found = kept(field, words)
        if found is not None and is_kept(name):
            assert_at_rest(field, found)


def test_a_field_that_comes_back_holds_what_was_typed_and_builds_nothing() -> None:
    """Of each kind of field one, since it is the kind that draws."""
    kinds = {(type(field), type(field.widget)): field for field in FIELDS.values()}
    assert len(kinds) > 5
    for field in kinds.values():
        plain = drawn(field, "words")
        expected = {name for _tag, names in plain for name in names} | {"aria-invalid", "aria-describedby"}
        for words in PAYLOADS[::3]:
            if "\ud800" not in words:
                found = drawn(field, words)
                assert [tag for tag, _names in found] == [tag for tag, _names in plain], words
                assert {name for _tag, names in found for name in names} <= expected, words


def assert_at_rest(field: forms.Field, words: str) -> None:
    words.encode()
    assert kept(field, words) == words
    assert not CONTROLS & set(words), ascii(words)
    if isinstance(field.widget, ONE_LINE):
        assert not {"\n", "\u2028", "\u2029"} & set(words), ascii(words)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_nor_does_any_other_text(words: str) -> None:
    for name, field in FIELDS.items():
        found = kept(field, words)
        if found is not None and is_kept(name):
            assert_at_rest(field, found)

"""Welsh says everything that English says: no sentence is missing, stale, or without what it should name."""

import re
import shutil
import string
from collections import Counter
from pathlib import Path

import polib
import pytest
from django.conf import settings

from tools.messages import LANGUAGES, catalogue, renew

PERCENT = re.compile(r"%\((\w+)\)[sd]|%[sd%]")
TAG = re.compile(r"<[^>]+>")


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def entries(language: str) -> list[polib.POEntry]:
    return [entry for entry in polib.pofile(str(catalogue(language))) if not entry.obsolete]


def told(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def named_in(sentence: str) -> Counter[str]:
    """What a sentence is filled with, and the tags it holds."""
    braces = Counter(name for _words, name, _spec, _conversion in string.Formatter().parse(sentence) if name)
    return Counter(match[0] for match in PERCENT.finditer(sentence)) + braces + Counter(TAG.findall(sentence))


def test_a_language_is_offered_only_when_every_sentence_is_translated(language: str) -> None:
    found = entries(language)
    assert len(found) > 900
    missing = [entry.msgid for entry in found if entry.fuzzy or not all(told(entry))]
    offered = language in dict(settings.LANGUAGES)
    assert not (offered and missing), f"{len(missing)} without a translation, such as {missing[:5]}"


def test_a_translation_names_what_the_sentence_names(language: str) -> None:
    for entry in entries(language):
        wanted = named_in(entry.msgid_plural or entry.msgid)
        for words in filter(None, told(entry)):
            numbers_left_out = Counter() if not entry.msgid_plural else Counter({"%(n)s": 1, "%d": 1, "%(n)d": 1})
            lacks = wanted - named_in(words) - numbers_left_out
            assert not lacks, f"{entry.msgid!r} became {words!r}"
            assert not named_in(words) - wanted, f"{entry.msgid!r} became {words!r}"


def test_what_django_reads_is_what_translators_wrote(language: str) -> None:
    packed = polib.mofile(str(catalogue(language).with_suffix(".mo")))
    written = {entry.msgid: told(entry) for entry in entries(language) if all(told(entry))}
    assert {entry.msgid: told(entry) for entry in packed} == written


@pytest.mark.skipif(not shutil.which("xgettext"), reason="gettext is not installed")
def test_the_catalogue_holds_the_words_in_use_and_no_others(language: str, tmp_path: Path) -> None:
    in_use = {entry.msgid for entry in renew(language, tmp_path) if not entry.obsolete}
    kept = {entry.msgid for entry in entries(language)}
    assert kept == in_use, f"run python -m tools.messages: {sorted(kept ^ in_use)[:5]}"

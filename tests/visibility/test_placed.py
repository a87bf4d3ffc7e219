"""Nothing of the site is outside the matrix: what is new is named here until somebody has said where it stands."""

import re
from collections import Counter
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

import config.urls  # noqa: F401  the whole site is loaded
from forum import notices
from realtime import commands, deliveries, streams
from realtime.models import Event
from tests.visibility.places import (
    ADDRESSES,
    COMMANDS,
    DELIVERIES,
    EVENT_KINDS,
    MODELS,
    NOTICES,
    PLACE_OF,
    STREAMS,
    place_of,
)
from tests.visibility.reading import patterns
from tests.visibility.table import KEPT, ROWS
from tests.visibility.words import CANARY, word

pytestmark = pytest.mark.django_db
KIND = re.compile(r'"([a-z]+\.(?:published|changed|removed|sent))"')


def names(table: dict[str, str]) -> list[str]:
    return [name for names in table.values() for name in names.split()]


def test_every_address_has_a_place():
    known = {name for name, _pattern in patterns() if ":" not in name or name.startswith("admin:")}
    assert {name for name, _pattern in patterns() if place_of(name) is None} == set()
    assert set(PLACE_OF) - known == set(), "no such address any more"
    assert [name for name, times in Counter(names(ADDRESSES)).items() if times > 1] == []


def test_every_stream_command_delivery_and_notice_has_one():
    assert set(streams._kinds) == set(STREAMS)
    assert set(commands._handlers) == COMMANDS
    assert set(deliveries._senders) == set(DELIVERIES)
    assert sorted(notices.kinds) == sorted(names(NOTICES))


def test_every_kind_of_event_that_the_code_writes_has_one():
    code = [*Path(settings.BASE_DIR).glob("forum/**/*.py"), *Path(settings.BASE_DIR).glob("moderation/**/*.py")]
    written = {kind for file in code for kind in KIND.findall(file.read_text())}
    assert written - set(names(EVENT_KINDS)) == set()
    assert "rights.changed" in written  # the premise


def test_every_kind_of_event_that_happened_has_one(life):
    for stream, kind in Event.objects.values_list("stream", "kind").distinct():
        assert kind in EVENT_KINDS[stream.partition(":")[0]].split()


def test_every_table_has_one():
    there = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    assert sorted(there) == sorted(names(MODELS))
    assert [each for each in MODELS if "/" in each and not (Path(settings.BASE_DIR) / each).exists()] == []


def test_the_tables_that_hold_words_hold_canaries_and_the_others_none(life):
    holding = {model._meta.label for model in apps.get_models(include_auto_created=True) if holds_canaries(model)}
    sealed = {"moderation.StandingNote", "forum.CareCard"}  # in bytes that nobody reads: the pages prove those
    wanted = set(MODELS["canaries"].split()) - sealed
    assert wanted - holding == set(), "nothing of it would be looked for"
    beside = {
        "realtime.Delivery",
        "forum.OldHandle",
        "sessions.Session",
        "moderation.Letter",
    }  # names in keys and digests
    assert holding - wanted - beside == set(), "a table of numbers holds words"


def holds_canaries(model) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")
        return any(CANARY.search(str(row).encode()) for row in cursor.fetchall())


def test_every_canary_of_the_table_was_written(life):
    with connection.cursor() as cursor:
        said = []
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")
            said += map(str, cursor.fetchall())
    everything = " ".join(said)
    sealed = {"card telephone", "card helps", "standing note", "letter name", "letter reach"}
    gone = {"erased", "erased reply"}
    missing = {name for name in (*ROWS, *KEPT) if word(name) not in everything}
    assert missing - sealed - gone == set()

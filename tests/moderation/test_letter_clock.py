"""Somebody may be in danger and nobody knows who: staff are called until one of them has done something about it."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from moderation import letter_clock
from moderation.actions.letters import open_sender, put_aside, read_letter
from moderation.letter_clock import run_letters
from moderation.letters import code_for, hash_of
from moderation.models import Letter
from moderation.turns import SomeFailed
from realtime.models import Delivery
from tests.moderation.outside import rings

pytestmark = pytest.mark.django_db


def later(**ahead):
    return time_machine.travel(timezone.now() + timedelta(**ahead), tick=False)


def write(about: str) -> Letter:
    """A letter that no clock has looked at yet."""
    key = uuid4()
    words = {"about": about, "note": "He said goodbye.", "whereabouts": ""}
    return Letter.objects.create(
        door="worry", category="danger_now", key=key, code_hash=hash_of(code_for(key)), **words
    )


def test_whoever_opened_it_and_did_nothing_has_as_long_as_for_a_step_and_then_all_are_called(
    telephone, send, staff, other_staff
):
    letter = send("my friend Anna")
    read_letter(letter, staff)
    before = rings()
    with later(minutes=29):
        run_letters()
        assert rings() == before
    with later(minutes=31):
        run_letters()
        assert rings() == before + 1
        told = Delivery.objects.filter(
            dedupe__startswith=f"letter:{letter.pk}:", kind="mail", subject__contains="Still"
        )
        assert {mail.address for mail in told} == {staff.email, other_staff.email}


def test_a_step_or_another_reading_buys_the_same_time_again(telephone, send, staff):
    letter = send("my friend Anna")
    read_letter(letter, staff)
    before = rings()
    with later(minutes=20):
        read_letter(letter, staff)
    with later(minutes=45):
        open_sender(letter, staff)
    with later(minutes=74):
        run_letters()
        assert rings() == before
    with later(minutes=76):
        run_letters()
        assert rings() == before + 1
        put_aside(letter, staff, "She wrote again: it was about a film.")
    with later(minutes=120):
        run_letters()
        assert rings() == before + 1, "settled is settled"


def test_one_that_cannot_be_placed_keeps_nobody_from_being_called_and_is_called_about_itself(telephone, monkeypatch):
    broken, other = write("Anna"), write("Berta")
    place = letter_clock.place_letter

    def fails(letter):
        if letter.pk == broken.pk:
            raise RuntimeError("the disk is full")
        return place(letter)

    monkeypatch.setattr(letter_clock, "place_letter", fails)
    with pytest.raises(SomeFailed):
        run_letters()
    other.refresh_from_db()
    assert other.called_at and rings() == 1
    with later(seconds=31), pytest.raises(SomeFailed):
        run_letters()
    assert rings() == 2, "nobody knows yet whom it is about, and it does not wait for that"


def test_one_about_which_nobody_can_be_called_keeps_nobody_from_being_called_about_another(telephone, monkeypatch):
    broken, other = write("Anna"), write("Berta")
    page = letter_clock.ways.page_person

    def fails(person, *, dedupe, **named):
        if dedupe.startswith(f"letter:{broken.pk}:"):
            raise RuntimeError("the disk is full")
        return page(person, dedupe=dedupe, **named)

    monkeypatch.setattr(letter_clock.ways, "page_person", fails)
    with pytest.raises(SomeFailed):
        run_letters()
    other.refresh_from_db()
    assert other.called_at

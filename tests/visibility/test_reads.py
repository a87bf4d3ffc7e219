"""Whoever has the words of a case before them stands in its audit chain, on whichever page they read them."""

import pytest
from django.db import transaction
from django.test import Client

from moderation.models import CaseEvent
from tests.visibility.places import place_of
from tests.visibility.reading import addresses
from tests.visibility.words import words_in

pytestmark = pytest.mark.django_db
OF_A_CASE = {
    "case", "staff_case", "appeal", "crisis_record", "record_changes", "record_withholding", "hand_over_sheet", "held_words",
}  # fmt: skip
OTHER_WORDS = {
    "disclosure", "hold", "letter", "request",  # why somebody asked, and what came from outside: each has a trail of its own
    "first_words", "group_suggestions", "guide", "incident", "incidents", "learning", "lessons", "remembrance", "rules_hide",
    "wall_board",
}  # fmt: skip


def test_no_page_shows_staff_the_words_of_a_case_without_a_read_in_its_chain(life):
    read, unread = walk(life.people["puffin"])
    assert read >= OF_A_CASE, "the premise: the walk meets each of them with words on it"
    assert unread <= OTHER_WORDS


def walk(reader):
    """The pages of the team's on which this person met words that somebody wrote: with a read noted, and without."""
    browser, met = Client(raise_request_exception=False), {True: set(), False: set()}
    browser.force_login(reader)
    for name, url in addresses([], deep=True):
        if place_of(name) in ("case", "staff"):
            words, noted = look(browser, url, reader)
            if words:
                met[noted].add(name)
    return met[True], met[False]


def look(browser, url, reader):
    """What stood there, and whether the audit chain was told. As if nobody had looked, afterwards: each look is the first."""
    reads = CaseEvent.objects.filter(action="read", actor=reader)
    with transaction.atomic():
        before = reads.count()
        answer = browser.get(url)
        noted = reads.count() > before
        transaction.set_rollback(True)
    return b"" if answer.streaming else words_in(answer.content), noted

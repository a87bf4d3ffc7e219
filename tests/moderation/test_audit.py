"""The audit chain cannot be changed quietly: the database refuses, and what gets past it shows."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from moderation import audit
from moderation.actions.cases import note_case
from moderation.models import AuditHead, CaseEvent, CaseEventWords
from realtime import triggers


@pytest.fixture
def chain(held_case, moderator):
    """Four events, one of them with a note."""
    case = note_case(held_case(), moderator, "Rang twice.")
    note_case(case, moderator, "Rang again.")
    return CaseEvent.objects.order_by("n")


@pytest.fixture
def without_triggers(chain):
    """As for somebody who has the database file and no key."""
    triggers.drop(connection)
    yield chain
    triggers.install(connection)


def test_a_chain_that_nobody_touched_holds(chain):
    assert [event.n for event in chain] == [1, 2, 3, 4]
    assert audit.verify() is None
    assert audit.head() == (4, chain[3].digest)


def test_an_empty_chain_holds(db):
    assert audit.verify() is None


def test_the_sealed_text_holds_no_words(chain):
    assert all("Rang" not in event.canonical for event in chain)
    assert json.loads(chain[2].canonical)["words"]


@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_refuses_to_change_or_cut_it(chain, act):
    with pytest.raises(IntegrityError), transaction.atomic():
        chain.filter(n=2).update(action="release") if act == "update" else chain.filter(n=4)._raw_delete(chain.db)
    assert audit.verify() is None


def test_the_database_refuses_a_second_row_of_a_number(chain):
    row = chain.get(n=2)
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


REPLACING = {
    "sqlite": "REPLACE INTO moderation_caseevent SELECT * FROM moderation_caseevent WHERE n = 2",
    "postgresql": "TRUNCATE moderation_caseevent CASCADE",
}


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_what_goes_round_update_and_delete(chain):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(REPLACING[connection.vendor])
    assert audit.verify() is None


@pytest.mark.parametrize(
    "change", [{"action": "release"}, {"to_state": "closed"}, {"digest": "0" * 64}, {"canonical": "{}"}]
)
def test_a_changed_row_is_named(without_triggers, change):
    without_triggers.filter(n=2).update(**change)
    assert audit.verify().n == 2


def test_a_row_that_was_resealed_without_the_key_is_named(without_triggers, settings):
    key, settings.AUDIT_KEY = settings.AUDIT_KEY, "another key"
    row = without_triggers.get(n=2)
    without_triggers.filter(n=2).update(digest=audit._digest(row.previous, row.canonical))
    settings.AUDIT_KEY = key
    assert audit.verify().n == 2


def test_a_deleted_row_is_named(without_triggers):
    without_triggers.filter(n=2)._raw_delete(without_triggers.db)
    assert audit.verify() == audit.Broken(2, "it is missing: the next one there is 3")


def test_two_rows_in_each_others_place_are_named(without_triggers):
    without_triggers.filter(n=2).update(n=99)
    without_triggers.filter(n=3).update(n=2)
    without_triggers.filter(n=99).update(n=3)
    assert audit.verify().n == 2


def test_rows_cut_off_the_end_are_named(without_triggers):
    CaseEventWords.objects.filter(event__n=4).delete()
    without_triggers.filter(n=4)._raw_delete(without_triggers.db)
    assert audit.verify().n == 4


def test_a_head_put_back_over_rows_is_named(without_triggers):
    AuditHead.objects.update(n=3, digest=without_triggers.get(n=3).digest)
    assert audit.verify().n == 4


def test_changed_words_are_named_and_erased_words_are_not(chain):
    CaseEventWords.objects.filter(event__n=3).update(words="Never rang.")
    assert audit.verify() == audit.Broken(3, "its words were changed")
    CaseEventWords.objects.filter(event__n=3).delete()
    assert audit.verify() is None


def test_the_command_says_that_it_holds(chain):
    said = StringIO()
    call_command("verify_audit", stdout=said)
    assert f"4 events, head {chain[3].digest}" in said.getvalue()


def test_the_command_names_the_first_broken_link_and_ends_with_one(without_triggers):
    without_triggers.filter(n__in=[2, 3]).update(action="x")
    with pytest.raises(CommandError, match="Link 2 of the audit chain") as failed:
        call_command("verify_audit")
    assert failed.value.returncode == 1


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_leave_one_chain_without_gaps(open_case, make_member, at_once, moderator):
    from moderation.actions.cases import claim_case

    subjects = [make_member(f"sub{letter}") for letter in "abcdef"]
    cases = [open_case(subject=subject) for subject in subjects]
    at_once(*[lambda case=case: claim_case(case, moderator) for case in cases])
    assert CaseEvent.objects.filter(action="claim").count() == 6
    assert audit.verify() is None

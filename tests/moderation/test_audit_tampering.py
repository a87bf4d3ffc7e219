"""A hundred ways to tamper with the audit chain, by somebody who has the database, its triggers off, and no key: each is told.

The row's own id is the database's; what it is worth to anybody is its order, and that is told as well.
"""

import hashlib
import itertools
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from moderation import audit, audit_anchor, audit_watch
from moderation.actions.cases import note_case
from moderation.models import AuditHead, CaseEvent, CaseEventWords
from realtime import triggers

pytestmark = pytest.mark.django_db

Attack = Callable[[], object]
EVENTS = 8


@pytest.fixture
def chain(held_case: Any, moderator: Any, make_member: Any) -> Iterator[list[CaseEvent]]:
    """Eight events about two cases, four of them with words, noted by the clock; and nothing that keeps them."""
    for case in [held_case(subject=make_member(handle)) for handle in ("finch", "dunnock")]:
        note_case(note_case(case, moderator, "Rang twice."), moderator, "Rang again.")
    audit_watch.look_at_end()
    triggers.drop(connection)
    events = list(CaseEvent.objects.order_by("n"))
    assert len(events) == EVENTS
    yield events
    triggers.install(connection)


def rows(n: int) -> Any:
    return CaseEvent.objects.filter(n=n)


def cut(*numbers: int) -> None:
    CaseEventWords.objects.filter(event__n__in=numbers).delete()
    found = CaseEvent.objects.filter(n__in=numbers)
    found._raw_delete(found.db)


def put_head(n: int) -> None:
    event = rows(n).first()
    AuditHead.objects.update(n=n, digest=event.digest if event else "")


def move(n: int, to: int) -> None:
    rows(n).update(n=to)


def exchange(one: int, other: int) -> None:
    move(one, 99)
    move(other, one)
    move(99, other)


def add(event: CaseEvent, **changes: Any) -> CaseEvent:
    """A copy of a row, as a further one."""
    copy = CaseEvent.objects.get(pk=event.pk)
    copy.pk = None
    for name, value in changes.items():
        setattr(copy, name, value)
    copy.save(force_insert=True)
    return copy


def guess(key: str, previous: str, canonical: str) -> str:
    """A digest without the right key."""
    return audit.hmac.new(key.encode(), f"{previous}\n{canonical}".encode(), hashlib.sha256).hexdigest()


def forge(n: int, action: str, key: str) -> None:
    """Says something else, consistently, and chains what follows to it."""
    rows(n).update(action=action)
    last = rows(n - 1).values_list("digest", flat=True).first() or ""
    for event in CaseEvent.objects.filter(n__gte=n).order_by("n"):
        words = audit.json.loads(event.canonical)["words"]
        canonical = audit._canonical(event, words)
        digest = guess(key, last, canonical)
        CaseEvent.objects.filter(pk=event.pk).update(previous=last, canonical=canonical, digest=digest)
        last = digest
    AuditHead.objects.update(digest=last)


def changed_columns(chain: list[CaseEvent], *people: Any) -> Iterator[tuple[str, Attack]]:
    """Each column of four rows."""
    other_case = {chain[0].case_id: chain[-1].case_id, chain[-1].case_id: chain[0].case_id}
    for event in (chain[0], chain[2], chain[5], chain[7]):
        changes: dict[str, Any] = {
            "n": 50,
            "case_id": other_case[event.case_id],
            "action": "release",
            "from_state": "closed",
            "to_state": "closed",
            "actor_id": next(person.pk for person in people if person.pk != event.actor_id),
            "at": event.at + timedelta(microseconds=1),
            "canonical": event.canonical.replace('"n":', '"n": '),
            "previous": "0" * 64,
            "digest": "0" * 64,
        }
        for column, value in changes.items():
            yield f"{column} of {event.n}", lambda n=event.n, by={column: value}: rows(n).update(**by)
    yield "nobody did it", lambda: rows(4).update(actor=None)
    yield "everything a second earlier", lambda: [rows(e.n).update(at=e.at - timedelta(seconds=1)) for e in chain]


def cuts(chain: list[CaseEvent]) -> Iterator[tuple[str, Attack]]:
    for event in chain:
        yield f"without {event.n}", lambda n=event.n: cut(n)
    for left in range(EVENTS - 1, -1, -1):
        gone = range(left + 1, EVENTS + 1)
        yield f"the end cut after {left}", lambda gone=gone: cut(*gone)
        yield f"the end cut after {left}, the head put back", lambda gone=gone, n=left: (cut(*gone), put_head(n))
    yield (
        "the end cut and the head gone",
        lambda: (cut(*range(1, EVENTS + 1)), AuditHead.objects.all().delete()),
    )
    yield (
        "the first cut and the rest moved up",
        lambda: (cut(1), [move(n, n - 1) for n in range(2, EVENTS + 1)], put_head(7)),
    )
    yield "one cut and the rest moved up", lambda: (cut(4), [move(n, n - 1) for n in range(5, EVENTS + 1)], put_head(7))


def reorderings(chain: list[CaseEvent]) -> Iterator[tuple[str, Attack]]:
    for one, other in itertools.combinations(range(1, EVENTS + 1), 2):
        yield f"{one} and {other} exchanged", lambda one=one, other=other: exchange(one, other)
    yield "backwards", lambda: [exchange(n, EVENTS + 1 - n) for n in range(1, EVENTS // 2 + 1)]


def additions(chain: list[CaseEvent]) -> Iterator[tuple[str, Attack]]:
    last = chain[-1]
    for event in chain:
        yield f"{event.n} told again", lambda event=event: (add(event, n=9), put_head(9))
    yield "a row behind the head", lambda: add(last, n=9, previous=last.digest)
    yield "a row far behind", lambda: add(last, n=12)
    yield (
        "a row put between",
        lambda: ([move(n, n + 1) for n in range(EVENTS, 3, -1)], add(chain[2], n=4), put_head(9)),
    )
    yield (
        "a row with a digest from another key",
        lambda: (add(last, n=9, previous=last.digest, digest=guess("x", last.digest, last.canonical)), put_head(9)),
    )


def forgeries(chain: list[CaseEvent], settings: Any) -> Iterator[tuple[str, Attack]]:
    for n in (1, 4, 8):
        yield f"{n} and all after it made anew with another key", lambda n=n: forge(n, "release", "another key")
        yield f"{n} and all after it made anew without a key", lambda n=n: forge(n, "release", "")
    yield "the same made anew with another key", lambda: forge(1, chain[0].action, "another key")
    yield "the key changed", lambda: setattr(settings, "AUDIT_KEY", "another key " * 9)


def words_and_ids(chain: list[CaseEvent]) -> Iterator[tuple[str, Attack]]:
    said = [event for event in chain if CaseEventWords.objects.filter(event=event).exists()]
    silent = [event for event in chain if event not in said]
    for event in said:
        mine = CaseEventWords.objects.filter(event=event)
        yield f"the words of {event.n}", lambda mine=mine: mine.update(words="Never rang.")
        yield f"the salt of {event.n}", lambda mine=mine: mine.update(salt="0" * 32)
    first = CaseEventWords.objects.filter(event=said[0])
    yield "words under an event that had none", lambda: first.update(event=silent[0])
    yield (
        "words where nobody said any",
        lambda: CaseEventWords.objects.create(event=silent[1], salt="", words="Never rang."),
    )
    yield "a row's id", lambda: CaseEvent.objects.filter(pk=silent[0].pk).update(id=chain[-1].pk + 1000)


def heads(chain: list[CaseEvent]) -> Iterator[tuple[str, Attack]]:
    for n in (0, 1, 7, 9, 1000):
        yield f"the head says {n}", lambda n=n: AuditHead.objects.update(n=n)
        yield f"the head is put to {n}", lambda n=n: put_head(n)
    yield "the head has another digest", lambda: AuditHead.objects.update(digest=chain[3].digest)
    yield "the head has none", lambda: AuditHead.objects.update(digest="")
    yield "there is no head", lambda: AuditHead.objects.all().delete()


def test_each_of_more_than_a_hundred_ways_is_told(chain, other_member, moderator, settings):
    attacks = [
        *changed_columns(chain, other_member, moderator),
        *cuts(chain),
        *reorderings(chain),
        *additions(chain),
        *forgeries(chain, settings),
        *words_and_ids(chain),
        *heads(chain),
    ]
    quiet, key = [], settings.AUDIT_KEY
    for name, attack in attacks:
        with transaction.atomic():
            attack()
            if (audit_anchor.find_fault() or audit.verify()) is None:
                quiet.append(name)
            transaction.set_rollback(True)
        settings.AUDIT_KEY = key
        assert (audit_anchor.find_fault() or audit.verify()) is None, f"{name}: the premise: without it the chain holds"
    assert len(dict(attacks)) == len(attacks) >= 100
    assert quiet == []


def test_with_nothing_else_done_it_is_told_that_nothing_keeps_it(chain):
    assert audit.verify() is None
    assert "audit_refuses" in audit_watch.find_fault().reason


def test_a_database_that_was_put_back_is_told_until_somebody_says_it_was_meant(chain, moderator):
    before = list(CaseEvent.objects.values()), AuditHead.objects.values().get()
    note_case(chain[0].case, moderator, "Rang once more.")
    audit_watch.look_at_end()
    cut(*range(1, 20))
    CaseEvent.objects.bulk_create(CaseEvent(**row) for row in before[0])
    AuditHead.objects.update(**before[1])
    assert audit.verify() is None, "the premise: by itself it holds"
    assert audit_anchor.find_fault().n == 9
    audit_anchor.accept()
    assert audit_anchor.find_fault() is None


@pytest.mark.parametrize(
    "change",
    [
        lambda line: line.replace(line[:1], "3", 1),
        lambda line: "",
        lambda line: "8 - now 0",
        lambda line: line.rsplit(" ", 1)[0] + " " + "0" * 64,
    ],
)
def test_a_changed_note_of_where_it_stood_is_told(chain, change):
    audit_anchor.path().write_text(change(audit_anchor.path().read_text().strip()))
    assert audit_anchor.find_fault() == audit.Broken(0, "audit-head.txt was changed, or the key of the chain was")


def test_what_does_not_hold_is_not_noted_over_what_did(chain, moderator):
    cut(7, 8)
    put_head(6)
    note_case(chain[0].case, moderator, "Said after the cut.")
    for _minute in range(2):
        assert audit_anchor.move().n == 8
    assert audit_anchor.read().n == 8

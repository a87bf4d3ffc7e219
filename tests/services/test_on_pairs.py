"""Whatever two people do to the same rows at the same moment, neither waits for the other for ever.

Eight threads do eight things at once; the blocks of eight are drawn up so that every pair of acts meets. After each statement
that locks, a thread lets the others in, so that an order of locks that can go wrong does.
"""

import contextlib
import itertools
import re
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, connections, reset_queries
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forum.actions.posts import publish_post
from forum.refusals import Refusal
from moderation import audit
from moderation.actions.cases import claim_case, send_word
from moderation.actions.decisions import decide_case
from moderation.actions.escalation import close_case, escalate_case, take_case
from moderation.actions.reports import report_member, report_post
from moderation.deadlines import run_deadlines
from moderation.models import Case, Duty, DutyKind
from realtime.models import Event, Stream
from tests.services.acts import ACTS, Stage

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(600),  # fifty acts in eight threads: minutes on a busy machine
]

AT_ONCE = 8
SCENES = ("open", "held", "escalated", "with staff", "closed")  # how the care case stands when the curtain rises
PARTS = 6
LOCKS = ("UPDATE", "INSERT", "DELETE")
"""Deadlock and serialisation are OperationalErrors: an act is content with a Refusal alone."""


def blocks() -> list[tuple[str, ...]]:
    """Eight acts each, until every two have stood in one; then eight times the same."""
    missing = set(itertools.combinations(ACTS, 2))
    found = []
    while missing:
        block: list[str] = list(min(missing))
        while len(block) < AT_ONCE:
            block.append(max((act for act in ACTS if act not in block), key=lambda act: _new(block, act, missing)))
        missing -= set(itertools.permutations(block, 2))
        found.append(tuple(block))
    return found + [(act,) * AT_ONCE for act in ACTS]


def _new(block: Sequence[str], act: str, missing: set[tuple[str, str]]) -> int:
    return sum((act, other) in missing or (other, act) in missing for other in block)


@pytest.fixture
def crowd() -> Iterator[ThreadPoolExecutor]:
    """Eight threads that keep their connections."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield pool
        gate = threading.Barrier(AT_ONCE)
        list(pool.map(lambda _each: (gate.wait(), connections.close_all()), range(AT_ONCE)))


@pytest.fixture
def set_stage(make_member: Any, db: None) -> Any:
    """`set_stage("held")`: another robin, with a post, a reply, a warning and a care case, each time."""
    cast = {"wren": "member", "heron": "moderator", "kestrel": "moderator", "puffin": "staff", "gannet": "staff"}
    people = {handle: make_member(handle, role=role) for handle, role in cast.items()}
    people["admin"] = make_member("admin", role="administrator")
    make_member("owl", role="administrator")  # who agrees to the roles that admin asks for
    for handle in ("heron", "kestrel", "puffin"):
        starts = timezone.now() - timedelta(days=1)
        Duty.objects.create(member=people[handle], kind=DutyKind.SHIFT, standing=True, starts_at=starts)
    numbers = itertools.count(1)

    def make(scene: str) -> Stage:
        robin = make_member(f"robin-{next(numbers)}")
        wren, heron, kestrel, puffin = (people[handle] for handle in ("wren", "heron", "kestrel", "puffin"))
        post, other = (publish_post(robin, body=words, key=uuid4()).post for words in ("Third night.", "Go away."))
        reply = publish_post(wren, body="I am with you.", parent=post, key=uuid4()).post
        about = claim_case(report_post(wren, other, "rule", "abuse", key=uuid4()).case, kestrel)
        warning = decide_case(about, kestrel, "warning", rule="kindness", seen_post_version=other.version)
        case = report_member(wren, robin, "worry", "worried", key=uuid4()).case
        if scene != "open":
            case = claim_case(case, heron)
            send_word(case, heron, "I have read what you wrote.", uuid4())
        if scene in ("escalated", "with staff", "closed"):
            case = escalate_case(Case.objects.get(pk=case.pk), heron, "Please look.")
            run_deadlines()  # puffin is called
        if scene in ("with staff", "closed"):
            case = take_case(Case.objects.get(pk=case.pk), puffin)
        if scene == "closed":
            case = close_case(case, puffin, because="She was quoting a song.")
        return Stage(robin=robin, post=post, reply=reply, care=case, decision=warning, **people)

    return make


def let_others_in(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    result = execute(sql, params, many, context)
    if sql.startswith(LOCKS) or "FOR UPDATE" in sql or "FOR NO KEY" in sql:
        threading.Event().wait(0.001)
    return result


def play(crowd: ThreadPoolExecutor, stage: Stage, acts: Sequence[str]) -> list[tuple[str, BaseException]]:
    """All at once, twice each; what anybody met but a refusal."""
    gate = threading.Barrier(len(acts))

    def one(name: str) -> list[tuple[str, BaseException]]:
        met: list[tuple[str, BaseException]] = []
        for _time in range(2):
            gate.wait(30)
            try:
                with connection.execute_wrapper(let_others_in):
                    ACTS[name](stage)
            except Refusal:
                pass
            except Exception as error:
                met.append((name, error))
        return met

    return list(itertools.chain.from_iterable(crowd.map(one, acts)))


def deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def assert_the_log_is_whole() -> None:
    for name, last in Stream.objects.values_list("name", "last_seq"):
        seqs = list(Event.objects.filter(stream=name).order_by("pk").values_list("seq", flat=True))
        assert seqs == list(range(1, last + 1)), name


def test_every_pair_of_acts_meets_in_some_block():
    met = {frozenset(pair) for block in blocks() for pair in itertools.combinations(block, 2)}
    assert met == {frozenset(pair) for pair in itertools.combinations_with_replacement(ACTS, 2)}


def test_every_act_does_something_and_takes_its_locks_in_the_one_order(set_stage):
    """Else two of them would meet in nothing, or wait for each other."""
    idle, out_of_order = set(ACTS), []
    for act in ACTS:
        scene = SCENE_OF.get(act, "held")
        done, said = did(act, set_stage(scene))
        idle -= {act} if done else set()
        out_of_order += [(act, scene, locks) for locks in locks_of_each_transaction(said) if not in_order(locks)]
    assert idle == WAIT_FOR_ANOTHER
    assert not out_of_order, out_of_order[:10]


def did(act: str, stage: Stage) -> tuple[bool, list[str]]:
    """Whether it was not refused and wrote something, and what it said to the database."""
    with CaptureQueriesContext(connection) as queries, contextlib.suppress(Refusal):
        ACTS[act](stage)
        return any(query["sql"].startswith(LOCKS) for query in queries), [query["sql"] for query in queries]
    return False, [query["sql"] for query in queries]


def locks_of_each_transaction(said: Sequence[str]) -> Iterator[list[str]]:
    locks: list[str] = []
    for sql in said:
        if sql in ("BEGIN", "COMMIT", "ROLLBACK"):
            yield locks
            locks = []
        locks += [name for name, found in LOCK_ORDER.items() if found.search(sql)]


def in_order(locks: Sequence[str]) -> bool:
    """Each kind after those before it; one that is held already may be asked for again."""
    first = list(dict.fromkeys(locks))
    return first == sorted(first, key=list(LOCK_ORDER).index)


def _locking(table: str) -> re.Pattern[str]:
    return re.compile(f'^SELECT .* FROM "{table}" .*FOR NO KEY UPDATE|^UPDATE "{table}" ', re.DOTALL)


LOCK_ORDER = {
    "posts": _locking("forum_post"),
    "members": _locking("forum_member"),
    "cases": _locking("moderation_case"),
    "audit head": _locking("moderation_audithead"),
    "streams": re.compile("^INSERT INTO realtime_stream"),
}
SCENE_OF = {
    "claim_and_release": "open",
    "say_up": "escalated",
    "take": "escalated",
    "stay": "escalated",
    "give_back": "with staff",
    "write_record": "with staff",
    "close": "with staff",
    "rename_for_safety": "with staff",
    "hold": "with staff",
    "reopen": "closed",
}
WAIT_FOR_ANOTHER = {"ban", "hear_appeal", "agree_to_hold", "say_up"}
"""They find something to do only after another act."""


@pytest.mark.parametrize("part", range(PARTS))
def test_eight_at_once_never_wait_for_one_another_for_ever(part, crowd, set_stage):
    before, met = deadlocks(), []
    for block in blocks()[part::PARTS]:
        for scene in {SCENE_OF.get(act, "held") for act in block}:
            met += [(scene, block, *each) for each in play(crowd, set_stage(scene), block)]
            reset_queries()
    assert not met, met[:10]
    assert deadlocks() == before
    assert audit.verify() is None
    assert_the_log_is_whole()

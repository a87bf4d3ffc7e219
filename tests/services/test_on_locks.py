"""What waits for what on PostgreSQL, and what the database itself refuses."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, connections, transaction

from forum.actions.handles import change_handle
from forum.actions.notices import give_notice
from forum.actions.posts import publish_post
from forum.limits import locked_member
from forum.models import Member, Post
from moderation.actions.moving import locked
from moderation.actions.reports import report_member
from moderation.models import Case, CaseEvent, Looking
from realtime import log, triggers
from realtime.log import NewEvent

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def at_the_same_time(hold: Callable[[], Any], act: Callable[[], Any]) -> Any:
    """`act()` in another connection while this one holds what `hold()` locked; it may wait for two seconds."""

    def run() -> Any:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '2s'")
                return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        hold()
        return pool.submit(run).result(30)


def test_while_a_members_row_is_locked_others_write_what_is_theirs_to_read(member):
    told = at_the_same_time(lambda: locked_member(member), lambda: give_notice(member.pk, "word", 1))
    assert [event.stream for event in told] == [f"member:{member.pk}"]


def test_while_a_members_row_is_locked_nobody_else_locks_it(member):
    with pytest.raises(Exception, match="lock timeout"):
        at_the_same_time(lambda: locked_member(member), lambda: locked_member(member))


def while_it_is_about_to_tell(act: Callable[[], Any], meanwhile: Callable[[], Any]) -> None:
    """`meanwhile()` runs to just before its commit while `act()` has all its locks but the streams; then both go on."""
    ready, told = threading.Event(), threading.Event()

    def pause(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("INSERT INTO realtime_stream") and not ready.is_set():
            ready.set()
            assert told.wait(30)
        return execute(sql, params, many, context)

    def first() -> None:
        try:
            with connection.execute_wrapper(pause):
                act()
        finally:
            connections.close_all()

    def second() -> None:
        try:
            assert ready.wait(30)
            with transaction.atomic():
                meanwhile()
                told.set()
        finally:
            told.set()
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        for each in [pool.submit(first), pool.submit(second)]:
            each.result(60)


def tell_of_support(member: Member) -> None:
    """As a support does: a notice names its author, and the wall hears of it."""
    log.append(*give_notice(member.pk, "reply", 1), NewEvent("wall", "support.changed", 1))


def test_robin_posts_while_somebody_supports_robin(member):
    while_it_is_about_to_tell(
        lambda: publish_post(member, body="Third night.", key=uuid4()), lambda: tell_of_support(member)
    )
    assert Post.objects.filter(author=member).count() == 1


def test_robin_takes_another_handle_while_somebody_supports_robin(member):
    publish_post(member, body="Third night.", key=uuid4())
    while_it_is_about_to_tell(lambda: change_handle(member, "whimbrel"), lambda: tell_of_support(member))
    assert Member.objects.get(pk=member.pk).handle == "whimbrel"


@pytest.fixture
def case(make_member: Any) -> Case:
    return report_member(make_member("wren"), make_member("robin"), "worry", "worried", key=uuid4()).case


def test_while_a_case_is_locked_others_write_what_hangs_on_it(case, moderator):
    seen = at_the_same_time(lambda: locked(case), lambda: Looking.objects.create(case=case, member=moderator))
    assert seen.case_id == case.pk


def test_while_a_case_is_locked_nobody_else_locks_it(case):
    with pytest.raises(Exception, match="lock timeout"):
        at_the_same_time(lambda: locked(case), lambda: locked(case))


def append_only() -> list[str]:
    """The tables that nobody may empty."""
    return sorted({each.table for each in triggers.statements(connection) if "BEFORE TRUNCATE" in each.sql})


def test_no_table_that_is_only_ever_added_to_can_be_emptied(transactional_db):
    tables = append_only()
    assert "moderation_caseevent" in tables and len(tables) >= 3
    for table in tables:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("change", ["UPDATE moderation_caseevent SET action = 'x'", "DELETE FROM moderation_caseevent"])
def test_the_audit_chain_refuses_to_be_changed_or_cut(case, change):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert CaseEvent.objects.filter(case=case).count() == 1


def test_the_audit_chain_refuses_several_connections_at_once(case):
    """Several connections try; none gets through between the others."""
    gate = threading.Barrier(4)

    def attempt(_number: int) -> str:
        try:
            gate.wait()
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM moderation_caseevent")
        except IntegrityError as refused:
            return str(refused)
        finally:
            connections.close_all()
        return "deleted"

    with ThreadPoolExecutor(4) as pool:
        assert all("never changed or cut" in said for said in pool.map(attempt, range(4)))

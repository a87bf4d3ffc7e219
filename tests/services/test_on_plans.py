"""On PostgreSQL a question is planned once for each connection, without anybody's values in it."""

from datetime import UTC, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from forum import planned
from forum.actions.posts import publish_post
from forum.models import Post, Status
from forum.prepared import Prepared

pytestmark = pytest.mark.django_db(transaction=True)
LIKE = "100 %s of it"


def _question(_shape: None, author_id: int, among: list[int], now: Any) -> QuerySet[Any, Any]:
    posts = Post.objects.filter(author=author_id, pk__in=among, created_at__gt=now - timedelta(hours=1))
    return posts.filter(status=Status.VISIBLE).exclude(body=LIKE).order_by("pk").values_list("pk", "created_at")


def plans() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return [statement for (statement,) in cursor.fetchall() if LIKE in statement]


@pytest.fixture
def post_by() -> Any:
    return lambda author: publish_post(author, body="Third night of not sleeping.", key=uuid4()).post


@pytest.fixture
def question() -> Prepared:
    connection.close()  # a connection that has planned nothing yet
    return Prepared(_question)


def test_once_for_everybody_and_with_the_answers_of_the_orm(question, member, other_member, post_by):
    posts, now = [post_by(author) for author in (member, other_member, member)], timezone.now()
    ids = [post.pk for post in posts]
    for author in (member, other_member, member):
        found = question.ask(None, author.pk, ids, now)
        assert found == list(_question(None, author.pk, ids, now)) and found
        assert all(at.utcoffset() == timedelta() and at.astimezone(UTC) == at for _pk, at in found)
    (statement,) = plans()
    assert f"'{Status.VISIBLE}'" in statement and f"'{LIKE}'" in statement and "$1::bigint" in statement
    assert not any(str(pk) in statement.replace("$", "") for pk in (now.year, now.isoformat()))


def test_what_a_transaction_takes_back_stays_planned(question, member, post_by):
    post, now = post_by(member), timezone.now()
    with transaction.atomic():
        assert question.ask(None, member.pk, [post.pk], now)
        transaction.set_rollback(True)
    assert question.ask(None, member.pk, [post.pk], now) and len(plans()) == 1


def test_a_connection_that_keeps_too_many_begins_again(question, member, post_by, monkeypatch):
    monkeypatch.setattr(planned, "MOST", 2)
    posts = [post_by(member).pk for _each in range(3)]
    for number in (1, 2, 3, 1):
        assert [pk for pk, _at in question.ask(None, member.pk, posts[:number], timezone.now())] == posts[:number]
        assert len(plans()) <= 2


def test_a_new_connection_plans_for_itself(question, member, post_by):
    post = post_by(member)
    for _connection in range(2):
        assert question.ask(None, member.pk, [post.pk], timezone.now())
        connection.close()

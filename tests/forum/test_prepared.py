"""A question that is put into SQL once gives everybody their own answer."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from forum import access
from forum.models import Member, Post, Status
from forum.prepared import Prepared, in_steps

pytestmark = pytest.mark.django_db


def _written_since(_shape: None, author_id: int, among: list[int], now: Any) -> QuerySet[Any, Any]:
    since = now - timedelta(hours=1)
    posts = Post.objects.filter(author=author_id, pk__in=among, created_at__gt=since).order_by("pk")
    return posts.values_list("pk", "created_at", "from_team", "key")


def test_the_same_rows_as_the_question_itself_for_each_who_asks(member, other_member, post_by):
    posts = [post_by(author) for author in (member, other_member, member)]
    Post.objects.filter(pk=posts[2].pk).update(created_at=timezone.now() - timedelta(hours=2))
    question, ids, now = Prepared(_written_since), [post.pk for post in posts], timezone.now()
    for author in (member, other_member, member):
        found = question.ask(None, author.pk, ids, now)
        assert found == list(_written_since(None, author.pk, ids, now)) and len(found) == 1
    assert question.ask(None, member.pk, ids, now + timedelta(hours=1)) == []
    assert len(question.ask(None, member.pk, ids, now - timedelta(hours=2))) == 2


def test_it_is_put_into_sql_once(member, post_by):
    asked: list[int] = []

    def question(_shape: None, author_id: int) -> QuerySet[Any, Any]:
        asked.append(author_id)
        return Post.objects.filter(author=author_id).values_list("pk")

    post, prepared = post_by(member), Prepared(question)
    assert [prepared.ask(None, member.pk) for _time in range(3)] == [[(post.pk,)]] * 3
    assert len(asked) == 1 and member.pk not in asked  # no value of anybody's went into what is kept


def test_a_list_of_another_length_is_another_question(member, post_by):
    posts = [post_by(member) for _ in range(3)]
    prepared = Prepared(lambda _shape, among: Post.objects.filter(pk__in=among).order_by("pk").values_list("pk"))
    for number in (3, 1, 0, 2):
        assert prepared.ask(None, [post.pk for post in posts[:number]]) == [(post.pk,) for post in posts[:number]]


def test_a_question_that_asks_for_the_time_itself_is_asked_anew_each_time(member, post_by, monkeypatch):
    post_by(member)
    prepared = Prepared(lambda _shape, _id: Post.objects.filter(placed_at__lt=timezone.now()).values_list("pk"))
    assert len(prepared.ask(None, member.pk)) == 1
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now - timedelta(days=1))
    assert prepared.ask(None, member.pk) == []


def test_nor_is_one_that_asks_for_the_day_kept(member, post_by, monkeypatch):
    post_by(member)
    Member.objects.update(up_on=timezone.localdate())
    prepared = Prepared(lambda _shape, _id: Member.objects.filter(up_on=timezone.localdate()).values_list("pk"))
    assert len(prepared.ask(None, member.pk)) > 0
    today = timezone.localdate()
    monkeypatch.setattr(timezone, "localdate", lambda: today - timedelta(days=1))
    assert prepared.ask(None, member.pk) == []


def test_nor_one_that_reads_something_before_it_can_be_put(member, other_member, post_by):
    posts = [post_by(member), post_by(other_member)]

    def question(_shape: None, _id: int) -> QuerySet[Any, Any]:
        known = list(Member.objects.filter(is_active=True).values_list("pk", flat=True))
        return Post.objects.filter(author__in=known).order_by("pk").values_list("pk")

    prepared = Prepared(question)
    assert prepared.ask(None, member.pk) == [(post.pk,) for post in posts]
    Member.objects.filter(pk=other_member.pk).update(is_active=False)
    assert prepared.ask(None, member.pk) == [(posts[0].pk,)]


def test_words_are_handed_over_and_never_kept(member, post_by):
    post = post_by(member, body="Counting breaths helps me.")
    prepared = Prepared(lambda _shape, words: Post.objects.filter(body=words).values_list("pk"))
    assert prepared.ask(None, "something else %s ' --") == []
    assert prepared.ask(None, post.body) == [(post.pk,)]


def test_lists_come_in_few_lengths_and_mean_the_same(member, post_by):
    posts = [post_by(member).pk for _ in range(5)]
    made: list[int] = []

    def question(_shape: None, among: list[int]) -> QuerySet[Any, Any]:
        made.append(len(among))
        return Post.objects.filter(pk__in=among).order_by("pk").values_list("pk", flat=False)

    prepared = Prepared(question)
    for number in range(6):
        assert prepared.ask(None, in_steps(posts[:number])) == [(pk,) for pk in posts[:number]]
    assert made[-5:] == [0, 1, 2, 4, 8]  # one of none is never kept: nothing is asked then


@pytest.mark.parametrize("status", Status.values)
def test_the_rule_gives_each_viewer_the_rows_it_always_gave(
    status, member, other_member, moderator, make_member, post_by
):
    apart = make_member("finch")
    member.blocks_made.create(blocked=apart)
    post = post_by(member)
    Post.objects.filter(pk=post.pk).update(status=status, standing_replies=1)
    seen = Prepared(
        lambda shape, viewer_id, others: Post.objects.filter(
            access.visible_to(access.Seen.viewer(shape, viewer_id, others))
        ).values_list("pk")
    )
    for person in (member, other_member, apart, moderator, make_member("siskin", standing="banned"), other_member):
        viewer = access.facts_of(Member.objects.get(pk=person.pk))
        sight = access.Seen.of(viewer)
        assert seen.ask(sight.shape, *sight.values) == list(
            Post.objects.filter(access.visible_to(viewer)).values_list("pk")
        )

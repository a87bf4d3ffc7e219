"""A drawn article is kept for everybody who may read it, and never outlives the words, the name or the rule behind it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import caches
from django.utils import timezone, translation

from forum import access, fragments, live, threads
from forum.actions.handles import change_handle
from forum.actions.posts import change_content_note, change_status, edit_post, withdraw_post
from forum.actions.support import set_support
from forum.models import Member, Post, Status

pytestmark = pytest.mark.django_db

WORDS = "Third night awake."


@pytest.fixture
def article() -> Callable[..., str]:
    """`article(viewer, post)`: what stands for a post on the viewer's wall, "" where nothing does."""

    def read(viewer: Any, post: Post) -> str:
        page = threads.read_wall(access.facts_of(Member.objects.get(pk=viewer.pk)))
        return next((str(thread.article) for thread in page.threads if thread.post.pk == post.pk), "")

    return read


@pytest.fixture
def warm(member: Any, other_member: Any, post_by: Any, article: Any) -> Post:
    """A post that has been drawn: its article lies in the cache."""
    post: Post = post_by(member, WORDS)
    assert WORDS in article(other_member, post)
    return post


@pytest.fixture
def drawings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The posts that were drawn since, and not found drawn."""
    drawn: list[int] = []
    draw = live._draw_post

    def noted(post: Any, *more: Any) -> Any:
        drawn.append(post.pk)
        return draw(post, *more)

    monkeypatch.setattr(live, "_draw_post", noted)
    return drawn


def test_an_article_is_drawn_once_for_all_its_readers(warm, member, other_member, moderator, article, drawings):
    for reader in (member, other_member, moderator):
        assert WORDS in article(reader, warm)
    assert drawings == []


def test_another_process_finds_it_in_the_shared_cache(warm, other_member, article, drawings):
    fragments.forget()
    assert WORDS in article(other_member, warm)
    assert drawings == []


def test_a_cache_that_is_away_costs_no_page(warm, other_member, article, drawings, monkeypatch):
    def away(*_args: Any) -> Any:
        raise ConnectionError

    fragments.forget()
    monkeypatch.setattr(caches[fragments.CACHE], "get_many", away)
    monkeypatch.setattr(caches[fragments.CACHE], "set_many", away)
    assert WORDS in article(other_member, warm)
    assert drawings == [warm.pk]


def _edit(post: Post, by: Member) -> None:
    edit_post(by, post, body="Better now.", content_note="", seen_version=post.version)


@pytest.mark.parametrize(
    "act",
    [
        _edit,
        lambda post, by: withdraw_post(by, post),
        lambda post, by: change_status(post, Status.REMOVED, by),
        lambda post, by: change_status(post, Status.HELD, by),
        lambda post, by: Post.objects.filter(pk=post.pk).update(status=Status.ERASED, body=""),  # by whatever way
        lambda post, by: Post.objects.filter(pk=post.pk).update(body="Better now."),
    ],
    ids=["edited", "withdrawn", "removed", "held", "erased in the table", "changed in the table"],
)
def test_words_that_no_longer_stand_are_gone_from_a_warm_cache_at_once(act, warm, member, other_member, article):
    act(warm, member)
    assert WORDS not in article(other_member, warm)


def test_words_are_gone_under_a_stone_too(warm, member, other_member, post_by, article):
    post_by(other_member, "With you.", parent=warm)
    assert WORDS in article(other_member, warm)
    change_status(Post.objects.get(pk=warm.pk), Status.REMOVED, member)
    stone = article(other_member, warm)
    assert "A post was here." in stone and WORDS not in stone and member.handle not in stone


def test_a_fold_and_a_content_note_show_at_once(warm, member, other_member, article):
    change_content_note(warm, "sleep")
    assert "Content note:" in article(other_member, warm)
    change_status(warm, Status.FOLDED)
    assert '<details class="note folded">' in article(other_member, warm)


def test_what_is_kept_is_shown_to_nobody_who_may_not_see_it(
    warm, member, other_member, make_member, moderator, article
):
    apart, away = make_member("finch"), make_member("siskin", standing="suspended")
    member.blocks_made.create(blocked=apart)
    assert article(apart, warm) == "" and article(away, warm) == ""
    assert WORDS in article(other_member, warm)
    change_status(warm, Status.HELD)
    assert WORDS in article(member, warm) and WORDS in article(moderator, warm)  # it is drawn, and lies in the cache
    assert article(other_member, warm) == ""


def test_each_reads_it_in_their_own_language(warm, other_member, article):
    with translation.override("cy"):
        assert "Ateb" in article(other_member, warm)
    with translation.override("en-gb"):
        assert "Reply" in article(other_member, warm)


def test_a_name_and_a_picture_that_changed_show_at_once(warm, member, other_member, article):
    before = article(other_member, warm)
    Member.objects.filter(pk=member.pk).update(avatar_style=3)
    assert article(other_member, warm) != before
    change_handle(Member.objects.get(pk=member.pk), "redbreast")
    after = article(other_member, warm)
    assert "redbreast" in after and ">robin<" not in after


def test_support_is_counted_at_once(warm, other_member, moderator, article):
    set_support(other_member, warm, "with_you", on=True)
    assert '<span class="count">1</span>' in article(moderator, warm)
    set_support(other_member, warm, "with_you", on=False)
    assert '<span class="count">1</span>' not in article(moderator, warm)


def test_what_is_mine_stays_out_of_what_is_kept(warm, member, other_member, moderator, article):
    set_support(other_member, warm, "with_you", on=True)
    assert 'aria-pressed="true"' in article(other_member, warm)
    assert 'aria-pressed="true"' not in article(moderator, warm)
    assert 'class="mine ' in article(member, warm) and 'class="mine ' not in article(moderator, warm)


def test_the_offer_to_change_words_ends_with_its_quarter_of_an_hour(warm, member, article):
    assert f"/posts/{warm.pk}/edit/" in article(member, warm)
    Post.objects.filter(pk=warm.pk).update(created_at=timezone.now() - access.EDIT_WINDOW)
    assert f"/posts/{warm.pk}/edit/" not in article(member, warm)


def test_the_socket_pushes_the_bytes_that_the_page_shows(warm, moderator, other_member, post_by, drawings):
    post_by(other_member, "Here with you.", parent=warm)
    rows = [("post", warm.pk), ("reply", Post.objects.get(parent=warm).pk)]
    pushed = live.draw_wall(rows, "en-gb")
    (thread,) = threads.read_wall(access.facts_of(moderator)).threads
    assert thread.article == pushed[rows[0]].frames["words"]["html"]
    assert thread.replies[0][1] == pushed[rows[1]].frames["words"]["html"]
    assert sorted(drawings) == [rows[1][1]]  # the page found them drawn, and the post was before

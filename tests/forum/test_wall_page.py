"""Reading the wall: newest first, older posts without JavaScript, three newest replies, the same cost for many as for few."""

from datetime import timedelta

import pytest
from django.urls import Resolver404, resolve
from django.utils import timezone

from forum import access, threads
from forum.avatars import avatar_token
from forum.models import Post, Status

pytestmark = pytest.mark.django_db


def test_a_stranger_is_welcomed_and_reads_no_words(client, member, post_by):
    post_by(member, "Third night awake.")
    answer = client.get("/")
    assert answer.status_code == 200
    assert "Third night awake." not in answer.text and "robin" not in answer.text


def test_newest_first_and_the_rest_is_one_link_away(as_, member, other_member, post_by):
    posts = [post_by(member, f"Number {n}.") for n in range(45)]
    seen: list[int] = []
    url = "/"
    for _page in range(3):
        answer = as_(other_member).get(url)
        seen += [thread.post.pk for thread in answer.context["threads"]]
        url = f"/?{answer.context['older']}"
    assert seen == [post.pk for post in reversed(posts)]
    assert answer.context["older"] == ""


def test_a_post_that_arrives_between_two_pages_shifts_nothing(as_, member, post_by):
    posts = [post_by(member, f"Number {n}.") for n in range(25)]
    older = as_(member).get("/").context["older"]
    post_by(member, "Meanwhile.")
    assert [thread.post.pk for thread in as_(member).get(f"/?{older}").context["threads"]] == [
        post.pk for post in reversed(posts[: 25 - threads.PAGE])
    ]


def test_posts_of_the_same_moment_are_all_reached(as_, member, post_by):
    posts = [post_by(member, f"Number {n}.") for n in range(30)]
    Post.objects.update(placed_at=timezone.now())
    older = as_(member).get("/").context["older"]
    rest = as_(member).get(f"/?{older}").context["threads"]
    assert [thread.post.pk for thread in rest] == [post.pk for post in reversed(posts[: 30 - threads.PAGE])]


@pytest.mark.parametrize(
    "before", ["x", "1", "-", "99999999999999999999-1", "1-" + "9" * 30, "%00", "1700000000000000-7'--"]
)
def test_a_strange_place_is_the_top(as_, member, post_by, before):
    post_by(member, "Here.")
    assert as_(member).get("/", {"before": before}).status_code == 200


def test_the_wall_shows_the_three_newest_replies_and_the_page_all(as_, member, other_member, post_by):
    post = post_by(member)
    replies = [post_by(other_member, f"Reply {n}.", parent=post) for n in range(5)]
    (thread,) = as_(member).get("/").context["threads"]
    assert [reply.pk for reply, _html in thread.replies] == [reply.pk for reply in replies[2:]]
    assert thread.older_replies
    page = as_(member).get(f"/posts/{post.pk}/")
    assert [reply.pk for reply, _html in page.context["thread"].replies] == [reply.pk for reply in replies]


def test_the_address_of_a_reply_leads_to_its_place(as_, member, post_by):
    post = post_by(member)
    reply = post_by(member, "A thought.", parent=post)
    assert as_(member).get(f"/posts/{reply.pk}/")["Location"] == f"/posts/{post.pk}/?reply={reply.pk}#post-{reply.pk}"


def test_the_page_knows_where_it_stands_in_the_log(as_, member, post_by):
    post_by(member)
    stream = as_(member).get("/").context["stream"]
    assert stream["after"] == f"wall:1,member:{member.pk}:0"


def test_the_wall_costs_the_same_for_one_post_as_for_many(
    as_, member, other_member, post_by, django_assert_max_num_queries
):
    client = as_(other_member)
    first = post_by(member)
    post_by(member, "Reply.", parent=first)
    client.get("/")  # once before: makes what is made on the first page ever
    with django_assert_max_num_queries(40) as few:
        client.get("/")
    for n in range(20):
        post = post_by(member, f"Number {n}.")
        for m in range(4):
            post_by(member, f"Reply {m}.", parent=post)
    with django_assert_max_num_queries(40) as many:
        client.get("/")
    assert len(many) == len(few)


def test_folded_words_are_one_press_away(as_, member, other_member, post_by):
    post = post_by(member, "Folded words.")
    Post.objects.filter(pk=post.pk).update(status=Status.FOLDED)
    page = as_(other_member).get("/").text
    assert '<details class="note folded">' in page and "Folded words." in page


def test_what_is_held_is_its_authors_and_the_teams(as_, member, other_member, moderator, post_by):
    post = post_by(member, "Held words.")
    Post.objects.filter(pk=post.pk).update(status=Status.HELD)
    assert "a moderator looks first" in as_(member).get("/").text
    assert "Held words." in as_(moderator).get("/").text
    assert "Held words." not in as_(other_member).get("/").text


def test_removed_words_are_in_no_page_even_under_a_stone(as_, member, other_member, moderator, post_by):
    post = post_by(member, "Removed words.")
    post_by(other_member, "With you.", parent=post)
    Post.objects.filter(pk=post.pk).update(status=Status.REMOVED)
    for person in (member, other_member, moderator):
        for url in ("/", f"/posts/{post.pk}/", f"/members/{member.handle}/"):
            assert "Removed words." not in as_(person).get(url).text
    assert "A post was here." in as_(other_member).get("/").text


def test_a_stone_names_nobody_where_others_find_it(as_, member, other_member, moderator, post_by):
    post = post_by(member)
    others = [post_by(other_member, "With you.", parent=post) for _ in range(5)]
    for status in (Status.REMOVED, Status.WITHDRAWN):
        Post.objects.filter(pk=post.pk).update(status=status)
        for url in ("/", f"/posts/{post.pk}/"):
            page = as_(moderator).get(url).text
            assert f'id="post-{post.pk}" class="stone"' in page and f'id="post-{others[-1].pk}"' in page
            assert member.handle not in page and f'data-author="{member.pk}"' not in page
        assert f"post-{post.pk}" not in as_(moderator).get(f"/members/{member.handle}/").text


def test_a_members_page_shows_what_this_viewer_may_see(as_, member, other_member, post_by):
    post_by(member, "Mine to show.")
    assert "Mine to show." in as_(other_member).get("/members/robin/").text
    member.blocks_made.create(blocked=other_member)
    assert as_(other_member).get("/members/robin/").status_code == 404
    assert as_(other_member).get("/members/nobody/").status_code == 404


@pytest.mark.parametrize("url", ["/members/a\0b/", "/members/a\0b/report/", "/members/\n/"])
def test_an_address_no_database_can_be_asked_for_is_nobodys(url):
    assert resolve("/members/Ka'ala.o-1/").url_name == "member_page"
    with pytest.raises(Resolver404):
        resolve(url)


def test_words_that_look_like_our_own_markup_change_nothing(member, other_member, post_by):
    post = post_by(member, 'aria-pressed="false" value="with_you on" <article id="post-1" class="')
    other_member.supports.create(post=post, kind="with_you")
    page = threads.read_wall(access.facts_of(other_member))
    article = page.threads[0].article
    assert article.count('aria-pressed="true"') == 1
    assert "aria-pressed=&quot;false&quot; value=&quot;with_you on&quot;" in article


def test_the_avatar_is_the_same_each_time_and_names_nobody(client, member):
    token = avatar_token(member.pk)
    answer = client.get(f"/avatars/{token}.svg")
    assert answer["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert "robin" not in answer.text and "<script" not in answer.text and "style" not in answer.text
    assert client.get(f"/avatars/{token}.svg").text == answer.text
    assert client.get("/avatars/zz.svg").status_code == 404


def test_old_posts_keep_their_month(as_, member, post_by):
    post = post_by(member)
    Post.objects.filter(pk=post.pk).update(placed_at=timezone.now() - timedelta(days=40))
    assert "data-moment" in as_(member).get("/").text

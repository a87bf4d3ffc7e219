"""The visibility rule, tested as a rule: the table, its reading in memory and its reading by the database agree."""

from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum import access, live
from forum.access import Eye, PostFacts, Sight, ViewerFacts
from forum.models import Block, Member, Mute, MutedWord, Post, Role, Standing, Status
from forum.muting import Muting, fold
from forum.threads import read_wall

AUTHOR, OTHER, VIEWER = 1, 2, 3


def post_by(author: int, status: Status, **more) -> PostFacts:
    return PostFacts(id=10, author_id=author, status=status, **more)


def test_every_status_says_what_everyone_sees():
    assert set(access.SIGHTS) == set(Status)
    for sights in access.SIGHTS.values():
        assert set(sights) == {Eye.AUTHOR, Eye.MEMBER, Eye.TEAM}


@pytest.mark.parametrize(
    ("status", "author", "member", "moderator"),
    [
        (Status.HELD, Sight.WORDS, Sight.NOTHING, Sight.WORDS),
        (Status.VISIBLE, Sight.WORDS, Sight.WORDS, Sight.WORDS),
        (Status.FOLDED, Sight.WORDS, Sight.NOTICE, Sight.WORDS),
        (Status.REMOVED, Sight.STONE, Sight.STONE, Sight.STONE),
        (Status.WITHDRAWN, Sight.STONE, Sight.STONE, Sight.STONE),
        (Status.ERASED, Sight.STONE, Sight.STONE, Sight.STONE),
    ],
)
def test_the_table_is_the_one_in_the_design(status, author, member, moderator):
    post = post_by(AUTHOR, status, has_replies=True)
    assert access.sight_of(ViewerFacts(AUTHOR), post) is author
    assert access.sight_of(ViewerFacts(VIEWER), post) is member
    assert access.sight_of(ViewerFacts(VIEWER, role=Role.MODERATOR), post) is moderator
    assert access.sight_of(ViewerFacts(VIEWER, role=Role.STAFF), post) is moderator


@pytest.mark.parametrize("status", Status)
def test_a_stranger_sees_nothing(status):
    assert access.sight_of(access.OUTSIDER, post_by(AUTHOR, status, has_replies=True)) is Sight.NOTHING


@pytest.mark.parametrize("standing", [Standing.SUSPENDED, Standing.BANNED, Standing.ON_BREAK, Standing.DEACTIVATED])
def test_a_closed_wall_is_closed_to_its_author_too(standing):
    post = post_by(AUTHOR, Status.VISIBLE)
    assert access.may_see(ViewerFacts(AUTHOR), post)
    assert not access.may_see(ViewerFacts(AUTHOR, standing=standing), post)


@pytest.mark.parametrize("role", Role)
def test_a_block_hides_the_post_and_its_replies_from_every_role(role):
    post = post_by(AUTHOR, Status.VISIBLE)
    reply = post_by(OTHER, Status.VISIBLE, parent_author_id=AUTHOR, parent_status=Status.VISIBLE)
    assert access.may_see(ViewerFacts(VIEWER, role=role), post)
    apart = ViewerFacts(VIEWER, role=role, blocks=frozenset({AUTHOR}))
    assert not access.may_see(apart, post)
    assert not access.may_see(apart, reply)


def test_a_stone_goes_with_its_last_reply():
    assert access.sight_of(ViewerFacts(VIEWER), post_by(AUTHOR, Status.REMOVED, has_replies=True)) is Sight.STONE
    assert access.sight_of(ViewerFacts(VIEWER), post_by(AUTHOR, Status.REMOVED)) is Sight.NOTHING


def test_replies_to_held_words_are_hidden_with_them():
    reply = post_by(OTHER, Status.VISIBLE, parent_author_id=AUTHOR, parent_status=Status.HELD)
    assert access.may_see(ViewerFacts(VIEWER, role=Role.MODERATOR), reply)
    assert not access.may_see(ViewerFacts(VIEWER), reply)


def test_nobody_replies_to_a_reply_or_supports_themselves():
    post = post_by(AUTHOR, Status.VISIBLE)
    reply = post_by(AUTHOR, Status.VISIBLE, parent_author_id=OTHER, parent_status=Status.VISIBLE)
    assert access.may_reply(ViewerFacts(VIEWER), post)
    assert not access.may_reply(ViewerFacts(VIEWER), reply)
    assert access.may_support(ViewerFacts(VIEWER), post)
    assert not access.may_support(ViewerFacts(AUTHOR), post)


def test_who_is_paused_supports_but_does_not_write():
    paused = ViewerFacts(VIEWER, standing=Standing.PAUSED)
    post = post_by(AUTHOR, Status.VISIBLE)
    assert access.may_support(paused, post)
    assert not access.may_post(paused)
    assert not access.may_reply(paused, post)


@pytest.mark.django_db
def test_facts_hold_blocks_of_both_directions_and_mutes_of_one(member, other_member, moderator, staff):
    member.blocks_made.create(blocked=other_member)
    staff.blocks_made.create(blocked=member)
    member.mutes_made.create(muted=moderator)
    facts = access.facts_of(member)
    assert facts.blocks == {other_member.pk, staff.pk}
    assert facts.mutes == {moderator.pk}
    assert access.facts_of(moderator).mutes == frozenset()


people = st.integers(0, 3)
status_of = st.sampled_from(Status)
MUTED = ["exams", "night out"]
viewers = st.fixed_dictionaries(
    {
        "who": people,
        "role": st.sampled_from(Role),
        "standing": st.sampled_from([*access.WALL_OPEN, Standing.SUSPENDED, Standing.ON_BREAK]),
        "blocked": st.frozensets(people, max_size=2),
        "blocked_by": st.frozensets(people, max_size=2),
        "muted": st.frozensets(people, max_size=2),
        "words": st.dictionaries(st.sampled_from(MUTED), st.sampled_from([Muting.FOLD, Muting.HIDE])),
    }
)
bodies = st.sampled_from(["Words.", "Of EXAMS, again.", "A night, out there."])
posts = st.tuples(people, status_of, bodies)
threads = st.lists(st.tuples(people, status_of, bodies, st.lists(posts, max_size=2)), min_size=1, max_size=3)


@pytest.mark.django_db
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(viewer=viewers, wall=threads)
def test_the_database_the_memory_the_page_and_the_socket_agree(viewer, wall, four_people):
    me = make_viewer(viewer, four_people)
    make_wall(wall, four_people)
    facts = access.facts_of(me)
    rows = list(Post.objects.select_related("parent", "author"))
    in_database = set(Post.objects.filter(access.visible_to(facts)).values_list("pk", flat=True))
    assert in_database == {post.pk for post in rows if access.may_see(facts, access.facts_of_post(post))}
    on_socket = {post.pk for post in rows if heard(facts, post) in ("words", "muted", "stone")}
    assert on_socket == in_database - {post.pk for post in rows if is_hidden(facts, post)}
    under = {post.pk: post.parent_id or post.pk for post in rows}
    placed = {
        each for each in on_socket if under[each] in on_socket
    }  # a page has no place for a reply without its post
    assert placed == on_pages(facts)
    apart = facts.blocks | facts.mutes
    assert not any(
        {post.author_id, post.parent.author_id if post.parent else 0} & apart for post in rows if post.pk in on_socket
    )


def make_viewer(viewer, four_people) -> Member:
    me, others = four_people[viewer["who"]], [set() for _each in range(3)]
    for kept, asked in zip(others, (viewer["blocked"], viewer["blocked_by"], viewer["muted"]), strict=True):
        kept |= {four_people[index] for index in asked - {viewer["who"]}}
    for earlier in (Block, Mute, MutedWord):
        earlier.objects.all().delete()
    Post.objects.filter(parent__isnull=False).delete()
    Post.objects.all().delete()
    Block.objects.bulk_create([Block(blocker=me, blocked=other) for other in others[0]])
    Block.objects.bulk_create([Block(blocker=other, blocked=me) for other in others[1]])
    Mute.objects.bulk_create([Mute(muter=me, muted=other) for other in others[2]])
    MutedWord.objects.bulk_create(
        [MutedWord(member=me, phrase=each, folded=fold(each), way=way) for each, way in viewer["words"].items()]
    )
    me.role, me.standing = viewer["role"], viewer["standing"]
    return me


def make_wall(wall, four_people) -> None:
    for author, status, body, replies in wall:
        stands = sum(status in access.ON_THE_WALL for _author, status, _body in replies)
        post = make_post(four_people[author], status, standing_replies=stands, body=body)
        for reply_author, reply_status, reply_body in replies:
            make_post(four_people[reply_author], reply_status, parent=post, body=reply_body)


def heard(facts, post) -> str | None:
    return live.wall_sight(facts, live.Facts(live.noun_of(post), access.facts_of_words(post)))


def is_hidden(facts, post) -> bool:
    sight = access.sight_of(facts, access.facts_of_post(post))
    muting = access.muting_of_post(facts, access.facts_of_words(post))
    return sight in (Sight.WORDS, Sight.NOTICE) and muting is Muting.HIDE


def on_pages(facts) -> set[int]:
    threads = read_wall(facts).threads
    return {post.pk for thread in threads for post in (thread.post, *(reply for reply, _article in thread.replies))}


@pytest.fixture
def four_people(db) -> list[Member]:
    return [Member.objects.create_user(f"p{n}@example.org", f"person-{n}x{'abcd'[n]}") for n in range(4)]


def make_post(author: Member, status: str, **fields) -> Post:
    fields = {"body": "Words.", **fields}
    return Post.objects.create(author=author, status=status, key=uuid4(), key_digest="", **fields)

"""Members of the same facts hear the same of what neither of them wrote: so one is asked for all of them."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from forum import access, live
from forum.access import PostFacts, ViewerFacts
from forum.models import Role, Standing, Status
from forum.muting import Muting

people = st.integers(1, 5)
words = st.sampled_from(["", " exams ", " a night out ", " exams and a night out "])
muted = st.lists(st.tuples(st.sampled_from([" exams ", " night out "]), st.sampled_from(Muting)), max_size=2).map(tuple)
viewers = st.builds(
    ViewerFacts,
    id=people,
    role=st.sampled_from(Role),
    standing=st.sampled_from(Standing),
    blocks=st.frozensets(people, max_size=2),
    mutes=st.frozensets(people, max_size=2),
    muted_words=muted,
)
posts = st.builds(
    PostFacts,
    id=st.just(9),
    author_id=people,
    status=st.sampled_from(Status),
    has_replies=st.booleans(),
    words=words,
    parent_words=words,
)


@st.composite
def posts_and_replies(draw: st.DrawFn) -> PostFacts:
    post = draw(posts)
    if draw(st.booleans()):
        return replace(post, parent_words="")
    return replace(post, parent_author_id=draw(people), parent_status=draw(st.sampled_from(Status)))


nouns = st.sampled_from(["post", "reply", "support"])


@given(viewer=viewers, post=posts_and_replies(), noun=nouns)
def test_whoever_wrote_none_of_it_hears_what_anyone_like_them_hears(viewer: ViewerFacts, post: PostFacts, noun: str):
    facts = live.Facts(noun, post)
    apart_from_themselves = replace(viewer, blocks=viewer.blocks - {viewer.id}, mutes=viewer.mutes - {viewer.id})
    if viewer.id not in live.named_by(facts):
        assert live.wall_sight(apart_from_themselves, facts) == live.wall_sight(access.anyone_like(viewer), facts)


@given(viewer=viewers)
def test_what_is_about_the_whole_wall_names_nobody(viewer: ViewerFacts):
    assert live.named_by(None) == frozenset()
    assert live.wall_sight(viewer, None) == live.wall_sight(access.anyone_like(viewer), None)


def test_two_members_are_alike_by_their_facts_and_not_by_their_names_or_what_waits_for_them():
    one, other = ViewerFacts(1, unread=frozenset({"word"})), ViewerFacts(2)
    assert access.anyone_like(one) == access.anyone_like(other)
    for different in (
        ViewerFacts(2, role=Role.MODERATOR),
        ViewerFacts(2, standing=Standing.SUSPENDED),
        ViewerFacts(2, blocks=frozenset({5})),
        ViewerFacts(2, mutes=frozenset({5})),
        ViewerFacts(2, muted_words=((" exams ", Muting.HIDE),)),
        ViewerFacts(2, language="cy"),
    ):
        assert access.anyone_like(one) != access.anyone_like(different)

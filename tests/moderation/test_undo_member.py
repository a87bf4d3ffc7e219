"""Every step on a member, done and undone: their pages, their wall and what they may do are as they were before."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from forum import access, limits
from forum.access import facts_of, facts_of_post
from forum.actions.leaving import come_back, leave
from forum.actions.membership import end_break, take_break
from forum.models import Member
from moderation.actions.decisions import undo_decision
from moderation.actions.stopping import stop_posts
from moderation.refusals import NotAllowed
from tests.moderation.members import LASTING, TOLD, again, ban, decide

KINDS = [*TOLD, *LASTING, "ban", "stop_posts"]
OF_THE_MOMENT = re.compile(
    r'name="(?:csrfmiddlewaretoken|key)" value="[^"]*"|<span class="count">\d+</span>|data-at="[^"]*"'
)
PAGES = ("/", "/room/", "/me/", "/members/robin/", "/members/wren/")


@pytest.fixture
def do(held_case, moderator, other_moderator):
    """`do(kind)` takes a step against robin, by as many people as it takes."""
    case = held_case(door="rule")

    def step(kind):
        if kind == "ban":
            return ban(again(case), moderator, other_moderator)
        if kind == "stop_posts":
            return stop_posts(again(case), moderator, "They are hurting somebody.")
        return decide(again(case), moderator, kind)

    return step


@pytest.fixture
def view_of(as_, post_by, other_member):
    """`view_of(member)`: everything they are shown on the wall and about themselves, and all they may do."""
    theirs = post_by(other_member, "Good morning, everyone.")

    def view(member):
        fresh = Member.objects.get(pk=member.pk)
        viewer, post = facts_of(fresh), facts_of_post(theirs)
        may = {each.__name__: each(viewer, post) for each in (access.may_see, access.may_reply, access.may_support)}
        columns = {
            name: getattr(fresh, name) for name in ("standing", "standing_until", "steps", "rests_until", "is_active")
        }
        return (
            may | columns | {"may_post": access.may_post(viewer), "share": limits.slowed(fresh)} | _pages(as_(member))
        )

    return view


def _pages(client):
    shown = {}
    for page in PAGES:
        answer = client.get(page)
        main = re.search(r"<main.*</main>", answer.text, re.DOTALL)
        shown[page] = (answer.status_code, answer.headers.get("Location"), main and OF_THE_MOMENT.sub("", main[0]))
    return shown


@pytest.mark.parametrize("kind", KINDS)
def test_done_and_undone_everything_is_as_it_was(do, view_of, as_, member, staff, kind):
    as_(member).get("/me/decisions/")
    before = view_of(member)
    decision = do(kind)
    if kind not in TOLD:
        assert view_of(member) != before  # the premise: it can be seen
    undo_decision(decision, staff)
    assert "undone" in as_(member).get("/me/decisions/").text
    assert view_of(member) == before


@pytest.mark.parametrize("kind", [*LASTING, "ban"])
def test_done_and_undone_during_a_break_the_break_goes_on(do, view_of, as_, member, staff, kind):
    take_break(member, timezone.now() + timedelta(weeks=2))
    before = view_of(member)
    undo_decision(do(kind), staff)
    as_(member).get("/me/decisions/")
    assert view_of(member) == before
    end_break(member)
    assert Member.objects.get(pk=member.pk).standing == "active"


@pytest.mark.parametrize("kind", [*LASTING, "ban"])
def test_done_and_undone_after_they_left_they_can_still_come_back(do, view_of, as_, member, staff, kind):
    leave(member)
    before = view_of(member)
    undo_decision(do(kind), staff)
    as_(member).get("/me/decisions/")
    assert view_of(member) == before
    come_back(member)
    assert Member.objects.get(pk=member.pk).standing == "active"


@pytest.mark.parametrize("kind", KINDS)
def test_undone_twice_is_undone_once(do, member, staff, other_staff, kind):
    decision = do(kind)
    undo_decision(decision, staff)
    assert undo_decision(decision, other_staff).undone_by == staff


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_undoes_what_is_not_theirs_to_see(do, member, other_member, independent, kind):
    decision = do(kind)
    for person in (member, other_member, independent):
        with pytest.raises(NotAllowed):
            undo_decision(decision, person)

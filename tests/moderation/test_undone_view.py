"""Whatever is done and undone, its author and everybody else see the same before and after: wall, post, search, notices."""

import re
from uuid import uuid4

import pytest

from forum.actions.posts import publish_post
from forum.actions.support import set_support
from forum.models import Notice, Post
from moderation.actions.cases import claim_case
from moderation.actions.decisions import decide_case, undo_decision
from moderation.actions.reports import report_post
from moderation.workflow import ON_WORDS

pytestmark = pytest.mark.django_db
BODY = "Third night of not sleeping, says Ann."
PAGES = ("/", "/?lens=waiting", "/?lens=mine", "/search/?q=sleeping", "/members/robin/", "/notices/")
PASSING = re.compile(
    r'data-version="\d+"|csrfmiddlewaretoken" value="[^"]+"|name="key" value="[^"]+"|value="[0-9a-f-]{36}"|'
    r'data-after="[^"]*"|nonce="[^"]+"|<span class="n[^"]*">\d*</span>'
)


@pytest.fixture
def post(on_duty, moderator, member, other_member, make_member, post_by):
    """With replies, supports and a place between two others."""
    on_duty(moderator)
    publish_post(other_member, body="Earlier.", key=uuid4())
    post = post_by(member, BODY)
    for person in (other_member, make_member("finch")):
        publish_post(person, body=f"I hear you, says {person.handle}.", parent=post, key=uuid4())
        set_support(person, post, "with_you", on=True)
    publish_post(other_member, body="Later.", key=uuid4())
    return post


@pytest.fixture
def case(post, moderator, make_member):
    reporter = make_member("siskin")  # somebody else: what a reporter is told is tested elsewhere
    return claim_case(report_post(reporter, post, "rule", "unkind", key=uuid4()).case, moderator)


@pytest.fixture
def sees(as_, post):
    """What somebody is shown, apart from what passes and from the statement and what repliers are told."""

    def look(person) -> dict[str, str]:
        pages = (*PAGES, f"/posts/{post.pk}/")
        Notice.objects.filter(kind__in=["decision", "taken_down"]).delete()
        shown = {}
        for page in pages:
            answer = as_(person).get(page)
            main = answer.text.partition("<main")[2].partition("</main>")[0]
            main = re.sub(r'<div class="waiting-words.*?</div>', "", main, flags=re.DOTALL)
            shown[page] = f"{answer.status_code} " + PASSING.sub("", main)
        return shown

    return look


CHANGES_NOTHING_HERE = {"restore"}


@pytest.mark.parametrize("kind", sorted(ON_WORDS - CHANGES_NOTHING_HERE))
def test_done_and_undone_everything_is_as_before(
    sees, case, post, kind, moderator, other_moderator, member, other_member, make_member
):
    reader = make_member("dunnock")
    people = (member, other_member, reader)
    before = [sees(person) for person in people]
    state = _row(post)
    decision = decide_case(
        case, moderator, kind, seen_post_version=1, rule="kindness", content_note="sleep", takes_out=["Ann"]
    )
    during = [sees(person) for person in people]
    assert during[2] != before[2] and during[0] != before[0]  # the premise: it could be seen
    undo_decision(decision, other_moderator)
    after = [sees(person) for person in people]
    for one, other in zip(before, after, strict=True):
        assert one == other
    assert _row(post) == state


def test_what_was_put_back_and_taken_down_again_is_as_before(
    sees, case, post, moderator, member, other_member, make_member
):
    removed = decide_case(case, moderator, "remove", seen_post_version=1, rule="kindness")
    before = [sees(person) for person in (member, other_member)]
    again = claim_case(report_post(make_member("dunnock"), post, "rule", "unkind", key=uuid4()).case, moderator)
    restored = decide_case(again, moderator, "restore", seen_post_version=2)
    assert BODY in sees(other_member)["/"]
    undo_decision(restored, moderator)
    assert [sees(person) for person in (member, other_member)] == before
    undo_decision(removed, moderator)
    assert _row(post)["status"] == "visible"


def test_a_reply_that_went_is_back_in_its_place_and_counted(sees, post, moderator, other_member, make_member, member):
    reply = Post.objects.get(parent=post, author=other_member)
    reporter = make_member("siskin")
    case = claim_case(report_post(reporter, reply, "rule", "unkind", key=uuid4()).case, moderator)
    before = sees(member)
    decision = decide_case(case, moderator, "remove", seen_post_version=1, rule="kindness")
    assert Post.objects.get(pk=post.pk).standing_replies == 1
    assert "I hear you, says wren." not in sees(member)[f"/posts/{post.pk}/"]
    undo_decision(decision, moderator)
    assert sees(member) == before and Post.objects.get(pk=post.pk).standing_replies == 2


def test_every_kind_about_words_is_tried_here():
    assert {"content_note", "redact", "fold", "lock", "remove", "restore"} == {str(kind) for kind in ON_WORDS}


def _row(post) -> dict[str, object]:
    row = Post.objects.filter(pk=post.pk).values().get()
    row.pop("version")
    return row

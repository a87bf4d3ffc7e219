"""When the whole wall is other than open: what members may do then, and until when, at any hour of any day."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from forum import access, live, wall_state
from forum.access import PostFacts, ViewerFacts
from forum.actions.drafts import save_draft
from forum.actions.posts import edit_post, publish_post, withdraw_post
from forum.actions.support import set_support
from forum.models import Draft, Pinned, Post, Role, Standing, Status, WallState
from forum.refusals import PostingPaused, WallRests
from forum.wall_state import Holding, WallNow, closed_times
from realtime import log
from tests.forum.test_socket_door import ask

HOUR = timedelta(hours=1)


@pytest.fixture
def holds(staff, other_staff):
    """`holds("read_only", hours=2)`: agreed to by two, from an hour ago."""

    def make(kind, hours=2, word="We are here.", **more):
        now = timezone.now()
        begun = {"starts_at": now - HOUR, "ends_at": now - HOUR + timedelta(hours=hours)}
        agreed = {"confirmed_by": other_staff, "confirmed_at": now - HOUR}
        return WallState.objects.create(
            kind=kind, reason="Last night.", word=word, hours=hours, proposed_by=staff, **{**begun, **agreed, **more}
        )

    return make


@pytest.fixture
def share(db):
    def post(author, body="Hello.", parent=None):
        return publish_post(author, body=body, parent=parent, key=uuid4()).post

    return post


# --- The rule --------------------------------------------------------------------------------------------------------------

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
resting = WallNow((Holding(1, "read_only", "", NOW + timedelta(days=9000)),))
viewers = st.builds(
    ViewerFacts,
    id=st.integers(1, 4),
    role=st.sampled_from(Role.values),
    standing=st.sampled_from(Standing.values),
    blocks=st.frozensets(st.integers(1, 4)),
)
posts = st.builds(
    PostFacts, id=st.just(9), author_id=st.integers(1, 4), status=st.sampled_from(Status.values), locked=st.booleans()
)


@given(viewers, posts)
def test_a_wall_that_rests_takes_words_from_nobody_and_changes_nothing_else(viewer, post):
    shut = ViewerFacts(**{name: getattr(viewer, name) for name in viewer.__slots__} | {"wall": resting})
    assert not access.may_post(shut) and not access.may_reply(shut, post)
    for rule in (access.may_see, access.may_support, access.may_keep, access.may_follow, access.may_report):
        assert rule(shut, post) == rule(viewer, post)
    assert access.visible_to(shut) == access.visible_to(viewer)
    assert access.takes_replies(shut, post) == access.may_reply(viewer, post)


@given(
    st.lists(
        st.builds(
            Holding,
            st.integers(1, 9),
            st.sampled_from(["gentle", "read_only", "closed_hours", "pinned"]),
            st.just(""),
            st.integers(0, 200).map(lambda hours: datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=hours)),
            st.integers(0, 11).map(time),
            st.integers(12, 23).map(time) | st.just(time(0, 30)),
        ),
        max_size=3,
    )
)
def test_the_moment_it_names_is_one_at_which_words_are_taken(holdings):
    wall = WallNow(tuple(holdings))
    until = wall.rests_until(NOW)
    if until is not None:
        assert until > NOW
        one_each = len({one.kind for one in holdings}) == len(holdings)
        assert not one_each or wall.rests_until(until) is None


def test_a_gentle_wall_takes_words():
    gentle = WallNow((Holding(1, "gentle", "Be kind.", NOW + HOUR),))
    assert gentle.rests_until(NOW) is None
    assert gentle.is_gentle(NOW) and gentle.words(NOW) == ["Be kind."]
    assert not gentle.is_gentle(NOW + HOUR) and not gentle.words(NOW + HOUR)


# --- Closed hours, by the clock on the wall --------------------------------------------------------------------------------


def closed(moment, closes="23:00", opens="07:00"):
    one = Holding(
        1, "closed_hours", "", moment + timedelta(days=9), time.fromisoformat(closes), time.fromisoformat(opens)
    )
    return one.rests_until(moment)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        (datetime(2026, 1, 10, 22, 59, tzinfo=UTC), None),
        (datetime(2026, 1, 10, 23, 0, tzinfo=UTC), datetime(2026, 1, 11, 7, 0, tzinfo=UTC)),
        (datetime(2026, 1, 11, 6, 59, tzinfo=UTC), datetime(2026, 1, 11, 7, 0, tzinfo=UTC)),
        (datetime(2026, 1, 11, 7, 0, tzinfo=UTC), None),
        (datetime(2026, 7, 10, 22, 30, tzinfo=UTC), datetime(2026, 7, 11, 6, 0, tzinfo=UTC)),  # 23:30 in summer
    ],
)
def test_a_night_is_closed_from_its_first_minute_until_its_last(moment, opens):
    assert closed(moment) == opens


def test_where_an_hour_happens_twice_the_wall_closes_once_and_opens_once():
    """On 25 October 2026 it is 01:30 twice in London: at 00:30 and at 01:30 UTC."""
    start = datetime(2026, 10, 24, 20, 0, tzinfo=UTC)
    for closes, opens in (("01:30", "07:00"), ("23:00", "01:30"), ("01:00", "01:45"), ("22:00", "02:00")):
        seen = [closed(start + timedelta(minutes=5 * n), closes, opens) is not None for n in range(12 * 16)]
        changes = sum(one != other for one, other in pairwise(seen))
        assert changes == 2, (closes, opens)


def test_the_night_of_the_hour_that_is_missing_has_its_closed_hours_too():
    """On 29 March 2026 there is no 01:30 in London."""
    start = datetime(2026, 3, 28, 20, 0, tzinfo=UTC)
    for closes, opens in (("01:30", "07:00"), ("23:00", "01:30"), ("22:00", "02:00")):
        seen = [closed(start + timedelta(minutes=5 * n), closes, opens) is not None for n in range(12 * 16)]
        assert sum(one != other for one, other in pairwise(seen)) == 2, (closes, opens)


def test_hours_within_one_day_are_closed_in_that_day_alone():
    noon = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
    assert closed(noon, "09:00", "17:00") == datetime(2026, 1, 10, 17, 0, tzinfo=UTC)
    assert closed(noon + timedelta(hours=6), "09:00", "17:00") is None
    assert len(list(closed_times(time(9), time(17), noon))) == 2


# --- What members meet -----------------------------------------------------------------------------------------------------


def test_nobody_posts_replies_or_edits_while_it_rests_and_all_else_goes_on(holds, member, other_member, share, staff):
    theirs, post = share(other_member), share(member)
    state = holds("read_only")
    for author in (member, staff):
        with pytest.raises(WallRests) as refused:
            share(author)
        assert "You can post and reply again at" in refused.value.message
        assert refused.value.until == state.ends_at
    with pytest.raises(WallRests):
        share(member, parent=theirs)
    with pytest.raises(WallRests):
        edit_post(member, post, body="Other words.", content_note="", seen_version=post.version)
    assert set_support(member, theirs, "with_you", on=True)
    assert withdraw_post(member, post).status == Status.WITHDRAWN
    assert Post.objects.filter(status=Status.VISIBLE).count() == 1


def test_what_was_sent_before_is_answered_as_before(holds, member):
    key = uuid4()
    first = publish_post(member, body="Hello.", key=key)
    holds("read_only")
    assert publish_post(member, body="Hello.", key=key).post == first.post


def test_who_is_paused_reads_that_first(holds, make_member):
    paused = make_member("finch", standing="paused")
    holds("read_only")
    with pytest.raises(PostingPaused) as refused:
        publish_post(paused, body="Hello.", key=uuid4())
    assert "Your posting is paused" in refused.value.message


def test_the_page_keeps_the_words_and_says_until_when(holds, as_, member, share, other_member):
    post = share(other_member)
    holds("read_only")
    for path in ("/posts/", f"/posts/{post.pk}/replies/"):
        answer = as_(member).post(path, {"body": "Words that I have looked for.", "intent": "hello"})
        assert answer.status_code == 422
        assert "Words that I have looked for.</textarea>" in answer.text
        assert "You can post and reply again at" in answer.text
    assert Post.objects.count() == 1


def test_a_draft_is_kept_and_shown_while_it_rests(holds, as_, member):
    holds("read_only")
    save_draft(member, "post", {"body": "For later."})
    page = as_(member).get("/").text
    assert "For later." in page and "data-resting" in page
    kept = Draft.objects.get().version
    assert as_(member).post("/drafts/post/", {"body": "For later still.", "draft": kept}).status_code < 400
    assert Draft.objects.get().fields["body"] == "For later still."
    for door in ("/ask/", "/help/", "/me/words/"):
        assert as_(member).get(door).status_code == 200


def test_a_gentle_wall_says_its_word_and_takes_posts(holds, as_, member, share):
    holds("gentle", word="Something sad has happened.\n\nBe slow with one another.")
    page = as_(member).get("/").text
    assert "<p>Something sad has happened.</p>" in page and "data-resting" not in page
    assert share(member).status == Status.VISIBLE


def test_it_is_over_at_its_end_also_while_no_clock_runs(holds, member, share):
    state = holds("read_only")
    WallState.objects.filter(pk=state.pk).update(ends_at=timezone.now() - timedelta(seconds=1))
    assert share(member).status == Status.VISIBLE


def test_what_nobody_has_agreed_to_holds_nothing(holds, member, share):
    holds("read_only", confirmed_by=None, confirmed_at=None, starts_at=None, ends_at=None)
    assert share(member).status == Status.VISIBLE


def test_two_that_overlap_are_one_rest(holds, member):
    holds("read_only", hours=4)
    now = timezone.localtime()
    closes, opens = (now + HOUR).time().replace(second=0), (now + 6 * HOUR).time().replace(second=0)
    holds("closed_hours", hours=400, closes=closes, opens=opens)
    until = access.rests_until(access.facts_of(member))
    assert timezone.localtime(until).time().replace(second=0, microsecond=0) == opens.replace(microsecond=0)


def test_the_team_reads_it_as_members_do(holds, as_, moderator):
    holds("read_only")
    assert "data-resting" in as_(moderator).get("/").text


def test_the_part_that_is_fetched_again_is_for_members(holds, as_, client, member):
    holds("read_only")
    assert client.get("/wall-state/").status_code == 302
    assert 'id="wall-state"' in as_(member).get("/wall-state/").text


# --- Strangers -------------------------------------------------------------------------------------------------------------


def test_a_stranger_reads_that_joining_rests_and_nothing_else(holds, client):
    holds("read_only", word="Something sad has happened.")
    assert "Something sad" not in client.get("/").text and "rest" not in client.get("/").text.split("<main")[1].lower()
    holds("signups", word="")
    page = client.get("/").text
    assert "Joining rests for a little while" in page and "Something sad" not in page
    assert client.get("/accounts/signup/").status_code == 200
    refused = client.post("/accounts/signup/", {"email": "new@harbour.test"})
    assert refused.status_code == 403 and "Joining rests" in refused.text


# --- What it costs and what the database holds -----------------------------------------------------------------------------


def test_it_costs_the_wall_no_query(holds, as_, member):
    def cost():
        with CaptureQueriesContext(connection) as asked:
            as_(member).get("/")
        return len(asked)

    cost()
    before = cost()
    holds("read_only")
    holds("gentle")
    holds("closed_hours", closes=time(1), opens=time(2))
    assert cost() == before <= 8


def test_what_holds_is_read_alike_alone_and_with_the_member(holds, member, share, other_member):
    holds("gentle")
    later = timezone.localtime() + 6 * HOUR  # the wall must be open for what is shared next
    holds("closed_hours", closes=later.time(), opens=(later + HOUR).time())
    Pinned.objects.create(post=share(other_member), word="Read this.", until=timezone.now() + HOUR)
    assert set(wall_state.read(timezone.now()).holdings) == set(access.facts_of(member).wall.holdings)
    assert len(access.facts_of(member).wall.holdings) == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "gentle", "word": ""},
        {"kind": "closed_hours"},
        {"kind": "read_only", "hours": 0},
        {"kind": "read_only", "confirmed_by": None, "confirmed_at": None},
        {"kind": "signups", "alone": True},
        {"kind": "shut"},
    ],
)
def test_the_database_refuses_a_wall_state_that_lacks_something(holds, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        holds(**{"hours": 2, **wrong})
    assert not WallState.objects.exists()


def test_nobody_is_both_names(holds, staff):
    with pytest.raises(IntegrityError), transaction.atomic():
        holds("read_only", confirmed_by=staff)


def test_a_pinned_post_has_a_line_above_the_wall_until_its_end(as_, member, other_member, share):
    post = share(other_member)
    pin = Pinned.objects.create(post=post, word="We are remembering somebody.", until=timezone.now() + HOUR)
    assert (
        f'<span>We are remembering somebody.</span> <a class="button" href="/posts/{post.pk}/"'
        in as_(member).get("/").text
    )
    Pinned.objects.filter(pk=pin.pk).update(pinned_at=timezone.now() - 2 * HOUR, until=timezone.now() - HOUR)
    assert "We are remembering somebody." not in as_(member).get("/").text


# --- Over the socket -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_every_open_wall_hears_that_something_holds_and_not_a_word_of_it(hear, member, make_member, holds):
    def tell():
        with transaction.atomic():
            holds("gentle", word="Something sad has happened.")
            log.append(live.tell_wall())

    (heard,) = hear(member, tell)
    assert (heard["stream"], heard["kind"], heard["id"]) == ("wall", "wall.changed", 0)
    assert "html" not in heard and "sad" not in str(heard)
    suspended = make_member("finch", standing="suspended")
    assert hear(suspended, _told_again) == []


def _told_again():
    with transaction.atomic():
        log.append(live.tell_wall())


@pytest.mark.django_db(transaction=True)
def test_a_send_over_the_socket_is_refused_with_when_and_a_support_is_not(listen, member, other_member, share, holds):
    post = share(other_member)
    holds("read_only")
    with listen(member) as socket:
        answers = [
            ask(socket, {"type": "post", "key": str(uuid4()), "body": "Hello.", "intent": "hello"}),
            ask(socket, {"type": "reply", "key": str(uuid4()), "to": post.pk, "body": "Hello."}),
            ask(socket, {"type": "support", "key": str(uuid4()), "to": post.pk, "kind": "with_you", "on": True}),
        ]
    assert [answer["type"] for answer in answers] == ["refused", "refused", "ack"]
    assert all("You can post and reply again at" in answer["message"] for answer in answers[:2])
    assert Post.objects.count() == 1

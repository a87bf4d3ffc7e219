"""A member who has died: two say so and two take it back; nothing is sent, counted or cleared; people tell people."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from forum import access, lenses
from forum.actions.care import block_member, mute_member
from forum.actions.drafts import save_draft
from forum.actions.following import set_follow
from forum.actions.leaving import erase_due, leave
from forum.actions.mail import mail_member
from forum.actions.notices import give_notice
from forum.actions.posts import publish_post
from forum.actions.sessions import end_other_sessions
from forum.actions.support import set_support
from forum.models import Draft, Erasure, Leaving, Member, Notice, Pinned, Post, Standing, Status
from forum.search import search_posts
from forum.threads import read_wall
from moderation import calls, record_clock, ways
from moderation.actions.escalation import close_case
from moderation.actions.how import ask_how_it_was
from moderation.actions.remembering import (
    agree_to_remember,
    agree_to_undo,
    ask_to_undo,
    let_go_unseconded,
    let_remembrance_stand,
    propose_remembrance,
    set_marked,
    take_proposal_back,
    tick_told,
)
from moderation.actions.remembrance_words import (
    agree_to_take_down,
    ask_to_take_down,
    let_wish_go,
    open_thread,
    unpin_thread,
)
from moderation.models import Decision, FamilyWish, Remembrance, ToTell
from moderation.refusals import Missing, NotAllowed, SomebodyWasQuicker
from moderation.strikes import strikes_of
from realtime import retention
from realtime.deliveries import queue_mail, send_due
from realtime.models import Delivery, Event
from tests.conftest import PASSWORD
from tests.forum.signing import sign_up
from tests.moderation.members import again
from tests.moderation.records import write_record

pytestmark = pytest.mark.django_db
LINE = "We are remembering robin."


@pytest.fixture
def share(db):
    def post(author, body="Hello.", parent=None, **more):
        return publish_post(author, body=body, parent=parent, key=uuid4(), **more).post

    return post


@pytest.fixture
def remember(staff, other_staff):
    """`remember(member)`: said by puffin, agreed to by gannet."""

    def make(member, **more):
        said = propose_remembrance(member, staff, why="Their sister rang us on Monday; we rang her back.", **more)
        agree_to_remember(said, other_staff)
        member.refresh_from_db()
        said.refresh_from_db()
        return said

    return make


# --- Two names -------------------------------------------------------------------------------------------------------------


def test_one_says_so_and_nothing_changes_until_another_agrees(member, staff, other_staff):
    said = propose_remembrance(member, staff, why="Their sister rang us.")
    member.refresh_from_db()
    assert member.standing == Standing.ACTIVE
    with pytest.raises(NotAllowed):
        agree_to_remember(said, staff)
    agree_to_remember(said, other_staff)
    member.refresh_from_db()
    assert (member.standing, member.is_active, member.is_remembered) == ("remembered", False, True)
    with pytest.raises(SomebodyWasQuicker):
        agree_to_remember(said, other_staff)


def test_only_staff_say_so_and_never_of_themselves(member, moderator, independent, staff, other_staff, administrator):
    for person in (moderator, independent, member):
        with pytest.raises(NotAllowed):
            propose_remembrance(member, person, why="So I heard.")
    for about in (staff, administrator):
        with pytest.raises(NotAllowed):
            propose_remembrance(about, staff, why="So I heard.")
    with pytest.raises(Missing):
        propose_remembrance(member, staff, why="")
    assert not Remembrance.objects.exists()


def test_it_is_said_once(member, staff, other_staff):
    propose_remembrance(member, staff, why="Their sister rang us.")
    with pytest.raises(SomebodyWasQuicker):
        propose_remembrance(member, other_staff, why="I heard it too.")


def test_a_proposal_is_taken_back_by_one_or_let_go_after_seven_days(member, staff, other_staff):
    said = propose_remembrance(member, staff, why="Their sister rang us.")
    take_proposal_back(said, other_staff)
    with pytest.raises(SomebodyWasQuicker):
        agree_to_remember(said, other_staff)
    later = propose_remembrance(member, staff, why="Their sister rang again.")
    let_go_unseconded(timezone.now() + timedelta(days=6, hours=23))
    later.refresh_from_db()
    assert later.ended_at is None
    let_go_unseconded(timezone.now() + timedelta(days=7, minutes=1))
    later.refresh_from_db()
    assert later.ended_at and later.ended_by is None
    member.refresh_from_db()
    assert member.standing == Standing.ACTIVE


@pytest.mark.parametrize("before", ["active", "suspended", "deactivated", "on_break"])
def test_a_mistake_is_undone_in_full_by_two(member, staff, other_staff, remember, before, as_):
    until = timezone.now() + timedelta(days=3)
    if before == "on_break":
        Member.objects.filter(pk=member.pk).update(standing=before, standing_until=until, rests_until=until)
    elif before == "suspended":
        steps = [[before, until.isoformat()]]
        Member.objects.filter(pk=member.pk).update(standing=before, standing_until=until, steps=steps)
    elif before == "deactivated":
        leave(member)
    member.refresh_from_db()
    columns = ("standing", "standing_until", "rests_until", "is_active")
    was = [getattr(member, column) for column in columns]
    said = remember(member)
    with pytest.raises(Missing):
        ask_to_undo(said, staff, "")
    ask_to_undo(said, staff, "It was somebody of the same name.")
    with pytest.raises(NotAllowed):
        agree_to_undo(said, staff)
    member.refresh_from_db()
    assert member.standing == "remembered"
    agree_to_undo(said, other_staff)
    member.refresh_from_db()
    assert [getattr(member, column) for column in columns] == was
    assert Client().login(username=member.email, password=PASSWORD)
    propose_remembrance(member, staff, why="It can be said again.")


def test_the_wish_to_undo_is_put_away_by_one(member, staff, other_staff, remember):
    said = remember(member)
    ask_to_undo(said, staff, "I am not sure.")
    let_remembrance_stand(said, staff)
    with pytest.raises(SomebodyWasQuicker):
        agree_to_undo(said, other_staff)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_agree_at_once_one_does(at_once, member, other_member, staff, other_staff, make_member, share):
    share(other_member, parent=share(member))
    third = make_member("dunnock", role="staff")
    said = propose_remembrance(member, staff, why="Their sister rang us.")
    results = at_once(lambda: agree_to_remember(said, other_staff), lambda: agree_to_remember(said, third))
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "SomebodyWasQuicker"]
    assert ToTell.objects.count() == 1


def test_the_database_holds_the_two_names(member, staff, other_staff):
    with pytest.raises(IntegrityError), transaction.atomic():
        Remembrance.objects.create(
            member=member, why="x", proposed_by=staff, confirmed_by=staff, confirmed_at=timezone.now()
        )
    said = propose_remembrance(member, staff, why="x")
    agree_to_remember(said, other_staff)
    with pytest.raises(IntegrityError), transaction.atomic():
        Remembrance.objects.filter(pk=said.pk).update(ended_at=timezone.now(), ended_by=staff)


# --- Nothing touches the account -------------------------------------------------------------------------------------------


def test_sessions_end_and_signing_in_leads_to_kind_words_and_a_person(as_, member, remember):
    browser = as_(member)
    assert browser.get("/").status_code == 200
    remember(member)
    assert "A place to be with people" in browser.get("/").text  # a stranger's page
    answer = Client().post("/accounts/login/", {"login": member.email, "password": PASSWORD}, follow=True)
    assert "This account rests" in answer.text and 'href="/report/"' in answer.text
    wrong = Client().post("/accounts/login/", {"login": member.email, "password": "not this one"}, follow=True)
    assert "This account rests" not in wrong.text  # nobody learns it from the address alone


def test_no_mail_reaches_them_whoever_asks_for_it(member, other_member, remember, mailoutbox):
    def ask_for_mail(address):
        Client().post("/accounts/password/reset/", {"email": address})
        sign_up(Client(), email=address)

    ask_for_mail(other_member.email)
    assert Delivery.objects.filter(address=other_member.email).count() == 2  # the premise
    queue_mail("before", member.email, "On its way", "Words.")
    remember(member)
    mail_member(member, "after", "forum/email/leaving.txt", {"due": timezone.now()})
    ask_for_mail(member.email)
    send_due()
    assert not [sent for sent in mailoutbox if member.email in sent.to]
    assert Delivery.objects.get(address=member.email).outcome == "not sent: remembered"


def test_no_notice_is_made_for_them(member, other_member, remember, share):
    post, elsewhere = share(member), share(other_member)
    set_follow(member, elsewhere, on=True)
    remember(member)
    share(other_member, parent=post)
    share(other_member, parent=elsewhere)
    set_support(other_member, post, "with_you", on=True)
    give_notice(member.pk, "reply", 1, pressing=True)
    assert not Notice.objects.filter(member=member).exists()


def test_nobody_is_sent_to_their_words_as_if_they_waited(member, other_member, remember, share):
    share(member, "Is anybody here?", intent="support")
    viewer = access.facts_of(other_member)
    waiting = lenses.LENSES["waiting"]
    assert len(read_wall(viewer, lens=waiting).threads) == 1  # the premise
    remember(member)
    assert read_wall(viewer, lens=waiting).threads == []
    assert len(read_wall(viewer).threads) == 1
    assert not Post.objects.filter(pk__in=lenses._offered(viewer, (), timezone.now())).exists()


def test_their_words_are_found_and_seen_as_before(member, other_member, moderator, remember, share):
    post = share(member, "Kettles and long walks.")
    before = [access.may_see(access.facts_of(each), access.facts_of_post(post)) for each in (other_member, moderator)]
    remember(member)
    assert [
        access.may_see(access.facts_of(each), access.facts_of_post(post)) for each in (other_member, moderator)
    ] == before
    assert [hit.post for hit in search_posts(access.facts_of(other_member), "kettles").hits] == [post]


def test_what_they_left_is_not_cleared_by_time(member, remember, monkeypatch):
    save_draft(member, "post", {"body": "Unfinished."})
    Notice.objects.create(member=member, kind="reply", ref=1, read_at=timezone.now() - timedelta(days=200))
    leave(member)
    Draft.objects.update(saved_at=timezone.now() - timedelta(days=60))
    asked, due = timezone.now() - timedelta(days=22), timezone.now() - timedelta(days=1)
    Leaving.objects.update(asked_at=asked, due_at=due)
    remember(member)
    retention.forget("drafts")
    retention.forget("notices")
    erase_due()
    member.refresh_from_db()
    assert Draft.objects.exists() and Notice.objects.exists() and Leaving.objects.exists()
    assert member.standing == "remembered" and not Erasure.objects.exists()


def test_nothing_counts_against_them_and_nobody_asks_how_it_was(open_case, member, moderator, remember):
    case = open_case(door="rule")
    Decision.objects.create(
        case=case, case_kind="conduct", kind="warning", rule="kind", statement="So it is.", decided_by=moderator,
        subject=member, told=True, made_at=timezone.now() - timedelta(days=2),
    )  # fmt: skip
    assert strikes_of(member).count() == 1  # the premise
    remember(member)
    assert strikes_of(member).count() == 0
    assert ask_how_it_was() == 0


def test_their_page_stays_and_offers_nobody_a_block(as_, member, other_member, remember, share):
    share(member, "Kettles and long walks.")
    assert "Mute or block" in as_(other_member).get("/members/robin/").text
    said = remember(member)
    page = as_(other_member).get("/members/robin/").text
    assert "Kettles and long walks." in page
    for door in ("Mute or block", "worried about this person", "We remember robin"):
        assert door not in page, door
    set_marked(said, Member.objects.get(handle="puffin"), marked=True)
    assert "We remember robin. What they shared here stays." in as_(other_member).get("/members/robin/").text
    assert as_(other_member).get("/members/robin/care/").status_code == 404


def test_what_they_did_for_others_keeps_their_name(member, other_member, remember, share):
    given = timezone.now()
    assert access.may_name(access.facts_of(other_member), member, given)
    remember(member)
    assert access.may_name(access.facts_of(other_member), member, given)


# --- Who is told by a person -----------------------------------------------------------------------------------------------


def test_whoever_was_close_of_late_is_listed_with_how(make_member, member, staff, other_staff, share, remember):
    people = {name: make_member(name) for name in ("finch", "siskin", "linnet", "dunnock", "twite", "serin")}
    post, old = share(member), share(member, "Long ago.")
    share(people["finch"], parent=post)
    set_support(people["siskin"], post, "with_you", on=True)
    set_support(member, share(people["finch"]), "hear_you", on=True)
    set_follow(people["linnet"], post, on=True)
    share(people["dunnock"], parent=post)
    block_member(people["dunnock"], member)
    share(people["twite"], parent=old)
    Post.objects.filter(author=people["twite"]).update(created_at=timezone.now() - timedelta(days=31))
    share(people["serin"], parent=post)
    mute_member(people["serin"], member)
    said = remember(member)
    listed = {row.person.handle: row.ties for row in said.to_tell.select_related("person")}
    assert listed == {"finch": ["reply", "support"], "siskin": ["support"], "linnet": ["follow"], "serin": ["reply"]}


def test_the_first_who_told_them_stands(member, other_member, staff, other_staff, share, remember):
    share(other_member, parent=share(member))
    row = remember(member).to_tell.get()
    tick_told(row, other_staff)
    tick_told(row, staff)
    row.refresh_from_db()
    assert row.told_by == other_staff and row.told_at
    assert not Notice.objects.filter(member=other_member, kind__startswith="remember").exists()


# --- One thread ------------------------------------------------------------------------------------------------------------


def test_one_thread_is_opened_and_pinned_and_everyone_can_reply(
    member, other_member, staff, other_staff, share, remember, as_
):
    said = remember(member)
    key = uuid4()
    post = open_thread(said, staff, body="Robin has died.", line=LINE, key=key)
    assert open_thread(said, staff, body="Robin has died.", line=LINE, key=key) == post
    with pytest.raises(SomebodyWasQuicker):
        open_thread(said, other_staff, body="Another.", line=LINE, key=uuid4())
    assert post.from_team and Post.objects.count() == 1
    assert LINE in as_(other_member).get("/").text
    reply = share(other_member, "We walked together.", parent=post)
    assert "We walked together." in as_(staff).get("/staff/remembered/robin/").text and reply.status == Status.VISIBLE
    unpin_thread(said, staff)
    assert LINE not in as_(other_member).get("/").text
    assert Event.objects.filter(stream="wall", kind="wall.changed").count() == 2


def test_no_thread_before_two_have_said_so_nor_without_words(member, staff, remember):
    said = propose_remembrance(member, staff, why="Their sister rang us.")
    with pytest.raises(SomebodyWasQuicker):
        open_thread(said, staff, body="Robin has died.", line=LINE, key=uuid4())
    with pytest.raises(Missing):
        open_thread(said, staff, body="", line=LINE, key=uuid4())
    assert not Pinned.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_threads_at_once_are_one(at_once, member, staff, other_staff, remember):
    said = remember(member)
    results = at_once(
        *[
            lambda by=by: open_thread(said, by, body="Robin has died.", line=LINE, key=uuid4())
            for by in (staff, other_staff)
        ]
    )
    assert sorted(type(result).__name__ for result in results) == ["Post", "SomebodyWasQuicker"]
    assert Post.objects.count() == Pinned.objects.count() == 1


# --- What the family wishes ------------------------------------------------------------------------------------------------


def test_words_are_taken_down_by_two(member, other_member, staff, other_staff, share, remember):
    post = share(member, "For nobody's eyes.")
    said = remember(member)
    wish = ask_to_take_down(said, staff, post_id=post.pk, why="Their sister, on the number we have.")
    with pytest.raises(NotAllowed):
        agree_to_take_down(wish, staff)
    agree_to_take_down(wish, other_staff)
    post.refresh_from_db()
    assert post.status == Status.REMOVED
    assert not access.may_see(access.facts_of(other_member), access.facts_of_post(post))
    with pytest.raises(SomebodyWasQuicker):
        agree_to_take_down(wish, other_staff)


def test_others_words_are_not_the_familys(member, other_member, staff, other_staff, share, remember):
    theirs, post = share(other_member), share(member)
    said = remember(member)
    with pytest.raises(Missing):
        ask_to_take_down(said, staff, post_id=theirs.pk, why="Their sister.")
    wish = ask_to_take_down(said, staff, post_id=post.pk, why="Their sister.")
    with pytest.raises(SomebodyWasQuicker):
        ask_to_take_down(said, other_staff, post_id=post.pk, why="Their brother.")
    let_wish_go(wish, staff)
    post.refresh_from_db()
    assert post.status == Status.VISIBLE and FamilyWish.objects.get().agreed_by is None


# --- The pages -------------------------------------------------------------------------------------------------------------


def test_two_of_the_staff_walk_it_on_the_pages(as_, member, other_member, staff, other_staff, share):
    share(other_member, parent=share(member))
    sent = {"handle": "Robin", "why": "Their sister rang us."}
    assert as_(staff).post("/staff/remembered/", sent)["Location"] == "/staff/remembered/robin/"
    page = "/staff/remembered/robin/"
    assert as_(staff).post(page, {"do": "agree"}).status_code == 403
    assert as_(other_staff).post(page, {"do": "agree"}).status_code == 303
    again = as_(other_staff).post(page, {"do": "agree"})
    assert again.status_code == 409 and "Somebody was quicker" in again.text
    shown = as_(other_staff).get(page).text
    assert "wren" in shown and "replied to one another" in shown
    row = ToTell.objects.get()
    assert as_(staff).post(page, {"do": "told", "row": row.pk}).status_code == 303
    assert "told by puffin" in as_(staff).get(page).text
    empty = as_(staff).post(page, {"do": "thread", "body": "", "line": LINE})
    assert empty.status_code == 422 and LINE in empty.text
    assert as_(staff).post(page, {"do": "ask_down", "post": "999", "why": "Their sister."}).status_code == 422
    assert as_(staff).post(page, {"do": "ask_undo", "undo_why": ""}).status_code == 422
    assert as_(staff).post(page, {"do": "ask_undo", "undo_why": "Somebody else."}).status_code == 303
    assert as_(other_staff).post(page, {"do": "undo"})["Location"] == "/staff/remembered/"
    assert as_(staff).get(page).status_code == 404


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"handle": "nobody", "why": "So I heard."}, "Nobody here has this handle."),
        ({"handle": "", "why": "So I heard."}, "Write their handle."),
        ({"handle": "robin", "why": ""}, "Write how you know"),
        ({"handle": "puffin", "why": "So I heard."}, "This cannot be done for this account."),
    ],
)
def test_what_cannot_be_said_comes_back_with_the_reason(as_, member, staff, sent, says):
    answer = as_(staff).post("/staff/remembered/", sent)
    assert answer.status_code == 422 and says in answer.text
    assert not Remembrance.objects.exists()


@pytest.mark.parametrize("sent", [{"do": "told", "row": "999"}, {"do": "down", "wish": "1"}, {"do": "shut"}, {}])
def test_a_press_that_names_nothing_finds_nothing(as_, member, staff, remember, sent):
    remember(member)
    assert as_(staff).post("/staff/remembered/robin/", sent).status_code == 404


def test_nobody_opens_a_page_about_themselves(as_, staff, other_staff):
    propose_remembrance(staff, other_staff, why="So I heard.")
    assert as_(staff).get("/staff/remembered/puffin/").status_code == 404
    assert "puffin" not in as_(staff).get("/staff/remembered/").text.split("<main")[1]


def test_their_open_sockets_close(member, remember, staff):
    end_other_sessions(member, keep=None)
    before = Event.objects.filter(stream=f"member:{member.pk}", kind="rights.changed").count()
    remember(member)
    assert Event.objects.filter(stream=f"member:{member.pk}", kind="rights.changed").count() == before + 1


def test_nothing_more_is_sent_to_one_of_the_team_who_has_died(staff, other_staff):
    Member.objects.filter(pk=staff.pk).update(standing=Standing.REMEMBERED)
    for person in Member.objects.filter(pk__in=[staff.pk, other_staff.pk]):
        calls.mail_page(f"one:{person.pk}", person, "Hello", "staff_board", "the board")
        ways.page_person(person, dedupe=f"two:{person.pk}", subject="Hello", path="/staff/")
    assert set(Delivery.objects.values_list("address", flat=True)) == {other_staff.email}


def test_no_case_comes_back_to_be_followed_up_about_somebody_who_has_died(staff_case, staff, member, time_machine):
    record = write_record(staff_case(), staff, follow_up_on=(timezone.localdate() + timedelta(days=3)).isoformat())
    close_case(again(record.case), staff)
    time_machine.move_to(timezone.localtime().replace(hour=10) + timedelta(days=3))
    Member.objects.filter(pk=member.pk).update(standing=Standing.REMEMBERED)
    assert record_clock.follow_up() == 0
    Member.objects.filter(pk=member.pk).update(standing=Standing.ACTIVE)
    assert record_clock.follow_up() == 1

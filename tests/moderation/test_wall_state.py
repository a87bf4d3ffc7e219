"""The whole wall, as staff change it: proposed by one, agreed to by another, ended by the clock or by two."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from forum.actions.posts import publish_post
from forum.models import Status, WallState
from forum.wall_state import read
from moderation.actions.wall_state import agree_to_state, end_state, let_state_stand, propose_state, run_wall
from moderation.models import Case
from moderation.refusals import Missing, NotAllowed, WallMoved
from realtime.models import Delivery, Event

pytestmark = pytest.mark.django_db
PAGE = "/staff/wall/"
FORM = {"do": "propose", "kind": "read_only", "hours": "24", "reason": "Many of us are grieving.", "word": ""}


def propose(member, kind="read_only", **more):
    more.setdefault("word", "We are here." if kind == "gentle" else "")
    return propose_state(member, kind, reason="Many of us are grieving.", **{"hours": 24, **more})


def told():
    return Event.objects.filter(stream="wall", kind="wall.changed").count()


def rests():
    return read(timezone.now()).rests_until(timezone.now())


def later(state, **changes):
    """As if time had gone by."""
    WallState.objects.filter(pk=state.pk).update(**changes)
    state.refresh_from_db()


# --- Two names -------------------------------------------------------------------------------------------------------------


def test_one_proposes_and_nothing_changes_until_another_agrees(staff, other_staff):
    state = propose(staff)
    assert rests() is None and told() == 0
    agree_to_state(other_staff, state)
    state.refresh_from_db()
    assert rests() == state.ends_at == state.starts_at + timedelta(hours=24)
    assert (state.proposed_by, state.confirmed_by) == (staff, other_staff)
    assert told() == 1


def test_nobody_agrees_to_their_own_and_nobody_but_staff_does_either(staff, moderator, member, independent):
    state = propose(staff)
    for person in (staff, moderator, member, independent):
        with pytest.raises(NotAllowed):
            agree_to_state(person, state)
    for person in (moderator, member, independent):
        with pytest.raises(NotAllowed):
            propose(person, "gentle")
        with pytest.raises(NotAllowed):
            end_state(person, state)
    assert rests() is None


def test_the_others_of_the_staff_hear_that_a_page_waits_and_no_more(staff, other_staff, member):
    propose(staff)
    mail = Delivery.objects.get()
    assert mail.address == other_staff.email
    assert PAGE in mail.body and "grieving" not in mail.subject + mail.body


def test_who_agrees_second_reads_who_was_quicker(staff, other_staff, make_member):
    third, state = make_member("dunnock", role="staff"), propose(staff)
    agree_to_state(other_staff, state)
    with pytest.raises(WallMoved) as moved:
        agree_to_state(third, state)
    assert moved.value.message.startswith("gannet agreed to this at")


def test_there_is_one_of_each_kind(staff, other_staff):
    propose(staff)
    with pytest.raises(WallMoved) as moved:
        propose(other_staff)
    assert moved.value.message.startswith("puffin proposed this at")
    propose(other_staff, "gentle")
    assert WallState.objects.count() == 2


@pytest.mark.parametrize(
    ("kind", "more", "field"),
    [
        ("gentle", {"word": ""}, "word"),
        ("closed_hours", {}, "closes"),
        ("signups", {"alone": True}, "alone"),
        ("closed_hours", {"closes": timezone.now().time(), "opens": timezone.now().time(), "alone": True}, None),
    ],
)
def test_what_lacks_something_is_not_proposed(staff, kind, more, field):
    with pytest.raises(Missing) as missing:
        propose(staff, kind, **more)
    assert field in (None, missing.value.field)
    assert not WallState.objects.exists()


# --- Alone, for two hours --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["gentle", "read_only"])
def test_in_an_emergency_one_begins_alone_and_it_ends_by_itself(staff, other_staff, kind):
    state = propose(staff, kind, alone=True)
    assert state.ends_at == state.starts_at + timedelta(hours=2)
    assert told() == 1 and "within two hours" in Delivery.objects.get().subject
    run_wall(state.ends_at - timedelta(seconds=1))
    state.refresh_from_db()
    assert state.ended_at is None
    run_wall(state.ends_at)
    run_wall(state.ends_at)
    state.refresh_from_db()
    assert state.ended_at and state.ended_by is None and told() == 2


def test_nobody_keeps_the_wall_closed_alone_two_hours_at_a_time(as_, staff, other_staff):
    first = propose(staff, alone=True)
    run_wall(first.ends_at)
    with pytest.raises(Missing, match="nobody agreed to it"):
        propose(staff, alone=True)
    answer = as_(staff).post(PAGE, {**FORM, "alone": "on"})
    assert answer.status_code == 422 and "nobody agreed to it" in answer.text
    assert rests() is None
    assert propose(staff, "gentle", alone=True), "of another kind"
    assert propose(staff), "with a second person"


def test_after_another_had_a_part_in_it_one_begins_alone_again(staff, other_staff):
    run_wall(propose(staff, alone=True).ends_at)
    theirs = propose(other_staff, alone=True)
    run_wall(theirs.ends_at)
    mine = propose(staff, alone=True)
    agree_to_state(other_staff, mine)
    mine.refresh_from_db()
    run_wall(mine.ends_at)
    assert propose(staff, alone=True)


def test_a_second_person_lets_it_go_on(staff, other_staff):
    state = propose(staff, alone=True)
    agree_to_state(other_staff, state)
    state.refresh_from_db()
    assert state.ends_at == state.starts_at + timedelta(hours=24)
    run_wall(state.starts_at + timedelta(hours=3))
    state.refresh_from_db()
    assert state.ended_at is None


def test_whoever_agrees_after_the_two_hours_is_late_also_without_a_clock(staff, other_staff):
    state = propose(staff, alone=True)
    now = timezone.now()
    later(state, starts_at=now - timedelta(hours=3), ends_at=now - timedelta(hours=1))
    with pytest.raises(WallMoved):
        agree_to_state(other_staff, state)
    assert rests() is None


def test_a_short_one_is_short_alone_too(staff):
    state = propose(staff, alone=True, hours=1)
    assert state.ends_at == state.starts_at + timedelta(hours=1)


# --- The end ---------------------------------------------------------------------------------------------------------------


def test_what_two_agreed_to_two_end(staff, other_staff):
    state = propose(staff)
    agree_to_state(other_staff, state)
    assert end_state(other_staff, state) is False
    assert rests()
    with pytest.raises(NotAllowed):
        end_state(other_staff, state)
    assert end_state(staff, state) is True
    assert rests() is None and told() == 2
    with pytest.raises(WallMoved) as moved:
        end_state(other_staff, state)
    assert moved.value.message.startswith("puffin ended this at")


def test_the_wish_to_end_it_can_be_put_away(staff, other_staff):
    state = propose(staff)
    agree_to_state(other_staff, state)
    end_state(staff, state)
    let_state_stand(other_staff, state)
    with pytest.raises(WallMoved):
        let_state_stand(staff, state)
    assert end_state(other_staff, state) is False  # asks anew
    assert rests()


def test_what_nobody_has_agreed_to_goes_at_one_press(staff, other_staff):
    state = propose(staff, alone=True)
    assert end_state(other_staff, state) is True
    assert rests() is None
    mine = propose(staff, "gentle")
    assert end_state(staff, mine) is True
    assert told() == 2  # the second never held


def test_what_finds_no_second_person_in_seven_days_is_let_go(staff, other_staff):
    waiting, asked = propose(staff, "gentle"), propose(staff, hours=672)
    agree_to_state(other_staff, asked)
    end_state(staff, asked)
    run_wall(timezone.now() + timedelta(days=6, hours=23))
    waiting.refresh_from_db(), asked.refresh_from_db()
    assert waiting.ended_at is None and asked.end_asked_by == staff
    run_wall(timezone.now() + timedelta(days=7, minutes=1))
    waiting.refresh_from_db(), asked.refresh_from_db()
    assert waiting.ended_at and waiting.starts_at is None
    assert asked.end_asked_by is None and asked.ended_at is None and rests()


def test_what_was_proposed_and_what_is_over_is_never_changed(staff):
    state = propose(staff, "gentle")
    for changes in ({"reason": "Another."}, {"word": "Another."}, {"hours": 2}, {"proposed_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            WallState.objects.filter(pk=state.pk).update(**changes)
    end_state(staff, state)
    for act in (lambda rows: rows.update(ended_at=timezone.now()), lambda rows: rows.delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            act(WallState.objects.filter(pk=state.pk))


@pytest.mark.django_db(transaction=True)
def test_of_several_who_agree_at_once_one_does(at_once, staff, other_staff, make_member):
    third, state = make_member("dunnock", role="staff"), propose(staff)
    results = at_once(lambda: agree_to_state(other_staff, state), lambda: agree_to_state(third, state))
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "WallMoved"]
    assert told() == 1


@pytest.mark.django_db(transaction=True)
def test_agreeing_and_the_clock_at_once_leave_one_of_the_two(at_once, staff, other_staff):
    state = propose(staff, alone=True)
    late = state.ends_at + timedelta(seconds=1)
    agreed, _ran = at_once(lambda: agree_to_state(other_staff, state), lambda: run_wall(late))
    state.refresh_from_db()
    assert (agreed is None) == (state.confirmed_by is not None)
    assert agreed is not None or state.ended_at is None or state.confirmed_by_id
    assert bool(state.ended_at) != bool(state.confirmed_by_id)


@pytest.mark.django_db(transaction=True)
def test_of_four_clocks_one_ends_it(at_once, staff):
    state = propose(staff, alone=True)
    at_once(*[lambda: run_wall(state.ends_at)] * 4)
    assert told() == 2


def test_closed_hours_are_told_once_when_they_begin_and_once_when_they_end(staff, other_staff):
    now = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=1)
    state = propose(
        staff,
        "closed_hours",
        closes=(now + timedelta(hours=1)).time(),
        opens=(now + timedelta(hours=2)).time(),
        hours=168,
    )
    agree_to_state(other_staff, state)
    before = told()
    for minutes, heard in ((0, 0), (60, 1), (90, 1), (119, 1), (120, 2), (180, 2)):
        run_wall(now + timedelta(minutes=minutes))
        run_wall(now + timedelta(minutes=minutes))
        assert told() - before == heard, minutes


# --- Gentle: links are looked at first -------------------------------------------------------------------------------------


def test_under_a_gentle_wall_links_wait_and_worries_never_do(staff, other_staff, member, moderator, as_):
    def share(body, author=member):
        return publish_post(author, body=body, key=uuid4()).post

    link = "Look at https://example.org/today"
    assert share(link).status == Status.VISIBLE
    state = propose(staff, "gentle")
    agree_to_state(other_staff, state)
    held = share(link + " please")
    assert held.status == Status.HELD and Case.objects.filter(post=held).exists()
    assert "the team looks at those first just now" in as_(member).get("/").text
    assert share("No link here.").status == Status.VISIBLE
    assert share("I want to end my life tonight. https://example.org").status == Status.VISIBLE
    assert share(link, moderator).status == Status.VISIBLE
    run_wall(state.proposed_at + timedelta(hours=25))
    assert share(link + " again").status == Status.VISIBLE
    held.refresh_from_db()
    assert held.status == Status.HELD and Case.objects.filter(post=held, state="open").exists()  # in the ordinary queue
    assert "example.org/today" in as_(moderator).get("/moderation/held/").text


# --- The page --------------------------------------------------------------------------------------------------------------


def test_staff_propose_and_agree_on_the_page(as_, staff, other_staff):
    assert as_(staff).post(PAGE, FORM).status_code == 303
    state = WallState.objects.get()
    page = as_(staff).get(PAGE).text
    assert "Somebody else from the staff has to agree." in page and "Many of us are grieving." in page
    assert as_(staff).post(PAGE, {"do": "agree", "state": state.pk}).status_code == 403
    assert as_(other_staff).post(PAGE, {"do": "agree", "state": state.pk}).status_code == 303
    assert "What holds now" in as_(staff).get(PAGE).text
    again = as_(other_staff).post(PAGE, {"do": "agree", "state": state.pk})
    assert again.status_code == 409 and "gannet agreed to this at" in again.text
    board = as_(staff).get("/staff/").text
    assert "holds for the whole wall until" in board


def test_what_was_typed_comes_back_with_the_reason_beside_it(as_, staff):
    answer = as_(staff).post(PAGE, {**FORM, "kind": "gentle"})
    assert answer.status_code == 422
    assert (
        "Write the words that stand above the wall." in answer.text
        and "Many of us are grieving.</textarea>" in answer.text
    )
    assert as_(staff).post(PAGE, {**FORM, "reason": ""}).status_code == 422
    assert as_(staff).post(PAGE, {**FORM, "hours": "9999"}).status_code == 422
    assert as_(staff).post(PAGE, {**FORM, "kind": "closed_hours", "closes": "7", "opens": "08:00"}).status_code == 422
    assert not WallState.objects.exists()


def test_a_second_of_the_same_kind_is_told_who_was_first(as_, staff, other_staff):
    propose(other_staff)
    answer = as_(staff).post(PAGE, FORM)
    assert (
        answer.status_code == 409 and "gannet proposed this at" in answer.text and "grieving.</textarea>" in answer.text
    )


@pytest.mark.parametrize("sent", [{"do": "agree", "state": "999"}, {"do": "agree"}, {"do": "shut"}, {}])
def test_a_press_that_names_nothing_finds_nothing(as_, staff, sent):
    assert as_(staff).post(PAGE, sent).status_code == 404


def test_the_independent_contacts_have_no_such_page_and_no_such_news(as_, independent, staff, other_staff):
    agree_to_state(other_staff, propose(staff))
    assert as_(independent).get(PAGE).status_code == 404
    assert "whole wall" not in as_(independent).get("/staff/").text

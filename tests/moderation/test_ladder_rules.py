"""The times of a ladder: in plain words, changed by two names, and never to what would leave somebody alone."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from moderation import calls
from moderation.actions.ladder import (
    WishOver,
    agree_to_ladder,
    lapse_wishes,
    propose_ladder,
    refuse_ladder,
    take_back_ladder,
)
from moderation.clocks import LADDER, LADDER_BOUNDS, REPEAT, UP_FOR
from moderation.ladder_rules import in_force, minutes_of
from moderation.models import LadderRule
from moderation.refusals import Missing, NotAllowed
from tests.moderation.ladders import called, clock_at, since

pytestmark = pytest.mark.django_db
EMERGENCY = ("human", "emergency")
WIDER = {"first_after": 0, "second_after": 4, "team_after": 8, "contact_after": 20, "repeat_every": 10, "up_for": 7}
WHY = "Two of us live an hour apart."


@pytest.fixture
def wish(staff) -> LadderRule:
    return propose_ladder(staff, EMERGENCY, WIDER, WHY)


def sent(**minutes) -> dict[str, str]:
    return {"do": "propose", "ladder": "human.emergency", "why": WHY} | {
        part: str(count) for part, count in (WIDER | minutes).items()
    }


def test_without_a_change_it_is_the_designs():
    known = in_force().by_key
    assert {key: ladder.minutes for key, ladder in known.items()} == dict(LADDER)
    assert {ladder.repeat for ladder in known.values()} == {REPEAT}
    assert known[EMERGENCY].up_for == UP_FOR["emergency"]


def test_what_came_with_harbour_is_within_what_is_safe():
    for key, bounds in LADDER_BOUNDS.items():
        assert all(least <= minutes_of(key)[part] <= most for part, (least, most) in bounds.items())


def test_the_page_says_it_in_plain_words(as_, staff):
    page = as_(staff).get("/staff/ladder/").text
    for words in (
        "An emergency that a person told us of",
        "At once: the first on call.",
        "After 2 min: the second on call.",
        "After 10 min: the organisation",
        "Then all of them again every 15 min",
        "“I&#x27;m up” gives 5 min",
    ):
        assert words in page


def test_one_proposes_another_agrees_and_it_counts_from_then(as_, staff, other_staff, escalated_case, on_duty):
    on_duty(staff, "on_call")
    assert as_(staff).post("/staff/ladder/", sent())["Location"] == "/staff/ladder/"
    rule = LadderRule.objects.get()
    assert in_force().by_key[EMERGENCY].minutes == LADDER[EMERGENCY]
    waits = as_(other_staff).get("/staff/ladder/").text
    assert "puffin would like it like this:" in waits and WHY in waits
    as_(other_staff).post("/staff/ladder/", {"do": "agree", "rule": rule.pk})
    ladder = in_force().by_key[EMERGENCY]
    assert (ladder.minutes, ladder.repeat, ladder.up_for) == (
        (0, 4, 8, 20),
        timedelta(minutes=10),
        timedelta(minutes=7),
    )
    case = escalated_case("danger_now")
    assert calls.ladder_of(case) == (0, 4, 8, 20)
    clock_at(since(case, minutes=3, seconds=55))
    assert called(case) == [(0, "puffin")]
    clock_at(since(case, minutes=4, seconds=5))
    assert called(case) == [(0, "puffin"), (1, "gannet")]
    log = as_(staff).get("/staff/ladder/").text
    assert "agreed to (<bdi>gannet</bdi>)" in log and "proposed by puffin" in log


def test_whoever_proposed_it_does_not_agree_to_it(as_, wish, staff):
    refused = as_(staff).post("/staff/ladder/", {"do": "agree", "rule": wish.pk})
    assert refused.status_code == 403 and "Two names: somebody else from the staff" in refused.text
    with pytest.raises(IntegrityError), transaction.atomic():
        LadderRule.objects.filter(pk=wish.pk).update(stage="agreed", answered_by=staff, answered_at=timezone.now())


def test_refused_or_taken_back_it_stays_as_it_is(wish, staff, other_staff):
    with pytest.raises(NotAllowed):
        take_back_ladder(other_staff, wish)
    refuse_ladder(other_staff, wish)
    refuse_ladder(other_staff, wish)  # twice is once
    with pytest.raises(WishOver):
        agree_to_ladder(other_staff, wish)
    again = propose_ladder(staff, EMERGENCY, WIDER, WHY)
    take_back_ladder(staff, again)
    assert in_force().by_key[EMERGENCY].minutes == LADDER[EMERGENCY]


@pytest.mark.parametrize(
    ("minutes", "part", "sentence"),
    [
        ({"first_after": 1}, "first_after", "the first call goes out at once"),
        ({"second_after": 6}, "second_after", "between 1 and 5 minutes"),
        ({"contact_after": 31}, "contact_after", "between 5 and 30 minutes"),
        ({"team_after": 3}, "team_after", "comes after the one before it"),
        ({"repeat_every": 45}, "repeat_every", "between 5 and 30 minutes"),
        ({"up_for": 60}, "up_for", "between 2 and 10 minutes"),
        ({"second_after": -1}, "second_after", "between 1 and 5 minutes"),
    ],
)
def test_what_would_not_be_safe_is_refused_beside_its_field_and_the_rest_is_kept(as_, staff, minutes, part, sentence):
    answer = as_(staff).post("/staff/ladder/", sent(**minutes))
    assert answer.status_code == 422 and sentence in answer.text and WHY in answer.text
    assert f'id="id_human_emergency_{part}_error"' in answer.text
    assert not LadderRule.objects.exists()


def test_a_number_that_is_none_and_no_reason_are_refused(as_, staff):
    assert "Write a whole number of minutes." in as_(staff).post("/staff/ladder/", sent(second_after="soon")).text
    answer = as_(staff).post("/staff/ladder/", sent() | {"why": " "})
    assert answer.status_code == 422 and "Say why" in answer.text
    with pytest.raises(Missing):
        propose_ladder(staff, EMERGENCY, minutes_of(EMERGENCY), WHY)  # this is how it is already
    assert as_(staff).post("/staff/ladder/", sent() | {"ladder": "screening.urgent"}).status_code == 404
    assert as_(staff).post("/staff/ladder/", {"do": "strange"}).status_code == 404


def test_one_change_of_a_ladder_waits_at_a_time(as_, wish, staff, other_staff):
    assert propose_ladder(staff, EMERGENCY, WIDER, WHY).pk == wish.pk  # the same again is once
    answer = as_(other_staff).post("/staff/ladder/", sent(second_after=3))
    assert answer.status_code == 409 and "waits for its second person already" in answer.text
    assert "These are your words, to copy:" in answer.text
    urgent = {"first_after": 0, "second_after": 12, "team_after": 30, "contact_after": 60, "repeat_every": 15}
    propose_ladder(other_staff, ("human", "urgent"), urgent | {"up_for": 10}, WHY)


def test_after_a_week_a_change_that_nobody_answered_is_let_go(as_, wish, other_staff):
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1), tick=False):
        late = as_(other_staff).post("/staff/ladder/", {"do": "agree", "rule": wish.pk})
        assert late.status_code == 409 and "its week is over" in late.text
        assert (lapse_wishes(), lapse_wishes()) == (1, 0)
    wish.refresh_from_db()
    assert wish.stage == "lapsed"


def test_it_is_staffs_alone(as_, wish, moderator, independent, member):
    for person in (moderator, independent, member):
        assert as_(person).get("/staff/ladder/").status_code == 404
        with pytest.raises(NotAllowed):
            propose_ladder(person, EMERGENCY, WIDER, WHY)
        with pytest.raises(NotAllowed):
            agree_to_ladder(person, wish)


def test_the_database_holds_what_must_never_be(staff):
    fields = {"severity": "emergency", "source": "human", "why": WHY, "proposed_by": staff}
    for minutes in (
        WIDER | {"first_after": 1},
        WIDER | {"team_after": 2},
        WIDER | {"repeat_every": 0},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            LadderRule.objects.create(**fields, **minutes)
    with pytest.raises(IntegrityError), transaction.atomic():
        LadderRule.objects.create(**(fields | {"severity": "soon"}), **WIDER)


@pytest.mark.django_db(transaction=True)
def test_agreed_to_and_refused_at_once_is_one_of_them(wish, other_staff, make_member, at_once):
    third = make_member("dunlin", role="staff")
    results = at_once(lambda: agree_to_ladder(other_staff, wish), lambda: refuse_ladder(third, wish))
    assert sum(isinstance(each, WishOver) for each in results) == 1

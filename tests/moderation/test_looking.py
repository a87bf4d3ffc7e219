"""Who has a case open: colleagues see it, nobody is kept out by it, and it ends by itself."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from moderation.clocks import LOOKING_FOR
from moderation.models import Case, CaseEvent, Looking
from moderation.vocabulary import READ
from realtime import clock, retention
from realtime.models import Event

pytestmark = pytest.mark.django_db


def reading(page) -> list[str]:
    return [row.looking for row in page.context["queue"].rows]


@pytest.fixture
def path(open_case):
    return f"/moderation/cases/{open_case().pk}/"


def test_whoever_opens_a_case_is_said_to_read_it(as_, moderator, other_moderator, path):
    assert reading(as_(moderator).get("/moderation/")) == [""]
    as_(other_moderator).get(path)
    assert reading(as_(moderator).get("/moderation/")) == ["kestrel is reading this"]
    assert "kestrel is reading this" in as_(moderator).get(path).text
    assert reading(as_(other_moderator).get("/moderation/")) == ["heron is reading this"]  # never oneself


def test_opening_it_again_is_once(as_, other_moderator, path):
    for _time in range(3):
        as_(other_moderator).get(path)
    assert Looking.objects.count() == 1


def test_several_are_named_in_the_order_in_which_they_came(as_, moderator, other_moderator, staff, path):
    as_(staff).get(path)
    as_(other_moderator).get(path)
    assert reading(as_(moderator).get("/moderation/")) == ["reading this now: puffin, kestrel"]


def test_it_is_gone_after_a_minute_unless_the_page_says_that_it_is_open(as_, moderator, other_moderator, path):
    start = timezone.now()
    with time_machine.travel(start, tick=False) as now:
        as_(other_moderator).get(path)
        now.shift(timedelta(seconds=30))
        assert as_(other_moderator).post(f"{path}looking/").status_code == 200
        now.shift(timedelta(seconds=59))
        assert reading(as_(moderator).get("/moderation/")) == ["kestrel is reading this"]
        now.shift(timedelta(seconds=2))
        assert reading(as_(moderator).get("/moderation/")) == [""]
        assert retention.forget("looking") == 1 and not Looking.objects.exists()


def test_the_clock_forgets_who_went_without_saying_so(as_, other_moderator, path):
    as_(other_moderator).get(path)
    Looking.objects.update(at=timezone.now() - LOOKING_FOR)
    assert "forget.looking" in clock.tick()
    assert not Looking.objects.exists()


def test_leaving_ends_it_at_once_and_twice_is_once(as_, moderator, other_moderator, path):
    as_(other_moderator).get(path)
    for _time in range(2):
        assert as_(other_moderator).post(f"{path}looking/", {"leaving": "1"}).status_code == 204
    assert reading(as_(moderator).get("/moderation/")) == [""]


def test_the_beat_says_who_else_reads(as_, moderator, other_moderator, path):
    as_(other_moderator).get(path)
    assert as_(moderator).post(f"{path}looking/").text == "kestrel is reading this"
    assert as_(other_moderator).post(f"{path}looking/").text == "heron is reading this"


def test_open_queues_hear_of_coming_and_leaving_and_not_of_every_beat(as_, told, other_moderator, path):
    case = Case.objects.get()
    client = as_(other_moderator)
    client.get(path)
    assert told(lambda: client.post(f"{path}looking/")) == [("moderation", "case.changed", case.pk)]
    assert told(lambda: client.post(f"{path}looking/")) == []
    assert told(lambda: client.post(f"{path}looking/", {"leaving": "1"})) == [("moderation", "case.changed", case.pk)]


def test_reading_is_no_act(as_, moderator, other_moderator, held_case):
    case = held_case()
    moderator.duties.update(standing=False, last_act_at=timezone.now() - timedelta(minutes=14))

    def stands() -> tuple:
        acts = CaseEvent.objects.exclude(action=READ).count()  # that it was read is on the record, and is no act either
        return Case.objects.values().get(), acts, moderator.duties.get().last_act_at

    before = stands()
    as_(moderator).get(f"/moderation/cases/{case.pk}/")
    as_(moderator).post(f"/moderation/cases/{case.pk}/looking/")
    assert stands() == before


def test_nobody_is_kept_out_by_somebody_who_reads(as_, moderator, other_moderator, path):
    as_(other_moderator).get(path)
    assert as_(moderator).post(path, {"do": "claim"}).status_code == 303


def test_members_neither_see_it_nor_take_part(as_, member, other_member, moderator, path):
    as_(moderator).get(path)
    assert as_(moderator).post(f"{path}looking/").status_code == 200
    for person in (member, other_member):
        assert as_(person).post(f"{path}looking/").status_code == 404
        for page in ("/", "/me/reports/", "/members/robin/", "/notices/"):
            assert "is reading this" not in as_(person).get(page).text
    assert [row.member.handle for row in Looking.objects.all()] == ["heron"]


def test_who_may_not_see_a_case_cannot_say_that_they_read_it(as_, moderator, staff, open_case):
    case = open_case(subject=moderator, door="rule")
    for person in (moderator, staff):
        assert as_(person).post(f"/moderation/cases/{case.pk}/looking/").status_code == 404
    assert not Looking.objects.exists()


def test_a_case_opens_also_where_nothing_can_be_written(as_, moderator, path, monkeypatch):
    from django.db import OperationalError

    from moderation.actions import looking

    def full(*_given):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(looking, "look_at", full)
    assert as_(moderator).get(path).status_code == 200
    assert not Looking.objects.exists()


def test_an_event_of_reading_says_nothing_but_the_case(as_, other_moderator, path):
    client = as_(other_moderator)
    client.get(path)
    client.post(f"{path}looking/")
    last = Event.objects.order_by("-pk").first()
    assert (last.kind, last.ref) == ("case.changed", Case.objects.get().pk)

"""Two months of days and nights, one with each change of summer time: thirty minutes, 72 hours, thirty days, and the morning."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from forum import connections
from forum.actions.posts import publish_post
from forum.models import ConnectionFact
from moderation import audit, disclosures
from moderation.actions.disclosures import (
    Asked,
    approve_disclosure,
    ask_disclosure,
    open_disclosure,
    reopen_disclosure,
    review_disclosure,
    view_disclosure,
)
from moderation.disclosure_clock import run_disclosures
from moderation.disclosure_mail import lead_hears_at
from moderation.models import CaseEvent, Disclosure, DisclosureOpening, DisclosureStage
from moderation.refusals import NotAllowed
from realtime import retention
from realtime.models import Delivery
from realtime.peers import Peer

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
SPRING, AUTUMN = datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)
LEAD = "lead@organisation.test"
MAIL = Asked(reason="They said goodbye and do not answer.", basis="vital", mail=True)


@pytest.fixture(autouse=True)
def named(settings):
    settings.PRIVACY_LEAD = LEAD


@pytest.fixture
def at(time_machine):
    """`at(moment)`: it is then, and the clocks have run: two of them, as in life."""

    def move(moment):
        time_machine.move_to(moment, tick=False)
        run_disclosures()
        run_disclosures()

    return move


@pytest.fixture
def emergency(time_machine, staff_case):
    """An emergency taken two weeks before each change; the months are walked from there."""

    def begin(moment):
        time_machine.move_to(moment, tick=False)
        return staff_case("danger_now")

    return begin


@pytest.mark.parametrize("change", [SPRING, AUTUMN], ids=["spring", "autumn"])
@pytest.mark.parametrize("before", [-90, -60, -45, -30, -15, -1, 0, 15, 30, 59, 60], ids=str)
def test_thirty_minutes_are_thirty_minutes_whenever_they_begin_that_night(emergency, staff, at, change, before):
    case = emergency(change - timedelta(hours=3))
    wish = ask_disclosure(case, staff, MAIL)
    start = change + timedelta(minutes=before)
    at(start)
    opening = open_disclosure(wish, staff)
    assert disclosures.until_of(opening) - opening.opened_at == timedelta(minutes=30)
    at(start + timedelta(minutes=29, seconds=59))
    assert view_disclosure(wish, staff).mail
    at(start + timedelta(minutes=30))
    with pytest.raises(NotAllowed):
        view_disclosure(wish, staff)


def test_the_hour_that_happens_twice_is_named_on_the_page(as_, emergency, staff, at):
    case = emergency(AUTUMN - timedelta(hours=3))
    wish = ask_disclosure(case, staff, MAIL)
    for start, name in (
        (AUTUMN - timedelta(minutes=40), "01:50 (BST)"),
        (AUTUMN + timedelta(minutes=20), "01:50 (GMT)"),
    ):
        at(start)
        reopen_disclosure(wish, staff) if wish.openings.exists() else open_disclosure(wish, staff)
        assert f"Open until {name}" in as_(staff).get(f"/staff/disclosures/{wish.pk}/").text


@pytest.mark.parametrize(
    ("local", "heard"),
    [
        ((2026, 3, 28, 20, 0), (2026, 3, 29, 8, 0)),
        ((2026, 3, 29, 0, 59), (2026, 3, 29, 8, 0)),
        ((2026, 3, 29, 7, 59), (2026, 3, 29, 8, 0)),
        ((2026, 3, 29, 8, 0), (2026, 3, 29, 8, 0)),
        ((2026, 10, 24, 23, 30), (2026, 10, 25, 8, 0)),
        ((2026, 10, 25, 1, 30), (2026, 10, 25, 8, 0)),
        ((2026, 10, 25, 19, 59), (2026, 10, 25, 19, 59)),
        ((2026, 12, 31, 23, 59), (2027, 1, 1, 8, 0)),
    ],
)
def test_the_privacy_lead_hears_at_once_by_day_and_in_the_morning_by_night(local, heard):
    for fold in (0, 1):
        now = datetime(*local, tzinfo=LONDON, fold=fold)
        assert lead_hears_at(now) == datetime(*heard, tzinfo=LONDON, fold=fold)


@pytest.mark.parametrize("hour", [3, 12])
def test_the_privacy_leads_mail_says_nothing_about_anybody(emergency, staff, at, hour):
    case = emergency(datetime(2026, 6, 1, hour, tzinfo=UTC))
    open_disclosure(ask_disclosure(case, staff, MAIL), staff)
    mail = Delivery.objects.get(address=LEAD)
    said = (mail.subject + mail.body).lower()
    for word in ("robin", "puffin", "goodbye", "harbour.test", "emergency:"):
        assert word not in said
    assert "one person opened them alone" in said
    waits = mail.due_at - timezone.now()
    assert waits == (timedelta(hours=4) if hour == 3 else timedelta(0))  # 03:00 UTC is 04:00 in summer


def test_where_no_lead_is_named_nothing_is_sent_and_the_page_says_so(as_, emergency, staff, at, settings):
    settings.PRIVACY_LEAD = ""
    case = emergency(datetime(2026, 6, 1, 12, tzinfo=UTC))
    open_disclosure(ask_disclosure(case, staff, MAIL), staff)
    assert not Delivery.objects.filter(dedupe__startswith="disclosure-lead").exists()
    assert "No privacy lead is named here" in as_(staff).get("/staff/disclosures/").text


@pytest.mark.parametrize("change", [SPRING, AUTUMN], ids=["spring", "autumn"])
def test_the_review_is_due_after_72_hours_reminded_a_day_before_and_told_when_late(
    emergency, staff, other_staff, at, change
):
    case = emergency(change - timedelta(hours=30))
    wish = ask_disclosure(case, staff, MAIL)
    open_disclosure(wish, staff)
    start = timezone.now()

    def told(what):
        return Delivery.objects.filter(dedupe__startswith=f"disclosure-{what}:{wish.pk}").count()

    assert told("review") == 1  # gannet; puffin knows
    at(start + timedelta(hours=47, minutes=59))
    assert told("remind") == 0
    at(start + timedelta(hours=48))
    assert told("remind") == 1
    at(start + timedelta(hours=71, minutes=59))
    assert told("late") == 0
    at(start + timedelta(hours=72))
    assert told("late") == 1 and told("late-lead") == 1
    review_disclosure(wish, other_staff, right=True, words="It was.")
    at(start + timedelta(hours=100))
    assert told("late") == 1


def test_a_wish_that_nobody_answers_lapses_after_seven_days_and_one_agreed_to_is_not_opened_later(emergency, staff, at):
    case = emergency(SPRING - timedelta(days=3))
    wish = ask_disclosure(case, staff, MAIL)
    at(wish.asked_at + timedelta(days=7) - timedelta(seconds=1))
    wish.refresh_from_db()
    assert wish.stage == "asked"
    at(wish.asked_at + timedelta(days=7))
    wish.refresh_from_db()
    assert wish.stage == "lapsed"
    with pytest.raises(NotAllowed):
        open_disclosure(wish, staff)
    assert CaseEvent.objects.filter(case=case, action="disclosure_lapsed", actor=None).count() == 1


@pytest.mark.parametrize(
    "start", [datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)], ids=["spring", "autumn"]
)
def test_two_months_go_by_and_nothing_is_open_too_long_kept_too_long_or_forgotten(
    emergency, member, other_member, staff, other_staff, at, start
):
    """Every third night somebody goes alone, every tenth review is late and the next one is no lone one, and somebody else
    writes once a day."""
    case, mails = emergency(start), 0
    wishes: list[Disclosure] = []
    for hours in range(0, 61 * 24, 6):
        at(start + timedelta(hours=hours))
        now = timezone.now()
        if hours % 24 == 0:
            publish_post(other_member, body=f"Day {hours}.", key=uuid4(), via=Peer("203.0.113.7", 5))
        if hours % 72 == 0:
            wishes.append(ask_disclosure(case, staff, MAIL))
            if len(wishes) in (11, 21):  # the review before this one is late
                with pytest.raises(NotAllowed, match="waits for its review"):
                    open_disclosure(wishes[-1], staff)
                approve_disclosure(wishes[-1], other_staff)
            open_disclosure(wishes[-1], staff)
        if len(wishes) % 10 and hours % 72 == 48:
            for unread in Disclosure.objects.filter(stage=DisclosureStage.ALONE, reviewed_at=None):
                review_disclosure(unread, other_staff, right=True, words="It was.")
        retention.forget("connections")
        oldest = ConnectionFact.objects.order_by("pk").first()
        assert oldest and now - connections.read_of_post(oldest.post_id).at < timedelta(days=30)
        assert ConnectionFact.objects.count() <= 30
        running = [each for each in DisclosureOpening.objects.all() if now < disclosures.until_of(each)]
        assert all(now - each.opened_at < timedelta(minutes=30) for each in running)
    late = Disclosure.objects.filter(stage=DisclosureStage.ALONE, late_told_at__isnull=False)
    mails = Delivery.objects.filter(address=LEAD, dedupe__startswith="disclosure-lead").count()
    assert mails == DisclosureOpening.objects.count() == len(wishes) == 21
    assert {each.pk for each in late} == {wishes[9].pk, wishes[19].pk}
    opened = CaseEvent.objects.filter(case=case, action="open_disclosure").count()
    assert opened == 21 and audit.verify() is None

"""What the clock does to cases, on time, once, and without a burst after a pause."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from moderation import calls, clocks, deadlines
from moderation.actions.cases import note_case
from moderation.actions.escalation import close_case, take_case
from moderation.actions.reports import report_member
from moderation.models import Case, CaseEvent, LadderStep, State
from realtime.models import Delivery


@pytest.fixture
def later():
    """`later(minutes=4)`: the clock runs once, that long from the start of the test."""
    start = timezone.now()

    def run(**ahead):
        with time_machine.travel(start + timedelta(**ahead), tick=False):
            deadlines.run_deadlines()

    return run


def mails() -> Counter:
    """How many mails wait, by address."""
    return Counter(Delivery.objects.values_list("address", flat=True))


@pytest.mark.parametrize(("category", "minutes"), [("danger_now", 5), ("ending_life", 15), ("worried", 30)])
def test_a_claim_without_an_act_lapses_by_severity(held_case, later, category, minutes):
    case = held_case(category)
    later(minutes=minutes - 1)
    assert Case.objects.get(pk=case.pk).state == State.IN_REVIEW
    later(minutes=minutes, seconds=5)
    case.refresh_from_db()
    assert (case.state, case.holder) == (State.OPEN, None)
    assert [event.action for event in case.events.all()] == ["open", "claim", "lapse"]


def test_an_act_keeps_the_claim(held_case, moderator, later):
    case = held_case()
    with time_machine.travel(timezone.now() + timedelta(minutes=25)):
        note_case(case, moderator, "Still reading.")
    later(minutes=40)
    assert Case.objects.get(pk=case.pk).state == State.IN_REVIEW


def test_claiming_and_letting_go_buys_no_time_beyond_the_decision(held_case, moderator):
    from moderation.actions.cases import claim_case, release_case

    case = held_case("ending_life")
    limit = case.first_looked_at + clocks.DECISION["urgent"]
    start = timezone.now()
    for minutes in (10, 120, 230):
        with time_machine.travel(start + timedelta(minutes=minutes)):
            case = release_case(case, moderator)
            assert case.due_at <= limit
            case = claim_case(case, moderator)
    assert case.due_at == limit


def test_at_half_time_the_people_on_duty_are_nudged_once(open_case, moderator, on_duty, make_member, later):
    on_duty(make_member("kestrel", role="moderator"))
    make_member("asleep", role="moderator")
    case = open_case("ending_life")
    later(minutes=29)
    assert mails() == {}
    later(minutes=31)
    later(minutes=32)
    assert mails() == {"heron@harbour.test": 1, "kestrel@harbour.test": 1}
    assert Case.objects.get(pk=case.pk).state == State.OPEN


def test_a_nudge_says_nothing_about_the_person(open_case, later):
    open_case("ending_life")
    later(minutes=31)
    mail = Delivery.objects.get()
    assert "urgent" in mail.subject
    for word in ("robin", "wren", "sleeping", "life", "care"):
        assert word not in (mail.subject + mail.body).lower()


def test_who_blocked_the_person_is_not_nudged(open_case, moderator, member, later):
    from forum.models import Block

    open_case("ending_life")
    Block.objects.create(blocker=moderator, blocked=member)
    later(minutes=31)
    assert mails() == {}


@pytest.mark.parametrize(
    ("category", "limit"), [("danger_now", {"minutes": 5}), ("ending_life", {"hours": 1}), ("worried", {"hours": 12})]
)
def test_what_nobody_looked_at_in_time_goes_to_staff(open_case, later, category, limit):
    case = open_case(category)
    later(**{unit: count - 1 for unit, count in limit.items()})
    assert Case.objects.get(pk=case.pk).state == State.OPEN
    later(**limit, seconds=5)
    case.refresh_from_db()
    assert (case.state, case.escalation_source, case.episode) == (State.ESCALATED, "clock", 1)
    assert case.severity == open_case_severity(category)


def open_case_severity(category: str) -> str:
    return {"danger_now": "emergency", "ending_life": "urgent", "worried": "soon"}[category]


def test_what_is_claimed_and_worked_on_but_not_decided_goes_to_staff(held_case, moderator, later):
    case = held_case()
    with time_machine.travel(timezone.now() + timedelta(hours=23, minutes=50)):
        note_case(case, moderator, "Still asking around.")
    later(hours=24, minutes=1)
    case.refresh_from_db()
    assert (case.state, case.escalated_by) == (State.ESCALATED, moderator)


def test_a_next_action_that_passes_escalates_again(staff_case, staff, later):
    case = staff_case("danger_now")
    later(minutes=29)
    assert Case.objects.get(pk=case.pk).state == State.WITH_STAFF
    later(minutes=31)
    case.refresh_from_db()
    assert (case.state, case.holder, case.episode) == (State.ESCALATED, None, 2)


def test_staff_who_act_have_the_whole_time_again(staff_case, staff, later):
    case = staff_case("danger_now")
    with time_machine.travel(timezone.now() + timedelta(minutes=20)):
        note_case(case, staff, "Rang them.")
    later(minutes=45)
    assert Case.objects.get(pk=case.pk).state == State.WITH_STAFF


def test_the_ladder_calls_one_level_after_another(
    escalated_case, staff, other_staff, make_member, on_duty, later, settings
):
    settings.EMERGENCY_CONTACT = "chair@org.test"
    third = make_member("dunlin", role="staff")
    on_duty(staff, "on_call")
    escalated_case("danger_now")
    later(seconds=1)
    assert mails() == {staff.email: 1}
    later(minutes=2, seconds=5)
    assert mails() == {staff.email: 1, other_staff.email: 1}
    later(minutes=5, seconds=5)
    assert mails() == {staff.email: 2, other_staff.email: 2, third.email: 1}
    later(minutes=10, seconds=5)
    assert mails()["chair@org.test"] == 1


def test_nobody_answers_and_the_calls_go_on_marked_so(escalated_case, staff, later, other_member, told):
    case = escalated_case("danger_now")
    later(minutes=11)
    heard = told(lambda: later(minutes=25, seconds=30))
    case.refresh_from_db()
    assert case.unanswered_at is not None
    assert (f"member:{other_member.pk}", "notice.changed", case.pk) in heard
    assert Delivery.objects.filter(subject__startswith="Unanswered").count() == 1
    later(minutes=40, seconds=30)
    assert Delivery.objects.filter(subject__startswith="Unanswered").count() == 2


def test_the_ladder_ends_when_somebody_takes_it(escalated_case, staff, later):
    case = escalated_case("danger_now")
    later(seconds=1)
    before = mails()
    take_case(Case.objects.get(pk=case.pk), staff)
    later(minutes=12)
    assert mails() == before
    assert before


def test_soon_and_routine_wake_nobody(escalated_case, staff, on_duty, later):
    on_duty(staff, "on_call")
    escalated_case("worried")
    later(hours=8)
    assert mails() == {}


def test_a_pause_is_caught_up_without_a_burst(escalated_case, staff, later):
    escalated_case("danger_now")
    later(hours=6)
    assert LadderStep.objects.count() == 4 + 23
    assert not Delivery.objects.filter(subject__startswith="Unanswered").exists()  # nobody was called before
    later(hours=6, minutes=11)
    assert Delivery.objects.filter(subject__startswith="Unanswered").count() == 1
    assert max(mails().values()) <= 4


def test_screening_alone_climbs_slowly_and_its_urgent_wakes_nobody(member, staff, post_by):
    from django.db import transaction

    from moderation.actions.reports import open_from_screening
    from moderation.screening import Screening
    from realtime import log

    post = post_by(member)
    with transaction.atomic():
        log.append(*open_from_screening(post, Screening("emergency", "crisis", 1.0, ())))
    case = Case.objects.get()
    assert (case.state, calls.ladder_of(case)) == (State.ESCALATED, (0, 5, 15, 30))
    Case.objects.update(severity="urgent")
    assert calls.ladder_of(Case.objects.get()) == ()


def test_a_person_who_reports_the_same_makes_the_ladder_quick(member, other_member, staff, post_by):
    test_screening_alone_climbs_slowly_and_its_urgent_wakes_nobody(member, staff, post_by)
    report_member(other_member, member, "worry", "danger_now", key=uuid4())
    assert calls.ladder_of(Case.objects.get()) == (0, 2, 5, 10)


def test_what_staff_took_and_let_lie_calls_people_though_only_screening_had_asked(member, staff, post_by):
    test_screening_alone_climbs_slowly_and_its_urgent_wakes_nobody(member, staff, post_by)
    take_case(Case.objects.get(), staff)
    with time_machine.travel(timezone.now() + timedelta(hours=5)):
        deadlines.escalate_late()
        assert Case.objects.get().state == State.ESCALATED
        assert calls.ladder_of(Case.objects.get()) == (0, 10, 30, 60)


def test_the_one_a_case_is_about_is_not_called(open_case, staff, other_staff, on_duty, later):
    on_duty(staff, "on_call")
    case = open_case("ending_life", subject=staff)
    assert Case.objects.get(pk=case.pk).state == State.ESCALATED
    later(minutes=31)
    assert set(mails()) == {other_staff.email}


def test_a_short_close_that_nobody_read_again_is_brought_up_once(staff_case, staff, other_staff):
    close_case(staff_case(), staff, because="A song.")
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        calls.remind()
        calls.remind()
    assert (
        Delivery.objects.filter(dedupe__startswith="second:").values_list("address", flat=True).get()
        == other_staff.email
    )


def test_what_waits_quietly_is_in_the_mornings_mail(escalated_case, staff):
    escalated_case("worried")
    with time_machine.travel(datetime(2030, 3, 4, 8, 0, tzinfo=UTC)):
        calls.remind()
    assert mails() == {}
    with time_machine.travel(datetime(2030, 3, 4, 9, 30, tzinfo=UTC)):
        calls.remind()
        calls.remind()
    assert mails() == {staff.email: 1}


def test_screenings_own_urgent_woke_nobody_and_is_in_the_mornings_mail(member, staff, post_by):
    post_by(member, "I'm going to kill myself. I don't know when.")
    case = Case.objects.get(kind="care")
    Case.objects.filter(pk=case.pk).update(severity="urgent")
    with time_machine.travel(datetime(2030, 3, 4, 9, 30, tzinfo=UTC), tick=False):
        deadlines.run_deadlines()
        assert (Case.objects.get(pk=case.pk).state, mails()) == (State.ESCALATED, {})
        calls.remind()
    assert mails() == {staff.email: 1}


def test_the_organisations_contact_never_hears_of_the_teams_own_conduct(
    settings, open_case, escalated_case, other_moderator, moderator, independent, later
):
    settings.EMERGENCY_CONTACT = "contact@example.org"
    escalated_case("ending_life")
    open_case("threat", door="rule", subject=other_moderator)
    later(hours=2, minutes=31)
    assert Case.objects.filter(state=State.ESCALATED).count() == 2
    later(hours=4)
    heard = Delivery.objects.filter(address="contact@example.org", dedupe__startswith="ladder:")
    about = {int(dedupe.split(":")[1]) for dedupe in heard.values_list("dedupe", flat=True)}
    assert about == {Case.objects.get(kind="care").pk}
    conduct = Case.objects.get(kind="conduct")
    assert Delivery.objects.filter(dedupe__startswith=f"ladder:{conduct.pk}:", address=independent.email).exists()


def test_the_next_staffed_morning_skips_the_weekend():
    friday = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
    assert clocks.next_staffed_morning(friday).astimezone(UTC) == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_an_idle_clock_writes_nothing(open_case, django_assert_num_queries, later):
    open_case()
    with django_assert_num_queries(7):  # one for each step; the ladders are looked at before and after the long lists
        later(seconds=30)


def test_whoever_is_due_to_be_called_is_called_before_a_long_list_of_late_cases(escalated_case, staff, monkeypatch):
    case, seen = escalated_case("danger_now"), list[int]()
    monkeypatch.setattr(deadlines, "escalate_late", lambda: seen.append(case.ladder_steps.count()))
    deadlines.run_deadlines()
    assert seen == [1]


@pytest.mark.django_db(transaction=True)
def test_four_clocks_do_each_thing_once(
    escalated_case, held_case, open_case, make_member, staff, other_staff, at_once, settings
):
    settings.PEOPLE_WHO_WAKE_US = settings.PEOPLE_TOLD_OF = 100  # one person tells of all of them here
    escalated_case("danger_now")
    for letter in "abcde":
        open_case("ending_life", subject=make_member(f"sub{letter}"))
        held_case("worried", subject=make_member(f"held{letter}"))
    with time_machine.travel(timezone.now() + timedelta(hours=1, minutes=1), tick=False):
        failures = [result for result in at_once(*[deadlines.run_deadlines] * 4) if result]
    assert failures == []
    assert CaseEvent.objects.filter(action="late").count() == 5
    assert CaseEvent.objects.filter(action="lapse").count() == 5
    steps = LadderStep.objects.values_list("case", "episode", "step")
    assert len(steps) == len(set(steps))
    assert max(Counter(Delivery.objects.values_list("dedupe", flat=True)).values()) == 1

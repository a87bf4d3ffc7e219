"""How moderators are looked after: limits of their own, what they would rather not read, a hello, and somebody else for it."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from forum.access import facts_of
from forum.models import Notice
from moderation import hard
from moderation.access import case_facts
from moderation.actions import moderator_care
from moderation.actions.cases import claim_case, release_case
from moderation.actions.leaving_shift import ask_somebody_else
from moderation.actions.reports import report_member
from moderation.colleagues import who_may_take
from moderation.filters import Filters
from moderation.models import Case, CheckIn, DeclinedCategory, ModeratorCare, PutAside
from moderation.queues import read_queue, waiting
from moderation.refusals import CaseMoved, NotAllowed
from moderation.team_forms import versions_of
from realtime import retention
from realtime.deliveries import send_due
from tests.moderation.pressing import press_and_send

pytestmark = pytest.mark.django_db


def mails_to(person) -> list:
    send_due()
    return [each for each in mail.outbox if each.to == [person.email]]


def decline(person, *categories: str) -> None:
    moderator_care.set_own_care(person, hard_limit=None, check_in=True, declined=categories)


def shown(person, **chosen) -> set[int]:
    return {row.case.pk for row in read_queue(facts_of(person), Filters(**chosen)).rows}


def press(client, case: Case, do: str, **fields):
    seen = Case.objects.get(pk=case.pk).version
    return press_and_send(client, f"/moderation/cases/{case.pk}/", {"do": do, "seen": seen, **fields})


def decide(client, case: Case):
    return press(client, case, "decide", kind="no_action", statement="", seen_posts=versions_of([case.post]))


# What is put aside


def test_what_i_would_rather_not_read_is_put_aside_and_a_colleague_sees_it(as_, moderator, other_moderator, open_case):
    case, other = open_case("abuse", door="rule"), open_case("spam", door="rule")
    decline(moderator, "rule.abuse")
    assert shown(moderator) == {other.pk}
    assert shown(moderator, aside="on") == {case.pk}
    assert shown(other_moderator) == {case.pk, other.pk}
    page = as_(moderator).get("/moderation/").text
    assert "1 put aside for you" in page and "?aside=on" in page
    assert "put aside for you" not in as_(other_moderator).get("/moderation/").text
    assert waiting(facts_of(moderator)).count() == 1
    assert f"case-{case.pk}" in as_(moderator).get("/moderation/?aside=on").text


def test_nothing_is_forbidden_and_what_one_holds_is_not_put_aside(moderator, open_case):
    case = open_case("abuse", door="rule")
    decline(moderator, "rule.abuse")
    claim_case(case, moderator)
    assert shown(moderator) == {case.pk}


def test_it_is_offered_to_nobody_who_declined_it(moderator, other_moderator, staff, open_case):
    case = open_case("abuse", door="rule")
    decline(other_moderator, "rule.abuse")
    assert other_moderator not in who_may_take(case_facts(case))
    assert moderator in who_may_take(case_facts(case))


def test_when_everybody_here_declined_it_staff_are_called_at_once(
    moderator, member, other_member, make_member, on_duty
):
    on_duty(moderator)
    decline(moderator, "worry.ending_life")
    case = report_member(other_member, member, "worry", "ending_life", key=uuid4()).case
    assert case.state == "escalated"
    other = report_member(other_member, make_member("plover"), "worry", "controlled", key=uuid4()).case
    assert other.state != "closed"


def test_no_door_but_ours_can_be_declined(moderator):
    decline(moderator, "rule.abuse", "self.danger_now", "rule.team.more", "worry.nothing")
    assert [str(each) for each in DeclinedCategory.objects.all()] == ["rule.abuse"]


# Somebody else on this


def test_somebody_else_in_one_press_without_a_reason(as_, moderator, other_moderator, held_case):
    case = held_case("worried")
    assert "I need someone else on this" in as_(moderator).get(f"/moderation/cases/{case.pk}/").text
    answer = press(as_(moderator), case, "someone_else")
    assert answer["Location"] == "/moderation/"
    case.refresh_from_db()
    assert (case.state, case.holder) == ("open", None)
    event = case.events.order_by("-n").first()
    assert (event.action, event.actor) == ("someone_else", moderator)
    assert not hasattr(event, "said") or event.said.words == ""
    assert shown(moderator) == set() and shown(other_moderator) == {case.pk}
    assert moderator not in who_may_take(case_facts(case))


def test_pressed_twice_it_is_once_and_late_it_says_who_was_quicker(moderator, other_moderator, held_case):
    case = held_case("worried")
    ask_somebody_else(case, moderator)
    ask_somebody_else(case, moderator)
    assert PutAside.objects.count() == 1
    assert case.events.filter(action="someone_else").count() == 1


def test_nobody_asks_for_somebody_else_on_a_colleague_s_case(as_, other_moderator, member, held_case):
    case = held_case("worried")
    with pytest.raises(NotAllowed):
        ask_somebody_else(case, other_moderator)
    assert press(as_(other_moderator), case, "someone_else").status_code == 422
    assert press(as_(member), case, "someone_else").status_code == 404


def test_who_lost_it_meanwhile_hears_that_it_moved(moderator, held_case):
    case = held_case("worried")
    seen = Case.objects.get(pk=case.pk)
    release_case(case, moderator)
    with pytest.raises(CaseMoved):
        ask_somebody_else(seen, moderator)


def test_an_urgent_one_nudges_the_others_on_duty_at_once(moderator, other_moderator, on_duty, held_case):
    case = held_case("ending_life")
    on_duty(other_moderator)
    ask_somebody_else(case, moderator)
    assert len(mails_to(other_moderator)) == 1
    assert mails_to(moderator) == []


def test_staff_who_need_somebody_else_leave_it_waiting_for_staff(as_, staff, staff_case):
    case = staff_case("worried")
    answer = as_(staff).post(f"/staff/cases/{case.pk}/", {"do": "someone_else", "seen": case.version})
    assert answer["Location"] == "/staff/"
    case.refresh_from_db()
    assert (case.state, case.holder) == ("escalated", None) and case.escalated_by != staff


# Hard cases


def test_hard_cases_of_today_are_counted_for_oneself_and_no_limit_forbids(as_, moderator, open_case, make_member):
    first = open_case("method", door="rule")
    claim_case(first, moderator)
    claim_case(open_case("spam", door="rule"), moderator)
    assert hard.taken_today(moderator.pk, timezone.now()) == 1
    page = as_(moderator).get("/moderation/").text
    assert "Hard cases you took today: 1." in page and "This may be enough" not in page
    moderator_care.set_own_care(moderator, hard_limit=1, check_in=True, declined=[])
    page = as_(moderator).get("/moderation/").text
    assert "You set yourself 1." in page and "This may be enough for today." in page
    assert claim_case(open_case("abuse", door="rule"), moderator).holder == moderator


def test_yesterday_s_do_not_count(moderator, held_case):
    held_case("method", door="rule")
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert hard.taken_today(moderator.pk, timezone.now()) == 0


# Ten minutes, and a hello


def test_after_a_hard_case_ten_minutes_are_offered_and_staff_say_hello(as_, moderator, staff, held_case):
    case = held_case("method", door="rule")
    assert decide(as_(moderator), case).status_code == 303
    assert "Take ten minutes" in as_(moderator).get(f"/moderation/cases/{case.pk}/").text
    notices = as_(staff).get("/notices/").text
    assert "has just come out of a hard case. Say hello?" in notices
    page = as_(staff).get("/moderation/duty/").text
    assert "I have said hello" in page
    waits = CheckIn.objects.get()
    for _press in range(2):
        as_(staff).post("/moderation/duty/", {"do": "hello", "check_in": waits.pk})
    waits.refresh_from_db()
    assert waits.said_by == staff
    assert "I have said hello" not in as_(staff).get("/moderation/duty/").text
    assert "hard case" not in as_(staff).get("/notices/").text


def test_the_buddy_who_is_on_shift_is_asked_and_nobody_else(as_, moderator, other_moderator, staff, on_duty, held_case):
    moderator_care.set_team_care(staff, moderator, induction_on=None, buddy=other_moderator, supervision_on=None)
    on_duty(other_moderator)
    decide(as_(moderator), held_case("abuse", door="rule"))
    assert Notice.objects.filter(kind="hello").get().member == other_moderator
    waits = CheckIn.objects.get()
    assert as_(staff).post("/moderation/duty/", {"do": "hello", "check_in": waits.pk}).status_code == 404
    assert as_(moderator).post("/moderation/duty/", {"do": "hello", "check_in": waits.pk}).status_code == 404


def test_one_hello_waits_at_a_time_and_is_forgotten_in_a_day(as_, moderator, staff, held_case):
    for _time in range(2):
        decide(as_(moderator), held_case("abuse", door="rule"))
    assert CheckIn.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        retention.forget("hellos")
    assert CheckIn.objects.count() == 0


def test_a_plain_case_and_giving_one_back_ask_nobody(as_, moderator, staff, held_case):
    decide(as_(moderator), held_case("spam", door="rule"))
    assert ModeratorCare.objects.count() == 0
    press(as_(moderator), held_case("abuse", door="rule"), "release")
    assert CheckIn.objects.count() == 0
    assert "Take ten minutes" in as_(moderator).get("/moderation/").text


def test_who_does_not_want_it_is_left_alone(as_, moderator, staff, held_case):
    moderator_care.set_own_care(moderator, hard_limit=None, check_in=False, declined=[])
    case = held_case("abuse", door="rule")
    decide(as_(moderator), case)
    assert "Take ten minutes" not in as_(moderator).get(f"/moderation/cases/{case.pk}/").text
    assert CheckIn.objects.count() == 0


def test_for_ten_minutes_the_queue_is_calm_and_an_urgent_worry_waits_for_nobody(
    as_, moderator, member, other_member, open_case, on_duty
):
    case = open_case("spam", door="rule")
    as_(moderator).post("/moderation/duty/", {"do": "ten", "back": "/moderation/"})
    page = as_(moderator).get("/moderation/").text
    assert "Ten minutes for you" in page and f"case-{case.pk}" not in page
    assert report_member(other_member, member, "worry", "ending_life", key=uuid4()).case.state == "escalated"
    as_(moderator).post("/moderation/duty/", {"do": "end_ten"})
    assert f"case-{case.pk}" in as_(moderator).get("/moderation/").text
    as_(moderator).post("/moderation/duty/", {"do": "ten"})
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert f"case-{case.pk}" in as_(moderator).get("/moderation/").text


# The pages


def test_i_set_my_own_limits_and_nobody_is_told(as_, moderator, staff):
    page = as_(moderator).get("/moderation/care/")
    assert page.status_code == 200 and "nobody asks for a reason" in page.text
    fields = {"hard_limit": "8", "declined": ["rule.abuse", "screening.crisis"]}
    assert as_(moderator).post("/moderation/care/", fields).status_code == 302
    kept = ModeratorCare.objects.get(pk=moderator.pk)
    assert (kept.hard_limit, kept.check_in) == (8, False)
    assert {str(each) for each in DeclinedCategory.objects.all()} == {"rule.abuse", "screening.crisis"}
    assert 'value="rule.abuse" id="id_declined_ruleabuse" checked' in as_(moderator).get("/moderation/care/").text
    team = as_(staff).get("/staff/team/").text
    assert "abusive" not in team and "8" not in team.partition("<bdi>heron")[2].partition("</dl>")[0]


@pytest.mark.parametrize("wrong", ["0", "51", "many"])
def test_a_limit_that_is_none_comes_back(as_, moderator, wrong):
    answer = as_(moderator).post("/moderation/care/", {"hard_limit": wrong, "declined": ["rule.abuse"]})
    assert answer.status_code == 422 and 'id_declined_ruleabuse" checked' in answer.text
    assert ModeratorCare.objects.count() == 0


def test_staff_arrange_induction_buddy_and_supervision(as_, staff, moderator, other_moderator):
    late = timezone.localdate() - timedelta(days=3)
    fields = {"induction_on": "2026-02-01", "buddy": other_moderator.pk, "next_supervision_on": late.isoformat()}
    answer = as_(staff).post("/staff/team/", {"member": moderator.pk, **fields})
    assert answer.status_code == 303
    page = as_(staff).get("/staff/team/").text
    assert "supervision is overdue" in page and "1 February 2026" in page
    assert "kestrel" in as_(moderator).get("/moderation/care/").text


def test_what_staff_write_wrong_comes_back(as_, staff, moderator, member):
    for wrong in ({"next_supervision_on": "soon"}, {"buddy": moderator.pk}, {"buddy": member.pk}):
        assert as_(staff).post("/staff/team/", {"member": moderator.pk, **wrong}).status_code == 422
    assert as_(staff).post("/staff/team/", {"member": member.pk}).status_code == 404
    assert ModeratorCare.objects.count() == 0


def test_nobody_else_opens_these_pages(as_, client, member, moderator, independent):
    assert as_(member).get("/moderation/care/").status_code == 404
    for person in (member, moderator, independent):
        assert as_(person).get("/staff/team/").status_code == 404
    assert client.get("/moderation/care/").status_code == 302
    with pytest.raises(NotAllowed):
        moderator_care.set_team_care(moderator, moderator, induction_on=None, buddy=None, supervision_on=None)
    with pytest.raises(NotAllowed):
        decline(member, "rule.abuse")


def test_the_database_keeps_nobody_as_their_own_buddy_and_one_hello_at_a_time(moderator):
    for make in (
        lambda: ModeratorCare.objects.create(member=moderator, buddy=moderator),
        lambda: ModeratorCare.objects.create(member=moderator, hard_limit=0),
        lambda: CheckIn.objects.bulk_create([CheckIn(member=moderator), CheckIn(member=moderator)]),
        lambda: CheckIn.objects.create(member=moderator, said_at=timezone.now()),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            make()


def test_the_queue_asks_the_database_no_more_for_many_put_aside(
    as_, moderator, open_case, django_assert_max_num_queries, make_member
):
    decline(moderator, "rule.abuse")
    for number in range(3):
        open_case("abuse", door="rule", subject=make_member(f"tern{number}"))
    as_(moderator).get("/moderation/")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        as_(moderator).get("/moderation/")
    for number in range(5):
        open_case("abuse", door="rule", subject=make_member(f"gull{number}"))
    with CaptureQueriesContext(connection) as many:
        as_(moderator).get("/moderation/")
    assert len(many) == len(few)

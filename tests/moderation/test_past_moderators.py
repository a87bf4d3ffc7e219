"""Some reports go past moderators: a child, control, somebody of the team. Nothing of them shows in any list, count or socket."""

from itertools import product
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.access import ViewerFacts, facts_of
from forum.models import Member, Notice, Role, Standing
from moderation import access, calls, letters, queues
from moderation.actions.cases import claim_case
from moderation.actions.climbing import climb_ladders
from moderation.actions.escalation import escalate_case, take_case
from moderation.actions.letters import settle_letter, tell_of_team
from moderation.actions.reports import report_member, report_post
from moderation.filters import Filters
from moderation.live import case_sight
from moderation.models import Case, Kind, LadderStep, Letter, Report, Reserved, Severity, State
from moderation.refusals import CaseMoved, NotAllowed
from moderation.workflow import may_see_case
from realtime import log

PAST_MODERATORS = [
    (door, category) for door, category in product(("worry", "rule"), ("child", "controlled", "under_18"))
]
pytestmark = pytest.mark.django_db


def report_about(reporter, member, door, category) -> Case:
    return report_member(reporter, member, door, category, key=uuid4()).case


def seen_by(person) -> set[int]:
    return set(Case.objects.filter(access.cases_visible_to(person)).values_list("pk", flat=True))


@pytest.fixture
def reserved_cases(db):
    """A case of each kind, reservation, and role of its subject."""
    roles = [(role, reserved) for role in Role.values for reserved in Reserved.values]
    for number, (role, reserved) in enumerate(roles):
        person = Member.objects.create(
            email=f"{number}@x.test", handle=f"p{number}", handle_key=f"p{number}", role=role,
            is_staff=role == Role.ADMINISTRATOR,
        )  # fmt: skip
        for kind in Kind.values:
            if kind == Kind.CONDUCT or reserved != Reserved.INDEPENDENT:
                Case.objects.create(
                    kind=kind, subject=person, subject_role=role, severity=Severity.SOON, reserved_for=reserved
                )
    return Case.objects.all()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(role=st.sampled_from(Role.values), standing=st.sampled_from(Standing.values))
def test_database_and_memory_agree_about_what_is_reserved(reserved_cases, role, standing):
    viewer = ViewerFacts(0, role, standing)
    in_memory = {pk for pk, facts in access.cases_facts(reserved_cases).items() if may_see_case(viewer, facts)}
    assert set(reserved_cases.filter(access.cases_visible_to(viewer)).values_list("pk", flat=True)) == in_memory
    if role == Role.MODERATOR:
        assert not reserved_cases.filter(pk__in=in_memory).exclude(reserved_for="").exists()


@pytest.mark.parametrize(("door", "category"), PAST_MODERATORS)
def test_a_moderator_learns_nothing_of_it(
    as_, open_case, member, other_member, moderator, staff, make_member, door, category
):
    ordinary = open_case(subject=make_member("finch"))  # the premise: a moderator does see cases
    before = log.positions(["moderation"])
    case = report_about(other_member, member, door, category)
    assert (case.reserved_for, case.state) == ("staff", "escalated")
    assert seen_by(moderator) == {ordinary.pk} and case.pk in seen_by(staff)
    assert log.positions(["moderation"]) == before, "a jump would say that there is a case which nobody shows them"
    assert queues.read_queue(facts_of(moderator), Filters()).total == 1
    assert queues.waiting(facts_of(moderator)).count() == 1
    assert as_(moderator).get(f"/moderation/cases/{case.pk}/").status_code == 404
    assert as_(staff).get(f"/moderation/cases/{case.pk}/").status_code == 200
    assert "robin" not in as_(moderator).get("/moderation/").text
    assert "robin" in as_(staff).get("/staff/").text
    for act in (claim_case, lambda case, who: escalate_case(case, who, "Please.")):
        with pytest.raises(NotAllowed):
            act(case, moderator)
    assert take_case(case, staff).holder == staff


@pytest.mark.django_db(transaction=True)
def test_a_moderators_socket_hears_nothing_of_it(hear, open_case, member, other_member, moderator, staff, on_duty):
    on_duty(moderator)
    assert hear(moderator, lambda: report_about(other_member, member, "worry", "child")) == []
    heard = hear(staff, lambda: report_about(other_member, member, "worry", "controlled"))
    assert [event["stream"] for event in heard if event["kind"] == "case.changed"] == ["staff"]


@pytest.mark.django_db(transaction=True)
def test_a_case_that_moderators_hold_is_passed_to_staff_at_once_and_leaves_their_boards(
    hear, held_case, member, moderator, other_moderator, staff, make_member
):
    case, finch = held_case(), make_member("finch")
    heard = hear(other_moderator, lambda: report_about(finch, member, "worry", "under_18"))
    gone = [(event["id"], event["state"]) for event in heard if event["kind"] == "case.changed"]
    assert gone == [(case.pk, "gone")]
    case.refresh_from_db()
    assert (case.state, case.holder, case.escalated_by, case.offered_to) == ("escalated", None, None, None)
    assert seen_by(moderator) == set() and seen_by(staff) == {case.pk}
    with pytest.raises((NotAllowed, CaseMoved)):
        claim_case(case, moderator)
    take_case(case, staff)
    assert hear(other_moderator, lambda: report_about(finch, member, "worry", "child")) == [], "from then on, nothing"


def test_what_the_moderator_had_escalated_and_stayed_with_is_theirs_no_more(
    escalated_case, member, moderator, staff, make_member
):
    from moderation.actions.staying import stay_with

    case = escalated_case()
    stay_with(case, moderator)
    report_about(make_member("finch"), member, "worry", "controlled")
    case.refresh_from_db()
    assert case.escalated_by is None and not case.stays.filter(ended_at=None).exists()
    assert case_sight(facts_of(moderator), access.case_facts(case)) == "gone"
    assert case_sight(facts_of(staff), access.case_facts(case)) == "state"


def test_what_staff_hold_stays_with_them(staff_case, member, moderator, staff, make_member):
    case = staff_case()
    report_about(make_member("finch"), member, "worry", "child")
    case.refresh_from_db()
    assert (case.state, case.holder, case.reserved_for) == ("with_staff", staff, "staff")
    assert seen_by(moderator) == set()


def test_a_later_report_lowers_nothing(open_case, member, other_member, make_member):
    case = report_about(other_member, member, "worry", "child")
    report_about(make_member("finch"), member, "worry", "worried")
    case.refresh_from_db()
    assert (case.reserved_for, case.reports.count()) == ("staff", 2)


def test_an_emergency_among_them_calls_staff_alone(member, other_member, moderator, staff, on_duty):
    on_duty(moderator)
    case = report_about(other_member, member, "worry", "child")
    assert climb_ladders() >= 1 and LadderStep.objects.filter(case=case).exists()
    from realtime.models import Delivery

    assert set(Delivery.objects.values_list("address", flat=True)) == {staff.email}


def test_being_under_18_waits_for_the_morning(member, other_member, staff):
    case = report_about(other_member, member, "rule", "under_18")
    assert case.state == State.ESCALATED and calls.ladder_of(case) == ()


def test_nobody_is_offered_it_who_closed_an_ordinary_case(held_case, member, moderator, make_member):
    from moderation.actions.decisions import decide_case

    decide_case(held_case(), moderator, "no_action")
    assert report_about(make_member("finch"), member, "worry", "controlled").offered_to is None
    assert not Notice.objects.filter(member=moderator).exists()


# --- Somebody of the team ---------------------------------------------------------------------------------------------------


def told_of_team(reporter, **more):
    return tell_of_team(reporter, **{"key": uuid4(), "whom": "", "note": "They wrote to me privately.", **more})


def test_somebody_named_of_the_team_goes_to_the_independent_contacts(other_member, moderator, staff, independent):
    report = told_of_team(other_member, whom="heron")
    assert isinstance(report, Report) and report.case.subject == moderator
    assert [seen_by(person) for person in (moderator, staff, independent)] == [set(), set(), {report.case_id}]


@pytest.mark.parametrize("whom", ["", "robin", "the one with the beard"])
def test_who_does_not_know_whom_is_read_by_the_independent_contacts_alone(
    as_, member, other_member, moderator, staff, independent, whom
):
    letter = told_of_team(other_member, whom=whom)
    assert isinstance(letter, Letter) and not Case.objects.exists()
    assert not letters.seen_by(facts_of(staff)).exists() and not letters.seen_by(facts_of(moderator)).exists()
    assert as_(staff).get(f"/staff/letters/{letter.pk}/").status_code == 404
    assert as_(moderator).get(f"/staff/letters/{letter.pk}/").status_code == 404
    assert "without a case" not in as_(staff).get("/staff/").text
    page = as_(independent).get(f"/staff/letters/{letter.pk}/")
    assert page.status_code == 200 and "They wrote to me privately." in page.text
    assert "without a case" in as_(independent).get("/staff/").text


def test_the_independent_contacts_place_it_where_nobody_of_the_team_sees_it(
    member, other_member, moderator, staff, independent, open_case
):
    theirs = open_case(door="rule", about_post=False)  # moderators had a case about robin already
    report = settle_letter(told_of_team(other_member), independent, "robin")
    theirs.refresh_from_db()
    assert (report.case_id, theirs.reserved_for, theirs.state) == (theirs.pk, "independent", "open")
    assert [seen_by(person) for person in (moderator, staff, independent)] == [set(), set(), {theirs.pk}]


def test_telling_of_the_team_takes_no_case_from_moderators(as_, open_case, member, other_member, moderator):
    """Else whoever is reported could be freed of it by one more report."""
    case = open_case(door="rule")
    fields = {
        "door": "rule",
        "category": "team",
        "note": "Unfair.",
        "key": str(uuid4()),
        "whom": "",
        "seen_version": "1",
    }
    answer = as_(other_member).post(f"/posts/{case.post_id}/report/", fields)
    assert answer.status_code == 303 and answer["Location"].startswith("/me/reports/#letter-")
    assert seen_by(moderator) == {case.pk}
    assert Letter.objects.get().note == f"Unfair.\n\nIt was told from these words: /posts/{case.post_id}/"
    page = as_(other_member).get("/me/reports/").text
    assert "Sent to the independent contacts" in page and "Unfair." in page


def test_the_same_key_twice_is_one_letter(other_member):
    key = uuid4()
    assert told_of_team(other_member, key=key).pk == told_of_team(other_member, key=key).pk
    assert Letter.objects.count() == 1


def test_a_post_by_the_team_is_reported_as_ever(as_, moderator, other_member, independent, post_by):
    post = post_by(moderator)
    fields = {"door": "rule", "category": "team", "key": str(uuid4()), "whom": "", "seen_version": "1"}
    assert as_(other_member).post(f"/posts/{post.pk}/report/", fields).status_code == 303
    assert seen_by(independent) == {Report.objects.get().case_id} and Report.objects.get().post == post
    assert report_post(other_member, post, "rule", "team", key=uuid4()).case.subject == moderator

"""However many people worry, nothing of it reaches a person, or counts against anyone, unless somebody of the team says so."""

import re
from uuid import uuid4

import pytest

from forum.models import Block, Member, Notice, Post
from moderation import access, calls, deadlines, strikes
from moderation.actions.cases import claim_case, send_word
from moderation.actions.climbing import climb_ladders
from moderation.actions.decisions import decide_case
from moderation.actions.raising import raise_case
from moderation.actions.reports import report_member, report_post, withdraw_report
from moderation.actions.targeting import name_targeting
from moderation.models import Case, Decision, Kind, LadderStep, Report, Word
from moderation.refusals import CaseMoved, Missing, NotAllowed
from moderation.screening import screen
from realtime.models import Delivery, Event

pytestmark = pytest.mark.django_db
PAGES = ("/", "/me/", "/me/words/", "/me/decisions/", "/me/reports/", "/me/data/", "/notices/", "/members/robin/")
CATEGORIES = (
    "danger_now",
    "ending_life",
    "self_harm",
    "worried",
    "thoughts",
    "someone_else",
    "child",
    "controlled",
    "under_18",
)


def everything_that_reaches(member, client, post) -> dict:
    """Every surface on which something could reach a person."""
    row = Member.objects.values().get(pk=member.pk)
    pages = {page: client.get(page) for page in (*PAGES, f"/posts/{post.pk}/")}
    return {
        "row": {name: value for name, value in row.items() if name != "last_login"},
        "posts": list(Post.objects.filter(author=member).values()),
        "notices": list(Notice.objects.filter(member=member).values()),
        "log": list(Event.objects.filter(stream=f"member:{member.pk}").values_list("kind", "ref")),
        "wall": list(Event.objects.filter(stream="wall").values_list("kind", "ref")),
        "mail": list(Delivery.objects.filter(address=member.email).values_list("dedupe")),
        "words": list(Word.objects.filter(case__subject=member).values()),
        "decisions": list(Decision.objects.filter(subject=member).values()),
        "pages": {page: (answer.status_code, bare(answer.text)) for page, answer in pages.items()},
    }


def bare(page: str) -> str:
    """Without what is another one at each look: tokens, keys, cursors."""
    page = re.sub(r'(name="csrfmiddlewaretoken" value=|name="key" value=|value=)"[^"]*"', "", page)
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|data-(cursor|at|after)=\"[^\"]*\"|\d+ (min|sec)[a-z]*", "", page)


@pytest.fixture
def ten(make_member):
    return [make_member(f"finch{number}") for number in range(10)]


def worry(reporter, post, number: int) -> Report:
    return report_post(reporter, post, "worry", CATEGORIES[number % len(CATEGORIES)], key=uuid4())


def test_ten_worries_change_nothing_that_the_person_can_notice(as_, member, moderator, staff, on_duty, post_by, ten):
    post = post_by(member)
    before = everything_that_reaches(member, as_(member), post)
    for number, reporter in enumerate(ten):
        worry(reporter, post, number)
        deadlines.run_deadlines()
    assert Report.objects.count() == 10 and Delivery.objects.exists()  # the premise: others were called
    after = everything_that_reaches(member, as_(member), post)
    for surface in before:
        assert after[surface] == before[surface], surface


def test_a_person_of_the_team_who_writes_is_what_reaches_them(as_, member, held_case, moderator, post_by):
    """The premise of the test above: each of its surfaces would show something."""
    case = held_case()
    post = case.reports.get().post
    before = everything_that_reaches(member, as_(member), post)
    send_word(case, moderator, "Hello Robin, this is Heron, a person.", uuid4())
    after = everything_that_reaches(member, as_(member), post)
    changed = {surface for surface in before if before[surface] != after[surface]}
    assert {"notices", "log", "words", "pages"} <= changed


@pytest.mark.django_db(transaction=True)
def test_their_open_page_hears_nothing(hear, member, other_member, moderator, on_duty, post_by):
    on_duty(moderator)
    post = post_by(member)
    assert hear(member, lambda: worry(other_member, post, 0), lambda: worry(other_member, post, 1)) == []


def test_a_mistaken_worry_is_never_counted(as_, member, other_member, held_case, moderator, post_by):
    """Ten that came to nothing: the eleventh is taken as the first was, and nothing anywhere says that there were ten."""
    before = Member.objects.values().get(pk=other_member.pk)
    for _each in range(10):
        case = held_case("ending_life")
        decide_case(case, moderator, "no_action")
    withdraw_report(other_member, report_member(other_member, member, "worry", "danger_now", key=uuid4()))
    assert Member.objects.values().get(pk=other_member.pk) == before
    assert not Case.objects.filter(subject=other_member).exists()
    assert not strikes.strikes_of(other_member).exists() and not strikes.strikes_of(member).exists()
    eleventh = report_member(other_member, member, "worry", "ending_life", key=uuid4())
    assert eleventh.severity == "urgent"
    page = as_(moderator).get(f"/moderation/cases/{eleventh.case_id}/").text
    assert "10" not in page.split('id="reports"')[1].split("</section>")[0]


# --- By somebody the person has blocked -------------------------------------------------------------------------------------


@pytest.fixture
def blocked(member, other_member):
    Block.objects.create(blocker=member, blocked=other_member)
    return other_member


def test_it_is_marked_and_alone_wakes_nobody(as_, member, blocked, moderator, staff):
    report = report_member(blocked, member, "worry", "danger_now", key=uuid4())
    assert (report.by_blocked, report.severity, report.case.severity, report.case.state) == (
        True,
        "soon",
        "soon",
        "open",
    )
    deadlines.run_deadlines()
    assert not LadderStep.objects.exists() and not Delivery.objects.exists()
    assert "by somebody they have blocked" in as_(moderator).get(f"/moderation/cases/{report.case_id}/").text


def test_anybody_else_is_heard_beside_it(member, blocked, make_member, staff):
    report_member(blocked, member, "worry", "danger_now", key=uuid4())
    other = report_member(make_member("finch"), member, "worry", "danger_now", key=uuid4())
    assert (other.by_blocked, other.case.severity, other.case.state) == (False, "emergency", "escalated")


def test_it_does_not_rouse_what_screening_alone_found(member, blocked, post_by, staff):
    post = post_by(member, "I want to die and tonight I will, I have the pills.")
    case = Case.objects.filter(subject=member, kind=Kind.CARE).first()
    assert case is not None and screen(post.body).severity in ("urgent", "emergency")  # the premise
    ladder = calls.ladder_of(case)
    for category in ("danger_now", "child"):
        report_member(blocked, member, "worry", category, key=uuid4())
    assert calls.ladder_of(Case.objects.get(pk=case.pk)) == ladder


def test_a_person_can_raise_it(member, blocked, moderator, staff, on_duty):
    on_duty(moderator)
    report = report_member(blocked, member, "worry", "danger_now", key=uuid4())
    case = raise_case(report.case, moderator, "urgent", "They named a bridge.")
    assert case.severity == "urgent" and raise_case(case, moderator, "urgent", "Again.").version == case.version
    with pytest.raises(Missing):
        raise_case(case, moderator, "soon", "It is less.")
    with pytest.raises(Missing):
        raise_case(case, moderator, "emergency", " ")
    with pytest.raises(NotAllowed):
        raise_case(case, blocked, "emergency", "Please.")


def test_what_waits_for_staff_and_is_raised_calls_them(escalated_case, moderator, staff):
    case = escalated_case()
    assert calls.ladder_of(case) == ()
    raised = raise_case(case, moderator, "emergency", "They are on the roof.")
    assert (raised.episode, raised.escalated_by) == (case.episode + 1, moderator)
    assert climb_ladders() == 1 and Delivery.objects.filter(address=staff.email).exists()


def test_what_a_moderator_notices_is_never_discounted(member, moderator):
    Block.objects.create(blocker=member, blocked=moderator)
    report = report_member(moderator, member, "worry", "ending_life", key=uuid4())
    assert (report.by_blocked, report.severity) == (False, "urgent")


# --- Targeting, when a person says so ---------------------------------------------------------------------------------------


def test_only_who_holds_the_case_can_name_it(held_case, moderator, other_moderator, other_member):
    case = held_case()
    report = case.reports.get()
    with pytest.raises(NotAllowed):
        name_targeting(case, other_moderator, report, "I think so too.")
    with pytest.raises(Missing):
        name_targeting(case, moderator, report, "  ")
    named = name_targeting(case, moderator, report, "The fourth tonight, after a quarrel.")
    assert (named.case.kind, named.case.subject, named.source, named.reporter) == (
        "conduct", other_member, "noticed", moderator,
    )  # fmt: skip
    assert Case.objects.get(pk=case.pk).state == "in_review", "the care case goes on"


def test_named_twice_is_once_and_the_reporter_hears_nothing_by_itself(as_, held_case, moderator, other_member):
    case = held_case()
    before = Event.objects.filter(stream=f"member:{other_member.pk}").count()
    first = name_targeting(case, moderator, case.reports.get(), "After a quarrel.")
    again = name_targeting(Case.objects.get(pk=case.pk), moderator, case.reports.get(), "After a quarrel.")
    assert first.pk == again.pk
    assert Event.objects.filter(stream=f"member:{other_member.pk}").count() == before
    assert not Notice.objects.filter(member=other_member).exclude(kind="outcome").exists()
    assert "targeting" not in as_(other_member).get("/me/reports/").text


def test_whoever_names_a_report_does_not_read_in_the_queue_who_made_it(as_, held_case, moderator, staff, other_member):
    case = held_case()
    named = name_targeting(case, moderator, case.reports.get(), "After a quarrel.").case
    assert (named.subject, named.reserved_for) == (other_member, "staff")
    assert not access.may_see_case(access.facts_of(moderator), access.case_facts(named))
    assert as_(moderator).get(f"/moderation/cases/{named.pk}/").status_code == 404
    for page in ("/moderation/", "/moderation/mine/", f"/moderation/cases/{case.pk}/"):
        assert other_member.handle not in as_(moderator).get(page).text
    assert access.may_see_case(access.facts_of(staff), access.case_facts(named))
    assert other_member.handle in as_(staff).get("/staff/").text


def test_who_asked_for_themselves_and_whose_case_is_their_own_is_never_named(member, moderator, on_duty):
    from moderation.actions.reports import ask_for_team

    on_duty(moderator)
    case = claim_case(ask_for_team(member, "please_answer", key=uuid4()).case, moderator)
    with pytest.raises(NotAllowed):
        name_targeting(case, moderator, case.reports.get(), "Too often.")


def test_a_conduct_case_has_no_such_button(held_case, moderator):
    case = held_case(door="rule")
    assert not access.may("targeting", moderator, case)
    with pytest.raises(NotAllowed):
        name_targeting(case, moderator, case.reports.get(), "Too often.")


def test_on_the_page(as_, held_case, moderator, other_member):
    case = held_case()
    page, url = as_(moderator).get(f"/moderation/cases/{case.pk}/"), f"/moderation/cases/{case.pk}/"
    assert "A worry is used to trouble this person" in page.text
    sent = {"do": "targeting", "report": case.reports.get().pk, "note": "After a quarrel.", "seen": case.version}
    assert as_(moderator).post(url, {**sent, "note": ""}).status_code == 422
    assert as_(moderator).post(url, sent).status_code == 303
    assert Case.objects.get(kind="conduct").subject == other_member
    raised = {"do": "raise", "severity": "urgent", "note": "It is tonight."}
    assert as_(moderator).post(url, {**raised, "severity": "routine"}).status_code == 422
    assert as_(moderator).post(url, raised).status_code == 303
    assert Case.objects.get(pk=case.pk).severity == "urgent"


def test_a_second_moderator_who_comes_late_reads_who_was_first(held_case, moderator, other_moderator):
    case = held_case()
    claimed_before = Case.objects.get(pk=case.pk)
    claimed_before.version -= 1
    with pytest.raises((NotAllowed, CaseMoved)):
        name_targeting(claimed_before, other_moderator, case.reports.get(), "So it seems.")

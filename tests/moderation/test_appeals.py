"""Asking for another look: who may, until when, once, and in every standing."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from forum.models import Member, Notice
from forum.refusals import KeyUsed
from moderation.actions.appeals import ask_again, complain
from moderation.actions.cases import claim_case
from moderation.actions.decisions import decide_case, undo_decision
from moderation.actions.reports import report_post, withdraw_report
from moderation.audit import verify
from moderation.models import Appeal, Case, Decision
from moderation.refusals import AppealStands, Missing, NotAllowed
from tests.moderation.hearings import WORDS, appeal_by, decide


@pytest.fixture
def decision(held_case, moderator):
    return decide(held_case(door="rule"), moderator)


@pytest.fixture
def report(held_case, moderator):
    """wren's report, closed without anything done."""
    case = held_case(door="rule")
    decide(case, moderator, "no_action")
    return case.reports.select_related("case").get()


def test_a_member_asks_for_another_look_and_the_case_says_so(decision, member, moderator):
    appeal = appeal_by(member, decision)
    assert (appeal.stage, appeal.against, appeal.words) == ("open", moderator, WORDS)
    assert appeal.due_at == appeal.made_at + timedelta(days=7)
    assert decision.case.events.order_by("-n").first().action == "appeal"
    assert verify() is None


@pytest.mark.parametrize("standing", ["suspended", "banned", "on_break", "deactivated", "paused"])
def test_they_can_in_every_standing(as_, decision, member, standing):
    Member.objects.filter(pk=member.pk).update(standing=standing)
    page = as_(member).get("/me/decisions/")
    assert f"/me/decisions/{decision.pk}/again/" in page.text
    url = f"/me/decisions/{decision.pk}/again/"
    assert as_(member).get(url).status_code == 200
    answer = as_(member).post(url, {"words": WORDS, "key": str(uuid4())})
    assert (answer.status_code, answer["Location"]) == (303, f"/me/decisions/#appeal-{Appeal.objects.get().pk}")
    assert "Somebody other than heron will read it" in as_(member).get("/me/decisions/").text


def test_nobody_asks_about_what_was_decided_about_somebody_else(as_, decision, member, other_member):
    url = f"/me/decisions/{decision.pk}/again/"
    assert as_(member).get(url).status_code == 200
    assert as_(other_member).get(url).status_code == 404
    assert as_(other_member).post(url, {"words": WORDS}).status_code == 404
    with pytest.raises(NotAllowed):
        ask_again(other_member, decision, WORDS, uuid4())
    assert not Appeal.objects.exists()


def test_a_stranger_is_asked_to_sign_in(client, decision):
    url = f"/me/decisions/{decision.pk}/again/"
    assert client.get(url)["Location"] == f"/accounts/login/?next={url}"


def test_six_months_and_no_longer(as_, decision, member, time_machine):
    url = f"/me/decisions/{decision.pk}/again/"
    time_machine.move_to(decision.made_at + timedelta(days=183, hours=23))
    assert as_(member).get(url).status_code == 200
    time_machine.move_to(decision.made_at + timedelta(days=184, seconds=1))
    assert as_(member).get(url)["Location"] == "/me/decisions/"
    assert url not in as_(member).get("/me/decisions/").text
    with pytest.raises(NotAllowed, match="six months"):
        appeal_by(member, decision)
    assert as_(member).post(url, {"words": WORDS}).status_code == 422


def test_what_was_undone_and_what_took_nothing_needs_no_other_look(held_case, decision, member, moderator):
    undo_decision(decision, moderator)
    with pytest.raises(NotAllowed, match="undone already"):
        appeal_by(member, decision)
    nothing = decide(held_case(door="rule"), moderator, "no_action")
    with pytest.raises(NotAllowed):
        appeal_by(member, nothing)


def test_an_appeal_needs_words_and_not_too_many(as_, decision, member):
    with pytest.raises(Missing) as refused:
        appeal_by(member, decision, "  ")
    assert refused.value.field == "words"
    url = f"/me/decisions/{decision.pk}/again/"
    page = as_(member).post(url, {"words": "w" * 2001})
    assert page.status_code == 422
    assert "too long by 1" in page.text and "w" * 2001 in page.text
    assert as_(member).post(url, {"words": "w" * 2000}).status_code == 303


def test_two_tabs_with_the_same_words_make_one_appeal(decision, member):
    first = appeal_by(member, decision)
    assert appeal_by(member, decision) == first
    assert Appeal.objects.count() == 1
    assert decision.case.events.filter(action="appeal").count() == 1


def test_a_second_tab_with_other_words_keeps_them(as_, decision, member):
    appeal_by(member, decision)
    with pytest.raises(AppealStands):
        appeal_by(member, decision, "And another thing.")
    page = as_(member).post(f"/me/decisions/{decision.pk}/again/", {"words": "And another thing."})
    assert page.status_code == 409
    assert "And another thing." in page.text and "You asked for another look already" in page.text


def test_a_key_that_was_used_for_something_else_is_told(decision, held_case, member, moderator):
    other, key = decide(held_case(door="rule"), moderator), uuid4()
    ask_again(member, decision, WORDS, key)
    with pytest.raises(KeyUsed):
        ask_again(member, other, WORDS, key)
    assert ask_again(member, other, WORDS, uuid4())


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_are_one_appeal(decision, member, at_once):
    results = at_once(*[lambda: appeal_by(member, Decision.objects.get(pk=decision.pk))] * 4)
    assert {result.pk for result in results} == {Appeal.objects.get().pk}


# --- Nothing was done ----------------------------------------------------------------------------------------------------


def test_a_reporter_asks_again_about_a_closed_report(as_, report, other_member, moderator):
    url = f"/me/reports/{report.pk}/again/"
    assert url in as_(other_member).get("/me/reports/").text
    assert as_(other_member).get(url).status_code == 200
    answer = as_(other_member).post(url, {"words": "It is still there, and it is about me.", "key": str(uuid4())})
    appeal = Appeal.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/me/reports/#appeal-{appeal.pk}")
    assert (appeal.kind, appeal.report, appeal.decision, appeal.against) == ("failure_to_act", report, None, moderator)
    assert "Nobody has taken it yet" in as_(other_member).get("/me/reports/").text


def test_that_it_is_offered_says_nothing_about_the_other_person(as_, held_case, report, moderator, other_member):
    """Whether something was done is between the team and the person, so the button is there either way."""
    acted = held_case(door="rule")
    decide(acted, moderator, "remove")
    page = as_(other_member).get("/me/reports/").text
    assert f"/me/reports/{report.pk}/again/" in page
    assert f"/me/reports/{acted.reports.get().pk}/again/" in page


def test_not_while_it_is_being_looked_at_and_never_anothers(as_, held_case, report, member, other_member):
    live = held_case(door="rule").reports.get()
    assert f"/me/reports/{live.pk}/again/" not in as_(other_member).get("/me/reports/").text
    with pytest.raises(NotAllowed, match="still looking"):
        complain(other_member, live, WORDS, uuid4())
    assert as_(member).get(f"/me/reports/{report.pk}/again/").status_code == 404
    with pytest.raises(NotAllowed):
        complain(member, report, WORDS, uuid4())


def test_not_about_what_was_taken_back_and_not_about_what_the_team_noticed(
    open_case, member, other_member, moderator, other_moderator, post_by
):
    case = open_case(door="rule")
    report = withdraw_report(other_member, case.reports.get())
    case = claim_case(Case.objects.get(pk=case.pk), moderator)
    decide_case(case, moderator, "no_action", seen_post_version=1)
    report.refresh_from_db()
    with pytest.raises(NotAllowed):
        complain(other_member, report, WORDS, uuid4())
    noticed = report_post(other_moderator, post_by(member), "rule", "abuse", key=uuid4())
    case = claim_case(noticed.case, moderator)
    decide_case(Case.objects.get(pk=case.pk), moderator, "no_action", seen_post_version=1)
    with pytest.raises(NotAllowed):
        complain(other_moderator, noticed, WORDS, uuid4())


def test_whoever_complained_is_named_nowhere_in_the_case(as_, report, other_member, other_moderator):
    complain(other_member, report, WORDS, uuid4())
    page = as_(other_moderator).get(f"/moderation/appeals/{Appeal.objects.get().pk}/").text
    assert WORDS in page  # the premise: it can be read
    assert "wren" not in page
    assert "wren" not in as_(other_moderator).get("/moderation/appeals/").text


def test_nothing_is_told_to_whoever_asked_until_somebody_reads_it(decision, member):
    appeal_by(member, decision)
    assert not Notice.objects.filter(member=member, kind="appeal").exists()
    assert timezone.now() < Appeal.objects.get().due_at

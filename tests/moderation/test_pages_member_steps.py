"""Steps against a member on pages: what is offered, what is previewed, the second person, the second look, the small room."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from moderation.actions.cases import claim_case
from moderation.actions.reports import report_post
from moderation.actions.second_looks import agree_with, ask_to_undo
from moderation.models import Decision, Proposal, SecondLook
from tests.moderation.members import LASTING, again, ban, decide, propose
from tests.moderation.pressing import press_and_send


@pytest.fixture
def conduct(held_case):
    return held_case(door="rule")


def page_of(case):
    return f"/moderation/cases/{case.pk}/"


def press(client, case, do, **fields):
    case = again(case)
    fields.setdefault("seen", case.version)
    if case.post:
        fields.setdefault("seen_posts", f"{case.post_id}:{case.post.version}")
    return press_and_send(client, page_of(case), {"do": do, **fields})


def offered(text):
    return set(re.findall(r'name="kind" value="(\w+)"', text))


def test_a_case_about_conduct_offers_every_step_and_a_worry_none(as_, conduct, held_case, moderator):
    steps = {"advice", "warning", "hold", "slow", "pause", "suspend", "ban"}
    assert steps <= offered(as_(moderator).get(page_of(conduct)).text)
    worry = as_(moderator).get(page_of(held_case())).text
    assert not steps & offered(worry) and "stop_posts" not in worry


@pytest.mark.parametrize("kind", LASTING)
def test_the_statement_says_until_when_before_it_is_sent_and_then_holds_to_it(as_, conduct, moderator, kind):
    page = press(as_(moderator), conduct, "draft", kind=kind, rule="kindness", lasting="2w").text
    begun = re.search(r'name="begun" value="([^"]+)"', page)[1].replace("&#x27;", "'")
    statement = re.search(r'<textarea name="statement"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)[1]
    answer = press(
        as_(moderator), conduct, "decide", kind=kind, rule="kindness", lasting="2w", begun=begun, statement=statement
    )
    assert answer.status_code == 303
    decision = Decision.objects.get()
    assert f"{timezone.localtime(decision.until):%-d %B %Y, %H:%M}" in decision.statement
    assert decision.until - decision.made_at > timedelta(days=13, hours=23)


def test_without_how_long_the_form_comes_back_and_says_so_beside_it(as_, conduct, moderator):
    answer = press(as_(moderator), conduct, "decide", kind="suspend", rule="kindness", statement="Hello Robin.")
    assert answer.status_code == 422
    assert "Choose how long it lasts." in answer.text and "Hello Robin." in answer.text
    assert not Decision.objects.exists()


def test_a_strange_moment_in_the_hidden_field_bothers_nobody(as_, conduct, moderator):
    answer = press(as_(moderator), conduct, "decide", kind="slow", rule="kindness", lasting="1d", begun="yesterday?")
    assert answer.status_code == 303


def test_a_ban_is_proposed_by_one_and_agreed_to_by_another(as_, conduct, moderator, other_moderator, member):
    answer = press(as_(moderator), conduct, "decide", kind="ban", rule="kindness")
    assert answer["Location"].endswith("#proposal")
    proposal = Proposal.objects.get()
    mine = as_(moderator).get(page_of(conduct)).text
    assert "A ban is proposed" in mine and 'value="confirm"' not in mine
    theirs = as_(other_moderator).get(page_of(conduct)).text
    assert 'value="confirm"' in theirs and "Two people decided this" in theirs
    assert "ban" not in offered(theirs)
    assert press(as_(other_moderator), conduct, "confirm", proposal=proposal.pk).status_code == 303
    assert as_(member).get("/")["Location"] == "/room/"


def test_not_agreeing_needs_words_and_keeps_them(as_, conduct, moderator, other_moderator):
    proposal = propose(conduct, moderator)
    answer = press(as_(other_moderator), conduct, "refuse", proposal=proposal.pk, reason="")
    assert answer.status_code == 422 and "Write why not" in answer.text
    assert (
        press(as_(other_moderator), conduct, "refuse", proposal=proposal.pk, reason="A week would do.").status_code
        == 303
    )
    assert "A week would do." in as_(moderator).get(page_of(conduct)).text
    assert "does not agree" in as_(moderator).get("/notices/").text


def test_who_answers_second_reads_who_was_first(as_, conduct, moderator, other_moderator, staff):
    proposal = propose(conduct, moderator)
    seen = again(conduct).version
    press(as_(other_moderator), conduct, "refuse", proposal=proposal.pk, reason="No.")
    answer = press(as_(staff), conduct, "confirm", proposal=proposal.pk, seen=seen)
    assert answer.status_code == 409 and "kestrel did not agree to the ban" in answer.text


def test_a_proposal_of_another_case_is_not_answered_here(as_, conduct, staff_case, moderator, staff, other_moderator):
    proposal = propose(staff_case(door="rule", about_post=False), staff)
    assert press(as_(other_moderator), conduct, "confirm", proposal=proposal.pk).status_code == 404
    assert press(as_(other_moderator), conduct, "confirm", proposal="x").status_code == 404


def test_the_queue_and_the_board_show_what_waits_for_a_second_look(
    as_, conduct, moderator, other_moderator, staff, time_machine
):
    decide(conduct, moderator, "suspend")
    assert "For a second look" in as_(other_moderator).get("/moderation/").text
    assert "For a second look" not in as_(moderator).get("/moderation/").text
    time_machine.move_to(timezone.now() + timedelta(hours=25))
    assert '<b class="late">late</b>' in as_(staff).get("/staff/").text


def test_however_many_wait_it_costs_the_same(as_, held_case, moderator, other_moderator, staff):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            as_(other_moderator).get("/moderation/")
        return len(asked)

    for case in [held_case(door="rule") for _each in range(3)]:
        decide(case, moderator, "suspend")
    queries()  # the first visit notes that it was one
    three = queries()
    for look in SecondLook.objects.all()[:2]:
        agree_with(look, staff)
    assert queries() == three


def test_a_second_look_is_taken_on_the_page(as_, conduct, moderator, other_moderator, staff):
    decide(conduct, moderator, "pause")
    look = SecondLook.objects.get()
    assert "Somebody who had no hand in it looks at this." in as_(moderator).get(page_of(conduct)).text
    answer = press(as_(other_moderator), conduct, "ask_undo", look=look.pk, reason="")
    assert answer.status_code == 422 and "Write why it should be undone." in answer.text
    assert press(as_(other_moderator), conduct, "ask_undo", look=look.pk, reason="Too long.").status_code == 303
    assert "Too long." in as_(moderator).get(page_of(conduct)).text
    assert "asks to undo it" in as_(moderator).get("/notices/").text
    assert "Somebody asks to undo it" in as_(staff).get("/staff/").text
    assert press(as_(staff), conduct, "let_stand", look=look.pk, reason="A week it is.").status_code == 303
    assert "lets it stand" in as_(other_moderator).get("/notices/").text


def test_whoever_looks_second_at_the_same_moment_reads_who_was_first(as_, conduct, moderator, other_moderator, staff):
    decide(conduct, moderator, "pause")
    look = SecondLook.objects.get()
    ask_to_undo(look, staff, "No.")
    answer = press(as_(other_moderator), conduct, "agree", look=look.pk)
    assert answer.status_code == 409 and "puffin has looked at this already" in answer.text


@pytest.mark.parametrize("do", ["agree", "ask_undo", "let_stand"])
def test_a_look_at_another_case_is_not_taken_here(as_, conduct, open_case, moderator, other_moderator, do):
    other = open_case(door="rule")
    decide(conduct, moderator, "pause")
    look = SecondLook.objects.get()
    assert press(as_(other_moderator), other, do, look=look.pk, reason="No.").status_code == 404


def test_stopping_posts_calls_staff_and_shows_the_words_first(as_, conduct, moderator, member):
    page = as_(moderator).get(page_of(conduct)).text
    assert "stop new posts for an hour" in page and "We have stopped new posts and replies from you" in page
    answer = press(as_(moderator), conduct, "stop_posts", note="")
    assert answer.status_code == 422 and "Write what staff need to know first." in answer.text
    assert press(as_(moderator), conduct, "stop_posts", note="Three people at once.").status_code == 303
    assert "waiting for staff" in as_(moderator).get(page_of(conduct)).text
    wall = as_(member).get("/").text
    assert "Your posting is paused until" in wall and 'href="/me/decisions/"' in wall


def test_who_is_slowed_reads_how_much_and_until_when_before_they_write(as_, conduct, moderator, member):
    assert "posting is slowed" not in as_(member).get("/").text
    decide(conduct, moderator, "slow")
    page = as_(member).get("/").text
    assert "your posting is slowed. Posts an hour: 1. Replies an hour: 6." in page


@pytest.mark.parametrize("kind", ["suspend", "ban"])
def test_the_small_room_says_what_until_when_why_and_how_to_ask_again(
    as_, conduct, moderator, other_moderator, member, kind
):
    decision = ban(conduct, moderator, other_moderator) if kind == "ban" else decide(conduct, moderator, kind)
    room = as_(member).get("/room/").text
    assert "Be kind" in room and "Written by heron" in room
    assert f'href="/me/decisions/#decision-{decision.pk}"' in room
    if kind == "suspend":
        assert f"{timezone.localtime(decision.until):%-d %B}" in room
    page = as_(member).get("/me/decisions/").text
    assert ("Agreed to by" in page) == (kind == "ban")


def test_a_room_in_which_nothing_holds_gives_no_reasons(as_, conduct, moderator, member, time_machine):
    decision = decide(conduct, moderator, "suspend")
    time_machine.move_to(decision.until)
    assert "holds-" not in as_(member).get("/room/").text


def test_two_for_the_same_are_refused_with_what_stands(as_, conduct, moderator, other_moderator, other_member):
    decide(conduct, moderator, "warning")
    case = claim_case(report_post(other_member, conduct.post, "rule", "abuse", key=uuid4()).case, other_moderator)
    answer = press(
        as_(other_moderator), case, "decide", kind="pause", rule="kindness", lasting="1d", statement="Hello."
    )
    assert answer.status_code == 422
    assert "heron has decided about this already" in answer.text and "Hello." in answer.text


@pytest.mark.parametrize("do", ["confirm", "refuse", "stop_posts", "agree", "ask_undo", "let_stand"])
@pytest.mark.parametrize("who", ["member", "other_member", "administrator", "independent"])
def test_nobody_else_presses_anything(as_, request, conduct, moderator, do, who):
    propose(conduct, moderator)
    answer = press(
        as_(request.getfixturevalue(who)), conduct, do, proposal=Proposal.objects.get().pk, reason="x", note="x"
    )
    assert answer.status_code == 404
    assert Proposal.objects.get().answered_at is None and not Decision.objects.exists()

"""Words that wait for a moderator: told to their author, seen by nobody else, and never for care."""

import html
import re
from typing import Any
from uuid import uuid4

import pytest

from forum.access import Sight, facts_of, facts_of_post, sight_of
from forum.actions.posts import edit_post, publish_post, withdraw_post
from forum.models import Notice, Post, Status
from moderation import waiting_words
from moderation.actions.bulk import Chosen, publish_held, remove_as_spam, undo_bulk
from moderation.actions.cases import claim_case
from moderation.actions.decisions import decide_case, undo_decision
from moderation.actions.reports import report_post
from moderation.models import Bulk, Case, Decision, DeclinedCategory, Kind, State
from moderation.refusals import CaseMoved, Missing, NotAllowed, WordsChanged

pytestmark = pytest.mark.django_db

LINK = "Read this: https://example.org/sleep"


@pytest.fixture(autouse=True)
def site_that_holds(settings: Any, on_duty: Any, moderator: Any) -> None:
    settings.HOLD = frozenset({"links", "details", "methods"})
    on_duty(moderator)


@pytest.fixture
def newcomer(make_member: Any) -> Any:
    from django.utils import timezone

    return make_member("dunlin", joined_at=timezone.now())


@pytest.fixture
def share() -> Any:
    return lambda author, body, **more: publish_post(author, body=body, key=uuid4(), **more).post


def case_of(post: Post) -> Case:
    return Case.objects.get(post=post, kind=Kind.CONDUCT)


def chosen(post: Post) -> Chosen:
    post.refresh_from_db()
    return Chosen(case_of(post), post.version)


def sees(person: Any, post: Post) -> Sight:
    post.refresh_from_db()
    return sight_of(facts_of(person), facts_of_post(post))


def test_a_newcomers_link_waits_and_only_they_and_the_team_see_it(newcomer, member, moderator, share):
    post = share(newcomer, LINK)
    assert (post.status, post.held_for) == (Status.HELD, "links")
    assert sees(newcomer, post) == sees(moderator, post) == Sight.WORDS
    assert sees(member, post) == Sight.NOTHING
    assert case_of(post).severity == "soon"


def test_its_author_reads_that_it_waits_and_why(newcomer, member, as_, share):
    post = share(newcomer, LINK)
    page = as_(newcomer).get("/").text
    assert "a moderator looks first" in page
    assert "because it holds a link and comes from somebody new" in page
    assert f"post-{post.pk}" not in as_(member).get("/").text


@pytest.mark.parametrize(
    ("body", "reason"),
    [("Her number is 07700 900123, ring her", "details"), ("Nothing in it but words.", ""), (LINK, "")],
)
def test_somebody_who_has_been_here_waits_for_details_and_not_for_links(member, share, body, reason):
    assert share(member, body).held_for == reason


def test_nothing_waits_where_the_operator_asks_for_nothing(settings, newcomer, share):
    settings.HOLD = frozenset()
    assert share(newcomer, f"{LINK} or ring 07700 900123").status == Status.VISIBLE


def test_nothing_waits_for_care(newcomer, share):
    post = share(newcomer, f"I want to kill myself tonight. {LINK}")
    assert post.status == Status.VISIBLE
    assert Case.objects.filter(subject=newcomer, kind=Kind.CARE).exists()


def test_what_the_team_writes_never_waits(moderator, share):
    assert share(moderator, "Ring us on 07700 900123. https://example.org").status == Status.VISIBLE


def test_a_rule_that_breaks_holds_nothing(newcomer, share, monkeypatch):
    from forum import holding

    monkeypatch.setattr(holding, "rules", [lambda author, text: 1 / 0])
    assert share(newcomer, LINK).status == Status.VISIBLE


def test_words_for_which_no_case_can_be_opened_go_onto_the_wall(newcomer, share, monkeypatch):
    monkeypatch.setattr("moderation.receivers.open_held", lambda post: 1 / 0)
    post = share(newcomer, LINK)
    post.refresh_from_db()
    assert (post.status, post.held_for) == (Status.VISIBLE, "")


def test_a_held_reply_is_told_and_counted_when_it_comes_onto_the_wall(newcomer, member, moderator, share):
    parent = share(member, "Third night.")
    reply = share(newcomer, LINK, parent=parent)
    parent.refresh_from_db()
    assert parent.standing_replies == 0
    assert not Notice.objects.filter(member=member, kind="reply").exists()
    publish_held(chosen(reply), moderator)
    parent.refresh_from_db()
    assert parent.standing_replies == 1
    assert Notice.objects.filter(member=member, kind="reply", ref=reply.pk).count() == 1


def test_approved_it_stands_in_the_place_of_that_moment_and_its_author_knows(newcomer, member, moderator, share):
    post = share(newcomer, LINK)
    later = share(member, "Later words.")
    decision = publish_held(chosen(post), moderator)
    post.refresh_from_db()
    assert (post.status, post.held_for) == (Status.VISIBLE, "")
    assert post.placed_at > later.placed_at
    assert sees(member, post) == Sight.WORDS
    assert "It is on the wall now." in decision.statement
    assert case_of(post).state == State.CLOSED
    assert Notice.objects.filter(member=newcomer, kind="decision", ref=decision.pk).exists()


def test_approving_words_that_changed_meanwhile_is_refused_and_the_case_goes_back(newcomer, moderator, share):
    post = share(newcomer, LINK)
    seen = chosen(post)
    edit_post(newcomer, post, body=f"{LINK} and more", content_note="", seen_version=post.version)
    with pytest.raises(WordsChanged):
        publish_held(seen, moderator)
    assert sees(moderator, post) == Sight.WORDS
    assert case_of(post).state == State.OPEN
    assert Post.objects.get(pk=post.pk).status == Status.HELD


def test_the_second_of_two_who_approve_reads_who_was_first(newcomer, moderator, other_moderator, share):
    post = share(newcomer, LINK)
    seen = chosen(post)
    publish_held(seen, moderator)
    with pytest.raises(CaseMoved) as refused:
        publish_held(seen, other_moderator)
    assert "heron" in refused.value.message
    assert Decision.objects.count() == 1


def test_words_that_wait_are_never_left_as_they_are(newcomer, moderator, share):
    post = share(newcomer, LINK)
    case = claim_case(case_of(post), moderator)
    with pytest.raises(Missing, match="wait for you"):
        decide_case(case, moderator, "no_action", seen_post_version=post.version)


def test_undoing_an_approval_lets_them_wait_again_for_the_same_reason(newcomer, moderator, share):
    post = share(newcomer, LINK)
    undo_decision(publish_held(chosen(post), moderator), moderator)
    post.refresh_from_db()
    assert (post.status, post.held_for) == (Status.HELD, "links")


def test_an_edit_that_brings_a_link_takes_the_words_off_the_wall_until_somebody_looked(newcomer, member, share):
    post = share(newcomer, "Words alone.")
    edited = edit_post(newcomer, post, body=LINK, content_note="", seen_version=post.version)
    assert (edited.status, edited.held_for) == (Status.HELD, "links")
    assert sees(member, post) == Sight.NOTHING
    assert case_of(post).state == State.OPEN


def test_an_edit_of_words_that_a_moderator_let_through_does_not_wait_again(newcomer, moderator, share):
    post = share(newcomer, LINK)
    publish_held(chosen(post), moderator)
    post.refresh_from_db()
    edited = edit_post(newcomer, post, body=f"{LINK} (for sleep)", content_note="", seen_version=post.version)
    assert edited.status == Status.VISIBLE


def test_taking_the_link_out_puts_the_rest_onto_the_wall(newcomer, member, share):
    post = share(newcomer, LINK)
    edit_post(newcomer, post, body="Words alone.", content_note="", seen_version=post.version)
    assert sees(member, post) == Sight.WORDS


def test_what_waits_can_be_taken_back(newcomer, member, moderator, share):
    post = share(newcomer, LINK)
    withdraw_post(newcomer, post)
    assert sees(moderator, post) == Sight.NOTHING


@pytest.fixture
def spam(newcomer, member, share, settings) -> list[Post]:
    """Five posts by somebody new, each called spam by robin."""
    posts = [share(newcomer, f"Buy this now, part {number}") for number in range(5)]
    for post in posts:
        report_post(member, post, "rule", "spam", key=uuid4())
    return posts


def test_one_press_takes_spam_down_and_one_press_puts_it_back(spam, newcomer, member, moderator):
    done = remove_as_spam([chosen(post) for post in spam], moderator, "experience")
    assert len(done.decisions) == 5
    assert not done.refused
    assert {sees(member, post) for post in spam} == {Sight.NOTHING}
    assert {case_of(post).state for post in spam} == {State.CLOSED}
    assert Notice.objects.filter(member=newcomer, kind="decision").count() == 5
    assert done.bulk
    undone = undo_bulk(done.bulk, moderator)
    assert len(undone.decisions) == 5
    assert {sees(member, post) for post in spam} == {Sight.WORDS}
    assert undo_bulk(done.bulk, moderator).decisions == []


def test_what_somebody_else_took_first_is_left_alone_and_named(spam, moderator, other_moderator):
    picked = [chosen(post) for post in spam]
    claim_case(picked[2].case, other_moderator)
    done = remove_as_spam(picked, moderator, "experience")
    assert len(done.decisions) == 4
    assert [(case.pk, "kestrel" in why) for case, why in done.refused] == [(picked[2].case.pk, True)]


def test_a_press_that_did_nothing_leaves_nothing_to_undo(spam, moderator, other_moderator):
    picked = [chosen(spam[0])]
    claim_case(picked[0].case, other_moderator)
    assert remove_as_spam(picked, moderator, "experience").bulk is None
    assert not Bulk.objects.exists()


def test_nobody_undoes_another_moderators_press(spam, moderator, other_moderator):
    bulk = remove_as_spam([chosen(spam[0])], moderator, "experience").bulk
    with pytest.raises(NotAllowed):
        undo_bulk(bulk, other_moderator)


def test_the_page_shows_what_waits_and_does_it(newcomer, moderator, member, as_, share, spam):
    waits = share(newcomer, LINK)
    page = as_(moderator).get("/moderation/held/")
    assert LINK[:9] in page.text
    assert page.text.count('name="chosen"') == 6
    token = f"{case_of(waits).pk}:{case_of(waits).version}:{waits.version}"
    answer = as_(moderator).post("/moderation/held/", {"do": f"publish {token}"}, follow=True)
    assert "It is on the wall now" in answer.text
    tokens = [f"{case_of(post).pk}:{case_of(post).version}:{post.version}" for post in spam]
    refused = as_(moderator).post("/moderation/held/", {"do": "remove", "chosen": tokens})
    assert refused.status_code == 422
    assert "Choose the house rule" in refused.text
    assert refused.text.count("checked") >= 5  # what was ticked stays ticked
    answer = as_(moderator).post(
        "/moderation/held/", {"do": "remove", "chosen": tokens, "rule": "experience"}, follow=True
    )
    assert "Taken down: 5." in answer.text
    bulk = Bulk.objects.get()
    answer = as_(moderator).post("/moderation/held/", {"do": f"undo {bulk.pk}"}, follow=True)
    assert "Put back: 5." in answer.text


@pytest.mark.parametrize("do", ["", "publish", "publish 1:2", "publish ²:1:1", "undo x", "undo 99", "burn 1"])
def test_a_made_up_press_finds_nothing(as_, moderator, do):
    assert as_(moderator).post("/moderation/held/", {"do": do}).status_code == 404


def test_the_page_costs_the_same_for_one_as_for_many(as_, moderator, spam, django_assert_max_num_queries):
    as_(moderator).get("/moderation/held/")  # a session begins
    with django_assert_max_num_queries(11):
        assert as_(moderator).get("/moderation/held/").text.count('name="chosen"') == 5


def test_words_that_changed_meanwhile_come_back_409_with_the_new_ones(newcomer, moderator, as_, share):
    post = share(newcomer, LINK)
    token = f"{case_of(post).pk}:{case_of(post).version}:{post.version}"
    edit_post(newcomer, post, body=f"{LINK} And more of it.", content_note="", seen_version=post.version)
    for press in ({"do": f"publish {token}"}, {"do": "remove", "chosen": [token], "rule": "experience"}):
        answer = as_(moderator).post("/moderation/held/", press)
        assert answer.status_code == 409
        assert "The words have changed since you opened them." in answer.text
        assert "And more of it." in answer.text and "changed since you opened it" in answer.text
    assert case_of(post).state == State.OPEN
    assert Post.objects.get(pk=post.pk).status == Status.HELD


def test_what_somebody_else_took_first_answers_409_and_the_rest_is_done(spam, moderator, other_moderator, as_):
    tokens = [f"{case_of(post).pk}:{case_of(post).version}:{post.version}" for post in spam]
    claim_case(case_of(spam[2]), other_moderator)
    press = {"do": "remove", "chosen": tokens, "rule": "experience"}
    answer = as_(moderator).post("/moderation/held/", press)
    assert answer.status_code == 409
    assert "Taken down: 4." in answer.text and "kestrel took this" in answer.text


def test_there_is_a_next_page_and_a_press_on_it_comes_back_to_it(newcomer, moderator, as_, share, monkeypatch):
    monkeypatch.setattr(waiting_words, "MOST", 2)
    posts = [share(newcomer, f"{LINK} Part {number}.") for number in range(5)]
    address, seen = "/moderation/held/", []
    for _page in range(3):
        page = as_(moderator).get(address).text
        seen += re.findall(r'id="words-(\d+)"', page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        last, address = address, html.unescape(found[1]) if found else ""
    assert [int(each) for each in seen] == [post.pk for post in posts] and not address
    left = posts[-1]
    token = f"{case_of(left).pk}:{case_of(left).version}:{left.version}"
    assert as_(moderator).post(last, {"do": f"publish {token}"})["Location"] == last
    assert as_(moderator).get("/moderation/held/?after=nonsense").status_code == 200


def test_what_is_put_aside_for_somebody_is_not_among_them(spam, moderator, other_moderator, as_):
    DeclinedCategory.objects.create(member=moderator, door="rule", category="spam")
    assert "Nothing waits for you here." in as_(moderator).get("/moderation/held/").text
    assert as_(other_moderator).get("/moderation/held/").text.count('name="chosen"') == 5


def test_whoever_reads_the_words_there_is_in_the_audit_chain_of_each_case(as_, moderator, other_moderator, spam):
    for _twice in range(2):
        as_(moderator).get("/moderation/held/")
    for post in spam:
        assert [each.actor for each in case_of(post).events.filter(action="read")] == [moderator]
    as_(other_moderator).get("/moderation/held/")
    assert case_of(spam[0]).events.filter(action="read").count() == 2


def test_a_member_who_was_told_waits_until_the_end_and_no_longer(open_case, moderator, member, share, settings):
    settings.HOLD = frozenset()
    case = claim_case(open_case(door="rule"), moderator)
    decision = decide_case(case, moderator, "hold", seen_post_version=case.post.version, rule="kindness", lasting="1w")
    assert "a moderator looks at what you share" in decision.statement
    post = share(member, "Nothing in it but words.")
    assert (post.status, post.held_for) == (Status.HELD, "decision")
    member.refresh_from_db()
    assert member.standing == "active"
    assert share(member, "I want to kill myself tonight.").status == Status.VISIBLE  # nothing waits for care
    undo_decision(decision, moderator)
    assert share(member, "More words.").status == Status.VISIBLE

"""The author edits what was decided about and puts it back: at once after a fold or a cut, after a look where it was gone."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from forum.actions.posts import publish_post
from forum.models import Member, Notice, PastWords, Post, Status
from forum.refusals import ChangedMeanwhile, KeyUsed, NotThere, PostingPaused, WallClosed
from moderation.actions.cases import claim_case
from moderation.actions.decisions import decide_case, undo_decision
from moderation.actions.rewriting import decline_rewrite, put_back_rewrite, rewrite_words
from moderation.actions.talks import settle_case
from moderation.models import Case, Decision, Report, Rewrite, Word
from moderation.refusals import CaseMoved, Missing, NotAllowed, NothingToDo, WordsChanged

pytestmark = pytest.mark.django_db
NEW = "Third night of not sleeping, and it is getting to me."


@pytest.fixture
def conduct(held_case):
    return held_case(door="rule")


@pytest.fixture
def decided(conduct, moderator):
    def decide(kind="fold", **more):
        more = {"seen_post_version": Post.objects.get(pk=conduct.post_id).version, "rule": "no-methods", **more}
        return decide_case(Case.objects.get(pk=conduct.pk), moderator, kind, **more)

    return decide


def rewrite(decision, member, body=NEW, **more):
    more = {"seen_version": Post.objects.get(pk=decision.post_id).version, "key": uuid4(), "content_note": "", **more}
    return rewrite_words(decision, member, body=body, **more)


def test_folded_words_stand_again_at_once_in_the_same_place(told, decided, member, other_member, conduct):
    publish_post(other_member, body="With you.", parent=conduct.post, key=uuid4())
    decision, place = decided(), conduct.post.place
    heard = told(lambda: rewrite(decision, member))
    post = Post.objects.get(pk=conduct.post_id)
    assert (post.body, post.status, post.place, post.standing_replies) == (NEW, Status.VISIBLE, place, 1)
    assert post.edited_at is not None and PastWords.objects.get(post=post).body == "Third night of not sleeping."
    assert ("wall", "post.changed", post.pk) in heard
    assert Rewrite.objects.get().stage == "published"


def test_whoever_decided_hears_and_the_case_notes_it(as_, decided, member, moderator, conduct):
    rewrite(decided(), member)
    assert "edited words that you decided about and put them back" in as_(moderator).get("/notices/").text
    assert conduct.events.filter(action="republish", actor=member).count() == 1
    assert Case.objects.get(pk=conduct.pk).state == "closed"


def test_new_words_are_screened(decided, member):
    rewrite(decided(), member, body="I am going to kill myself tonight.")
    assert Report.objects.filter(source="screening", case__kind="care", case__subject=member).exists()


def test_the_same_words_are_not_put_back_but_a_content_note_is_a_change(decided, member, conduct):
    decision = decided()
    with pytest.raises(Missing, match="same words"):
        rewrite(decision, member, body=conduct.post.body)
    rewrite(decision, member, body=conduct.post.body, content_note="sleep")
    assert Post.objects.get(pk=conduct.post_id).status == Status.VISIBLE


def test_what_was_taken_out_is_not_put_back_in(decided, member, conduct):
    decision = decided("redact", takes_out=["not sleeping"])
    with pytest.raises(Missing, match="still in it"):
        rewrite(decision, member, body="Third night of NOT SLEEPING, again.")
    rewrite(decision, member, body="Third night of it.")
    post = Post.objects.get(pk=conduct.post_id)
    assert (post.body, post.redacted_at, post.status) == ("Third night of it.", None, Status.VISIBLE)


def test_undoing_afterwards_leaves_the_authors_own_version(decided, member, moderator, conduct):
    decision = decided("redact", takes_out=["not sleeping"])
    rewrite(decision, member, body="Third night of it.")
    undo_decision(decision, moderator)
    assert Post.objects.get(pk=conduct.post_id).body == "Third night of it."


def test_only_its_author_and_only_once(decided, member, other_member, moderator):
    decision = decided()
    for stranger in (other_member, moderator):
        with pytest.raises(NotThere):
            rewrite(decision, stranger)
    key = uuid4()
    first = rewrite(decision, member, key=key)
    assert rewrite(decision, member, key=key) == first
    with pytest.raises(KeyUsed):
        rewrite(decision, member, body="Other words.", key=key)
    with pytest.raises(NotAllowed):
        rewrite(decision, member, body="A third version.")


@pytest.mark.django_db(transaction=True)
def test_sent_twice_at_once_it_is_one(decided, member, at_once):
    decision, key = decided(), uuid4()
    results = at_once(*(lambda: rewrite(decision, member, key=key, seen_version=2) for _each in range(2)))
    assert {result.pk for result in results} == {Rewrite.objects.get().pk}


@pytest.mark.parametrize(("standing", "refusal"), [("paused", PostingPaused), ("suspended", WallClosed)])
def test_whoever_may_not_post_may_not_put_back(decided, member, standing, refusal):
    decision = decided()
    Member.objects.filter(pk=member.pk).update(standing=standing)
    with pytest.raises(refusal):
        rewrite(decision, Member.objects.get(pk=member.pk))


def test_not_after_it_was_undone_nor_after_six_months_nor_beneath_another(decided, member, moderator, conduct):
    decision = decided()
    with time_machine.travel(timezone.now() + timedelta(days=185)), pytest.raises(NotAllowed, match="six months"):
        rewrite(decision, member)
    undo_decision(decision, moderator)
    with pytest.raises(NotAllowed, match="do not stand"):
        rewrite(Decision.objects.get(pk=decision.pk), member)


def test_not_over_words_that_changed_meanwhile(decided, member):
    with pytest.raises(ChangedMeanwhile):
        rewrite(decided(), member, seen_version=1)


# --- Words that were taken down ----------------------------------------------------------------------------------------------


@pytest.fixture
def sent(decided, member):
    return rewrite(decided("remove"), member, word="I did not mean it like that.")


def test_words_that_were_taken_down_wait_for_whoever_decided(as_, sent, conduct, moderator, member, other_member):
    post, case = Post.objects.get(pk=conduct.post_id), Case.objects.get(pk=conduct.pk)
    assert (post.status, post.body) == (Status.REMOVED, "Third night of not sleeping.")
    assert (case.state, case.offered_to, case.outcome) == ("open", moderator, "decided")
    assert Word.objects.get().body == "I did not mean it like that."
    assert "They wait for the team" in as_(moderator).get("/notices/").text
    assert NEW not in as_(other_member).get("/").text
    assert "Your new words wait for the team" in as_(member).get("/me/decisions/").text


def test_what_the_team_has_read_is_what_stands(sent, conduct, moderator, member):
    case, place = claim_case(Case.objects.get(pk=conduct.pk), moderator), conduct.post.place
    with pytest.raises(WordsChanged):
        put_back_rewrite(case, moderator, sent, seen_post_version=1)
    put_back_rewrite(case, moderator, sent, seen_post_version=2)
    post = Post.objects.get(pk=conduct.post_id)
    assert (post.body, post.status, post.place) == (NEW, Status.VISIBLE, place)
    assert Case.objects.get(pk=case.pk).state == "closed"
    assert Notice.objects.get(member=member, kind="decision").state == "put_back"
    with pytest.raises(NotAllowed):
        put_back_rewrite(Case.objects.get(pk=case.pk), moderator, sent, seen_post_version=post.version)


def test_not_like_this_is_said_in_a_word_and_another_version_can_be_sent(sent, conduct, moderator, member):
    case = claim_case(Case.objects.get(pk=conduct.pk), moderator)
    with pytest.raises(Missing):
        decline_rewrite(case, moderator, sent, " ", uuid4())
    decline_rewrite(case, moderator, sent, "The second half still says how.", uuid4())
    assert (Rewrite.objects.get().stage, Word.objects.filter(from_team=True).count()) == ("declined", 1)
    again = rewrite(sent.decision, member, body="Third night.")
    assert again.stage == "waiting"


def test_nothing_else_closes_the_case_while_new_words_wait(sent, conduct, moderator):
    case = claim_case(Case.objects.get(pk=conduct.pk), moderator)
    with pytest.raises(Missing, match="words anew"):
        decide_case(case, moderator, "no_action", seen_post_version=2)
    with pytest.raises(NotAllowed, match="words anew"):
        settle_case(case, moderator)
    assert decide_case(case, moderator, "restore", seen_post_version=2)  # as they were


def test_only_the_holder_answers_and_only_what_waits(sent, conduct, moderator, other_moderator):
    case = claim_case(Case.objects.get(pk=conduct.pk), moderator)
    with pytest.raises(NotAllowed):
        put_back_rewrite(case, other_moderator, sent, seen_post_version=2)
    undo_decision(sent.decision, moderator)
    with pytest.raises((NothingToDo, NotAllowed)):
        put_back_rewrite(Case.objects.get(pk=case.pk), moderator, sent, seen_post_version=3)


@pytest.mark.django_db(transaction=True)
def test_put_back_and_declined_at_once_one_happens(sent, conduct, moderator, at_once):
    claim_case(Case.objects.get(pk=conduct.pk), moderator)
    results = at_once(
        lambda: put_back_rewrite(Case.objects.get(pk=conduct.pk), moderator, sent, seen_post_version=2),
        lambda: decline_rewrite(Case.objects.get(pk=conduct.pk), moderator, sent, "Not yet.", uuid4()),
    )
    assert sum(isinstance(result, Rewrite | Word) for result in results) == 1
    assert any(isinstance(result, NotAllowed | NothingToDo | CaseMoved) for result in results)


def test_whoever_speaks_of_dying_in_waiting_words_is_found_at_once(decided, member):
    rewrite(decided("remove"), member, body="I am going to kill myself tonight.")
    assert Report.objects.filter(source="screening", case__kind="care", case__subject=member).exists()


# --- Pages ---------------------------------------------------------------------------------------------------------------------


def test_the_way_leads_from_the_statement_and_from_the_words(as_, decided, member, other_member, conduct):
    decision = decided()
    url = reverse("rewrite_words", args=[decision.pk])
    assert url in as_(member).get("/me/decisions/").text
    assert f"/posts/{conduct.post_id}/put-back/" in as_(member).get(f"/posts/{conduct.post_id}/").text
    assert as_(member).get(f"/posts/{conduct.post_id}/put-back/")["Location"] == url
    for page in (url, f"/posts/{conduct.post_id}/put-back/"):
        assert as_(other_member).get(page).status_code == 404
    form = as_(member).get(url)
    assert "Third night of not sleeping.</textarea>" in form.text
    fields = {"body": NEW, "seen_version": 2, "key": uuid4()}
    refused = as_(member).post(url, {**fields, "seen_version": 1})
    assert refused.status_code == 409 and NEW in refused.text
    assert as_(member).post(url, fields).status_code == 303
    assert "You have put it back" in as_(member).get("/me/decisions/").text
    assert as_(member).get(url).status_code == 302


def test_the_case_shows_the_new_words_and_its_buttons(as_, sent, conduct, moderator):
    case = claim_case(Case.objects.get(pk=conduct.pk), moderator)
    url = reverse("case", args=[case.pk])
    page = as_(moderator).get(url).text
    assert "How robin would like to put it back" in page and NEW in page
    fields = {"seen": case.version, "rewrite": sent.pk, "seen_posts": f"{conduct.post_id}:2"}
    assert as_(moderator).post(url, {**fields, "do": "decline", "body": "", "key": uuid4()}).status_code == 422
    assert as_(moderator).post(url, {**fields, "do": "put_back", "seen_posts": ""}).status_code == 409
    assert as_(moderator).post(url, {**fields, "do": "put_back"}).status_code == 303
    assert Post.objects.get(pk=conduct.post_id).body == NEW

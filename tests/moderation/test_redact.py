"""A moderator takes something out of words: only ever out, with a reason, kept, told, searched for no more, and undone in full."""

from uuid import uuid4

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from forum.access import facts_of
from forum.actions.changing import MARK, without
from forum.actions.posts import edit_post
from forum.models import PastWords, Post
from forum.refusals import TooLateToEdit
from forum.search import search_posts
from moderation.actions.cases import claim_case
from moderation.actions.decisions import decide_case, undo_decision
from moderation.actions.reports import report_post
from moderation.models import Case, Decision
from moderation.redacting import phrases_from, spans_to_take_out
from moderation.refusals import Missing, NothingToDo, WordsChanged
from tests.moderation.pressing import press_and_send

BODY = "Ring me on 07700 900123 tonight.\nAnn knows. The anniversary is hard, and Ann knows why."


@pytest.fixture
def conduct(on_duty, moderator, member, other_member, post_by):
    """A case about a post of robin's that heron holds."""
    on_duty(moderator)
    case = report_post(other_member, post_by(member, BODY), "rule", "details", key=uuid4()).case
    return claim_case(case, moderator)


def redact(case, actor, *phrases, **more):
    more.setdefault("seen_post_version", Post.objects.get(pk=case.post_id).version)
    return decide_case(case, actor, "redact", rule="keep-private", takes_out=phrases, **more)


def test_every_place_of_a_phrase_goes_and_nothing_else_changes(conduct, moderator):
    decision = redact(conduct, moderator, "07700 900123", "ann")
    post = Post.objects.get(pk=conduct.post_id)
    assert post.body == "Ring me on […] tonight.\n[…] knows. The anniversary is hard, and […] knows why."
    assert post.redacted_at is not None
    assert PastWords.objects.get(post=post).body == BODY
    assert [BODY[start:end] for start, end in decision.taken_out] == ["07700 900123", "Ann", "Ann"]
    assert "taken a way to reach somebody out of" in decision.statement and "Keep people private" in decision.statement


@pytest.mark.parametrize(
    ("phrases", "says"),
    [
        ((), "each phrase on a line"),
        (("Bob",), "“Bob” is not in their words"),
        (tuple(BODY.splitlines()), "Nothing would be"),
    ],
)
def test_what_is_not_there_cannot_go_and_not_everything_can(conduct, moderator, phrases, says):
    with pytest.raises(Missing, match=says) as refused:
        redact(conduct, moderator, *phrases)
    assert refused.value.field == "takes_out"
    assert Post.objects.get(pk=conduct.post_id).body == BODY and not Decision.objects.exists()


def test_words_are_not_cut_inside_other_words(conduct, moderator):
    redact(conduct, moderator, "ann")
    assert "anniversary" in Post.objects.get(pk=conduct.post_id).body


@given(st.text(min_size=1, max_size=200), st.lists(st.text(min_size=1, max_size=20), max_size=4))
def test_whatever_is_asked_for_the_words_only_lose_something(body, phrases):
    try:
        spans = spans_to_take_out(body, phrases_from("\n".join(phrases)))
    except Missing:
        return
    kept, at = "", 0
    for start, end in spans:
        assert at <= start < end <= len(body)
        kept, at = kept + body[at:start], end
    kept += body[at:]
    assert without(body, spans).replace(MARK, "") == kept.replace(MARK, "")


def test_the_search_finds_what_is_left_and_not_what_went(conduct, moderator, other_member):
    def found(words):
        return {hit.post.pk for hit in search_posts(facts_of(other_member), words).hits}

    assert conduct.post_id in found("900123")  # the premise
    decision = redact(conduct, moderator, "07700 900123")
    assert conduct.post_id not in found("900123") and conduct.post_id in found("anniversary")
    undo_decision(decision, moderator)
    assert conduct.post_id in found("900123")


def test_the_member_reads_both_and_others_read_what_is_left(as_, conduct, moderator, member, other_member):
    redact(conduct, moderator, "07700 900123")
    mine = as_(member).get("/me/decisions/").text
    assert "<del>07700 900123</del>" in mine and "Ring me on […] tonight." in mine
    for page in ("/", f"/posts/{conduct.post_id}/"):
        theirs = as_(other_member).get(page).text
        assert "900123" not in theirs and "Ring me on […] tonight." in theirs
        assert "A moderator has taken something out" in theirs


def test_their_author_cannot_edit_it_back_in_by_the_side_door(conduct, moderator, member):
    redact(conduct, moderator, "07700 900123")
    post = Post.objects.get(pk=conduct.post_id)
    with pytest.raises(TooLateToEdit):
        edit_post(member, post, body=BODY, content_note="", seen_version=post.version)


def test_it_is_undone_in_full_also_beneath_another(conduct, moderator, other_member):
    first = redact(conduct, moderator, "07700 900123")
    second = _again(conduct.post, other_member, moderator, "Ann")
    with pytest.raises(NothingToDo):
        undo_decision(first, moderator)
    undo_decision(second, moderator)
    post = Post.objects.get(pk=conduct.post_id)
    assert (post.body, post.redacted_at is not None) == (BODY.replace("07700 900123", "[…]"), True)
    undo_decision(Decision.objects.get(pk=first.pk), moderator)
    post.refresh_from_db()
    assert (post.body, post.redacted_at) == (BODY, None)


def _again(post, reporter, moderator, *phrases):
    case = report_post(reporter, Post.objects.get(pk=post.pk), "rule", "details", key=uuid4()).case
    return redact(claim_case(case, moderator), moderator, *phrases)


def test_words_that_changed_are_not_cut_unseen(conduct, moderator, member):
    edit_post(member, conduct.post, body=BODY + " More.", content_note="", seen_version=1)
    for seen in (1, None):
        with pytest.raises(WordsChanged):
            redact(Case.objects.get(pk=conduct.pk), moderator, "Ann", seen_post_version=seen)
    assert Post.objects.get(pk=conduct.post_id).body == BODY + " More."


def test_the_form_names_phrases_and_previews_what_is_left(as_, conduct, moderator):
    fields = {
        "kind": "redact",
        "rule": "keep-private",
        "takes_out": "07700 900123",
        "seen": conduct.version,
        "seen_posts": f"{conduct.post_id}:1",
    }
    url = reverse("case", args=[conduct.pk])
    assert "07700 900123</textarea>" in as_(moderator).get(url).text  # what looks like a number is there to begin from
    draft = as_(moderator).post(url, {**fields, "do": "draft"}).text
    assert "What goes, and what stays" in draft and "<del>07700 900123</del>" in draft
    refused = as_(moderator).post(url, {**fields, "takes_out": "My own words", "do": "decide"})
    assert refused.status_code == 422 and "is not in their words" in refused.text
    assert press_and_send(as_(moderator), url, {**fields, "do": "decide"}).status_code == 303
    assert Post.objects.get(pk=conduct.post_id).body.startswith("Ring me on […] tonight.")

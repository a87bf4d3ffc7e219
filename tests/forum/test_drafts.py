"""Drafts: one for each place, overwritten by nobody, gone when sent."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from forum.actions import drafts
from forum.actions.drafts import DraftChanged, forget_device, save_draft
from forum.actions.posts import edit_post, publish_post
from forum.models import Draft
from moderation.actions.reports import ask_for_team
from realtime import retention

pytestmark = pytest.mark.django_db

HALF = {"body": "Half a thought", "intent": "question"}


def test_a_draft_is_kept_and_saved_again_by_whoever_has_seen_it(member):
    first = save_draft(member, "post", HALF, version="a1")
    again = save_draft(member, "post", {**HALF, "body": "Half a thought, and more"}, version="a2", seen=["a1"])
    assert (first.pk, again.version, again.fields["body"]) == (again.pk, "a2", "Half a thought, and more")


def test_a_save_whose_answer_was_lost_is_known_again(member):
    save_draft(member, "post", HALF, version="a1")
    save_draft(member, "post", {"body": "Sent, and never heard of"}, version="a2", seen=["a1"])
    kept = save_draft(member, "post", {"body": "Written since"}, version="a3", seen=["a1", "a2"])
    assert kept.fields == {"body": "Written since"}


def test_two_tabs_overwrite_nothing_silently(member):
    save_draft(member, "post", HALF, version="a1")
    save_draft(member, "post", {"body": "From the other tab"}, version="b1", seen=["a1"])
    with pytest.raises(DraftChanged) as changed:
        save_draft(member, "post", {"body": "From this one"}, version="a2", seen=["a1"])
    assert changed.value.kept.fields == {"body": "From the other tab"}
    assert Draft.objects.get().version == "b1"
    same = save_draft(member, "post", {"body": "From the other tab"}, version="a3", seen=["a1"])
    assert same.version == "b1", "the same words are no difference"


@pytest.mark.django_db(transaction=True)
def test_two_first_saves_at_once_keep_one_and_show_it_to_the_other(member, at_once):
    results = at_once(
        *(lambda n=n: save_draft(member, "post", {"body": f"Words {n}"}, version=str(n)) for n in range(2))
    )
    lost = [result for result in results if isinstance(result, DraftChanged)]
    assert len(lost) == 1 and lost[0].kept.pk == Draft.objects.get().pk


def test_emptied_it_is_gone_and_choices_alone_are_no_draft(member):
    assert save_draft(member, "post", {"body": "", "intent": "win"}) is None
    save_draft(member, "post", HALF, version="a1")
    with pytest.raises(DraftChanged):
        save_draft(member, "post", {}, seen=[])
    assert save_draft(member, "post", {}, seen=["a1"]) is None
    assert not Draft.objects.exists()


def test_it_goes_with_the_words_that_were_shared_in_the_same_transaction(member, other_member):
    save_draft(member, "post", HALF, version="a1")
    save_draft(other_member, "post", HALF, version="a1")
    post = publish_post(member, body="Half a thought, finished.", key=uuid4(), draft=["a1"]).post
    assert [draft.member for draft in Draft.objects.all()] == [other_member]
    save_draft(member, f"reply-{post.pk}", {"body": "And this."}, version="r1")
    publish_post(member, body="And this.", key=uuid4(), parent=post)
    save_draft(member, f"edit-{post.pk}", {"body": "Changed."}, version="e1")
    edit_post(member, post, body="Changed. Twice.", content_note="", seen_version=post.version, draft=["e1"])
    assert not Draft.objects.filter(member=member).exists()


def test_what_was_written_on_another_device_stays_when_other_words_are_shared(member):
    save_draft(member, "post", {"body": "A letter of many nights, on the phone"}, version="phone")
    publish_post(member, body="Just hello.", key=uuid4(), draft=["laptop"])
    assert Draft.objects.get().version == "phone"


def test_a_save_that_arrives_after_its_words_were_shared_keeps_nothing(member):
    key, question = uuid4(), uuid4()
    publish_post(member, body="Done.", key=key)
    assert save_draft(member, "post", {"body": "Don"}, version="late", key=key) is None
    ask_for_team(member, "when_you_can", key=question, note="Would somebody write?")
    assert save_draft(member, "ask", {"note": "Would some"}, version="late", key=question) is None
    assert not Draft.objects.exists()


def test_what_was_told_to_the_team_is_a_draft_no_longer(member):
    save_draft(member, "ask", {"note": "Would somebody"}, version="a1")
    ask_for_team(member, "when_you_can", key=uuid4(), note="Would somebody write?")
    assert not Draft.objects.exists()


def test_a_shared_device_takes_with_it_what_was_begun_there(member):
    save_draft(member, "post", HALF, version="a1", device="library")
    save_draft(member, "reply-1", HALF, version="b1", device="library")
    save_draft(member, "reply-2", HALF, version="c1")
    save_draft(member, "reply-1", {"body": "Gone on with at home"}, version="b2", seen=["b1"])
    save_draft(member, "reply-2", {"body": "Gone on with there"}, version="c2", seen=["c1"], device="library")
    forget_device(member, "library")
    assert set(Draft.objects.values_list("place", flat=True)) == {"reply-1", "reply-2"}
    forget_device(member, "")
    assert Draft.objects.count() == 2


def test_the_oldest_goes_when_there_are_too_many_and_all_go_after_a_month(member, monkeypatch):
    monkeypatch.setattr(drafts, "MOST", 3)
    for number in range(5):
        save_draft(member, f"reply-{number}", HALF, version=str(number))
    assert set(Draft.objects.values_list("place", flat=True)) == {"reply-2", "reply-3", "reply-4"}
    Draft.objects.filter(place="reply-3").update(saved_at=timezone.now() - timedelta(days=30, minutes=1))
    Draft.objects.filter(place="reply-4").update(saved_at=timezone.now() - timedelta(days=29))
    retention.forget("drafts")
    assert set(Draft.objects.values_list("place", flat=True)) == {"reply-2", "reply-4"}

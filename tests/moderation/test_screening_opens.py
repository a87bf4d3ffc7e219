"""What happens by itself when words are shared: cases with reasons, never anything to the post."""

import pytest

from forum.models import Post, Status
from moderation import receivers, screening
from moderation.models import Case, Report, State
from moderation.screening import NOTHING, Reason, Screening


@pytest.fixture
def found(monkeypatch):
    """What the screening says in this test."""

    def says(result):
        monkeypatch.setattr(screening, "findings", lambda text, own: [result] if result.severity else [])

    return says


def test_plain_words_open_nothing(post_by, member, found):
    found(NOTHING)
    post_by(member)
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("severity", "state"), [("emergency", State.ESCALATED), ("urgent", State.OPEN), ("soon", State.OPEN)]
)
def test_words_of_crisis_open_a_care_case_and_the_post_stays(post_by, member, found, severity, state):
    found(Screening(severity, "crisis", 0.8, (Reason("intent", 2, 9),)))
    post = post_by(member)
    case = Case.objects.get()
    assert (case.kind, case.subject, case.post, case.state, case.severity) == ("care", member, None, state, severity)
    report = Report.objects.get()
    assert (report.source, report.reporter, report.snapshot) == ("screening", None, post.body)
    assert report.reasons == [{"rule": "intent", "start": 2, "end": 9}]
    assert Post.objects.get(pk=post.pk).status == Status.VISIBLE


def test_contact_details_open_a_conduct_case_about_the_post(post_by, member, found):
    found(Screening("soon", "details", 0.5, ()))
    post = post_by(member)
    assert (Case.objects.get().kind, Case.objects.get().post) == ("conduct", post)


def test_the_teams_own_numbers_open_nothing(post_by, moderator, found):
    found(Screening("soon", "details", 0.5, ()))
    post_by(moderator)
    assert not Case.objects.exists()


def test_the_content_note_is_read_too_and_marks_nothing_in_the_words(member):
    from uuid import uuid4

    from forum.actions.posts import publish_post

    post = publish_post(member, body="Cannot write more.", content_note="I have taken an overdose", key=uuid4()).post
    report = Report.objects.get()
    assert (report.case.kind, report.severity, report.snapshot) == ("care", "emergency", post.body)
    assert all(reason["start"] > len(post.body) for reason in report.reasons)


def test_an_edit_is_read_again_and_joins(post_by, member, found):
    from forum.actions.posts import edit_post

    found(Screening("soon", "crisis", 0.5, ()))
    post = post_by(member)
    edit_post(member, post, body="Worse now.", content_note="", seen_version=1)
    assert Case.objects.get().reports.count() == 2


def test_a_screening_that_fails_leaves_the_post_and_asks_a_person(post_by, member, monkeypatch, told):
    def breaks(text, own):
        raise RuntimeError("broken")

    monkeypatch.setattr(screening, "findings", breaks)
    heard = told(lambda: post_by(member))
    case = Case.objects.get()
    assert (case.kind, case.state, case.reports.get().category) == ("conduct", State.OPEN, "screening_failed")
    assert Post.objects.get().status == Status.VISIBLE
    assert ("moderation", "case.changed", case.pk) in heard


def test_a_screening_that_fails_half_way_leaves_nothing_half_done(post_by, member, found, monkeypatch):
    found(Screening("emergency", "crisis", 1.0, ()))
    whole = receivers.open_from_screening

    def half_way(post, result):
        whole(post, result)
        raise RuntimeError("after the case was opened")

    monkeypatch.setattr(receivers, "open_from_screening", half_way)
    post_by(member)
    assert [report.category for report in Report.objects.all()] == ["screening_failed"]
    assert Case.objects.get().kind == "conduct"


def test_when_not_even_that_works_the_post_is_shared(post_by, member, found, monkeypatch):
    def breaks(*args):
        raise RuntimeError("broken")

    monkeypatch.setattr(screening, "findings", breaks)
    monkeypatch.setattr(receivers, "open_unscreened", breaks)
    assert post_by(member).status == Status.VISIBLE
    assert not Case.objects.exists()


def test_a_worry_and_a_telephone_number_open_a_case_each(post_by, member):
    post_by(member, "I don't want to be alive any more. Ring me on 07700 900123.")
    assert sorted(Case.objects.values_list("kind", flat=True)) == ["care", "conduct"]

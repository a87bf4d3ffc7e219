"""The guides beside the record: read by category, checked by name, changed by two people."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from forum.actions.posts import publish_post
from moderation import guides, record_clock
from moderation.actions.guides import GuideMoved, check_guide, confirm_change, propose_change
from moderation.clocks import PROPOSAL_FOR
from moderation.models import Guide, GuideChange
from moderation.refusals import Missing, NotAllowed

pytestmark = pytest.mark.django_db
KEYS = {"danger", "under-18", "child-at-risk", "abuse-at-home", "abuse-images", "threats-to-team", "who-asks"}


@pytest.fixture
def danger():
    return Guide.objects.get(key="danger")


def test_they_are_planted_unchecked_and_only_once():
    assert set(Guide.objects.values_list("key", flat=True)) == KEYS
    Guide.objects.filter(key="danger").update(body="Ours.")
    guides.plant()
    assert Guide.objects.get(key="danger").body == "Ours."
    assert not Guide.objects.exclude(checked_on=None).exists()


def test_every_line_a_guide_calls_for_is_on_the_help_page():
    for guide in Guide.objects.all():
        assert guides.unknown_lines(guide.body) == []


def test_numbers_come_from_the_help_page(danger):
    text = guides.FIRST.read_text()
    assert "116 123" not in text and "85258" not in text
    bits = [
        bit
        for section in guides.sections(danger.body)
        for _kind, items in section.blocks
        for item in items
        for bit in item
    ]
    samaritans = next(bit.line for bit in bits if bit.line and bit.line.name == "Samaritans")
    assert samaritans.ways[0].value == "116 123"


@pytest.mark.parametrize(
    ("category", "key"), [("under_18", "under-18"), ("child", "child-at-risk"), ("controlled", "abuse-at-home")]
)
def test_the_record_shows_the_guide_its_case_asks_for(as_, staff, other_member, member, category, key):
    from moderation.actions.reports import report_member

    case = report_member(other_member, member, "worry", category, key=uuid4()).case
    assert [guide.key for guide in guides.for_case(case)] == [key, "danger"]
    page = as_(staff).get(f"/staff/cases/{case.pk}/record/").text
    assert Guide.objects.get(key=key).title in page and "To be checked by your organisation" in page


def test_a_change_takes_two_names(as_, staff, other_staff, danger):
    url = "/staff/guides/danger/"
    fields = {"do": "propose", "seen": danger.version, "title": danger.title, "body": "1. Ring [line: Samaritans]."}
    assert as_(staff).post(url, fields).status_code == 303
    change = GuideChange.objects.get()
    assert as_(staff).post(url, {"do": "confirm", "change": change.pk}).status_code == 422
    assert Guide.objects.get(key="danger").body == danger.body
    assert as_(other_staff).post(url, {"do": "confirm", "change": change.pk}).status_code == 303
    fresh = Guide.objects.get(key="danger")
    assert (fresh.version, fresh.shipped, fresh.checked_by) == (2, False, "gannet")
    assert "116 123" in as_(staff).get(url).text


def test_the_database_says_that_two_people_differ(staff, danger):
    change = propose_change(danger, staff, title="T", body="1. B", seen_version=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        GuideChange.objects.filter(pk=change.pk).update(confirmed_by=staff, ended_at=timezone.now())


def test_a_line_that_is_not_on_the_help_page_is_refused_with_the_words_kept(as_, staff, danger):
    fields = {"do": "propose", "seen": 1, "title": "T", "body": "1. Ring [line: Nobody]."}
    answer = as_(staff).post("/staff/guides/danger/", fields)
    assert answer.status_code == 422
    assert "no line called “Nobody”" in answer.text and "1. Ring [line: Nobody]." in answer.text


def test_words_written_from_an_older_version_are_refused(as_, staff, other_staff, danger):
    confirm_change(propose_change(danger, staff, title="T", body="1. B", seen_version=1), other_staff)
    with pytest.raises(GuideMoved):
        propose_change(danger, staff, title="T", body="1. C", seen_version=1)
    answer = as_(staff).post("/staff/guides/danger/", {"do": "propose", "seen": 1, "title": "T", "body": "1. C"})
    assert answer.status_code == 409 and "1. C" in answer.text


def test_a_change_nobody_confirms_lapses_after_a_week(staff, other_staff, danger):
    change = propose_change(danger, staff, title="T", body="1. B", seen_version=1)
    GuideChange.objects.update(proposed_at=timezone.now() - PROPOSAL_FOR)
    record_clock.run_records()
    with pytest.raises(NotAllowed):
        confirm_change(change, other_staff)


def test_somebody_checks_it_by_name(as_, staff, danger):
    url = "/staff/guides/danger/"
    assert as_(staff).post(url, {"do": "check", "seen": 1, "name": ""}).status_code == 422
    assert as_(staff).post(url, {"do": "check", "seen": 1, "name": "Dr A. Okafor, safeguarding"}).status_code == 303
    assert "Checked by Dr A. Okafor, safeguarding" in as_(staff).get(url).text
    with pytest.raises(Missing):
        check_guide(danger, staff, name=" ", seen_version=1)


def test_nobody_else_changes_or_reads_them(as_, moderator, member, independent, danger):
    for person in (moderator, member, independent):
        assert as_(person).get("/staff/guides/").status_code == 404
        with pytest.raises(NotAllowed):
            propose_change(danger, person, title="T", body="1. B", seen_version=1)


def test_who_wrote_to_somebody_under_18_is_listed_for_staff(as_, staff, other_member, member, make_member):
    from moderation.actions.reports import report_member

    post = publish_post(member, body="Homework and no sleep.", key=uuid4()).post
    finch = make_member("finch")
    for words in ("How old are you?", "Write to me elsewhere."):
        publish_post(finch, body=words, parent=post, key=uuid4())
    case = report_member(other_member, member, "worry", "under_18", key=uuid4()).case
    page = as_(staff).get(f"/staff/cases/{case.pk}/record/").text
    assert "Who has written to them" in page and "replies: 2" in page
    grown = report_member(member, other_member, "worry", "worried", key=uuid4()).case
    assert "Who has written to them" not in as_(staff).get(f"/staff/cases/{grown.pk}/record/").text

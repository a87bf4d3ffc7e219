"""Words that were sealed from view stand on no page, in no file and on no sheet, but for the one named person."""

import json
from uuid import uuid4

import pytest
from django.urls import reverse

from forum.models import Post
from moderation.actions.cases import answer_word, claim_case, send_word
from moderation.actions.holds import Terms, confirm_hold, propose_hold
from moderation.actions.reports import report_post
from moderation.actions.sealing_words import seal_words
from moderation.actions.second_readings import choose
from moderation.actions.sheets import make_sheet
from moderation.case_export.fields import FIELDS
from moderation.case_export.paper import read_sheet
from moderation.models import BlindReading, Case, HandOverSheet, LegalHold, Report, SealedFromView
from moderation.own_records import rows_of
from tests.moderation.hearings import appeal_by, decide
from tests.moderation.members import again
from tests.moderation.records import write_record
from tests.moderation.registers import decided

pytestmark = pytest.mark.django_db
WORDS = "Third night of not sleeping."
TALK = "What I sent her is on that site."


@pytest.fixture(autouse=True)
def named(settings):
    settings.CSAM_LEAD = "gannet"
    settings.SECOND_READING = 100


@pytest.fixture
def worry(staff_case, staff, member):
    """A case of care with a record, a conversation and a sheet, before anybody knows what the post is."""
    case = staff_case("thoughts")
    send_word(again(case), staff, "Hello, this is Puffin.", uuid4())
    answer_word(again(case), member, TALK, uuid4())
    write_record(case, staff)
    chosen = ["snapshot", "what_they_said"]
    make_sheet(again(case), staff, to_whom="Kent Police", why_now="Tonight.", chosen=chosen)
    return again(case)


@pytest.fixture
def hold(worry, staff, other_staff):
    terms = Terms(reason="The police ask.", owner=staff, review_days=30, ends_days=90)
    return confirm_hold(propose_hold(worry, staff, terms), other_staff)


@pytest.fixture
def conduct(worry, other_member, other_moderator):
    """The same post, reported for a rule, in a case of its own."""
    case = report_post(other_member, Post.objects.get(), "rule", "grooming", key=uuid4(), note=f"It says: {WORDS}").case
    return claim_case(case, other_moderator)


def pages_of(*cases):
    hold = [("hold", row.pk, {"do": "read"}) for row in LegalHold.objects.all()]
    sheets = [("hand_over_sheet", row.pk, None) for row in HandOverSheet.objects.all()]
    of_case = ("staff_case", "crisis_record", "record_withholding", "record_changes")
    return [*hold, *sheets, *((name, case.pk, None) for case in cases for name in of_case)]


def seen(client, pages):
    """The pages on which the words stand."""
    found = set()
    for name, number, press in pages:
        url = reverse(name, args=[number])
        answer = client.post(url, press) if press else client.get(url)
        if WORDS in answer.text or TALK in answer.text:
            found.add(name)
    return found


def test_no_page_of_the_case_shows_them_nor_any_other_that_did(as_, worry, hold, staff, other_staff):
    pages = pages_of(worry)
    before = {"hold", "hand_over_sheet", "staff_case", "crisis_record", "record_withholding"}
    assert seen(as_(staff), pages) == before, "the premise: each of these shows them"
    seal_words(again(worry), staff)
    assert seen(as_(staff), pages) == set()
    assert seen(as_(other_staff), pages) == before, "the one named person"


def test_another_case_with_the_same_post_does_not_show_them(as_, worry, hold, conduct, staff, other_staff, moderator):
    seal_words(again(conduct), moderator)
    pages = pages_of(worry, conduct)
    assert "staff_case" in seen(as_(other_staff), pages)
    assert TALK in as_(staff).get(reverse("staff_case", args=[worry.pk])).text, "their own words to the team stay"
    for name, number, press in pages:
        url = reverse(name, args=[number])
        assert WORDS not in (as_(staff).post(url, press) if press else as_(staff).get(url)).text, name


def test_they_are_in_no_file_and_on_no_new_sheet(worry, conduct, staff, other_staff, member):
    request = decided(other_staff, staff, fields=dict.fromkeys(FIELDS, "The coroner asks."))
    assert WORDS in str(read_sheet(request, worry)), "the premise"
    seal_words(again(conduct), staff)
    for case in (worry, again(conduct)):
        assert WORDS not in str(read_sheet(request, case))
    sheet = make_sheet(again(worry), staff, to_whom="Police", why_now="Now.", chosen=["snapshot", "what_they_said"])
    assert json.loads(sheet.words)["parts"]["snapshot"] == []
    seal_words(again(worry), staff)
    assert WORDS not in str(read_sheet(request, worry)) and TALK not in str(read_sheet(request, worry))
    assert not any(WORDS in str(row) for row in rows_of(member.pk))


def test_whoever_hears_an_appeal_does_not_see_them(as_, held_case, moderator, other_moderator, member, staff):
    decision = decide(held_case(door="rule"), moderator)
    appeal = appeal_by(member, decision)
    url = f"/moderation/appeals/{appeal.pk}/"
    assert WORDS in as_(other_moderator).get(url).text
    _sealed_elsewhere(decision, staff)
    page = as_(other_moderator).get(url)
    assert page.status_code == 200 and WORDS not in page.text


def test_a_case_that_was_chosen_for_a_second_reading_is_read_by_nobody(
    as_, held_case, moderator, other_moderator, staff
):
    decision = decide(held_case(door="rule"), moderator, statement="I have taken this down.")
    choose()
    url = f"/moderation/second-reading/{BlindReading.objects.get().pk}/"
    assert as_(other_moderator).get(url).status_code == 200
    _sealed_elsewhere(decision, staff)
    assert as_(other_moderator).get(url).status_code == 404


def _sealed_elsewhere(decision, by):
    """Another case about the same person, in which the same post was reported and sealed."""
    case = Case.objects.create(kind="care", subject=decision.subject, severity="urgent")
    Report.objects.create(
        case=case, post=decision.post, door="worry", category="worried", source="noticed", snapshot=WORDS
    )
    SealedFromView.objects.create(case=case, by=by)

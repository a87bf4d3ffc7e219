"""The sheet for emergency services: one press, frozen, in the audit."""

import json

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from moderation.actions.sheets import make_sheet
from moderation.models import Case, HandOverSheet
from moderation.refusals import Missing, NotAllowed
from tests.moderation.records import sent, write_record

pytestmark = pytest.mark.django_db


def given(**more: object) -> dict[str, object]:
    return {
        "to_whom": "Kent Police, control room",
        "why_now": "Tablets beside them.",
        "chosen": ["what_they_said"],
    } | more


def test_one_press_makes_the_sheet_with_what_was_chosen(as_, staff, other_staff, staff_case):
    case = staff_case("danger_now")
    url = reverse("crisis_record", args=[case.pk])
    fields = sent(do="sheet") | {
        "sheet-to_whom": "Kent Police, control room", "sheet-why_now": "Tablets beside them.",
        "sheet-chosen": ["snapshot", "what_they_said"], "sheet-contact": ["phone", "network"],
        "sheet-key": "7f0e9f0a-3c1c-4d53-9f5e-0a8c2ab6a111",
    }  # fmt: skip
    answer = as_(staff).post(url, fields)
    sheet = HandOverSheet.objects.get()
    assert answer.status_code == 303 and answer["Location"] == reverse("hand_over_sheet", args=[sheet.pk])
    page = as_(other_staff).get(answer["Location"]).text
    for words in ("Kent Police", "Tablets beside them.", "Third night of not sleeping.", "They want it to stop."):
        assert words in page
    assert "Telephone" in page and "Mail address" not in page
    assert "Tonight, at home." not in page, "what was not chosen is not on it"
    assert case.events.get(action="sheet").said.words == str(sheet.pk)
    as_(staff).post(url, {**fields, "seen": "1"})
    assert HandOverSheet.objects.count() == 1, "twice is once"


def test_what_was_given_stays_as_it_was_given(staff, staff_case):
    case = staff_case()
    write_record(case, staff)
    sheet = make_sheet(Case.objects.get(pk=case.pk), staff, **given())
    write_record(case, staff, what_they_said="Something else by now.")
    sheet.refresh_from_db()
    assert json.loads(sheet.words)["parts"]["what_they_said"] == "They want it to stop."
    for change in ({"words": "{}"}, {"to_whom": "Nobody"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            HandOverSheet.objects.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        HandOverSheet.objects.all().delete()


@pytest.mark.parametrize("missing", ["to_whom", "why_now", "chosen"])
def test_a_sheet_that_says_too_little_is_asked_for_more(staff, staff_case, missing):
    case = staff_case()
    write_record(case, staff)
    with pytest.raises(Missing) as refused:
        make_sheet(Case.objects.get(pk=case.pk), staff, **given(**{missing: ""}))
    assert refused.value.field == missing


def test_without_a_record_there_is_no_sheet(staff, staff_case):
    with pytest.raises(Missing):
        make_sheet(staff_case(), staff, **given())


def test_only_whoever_holds_the_case_makes_one(staff, other_staff, moderator, staff_case):
    case = staff_case()
    write_record(case, staff)
    for person in (other_staff, moderator):
        with pytest.raises(NotAllowed):
            make_sheet(Case.objects.get(pk=case.pk), person, **given())


def test_a_sheet_of_a_case_one_may_not_see_is_not_there(as_, staff, moderator, member, staff_case):
    case = staff_case()
    write_record(case, staff)
    sheet = make_sheet(Case.objects.get(pk=case.pk), staff, **given())
    for person in (member, moderator):
        assert as_(person).get(reverse("hand_over_sheet", args=[sheet.pk])).status_code == 404

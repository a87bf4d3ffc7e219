"""What the team learns from what is over: written by staff, shared where they say so, done by somebody by a day."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from moderation import learning
from moderation.actions.cases import claim_case
from moderation.actions.incidents import add_line, ask_to_close, close_incident
from moderation.actions.lessons import mark_done, share_lesson, write_lesson
from moderation.models import Case, Lesson
from moderation.refusals import Missing, NotAllowed
from tests.moderation.members import decide
from tests.moderation.registers import an_incident, fresh

pytestmark = pytest.mark.django_db
URL, SHARED = "/staff/learning/", "/moderation/learning/"


@pytest.fixture
def closed_case(open_case, moderator):
    case = claim_case(open_case(door="rule"), moderator)
    decide(case, moderator, "no_action")
    return Case.objects.get(pk=case.pk)


def typed(**more):
    return {
        "do": "write",
        "learnt": "Ask who else is at home.",
        "case": "",
        "incident": "",
        "step": "",
        "who": "",
        "due_on": "",
    } | more


def test_a_lesson_from_a_closed_case_is_staffs_until_they_share_it(as_, staff, moderator, closed_case):
    assert as_(staff).post(URL, typed(case=closed_case.pk)).status_code == 303
    lesson = Lesson.objects.get()
    assert lesson.case == closed_case and not lesson.shared
    assert "Ask who else is at home." not in as_(moderator).get(SHARED).text
    as_(staff).post(URL, {"do": "share", "lesson": lesson.pk})
    page = as_(moderator).get(SHARED).text
    assert "Ask who else is at home." in page and f"/cases/{closed_case.pk}/" not in page
    as_(staff).post(URL, {"do": "unshare", "lesson": lesson.pk})
    assert "Ask who else is at home." not in as_(moderator).get(SHARED).text


def test_a_moderator_neither_writes_nor_shares_nor_opens_staffs_page(as_, staff, moderator):
    lesson = write_lesson(staff, "Ask who else is at home.", shared=True)
    for answer in (
        as_(moderator).get(URL),
        as_(moderator).post(URL, typed()),
        as_(moderator).post(SHARED, {"do": "unshare", "lesson": lesson.pk}),
        as_(moderator).post(SHARED, {"do": "done", "lesson": lesson.pk}),
    ):
        assert answer.status_code == 404
    assert Lesson.objects.count() == 1 and fresh(lesson).shared


def test_no_lesson_comes_from_what_is_not_over(as_, staff, open_case):
    case, incident = open_case(), an_incident(staff)
    answer = as_(staff).post(URL, typed(case=case.pk))
    assert answer.status_code == 422 and "not closed yet" in answer.text and "Ask who else" in answer.text
    with pytest.raises(Missing):
        write_lesson(staff, "x", incident=incident)


def test_it_comes_from_a_closed_incident(as_, staff, other_staff):
    row = an_incident(staff)
    add_line(row, staff, "changed", "Pages ring now.", at=timezone.now())
    close_incident(ask_to_close(row, staff), other_staff)
    as_(staff).post(URL, typed(incident=row.pk))
    assert Lesson.objects.get().incident == row


def test_a_number_that_is_none_of_theirs_is_said_beside_it(as_, staff, open_case, moderator):
    hidden = open_case(door="rule", subject=moderator)
    for field, number in (("case", hidden.pk), ("case", 999), ("incident", 999)):
        answer = as_(staff).post(URL, typed(**{field: number}))
        assert answer.status_code == 422 and "nothing with this number" in answer.text


@pytest.mark.parametrize("field", ["learnt", "step"])
def test_no_lesson_names_anybody(as_, staff, closed_case, moderator, field):
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    sent = typed(case=closed_case.pk, step="Ring first.", who=moderator.pk, due_on=tomorrow) | {field: "Robin waited."}
    answer = as_(staff).post(URL, sent)
    assert answer.status_code == 422 and "name nobody" in answer.text and not Lesson.objects.exists()


@pytest.mark.parametrize("left_out", ["who", "due_on"])
def test_a_step_is_somebodys_by_a_day(as_, staff, moderator, left_out):
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    sent = typed(step="Ring first.", who=moderator.pk, due_on=tomorrow) | {left_out: ""}
    answer = as_(staff).post(URL, sent)
    assert answer.status_code == 422 and not Lesson.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Lesson.objects.create(learnt="x", step="y", written_by=staff)


def test_a_member_is_given_no_step(as_, staff, member):
    sent = typed(step="Ring first.", who=member.pk, due_on=timezone.localdate().isoformat())
    assert as_(staff).post(URL, sent).status_code == 422
    with pytest.raises(Missing):
        write_lesson(staff, "x", step="Ring.", who=member, due_on=timezone.localdate())


def test_whoever_is_to_do_it_reads_it_and_says_when_it_is_done(as_, staff, moderator, other_moderator):
    lesson = write_lesson(staff, "Ring first.", step="Write it up.", who=moderator, due_on=timezone.localdate())
    assert "Write it up." in as_(moderator).get(SHARED).text
    assert "Write it up." not in as_(other_moderator).get(SHARED).text
    with pytest.raises(NotAllowed):
        mark_done(lesson, other_moderator)
    assert as_(moderator).post(SHARED, {"do": "done", "lesson": lesson.pk}).status_code == 303
    done = fresh(lesson)
    assert done.done_by == moderator
    assert mark_done(done, staff).done_at == done.done_at  # twice is once


def test_what_has_no_step_is_never_done(staff):
    with pytest.raises(NotAllowed):
        mark_done(write_lesson(staff, "Ring first."), staff)


def test_other_parts_show_what_they_have_beside_the_lessons(as_, staff, monkeypatch):
    monkeypatch.setattr(learning, "learning_panels", [lambda viewer: "", lambda viewer: f"for {viewer.role}"])
    assert "for staff" in as_(staff).get(URL).text


def test_a_shared_lesson_is_the_independents_to_read_too(as_, staff, independent):
    share_lesson(write_lesson(staff, "Ring first."), shared=True)
    assert "Ring first." in as_(independent).get(SHARED).text

"""The list of what went wrong: harm, a breach, a near miss, line by line, closed by two people."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from moderation.actions.incidents import add_line, ask_to_close, close_incident, keep_open
from moderation.models import Incident, IncidentLine
from moderation.refusals import Missing, NotAllowed
from moderation.refusals_register import IncidentMoved
from realtime.models import Delivery
from tests.moderation.registers import an_incident, fresh

pytestmark = pytest.mark.django_db
URL = "/staff/incidents/"


def minute(ago=0):
    return (timezone.localtime() - timedelta(hours=ago)).strftime("%Y-%m-%dT%H:%M")


def typed(**more):
    return {
        "kind": "near_miss", "title": "A page that nobody heard", "words": "The telephone was on silent.",
        "happened_at": minute(3), "found_at": minute(2), "case": "",
    } | more  # fmt: skip


def line(row, actor, kind="changed", words="Pages ring through silence now."):
    return add_line(row, actor, kind, words, at=timezone.now())


def page_of(row):
    return f"{URL}{row.pk}/"


def test_one_is_written_down_and_the_others_of_the_staff_hear(as_, staff, other_staff):
    answer = as_(staff).post(URL, typed())
    row = Incident.objects.get()
    assert answer["Location"] == page_of(row)
    page = as_(other_staff).get(page_of(row)).text
    assert "The telephone was on silent." in page and "puffin" in page
    (mail,) = Delivery.objects.all()
    assert mail.address == other_staff.email and "silent" not in mail.subject + mail.body


def test_two_people_close_it_once_it_says_what_we_changed(as_, staff, other_staff):
    row = an_incident(staff)
    with pytest.raises(NotAllowed, match="what we changed"):
        ask_to_close(row, staff)
    line(row, staff)
    ask_to_close(row, staff)
    with pytest.raises(NotAllowed, match="Somebody else closes it"):
        close_incident(row, staff)
    assert 'value="close"' not in as_(staff).get(page_of(row)).text
    assert as_(other_staff).post(page_of(row), {"do": "close"}).status_code == 303
    assert fresh(row).closed_by == other_staff
    assert "Closed by puffin and gannet" in as_(staff).get(page_of(row)).text


def test_the_database_wants_two_people(staff, other_staff):
    row = an_incident(staff)
    for closed in (
        {"closed_by": staff},
        {"closed_by": staff, "close_asked_by": staff, "close_asked_at": timezone.now()},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Incident.objects.filter(pk=row.pk).update(closed_at=timezone.now(), **closed)


def test_the_second_person_may_say_that_it_is_not_over(staff, other_staff):
    row = an_incident(staff)
    line(row, staff)
    ask_to_close(row, staff)
    assert keep_open(row, other_staff).close_asked_by is None
    with pytest.raises(IncidentMoved):
        close_incident(row, other_staff)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_ask_to_close_it_at_once_one_asks(staff, other_staff, at_once):
    row = an_incident(staff)
    line(row, staff)
    results = at_once(lambda: ask_to_close(row, staff), lambda: ask_to_close(row, other_staff))
    assert sorted(type(each).__name__ for each in results) == ["Incident", "IncidentMoved"]


def test_whoever_comes_second_reads_who_was_first(as_, staff, other_staff):
    row = an_incident(staff)
    line(row, staff)
    ask_to_close(row, staff)
    answer = as_(other_staff).post(page_of(row), {"do": "ask"})
    assert answer.status_code == 409 and "puffin has asked to close this" in answer.text


def test_a_breach_shows_the_72_hours_and_is_not_closed_without_an_answer(as_, staff, other_staff):
    row = an_incident(staff, "breach")
    page = as_(staff).get(page_of(row)).text
    assert "Check whether the regulator has to be told." in page and "no advice on the law" in page
    due = timezone.localtime(row.found_at + timedelta(hours=72))
    assert f"{due:%-d %B, %H:%M}" in page
    line(row, staff)
    with pytest.raises(NotAllowed, match="whether the regulator was told"):
        ask_to_close(row, staff)
    line(row, staff, "no_regulator", "Nobody saw it but the person themselves.")
    assert ask_to_close(row, staff).close_asked_by == staff
    assert "What was done about the regulator stands below." in as_(staff).get(page_of(row)).text


def test_lines_are_only_ever_added(staff):
    row = an_incident(staff)
    for act in (lambda rows: rows.update(words="Nothing."), lambda rows: rows._raw_delete(rows.db)):
        with pytest.raises(IntegrityError), transaction.atomic():
            act(IncidentLine.objects.all())
    assert row.lines.get().words == "The telephone was on silent."


def test_a_closed_one_takes_no_more(as_, staff, other_staff):
    row = an_incident(staff)
    line(row, staff)
    close_incident(ask_to_close(row, staff), other_staff)
    with pytest.raises(IncidentMoved):
        line(row, staff)
    assert as_(staff).post(page_of(row), {"do": "open"}).status_code == 409


@pytest.mark.parametrize("words", ["@robin was told late.", "It was Robin, who waited."])
def test_no_word_names_the_person(as_, staff, open_case, words):
    case = open_case()
    answer = as_(staff).post(URL, typed(words=words, case=case.pk))
    assert answer.status_code == 422 and "somebody&#x27;s handle" in answer.text
    assert words in answer.text.replace("&#x27;", "'")  # kept
    assert not Incident.objects.exists()
    row = an_incident(staff, case=case)
    with pytest.raises(Missing):
        line(row, staff, "told", words)


def test_a_bird_is_a_word_where_no_case_is_about_it(staff, member):
    row = an_incident(staff)
    assert line(row, staff, "told", "We told the trustees, at the Robin pub.").pk


def test_it_is_found_after_it_happened_and_not_in_the_future(as_, staff):
    early = as_(staff).post(URL, typed(happened_at=minute(1), found_at=minute(2)))
    assert early.status_code == 422 and "before it happened" in early.text
    late = as_(staff).post(URL, typed(found_at=minute(-5)))
    assert late.status_code == 422 and "still to come" in late.text
    with pytest.raises(IntegrityError), transaction.atomic():
        now = timezone.now()
        Incident.objects.create(
            kind="harm", title="x", happened_at=now, found_at=now - timedelta(hours=1), opened_by=staff
        )


def test_a_case_that_is_not_theirs_to_see_is_no_case(as_, staff, open_case, moderator, other_moderator):
    hidden = open_case(door="rule", subject=moderator)
    for number in (hidden.pk, 999):
        answer = as_(staff).post(URL, typed(case=number))
        assert answer.status_code == 422 and "no case with this number" in answer.text


def test_staff_do_not_read_of_an_incident_in_their_own_case(as_, staff, other_staff, open_case):
    row = an_incident(other_staff, case=open_case(subject=staff))
    assert as_(staff).get(page_of(row)).status_code == 404
    assert "A page that nobody heard" not in as_(staff).get(URL).text
    assert not Delivery.objects.filter(address=staff.email, subject__contains="incident").exists()


@pytest.mark.parametrize("field", ["kind", "words", "at"])
def test_a_line_needs_all_of_it(as_, staff, field):
    row = an_incident(staff)
    sent = {"do": "line", "kind": "told", "words": "The trustees.", "at": minute(0)} | {field: ""}
    answer = as_(staff).post(page_of(row), sent)
    assert answer.status_code == 422 and row.lines.count() == 1


def test_nobody_but_staff_reads_the_list(as_, staff, moderator, independent, member):
    row = an_incident(staff)
    for person in (moderator, independent, member):
        for where in (URL, page_of(row)):
            assert as_(person).get(where).status_code == 404
            assert as_(person).post(where, typed()).status_code == 404

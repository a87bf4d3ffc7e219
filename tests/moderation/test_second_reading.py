"""A share of decided cases is read once more by somebody who does not know what was decided; then the two talk it through."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forum.access import facts_of
from forum.models import Block, Notice
from moderation import second_readings
from moderation.actions.cases import claim_case
from moderation.actions.reports import report_member, report_post
from moderation.actions.second_readings import (
    answer_reading,
    choose,
    give_back_reading,
    run_second_readings,
    take_reading,
    talked_through,
    write_note,
)
from moderation.models import BlindNote, BlindReading, Case, Decision, Reserved
from moderation.refusals import CaseMoved, Missing, NotAllowed
from realtime import retention
from tests.moderation.members import decide

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def every_case(settings):
    settings.SECOND_READING = 100


@pytest.fixture
def decided(held_case, moderator):
    """A post of robin's that heron has taken down, with words of heron's to robin."""
    case = held_case(door="rule")
    decide(case, moderator, "remove", statement="I have taken this down, robin.")
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def reading(decided):
    choose()
    return BlindReading.objects.get()


@pytest.fixture
def taken(reading, other_moderator):
    return take_reading(reading, other_moderator)


@pytest.fixture
def read(taken, other_moderator):
    return answer_reading(taken, other_moderator, "fold", "kindness", "I would have left a way back.")


def at(reading):
    return f"/moderation/second-reading/{reading.pk}/"


LIST = "/moderation/second-reading/"


def test_a_case_is_chosen_once_and_remembers_who_decided_what(decided, moderator):
    assert choose() == 1
    assert choose() == 0
    reading = BlindReading.objects.get()
    assert (reading.judged_by, reading.judged_kind, reading.category) == (moderator, "remove", "abuse")
    assert reading.agreed is None


def test_nobody_can_tell_which_share_is_chosen_and_it_stays_the_same(settings):
    settings.SECOND_READING = 5
    chosen = {n for n in range(4000) if second_readings.is_chosen(n)}
    assert 120 < len(chosen) < 290
    assert chosen == {n for n in range(4000) if second_readings.is_chosen(n)}
    settings.AUDIT_KEY = "another key, which nobody knows either " * 2
    assert chosen != {n for n in range(4000) if second_readings.is_chosen(n)}


def test_a_share_of_nothing_chooses_nothing(decided, settings):
    settings.SECOND_READING = 0
    assert choose() == 0


@pytest.mark.parametrize(
    "change",
    [
        {"reserved_for": Reserved.STAFF},
        {"reserved_for": Reserved.INDEPENDENT},
        {"subject_role": "moderator"},
        {"closed_at": timezone.now() - timedelta(days=3)},
    ],
)
def test_what_only_some_may_know_of_and_what_is_long_closed_is_not_chosen(decided, change):
    Case.objects.filter(pk=decided.pk).update(**change)
    assert choose() == 0


def test_a_worry_is_never_chosen(held_case, moderator):
    decide(held_case(), moderator, "no_action", seen_post_version=None, rule="")
    assert choose() == 0


def test_what_was_undone_or_folded_by_itself_is_not_chosen(decided):
    Decision.objects.update(undone_at=timezone.now())
    assert choose() == 0


def test_the_clock_chooses(decided):
    run_second_readings()
    assert BlindReading.objects.count() == 1


def test_the_database_keeps_whoever_decided_from_reading_it(reading, moderator):
    with pytest.raises(IntegrityError), transaction.atomic():
        BlindReading.objects.update(reader=moderator, taken_at=timezone.now())


def test_an_answer_without_a_reader_is_refused_by_the_database(reading):
    with pytest.raises(IntegrityError), transaction.atomic():
        BlindReading.objects.update(kind="fold", answered_at=timezone.now())


def test_who_decided_who_knows_and_who_blocked_cannot_read_it(
    reading, moderator, other_moderator, make_member, as_, member
):
    dipper, siskin = (make_member(name, role="moderator") for name in ("dipper", "siskin"))
    Block.objects.create(blocker=dipper, blocked=member)
    as_(siskin).get(f"/moderation/cases/{reading.case_id}/")
    for person in (moderator, dipper, siskin):
        assert not second_readings.open_to(facts_of(person)).exists(), person
        with pytest.raises(NotAllowed):
            take_reading(reading, person)
        assert as_(person).get(at(reading)).status_code == 404
    assert second_readings.open_to(facts_of(other_moderator)).get() == reading


def test_whoever_reported_it_cannot_read_it(open_case, moderator, make_member, post_by, member):
    finch = make_member("finch", role="moderator")
    case = open_case(door="rule")
    report_post(finch, case.post, "rule", "abuse", key=uuid4())
    decide(claim_case(Case.objects.get(pk=case.pk), moderator), moderator, "fold")
    choose()
    with pytest.raises(NotAllowed):
        take_reading(BlindReading.objects.get(), finch)


def test_who_looked_before_it_was_decided_can_still_read_it(held_case, moderator, other_moderator, as_):
    case = held_case(door="rule")
    as_(other_moderator).get(f"/moderation/cases/{case.pk}/")
    decide(case, moderator, "fold")
    choose()
    assert take_reading(BlindReading.objects.get(), other_moderator).reader == other_moderator


def test_a_case_that_is_reserved_later_is_shown_no_more(reading, other_moderator, as_):
    Case.objects.update(reserved_for=Reserved.STAFF)
    assert as_(other_moderator).get(at(reading)).status_code == 404
    assert at(reading) not in as_(other_moderator).get(LIST).text


def test_before_it_is_taken_not_a_word_of_it_is_shown(reading, other_moderator, as_):
    page = as_(other_moderator).get(at(reading)).text
    assert reading.case.post.body not in page
    assert 'value="take"' in page


def test_the_blind_page_shows_words_and_reports_and_gives_nothing_away(taken, other_moderator, moderator, as_):
    Case.objects.filter(pk=taken.case_id).update(outcome="decided")
    page = as_(other_moderator).get(at(taken)).text
    main = page[page.index("<main") : page.index("</main")]
    assert taken.case.post.body in main
    assert "It is abusive or hateful" in main
    for told in (
        moderator.handle,
        "I have taken this down",
        "robin",
        f"/cases/{taken.case_id}/",
        "/posts/",
        "Taken down",
    ):
        assert told not in main, told
    assert "checked" not in main


def test_the_same_page_comes_whatever_was_decided(
    held_case, moderator, other_moderator, as_, post_by, member, other_member
):
    pages = []
    for kind in ("no_action", "remove", "warning"):
        case = report_post(other_member, post_by(member, "The very same words."), "rule", "abuse", key=uuid4()).case
        decide(claim_case(case, moderator), moderator, kind)
        choose()
        reading = take_reading(BlindReading.objects.get(case=case), other_moderator)
        page = as_(other_moderator).get(at(reading)).text
        main = page[page.index("<main") : page.index("</main")]
        lines = [line for line in main.splitlines() if "csrf" not in line]
        pages.append("\n".join(lines).replace(at(reading), ""))
    assert pages[0] == pages[1] == pages[2]


def test_what_came_after_the_decision_is_not_on_it(reading, other_moderator, make_member, as_, settings):
    later = reading.case.reports.first()
    later.pk, later.key, later.reporter, later.note = None, uuid4(), make_member("finch"), "It is back again!"
    later.made_at = timezone.now() + timedelta(minutes=1)
    later.save()
    take_reading(reading, other_moderator)
    assert "It is back again!" not in as_(other_moderator).get(at(reading)).text


def test_reading_it_is_in_the_audit_chain(taken, other_moderator, as_):
    as_(other_moderator).get(at(taken))
    as_(other_moderator).get(at(taken))
    assert taken.case.events.filter(action="read", actor=other_moderator).count() == 1


def test_two_who_want_the_same_one_one_of_them_hears_who_has_it(taken, make_member, as_):
    finch = make_member("finch", role="moderator")
    with pytest.raises(CaseMoved):
        take_reading(taken, finch)
    page = as_(finch).post(at(taken), {"do": "take"})
    assert (page.status_code, "kestrel took this" in page.text) == (409, True)
    assert taken.case.post.body not in page.text
    assert as_(finch).get(at(taken)).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_raced_one_of_two_takes_it(reading, other_moderator, make_member, at_once):
    finch = make_member("finch", role="moderator")
    results = at_once(lambda: take_reading(reading, other_moderator), lambda: take_reading(reading, finch))
    assert sum(isinstance(each, BlindReading) for each in results) == 1
    assert sum(isinstance(each, CaseMoved) for each in results) == 1


def test_taken_twice_is_once_and_given_back_it_is_anybodys(taken, other_moderator, make_member):
    assert take_reading(taken, other_moderator).taken_at == taken.taken_at
    give_back_reading(taken, other_moderator)
    give_back_reading(taken, other_moderator)
    assert take_reading(taken, make_member("finch", role="moderator")).reader.handle == "finch"


def test_somebody_else_cannot_give_it_back(taken, make_member, other_moderator):
    give_back_reading(taken, make_member("finch", role="moderator"))
    taken.refresh_from_db()
    assert taken.reader == other_moderator


def test_taken_and_not_read_for_three_days_it_waits_again(taken, other_moderator):
    BlindReading.objects.update(taken_at=timezone.now() - timedelta(days=3, minutes=1))
    run_second_readings()
    assert BlindReading.objects.get().reader is None


def test_what_nobody_had_time_for_is_let_go(reading):
    BlindReading.objects.update(chosen_at=timezone.now() - timedelta(days=31))
    Case.objects.update(closed_at=timezone.now() - timedelta(days=31))
    retention.forget("blind_unread")
    assert not BlindReading.objects.exists()


def test_answered_both_see_both_and_whoever_decided_hears_of_it(taken, other_moderator, moderator, as_):
    told = as_(other_moderator).post(
        at(taken), {"do": "answer", "kind": "fold", "rule": "kindness", "words": "I would have left a way back."}
    )
    assert told.status_code == 303
    for person in (moderator, other_moderator):
        page = as_(person).get(at(taken)).text
        assert "The two of you decide differently" in page
        assert "I have taken this down, robin." in page
        assert "I would have left a way back." in page
    assert Notice.objects.get(kind="read_blind").member == moderator
    assert "without knowing what" in as_(moderator).get("/notices/").text


@pytest.mark.parametrize(("kind", "agreed"), [("remove", True), ("fold", False), ("no_action", False)])
def test_alike_is_the_same_kind_of_decision(taken, other_moderator, kind, agreed):
    assert answer_reading(taken, other_moderator, kind, "", "").agreed is agreed


def test_an_answer_is_given_once_and_never_changed(read, other_moderator):
    again = answer_reading(read, other_moderator, "remove", "", "Now that I know.")
    assert (again.kind, again.words) == ("fold", "I would have left a way back.")


def test_an_answer_of_no_kind_comes_back_with_the_words_kept(taken, other_moderator, as_):
    page = as_(other_moderator).post(at(taken), {"do": "answer", "words": "Let me keep this."})
    assert (page.status_code, "Let me keep this." in page.text) == (422, True)
    with pytest.raises(Missing):
        answer_reading(taken, other_moderator, "stop_posts", "", "")
    with pytest.raises(Missing):
        answer_reading(taken, other_moderator, "fold", "no-such-rule", "")


def test_who_lost_it_meanwhile_keeps_their_words(taken, other_moderator, as_):
    give_back_reading(taken, other_moderator)
    page = as_(other_moderator).post(at(taken), {"do": "answer", "kind": "fold", "words": "Half a page."})
    assert (page.status_code, "Half a page." in page.text) == (422, True)
    assert not BlindReading.objects.get().kind


def test_who_decided_learns_nothing_before_it_is_read(taken, moderator, as_):
    assert as_(moderator).get(at(taken)).status_code == 404
    assert as_(moderator).post(at(taken), {"do": "take"}).status_code == 404
    assert at(taken) not in as_(moderator).get(LIST).text


def test_the_two_write_to_each_other_and_one_says_it_is_talked_through(read, moderator, other_moderator, as_):
    key = str(uuid4())
    for _ in range(2):
        as_(moderator).post(at(read), {"do": "note", "body": "It was the third that night.", "key": key})
    assert BlindNote.objects.count() == 1
    assert "It was the third that night." in as_(other_moderator).get(at(read)).text
    assert Notice.objects.filter(kind="read_blind", member=other_moderator).exists()
    assert as_(other_moderator).post(at(read), {"do": "talked"}).status_code == 303
    first = BlindReading.objects.get().talked_at
    talked_through(read, moderator)
    assert BlindReading.objects.get().talked_at == first
    page = as_(moderator).post(at(read), {"do": "note", "body": "One more thing", "key": str(uuid4())})
    assert (page.status_code, "One more thing" in page.text) == (422, True)


def test_an_empty_note_is_asked_for_again(read, moderator, as_):
    assert as_(moderator).post(at(read), {"do": "note", "body": " "}).status_code == 422
    with pytest.raises(Missing):
        write_note(read, moderator, "  ", uuid4())


def test_nobody_else_reads_what_the_two_write(read, make_member, staff, member, as_, client):
    write_note(read, read.judged_by, "Between us.", uuid4())
    for person in (make_member("finch", role="moderator"), staff, member):
        assert as_(person).get(at(read)).status_code == 404
        if person != member:
            with pytest.raises(NotAllowed):
                write_note(read, person, "Me too.", uuid4())
    assert as_(member).get(LIST).status_code == 404
    assert client.get(LIST).status_code == 302


def test_after_ninety_days_the_words_of_the_two_are_gone_and_that_they_differed_stays(read, moderator):
    write_note(read, moderator, "Between us.", uuid4())
    BlindReading.objects.update(answered_at=timezone.now() - timedelta(days=91))
    retention.forget("blind_notes")
    retention.forget("blind_words")
    kept = BlindReading.objects.get()
    assert (kept.words, kept.kind, kept.agreed, BlindNote.objects.count()) == ("", "fold", False, 0)


@pytest.mark.parametrize(("note", "chosen"), [("They write to me every night.", 1), ("", 0)])
def test_a_case_about_a_person_is_read_by_what_was_told(
    other_member, member, moderator, other_moderator, on_duty, as_, note, chosen
):
    on_duty(moderator)
    case = report_member(other_member, member, "rule", "abuse", note=note, key=uuid4()).case
    decide(claim_case(case, moderator), moderator, "advice")
    assert choose() == chosen
    if chosen:
        reading = take_reading(BlindReading.objects.get(), other_moderator)
        page = as_(other_moderator).get(at(reading)).text
        assert note in page
        assert "about the person" in page


def test_the_list_takes_the_same_number_of_queries_however_many_there_are(
    reading, other_moderator, moderator, member, other_member, post_by, as_, django_assert_max_num_queries
):
    as_(other_moderator).get(LIST)
    with CaptureQueriesContext(connection) as few:
        as_(other_moderator).get(LIST)
    for _ in range(3):
        case = report_post(other_member, post_by(member), "rule", "abuse", key=uuid4()).case
        decide(claim_case(case, moderator), moderator, "fold")
    choose()
    with django_assert_max_num_queries(len(few)):
        assert as_(other_moderator).get(LIST).text.count("Words of a member") == 4

"""The note written with somebody: it holds only with their yes, is theirs to change and to withdraw, and is seen in care alone."""

from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from forum import data_rights
from forum.actions.erasing import erase_member
from forum.models import Erasure, Member
from forum.sealing import CannotOpen
from moderation import audit
from moderation.actions.cases import send_word
from moderation.actions.reports import ask_for_team
from moderation.actions.standing_notes import agree_note, draft_note, keep_note
from moderation.models import Case, StandingNote
from moderation.refusals import Missing, NotAllowed, WordsChanged
from moderation.standing_notes import Note, agreed_of, read_note, rows_of, waiting_of

pytestmark = pytest.mark.django_db
NOTE = Note("Short words. A cup of tea.", "We write once an hour.", "We don't ring your mother.")
OTHERS = Note("Short words. Coffee.", "We write once an hour.", "We don't ring your mother.")


@pytest.fixture
def talk(held_case, moderator):
    """A care case that heron holds, in which they have written."""

    def talk(**more):
        case = held_case(**more)
        send_word(case, moderator, "Hello. Shall we write down what helps?", uuid4())
        return Case.objects.get(pk=case.pk)

    return talk


@pytest.fixture
def agreed(talk, moderator, member):
    case = talk()
    row = draft_note(case, moderator, NOTE)
    agree_note(member, row.pk, NOTE, seen_version=row.version)
    return Case.objects.get(pk=case.pk)


def page_of(as_, person, case, name="case"):
    return as_(person).get(reverse(name, args=[case.pk])).text


def test_the_holder_drafts_the_member_says_yes_and_the_case_shows_it(as_, talk, moderator, other_moderator, member):
    case = talk()
    page = reverse("case", args=[case.pk])
    sent = {"do": "standing_note", "seen": case.version, "seen_note": 0, "what_helps": NOTE.what_helps,
            "what_we_do": NOTE.what_we_do, "what_we_wont": NOTE.what_we_wont}  # fmt: skip
    assert as_(moderator).post(page, sent).status_code == 303
    assert NOTE.what_helps not in page_of(as_, other_moderator, case), "it holds for nobody yet"
    assert "heron has put a standing note before you" in as_(member).get("/notices/").text.replace("<bdi>", "").replace(
        "</bdi>", ""
    )
    assert "Your standing note" in as_(member).get("/me/").text
    mine = as_(member).get("/me/standing-note/")
    note = mine.context["waiting"]
    assert NOTE.what_we_wont in mine.text.replace("&#x27;", "'")
    answer = {"do": "agree", "note_id": note.row.pk, "seen": note.row.version, **vars_of(NOTE)}
    assert as_(member).post("/me/standing-note/", answer).status_code == 303
    shown = page_of(as_, other_moderator, case)
    assert NOTE.what_helps in shown and "robin agreed to the standing note" in shown
    assert "This one holds" in as_(member).get("/me/standing-note/").text
    assert audit.verify() is None


def vars_of(note):
    return {"what_helps": note.what_helps, "what_we_do": note.what_we_do, "what_we_wont": note.what_we_wont}


def test_it_is_shown_in_their_care_cases_alone(
    as_, agreed, open_case, moderator, other_member, member, make_member, staff
):
    assert NOTE.what_helps in page_of(as_, moderator, agreed)
    conduct = open_case(door="rule", subject=member)
    assert NOTE.what_helps not in page_of(as_, moderator, conduct)
    another = open_case(subject=make_member("finch"))
    assert NOTE.what_helps not in page_of(as_, moderator, another)
    for url in ("/members/robin/", "/search/?q=cup+of+tea", "/me/standing-note/"):
        assert NOTE.what_helps not in as_(other_member).get(url).text
    assert not agreed.events.filter(said__words__contains="cup of tea").exists()
    assert NOTE.what_helps in page_of(as_, staff, agreed, "staff_case")
    assert agreed.events.filter(action__startswith="note_").count() == 1, (
        "that it was read is in the audit as the case is"
    )


def test_who_has_blocked_them_does_not_read_it(as_, agreed, other_moderator, member):
    from forum.models import Block

    assert NOTE.what_helps in page_of(as_, other_moderator, agreed)
    Block.objects.create(blocker=other_moderator, blocked=member)
    assert NOTE.what_helps not in page_of(as_, other_moderator, agreed)


def test_it_is_written_with_them_by_whoever_holds_a_care_case(
    held_case, talk, make_member, moderator, other_moderator, member
):
    unspoken = held_case(subject=make_member("finch"))
    with pytest.raises(NotAllowed, match="Write with them first"):
        draft_note(unspoken, moderator, NOTE)
    with pytest.raises(NotAllowed):
        draft_note(held_case(door="rule", subject=make_member("siskin")), moderator, NOTE)
    case = talk()
    for person in (other_moderator, member):
        with pytest.raises(NotAllowed):
            draft_note(case, person, NOTE)
    with pytest.raises(Missing):
        draft_note(case, moderator, Note("  ", "We write.", ""))
    assert draft_note(case, moderator, NOTE).member == member


def test_the_member_changes_words_and_the_holder_reads_them_before_writing_over_them(talk, moderator, member):
    case = talk()
    row = draft_note(case, moderator, NOTE)
    assert draft_note(case, moderator, NOTE).version == row.version  # pressed twice
    keep_note(member, row.pk, OTHERS, seen_version=row.version)
    assert (agreed_of(member.pk), read_note(waiting_of(member.pk))) == (None, OTHERS)
    with pytest.raises(WordsChanged):
        draft_note(case, moderator, NOTE, seen_version=row.version)
    newer = draft_note(case, moderator, NOTE, seen_version=row.version + 1)
    with pytest.raises(WordsChanged):
        agree_note(member, row.pk, OTHERS, seen_version=row.version)
    agree_note(member, row.pk, NOTE, seen_version=newer.version)
    assert read_note(agreed_of(member.pk)) == NOTE


def test_a_yes_is_to_the_words_that_were_read(as_, talk, moderator, member):
    case = talk()
    row = draft_note(case, moderator, NOTE)
    draft_note(case, moderator, Note("Shout."), seen_version=row.version)
    late = as_(member).post(
        "/me/standing-note/", {"do": "agree", "note_id": row.pk, "seen": row.version, **vars_of(OTHERS)}
    )
    assert late.status_code == 409
    assert OTHERS.what_helps in late.text, "their own words are kept"
    assert agreed_of(member.pk) is None


def test_a_new_one_takes_the_place_of_the_old_only_with_their_yes(agreed, moderator, member):
    row = draft_note(agreed, moderator, OTHERS)
    assert (read_note(agreed_of(member.pk)), row.version > agreed_of(member.pk).version) == (NOTE, True)
    agree_note(member, row.pk, OTHERS, seen_version=row.version)
    agree_note(member, row.pk, OTHERS, seen_version=row.version)
    assert read_note(agreed_of(member.pk)) == OTHERS
    assert StandingNote.objects.count() == 1


def test_they_withdraw_it_at_any_time_and_nothing_of_it_stays(as_, agreed, moderator, member):
    row = agreed_of(member.pk)
    assert as_(member).post("/me/standing-note/", {"do": "withdraw", "note_id": row.pk}).status_code == 303
    assert as_(member).post("/me/standing-note/", {"do": "withdraw", "note_id": row.pk}).status_code == 303
    assert not StandingNote.objects.exists()
    page = page_of(as_, moderator, agreed)
    assert NOTE.what_helps not in page and "robin does not want the standing note" in page
    assert [event.action for event in agreed.events.all()].count("note_withdrawn") == 1


def test_nobody_answers_for_somebody_else(as_, talk, moderator, member, other_member):
    row = draft_note(talk(), moderator, NOTE)
    with pytest.raises(NotAllowed):
        agree_note(other_member, row.pk, NOTE, seen_version=row.version)
    as_(other_member).post("/me/standing-note/", {"do": "withdraw", "note_id": row.pk})
    stolen = as_(other_member).post(
        "/me/standing-note/", {"do": "agree", "note_id": row.pk, "seen": row.version, **vars_of(OTHERS)}
    )
    assert stolen.status_code == 422 and NOTE.what_helps not in stolen.text
    assert waiting_of(member.pk) == row


def test_it_opens_in_every_standing_and_to_nobody_signed_out(as_, client, agreed, member):
    Member.objects.filter(pk=member.pk).update(standing="suspended")
    assert "This one holds" in as_(member).get("/me/standing-note/").text
    assert client.get("/me/standing-note/").status_code == 302


def test_it_is_sealed_and_bound_to_its_row(agreed, moderator, member, settings):
    with connection.cursor() as cursor:
        cursor.execute("SELECT what_helps, what_we_do, what_we_wont FROM moderation_standingnote")
        kept = " ".join(cursor.fetchone())
    assert "tea" not in kept and "mother" not in kept
    row = draft_note(agreed, moderator, OTHERS)
    StandingNote.objects.filter(pk=row.pk).update(what_helps=agreed_of(member.pk).what_helps)
    with pytest.raises(CannotOpen):
        read_note(waiting_of(member.pk))


def test_new_keys_seal_it_anew(agreed, member, settings, capsys):
    before = agreed_of(member.pk).what_helps
    settings.SEAL_KEYS = ["another-key-of-the-house", *settings.SEAL_KEYS]
    call_command("reseal")
    assert "Standing notes sealed anew: 1." in capsys.readouterr().out
    assert agreed_of(member.pk).what_helps != before and read_note(agreed_of(member.pk)) == NOTE


def test_a_missing_key_is_said_and_breaks_no_page(as_, agreed, moderator, member, settings):
    settings.SEAL_KEYS = ["another-key-of-the-house"]
    assert "its key is missing" in page_of(as_, moderator, agreed)
    assert "cannot be opened just now" in as_(member).get("/me/standing-note/").text
    assert [row["what_helps"] for row in rows_of(member.pk)] == [""]


def test_it_is_in_their_copy_and_goes_with_them(agreed, member):
    shown = [row["what_helps"] for row in rows_of(member.pk)]
    assert shown == [NOTE.what_helps]
    assert any(entry.model == "moderation.StandingNote" for entry in data_rights.entries())
    Case.objects.filter(pk=agreed.pk).update(state="closed", holder=None, closed_by=agreed.holder, due_at=None)
    erase_member(Erasure.objects.create(member_id=member.pk, joined_at=member.joined_at))
    assert not StandingNote.objects.exists()


def test_who_asked_for_somebody_has_spoken(on_duty, moderator, member):
    from moderation.actions.cases import claim_case

    on_duty(moderator)
    case = claim_case(ask_for_team(member, "please_answer", note="Hello?", key=uuid4()).case, moderator)
    assert draft_note(case, moderator, NOTE).agreed_at is None


@pytest.mark.django_db(transaction=True)
def test_a_yes_and_a_new_draft_at_once_leave_no_yes_to_words_unread(talk, moderator, member, at_once):
    case = talk()
    row = draft_note(case, moderator, NOTE)
    at_once(
        lambda: agree_note(member, row.pk, NOTE, seen_version=row.version),
        lambda: draft_note(case, moderator, OTHERS, seen_version=row.version),
    )
    yes = agreed_of(member.pk)
    assert yes is None or read_note(yes) == NOTE

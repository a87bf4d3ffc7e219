"""How long each class of data is kept: none of it goes early, all of it is gone within a day, and no class is forgotten (P6)."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forum import connections, data_rights, kept_contact
from forum.actions import care, drafts, export, handles, leaving, notices, signup
from forum.data_rights import Entry, Keep
from forum.models import (
    ConnectionFact,
    DataExport,
    Draft,
    KeptContact,
    Member,
    MutedWord,
    Notice,
    OldHandle,
    PendingSignup,
)  # fmt: skip
from forum.retention import WITH_ACCOUNT
from moderation.actions.letters import place_letter, put_aside, send_letter
from moderation.actions.looking import look_at
from moderation.actions.request_files import make_file
from moderation.actions.second_readings import answer_reading, choose, take_reading, write_note
from moderation.letters import Contact
from moderation.models import (
    BlindNote,
    BlindReading,
    Case,
    CheckIn,
    FrozenWords,
    Letter,
    Looking,
    OutsideRequest,
    RequestFile,
    Unusual,
)  # fmt: skip
from realtime import clock, retention
from realtime.deliveries import queue_mail
from realtime.models import Delivery, Event
from realtime.peers import Peer
from tests.moderation.members import decide
from tests.moderation.registers import decided

pytestmark = pytest.mark.django_db

START = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a whole hour: where somebody wrote from is forgotten on the hour
BEFORE_END = timedelta(seconds=1)
A_DAY = timedelta(hours=24)


@pytest.fixture
def only_retention(monkeypatch):
    """A clock that does nothing but what the table says."""
    monkeypatch.setattr(clock, "_tasks", {})
    for period in retention.periods():
        retention.schedule(period.name)


@pytest.fixture
def everything(
    settings,
    time_machine,
    make_member,
    member,
    other_member,
    moderator,
    other_moderator,
    staff,
    other_staff,
    held_case,
    staff_case,
):
    """One row of each class, made at START as people make them: {class: how many rows of it are left}."""
    settings.SECOND_READING = 100
    time_machine.move_to(START, tick=False)
    Member.objects.update(joined_at=START - timedelta(days=60))
    return {
        "events": _events,
        **_of_the_forum(make_member, member, other_member),
        **_of_sessions(member),
        **_of_letters(staff),
        **_of_decisions(held_case, moderator, other_moderator),
        **_of_requests(staff, other_staff, staff_case),
        **_of_the_team(staff, moderator),
    }


def _events() -> int:
    return Event.objects.filter(at__lte=START).count()


def _of_the_forum(make_member, member, other_member):
    queue_mail("a mail", member.email, "Hello", "Words")
    Delivery.objects.update(state="sent", done_at=START)
    PendingSignup.objects.create(
        email="finch@harbour.test", handle="finch", handle_key="finch", password="-", code_digest="-",
        expires_at=START + signup.CODE_LIFE,
    )  # fmt: skip
    drafts.save_draft(member, "post", {"body": "I meant to say"})
    care.mute_word(member, "storm", "fold", START + timedelta(days=30))
    notices.give_notice(member.pk, "reply", 1)
    Notice.objects.update(read_at=START)
    handles.change_handle(other_member, "jenny")
    gone = make_member("dunlin", joined_at=START - timedelta(days=60))
    leaving.leave(gone)
    copy = export.ask_for_copy(member)
    export.make_copies()
    assert DataExport.objects.get().archive, "the premise: it was made"
    return {
        "deliveries": Delivery.objects.filter(dedupe="a mail").count,
        "signups": PendingSignup.objects.count,
        "drafts": Draft.objects.count,
        "muted_words": MutedWord.objects.count,
        "notices": Notice.objects.filter(kind="reply").count,
        "old_handles": OldHandle.objects.filter(handle_key="wren").count,
        "closed_accounts": Member.objects.filter(pk=gone.pk, email__startswith="dunlin@").count,
        "copies": DataExport.objects.filter(pk=copy.pk, archive__isnull=False).count,
        "asked_copies": DataExport.objects.filter(pk=copy.pk).count,
    }


def _of_sessions(member):
    browser = Client()
    browser.force_login(member)
    browser.get("/keys/")
    key = browser.session.session_key
    connections.note_sign_in(member, Peer("192.0.2.7", 4711))
    KeptContact.objects.create(member=member, what=kept_contact.CARD, sealed="-", kept_at=START)
    return {
        "sessions": Session.objects.filter(session_key=key).count,
        "browsers": UserSession.objects.filter(session_key=key).count,
        "connections": ConnectionFact.objects.filter(post=None).count,
        "kept_contact": KeptContact.objects.count,
    }


def _of_letters(staff):
    for about in ("nobody we know", "robin"):
        send_letter(
            "worry", "worried", key=uuid4(), about=about, note="Gone quiet.", whereabouts="",
            contact=Contact("Anna", "07700 900123"), address="192.0.2.8", machine=False,
        )  # fmt: skip
    aside, led = Letter.objects.order_by("pk")
    put_aside(aside, staff, "An advertisement.")
    report = place_letter(led)
    Case.objects.filter(pk=report.case_id).update(state="closed", closed_at=START)
    return {
        "letters": Letter.objects.filter(pk=aside.pk).count,
        "letter_names": Letter.objects.filter(pk=led.pk).exclude(name="", reach="").count,
    }


def _of_decisions(held_case, moderator, other_moderator):
    for _each in range(2):
        decide(held_case(door="rule"), moderator, "remove", statement="I have taken this down.")
    choose()
    read, unread = BlindReading.objects.order_by("pk")
    take_reading(read, other_moderator)
    answer_reading(BlindReading.objects.get(pk=read.pk), other_moderator, "fold", "kindness", "I would have folded it.")
    write_note(BlindReading.objects.get(pk=read.pk), moderator, "Between us.", uuid4())
    return {
        "frozen_words": FrozenWords.objects.count,
        "blind_unread": BlindReading.objects.filter(pk=unread.pk).count,
        "blind_notes": BlindNote.objects.count,
        "blind_words": BlindReading.objects.exclude(words="").count,
    }


def _of_requests(staff, other_staff, staff_case):
    staff_case("thoughts")
    row = decided(staff, other_staff)
    file = make_file(row, staff, "html")
    OutsideRequest.objects.filter(pk=row.pk).update(stage="closed", closed_at=START, closed_by=staff)
    return {
        "request_names": OutsideRequest.objects.exclude(asked="").count,
        "request_files": RequestFile.objects.filter(pk=file.pk, archive__isnull=False).count,
    }


def _of_the_team(staff, moderator):
    look_at(Case.objects.first(), moderator)
    CheckIn.objects.create(member=moderator, asked_at=START)
    Unusual.objects.create(kind="joined", hour=START, number=40)
    return {"looking": Looking.objects.count, "hellos": CheckIn.objects.count, "unusual": Unusual.objects.count}


def test_nothing_goes_early_and_everything_is_gone_within_a_day(everything, only_retention, time_machine):
    periods = {period.name: period for period in retention.periods()}
    assert everything.keys() == periods.keys(), "a class without a row here was never shown to go"
    dated = {name: period.lasts for name, period in periods.items() if period.lasts}
    dated["browsers"] = dated["sessions"]  # it goes with its session
    looks = [(START + lasts - BEFORE_END, name, True) for name, lasts in dated.items()]
    looks += [(START + lasts - BEFORE_END + A_DAY, name, False) for name, lasts in dated.items()]
    wrong = []
    for moment, name, is_there in sorted(looks):
        time_machine.move_to(moment, tick=False)
        clock.tick()
        if bool(everything[name]()) is not is_there:
            wrong.append((name, "gone early" if is_there else "still there"))
    assert wrong == []
    assert everything["kept_contact"]() == 0
    assert {period.name for period in periods.values() if not period.lasts} == {"browsers", "kept_contact"}


def test_a_dry_run_says_what_would_go_and_deletes_nothing(everything, only_retention, time_machine):
    time_machine.move_to(START + timedelta(days=13, hours=1), tick=False)
    before = _rows()
    with CaptureQueriesContext(connection) as asked:
        counted = {each.period.name: each for each in retention.count_due()}
    assert {query["sql"].split()[0] for query in asked} == {"SELECT"}
    assert _rows() == before
    assert (counted["sessions"].today, counted["sessions"].month) == (0, Session.objects.count())
    assert (counted["connections"].today, counted["connections"].month) == (0, ConnectionFact.objects.count())
    assert (counted["frozen_words"].today, counted["frozen_words"].month) == (0, 0)
    assert (counted["deliveries"].today, counted["deliveries"].month) == (1, 1)
    said = _said("--dry-run")
    assert "Nothing was deleted." in said and _rows() == before
    assert len(said.splitlines()) == len(retention.periods()) + 2
    promised = {name: each.today for name, each in counted.items() if each.period.run is None}
    went = dict(line.removesuffix(" went.").split(": ") for line in _said().splitlines())
    assert {name: int(went[name]) for name in promised} == promised, "what it says is what goes"
    assert _rows() != before


def test_what_is_kept_past_its_time_is_counted_apart(everything, member, time_machine):
    Member.objects.filter(pk=member.pk).update(standing="remembered")
    time_machine.move_to(START + timedelta(days=31), tick=False)
    counted = {each.period.name: each for each in retention.count_due()}
    assert (counted["drafts"].today, counted["drafts"].kept) == (0, 1)
    retention.forget("drafts")
    assert Draft.objects.count() == 1


def _said(*words) -> str:
    said = StringIO()
    call_command("retention", *words, stdout=said)
    return said.getvalue()


def _rows() -> dict[str, int]:
    return {model._meta.label: model._base_manager.count() for model in apps.get_models() if model._meta.managed}


# The table is whole


def unclassed(entries) -> list[str]:
    """Models in which something of a person stands, and which no class of retention names."""
    of_people = [entry for entry in entries if entry.personal or entry.third_party or list(entry.ties)]
    return [entry.model for entry in of_people if not retention.is_classed(entry.model)]


def test_every_model_with_anything_of_a_person_has_its_time():
    assert len(data_rights.entries()) > 80
    assert unclassed(data_rights.entries()) == []
    assert unclassed([Entry("forum.Diary", "What you dreamt", personal="body")]) == ["forum.Diary"]


def test_no_class_is_of_a_model_or_column_that_is_not_there():
    for period in retention.periods():
        rows = period.rows()
        assert rows.model._meta.label == period.model
        assert not period.blanks or {column.name for column in rows.model._meta.fields} >= period.blanks.keys()
        str(period.due(timezone.now()).query)
        assert bool(period.delayed) <= bool(period.delays), f"{period.name}: what delays it is said"
    for models in retention.undated().values():
        assert [model for model in models if apps.get_model(model) is None] == []


def test_what_is_kept_as_long_as_the_account_goes_with_it():
    entries = {entry.model: entry for entry in data_rights.entries()}
    staying = [
        model
        for model in retention.undated()[WITH_ACCOUNT]
        if all(isinstance(tie.ends, Keep) for tie in entries[model].ties)
    ]
    assert staying == []


def test_a_class_is_registered_once():
    with pytest.raises(ValueError, match="drafts is registered twice"):
        retention.register(next(period for period in retention.periods() if period.name == "drafts"))
    with pytest.raises(ValueError, match=r"forum\.Post is registered twice"):
        retention.lasting("For ever", "forum.Post")


def test_every_class_is_looked_at_at_least_daily():
    assert len(retention.periods()) > 20
    for period in retention.periods():
        assert clock._tasks[period.task].every <= A_DAY
        assert len(period.task) <= 40, "the clock's own column"


def test_the_table_in_the_documentation_is_the_one_in_the_code(settings, tmp_path):
    """After a change: manage.py retention --write docs/privacy.md"""
    document = tmp_path / "privacy.md"
    document.write_text((Path(settings.BASE_DIR) / "docs/privacy.md").read_text())
    before = document.read_text()
    _said(f"--write={document}")
    assert document.read_text() == before
    assert "| `connections` | " in before and "| 30 days | " in before
    document.write_text("# Without its marks")
    with pytest.raises(CommandError):
        _said(f"--write={document}")


def test_where_somebody_was_is_known_for_thirty_days_at_most():
    (kept,) = (period for period in retention.periods() if period.name == "connections")
    assert kept.lasts <= timedelta(days=30)


def test_leaving_is_in_the_table_as_it_is_done():
    (closed,) = (period for period in retention.periods() if period.name == "closed_accounts")
    assert (closed.lasts, closed.run) == (leaving.WAY_BACK, leaving.erase_due)

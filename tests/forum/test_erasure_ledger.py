"""The ledger outlives the database: what was erased is erased again when a backup is restored."""

import os
from datetime import timedelta
from io import StringIO

import pytest
import structlog
from django.core.management import CommandError, call_command

from forum import ledger
from forum.actions.leaving import delete_now, erase_due
from forum.models import Erasure, Member, Post, Standing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_ledger(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def replay(*args: str) -> str:
    said = StringIO()
    call_command("replay_erasures", *args, stdout=said)
    return said.getvalue()


def restored(member, joined_at=None):
    """As from a backup of the day before: the row as it was, and no word of an erasure."""
    Erasure.objects.all().delete()
    handle, joined_at = "robin", joined_at or member.joined_at
    Member.objects.filter(pk=member.pk).update(
        standing=Standing.ACTIVE,
        is_active=True,
        handle=handle,
        handle_key=handle,
        email="robin@harbour.test",
        joined_at=joined_at,
    )
    Post.objects.update(body="Back from the backup.", status="visible")


@pytest.fixture
def erased(member, post_by):
    post_by(member)
    delete_now(member)
    erase_due()
    assert Post.objects.get().body == ""  # the premise
    return member


def test_it_holds_numbers_and_times_alone(erased):
    (line,) = ledger.path().read_text().splitlines()
    number, joined_at, asked_at = line.split()
    assert (int(number), joined_at) == (erased.pk, erased.joined_at.isoformat())
    assert asked_at == Erasure.objects.get().asked_at.isoformat()
    assert ledger.path().stat().st_mode & 0o077 == 0


def test_what_comes_back_with_a_backup_goes_again(erased):
    restored(erased)
    assert replay().startswith("1 accounts were back")
    assert (Post.objects.get().body, Post.objects.get().status) == ("", "erased")
    assert Member.objects.get(pk=erased.pk).standing == Standing.ERASED


def test_replaying_again_does_nothing(erased):
    restored(erased)
    replay()
    assert replay().startswith("0 accounts")
    assert len(ledger.path().read_text().splitlines()) == 1


def test_a_newcomer_who_was_given_the_same_number_is_not_them(erased):
    restored(erased, joined_at=erased.joined_at + timedelta(days=70))
    assert replay().startswith("0 accounts")
    assert Post.objects.get().body == "Back from the backup."


def test_a_ledger_kept_elsewhere_can_be_named(erased, tmp_path):
    restored(erased)
    kept = ledger.path().rename(tmp_path / "kept.txt")
    assert replay().startswith("0 accounts")
    assert replay(f"--ledger={kept}").startswith("1 accounts")


@pytest.mark.parametrize("content", [None, "not a ledger\n"])
def test_a_file_that_is_no_ledger_is_refused(db, tmp_path, content):
    file = tmp_path / "other.txt"
    if content:
        file.write_text(content)
    with pytest.raises(CommandError):
        replay(f"--ledger={file}")


def test_a_disk_that_takes_only_a_part_gets_the_rest(erased, monkeypatch):
    whole, write = ledger.path().read_text(), os.write
    ledger.path().unlink()
    monkeypatch.setattr(os, "write", lambda descriptor, words: write(descriptor, words[:7]))
    ledger.note(Erasure.objects.get())
    assert ledger.path().read_text() == whole


def test_a_line_that_nobody_can_read_keeps_nobody_else_in(erased):
    restored(erased)
    whole = ledger.path().read_text()
    ledger.path().write_bytes(b"\xff nobody's line\n" + whole.encode())
    with structlog.testing.capture_logs():
        said = replay()
    assert said.startswith("1 accounts were back") and f"{ledger.path()}, line 1" in said
    assert ledger.whole() == whole
    assert ledger.read(ledger.path()).unreadable == [f"{ledger.path()}, line 1"]


def test_a_line_broken_off_in_its_last_word_still_says_who_it_was(erased):
    restored(erased)
    number, joined_at, asked_at = ledger.path().read_text().split()
    ledger.path().write_text(f"{number} {joined_at} {asked_at[:10]}")
    assert replay().startswith("1 accounts were back")

"""A backup is made, tried, put back, and nobody who was erased since is in it: on SQLite, and on PostgreSQL where it runs."""

import json
import shutil
import stat
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings as site
from django.contrib.sessions.models import Session
from django.core.management import CommandError
from django.db import connection
from django.utils import timezone

from config.backups import archive, databases
from forum import ledger
from forum.actions.leaving import delete_now, erase_due
from forum.models import Erasure, Member, Post, Standing
from moderation import audit
from moderation.models import CaseEvent
from realtime import clock, log
from realtime.models import Tick
from tests.backing_up import backup, everything_in, said
from tests.forum.canaries import CANARIES, FOREIGN

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_places")]


def test_whoever_was_erased_since_is_erased_again_and_everybody_else_is_back(lives, other_member, tmp_path):
    words = Post.objects.get(body=CANARIES["post"]).pk
    events, epoch = CaseEvent.objects.count(), log.epoch()
    file = backup()
    delete_now(lives)
    erase_due()
    assert Post.objects.get(pk=words).body == "", "the premise: it was erased"
    Post.objects.exclude(pk=words).update(body="written over since")
    Member.objects.filter(pk=other_member.pk).update(about="written since")

    with pytest.raises(CommandError, match="Say --yes"):
        said("restore", str(file))
    assert Member.objects.get(pk=other_member.pk).about == "written since"

    heard = said("restore", str(file), "--yes")
    assert "1 accounts were back and are erased again; 0 wait" in heard
    assert "The audit chain holds" in heard
    robin = Member.objects.get(pk=lives.pk)
    assert (robin.standing, robin.email) == (Standing.ERASED, f"{robin.pk}@erased.invalid")
    assert Erasure.objects.get().finished_at
    assert Post.objects.get(pk=words).body == ""
    assert Post.objects.filter(author=other_member, body__startswith=FOREIGN).count() == 2, "what wren wrote is back"
    assert Member.objects.get(pk=other_member.pk).about != "written since"
    assert CaseEvent.objects.count() >= events and audit.verify() is None
    assert log.epoch() != epoch, "open pages fetch themselves afresh"
    assert not Session.objects.exists() and not UserSession.objects.exists()
    again = everything_in(backup(), tmp_path / "again")
    dumped = b"".join(again.values())
    if connection.vendor == "sqlite":
        assert [name for name, words in CANARIES.items() if words.encode() in dumped] == []
    assert said("restore", str(max(site.BACKUP_DIR.glob("*.gz"))), "--yes").count("0 accounts were back") == 1


def test_the_ledger_is_found_beside_the_backups_when_the_data_directory_is_lost(lives, settings, tmp_path):
    file = backup()
    delete_now(lives)
    erase_due()
    assert ledger.path().read_text() == (settings.BACKUP_DIR / ledger.NAME).read_text() != ""
    shutil.rmtree(settings.DATA_DIR)
    settings.DATA_DIR.mkdir()
    assert "1 accounts were back" in said("restore", str(file), "--yes")
    assert str(lives.pk) == ledger.path().read_text().split()[0], "and it is in the data directory again"


def test_a_ledger_that_was_kept_elsewhere_can_be_named(lives, settings, tmp_path):
    file = backup()
    delete_now(lives)
    erase_due()
    elsewhere = ledger.path().rename(tmp_path / "kept.txt")
    (settings.BACKUP_DIR / ledger.NAME).unlink()
    assert "1 accounts were back" in said("restore", str(file), "--yes", f"--ledger={elsewhere}")


def test_it_holds_the_database_and_the_ledger_and_no_key(lives, settings, tmp_path):
    settings.SECRET_KEY, settings.AUDIT_KEY = "canary of the secret key" * 3, "canary of the audit key" * 3
    settings.SEAL_KEYS = [*settings.SEAL_KEYS, "canary of a seal key" * 3]
    heard = said("backup")
    assert "It holds no key" in heard and "It is not encrypted" in heard
    (file,) = settings.BACKUP_DIR.glob("*.gz")
    parts = everything_in(file, tmp_path / "parts")
    assert parts.keys() == {archive.MANIFEST, ledger.NAME, databases.NAMES[connection.vendor]}
    assert CANARIES["post"].encode() in b"".join(parts.values()), "the premise: it can be read"
    assert b"canary of " not in b"".join(parts.values())
    manifest = json.loads(parts[archive.MANIFEST])
    assert manifest["audit"] == CaseEvent.objects.count() > 0
    assert [stat.S_IMODE(path.stat().st_mode) & 0o077 for path in (file, settings.BACKUP_DIR)] == [0, 0]
    assert [path.name for path in settings.DATA_DIR.iterdir() if path.name.startswith("backup-")] == []


def test_what_a_restore_gives_back_is_counted(lives, other_member, moderator):
    Authenticator.objects.create(user=moderator, type="webauthn", data={})
    file = backup()
    assert "0 roles, 0 standings, and the passkeys or second steps of 0 members" in said("restore", str(file), "--yes")
    Member.objects.filter(pk=moderator.pk).update(role="member")
    Member.objects.filter(pk=other_member.pk).update(standing=Standing.BANNED)
    Authenticator.objects.all().delete()
    delete_now(lives)
    erase_due()
    heard = said("restore", str(file), "--yes")
    told = f"1 roles (members number {moderator.pk}), 1 standings (members number {other_member.pk}), and the passkeys"
    assert told in heard, "and whoever is erased again is no difference"
    assert f"second steps of 1 members (members number {moderator.pk})" in heard
    Authenticator.objects.all().delete(), Member.objects.update(joined_at=timezone.now())
    assert "0 roles, 0 standings" in said("restore", str(file), "--yes"), "others, with the same numbers"


def test_beside_a_clock_that_runs_nothing_is_put_back(member):
    file = backup()
    Member.objects.update(about="still here")
    Tick.objects.create(name=clock.HEARTBEAT, last_run_at=timezone.now() - timedelta(seconds=50))
    with pytest.raises(CommandError, match=r"A clock of Harbour ran 5. seconds ago.*Nothing was changed"):
        said("restore", str(file), "--yes")
    assert Member.objects.get().about == "still here"
    Tick.objects.update(last_run_at=timezone.now() - timedelta(seconds=61))
    assert "Restored" in said("restore", str(file), "--yes")
    Tick.objects.create(name=clock.HEARTBEAT, last_run_at=timezone.now())
    assert "Restored" in said("restore", str(file), "--yes", "--yes-while-running")

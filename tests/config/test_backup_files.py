"""The file of a backup: what harms it is seen, half of one never counts, old ones go, and sealed nobody reads it."""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import tarfile
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
import structlog
from django.conf import settings as site
from django.core.management import CommandError
from django.utils import timezone

from config.backups import archive, databases, workplace
from config.backups.workplace import work_folder
from config.environment import Environment
from forum import ledger
from forum.actions.leaving import delete_now, erase_due
from forum.models import Erasure, Member, Post
from moderation import audit_anchor
from tests.backing_up import backup, said
from tests.forum.canaries import CANARIES

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_places")]


def test_there_are_no_uploaded_files_that_a_backup_could_forget():
    """Pictures of members are drawn. Whoever brings uploads to Harbour brings them into the backup."""
    from django.db.models import FileField

    from forum.data_rights import entries

    assert site.MEDIA_ROOT == ""
    columns = [column for entry in entries() for column in entry.model_class._meta.get_fields()]
    assert [column for column in columns if isinstance(column, FileField)] == []


@pytest.mark.parametrize(
    ("address", "reached"),
    [
        (
            "postgres://harbour@/harbour?host=/var/run/postgresql&port=5433",
            {"PGHOST": "/var/run/postgresql", "PGPORT": "5433", "PGUSER": "harbour", "PGDATABASE": "harbour"},
        ),
        (
            "postgres://u:p@db:5434/name?sslmode=verify-full&sslcert=/c.pem&connect_timeout=3",
            {
                "PGHOST": "db", "PGPORT": "5434", "PGUSER": "u", "PGPASSWORD": "p", "PGDATABASE": "name",
                "PGSSLMODE": "verify-full", "PGSSLCERT": "/c.pem",
            },
        ),
        ("postgres://u@db/name?host=elsewhere", {"PGHOST": "db", "PGUSER": "u", "PGDATABASE": "name"}),
    ],
)  # fmt: skip
def test_postgresqls_programs_go_where_the_address_says(monkeypatch, address, reached):
    monkeypatch.setenv("HARBOUR_DATABASE_URL", address)
    named = Environment(site.BASE_DIR).database("HARBOUR_DATABASE_URL")
    monkeypatch.setattr(databases, "connection", SimpleNamespace(vendor="postgresql", settings_dict=named))
    assert databases._postgresql() == reached


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def flipped(file: Path) -> None:
    """A stretch of it: one bit alone can point at other zeros that say the same, and then every byte is as it was."""
    whole = bytearray(file.read_bytes())
    middle = len(whole) // 2
    whole[middle : middle + 64] = bytes(each ^ 0x55 for each in whole[middle : middle + 64])
    file.write_bytes(whole)


def with_other_words(file: Path) -> None:
    """As somebody would who can pack an archive: the parts are not those of the manifest."""
    with tarfile.open(file) as tar:
        parts = {part.name: tar.extractfile(part).read() for part in tar}
    parts[ledger.NAME] += b"1 2 3\n"
    packed(file, parts)


def with_a_way_out(file: Path) -> None:
    packed(file, {"../outside": b"here"})


def of_another_time(file: Path) -> None:
    with tarfile.open(file) as tar:
        parts = {part.name: tar.extractfile(part).read() for part in tar}
    manifest = json.loads(parts[archive.MANIFEST])
    manifest["migrations"]["forum"] = "0999_of_next_year"
    packed(file, parts | {archive.MANIFEST: json.dumps(manifest).encode()})


def packed(file: Path, parts: dict[str, bytes]) -> None:
    with tarfile.open(file, "w:gz") as tar:
        for name, words in parts.items():
            head = tarfile.TarInfo(name)
            head.size = len(words)
            tar.addfile(head, BytesIO(words))


@pytest.mark.parametrize("summed", [True, False])
def test_a_file_that_is_not_as_it_was_changes_nothing(member, summed, tmp_path):
    good = backup()
    assert "Nothing was changed" in said("restore", str(good), "--check"), "the premise: it is whole"
    Member.objects.filter(pk=member.pk).update(about="still here")
    for harm in (cut, flipped, with_other_words, with_a_way_out, of_another_time):
        file = good.with_name(f"{harm.__name__}.tar.gz")
        shutil.copy(good, file)
        if summed:
            shutil.copy(f"{good}.sha256", f"{file}.sha256")
        harm(file)
        for words in (["--check"], ["--yes"]):
            with pytest.raises(CommandError):
                said("restore", str(file), *words)
    assert Member.objects.get().about == "still here"
    assert not (tmp_path / "outside").exists() and not list(site.DATA_DIR.glob("restore-*"))


def test_a_file_that_is_not_there_is_told(db):
    with pytest.raises(CommandError, match="is not there"):
        said("restore", "/nowhere/harbour.tar.gz", "--yes")


def test_half_a_backup_is_never_left_where_one_looks_for_whole_ones(member, monkeypatch):
    def broken(*words: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(archive, "pack", broken)
    with pytest.raises(CommandError, match="the disk is full"):
        said("backup")
    assert list(site.BACKUP_DIR.iterdir()) == [] and list(site.DATA_DIR.glob("backup-*")) == []


def test_two_within_a_second_are_two(member, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    first = backup()
    kept = first.read_bytes()
    assert backup() != first and first.read_bytes() == kept


def test_old_backups_go_with_the_next_and_nothing_else_does(member, settings, time_machine):
    settings.BACKUP_DAYS = 30
    old = backup()
    (settings.BACKUP_DIR / "notes.txt").write_text("where the keys are")
    time_machine.move_to(timezone.now() + timedelta(days=29))
    young = backup()
    assert old.exists()
    time_machine.move_to(timezone.now() + timedelta(days=2))
    assert old.name in said("backup")
    assert not old.exists() and young.exists() and (settings.BACKUP_DIR / "notes.txt").exists()
    assert not old.with_name(f"{old.name}.sha256").exists()


# Sealed


@pytest.fixture
def gpg_key(tmp_path, monkeypatch):
    """A key of GnuPG in a home of its own; its fingerprint."""
    if not shutil.which("gpg"):
        pytest.skip("gpg is not installed")
    home = Path("/tmp") / f"harbour-gpg-{os.getpid()}"  # its socket's path has to be short
    home.mkdir(mode=0o700)
    monkeypatch.setenv("GNUPGHOME", str(home))
    new = [
        "gpg",
        "--batch",
        "--quiet",
        "--passphrase",
        "",
        "--quick-generate-key",
        "Backups",
        "future-default",
        "-",
        "never",
    ]
    subprocess.run(new, check=True, capture_output=True)
    listed = subprocess.run(["gpg", "--list-keys", "--with-colons"], check=True, capture_output=True, text=True).stdout
    yield next(line.split(":")[9] for line in listed.splitlines() if line.startswith("fpr"))
    subprocess.run(["gpgconf", "--kill", "all"], check=False, capture_output=True)
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def age_key(tmp_path):
    """A key of age: who may open, and the file that does."""
    if not shutil.which("age-keygen"):
        pytest.skip("age is not installed")
    file = tmp_path / "identity.txt"
    subprocess.run(["age-keygen", "-o", file], check=True, capture_output=True)
    recipient = next(line for line in file.read_text().splitlines() if "public key:" in line).split()[-1]
    return recipient, file


def test_sealed_for_a_key_of_gpg_nothing_can_be_read_and_it_comes_back(lives, gpg_key, settings):
    settings.BACKUP_TO = gpg_key
    file = backup()
    assert file.suffix == ".gpg"
    assert CANARIES["post"].encode() not in file.read_bytes()
    assert "Whole" in said("restore", str(file), "--check")
    Post.objects.update(body="written over since")
    assert "0 accounts were back" in said("restore", str(file), "--yes")
    assert Post.objects.filter(body=CANARIES["post"]).exists()
    subprocess.run(["gpgconf", "--kill", "all"], check=True, capture_output=True)
    shutil.rmtree(Path(os.environ["GNUPGHOME"]) / "private-keys-v1.d")
    with pytest.raises(CommandError, match="gpg: "):
        said("restore", str(file), "--check")


def test_sealed_for_a_key_of_age_nothing_can_be_read_and_it_comes_back(lives, age_key, settings, tmp_path):
    settings.BACKUP_TO, identity = age_key
    file = backup()
    assert file.suffix == ".age"
    assert CANARIES["post"].encode() not in file.read_bytes()
    with pytest.raises(CommandError, match="--identity"):
        said("restore", str(file), "--check")
    Post.objects.update(body="written over since")
    said("restore", str(file), "--yes", f"--identity={identity}")
    assert Post.objects.filter(body=CANARIES["post"]).exists()
    other = tmp_path / "other.txt"
    subprocess.run(["age-keygen", "-o", other], check=True, capture_output=True)
    with pytest.raises(CommandError, match="age: "):
        said("restore", str(file), "--check", f"--identity={other}")


@pytest.mark.parametrize(("recipient", "program"), [("age1" + "q" * 58, "age"), ("ABCDEF0123", "gpg")])
def test_without_the_program_it_is_refused_in_a_sentence_and_nothing_is_written(
    member, settings, monkeypatch, recipient, program
):
    settings.BACKUP_TO = recipient
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(CommandError, match=f"{program} is not installed here. Nothing was written"):
        said("backup")
    assert not settings.BACKUP_DIR.exists()


def test_a_key_that_nobody_has_leaves_no_file(member, gpg_key, settings):
    settings.BACKUP_TO = "F" * 40
    with pytest.raises(CommandError, match="gpg: "):
        said("backup")
    assert list(settings.BACKUP_DIR.iterdir()) == []


# The ledger


def test_a_line_that_a_power_cut_broke_off_is_written_anew_and_keeps_nobody_in(lives):
    backup()
    delete_now(lives)
    erase_due()
    whole = ledger.path().read_text()
    ledger.path().write_text(whole[: len(whole) // 2])
    ledger.note(Erasure.objects.get())
    assert [erasure.member_id for erasure in ledger.read(ledger.path()).erasures] == [lives.pk]
    ledger.note(Erasure.objects.get())
    assert ledger.path().read_text().count("\n") == 2


def test_an_erasure_waits_for_no_other_disk(lives, settings, tmp_path):
    settings.BACKUP_DIR.mkdir()
    (settings.BACKUP_DIR / ledger.NAME).mkdir()  # nothing can be written there
    delete_now(lives)
    with structlog.testing.capture_logs():
        erase_due()
    assert Erasure.objects.get().finished_at
    (settings.BACKUP_DIR / ledger.NAME).rmdir()
    backup()
    assert (settings.BACKUP_DIR / ledger.NAME).read_text() == ledger.path().read_text() != ""


BROKEN_OFF = {
    "half of it": lambda line: line[: len(line) // 2].encode(),
    "a file that grew and was not filled": lambda line: line[:20].encode() + bytes(40),
    "nothing but NULs": lambda line: bytes(64),
    "what was never a line": lambda line: b"\xff\xfe\x00 9 elsewhere",
}


@pytest.mark.parametrize("how", BROKEN_OFF)
def test_a_torn_tail_in_either_place_lets_nobody_come_back(lives, how, settings):
    file = backup()
    delete_now(lives)
    erase_due()
    whole, own, beside = ledger.path().read_text(), ledger.path(), settings.BACKUP_DIR / ledger.NAME
    torn = BROKEN_OFF[how](whole.splitlines()[0])
    for broken, other in ((own, beside), (beside, own)):
        other.write_text(whole)
        broken.write_bytes(torn)
        with structlog.testing.capture_logs():
            heard = said("restore", str(file), "--yes")
        assert "1 accounts were back" in heard
        assert ("NOT READ" in heard and f"{broken}, line 1" in heard) is (how == "what was never a line")
        assert audit_anchor.find_fault() is None, "it came to its end"
        assert other.read_text() == whole, "what nobody can read is not carried on"
        assert ledger.whole() == whole
    with structlog.testing.capture_logs():
        again = backup()
    assert "0 accounts were back" in said("restore", str(again), "--yes"), "nor is it in the next backup"


def test_a_ledger_that_is_named_and_is_none_is_refused_before_anything_changes(member, tmp_path):
    file = backup()
    Member.objects.update(about="still here")
    (tmp_path / "other.txt").write_text("a list of something else")
    with pytest.raises(CommandError, match="no line of a ledger"):
        said("restore", str(file), "--yes", f"--ledger={tmp_path / 'other.txt'}")
    assert Member.objects.get().about == "still here"


# What is left by one that was killed


def test_what_a_killed_one_left_in_clear_goes_when_the_next_begins(member, settings):
    good = backup()
    for words in (["backup"], ["restore", str(good), "--check"]):
        for name in ("backup-a1b2c3d4", "restore-__aaaa__"):
            (settings.DATA_DIR / name / "again").mkdir(parents=True)
            (settings.DATA_DIR / name / "database.sqlite3").write_text("every word")
        half = settings.BACKUP_DIR / ".harbour-20260101T000000Z.tar.gz.age.part"
        half.write_text("every word")
        theirs = settings.DATA_DIR / "backup-20260101" / "thesis.odt"
        theirs.parent.mkdir(exist_ok=True)
        theirs.write_text("somebody's own")
        said(*words)
        assert sorted(path.name for path in settings.DATA_DIR.iterdir() if "-" in path.name and path.is_dir()) == [
            theirs.parent.name
        ]
        assert not half.exists() and theirs.exists() and good.exists()


def test_two_at_once_wait_for_each_other(member, settings):
    begun, go_on, done = threading.Event(), threading.Event(), threading.Event()

    def first() -> None:
        with work_folder("backup-") as inside:
            begun.set()
            assert go_on.wait(20)
            assert inside.exists()
            done.set()

    def second() -> None:
        with work_folder("restore-"):
            assert done.is_set()

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(first)
        assert begun.wait(20)
        two = pool.submit(second)
        folder = os.open(settings.DATA_DIR, os.O_RDONLY)
        with pytest.raises(BlockingIOError):
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.close(folder)
        go_on.set()
        one.result(20), two.result(20)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_told_to_stop_it_leaves_nothing(member, monkeypatch, number):
    file = backup()
    kept = sorted(site.BACKUP_DIR.iterdir())

    def stopped(*words: object) -> None:
        os.kill(os.getpid(), number)

    monkeypatch.setattr(archive, "pack", stopped)
    monkeypatch.setattr(archive, "unpack", stopped)
    for words in (["backup"], ["restore", str(file), "--yes"]):
        with pytest.raises(SystemExit):
            said(*words)
        assert sorted(site.BACKUP_DIR.iterdir()) == kept
        assert [path for path in site.DATA_DIR.iterdir() if path.is_dir()] == []
    assert signal.getsignal(number) is signal.SIG_DFL


def test_what_another_user_left_is_told_and_stops_no_backup(member, settings, monkeypatch, caplog):
    def refused(folder: Path) -> None:
        raise PermissionError(folder)

    left = settings.DATA_DIR / "restore-a1b2c3d4"
    left.mkdir()
    (left / "database.sqlite3").write_text("every word")
    monkeypatch.setattr(workplace, "_remove", refused)
    with caplog.at_level("ERROR", logger=workplace.__name__):
        assert backup().exists()
    assert f"left_in_clear: {left}" in caplog.text and left.exists()


def test_once_the_old_database_is_back_it_is_not_stopped_before_the_erasures(lives, monkeypatch):
    file = backup()
    delete_now(lives)
    erase_due()
    load = databases.load

    def load_and_be_told(dump: Path) -> None:
        load(dump)
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            os.kill(os.getpid(), number)

    monkeypatch.setattr(databases, "load", load_and_be_told)
    assert "1 accounts were back" in said("restore", str(file), "--yes")

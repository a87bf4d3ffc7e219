"""Where a backup or a restore works: a folder that holds the database in clear for a while, and must never be left behind."""

import fcntl
import logging
import os
import re
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings

from config.backups.archive import LEDGER, MANIFEST

logger = logging.getLogger(__name__)
FOLDER = re.compile(r"(backup|restore)-[a-z0-9_]{8}")  # as tempfile names them
HALF = re.compile(r"\.harbour-\d{8}T\d{6}Z\.tar\.gz(\.age|\.gpg)?\.part")
OURS = re.compile(rf"{re.escape(MANIFEST)}|{re.escape(LEDGER)}|again|database\..*")
ASKED_TO_STOP = (signal.SIGTERM, signal.SIGHUP)


@contextmanager
def work_folder(prefix: str) -> Iterator[Path]:
    """A folder that goes afterwards. One backup or restore works at a time, the next waits: so whatever stands here when it
    begins was left by one that was killed, and goes first.
    """
    lock = os.open(settings.DATA_DIR, os.O_RDONLY)  # the folder itself: a file could belong to whoever ran it first
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the kernel lets go of it however this process ends
        _remove_left()
        with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix=prefix) as inside:
            yield Path(inside)
    finally:
        os.close(lock)


@contextmanager
def ending_when_asked() -> Iterator[None]:
    """SIGTERM and SIGHUP end the block as an exception does, so that nothing is left."""
    with _hearing(ASKED_TO_STOP, lambda number, _frame: sys.exit(128 + number)):
        yield


@contextmanager
def not_to_be_ended() -> Iterator[None]:
    """SIGTERM, SIGHUP and Ctrl-C end nothing here: half of it would be worse than none or all."""
    with _hearing((*ASKED_TO_STOP, signal.SIGINT), lambda _number, _frame: None):
        yield


@contextmanager
def _hearing(numbers: Iterable[signal.Signals], handler: Callable[[int, Any], object]) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():  # only that one may be told of signals
        yield
        return
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, previous in before.items():
            signal.signal(number, previous)


def _remove_left() -> None:
    """Nothing of anybody else's: a folder goes only if all in it has the names that are given here."""
    data, backups = Path(settings.DATA_DIR), Path(settings.BACKUP_DIR)
    folders = [folder for folder in data.iterdir() if FOLDER.fullmatch(folder.name) and not folder.is_symlink()]
    halves = [file for file in backups.iterdir() if HALF.fullmatch(file.name)] if backups.is_dir() else []
    for left in (*folders, *halves):
        try:
            _remove(left)
        except OSError:  # left by another user of this machine, such as root: backups go on all the same
            logger.exception("left_in_clear: %s holds the database, was left by a killed backup and stays", left)


def _remove(left: Path) -> None:
    if not left.is_dir():
        left.unlink(missing_ok=True)
    elif all(OURS.fullmatch(part.name) for part in left.iterdir()):
        shutil.rmtree(left)

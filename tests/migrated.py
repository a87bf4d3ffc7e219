"""A migrated SQLite database, made once on this machine for each state of the migrations and copied from then on.

Migrating takes twenty seconds of one core and every process of a run would do it. The copy is migrated as well, which does
nothing but what comes after every migration: triggers and standing rows are made from the code as it is.
"""

import hashlib
import os
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parent.parent
KEPT_FOR = 7 * 24 * 3600  # seconds


def copy_migrated(to: Path) -> bool:
    """Puts the kept database there, if there is one for these migrations."""
    kept = _kept_at()
    if not kept.exists():
        return False
    _copy(kept, to)
    return True


def keep_migrated(made: Path) -> None:
    """Keeps this one for the next process. Two that do so at once keep the same."""
    kept = _kept_at()
    kept.parent.mkdir(mode=0o700, exist_ok=True)
    for older in kept.parent.glob("*.sqlite3"):
        if older.stat().st_mtime < time.time() - KEPT_FOR:
            older.unlink(missing_ok=True)
    beside = kept.with_suffix(f".{os.getpid()}")
    _copy(made, beside)
    beside.rename(kept)


def _copy(source: Path, to: Path) -> None:
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(to)) as there:
        here.backup(there)


def _kept_at() -> Path:
    state = hashlib.sha256(django.__version__.encode())
    for path in sorted(ROOT.glob("*/migrations/*.py")):
        state.update(path.name.encode() + path.read_bytes())
    folder = Path(tempfile.gettempdir()) / f"harbour-test-migrated-{os.getuid()}"
    return folder / f"{state.hexdigest()[:20]}.sqlite3"

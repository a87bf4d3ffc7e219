"""What tests of backups share: the command's words, a new backup, and what is in one."""

import tarfile
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command


def said(*words: str) -> str:
    """What `manage.py` says to these words."""
    heard = StringIO()
    call_command(*words, stdout=heard)
    return heard.getvalue()


def backup() -> Path:
    """A new one."""
    before = set(settings.BACKUP_DIR.glob("harbour-*"))
    said("backup")
    (file,) = (file for file in set(settings.BACKUP_DIR.glob("harbour-*")) - before if file.suffix != ".sha256")
    return file


def everything_in(file: Path, folder: Path) -> dict[str, bytes]:
    folder.mkdir()
    with tarfile.open(file) as tar:
        tar.extractall(folder, filter="data")
    return {part.name: part.read_bytes() for part in folder.iterdir()}

"""Keeps the catalogues in step with the words in use: `python -m tools.messages` (needs Debian's gettext).

Renews every locale/<language>/LC_MESSAGES/django.po and packs it into the .mo that Django reads; both are committed, so that
nobody needs gettext to run Harbour.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("cy",)
SOURCES = ("config", "forum", "moderation", "realtime", "templates")


def catalogue(language: str, root: Path = ROOT) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def renew(language: str, work: Path) -> polib.POFile:
    """The catalogue of the words now in use, with the translations there are; made in `work`, which holds copies."""
    for name in SOURCES:
        shutil.copytree(ROOT / name, work / name, ignore=shutil.ignore_patterns("__pycache__"))
    present = catalogue(language)
    target = catalogue(language, work)
    target.parent.mkdir(parents=True)
    if present.exists():
        shutil.copy(present, target)
    command = [sys.executable, "-m", "django", "makemessages", "-l", language, "--no-location", "--no-obsolete", "-v0"]
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(command, cwd=work, env=environment, check=True, timeout=120)
    return polib.pofile(str(target))


def main() -> None:
    for language in LANGUAGES:
        with tempfile.TemporaryDirectory() as work:
            renewed = renew(language, Path(work))
        path = catalogue(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        renewed.metadata.pop("POT-Creation-Date", None)
        renewed.save(str(path))
        renewed.save_as_mofile(str(path.with_suffix(".mo")))
        waiting = len(renewed.untranslated_entries()) + len(renewed.fuzzy_entries())
        sys.stdout.write(f"{path.relative_to(ROOT)}: {len(renewed)} sentences, {waiting} without a translation\n")


if __name__ == "__main__":
    main()

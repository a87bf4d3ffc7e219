"""Draws docs/data.md from the registry."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from forum.data_rights import Entry, entries

HEAD = """# What is kept of people

Drawn from the registry in `forum/data_rights.py` by `manage.py data_map > docs/data.md`; a test compares the two. The registry
is also what a member's copy, the erasure of an account and the page `/me/data/` are drawn from, so none of them can say
something else. `tests/test_data_rights.py` fails for a model or a column that is not in it.

**Personal** columns are about the member or written by them, and stand in their copy. **Somebody else's** never do. What
is in neither is what the software needs to work.

## The rules for what is also somebody else's

* What I told the team is mine and is shown. Who told the team about me, and what they said, never is.
* What the team wrote for itself (notes, screening's reasons) is not in the copy. Whoever asks for it gets it
  from a person, who reads it first, so that nobody else's words go out with it.
* A finished crisis record is in the copy, without what is about somebody else; not while two people keep it back for a while.
* What the team wrote to me (words, statements) is mine: both sides of my conversation are shown.
* Other people stand in the copy as numbers. Their words, and replies to mine, are theirs.
* What somebody did for the team from a role account is the team's record: it is not in the copy, and it stays.

## Leaving

*Leave* closes an account at once. For 21 days one press opens it again; then it is erased. *Erase everything now* skips the
wait, behind a fresh sign-in and the typed handle. The clock erases, in slices, and may be stopped at any point: the next one
goes on. Posts and replies turn into neutral stones where others have replied, supports are taken back, and every open screen
hears it. On SQLite the search index is merged and the write-ahead log cut off, so that nothing is left in the files; on
PostgreSQL its own vacuum clears what was deleted.

**What waits.** Words that an open case is about stay with that case, for those who handle it, until it is closed; they are
erased within the hour after. While a care case at urgent or above is open about somebody, so do their address and their card:
a person who says goodbye and erases their account can still be found. The page that erases says so before anybody presses.

**Afterwards.** The ledger, `erasures.txt` in the data directory and beside the backups, holds a number and two times for each
erased account. `manage.py restore` erases anew whoever it names; [privacy.md](privacy.md) has how, and how long each class of
data is kept.

**The copy** is made by the clock, sealed with the key of `HARBOUR_SEAL_KEY`, given once to a freshly signed-in member, and
wiped then or after 24 hours. A mail says that it is ready, without a personal word, unless the member wants no mail.

## Model by model
"""


class Command(BaseCommand):
    help = "Prints what is kept of people, why, how long, and what erasure does, as Markdown."

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en-gb"):
            self.stdout.write(document(), ending="")


def document() -> str:
    """The whole page."""
    about = [entry for entry in entries() if list(entry.ties)]
    nobody = sorted(entry.model for entry in entries() if not list(entry.ties))
    parts = [
        HEAD,
        *map(_section, about),
        "\n### Nothing about anybody\n\n",
        ", ".join(f"`{name}`" for name in nobody),
        ".\n",
    ]
    return "".join(parts)


def _section(entry: Entry) -> str:
    lines = [
        f"Why: {entry.why}",
        f"How long: {entry.until}",
        *(f"{title}: {_columns(columns)}" for title, columns in _classes(entry) if columns),
        *(f"Not shown: {rule}" for rule in entry.rules()),
        f"When the account is erased: {' '.join(map(str, entry.endings()))}",
    ]
    return f"\n### {entry.what} (`{entry.model}`)\n\n" + "".join(f"* {line}\n" for line in lines)


def _classes(entry: Entry) -> list[tuple[str, str]]:
    return [("Personal", entry.personal), ("Somebody else's", entry.third_party), ("Internal", entry.internal)]


def _columns(names: str) -> str:
    return ", ".join(f"`{name}`" for name in names.split())

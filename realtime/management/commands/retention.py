"""How long each class of data is kept: what would go, what went, and the table of docs/privacy.md."""

from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from realtime import retention
from realtime.retention import Counted, Period

BEGIN, END = "<!-- manage.py retention --write docs/privacy.md -->", "<!-- the table ends -->"
HEAD = (
    "| class | what | kept for | from when | what delays it | who deletes it |\n| --- | --- | --- | --- | --- | --- |\n"
)
UNDATED_HEAD = "| how long | models |\n| --- | --- |\n"


class Command(BaseCommand):
    help = (
        "Deletes what is past its time, as the clock does by itself. --dry-run says what would go and deletes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would go today and in the next 30 days")
        parser.add_argument(
            "--write", type=Path, metavar="FILE", help="put the table into this document and do nothing else"
        )

    def handle(self, *args: Any, dry_run: bool, write: Path | None, **options: Any) -> None:
        if write is not None:
            write.write_text(with_table(write.read_text()))
        elif dry_run:
            self.stdout.write(said(retention.count_due()))
        else:
            for period in retention.periods():
                self.stdout.write(f"{period.name}: {_all_of(period)} went.")


def said(counted: list[Counted]) -> str:
    """A line for each class, in columns."""
    rows = [("class", "today", "next 30 days", "kept past its time")]
    rows += [(each.period.name, str(each.today), str(each.month), str(each.kept)) for each in counted]
    wide = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(wide[n]) for n, cell in enumerate(row)).rstrip() for row in rows]
    return "\n".join([*lines, "Nothing was deleted."])


def with_table(document: str) -> str:
    """The document with the table as it is now between its two marks. Raises CommandError where they are not there."""
    before, begin, rest = document.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise CommandError(f"The document needs two lines, {BEGIN} and {END}, for the table to stand between.")
    return f"{before}{BEGIN}\n\n{table()}\n{END}{after}"


def table() -> str:
    """Both tables: what goes by a date, and what no date ends."""
    undated = "".join(
        f"| {why} | {', '.join(f'`{model}`' for model in sorted(models))} |\n"
        for why, models in retention.undated().items()
    )
    dated = "".join(map(_row, sorted(retention.periods(), key=lambda each: each.lasts)))
    return f"{HEAD}{dated}\nWhat no date ends:\n\n{UNDATED_HEAD}{undated}"


def _row(period: Period) -> str:
    goes = "the clock wipes" if period.blanks else "the clock"
    cells = (
        f"`{period.name}`", f"{period.what} (`{period.model}`)", _length(period.lasts), period.since,
        period.delays or "nothing", f"{goes}, every {_length(timedelta(seconds=period.every)).removeprefix('1 ')}",
    )  # fmt: skip
    return f"| {' | '.join(cells)} |\n"


def _length(time: timedelta) -> str:
    if not time:
        return "no longer"
    for unit, name in ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute")):
        if time % unit == timedelta(0):
            number = time // unit
            return f"{number} {name}{'' if number == 1 else 's'}"
    return f"{int(time.total_seconds())} seconds"


def _all_of(period: Period) -> int:
    """Run after run, until nothing more goes: the clock takes a few slices at a time."""
    gone = taken = retention.forget(period.name)
    while taken and period.run is None:
        taken = retention.forget(period.name)
        gone += taken
    return gone

"""The demo's world, a row of everything else beside it, and hostile words in every column that a person fills."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from types import UnionType
from typing import Any
from uuid import uuid4

from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from forum import cards, search_index
from forum.models import Member
from forum.sealing import seal
from moderation import letters, standing_notes
from realtime import triggers
from realtime.models import Delivery
from tests.hostile.columns import written_columns
from tests.hostile.payloads import deal

SHORT = 300  # characters, in all rows but the first and the last few
WHOLE_ROWS = 1  # at either end of a table: what pages show first
BEFORE = {  # what a value has to begin with, or its page could not be drawn
    "forum.SupportGroup.web": "https://x.example/?",
    "forum.Helpline.url": "https://x.example/?",
    "moderation.Guide.body": "## ",
}
SHAPED: dict[str, Callable[[Any, str, str], Any]] = {  # words inside of something that the program reads
    "moderation.CrisisRecord.snapshot": lambda row, words, mark: json.dumps(
        [{"words": words, "version": 1, "note": words}]
    ),
    "moderation.RecordVersion.fields": lambda row, words, mark: json.dumps({"what_they_said": words, "basis": words}),
    "moderation.CaseEventWords.words": lambda row, words, mark: row.words if row.words.startswith("{") else words,
    "moderation.Signpost.shown": lambda row, words, mark: (
        row.shown | dict.fromkeys(("name", "for_whom", "languages", "how"), words)
    ),
    "forum.Draft.fields": lambda row, words, mark: {"body": words, "content_note": words},
    "forum.HelplineWay.value": lambda row, words, mark: (
        f"{'https://x.example/?' if row.kind in ('chat', 'web') else '116 123 '}{words}"
    ),
    "handle": lambda row, words, mark: f"<b onclick=alert(1) ' \"&{mark}>",
    "email": lambda row, words, mark: f'"<img src=x onerror=alert(1)>{mark}{row.pk}"@harbour.test',
}
GIVEN = {"forum.Draft": {"place": "post"}}  # what a row needs before it can be asked for
SEALED: dict[str, Callable[[Any, str], str]] = {
    "forum.CareCard": lambda row, name: cards._place(row.member_id, name),
    "moderation.StandingNote": standing_notes._place,
    "moderation.Letter": letters._place,
}
SOME: tuple[tuple[type[models.Field] | UnionType, Callable[[], Any]], ...] = (
    (models.DateTimeField, timezone.now),
    (models.DateField, timezone.localdate),
    (models.IntegerField, lambda: 1),
    (models.UUIDField, uuid4),
    (models.JSONField, dict),
    (models.BinaryField, bytes),
)
ONE_ROW = {"forum.Member.handle", "forum.PendingSignup.handle", "forum.Member.email", "account.EmailAddress.email"}


def make_world() -> None:
    """What `make run` fills, and one row of each model that the demo leaves empty, its constraints aside."""
    call_command("demo", quiet=True)
    triggers.drop(connection)
    with _unchecked():
        for model in sorted({column.model for column in written_columns()}, key=str):
            if not model._base_manager.exists():
                _make_row(model)
    # A clock that finds made-up letters would send them, and count a try that stands there already.
    Delivery.objects.update(state=Delivery.State.SENT)


@contextmanager
def _unchecked() -> Iterator[None]:
    """Rows here stand for what they hold, not for how they came about."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        try:
            yield
        finally:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


def mark_of(column: models.Field) -> str:
    """A word that stands in this column's words alone."""
    names = sorted(str(each) for each in written_columns())
    return f"zq{names.index(str(column)):03d}qz"


def poison(payloads: list[str]) -> dict[str, str]:
    """Writes hostile words into every written column. Returns each column by the mark its words begin with."""
    marks = {}
    with _unchecked():
        for column in written_columns():
            marks[mark_of(column)] = str(column)
            _poison(column, payloads)
    search_index.reindex()
    return marks


def _poison(column: models.Field, payloads: list[str]) -> None:
    rows = list(column.model._base_manager.order_by("pk"))
    mark, dealt = mark_of(column), deal(payloads, min(SHORT, column.max_length or SHORT))
    if str(column) in ONE_ROW:
        rows = (
            [row for row in rows if getattr(row, "handle", "wren") == "wren"] if "handle" in str(column) else rows[:1]
        )
    for place, row in enumerate(rows):
        whole = place < WHOLE_ROWS or place >= len(rows) - WHOLE_ROWS
        words = f"{mark} {row.pk} " + ("\n".join(payloads) if whole else next(dealt))
        if connection.vendor != "sqlite":  # which alone takes what is longer than its column
            words = words[: column.max_length].replace("\0", "")
        with transaction.atomic():
            column.model._base_manager.filter(pk=row.pk).update(**{column.name: _shaped(column, row, words, mark)})


def _shaped(column: models.Field, row: Any, words: str, mark: str) -> Any:
    name = str(column)
    if place := SEALED.get(column.model._meta.label):
        return seal(words, place(row, column.name))
    if isinstance(column, models.JSONField) and name not in SHAPED:
        return _leaves(getattr(row, column.name), words)
    shape = SHAPED.get(name) or SHAPED.get(column.name, lambda row, words, mark: BEFORE.get(name, "") + words)
    return shape(row, words, mark)


def _leaves(value: Any, words: str) -> Any:
    """The same, with these words in place of every text."""
    if isinstance(value, str):
        return words
    if isinstance(value, list):
        return [_leaves(each, words) for each in value]
    if isinstance(value, dict):
        return {key: _leaves(each, words) for key, each in value.items()}
    return value


def _some_row(model: type[models.Model]) -> models.Model:
    if model is Member:
        return Member.objects.get(handle="robin")
    return model._base_manager.order_by("pk").first() or _make_row(model)


def _make_row(model: type[models.Model]) -> models.Model:
    wanted = {column.name: _some(column) for column in model._meta.concrete_fields if _is_wanted(column)}
    row = model(**wanted | GIVEN.get(model._meta.label, {}))
    with suppress(DatabaseError) if connection.vendor != "sqlite" else nullcontext(), transaction.atomic():
        row.save()
    return row


def _is_wanted(column: models.Field) -> bool:
    return not column.primary_key and not column.has_default() and not column.null


def _some(column: models.Field) -> Any:
    if column.remote_field:
        return _some_row(column.remote_field.model)
    if column.choices:
        return column.choices[0][0]
    return next((make() for kind, make in SOME if isinstance(column, kind)), "")

"""Places among rows that are read page by page: what stands before one and after it, at the same cost however far down."""

from datetime import UTC, datetime

from django.db.models import BigIntegerField, Q

Place = tuple[datetime, int]
"""A moment and an id: where one row stands among others."""


def parse_place(place: str) -> Place | None:
    micros, _dash, ident = place.partition("-")
    if not (micros.isascii() and micros.isdigit() and ident.isascii() and ident.isdigit() and len(place) < 40):
        return None
    try:
        seconds, rest = divmod(int(micros), 1_000_000)
        at = datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)
        return (at, int(ident)) if int(ident) <= BigIntegerField.MAX_BIGINT else None
    except (ValueError, OverflowError, OSError):
        return None


def earlier_than(place: tuple[datetime, int], by: str = "placed_at") -> Q:
    """What comes after a place where the newest stands first. The moment is named alone as well: from there a database reads its
    index, which it does not for an OR, however deep the page is.
    """
    at, ident = place
    return Q(**{f"{by}__lte": at}) & (Q(**{f"{by}__lt": at}) | Q(pk__lt=ident))


def later_than(place: tuple[datetime, int], by: str = "placed_at") -> Q:
    """The same where the oldest stands first."""
    at, ident = place
    return Q(**{f"{by}__gte": at}) & (Q(**{f"{by}__gt": at}) | Q(pk__gt=ident))

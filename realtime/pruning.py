"""Forgetting old rows a slice at a time. Each slice is a transaction of its own, so that no lock is held for long.

A run of the clock takes a few slices of a table and leaves the rest to the next run: a backlog of a million rows is gone
in a night, and nothing else that is due waits for it.
"""

from collections.abc import Mapping
from typing import Any

from django.db import models

SLICE = 250  # rows of one transaction; `python -m bench.growth` measures how long its locks are held
SLICES = 40  # of one table in one run


def forget(rows: models.QuerySet[Any], by: str, blanks: Mapping[str, Any] | None = None) -> int:
    """Delete the first of these rows, at most SLICES slices of them, and return how many went. With `blanks`, these columns are
    wiped and the rows stay; `rows` must not match what is blank already.

    `by` is the column that says how old they are. It needs an index: each slice begins where that begins.
    """
    gone = 0
    for _turn in range(SLICES):
        slice_ = forget_slice(rows, by, blanks)
        gone += slice_
        if slice_ < SLICE:
            break
    return gone


def forget_slice(rows: models.QuerySet[Any], by: str, blanks: Mapping[str, Any] | None = None) -> int:
    """Delete or wipe one slice, in one transaction, and return how many rows it had. They are read before anything is locked;
    one that is no longer old by then, such as a notice that waits again, stays.
    """
    ids = list(rows.order_by(by).values_list("pk", flat=True)[:SLICE])
    mine = rows.filter(pk__in=ids)
    if ids and blanks is None:
        mine.only("pk").delete()
    elif ids and blanks:
        mine.update(**blanks)
    return len(ids)

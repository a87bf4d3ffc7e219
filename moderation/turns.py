"""Each case or letter that is due has its turn: one that fails keeps no other from it, and does not fail unheard."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from moderation.models import Case, Letter
from moderation.refusals import CaseMoved

logger = logging.getLogger(__name__)

Row = TypeVar("Row", Case, Letter)


class SomeFailed(Exception):
    """What failed was logged where it did. Raised once all the rest was done, so that the clock does not call itself well."""


def take_turns(what: str, rows: Iterable[Row], step: Callable[[Row], int]) -> int:
    """Takes one step with each, which counts what it did. Returns the sum; where somebody was quicker, nothing.

    `what` names the step in the log. Raises SomeFailed at the very end.
    """
    done, failed = 0, []
    for row in list(rows):
        name = f"{row._meta.model_name} {row.pk}"
        try:
            done += step(row)
        except CaseMoved:
            continue
        except Exception:
            logger.exception("%s_failed: %s; it is tried again at the next look", what, name)
            failed.append(name)
    if failed:
        raise SomeFailed(f"{what}: {', '.join(failed)}")
    return done


def run_all(*tasks: Callable[[], object]) -> None:
    """Runs each, whatever became of those before it. Raises SomeFailed at the very end."""
    failed = []
    for task in tasks:
        try:
            task()
        except SomeFailed as some:
            failed.append(str(some))
        except Exception:
            logger.exception("%s_failed: it is tried again at the next look", task.__name__)
            failed.append(task.__name__)
    if failed:
        raise SomeFailed("; ".join(failed))

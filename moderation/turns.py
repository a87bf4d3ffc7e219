"""Each case that is due has its turn: one that fails keeps no other from it, and does not fail unheard."""

import logging
from collections.abc import Callable, Iterable

from moderation.models import Case
from moderation.refusals import CaseMoved

logger = logging.getLogger(__name__)


class SomeFailed(Exception):
    """What failed was logged where it did. Raised once all the rest was done, so that the clock does not call itself well."""


def take_turns(what: str, cases: Iterable[Case], step: Callable[[Case], int]) -> int:
    """Takes one step with each case, which counts what it did. Returns the sum; where somebody was quicker, nothing.

    `what` names the step in the log. Raises SomeFailed at the very end.
    """
    done, failed = 0, []
    for case in list(cases):
        try:
            done += step(case)
        except CaseMoved:
            continue
        except Exception:
            logger.exception("%s_failed: case %s; it is tried again at the next look", what, case.pk)
            failed.append(case.pk)
    if failed:
        raise SomeFailed(f"{what}: cases {failed}")
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

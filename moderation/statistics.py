"""The team's figures, made so that none of them tells of fewer than eight posts (P7): left out, rounded, or said in words.

Whole weeks only, which do not overlap, and no total: there is nothing to subtract from one another.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from forum import measures
from forum.measures import FirstReplies, Wait
from moderation.small_cells import SMALL, STEP, rounded
from moderation.wording import how_long

WEEKS = 8  # shown
WEEK = timedelta(days=7)
SHARED_FROM = 20  # of the rounded number: twice SMALL, and the rounding
STEPS_OF_TIME = (
    (timedelta(minutes=5), timedelta(hours=1)),
    (timedelta(hours=1), timedelta(hours=47)),
    (timedelta(days=1), timedelta.max),
)


@dataclass(frozen=True, slots=True)
class Week:
    """One row, in words that may be shown; all but the days are empty when there were too few posts to say."""

    first: date
    last: date
    posts: str = ""
    soon: str = ""
    median: str = ""
    slowest: str = ""  # nine in ten were answered sooner
    waiting: str = ""


def first_reply_weeks(now: datetime | None = None) -> list[Week]:
    """How soon people were answered in each of the last weeks that are over, the newest first. One query."""
    now = now or timezone.now()
    end = _monday(now)
    mondays = [end - n * WEEK for n in range(1, WEEKS + 1)]
    by_week: dict[date, list[Wait]] = defaultdict(list)
    for wait in measures.first_replies(mondays[-1], end):
        by_week[_monday(wait[0]).date()].append(wait)
    return [_week(monday.date(), measures.measure(by_week[monday.date()], now)) for monday in mondays]


def _week(first: date, told: FirstReplies) -> Week:
    last = first + timedelta(days=6)
    if told.posts < SMALL:
        return Week(first, last)
    return Week(
        first,
        last,
        posts=_about(told.posts),
        soon=_share(told.soon, told.posts),
        median=_span(told.percentile(0.5)),
        slowest=_span(told.percentile(0.9)) if _is_plain(told) else _("too few to say"),
        waiting=_about(told.waiting) if _is_plain(told) else _("too few to say"),
    )


def _is_plain(told: FirstReplies) -> bool:
    """Whether eight or more each were answered within the hour, answered later, and still wait. Else how many or whether some still
    wait, beside the posts, a share and half of the waits, could tell how few were answered later.
    """
    return min(told.soon, told.waiting, told.posts - told.soon - told.waiting) >= SMALL


def _about(count: int) -> str:
    return _("about %(n)d") % {"n": rounded(count)}


def _count(count: int) -> str:
    """None is not told from few: else "fewer than eight" would say that there was somebody."""
    return _about(count) if count >= SMALL else _("fewer than %(n)d") % {"n": SMALL}


def _share(part: int, whole: int) -> str:
    """A percentage while both it and what it leaves stand for enough, else the word for the fewer than eight of one of them, none
    included. Of fewer than 18 either could be few, and the two words would tell them apart: nothing is said. Judged by the
    rounded number: else whether it is said would tell the number itself.
    """
    if rounded(whole) < SHARED_FROM:
        return _("too few to say")
    if part < SMALL:
        return _("few")
    return _("most") if whole - part < SMALL else _("%(n)d %%") % {"n": STEP * round(100 * part / whole / STEP)}


def _span(wait: timedelta | None) -> str:
    return _("still waiting") if wait is None else how_long(_rounded_up(wait))


def _rounded_up(wait: timedelta) -> timedelta:
    """Up to the next five minutes, hour or day: a wait to the minute could be looked up on the wall."""
    step = next(step for step, most in STEPS_OF_TIME if wait <= most)
    return max(1, -(-wait // step)) * step


def _monday(when: datetime) -> datetime:
    """The start of this moment's week, in the site's own time."""
    local = timezone.localtime(when)
    monday = local.date() - timedelta(days=local.weekday())
    return datetime.combine(monday, datetime.min.time(), tzinfo=local.tzinfo)

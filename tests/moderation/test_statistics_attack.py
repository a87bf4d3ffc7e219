"""Somebody who reads every figure, knows how each is made, and subtracts: no cell of one to seven is left over (P7).

A hit is a count of which everything that is said leaves only values from one to seven: then it is known that there is somebody,
and that there are few. Each test works backwards from what is said to every table that could have been behind it.
"""

import itertools
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation

from forum.measures import FirstReplies
from moderation import afterwards, how_statistics, screening_agreement, statistics, tally, week_statistics
from moderation.models import Case, HowCareWas
from moderation.small_cells import SMALL, published

FEW = frozenset(range(1, SMALL))
Cells = Sequence[int]
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en-gb"):
        yield


def tables(width: int, most: int) -> Iterator[Cells]:
    """Every table of so many cells whose total is at most that."""
    if width == 1:
        yield from ((count,) for count in range(most + 1))
        return
    for first in range(most + 1):
        for others in tables(width - 1, most - first):
            yield first, *others


def hits(
    possible: Iterable[Cells], says: Callable[[Cells], Hashable]
) -> list[tuple[Hashable, tuple[int, ...], set[int]]]:
    """What is said, and which cells added together then have from one to seven in every table that says the same.

    Where a table at the edge of those that were tried says it too, larger ones may as well: it is not judged.
    """
    behind: dict[Hashable, list[Cells]] = defaultdict(list)
    for cells in possible:
        behind[says(cells)].append(cells)
    edge = max(sum(cells) for each in behind.values() for cells in each) - 1
    found = []
    for said, those in behind.items():
        if max(map(sum, those)) >= edge:
            continue
        for size in range(1, len(those[0]) + 1):
            for some in itertools.combinations(range(len(those[0])), size):
                values = {sum(cells[n] for n in some) for cells in those}
                if values <= FEW:
                    found.append((said, some, values))
    return found


def of_published(cells: Cells) -> Hashable:
    said = published({str(n): count for n, count in enumerate(cells)})
    return (*said.cells.values(), said.total)


def test_the_attack_finds_what_is_there_to_find():
    """Figures as they are, figures without the small ones and with the total, and a word of its own for none: each tells."""
    assert hits(tables(2, 20), tuple)
    assert hits(tables(2, 20), lambda cells: (*(n if n >= SMALL else None for n in cells), sum(cells)))
    assert hits(
        [(n,) for n in range(20)], lambda cells: "none" if cells == (0,) else "few" if cells[0] < SMALL else "some"
    )


@pytest.mark.parametrize(("width", "most"), [(1, 60), (2, 60), (3, 45), (4, 34)])
def test_counts_that_add_up_give_away_none_of_each_other(width, most):
    assert hits(tables(width, most), of_published) == []


def test_one_count_by_itself():
    assert hits(tables(1, 60), lambda cells: statistics._count(cells[0])) == []
    assert hits(tables(1, 60), lambda cells: week_statistics._few(cells[0])) == []
    assert hits(tables(1, 60), lambda cells: week_statistics._number(cells[0])) == []


def test_a_share_beside_the_number_that_it_is_of():
    """Those that agree and those that do not; what was in time and what was late."""

    def beside(cells: Cells) -> Hashable:
        whole = sum(cells)
        return (statistics._about(whole), statistics._share(cells[0], whole)) if whole >= SMALL else None

    def in_time(cells: Cells) -> Hashable:
        waits = [(timedelta(), HOUR)] * cells[0] + [(2 * HOUR, HOUR)] * cells[1]
        return week_statistics._number(len(waits)), week_statistics._in_time(waits), week_statistics._half(waits)

    assert hits(tables(2, 90), beside) == []
    assert hits(tables(2, 90), in_time) == []


def test_how_soon_people_are_answered():
    """Within the hour, later, and still waiting: all five figures of a week together, read with the times of each."""

    def says(cells: Cells) -> Hashable:
        soon, later, waiting = cells
        told = FirstReplies((*[HOUR / 2] * soon, *[3 * HOUR] * later, *[None] * waiting))
        week = statistics._week(datetime(2026, 3, 2, tzinfo=UTC).date(), told)
        return week.posts, week.soon, week.median, week.slowest, week.waiting

    assert hits(tables(3, 40), says) == []
    busy = [cells for whole in range(78, 83) for cells in of_total(whole)]  # every week of about eighty posts
    assert hits([*busy, (200, 0, 0)], says) == []


def of_total(whole: int) -> Iterator[Cells]:
    for soon in range(whole + 1):
        for later in range(whole - soon + 1):
            yield soon, later, whole - soon - later


def test_cases_of_a_week_that_are_looked_at_late_or_not_yet():
    def says(cells: Cells) -> Hashable:
        soon, late, never = cells
        waits = [(HOUR / 2, HOUR)] * soon + [(3 * HOUR, HOUR)] * late + [(None, HOUR)] * never
        figures = week_statistics._number(len(waits)), week_statistics._half(waits), week_statistics._in_time(waits)
        return tuple((figure.said, figure.drawn) for figure in figures)

    assert hits(tables(3, 50), says) == []


def test_how_members_found_it_to_be_told():
    """Three answers, and about how many there were."""

    def says(cells: Cells) -> Hashable:
        choices = how_statistics.HowChoice.values
        said = [(choice, "") for choice, count in zip(choices, cells, strict=True) for _each in range(count)]
        month = how_statistics._month(datetime(2026, 3, 1, tzinfo=UTC).date(), said)
        return month.told, month.answers, *month.chosen

    assert len(how_statistics.HowChoice.values) == 3
    assert hits(tables(3, 50), says) == []


# Filters and dates


def windows(day: datetime) -> dict[str, list[tuple[datetime, datetime]]]:
    """The stretches of time that each page counts, as it stands on a day."""
    local = timezone.localtime(day)
    monday = statistics._monday(day)
    months = how_statistics._firsts(local)
    month_end = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    last = month_end - timedelta(days=1)
    return {
        "weeks": [(statistics._monday(monday - n * statistics.WEEK + HOUR), monday) for n in (1,)],
        "how it was": [(later, earlier) for earlier, later in itertools.pairwise(months)],
        "second readings": [(last.replace(day=1), month_end)],
        "decisions": [screening_agreement._quarter(local)],
        "afterwards": [afterwards.half_year(day)],
    }


def test_whatever_two_days_a_page_is_read_on_its_stretches_are_the_same_or_have_nothing_in_common():
    """Every pair of days of two years: two that overlap in part could be subtracted, and leave the days between."""
    days = [datetime(2026, 1, 1, 9, tzinfo=UTC) + timedelta(days=n) for n in range(731)]
    seen: dict[str, set[tuple[datetime, datetime]]] = defaultdict(set)
    for day in days:
        for page, stretches in windows(day).items():
            assert all(end <= timezone.localtime(day) for _first, end in stretches), "it is over"
            seen[page].update(stretches)
    assert {page: len(stretches) for page, stretches in seen.items()}["weeks"] > 100
    for page, stretches in seen.items():
        for one, other in itertools.combinations(sorted(stretches), 2):
            assert one[1] <= other[0], page


def test_no_page_of_figures_takes_a_filter(as_, moderator, staff, client):
    """Nothing that is asked for in the address narrows a figure, so there are no two filters to subtract."""
    people = {"/moderation/statistics/": moderator, "/transparency/": moderator, "/staff/afterwards/": staff}
    for url, person in people.items():
        plain = main_of(as_(person).get(url).text)
        for query in ("?severity=urgent", "?from=2026-01-01&to=2026-01-02", "?kind=care", "?month=2026-01", "?page=2"):
            assert main_of(as_(person).get(url + query).text) == plain


def main_of(text: str) -> str:
    return text[text.index("<main") : text.index("</main")]


@pytest.mark.django_db
def test_what_staff_read_of_afterwards_tells_of_nobody(as_, staff, member, time_machine):
    first, end = afterwards.half_year()
    rows = []
    for n in range(20):
        case = Case.objects.create(
            kind="care", subject=member, subject_role="member", state="closed", severity="urgent", opened_at=first,
            clock_from=first, closed_at=first, outcome="recorded",
        )  # fmt: skip
        choice = "helped" if n < 15 else "mixed" if n < 18 else "hard"
        rows.append(HowCareWas(case=case, choice=choice, words=f"Word {n}.", said_at=first + timedelta(days=n)))
    HowCareWas.objects.bulk_create(rows)
    assert [count for _label, count in afterwards.said().choices] == [15, None, None]
    page = main_of(as_(staff).get("/staff/afterwards/").text)
    assert "about 15" in page and page.count("not said") == 2 + 4 + 1, "and nobody was offered a talk"
    time_machine.move_to(end - timedelta(seconds=1))
    assert afterwards.said().choices == (), "a half-year is shown once it is over"
    assert tally.SMALL == statistics.SMALL == SMALL == afterwards.SMALL

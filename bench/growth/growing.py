"""The run: fill, measure in turns, read the plans, forget what is old."""

import statistics
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bench.growth import databases, plans
from bench.growth.filling import Size, fill
from bench.growth.forgetting import Slices, forget_everything
from bench.growth.pages import Act, acts_in

MARK = 1.25  # what a page may take at the largest size, as a multiple of what it takes at the smallest


@dataclass(slots=True)
class Page:
    """What was found of one page in the database of one size."""

    times: list[float] = field(default_factory=list)  # seconds
    queries: int = 0
    rows: int = 0  # the most that one query looked at
    faults: list[str] = field(default_factory=list)

    @property
    def median(self) -> float:
        """Milliseconds."""
        return 1000 * statistics.median(self.times)


@dataclass(slots=True)
class Grown:
    """Everything that was found. `pages` by name and then by number of posts."""

    sizes: Sequence[int]
    pages: Mapping[str, dict[int, Page]]
    filled: dict[int, float]  # seconds
    slices: dict[str, Slices]

    def ratio(self, page: str) -> float:
        by_size = self.pages[page]
        return by_size[self.sizes[-1]].median / by_size[self.sizes[0]].median


def grow(posts: Sequence[int], rounds: int) -> Grown:
    filled: dict[int, float] = {}
    acts: dict[int, list[Act]] = {}
    for number in posts:
        databases.make(number)
        size, filled[number] = _fill(number)
        acts[number] = acts_in(size)
    pages: Mapping[str, dict[int, Page]] = defaultdict(dict)
    for number in posts:
        databases.go(number)
        for act in acts[number]:
            pages[act.name][number] = _look_at(act)
    _measure(acts, pages, rounds)
    databases.go(posts[-1])
    return Grown(posts, pages, filled, forget_everything())


def _fill(number: int) -> tuple[Size, float]:
    began = time.perf_counter()
    size = fill(number, lambda what: print(f"  {number:>9,} posts: {what} ({time.perf_counter() - began:.0f} s)"))
    return size, time.perf_counter() - began


def _look_at(act: Act) -> Page:
    """The queries and their plans, once the page has been opened before: the first time fills caches and notes a visit."""
    act()
    act()
    queries = plans.queries_of(act)
    found = [plans.explain(query) for query in queries]
    faults = [f"{fault}: {plan.query.sql}" for plan in found for fault in plan.faults]
    return Page(queries=len(queries), rows=max(plan.rows for plan in found), faults=faults)


def _measure(acts: Mapping[int, list[Act]], pages: Mapping[str, dict[int, Page]], rounds: int) -> None:
    """Each page at each size in turns, so that whatever else the machine does comes upon all of them alike."""
    for _round in range(rounds):
        for together in zip(*acts.values(), strict=True):
            for number, act in zip(acts, together, strict=True):
                databases.go(number)
                began = time.perf_counter()
                act()
                pages[act.name][number].times.append(time.perf_counter() - began)

"""What was found, as a table on the screen and as a section and a picture of docs/performance.md."""

import os
import platform
from collections.abc import Iterator

import django
from django.db import connection

from bench.growth.growing import MARK, Grown
from bench.report import PICTURES, table, write_section

LOCKED = 50  # milliseconds that a slice of what is forgotten may hold its locks
FAULT = 400  # characters of what is wrong with a plan
FILLED = 600  # seconds that filling may take


def tell(grown: Grown) -> None:
    """A row for each mark, ending in PASS or SHORT, and under it each plan that is not what it should be."""
    for name, measured, kept in _rows(grown):
        print(f"{name:<26} {measured:<78} {'PASS' if kept else 'SHORT'}")
    for name, by_size in grown.pages.items():
        for fault in by_size[grown.sizes[-1]].faults:
            print(f"  {name}: {fault[:FAULT]}")


def is_kept(grown: Grown) -> bool:
    return all(kept for _name, _measured, kept in _rows(grown))


def write(grown: Grown) -> None:
    """Puts it into docs/performance.md, between its markers, and draws docs/pictures/growth.svg."""
    write_section("growth", _section(grown))
    draw(grown)


def draw(grown: Grown) -> None:
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    matplotlib.rcParams |= {"svg.hashsalt": "growth", "font.size": 9}
    figure, axes = pyplot.subplots(figsize=(8, 4.5), layout="constrained")
    for name, by_size in grown.pages.items():
        axes.plot(grown.sizes, [by_size[number].median for number in grown.sizes], marker="o", label=name)
    axes.set(xscale="log", ylim=(0, None), xlabel="posts and replies", ylabel="milliseconds for a page (median)")
    axes.grid(visible=True, alpha=0.3)
    figure.legend(loc="outside right upper", frameon=False)
    PICTURES.mkdir(parents=True, exist_ok=True)
    figure.savefig(PICTURES / "growth.svg", metadata={"Date": None})


def _rows(grown: Grown) -> Iterator[tuple[str, str, bool]]:
    first, last = grown.sizes[0], grown.sizes[-1]
    for name, by_size in grown.pages.items():
        times = " / ".join(f"{by_size[number].median:.1f}" for number in grown.sizes)
        queries = {page.queries for page in by_size.values()}
        asked = f"{by_size[last].queries} queries" if len(queries) == 1 else f"{sorted(queries)} queries"
        faults = len(by_size[last].faults)  # a small table is best read from end to end
        words = f"{times} ms, x{grown.ratio(name):.2f}, {asked}, {by_size[last].rows:,} rows, {faults} faults"
        yield name, words, grown.ratio(name) <= MARK and len(queries) == 1 and not faults
    for name, slices in grown.slices.items():
        if slices.times:
            words = f"{slices.rows:,} rows in slices of {slices.median:.1f} ms, the longest {slices.longest:.1f} ms"
            yield f"forgetting {name}", words, slices.longest <= LOCKED
    yield (
        "filling",
        f"{last:,} posts in {grown.filled[last]:.0f} s, {first:,} in {grown.filled[first]:.0f} s",
        (grown.filled[last] <= FILLED),
    )


def _section(grown: Grown) -> str:
    last = grown.sizes[-1]
    head = ["page", *(f"{number:,} posts, ms" for number in grown.sizes), "times", "queries", "rows looked at"]
    pages = [
        [
            name,
            *(f"{by_size[number].median:.1f}" for number in grown.sizes),
            f"{grown.ratio(name):.2f}",
            str(by_size[last].queries),
            f"{by_size[last].rows:,}",
        ]
        for name, by_size in grown.pages.items()
    ]
    slices = [
        [name, f"{found.rows:,}", f"{found.median:.1f}", f"{found.longest:.1f}"]
        for name, found in grown.slices.items()
        if found.times
    ]
    return "\n\n".join(
        [
            "## Growth",
            f"`python -m bench.growth --write`, on {_machine()}. {_community(grown)}",
            "![Milliseconds for a page, against the number of posts](pictures/growth.svg)",
            table(head, pages),
            WORDS,
            table(["forgotten", "rows", "a slice, ms (median)", "the longest, ms"], slices),
        ]
    )


def _machine() -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT current_setting('server_version'), current_setting('fsync')")
            version, fsync = cursor.fetchone()
            database = f"PostgreSQL {version.split()[0]} with fsync {fsync}"
        else:
            cursor.execute("SELECT sqlite_version()")
            database = f"SQLite {cursor.fetchone()[0]}"
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, Django {django.__version__}, {database}"


def _community(grown: Grown) -> str:
    last = grown.sizes[-1]
    return (
        f"The largest has {last // 4:,} posts with three replies each (together {last:,} rows), {last:,} supports, "
        f"{last:,} notices, {last // 20:,} members with a session each, {last // 10:,} cases with two reports each, "
        f"{3 * last // 10:,} case events and {21 * last // 10:,} events of the log; it was filled in "
        f"{grown.filled[last]:.0f} s. The smaller ones have the same in proportion, and sixty live cases at every size."
    )


WORDS = """\
Every page is asked of Django's test client by a signed-in member or moderator, in turns at every size; the times are medians.
*times* is the largest against the smallest. *rows looked at* is the most that one query of the page looked at in the tables
that grow, those included that it looked at in vain; no plan reads one of those tables from end to end, at any size.
`tests/bench/test_growth.py` holds SQLite and PostgreSQL to it.

What is forgotten goes in slices of 250 rows, each a transaction of its own. The times are from when a slice's first DELETE is
sent until it is committed: for so long its locks are held."""

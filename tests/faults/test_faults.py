"""A twentieth of each fault, on real processes: `make faults` runs them whole. What is measured in seconds is not judged here."""

import asyncio
import shutil
from collections.abc import Callable, Iterator

import pytest

from bench.faults import again, full, gone, joining, jump, killed, line, power, services_away
from bench.faults.__main__ import run
from bench.faults.results import Bench, Fault, Result
from tests.services.postgresql import NoPostgreSQL
from tests.services.redis import NoRedis

pytestmark = [pytest.mark.timeout(400), pytest.mark.xdist_group("faults")]
SIZE = 0.05
WITH_A_COMPILER = [power.power_cut] if shutil.which("cc") else []  # which nobody who runs the tests is asked for
ON_A_SMALL_DISK = [full.disk_full] if full.may_mount() else []  # likewise: root alone may, and not in every container

BreakThings = Callable[[Fault], list[Result]]


@pytest.fixture(scope="module")
def break_things(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BreakThings]:
    """One database of each kind is migrated for all of them."""
    bench = Bench(tmp_path_factory.mktemp("faults"), SIZE)
    yield lambda fault: asyncio.run(run(fault, bench))
    bench.close()


@pytest.mark.parametrize(
    "fault",
    [
        killed.kill_embedded,
        killed.crash_before_telling,
        again.sent_again,
        gone.asleep,
        joining.joined_while_writing,
        jump.clock_jumps,
        *WITH_A_COMPILER,
        *ON_A_SMALL_DISK,
    ],
    ids=lambda fault: fault.__name__,
)
def test_nothing_is_lost_or_twice_on_one_machine(break_things: BreakThings, fault: Fault) -> None:
    assert [result.result for result in break_things(fault) if not result.passed and result.mark != "R3"] == []


def test_a_line_that_drops_loses_nothing(break_things: BreakThings) -> None:
    results = {result.mark: result for result in break_things(line.dropped_lines)}
    assert results["R4"].passed, results["R4"].result


@pytest.mark.services
@pytest.mark.parametrize(
    "fault",
    [services_away.redis_away, services_away.postgresql_away, killed.kill_scaled],
    ids=lambda fault: fault.__name__,
)
def test_nothing_is_lost_or_twice_on_many(break_things: BreakThings, fault: Fault) -> None:
    try:
        results = break_things(fault)
    except (NoPostgreSQL, NoRedis) as reason:
        pytest.skip(str(reason))
    assert [result.result for result in results if result.mark == "R1" and not result.passed] == []

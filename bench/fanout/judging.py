"""What fan-out promises."""

from bench.fanout.measures import MISSED, Crowd, Return, Turns
from bench.marks import Mark


def marks(turns: Turns, back: Return, few: Crowd, many: Crowd) -> list[Mark]:
    def ratio(one: str, other: str) -> float:
        return turns.rate(one) / turns.rate(other)

    kb = 1024
    return [
        Mark("uvicorn beside a bare broadcast", ratio("harbour-uvicorn", "bare"), 0.75),
        Mark("daphne beside a bare broadcast", ratio("harbour-daphne", "bare"), 0.25),
        Mark("uvicorn beside a channel group on uvicorn", ratio("harbour-uvicorn", "group-uvicorn"), 5),
        Mark("daphne beside a channel group on daphne", ratio("harbour-daphne", "group-daphne"), 5),
        Mark(
            f"post accepted to the last of {turns.sockets:,} sockets, uvicorn",
            1000 * turns.whole("harbour-uvicorn"),
            40,
            " ms",
            at_most=True,
        ),
        Mark(
            f"the same for 99 of 100 reads of {many.sockets:,} sockets, a post a second",
            1000 * many.at(99),
            1000,
            " ms",
            at_most=True,
        ),
        Mark("memory of an idle socket on uvicorn", many.memory / kb, 40, " KB", at_most=True),
        Mark("memory of an idle socket on daphne", few.memory / kb, 40, " KB", at_most=True),
        Mark(
            f"queries of {MISSED} missed posts for each of {back.sockets:,} who return",
            back.queries,
            0.1,
            at_most=True,
        ),
    ]

"""`python -m bench.fanout`: the table of marks; with `--write` the section of docs/performance.md as well."""

import argparse
import logging
import os
import sys
import tempfile
from pathlib import Path

from bench.fanout import measures, world
from bench.fanout.judging import marks
from bench.marks import Progress, print_marks

POSTS = 20  # to the crowd, one a second


def main() -> int:
    asked = _arguments()
    progress = Progress(len(measures.SIDES) + measures.WARM_UP + asked.rounds + 4 + asked.posts + 2)
    with tempfile.TemporaryDirectory(prefix="harbour-bench-") as folder:
        environment = world.environment(Path(folder), asked.database)
        os.environ.update(environment)
        progress.step("people and their sessions")
        cookies = world.fill(asked.sockets)
        logging.disable(logging.CRITICAL)
        if asked.profile:
            print(measures.profile(asked.profile, environment, cookies))
            return 0
        turns, back = measures.in_turns(environment, cookies, asked.rounds, progress)
        cookies = world.fill(asked.crowd, everyone_has_facts=True)
        few = measures.crowd("harbour-daphne", environment, cookies[: max(asked.crowd // 5, 20)], 2, progress)
        many = measures.crowd("harbour-uvicorn", environment, cookies, asked.posts, progress)
    progress.end()
    if asked.write:
        from bench.fanout import section

        section.write(turns, back, few, many, asked)
    return print_marks(marks(turns, back, few, many))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.fanout", description=__doc__)
    parser.add_argument("--sockets", type=int, default=1000, help="of each side, in turns")
    parser.add_argument("--crowd", type=int, default=10_000, help="sockets of one server")
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--posts", type=int, default=POSTS, help="to the crowd, one a second")
    parser.add_argument("--database", default="", help="a PostgreSQL of its own, as a URL; else SQLite")
    parser.add_argument("--profile", default="", metavar="SIDE", help=f"only that: one of {', '.join(measures.SIDES)}")
    parser.add_argument("--write", action="store_true", help="docs/performance.md and its pictures")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

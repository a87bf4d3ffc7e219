"""docs/asvs.md names each requirement of levels 1 and 2 once, and nothing that is not there."""

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/asvs.md").read_text()
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| (\d) \| (.+?) \| ([a-z ]+) \| (.+) \|$", re.MULTILINE)
PLACE = re.compile(r"`((?:config|deploy|docs|forum|moderation|realtime|static|templates|tests|tools)/[\w./@-]+)`")
TEST = re.compile(r"`(test_\w+)`")

# Section by section, the level of each requirement in turn (OWASP ASVS 5.0.0, CC BY-SA 4.0). Those of level 3 are a summary.
LEVELS = """
1.1 22
1.2 1111122223
1.3 112222222223
1.4 222
1.5 123
2.1 122
2.2 112
2.3 12223
2.4 23
3.1 3
3.2 113
3.3 12223
3.4 11222233
3.5 11122333
3.6 3
3.7 22333
4.1 12233
4.2 23333
4.3 22
4.4 1222
5.1 2
5.2 112333
5.3 113
5.4 222
6.1 122
6.2 111111112222
6.3 11223333
6.4 112233
6.5 22222333
6.6 2223
6.7 33
6.8 2222
7.1 222
7.2 1111
7.3 22
7.4 11222
7.5 223
7.6 22
8.1 1233
8.2 1123
8.3 133
8.4 23
9.1 111
9.2 1222
10.1 22
10.2 223
10.3 22223
10.4 1111122222233333
10.5 22222
10.6 22
10.7 222
11.1 2233
11.2 22233
11.3 11233
11.4 1222
11.5 23
11.6 23
11.7 33
12.1 12233
12.2 11
12.3 22223
13.1 2333
13.2 222223
13.3 2233
13.4 1222233
14.1 22
14.2 12223333
14.3 122
15.1 12233
15.2 12233
15.3 1222222
15.4 3333
16.1 2
16.2 22222
16.3 2222
16.4 222
16.5 2223
17.1 23
17.2 22223333
17.3 22
"""


def asked_for() -> dict[str, int]:
    lines = (line.split() for line in LEVELS.strip().splitlines())
    every = {f"{section}.{n}": int(level) for section, levels in lines for n, level in enumerate(levels, start=1)}
    assert Counter(every.values()) == {1: 70, 2: 183, 3: 92}  # as the standard counts its own
    return {number: level for number, level in every.items() if level < 3}


def test_each_requirement_stands_there_once_with_its_level():
    rows = ROW.findall(PAGE)
    assert Counter(number for number, *_rest in rows) == Counter(list(asked_for()))
    assert {number: int(level) for number, level, *_rest in rows} == asked_for()


def test_the_numbers_at_the_top_are_those_of_the_rows():
    states = Counter(state for _number, _level, _asks, state, _where in ROW.findall(PAGE))
    assert set(states) <= {"met", "partly", "not met", "does not apply"}
    applies = states.total() - states["does not apply"]
    told = f"Of {states.total()} requirements {applies} apply: **{states['met']} are met, {states['partly']} partly, "
    assert told + f"{states['not met']} not**" in PAGE


def test_every_file_it_names_is_there():
    named = set(PLACE.findall(PAGE))
    assert len(named) > 100
    assert sorted(name for name in named if not (ROOT / name).exists()) == []


def test_every_test_it_names_is_in_a_file_named_beside_it():
    lines = [line for line in PAGE.splitlines() if TEST.search(line)]
    assert len(lines) > 80
    assert [lost for line in lines for lost in lost_tests(line)] == []


def lost_tests(line: str) -> list[str]:
    files = [ROOT / name for name in PLACE.findall(line) if name.startswith("tests/") and (ROOT / name).is_file()]
    written = "\n".join(file.read_text() for file in files)
    return [name for name in TEST.findall(line) if f"def {name}(" not in written]


@pytest.mark.parametrize("line", ["`tests/config/test_asvs.py` `test_that_nobody_wrote`", "`test_with_no_file`"])
def test_one_that_is_lost_would_be_noticed(line):
    assert lost_tests(line)

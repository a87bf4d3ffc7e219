"""What is locked, as uv.lock and the files for pip say it, and which terms it comes under, as its own metadata says."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SERVES, TESTS, SERVICES, BENCH = (
    "requirements.txt",
    "requirements-tests.txt",
    "requirements-services.txt",
    "requirements-bench.txt",
)

_pin = re.compile(r"^([a-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)")

# What a package says of itself in words of its own, in the words of SPDX. Which BSD "BSD" is, its metadata leave open.
_SPDX = {
    "Apache 2": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "Artistic License": "Artistic License",
    "BSD": "BSD",
    "BSD License": "BSD",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "MIT license": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "PSFL": "PSF-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
_WORDLESS = ("OSI Approved", "DFSG approved", "Other/Proprietary License")  # no terms: the terms stand beside them

# Read by hand: the first from the licence in its wheel, which its metadata do not name; the others are installed only on
# other systems, other Pythons or older ones.
_READ_BY_HAND = {
    "axe-playwright-python": "MIT AND MPL-2.0",
    "async-timeout": "Apache-2.0",
    "colorama": "BSD",
    "tzdata": "Apache-2.0",
    "u-msgpack-python": "MIT",
}


@dataclass(frozen=True, slots=True, order=True)
class Pinned:
    """One package at one version."""

    name: str
    version: str


def pinned(file: str) -> list[Pinned]:
    """What pip installs from one of the files, in their order; hashes left out."""
    lines = (ROOT / file).read_text().splitlines()
    return [Pinned(found[1], found[2]) for line in lines if (found := _pin.match(line))]


def hashes(file: str) -> dict[Pinned, set[str]]:
    """The hashes that pip accepts for each."""
    blocks = re.split(r"^(?=[a-z0-9])", (ROOT / file).read_text(), flags=re.MULTILINE)
    found = [(_pin.match(block), set(re.findall(r"--hash=(\S+)", block))) for block in blocks]
    return {Pinned(match[1], match[2]): known for match, known in found if match}


@cache
def lock() -> dict[Pinned, dict[str, Any]]:
    """Every package of uv.lock that comes from a registry, with its files and what it depends on."""
    packages: list[dict[str, Any]] = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    return {Pinned(each["name"], each["version"]): each for each in packages if "registry" in each["source"]}


def files(package: Pinned) -> list[dict[str, Any]]:
    """The files of a package: `url`, `hash` as algorithm:hex, `size` in bytes."""
    row = lock()[package]
    return [*row.get("wheels", []), *filter(None, [row.get("sdist")])]


def licence(package: Pinned) -> str:
    """The terms of a package, from its installed metadata (of whichever version this Python takes); "" where there are none."""
    if package.name in _READ_BY_HAND:
        return _READ_BY_HAND[package.name]
    try:
        return _terms(distribution(package.name))
    except PackageNotFoundError:
        return ""


def _terms(installed: Distribution) -> str:
    told = installed.metadata
    if expression := told.get_all("License-Expression", []):
        return " AND ".join(expression)
    classified = [each.split(" :: ")[-1] for each in told.get_all("Classifier", []) if each.startswith("License ::")]
    classified = [_SPDX.get(each, each) for each in classified if each not in _WORDLESS]
    said = " ".join(" ".join(told.get_all("License", [])).split())
    if len(classified) > 1 and said not in _SPDX:
        return " AND ".join(sorted(set(classified)))  # it holds files of each
    if said and (said in _SPDX or (len(said) < 60 and said.upper() != "UNKNOWN")):
        return _SPDX.get(said, said)
    return classified[0] if classified else ""

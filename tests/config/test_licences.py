"""docs/licences.md names the terms of everything that is locked, and all of them go together with the AGPL."""

import json
import re

import pytest

from tools import licences, locked
from tools.locked import BENCH, ROOT, SERVES, SERVICES, TESTS, Pinned, pinned

# Free licences under which work may be part of something under the AGPL, version 3 or later, or stand beside it: gnu.org's list
# of licences, and for fonts and pictures the same. The Artistic License is a choice beside the GPL where it stands alone here.
COMPATIBLE = {
    *(
        "0BSD",
        "Apache-2.0",
        "BSD",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "CC-BY-4.0",
        "CC0-1.0",
        "ISC",
        "LGPL-3.0-only",
        "MIT",
    ),
    *("MIT-0", "MIT-CMU", "MPL-2.0", "OFL-1.1", "PSF-2.0", "TCL", "ZPL-2.1", "Zlib"),
}
FOR_TESTS_ALONE = {"Artistic License"}


def listed() -> dict[Pinned, str]:
    return licences.rows(licences.PAGE.read_text())


def test_the_page_is_the_one_that_make_licences_writes():
    assert licences.page() == licences.PAGE.read_text()


def test_everything_that_is_locked_has_its_terms_on_the_page():
    everything = {each for file in (SERVES, TESTS, SERVICES, BENCH) for each in pinned(file)}
    assert everything == set(listed())
    text = licences.PAGE.read_text()
    for package in json.loads((ROOT / "vendor.json").read_text()):
        assert f"| `{package['name']}` | {package['version']} | {package['licence']} |" in text


def test_all_terms_go_together_with_ours():
    assert refused(listed(), COMPATIBLE | FOR_TESTS_ALONE) == {}
    assert refused({each: listed()[each] for each in pinned(SERVES)}, COMPATIBLE) == {}
    assert refused({Pinned("closed", "1"): "MIT AND Proprietary"}, COMPATIBLE), "the premise: it would be told"


def refused(terms: dict[Pinned, str], allowed: set[str]) -> dict[Pinned, str]:
    return {each: said for each, said in terms.items() if set(re.split(r" AND | OR ", said)) - allowed}


def test_a_package_whose_terms_nobody_knows_is_not_listed_in_silence(monkeypatch):
    monkeypatch.setattr(licences, "SECTIONS", {"New": ("requirements-new.txt",)})
    monkeypatch.setattr(licences, "pinned", lambda name: [Pinned("never-heard-of", "1.0")])
    with pytest.raises(licences.Unread, match="never-heard-of"):
        licences.page()


@pytest.mark.parametrize("name", locked._READ_BY_HAND)
def test_terms_are_read_by_hand_only_where_something_is_locked(name):
    assert name in {each.name for each in locked.lock()}

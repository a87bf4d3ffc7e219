"""docs/licences.md: everything of others that a harbour runs on or is tested with, and under which terms.

`python -m tools.licences` prints it, `--write` writes it. What is not installed here keeps the row it has.
"""

import json
import re
import sys
from collections.abc import Iterator

from tools.locked import BENCH, ROOT, SERVES, SERVICES, TESTS, Pinned, licence, pinned

PAGE = ROOT / "docs" / "licences.md"
SECTIONS = {
    "What a harbour runs on": (SERVES,),
    "What its tests and benchmarks use besides": (TESTS, SERVICES, BENCH),
}
HEAD = """# Whose work is in here, and under which terms

Harbour is under the AGPL, version 3 or later ([LICENSE](../LICENSE)). It stands on the work of others, listed here with the
terms their own metadata name. `make licences` writes this page; a test holds it against what is locked and installed, and
refuses terms that do not go together with ours. "BSD" stands where a package does not say which one.
"""
_row = re.compile(r"^\| ([a-z0-9][a-z0-9._-]*) \| (\S+) \| (.+) \|$", re.MULTILINE)


class Unread(Exception):
    """Nobody has read the terms of these packages; says which."""


def page() -> str:
    """The page as it should be. Raises Unread where a package is neither installed nor on the page as it is."""
    before = rows(PAGE.read_text()) if PAGE.exists() else {}
    listed: set[Pinned] = set()
    parts = [HEAD]
    for title, names in SECTIONS.items():
        packages = sorted({each for name in names for each in pinned(name)} - listed)
        listed |= set(packages)
        terms = {each: licence(each) or before.get(each, "") for each in packages}
        if unread := [each.name for each in packages if not terms[each]]:
            raise Unread(
                f"Their terms are not known here: {', '.join(unread)}. `make licences` installs what says them."
            )
        parts.append(_table(title, ((each.name, each.version, terms[each]) for each in packages)))
    parts.append(_table("Files of others that are in this repository", _vendored()))
    return "\n".join(parts)


def rows(text: str) -> dict[Pinned, str]:
    """Package to terms, as a page lists them."""
    return {Pinned(name, version): terms for name, version, terms in _row.findall(text)}


def _vendored() -> Iterator[tuple[str, str, str]]:
    for each in json.loads((ROOT / "vendor.json").read_text()):
        yield f"`{each['name']}`", each["version"], each["licence"]


def _table(title: str, lines: Iterator[tuple[str, str, str]]) -> str:
    written = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"## {title}\n\n| | version | terms |\n| --- | --- | --- |\n{written}\n"


def main() -> int:
    try:
        text = page()
    except Unread as reason:
        print(reason, file=sys.stderr)
        return 1
    if "--write" in sys.argv[1:]:
        PAGE.write_text(text)
    else:
        print(text, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())

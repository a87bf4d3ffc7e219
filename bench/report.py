"""docs/performance.md: each benchmark writes its own section there, between its own markers, and leaves the others alone."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "performance.md"
PICTURES = ROOT / "docs" / "pictures"

HEAD = "# How fast Harbour is\n"


def write_section(name: str, markdown: str, page: Path | None = None) -> None:
    """Put `markdown` between `<!-- name:begin -->` and `<!-- name:end -->` of docs/performance.md, or at its end when new.

    Raises ValueError when only one of the two markers is there, or one of them twice.
    """
    page = page or PAGE
    text = page.read_text(encoding="utf-8") if page.exists() else HEAD
    begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    section = f"{begin}\n{markdown.strip()}\n{end}"
    found = re.findall(f"{re.escape(begin)}|{re.escape(end)}", text)
    if not found:
        text = f"{text.rstrip()}\n\n{section}\n"
    elif found == [begin, end]:
        text = re.sub(f"{re.escape(begin)}.*{re.escape(end)}", lambda _match: section, text, flags=re.DOTALL)
    else:
        raise ValueError(f"{page.name} needs {begin} once and then {end} once")
    page.write_text(text, encoding="utf-8")


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table: the first column to the left, the others to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)

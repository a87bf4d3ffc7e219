"""Every switch is documented, in the order in which settings.py reads them."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VARIABLE = re.compile(r"\"(HARBOUR_[A-Z_]+|PORT)\"")
TABLE_ROW = re.compile(r"^\| `(HARBOUR_[A-Z_]+|PORT)` \|", re.MULTILINE)


def read(name: str) -> str:
    return (ROOT / name).read_text()


def documented() -> list[str]:
    return TABLE_ROW.findall(read("README.md"))


def test_every_variable_that_is_read_is_documented_and_no_other():
    used = set(VARIABLE.findall(read("config/settings.py"))) | set(VARIABLE.findall(read("config/environment.py")))
    assert used >= {"HARBOUR_ENV", "HARBOUR_ORIGINS", "PORT"}
    assert sorted(documented()) == sorted(used)


def test_the_readme_keeps_the_order_of_the_settings():
    switches = read("config/settings.py").split("# --- The application")[0]
    in_settings = list(dict.fromkeys(re.findall(r"\b(?:HARBOUR_[A-Z_]+|PORT)\b", switches)))
    both = [name for name in documented() if name in in_settings]
    assert both == [name for name in in_settings if name in both]


def test_no_variable_is_read_anywhere_else():
    reading = re.compile(r"os\.getenv|os\.environ(?!\.setdefault\(\"DJANGO_SETTINGS_MODULE)")
    own = {ROOT / "config/settings.py", ROOT / "config/environment.py"}
    files = [file for app in ("config", "forum", "moderation", "realtime") for file in (ROOT / app).rglob("*.py")]
    assert [file for file in files if file not in own and reading.search(file.read_text())] == []


def test_the_readme_says_what_this_is_not():
    assert "not a crisis service" in read("README.md")


def test_every_document_that_is_linked_is_there():
    for document in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", read(document)):
            if not target.startswith("docs/pictures/"):
                assert (ROOT / target).exists(), f"{document} links to {target}"

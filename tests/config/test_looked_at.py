"""No page goes without axe: every template of a page is seen by a browser test, and this table says by which look."""

import re
from pathlib import Path

from django.conf import settings

from tests.browser.looked_at import BY_EVERY_PAGE, ELSEWHERE

TEMPLATES = settings.BASE_DIR / "templates"
TESTS = settings.BASE_DIR / "tests" / "browser"
FRAMES = {"account/base_confirm_code.html", "account/base_reauthenticate.html"}  # other pages are drawn in them
NO_PAGES = ("allauth/", "forum/copy/", "moderation/export/")  # frames of allauth's own pages; files to take away


def pages() -> set[str]:
    names = {str(page.relative_to(TEMPLATES)): page for page in TEMPLATES.rglob("*.html")}
    return {name for name, page in names.items() if _is_page(name, page)}


def _is_page(name: str, page: Path) -> bool:
    if Path(name).name.startswith("_") or name.startswith(NO_PAGES) or name in FRAMES:
        return False
    return "{% extends " in page.read_text()


def test_every_page_is_looked_at_by_some_browser_test() -> None:
    assert pages() - set(BY_EVERY_PAGE) - set(ELSEWHERE) == set()
    assert len(pages()) > 90  # the premise


def test_the_table_names_no_page_that_is_gone() -> None:
    assert {name for name in (*BY_EVERY_PAGE, *ELSEWHERE) if not (TEMPLATES / name).exists()} == set()


def test_every_look_it_names_is_in_a_test_that_looks() -> None:
    looking = [test.read_text() for test in TESTS.glob("test_*.py") if re.search(r"\blook\(", test.read_text())]
    missing = {name for name, look in ELSEWHERE.items() if not any(f'"{look}"' in test for test in looking)}
    assert missing == set()


def test_the_walk_of_every_page_draws_each_of_its_pages() -> None:
    walk = (TESTS / "test_every_page.py").read_text()
    assert {name for name in BY_EVERY_PAGE if f'"{name}"' not in walk} == set()

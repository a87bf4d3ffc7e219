"""Looks at a page as different people would: axe in light and dark and at 320 px, no scrolling sideways, and pictures for us."""

from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe

SHOTS = Path(__file__).resolve().parents[2] / "test-results" / "shots"
OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
DESK, PHONE, NARROW = 1280, 390, 320  # CSS pixels; 320 is what WCAG 1.4.10 asks for
TALLEST = 4000  # pixels of a picture: a wall of posts is longer than anyone looks at, and Chromium can fail at it
SIDEWAYS = """() => [document.documentElement.scrollWidth - innerWidth, [...document.querySelectorAll("body *")]
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
  .slice(0, 5).map((one) => `${one.tagName.toLowerCase()}.${one.className}`)]"""


def look(page: Any, name: str, *, pictures: bool = True) -> None:
    """Fails with what axe found, or with what sticks out to the side. Pictures go to test-results/shots/<name>-….png."""
    page.wait_for_load_state()  # words are there before the styles that hold them
    for width, scheme, with_axe in (
        (NARROW, "light", True),
        (NARROW, "dark", True),
        (PHONE, "light", False),
        (PHONE, "dark", False),
        (DESK, "dark", False),
        (DESK, "light", True),
    ):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900 if width == DESK else 844})
        page.evaluate("scrollTo(0, 0)")  # else axe finds the target half under the bar too small
        over, culprits = page.evaluate(SIDEWAYS)
        assert over <= 0, f"{name} scrolls sideways by {over} px at {width} px: {culprits}"
        if with_axe:
            _refuse_violations(page, f"{name}, {scheme}, {width} px")
        if pictures and width != NARROW:
            _picture(page, f"{name}-{width}-{scheme}", width)
    page.emulate_media(color_scheme="light")
    _look_at_large_text(page, name)
    page.set_viewport_size({"width": DESK, "height": 900})


def _look_at_large_text(page: Any, name: str) -> None:
    """On a phone whose owner has set its text to 200 % (WCAG 1.4.4), nothing is cut off or lost to the side."""
    page.set_viewport_size({"width": PHONE, "height": 844})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    over, culprits = page.evaluate(SIDEWAYS)
    assert over <= 0, f"{name} scrolls sideways by {over} px with text at 200 %: {culprits}"
    _refuse_violations(page, f"{name}, text at 200 %")
    page.evaluate("document.documentElement.style.fontSize = ''")


def _picture(page: Any, name: str, width: int) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
    clip = {"x": 0, "y": 0, "width": width, "height": height}
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True, clip=clip)


def _refuse_violations(page: Any, where: str) -> None:
    found = Axe().run(page, options=OPTIONS).response["violations"]
    lines = [
        f"  {violation['id']}: {violation['help']}\n    {node['html'][:160]}\n    {node.get('failureSummary', '')}"
        for violation in found
        for node in violation["nodes"][:3]
    ]
    assert not found, f"axe on {where}:\n" + "\n".join(lines)

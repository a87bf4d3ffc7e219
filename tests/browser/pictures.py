"""Pictures for the README and the guides. `HARBOUR_PICTURES=docs/pictures` says where to; else they go to test-results."""

import os
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PICTURES = Path(os.environ.get("HARBOUR_PICTURES", ROOT / "test-results" / "pictures"))
EMPTY = 8_000  # bytes: a picture of a page has more


def picture(page: Any, name: str, *, width: int = 1280, height: int = 1000) -> None:
    """Takes one of the page as it stands, in CSS pixels."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_timeout(500)  # the page turns its times into "12 minutes ago"
    page.screenshot(path=PICTURES / f"{name}.png")
    assert (PICTURES / f"{name}.png").stat().st_size > EMPTY


def wait_for_type(page: Any) -> None:
    """A first visit does not wait for our own type; a page that pictures are taken of does."""

    def waiting(route: Any) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("font-display: optional", "font-display: block"))

    page.route("**/tokens*.css", waiting)

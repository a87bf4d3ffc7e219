"""The demo harbour as `make run` fills it, walked by each kind of person who may sign in. Makes the README's pictures.

`HARBOUR_PICTURES=docs/pictures` (that is `make pictures`) says where to; else they go to test-results.
"""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.look import look
from tests.browser.watch import Watch, watch
from tests.harbour import Harbour

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

ROOT = Path(__file__).resolve().parents[2]
PICTURES = Path(os.environ.get("HARBOUR_PICTURES", ROOT / "test-results" / "pictures"))
WALKS = {
    "robin": [
        "/",
        "/me/",
        "/me/words/",
        "/me/words/{care_robin}/",
        "/me/decisions/",
        "/members/wren/",
        "/ask/",
        "/help/",
        "/rules/",
        "/rules/easy/",
        "/notices/",
        "/?lens=waiting",
        "/me/care/",
        "/support-groups/",
        "/search/",
    ],
    "heron": [
        "/moderation/",
        "/moderation/cases/{care_siskin}/",
        "/moderation/cases/{conduct_wren}/",
        "/moderation/duty/",
        "/moderation/care/",
    ],
    "puffin": ["/staff/", "/staff/cases/{care_robin}/", "/staff/team/"],
    "tern": ["/moderation/"],
}
SEEN = [
    ("wren", "/", "wall"),
    ("heron", "/moderation/", "queue"),
    ("robin", "/notices/", "notices"),
    ("robin", "/me/care/", "rest"),
    ("robin", "/me/", "me"),
    ("wren", "/help/", "help"),
    ("wren", "/support-groups/", "groups"),
    ("wren", "/rules/easy/", "rules"),
    ("heron", "/moderation/cases/{conduct_wren}/", "case"),
    ("heron", "/moderation/cases/{conduct_wren}/#decide", "decide"),
    ("puffin", "/staff/cases/{care_robin}/", "care"),
    ("heron", "/moderation/duty/", "duty"),
    ("heron", "/moderation/appeals/", "appeals"),
]
DOORS = [
    "/posts/{post}/",
    "/posts/{post}/report/",
    "/posts/{post}/report/?door=worry",
    "/posts/{post}/report/?door=rule",
]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harbour]:
    """What a newcomer gets: the demo environment, an empty data directory, then the same two steps as `make run`."""
    harbour = Harbour(tmp_path_factory.mktemp("demo"), HARBOUR_ENV="demo")
    prepare = [sys.executable, "-m", "tools.prepare"]
    prepared = subprocess.run(prepare, cwd=ROOT, env=harbour.environment, check=True, capture_output=True, text=True)
    assert "harbour-demo-pass" in prepared.stdout
    harbour.start()
    yield harbour
    harbour.stop()


@pytest.fixture(scope="module")
def cases(demo: Harbour) -> dict[str, int]:
    """The demo's cases by what they are and whom they are about: `care_robin`. The newest, where there is more than one."""
    with sqlite3.connect(f"file:{demo.data_dir / 'harbour.sqlite3'}?mode=ro", uri=True) as database:
        rows = database.execute(
            "SELECT kind || '_' || handle, moderation_case.id FROM moderation_case"
            " JOIN forum_member ON forum_member.id = subject_id ORDER BY state = 'closed' DESC, moderation_case.id"
        )
        return dict(rows.fetchall())


@pytest.fixture
def sign_in(demo: Harbour, new_context: Callable[..., Any]) -> Iterator[Callable[[str], Page]]:
    """Through the page, as people do."""
    watches: list[Watch] = []

    def signed_in(handle: str) -> Page:
        context = new_context(base_url=demo.url, viewport={"width": 1280, "height": 900}, locale="en-GB")
        page = context.new_page()
        watches.append(watch(page, demo.url))
        page.goto("/accounts/login/")
        page.locator("[name=login]").fill(f"{handle}@harbour.test")
        page.locator("[name=password]").fill("harbour-demo-pass")
        page.locator("[name=password]").press("Enter")
        expect(page.get_by_text("Your menu:")).to_be_attached()
        return page

    yield signed_in
    for one in watches:
        one.page.context.close()
    wrong = [line for one in watches for line in one.wrong()]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("handle", WALKS)
def test_every_page_stands_by_day_by_night_and_on_a_narrow_screen(
    sign_in: Callable[[str], Page], cases: dict[str, int], handle: str
) -> None:
    page = sign_in(handle)
    for path in WALKS[handle]:
        answer = page.goto(path.format(**cases))
        assert answer is not None and answer.status == 200, path
        look(page, f"demo-{handle}{path.replace('/', '-').rstrip('-')}")


def test_the_doors_stand_too(sign_in: Callable[[str], Page]) -> None:
    page = sign_in("wren")
    page.goto("/")
    number = page.locator("article.post").first.get_attribute("id") or ""
    for path in DOORS:
        page.goto(path.format(post=number.removeprefix("post-")))
        look(page, f"demo-wren{path.format(post='post').replace('/', '-').replace('?', '-')}")


def test_pictures_for_the_readme(sign_in: Callable[[str], Page], cases: dict[str, int]) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    for handle, path, name in SEEN:
        page = sign_in(handle)
        page.goto(path.format(**cases))
        page.set_viewport_size({"width": 1280, "height": 1000})
        page.wait_for_timeout(500)  # the page turns its times into "12 minutes ago"
        page.screenshot(path=PICTURES / f"{name}.png")
        assert (PICTURES / f"{name}.png").stat().st_size > 20_000

"""The demo harbour as `make run` fills it, walked by each kind of person who may sign in. Makes the README's pictures.

Where to, tests/browser/pictures.py says.
"""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.look import look
from tests.browser.pictures import ROOT, picture
from tests.browser.watch import Watch, watch
from tests.harbour import Harbour

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

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
        "/me/records/",
    ],
    "heron": [
        "/moderation/",
        "/moderation/cases/{care_siskin}/",
        "/moderation/cases/{conduct_wren}/",
        "/moderation/duty/",
        "/moderation/care/",
        "/moderation/debriefs/",
    ],
    "puffin": [
        "/staff/",
        "/staff/cases/{care_robin}/",
        "/staff/team/",
        "/staff/requests/",
        "/staff/requests/1/",
        "/staff/incidents/1/",
        "/staff/learning/",
        "/staff/on-call/",
        "/staff/on-call/mine/",
        "/staff/on-call/ways/",
        "/staff/wall/",
        "/staff/cases/{record_robin}/record/",
        "/staff/disclosures/{disclosure_finch}/",
        "/staff/ladder/",
    ],
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
    ("puffin", "/staff/", "board"),
    ("puffin", "/staff/on-call/", "rota"),
    ("puffin", "/staff/on-call/ways/", "ways"),
    ("puffin", "/staff/cases/{record_robin}/record/", "record"),
    ("robin", "/me/words/{care_robin}/#attending", "talk"),
    ("gannet", "/staff/disclosures/{disclosure_finch}/", "disclosure"),
    ("puffin", "/staff/wall/", "wall-state"),
    ("kestrel", "/moderation/debriefs/", "debriefs"),
]
ABOUT = " JOIN forum_member ON forum_member.id = subject_id ORDER BY state = 'closed' DESC, moderation_case.id"
WHICH = (
    "SELECT kind || '_' || handle, moderation_case.id FROM moderation_case",
    "SELECT 'record_' || handle, case_id FROM moderation_crisisrecord JOIN moderation_case ON moderation_case.id = case_id",
    "SELECT 'disclosure_' || handle, m.id FROM moderation_disclosure m JOIN moderation_case ON moderation_case.id = case_id",
)
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
    """The demo's cases by what they are and whom they are about: `care_robin`. The newest, where there is more than one.

    `record_robin` is the case that their crisis record was written in, `disclosure_finch` a wish to see their contact details.
    """
    with sqlite3.connect(f"file:{demo.data_dir / 'harbour.sqlite3'}?mode=ro", uri=True) as database:
        return dict(row for question in WHICH for row in database.execute(question + ABOUT))


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
    for handle, path, name in SEEN:
        page = sign_in(handle)
        page.goto(path.format(**cases))
        picture(page, name)

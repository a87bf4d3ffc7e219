"""What a first visit costs somebody with a cheap phone and little data: under 100 KB, packed as a browser asks for it.

Bodies alone are counted: HTTP/2, which a site has in front, packs the headers of all but the first answer to a few bytes.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.harbour import Harbour

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

ROOT = Path(__file__).resolve().parents[2]
MOST = 100_000  # bytes on the wire
SIGNED_IN = [
    "/", "/notices/", "/me/", "/search/", "/help/", "/members/wren/", "/members/robin/", "/rules/next/", "/ask/", "/room/",
    "/me/care/", "/me/shared/", "/me/reports/", "/support-groups/",
]  # fmt: skip
STRANGERS = ["/", "/help/", "/accounts/signup/", "/rules/", "/support-groups/"]
ANSWER = "I have been there too, on nights like this one. Somebody told me to count {number} breaths, and I did. " * 3
MANY_REPLIES = """
from uuid import uuid4
from forum.actions.posts import publish_post
from forum.models import Member, Post
post = Post.objects.filter(parent=None, status="visible", replies_locked_at=None).order_by("pk").first()
finch = Member.objects.get(handle="finch" if post.author.handle != "finch" else "siskin")
for number in range(60):
    publish_post(finch, body={answer!r}.format(number=number), parent=post, key=uuid4())
print("thread", post.pk)
"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harbour]:
    """The demo's wall, with files collected and packed as for a real site."""
    harbour = Harbour(tmp_path_factory.mktemp("weight"), HARBOUR_ENV="demo")
    subprocess.run([sys.executable, "-m", "tools.prepare"], cwd=ROOT, env=harbour.environment, check=True, timeout=120)
    harbour.start()
    yield harbour
    harbour.stop()


@pytest.fixture
def weigh(demo: Harbour, new_context: Callable[..., Any]) -> Callable[..., dict[str, int]]:
    """Bytes by address of one visit by a browser that has been nowhere, signed in by `state` or not."""

    def visit(path: str, state: Any = None) -> dict[str, int]:
        context = new_context(base_url=demo.url, storage_state=state, viewport={"width": 390, "height": 844})
        page = context.new_page()
        done: list[Any] = []
        page.on("requestfinished", lambda request: done.append(request))  # noqa: PLW0108  Playwright marks its handlers
        page.goto(path, wait_until="networkidle")
        sizes = {request.url.removeprefix(demo.url): request.sizes() for request in done}
        context.close()
        return {url: size["responseBodySize"] for url, size in sizes.items()}

    return visit


@pytest.fixture
def signed_in(demo: Harbour, new_context: Callable[..., Any]) -> Any:
    context = new_context(base_url=demo.url)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill("wren@harbour.test")
    page.locator("[name=password]").fill("harbour-demo-pass")
    page.locator("[name=password]").press("Enter")
    page.wait_for_url("**/")
    state = context.storage_state()
    context.close()
    return state


def heaviest(weights: dict[str, int]) -> str:
    return "\n".join(f"{size:>8} {url}" for url, size in sorted(weights.items(), key=lambda one: -one[1])[:12])


def test_no_page_weighs_more_than_a_picture_for_somebody_new(weigh: Any) -> None:
    for path in STRANGERS:
        weights = weigh(path)
        assert 10_000 < sum(weights.values()) < MOST, f"{path}: {sum(weights.values())}\n{heaviest(weights)}"


@pytest.fixture
def long_thread(demo: Harbour) -> str:
    """The address of a post with sixty replies."""
    command = [sys.executable, "manage.py", "shell", "-c", MANY_REPLIES.format(answer=ANSWER)]
    environment = demo.environment | {"HARBOUR_REPLIES_PER_HOUR": "1000"}
    said = subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=120, capture_output=True, text=True)
    return f"/posts/{said.stdout.rpartition('thread ')[2].strip()}/"


def test_nor_for_a_member_on_a_new_phone(weigh: Any, signed_in: Any, long_thread: str) -> None:
    for path in [*SIGNED_IN, long_thread]:
        weights = weigh(path, signed_in)
        assert 10_000 < sum(weights.values()) < MOST, f"{path}: {sum(weights.values())}\n{heaviest(weights)}"

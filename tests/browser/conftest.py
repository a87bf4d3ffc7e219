"""Real people in real browsers: one context each, watched for anything that goes wrong where nobody looks."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.watch import Watch, watch

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = (
    "--no-sandbox",  # containers have no user namespaces to make one from
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

PATIENCE = 15_000  # milliseconds, for whatever a page should do by itself


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser's tests come last: the loop that Playwright keeps running would be in the way of others after it.

    Last of all hooks: pytest itself gathers tests that share a parameter, and one argument named like a fixture of
    Playwright's (`page`, `browser`) in another folder would draw all of these before it. Such a name is refused.
    """
    strays = [item.nodeid for item in items if "tests/browser/" not in item.nodeid and "page" in _asks_for(item)]
    if strays:
        raise pytest.UsageError(f"An argument named `page` asks for a browser: {strays[0]}")
    items.sort(key=lambda item: "tests/browser/" in item.nodeid)


def _asks_for(item: pytest.Item) -> tuple[str, ...]:
    return tuple(getattr(item, "fixturenames", ()))


expect.set_options(timeout=15_000)  # milliseconds: what comes live takes longer where six browsers share two cores


@pytest.fixture(scope="session", autouse=True)
def rows_and_pages_in_one_test() -> Iterator[None]:
    """Playwright runs a loop in this thread, so Django would refuse every query beside a page."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": list(ARGUMENTS)}


@pytest.fixture
def open_page(daphne: Any, new_context: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    """`open_page(cookie="", javascript=True)`: a page in a context of its own. What went wrong in it fails the test.

    `worker=True` lets it keep the service worker, whose requests no `page.route` would see.
    """
    watches: list[Watch] = []

    def open_one(cookie: str = "", *, javascript: bool = True, worker: bool = False) -> Any:
        context = new_context(
            base_url=daphne.url,
            java_script_enabled=javascript,
            service_workers="allow" if worker else "block",
            viewport={"width": 1280, "height": 900},
            locale="en-GB",
        )
        if cookie:
            name, _equals, value = cookie.partition("=")
            context.add_cookies([{"name": name, "value": value, "url": daphne.url}])
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        watches.append(watch(page, daphne.url))
        return page

    yield open_one
    for one in watches:
        one.page.context.close()  # before the server goes, whose going would be heard as an error
    wrong = [line for one in watches for line in one.wrong()]
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def person(daphne: Any, open_page: Callable[..., Any]) -> Callable[..., Any]:
    """`person("robin")` or `person(member)`: a page where this member is signed in; `javascript=False` where there is none."""
    from forum.models import Member

    def signed_in(who: Any, *, javascript: bool = True) -> Any:
        member = Member.objects.get(handle=who) if isinstance(who, str) else who
        return open_page(daphne.cookie(member), javascript=javascript)

    return signed_in


@pytest.fixture
def stranger(open_page: Callable[..., Any]) -> Any:
    """A page where nobody is signed in."""
    return open_page()

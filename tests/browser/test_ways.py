"""Puffin makes sure that they can be rung: a pager, a test, a code; the link in it; a notification; and the stopped clock."""

import json
import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from moderation.clock_watch import drawn
from moderation.models import ContactWay
from realtime import web_push
from realtime.clock import last_run_at
from tests.browser.look import look
from tests.browser.watch import expect_status
from tests.receivers import Receiver

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    there = Receiver()
    yield there
    there.stop()


def test_a_pager_is_added_tested_and_confirmed(
    person: Callable[..., Page], stranger: Page, staff: Any, receiver: Receiver
) -> None:
    page = person(staff)
    expect_status(page, 422)
    page.goto("/staff/on-call/ways/")
    expect(page.get_by_text("Nothing rings for you yet")).to_be_visible()
    page.get_by_role("link", name="An address of your own").click()
    page.get_by_label("Its address").fill("http://example.org/")
    page.get_by_role("button", name="Keep this way").click()
    expect(page.get_by_text("begins with https://", exact=False).first).to_be_visible()
    look(page, "way-add")
    page.get_by_label("Its address").fill(f"{receiver.url}/pager")
    page.get_by_role("button", name="Keep this way").click()
    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_text("A test is on its way", exact=False).first).to_be_visible()
    said = receiver.wait_for(1)[0].said
    look(page, "ways")
    page.get_by_label("The code in it").fill("12")
    page.get_by_role("button", name="It reached me").click()
    expect(page.get_by_text("That is not the code", exact=False).first).to_be_visible()
    page.get_by_label("The code in it").fill(re.findall(r"\d(?: \d){5}", said["message"])[0])
    page.get_by_role("button", name="It reached me").click()
    expect(page.get_by_text("You can be rung.", exact=False)).to_be_visible()
    look(page, "ways-tested")
    ContactWay.objects.update(test_sent_at=timezone.now() - timedelta(minutes=1), tested_at=timezone.now())
    page.get_by_role("button", name="Send a test").click()
    link = receiver.wait_for(2)[1].said["link"]
    stranger.goto(re.sub(r"^https?://[^/]+", "", link))
    look(stranger, "way-reached")
    stranger.get_by_role("button", name="It reached me").click()
    expect(stranger.get_by_role("heading", name="Thank you, this way works")).to_be_visible()


def test_it_works_without_javascript(person: Callable[..., Page], staff: Any, receiver: Receiver) -> None:
    page = person(staff, javascript=False)
    page.goto("/staff/on-call/ways/add/webhook/")
    page.get_by_label("Its address").fill(receiver.url)
    page.get_by_role("button", name="Keep this way").click()
    page.get_by_role("button", name="Send a test").click()
    said = receiver.wait_for(1)[0].said
    page.get_by_label("The code in it").fill(re.findall(r"\d(?: \d){5}", said["message"])[0])
    page.get_by_role("button", name="It reached me").click()
    expect(page.get_by_text("You can be rung.", exact=False)).to_be_visible()
    page.locator("summary", has_text="Take it away").click()
    page.get_by_role("button", name="Yes, take it away").click()
    expect(page.get_by_text("Nothing rings for you yet")).to_be_visible()


@pytest.mark.skipif(not web_push.is_installed(), reason="the extra `push` is not installed")
def test_a_notification_says_that_something_waits_and_leads_to_it(
    daphne: Any, open_page: Callable[..., Page], staff: Any
) -> None:
    """No push service can be reached from here, so the message is handed to the worker as a push service would."""
    page = open_page(daphne.cookie(staff), worker=True)
    page.context.grant_permissions(["notifications"], origin=daphne.url)
    page.goto("/staff/on-call/ways/add/push/")
    look(page, "way-add-push")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    session = page.context.new_cdp_session(page)
    registered: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: registered.extend(one["registrationId"] for one in event["registrations"]),
    )
    session.send("ServiceWorker.enable")
    page.wait_for_timeout(500)
    said = {"words": "Harbour: A case waits for staff (emergency)", "link": f"{daphne.url}/staff/cases/7/", "key": "k1"}
    elsewhere = {"words": "Harbour: Another", "link": "https://elsewhere.example/", "key": "k2"}
    for data in (json.dumps(said), json.dumps(elsewhere), "not json"):
        session.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": daphne.url, "registrationId": registered[-1], "data": data},
        )
    shown = "navigator.serviceWorker.ready.then((r) => r.getNotifications()).then((all) => all.map((n) => [n.title, n.data.link, n.tag]))"
    page.wait_for_function(f"{shown}.then((all) => all.length === 3)")
    assert {tuple(one) for one in page.evaluate(shown)} == {
        ("Harbour: A case waits for staff (emergency)", f"{daphne.url}/staff/cases/7/", "k1"),
        ("Harbour: Another", "/", "k2"),
        ("Harbour", "/", "page"),
    }


def test_the_team_reads_that_the_clock_stands_on_a_page_that_stays_open(
    person: Callable[..., Page], moderator: Any
) -> None:
    """This server's own clock goes on running, so what it would answer a minute later is drawn here."""
    page = person(moderator)
    page.clock.install()
    page.route("**/moderation/clock/", lambda route: route.fulfill(body=stands, content_type="text/html"))
    stands = drawn(timezone.now() - timedelta(minutes=5))
    deadline = time.monotonic() + 30
    while last_run_at() is None and time.monotonic() < deadline:  # the server answers before its clock has run once
        time.sleep(0.1)
    page.goto("/moderation/duty/")
    expect(page.get_by_text("The clock has not run", exact=False)).to_have_count(0)
    page.wait_for_load_state("networkidle")  # else what is being fetched would run into its own time limit
    page.clock.fast_forward(61_000)
    expect(page.get_by_text("The clock has not run since", exact=False)).to_be_visible()
    look(page, "clock-stands")

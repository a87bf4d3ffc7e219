"""What a browser may keep of us: help and the offline page as a stranger sees them, and the files they need."""

import re
from typing import Any

import pytest
from django.test import Client

from config import errors
from forum.models import Member

pytestmark = pytest.mark.django_db


def test_the_worker_answers_for_every_page_and_is_looked_at_anew_each_time(client: Client) -> None:
    answer = client.get("/sw.js")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/javascript")  # else a browser refuses it
    assert "no-cache" in answer["Cache-Control"]
    assert 'importScripts("/static/worker.js")' in answer.text
    assert "worker-src 'self'" in answer["Content-Security-Policy"]


def test_it_is_the_same_for_everyone(as_: Any, member: Member, client: Client) -> None:
    assert as_(member).get("/sw.js").text == client.get("/sw.js").text


def test_every_file_it_names_is_there(client: Client) -> None:
    script = client.get("/sw.js").text
    files = re.findall(r'"(/static/[^"]+)"', script)
    assert len(files) == 3
    for file in files:
        assert client.get(file).status_code == 200, file


def test_the_offline_page_says_whom_to_ring_and_asks_no_database(
    client: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        page = client.get("/offline/")
    assert "Either this device has no connection, or something is down on our side." in page.text
    assert page.status_code == 200
    for number in ("tel:999", "tel:112", "tel:116123"):
        assert number in page.text
    assert 'href="/help/"' in page.text


def test_nobodys_name_is_on_the_offline_page(as_: Any, member: Member) -> None:
    assert "robin" in as_(member).get("/help/").text  # the premise: a page usually names who is signed in
    assert "robin" not in as_(member).get("/offline/").text


def test_help_sets_no_cookie_for_a_stranger(client: Client) -> None:
    for page in ("/help/", "/offline/", "/leaving/"):
        assert client.get(page).cookies == {}, page


def test_what_a_database_that_is_away_is_answered_with_is_served_at_these_addresses(client: Client) -> None:
    for address, answer in errors.WITHOUT_DATABASE.items():
        assert answer().content
        assert client.post(address).status_code in {200, 405}

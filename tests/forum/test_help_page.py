"""Urgent help: the same page for everyone, always."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from forum import helplines


@pytest.fixture(autouse=True)
def fresh_lines() -> Any:
    helplines.read_lines.cache_clear()
    yield
    helplines.read_lines.cache_clear()


def test_a_stranger_reads_it_without_a_single_query(client: Client, db: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/help/")
    assert answer.status_code == 200
    assert "I need someone from the team" not in answer.text


@pytest.mark.parametrize("standing", ["active", "suspended", "banned", "on_break", "deactivated"])
def test_a_member_of_any_standing_reads_it_and_finds_the_third_door(as_: Any, make_member: Any, standing: str) -> None:
    answer = as_(make_member("robin", standing=standing)).get("/help/")
    assert answer.status_code == 200
    assert 'href="/ask/"' in answer.text


def test_emergency_numbers_come_before_everything_else(client: Client, db: None) -> None:
    page = client.get("/help/").text
    page = page[page.index("<main") :]
    assert page.index("tel:999") < page.index("tel:112") < page.index("tel:116123") < page.index("Shout")
    assert (
        page.index('id="uk"')
        < page.index('id="england"')
        < page.index('id="ireland"')
        < page.index('id="international"')
    )


@pytest.mark.parametrize(
    ("kind", "value", "href"),
    [
        ("phone", "0800 58 58 58", "tel:0800585858"),
        ("phone", "111, then press 2", "tel:111"),
        ("phone", "988 (1 for veterans, 2 for Spanish)", "tel:988"),
        ("text", "SHOUT to 85258", "sms:85258?body=SHOUT"),
        ("text", "07401 288595 (also WhatsApp)", "sms:07401288595"),
        ("email", "jo@samaritans.org", "mailto:jo@samaritans.org"),
        ("web", "https://findahelpline.com/", "https://findahelpline.com/"),
    ],
)
def test_each_way_is_a_link_that_does_what_it_says(kind: str, value: str, href: str) -> None:
    assert helplines.Way(kind, value, "free", "").href == href


def test_every_line_of_the_file_is_whole_and_can_be_reached() -> None:
    for line in helplines.read_lines():
        assert line.name
        assert line.for_whom
        assert line.ways
        assert set(line.regions) <= set(helplines.REGIONS), line.name
        for way in line.ways:
            assert way.href.startswith(("tel:", "sms:", "mailto:", "https://")), line.name
            assert way.shown
            assert "not seen" not in way.hours, line.name
            assert "not stated" not in way.hours, line.name


def test_a_line_that_serves_two_regions_stands_in_both() -> None:
    samaritans = [group.key for group in helplines.groups() for line in group.lines if line.name == "Samaritans"]
    assert samaritans == ["uk", "ireland"]


def test_the_page_says_so_while_nobody_has_checked_the_lines(client: Client, db: None) -> None:
    assert helplines.unchecked()
    assert helplines.oldest_check() is None
    assert "have not yet checked every line" in client.get("/help/").text


def test_the_page_gives_the_oldest_day_once_every_line_is_checked(
    client: Client, db: None, tmp_path: Any, settings: Any
) -> None:
    data = json.loads(Path(settings.HELPLINES).read_text())
    for number, entry in enumerate(data["lines"]):
        entry["checked"] = f"2026-11-{1 + number % 20:02d}"
    checked = tmp_path / "helplines.json"
    checked.write_text(json.dumps(data))
    settings.HELPLINES = str(checked)
    assert helplines.oldest_check() == date(2026, 11, 1)
    page = client.get("/help/").text
    assert "the oldest on 1 November 2026" in page
    assert "have not yet checked" not in page


def test_whoever_asks_for_the_old_icon_is_shown_the_new_one(client: Client, db: None) -> None:
    answer = client.get("/favicon.ico")
    assert answer.status_code == 302
    assert answer["Location"].endswith("favicon.svg")

"""Urgent help: the same page for everyone, always."""

from datetime import date
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from forum import helplines
from forum.models import Helpline


def sections(page: str) -> list[str]:
    """The regions in the order in which they stand on the page."""
    places = {key: page.find(f'id="{key}"') for key in helplines.REGIONS}
    return sorted((key for key, place in places.items() if place >= 0), key=places.__getitem__)


def database_away(*_call: Any) -> None:
    raise OperationalError("away")


def test_a_stranger_costs_nothing_once_the_lines_are_read(
    client: Client, db: None, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):  # the lines and their ways, however many
        assert client.get("/help/").status_code == 200
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
    assert sections(page) == list(helplines.REGIONS)


def test_a_members_region_comes_first(as_: Any, make_member: Any) -> None:
    page = as_(make_member("robin", region="wales")).get("/help/").text
    assert sections(page)[:3] == ["wales", "uk", "england"]
    assert page.index("tel:999") < page.index('id="wales"')


def test_a_stranger_asks_for_a_region_and_an_unknown_one_changes_nothing(client: Client, db: None) -> None:
    page = client.get("/help/?region=ireland").text
    assert sections(page)[:2] == ["ireland", "uk"]
    assert 'href="?region=ireland#ireland" aria-current="true"' in page
    assert sections(client.get("/help/?region=%3Cb%3E").text) == list(helplines.REGIONS)


def test_what_is_asked_for_comes_before_what_is_chosen(as_: Any, make_member: Any) -> None:
    page = as_(make_member("robin", region="wales")).get("/help/?region=scotland").text
    assert sections(page)[0] == "scotland"


def test_the_page_says_so_while_nobody_has_checked_the_lines(client: Client, db: None) -> None:
    page = client.get("/help/").text
    assert "have not yet checked every line" in page
    assert "Not checked here yet." in page


def test_the_page_gives_the_oldest_day_once_every_line_is_checked(client: Client, db: None) -> None:
    Helpline.objects.update(checked_on=date(2026, 11, 20))
    Helpline.objects.filter(name="Shout").update(checked_on=date(2026, 11, 1))
    page = client.get("/help/").text
    assert "the oldest on 1 November 2026" in page
    assert "Last checked 20 November 2026." in page
    assert "have not yet checked" not in page


def test_a_real_site_shows_a_line_once_it_is_checked(client: Client, db: None, settings: Any) -> None:
    assert "SANEline" in client.get("/help/").text  # the premise
    settings.HARBOUR_ENV = "production"
    assert "SANEline" not in client.get("/help/").text
    assert "tel:116123" in client.get("/help/").text
    Helpline.objects.filter(name="SANEline").update(checked_on=date(2026, 11, 1))
    helplines.forget()
    page = client.get("/help/").text
    assert "SANEline" in page
    assert "Shout" not in page
    assert "the oldest on 1 November 2026" in page


def test_without_a_database_the_page_still_has_every_number(client: Client, db: None) -> None:
    with connection.execute_wrapper(database_away):
        page = client.get("/help/")
    assert page.status_code == 200
    assert "tel:999" in page.text
    assert "Shout" in page.text  # from the file


def test_what_was_read_is_kept_while_the_database_is_away(client: Client, db: None, monkeypatch: Any) -> None:
    Helpline.objects.filter(name="Shout").update(name="Shout, as we keep it")
    client.get("/help/")
    monkeypatch.setattr(helplines, "FRESH", 0)
    with connection.execute_wrapper(database_away):
        assert "Shout, as we keep it" in client.get("/help/").text


def test_a_member_whom_the_database_cannot_know_reads_it_too(as_: Any, member: Any) -> None:
    as_(member).raise_request_exception = False
    with connection.execute_wrapper(database_away):
        page = as_(member).get("/help/")
    assert page.status_code == 503
    assert page["Retry-After"]
    assert "tel:999" in page.text
    assert "Shout" in page.text

"""Welsh and English: a member's own choice, a stranger's browser."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient, Client

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def with_welsh(settings: Any) -> Iterator[None]:
    """A site that speaks both, whatever this release ships."""
    settings.LANGUAGES = [("en-gb", "English"), ("cy", "Cymraeg")]
    yield


def language_of(response: Any) -> str:
    found = re.search(r'<html lang="([a-z-]+)"', response.text)
    assert found
    return found[1]


def test_a_member_reads_in_the_language_they_chose(as_: Any, make_member: Any) -> None:
    welsh = make_member("gwen", language="cy")
    assert language_of(as_(welsh).get("/")) == "cy"
    assert language_of(as_(make_member("robin")).get("/", headers={"accept-language": "cy"})) == "en-gb"


def test_a_stranger_reads_in_the_language_of_their_browser(client: Client) -> None:
    assert language_of(client.get("/", headers={"accept-language": "cy,en;q=0.5"})) == "cy"
    assert language_of(client.get("/", headers={"accept-language": "fr"})) == "en-gb"
    assert language_of(client.get("/")) == "en-gb"


def test_one_persons_language_does_not_stay_for_the_next(as_: Any, make_member: Any) -> None:
    assert language_of(as_(make_member("gwen", language="cy")).get("/")) == "cy"
    assert language_of(as_(make_member("robin")).get("/")) == "en-gb"
    assert language_of(Client().get("/")) == "en-gb"


def test_a_language_that_is_no_longer_there_is_read_in_english(as_: Any, make_member: Any) -> None:
    assert language_of(as_(make_member("gwen", language="xx")).get("/")) == "en-gb"


def test_the_same_holds_where_pages_are_served_from_a_loop(make_member: Any) -> None:
    gwen, client = make_member("gwen", language="cy"), AsyncClient()
    client.force_login(gwen)
    assert language_of(async_to_sync(client.get)("/room/")) == "cy"

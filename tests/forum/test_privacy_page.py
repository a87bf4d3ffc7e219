"""What the privacy notice and the pages of leaving say is what this site does."""

import pytest

from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
COOKIES_SET_BY_US = {"sessionid", "csrftoken", "known"}


def test_it_tells_of_as_many_cookies_as_a_sign_in_sets(client, member):
    words = {"login": member.email, "password": PASSWORD, "remember": "on"}
    client.get("/accounts/login/")
    client.post("/accounts/login/", words)
    assert {name for name, cookie in client.cookies.items() if cookie.value} == COOKIES_SET_BY_US
    assert "Three, all needed" in client.get("/privacy/").text


def test_it_names_who_is_responsible_where_they_are_named(client, settings):
    assert "Responsible for what is kept here" not in client.get("/privacy/").text
    settings.CONTROLLER = "Harbour Trust, privacy@example.org"
    assert "Responsible for what is kept here: Harbour Trust, privacy@example.org." in client.get("/privacy/").text


def test_it_tells_of_the_way_back_and_of_backups_as_long_as_they_are_kept(client, settings):
    settings.BACKUP_DAYS = 14
    shown = client.get("/privacy/").text
    assert "you have 21 days to come back" in shown and "let go of after 14 days" in shown


def test_whoever_erases_everything_reads_of_backups_before_and_afterwards(client, member, settings):
    settings.BACKUP_DAYS = 14
    client.force_login(member)
    client.post("/accounts/reauthenticate/?next=/me/", {"password": PASSWORD})
    assert "let go of after 14 days" in client.get("/me/erase/").text
    client.logout()
    assert "let go of after 14 days" in client.get("/me/erased/").text


def test_where_words_wait_for_a_moderator_the_page_about_stepping_in_says_so(client, settings):
    settings.HOLD = frozenset()
    assert "Your words stay on the wall." in client.get("/stepping-in/").text
    settings.HOLD = frozenset({"methods"})
    shown = client.get("/stepping-in/").text
    assert "Your words stay on the wall." not in shown and "some words wait until a moderator" in shown

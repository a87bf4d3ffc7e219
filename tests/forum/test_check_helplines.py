"""Operators keep the lines in the admin, and say there which they have held against the service's own page."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from forum import helplines
from forum.models import Helpline

pytestmark = pytest.mark.django_db
LIST = "/admin/forum/helpline/"
NUMBER = "0300 304 7000"


@pytest.fixture
def sane() -> Helpline:
    return Helpline.objects.get(name="SANEline")


def page_of(line: Helpline) -> str:
    return f"{LIST}{line.pk}/change/"


def filled(line: Helpline, **changes: Any) -> dict[str, Any]:
    """What the admin's form sends for a line with one way to reach it."""
    way = line.ways.get()
    form = {
        "name": line.name, "for_whom": line.for_whom, "regions": line.regions, "languages": line.languages, "place": line.place,
        "url": line.url, "note": line.note,
        "ways-TOTAL_FORMS": 1, "ways-INITIAL_FORMS": 1, "ways-MIN_NUM_FORMS": 1, "ways-MAX_NUM_FORMS": 1000,
        "ways-0-id": way.pk, "ways-0-helpline": line.pk, "ways-0-kind": way.kind, "ways-0-value": way.value,
        "ways-0-hours": way.hours, "ways-0-place": way.place,
    }  # fmt: skip
    return {**form, **changes}


def check_all(client: Client, *lines: Helpline) -> Any:
    picked = {"action": "held_against_their_pages", "_selected_action": [line.pk for line in lines]}
    return client.post(LIST, picked, follow=True)


def test_an_administrator_says_which_were_checked_today(as_: Any, administrator: Any, sane: Helpline) -> None:
    answer = check_all(as_(administrator), sane)
    assert "Written down for 1 of the lines." in answer.text
    sane.refresh_from_db()
    assert (sane.checked_on, sane.checked_by) == (timezone.localdate(), administrator)
    assert helplines.unchecked() == 39
    assert check_all(as_(administrator), sane).status_code == 200  # the same again changes nothing
    assert helplines.unchecked() == 39


@pytest.mark.parametrize("who", ["member", "moderator", "staff", "independent"])
def test_nobody_else_keeps_the_lines(request: Any, as_: Any, sane: Helpline, who: str) -> None:
    client = as_(request.getfixturevalue(who))
    assert client.get(LIST).status_code == 302
    client.post(page_of(sane), filled(sane, name="Ring me instead", checked_today="on"))
    check_all(client, sane)
    sane.refresh_from_db()
    assert (sane.name, sane.checked_on) == ("SANEline", None)


def test_a_change_is_on_the_page_at_once(
    client: Client, as_: Any, administrator: Any, sane: Helpline, django_capture_on_commit_callbacks: Any
) -> None:
    assert NUMBER in client.get("/help/").text
    with django_capture_on_commit_callbacks(execute=True):
        answer = as_(administrator).post(page_of(sane), filled(sane, **{"ways-0-value": "0300 000 0000"}))
    assert answer.status_code == 302, answer.context["errors"]
    page = client.get("/help/").text
    assert "0300 000 0000" in page
    assert NUMBER not in page


def test_a_new_number_takes_the_check_away_unless_it_was_checked_again(
    as_: Any, administrator: Any, sane: Helpline
) -> None:
    check_all(as_(administrator), sane)
    as_(administrator).post(page_of(sane), filled(sane, note="Opening hours differ."))
    sane.refresh_from_db()
    assert sane.checked_on  # a note is not what a check is about
    answer = as_(administrator).post(page_of(sane), filled(sane, **{"ways-0-value": "0300 000 0000"}), follow=True)
    assert "counts as unchecked now" in answer.text
    sane.refresh_from_db()
    assert (sane.checked_on, sane.checked_by) == (None, None)
    as_(administrator).post(page_of(sane), filled(sane, **{"ways-0-value": NUMBER, "checked_today": "on"}))
    sane.refresh_from_db()
    assert sane.checked_on == timezone.localdate()


def test_a_line_that_nobody_could_reach_is_refused_with_the_words_kept(
    as_: Any, administrator: Any, sane: Helpline
) -> None:
    answer = as_(administrator).post(page_of(sane), filled(sane, **{"ways-0-value": "ring us", "regions": ["moon"]}))
    assert "Begin with the number" in answer.text
    assert "moon is not one of the available choices" in answer.text
    assert 'value="ring us"' in answer.text


def test_old_and_unchecked_lines_are_found(as_: Any, administrator: Any, sane: Helpline) -> None:
    check_all(as_(administrator), *Helpline.objects.exclude(pk=sane.pk))
    Helpline.objects.filter(name="Shout").update(checked_on=date(2020, 1, 1))
    assert "1 helpline" in as_(administrator).get(f"{LIST}?checked=never").text
    assert "Shout" in as_(administrator).get(f"{LIST}?checked=old").text
    assert as_(administrator).get(f"{LIST}?checked=rubbish").status_code == 200

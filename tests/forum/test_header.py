"""The header: what each person finds in it, and what it costs."""

from typing import Any

import pytest
from django.template import loader
from django.test import Client

from forum import panels
from forum.panels import Link


def header(page: str) -> str:
    return page[page.index("<header") : page.index("</header>")]


def test_a_stranger_finds_help_the_way_out_and_the_door(client: Client, db: None) -> None:
    found = header(client.get("/help/").text)
    assert found.index("Help now") < found.index("Leave quickly")
    assert 'href="/accounts/login/"' in found
    assert "Your menu" not in found


def test_a_member_finds_their_menu_and_can_sign_out(as_: Any, member: Any) -> None:
    found = header(as_(member).get("/help/").text)
    assert "robin" in found
    assert "data-sign-out" in found
    assert 'href="/accounts/login/"' not in found


@pytest.mark.parametrize(("standing", "first"), [("active", 'href="/"'), ("suspended", 'href="/room/"')])
def test_the_first_link_leads_where_this_person_may_go(as_: Any, make_member: Any, standing: str, first: str) -> None:
    found = header(as_(make_member("robin", standing=standing)).get("/help/").text)
    strip = found[found.index("<nav") : found.index("</nav>")]
    assert first in strip
    assert ("The wall" in strip) == (standing == "active")


def test_links_of_other_apps_carry_their_count_and_mark_the_page_they_lead_to(
    as_: Any, member: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        panels,
        "header_links",
        [lambda onlooker: [Link(f"For {onlooker.member.handle}", "/help/", 3), Link("Empty", "/x/")]],
    )
    strip = header(as_(member).get("/help/").text)
    assert '<a href="/help/" aria-current="page">For robin <span class="count">3</span></a>' in strip
    assert '<a href="/x/">Empty</a>' in strip


def test_leaving_quickly_tells_the_next_site_nothing(client: Client, db: None) -> None:
    found = header(client.get("/help/").text)
    assert 'href="https://www.bbc.co.uk/weather" rel="nofollow noreferrer"' in found


def test_leaving_is_a_form_where_a_session_may_end(as_: Any, member: Any) -> None:
    found = header(as_(member).get("/help/").text)
    assert found.index("Help now") < found.index("Leave quickly")
    assert (
        '<form action="/leave/" method="post"><button class="button leave" data-leave="https://www.bbc.co.uk/weather"'
        in found
    )


@pytest.mark.parametrize("template", ["400.html", "500.html", "forum/offline.html"])
def test_pages_for_a_broken_site_have_both_at_the_same_place(template: str) -> None:
    page = loader.get_template(template).render({"product": "Harbour"})
    found = header(page)
    assert found.index('href="/help/"') < found.index("Leave quickly")
    assert 'src="/static/leave.js"' in page


@pytest.mark.parametrize("path", ["/nowhere/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"])
def test_a_missing_page_and_the_way_in_have_both(client: Client, db: None, path: str) -> None:
    page = client.get(path).text
    assert header(page).index('href="/help/"') < header(page).index("Leave quickly")
    assert 'src="/static/leave.js"' in page

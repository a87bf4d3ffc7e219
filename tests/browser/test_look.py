"""Each page that anyone may open, looked at; and every part of every page once, in the gallery."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django import forms
from django.template import engines
from django.test import RequestFactory

from config.middleware import policy_text
from forum.actions.posts import publish_post
from tests.browser.look import look
from tests.browser.watch import expect_status

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
GALLERY = Path(__file__).parent / "gallery.html"


class Refused(forms.Form):
    """One field of each kind, sent back."""

    handle = forms.CharField(label="Handle", help_text="The name others see.", max_length=20)
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    category = forms.ChoiceField(
        label="What is it about?", choices=[("now", "They may be in danger now"), ("else", "Something else")],
        widget=forms.RadioSelect, help_text="Choose what is nearest.",
    )  # fmt: skip
    place = forms.ChoiceField(label="Where", choices=[("any", "Anywhere"), ("here", "Here")], required=False)
    note = forms.CharField(label="Is there more?", widget=forms.Textarea, required=False)
    code = forms.CharField(
        label="The code from the mail", widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}), required=False
    )
    adult = forms.BooleanField(label="I am 18 or over", help_text="This place is for adults.")


PAGES_FOR_ANYONE = {
    "/": "welcome",
    "/accounts/login/": "sign-in",
    "/accounts/signup/": "join",
    "/accounts/password/reset/": "new-password",
    "/help/": "help",
    "/rules/": "rules",
    "/privacy/": "privacy",
}


def test_a_stranger_can_read_them_by_day_by_night_and_on_a_narrow_screen(stranger: Any) -> None:
    for path, name in PAGES_FOR_ANYONE.items():
        assert stranger.goto(path).status == 200, path
        look(stranger, name)


def test_a_missing_page_shows_a_way_on(stranger: Any) -> None:
    expect_status(stranger, 404)
    assert stranger.goto("/nowhere/").status == 404
    look(stranger, "missing")
    stranger.get_by_role("link", name="The wall is this way").click()
    assert stranger.url.endswith("/")


def test_a_member_finds_help_and_their_menu_in_the_same_place(person: Any, member: Any) -> None:
    page = person(member)
    page.goto("/help/")
    page.locator(".me > summary").click()
    assert page.get_by_role("button", name="Sign out").is_visible()
    look(page, "help-signed-in")
    page.keyboard.press("Escape")
    assert page.get_by_role("button", name="Sign out").is_hidden()


def test_leaving_quickly_leaves_nothing_to_come_back_to(stranger: Any) -> None:
    stranger.route("https://www.bbc.co.uk/weather", lambda route: route.abort())
    stranger.goto("/rules/")
    stranger.goto("/help/")
    stranger.evaluate("Object.defineProperty(window, 'left', {value: []})")
    stranger.evaluate(
        "navigation.addEventListener('navigate', (e) => { left.push([e.navigationType, e.destination.url]); e.preventDefault() })"
    )
    stranger.get_by_role("link", name="Leave quickly").click()
    assert stranger.evaluate("left") == [["replace", "https://www.bbc.co.uk/weather"]]
    assert stranger.locator("body").is_hidden()


def test_a_page_stays_whole_at_twice_the_text_size(stranger: Any) -> None:
    stranger.goto("/help/")
    stranger.set_viewport_size({"width": 640, "height": 800})
    stranger.evaluate("document.documentElement.setAttribute('data-doubled', '')")
    stranger.evaluate("document.adoptedStyleSheets.push(Object.assign(new CSSStyleSheet(), {}))")
    stranger.evaluate("document.adoptedStyleSheets.at(-1).replaceSync(':root { font-size: 200% }')")
    assert stranger.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_every_part_once(stranger: Any, settings: Any) -> None:
    form = Refused({"handle": "a" * 21})
    request = RequestFactory().get("/gallery/")
    page = engines["django"].from_string(GALLERY.read_text()).render({"refused": form}, request)
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy_text(settings.SECURE_CSP)}
    stranger.route("**/gallery/", lambda route: route.fulfill(body=page, headers=headers))
    stranger.goto("/gallery/")
    look(stranger, "gallery")


def test_a_wall_with_words_on_it(person: Any, member: Any, other_member: Any, moderator: Any) -> None:
    for author, body, intent in (
        (other_member, "Third night of not sleeping. " * 4 + "\n\nHow do you get your head to put it down?", "support"),
        (member, "Slept at last.\n\nhttps://example.org/" + "a" * 120, "win"),
        (moderator, "Evening, all. Two of us are here until midnight.", "hello"),
    ):
        post = publish_post(author, body=body, intent=intent, key=uuid4()).post
        publish_post(member, body="You're not on your own with it tonight.", intent="support", key=uuid4(), parent=post)
    publish_post(other_member, body="W" * 400, intent="question", content_note="very long words", key=uuid4())
    page = person(member)
    page.goto("/")
    look(page, "wall")
    page.goto(f"/posts/{post.pk}/")
    look(page, "post")
    page.goto("/me/")
    look(page, "me")
    page.goto("/room/")
    look(page, "room")

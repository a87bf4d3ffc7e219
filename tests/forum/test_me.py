"""One's own pages: what each keeps, what it refuses, and that what was chosen stands on the next page."""

import re

import pytest
from django.conf import settings

from forum.cards import Card, keep_card, read_card
from forum.models import Member

pytestmark = pytest.mark.django_db

PAGES = ("/me/", "/me/who/", "/me/handle/", "/me/looks/", "/me/mail/", "/me/card/", "/me/sessions/")
LOOKS = {"theme": "dark", "text_size": "largest", "typeface": "legible", "reduced_motion": "on", "language": "en-gb",
         "region": "wales"}  # fmt: skip
WHO = {"pronouns": "she", "about": "Two cats, one garden.", "avatar_style": 3}


@pytest.mark.parametrize("path", PAGES)
def test_they_are_ones_own_and_never_kept_by_a_browser(client, as_, member, path):
    assert client.get(path)["Location"].startswith("/accounts/login/")
    answer = as_(member).get(path)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", PAGES)
def test_they_are_open_from_the_small_room(as_, make_member, path):
    assert as_(make_member("dunlin", standing="suspended")).get(path).status_code == 200


def test_everyone_may_read_the_keys(client, as_, make_member):
    assert "the next post" in client.get("/keys/").text
    assert as_(make_member("dunlin", standing="banned")).get("/keys/").status_code == 200


def test_each_key_that_is_told_is_one_that_does_something():
    words = (settings.BASE_DIR / "templates/forum/_keys.html").read_text()
    script = (settings.BASE_DIR / "static/keys.js").read_text()
    told = set(re.findall("<kbd>(.)</kbd>", words))
    does = {match[0] or match[1] for match in re.findall(r'^  (?:"(.)"|(\w)): ', script, re.MULTILINE)}
    leads = set(re.findall(r'(\w): "/', script))
    assert told == does | leads
    assert {"?", "j", "g", "/"} <= told


def test_others_read_who_somebody_is(as_, member, other_member):
    assert as_(member).post("/me/who/", WHO).status_code == 303
    page = as_(other_member).get("/members/robin/").text
    assert "she" in page
    assert "Two cats, one garden." in page


def test_what_somebody_says_of_themselves_is_text_and_no_more(as_, member, other_member):
    as_(member).post("/me/who/", {**WHO, "about": "<script>alert(1)</script>", "pronouns": "<b>she</b>"})
    page = as_(other_member).get("/members/robin/").text
    assert "&lt;script&gt;" in page
    assert "<b>she" not in page


def test_another_picture_stands_beside_old_words_too(as_, member, other_member, post_by):
    post_by(member)
    before = as_(other_member).get("/").text.count("/avatars/")
    page = as_(member).get("/me/who/").text
    as_(member).post("/me/who/", WHO)
    [(_number, token)] = [
        picture for picture in as_(member).get("/me/who/").context["form"].pictures if picture[0] == 4
    ]
    assert token in page  # it was shown before it was chosen
    after = as_(other_member).get("/").text
    assert token in after
    assert after.count("/avatars/") == before


@pytest.mark.parametrize(
    ("change", "field"),
    [({"about": "x" * 301}, "about"), ({"pronouns": "x" * 31}, "pronouns"), ({"avatar_style": 60}, "avatar_style")],
)
def test_what_does_not_fit_comes_back_with_its_reason(as_, member, change, field):
    answer = as_(member).post("/me/who/", {**WHO, **change})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert "Two cats" in answer.text or field == "about"
    assert Member.objects.get(pk=member.pk).about == ""


def test_whose_posting_is_paused_keeps_the_words_others_read_but_may_change_the_picture(as_, make_member):
    person = make_member("dunlin", standing="paused")
    assert as_(person).post("/me/who/", WHO).status_code == 422
    assert as_(person).post("/me/who/", {"pronouns": "", "about": "", "avatar_style": 3}).status_code == 303


def test_how_it_looks_stands_on_every_page_from_then_on(as_, member):
    before = as_(member).get("/keys/").text
    assert 'data-theme="auto"' in before
    assert "keys.js" in before
    assert as_(member).post("/me/looks/", LOOKS).status_code == 303
    after = as_(member).get("/keys/").text
    assert 'data-theme="dark" data-size="largest" data-typeface="legible" data-motion="less"' in after
    assert '<meta name="color-scheme" content="dark">' in after
    assert "keys.js" not in after
    kept = Member.objects.get(pk=member.pk)
    assert (kept.region, kept.single_keys, kept.shift_leaves) == ("wales", False, False)


def test_a_strangers_page_is_as_their_device_likes_it(client):
    page = client.get("/help/").text
    assert "data-theme" not in page
    assert '<meta name="color-scheme" content="light dark">' in page
    assert "keys.js" not in page


@pytest.mark.parametrize("change", [{"theme": "sepia"}, {"region": "mars"}, {"text_size": ""}])
def test_what_is_no_choice_is_refused(as_, member, change):
    answer = as_(member).post("/me/looks/", {**LOOKS, **change})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == change.keys()
    assert Member.objects.get(pk=member.pk).theme == "auto"


def test_mail_is_neutral_until_somebody_chooses(as_, member):
    assert member.mail_choice == "neutral"
    as_(member).post("/me/mail/", {"mail_choice": "no"})
    assert Member.objects.get(pk=member.pk).mail_choice == "no"


def test_the_card_is_empty_kept_read_again_and_emptied(as_, member):
    client = as_(member)
    assert "It is empty, and may stay so." in client.get("/me/").text
    assert client.post("/me/card/", {"phone": "07700 900123", "helps": "Tea.", "ask_first": "on"}).status_code == 303
    assert read_card(member.pk) == Card(phone="07700 900123", helps="Tea.", ask_first=True)
    assert "07700 900123" in client.get("/me/card/").text
    assert "Yours is filled in." in client.get("/me/").text
    client.post("/me/card/", {"do": "empty"})
    assert read_card(member.pk) == Card()


def test_words_too_long_for_the_card_come_back_and_nothing_is_lost(as_, member):
    keep_card(member, Card(town="Bangor"))
    answer = as_(member).post("/me/card/", {"phone": "0" * 41, "helps": "Tea."})
    assert answer.status_code == 422
    assert "Tea." in answer.text
    assert read_card(member.pk) == Card(town="Bangor")


def test_a_card_whose_key_is_gone_says_so(as_, member, settings):
    keep_card(member, Card(town="Bangor"))
    settings.SEAL_KEYS = ["another" * 10]
    assert "cannot be opened just now" in as_(member).get("/me/card/").text

"""Keeping drafts through the page: for a script, and for a plain form."""

import pytest
from django.urls import reverse

from forum.devices import SHARED
from forum.models import Draft, Standing

pytestmark = pytest.mark.django_db

SCRIPT = {"headers": {"accept": "application/json"}}


@pytest.fixture
def keep(as_, member):
    def keep(place="post", **fields):
        return as_(member).post(f"/drafts/{place}/", fields, **SCRIPT)

    return keep


def test_a_script_keeps_reads_and_discards(as_, member, keep):
    assert keep(body="Half a thou\r\nght", intent="win", version="aa", key="not a key", to="4").json() == {
        "version": "aa"
    }
    assert Draft.objects.get().fields == {"body": "Half a thou\nght", "intent": "win"}
    assert as_(member).get("/drafts/post/", **SCRIPT).json()["fields"]["intent"] == "win"
    assert as_(member).post("/drafts/post/discard/", {"draft": "aa"}, **SCRIPT).json() == {"version": ""}
    assert as_(member).get("/drafts/post/", **SCRIPT).json() == {"version": ""}


def test_words_from_elsewhere_come_back_with_409(keep):
    keep(body="There", version="aa")
    answer = keep(body="Here", version="bb")
    assert answer.status_code == 409 and answer.json() == {"version": "aa", "fields": {"body": "There"}}
    assert keep(body="Here", version="bb", draft="aa").json() == {"version": "bb"}


def test_signed_out_it_says_so_and_stores_nothing(client):
    assert client.post("/drafts/post/", {"body": "x"}, **SCRIPT).status_code == 401
    assert client.get("/drafts/post/", **SCRIPT).status_code == 401
    assert client.post("/drafts/post/", {"body": "x"}).url.startswith("/accounts/login/")
    assert not Draft.objects.exists()


def test_nobody_reads_anybody_elses(as_, other_member, keep):
    keep(body="Only for me", version="aa")
    assert as_(other_member).get("/drafts/post/", **SCRIPT).json() == {"version": ""}
    assert "Only for me" not in as_(other_member).get("/").content.decode()


@pytest.mark.parametrize(
    "place",
    [
        "POST",
        "post--1-2-3",
        "decide-1",
        "record-1",
        "team-word-1",
        "reply-1x",
        "x" * 61,
        "-1",
        "post/..",
        "reply-" + "9" * 20,
    ],
)
def test_a_strange_place_is_nowhere(as_, member, place):
    assert as_(member).post(f"/drafts/{place}/", {"body": "x"}).status_code == 404


def test_what_cannot_be_stored_is_left_out_and_the_rest_is_kept(keep):
    keep(
        body="a\x00b\x07c" + "d" * 20_000, version="aa", **{"Strange-name": "x", "csrfmiddlewaretoken": "x", "key": ""}
    )
    fields = Draft.objects.get().fields
    assert fields["body"].startswith("abc") and len(fields["body"]) == 10_000 and set(fields) == {"body"}


def test_the_wall_and_the_post_and_the_edit_page_show_what_is_kept(as_, member, other_member, post_by, keep):
    theirs, mine = post_by(other_member), post_by(member)
    keep(body="Half a post", intent="win", version="aa")
    keep(f"reply-{theirs.pk}", body="Half a reply", version="bb")
    keep(f"edit-{mine.pk}", body="Half a change", version="cc")
    wall = as_(member).get("/").content.decode()
    assert "Half a post" in wall and 'value="aa"' in wall and "screened and read by nobody" in wall
    assert "Half a reply" in as_(member).get(f"/posts/{theirs.pk}/").content.decode()
    assert "Half a change" in as_(member).get(f"/posts/{mine.pk}/edit/").content.decode()


def test_a_refused_form_keeps_its_own_words_and_not_the_drafts(as_, member, keep):
    keep(body="Older words", version="aa")
    page = as_(member).post("/posts/", {"body": "x" * 5001, "draft": "aa"}).content.decode()
    assert "x" * 5001 in page and "Older words" not in page and 'value="aa"' in page


def test_a_draft_costs_the_wall_no_query(as_, member, keep, django_assert_max_num_queries):
    keep(body="Half a post", version="aa")
    as_(member).get("/")
    with django_assert_max_num_queries(8):
        assert "Half a post" in as_(member).get("/").content.decode()


def test_the_way_to_the_team_keeps_the_words_and_leads_back(as_, member):
    answer = as_(member).post("/drafts/post/", {"body": "Too much tonight.", "then": "ask"})
    assert (answer.status_code, answer.url) == (303, "/ask/?next=%2F")
    assert "Back to them" in as_(member).get(answer.url).content.decode()
    assert "Too much tonight." in as_(member).get("/").content.decode()
    assert as_(member).post("/drafts/post/", {"body": "Too much tonight.", "then": "help"}).url.startswith("/help/")
    assert "evil" not in as_(member).get("/ask/?next=//evil.example/").content.decode()


def test_without_a_script_both_texts_are_shown_and_either_can_be_kept(as_, member, keep):
    keep(body="There", version="aa")
    page = as_(member).post("/drafts/post/", {"body": "Here"})
    assert page.status_code == 409 and b"There" in page.content and b"Here" in page.content
    assert as_(member).post("/drafts/post/", {"body": "Here", "draft": "aa"}).status_code == 303
    assert Draft.objects.get().fields == {"body": "Here"}


def test_it_is_open_from_the_small_room(as_, member):
    member.standing = Standing.ON_BREAK
    member.save()
    assert as_(member).post("/drafts/ask/", {"note": "Would somebody", "version": "aa"}, **SCRIPT).status_code == 200


@pytest.mark.parametrize("shared", [True, False])
def test_signing_out_forgets_on_a_shared_device_alone(as_, member, keep, shared):
    session = as_(member).session
    session[SHARED] = shared
    session.save()
    keep(body="Half a post", version="aa")
    assert Draft.objects.exists()
    as_(member).post(reverse("account_logout"))
    assert Draft.objects.exists() is not shared

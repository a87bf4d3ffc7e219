"""Roles in the admin, which is no way round them, and shows nobody's address."""

import pytest
from django.test import Client

from forum.actions.roles import ask_for_role as ask
from forum.models import Member, RoleAsk
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def fresh_in():
    """`fresh_in(person)`: signed in this very minute, and asked for the password again."""

    def sign_in(person):
        client = Client()
        client.force_login(person)
        client.post("/accounts/reauthenticate/?next=/me/", {"password": PASSWORD})
        return client

    return sign_in


def role_of(person):
    return Member.objects.get(pk=person.pk).role


def post_role(client, member, role):
    return client.post(f"/admin/forum/member/{member.pk}/change/", {"role": role})


def answer(client, row, action):
    return client.post("/admin/forum/roleask/", {"action": action, "_selected_action": [row.pk]}, follow=True)


def test_in_the_admin_one_asks_and_another_agrees(fresh_in, administrator, other_administrator, member):
    mine, theirs = fresh_in(administrator), fresh_in(other_administrator)
    assert post_role(mine, member, "moderator").status_code == 302
    asked = RoleAsk.objects.get()
    assert (asked.role, asked.asked_by, role_of(member)) == ("moderator", administrator, "member")
    assert "takes two people" in answer(mine, asked, "agree").text
    assert role_of(member) == "member"
    assert "is given" in answer(theirs, asked, "agree").text
    assert role_of(member) == "moderator"
    assert post_role(mine, member, "member").status_code == 302
    assert role_of(member) == "member"


def test_the_admin_asks_for_a_fresh_sign_in_before_roles(as_, administrator, other_administrator, member):
    asked = ask(member, "moderator", administrator)
    client = as_(other_administrator)
    for reply in (post_role(client, member, "staff"), answer(client, asked, "agree").redirect_chain[0]):
        where = reply["Location"] if hasattr(reply, "status_code") else reply[0]
        assert where.startswith("/accounts/reauthenticate/")
    assert role_of(member) == "member"


def test_the_admin_says_beside_the_field_that_somebody_must_stay(fresh_in, administrator):
    reply = post_role(fresh_in(administrator), administrator, "member")
    assert reply.status_code == 200 and "only administrator" in reply.text
    assert role_of(administrator) == "administrator"


@pytest.mark.parametrize("cast", ["member", "moderator", "staff", "independent"])
def test_nobody_else_opens_the_admin(as_, member, administrator, cast, request):
    person, asked = request.getfixturevalue(cast), ask(member, "staff", administrator)
    for url in ("/admin/forum/member/", "/admin/forum/roleask/"):
        assert as_(person).get(url).status_code in (302, 403)
    assert post_role(as_(person), member, "administrator").status_code in (302, 403)
    answer(as_(person), asked, "agree")
    assert role_of(member) == "member"


@pytest.mark.parametrize("hidden", ["email__startswith", "password__startswith", "posts__body__contains", "email"])
def test_the_admin_cannot_be_asked_for_what_it_does_not_show(as_, administrator, member, hidden):
    assert as_(administrator).get("/admin/forum/member/?role__exact=member").status_code == 200
    assert as_(administrator).get(f"/admin/forum/member/?{hidden}=robin").status_code == 400


def test_no_page_of_the_admin_shows_an_address(fresh_in, administrator, member):
    client = fresh_in(administrator)
    ask(member, "staff", administrator)
    for url in (
        "/admin/",
        "/admin/forum/member/",
        f"/admin/forum/member/{member.pk}/change/",
        "/admin/forum/member/?q=robin",
        "/admin/forum/roleask/",
    ):
        page = client.get(url)
        assert page.status_code == 200, url
        assert member.email not in page.text and administrator.email not in page.text
    assert "robin" in client.get("/admin/forum/member/").text  # the premise
    assert client.get("/admin/account/emailaddress/").status_code == 404
    assert client.get("/admin/forum/member/?q=robin@harbour.test").text.count("robin</a>") == 0


def test_a_password_is_changed_in_one_place(as_, administrator):
    assert as_(administrator).get("/admin/password_change/")["Location"] == "/accounts/password/change/"


def test_nobody_is_added_or_deleted_or_shut_out_in_the_admin(fresh_in, administrator, member):
    client = fresh_in(administrator)
    assert client.get("/admin/forum/member/add/").status_code == 403
    assert client.post(f"/admin/forum/member/{member.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(
        f"/admin/forum/member/{member.pk}/change/", {"role": "member", "standing": "banned", "is_superuser": "on"}
    )
    fresh = Member.objects.get(pk=member.pk)
    assert (fresh.standing, fresh.is_superuser) == ("active", False)

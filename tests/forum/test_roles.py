"""Roles: given by administrators, with Django's flags kept to match; the admin shows nobody's address."""

import pytest
from django.db import IntegrityError, transaction

from forum.actions.membership import LastAdministrator, give_role
from forum.models import Member, Role
from realtime.models import Event

pytestmark = pytest.mark.django_db


def post_role(client, member, role):
    return client.post(f"/admin/forum/member/{member.pk}/change/", {"role": role})


@pytest.mark.parametrize("role", Role.values)
def test_the_flags_follow_the_role_and_sockets_hear_it(member, administrator, role):
    give_role(member, role, administrator)
    fresh = Member.objects.get(pk=member.pk)
    assert fresh.role == role
    assert fresh.is_staff == fresh.is_superuser == (role == "administrator")
    event = Event.objects.get()
    assert (event.stream, event.kind, event.actor) == (f"member:{member.pk}", "rights.changed", administrator.pk)


def test_the_last_administrator_stays(administrator, member):
    with pytest.raises(LastAdministrator):
        give_role(administrator, "member", administrator)
    assert Member.objects.get(pk=administrator.pk).is_superuser
    give_role(member, "administrator", administrator)
    give_role(administrator, "member", member)
    assert not Member.objects.get(pk=administrator.pk).is_staff


def test_an_unknown_role_is_refused(member, administrator):
    with pytest.raises(ValueError, match="captain"):
        give_role(member, "captain", administrator)
    assert Member.objects.get(pk=member.pk).role == "member"


def test_the_database_keeps_the_flags_with_the_role(member):
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.filter(pk=member.pk).update(is_staff=True)


def test_an_administrator_gives_a_role_in_the_admin(as_, administrator, member):
    assert post_role(as_(administrator), member, "moderator").status_code == 302
    assert Member.objects.get(pk=member.pk).role == "moderator"
    assert Event.objects.filter(stream=f"member:{member.pk}", kind="rights.changed").count() == 1


def test_the_admin_says_beside_the_field_that_somebody_must_stay(as_, administrator):
    answer = post_role(as_(administrator), administrator, "member")
    assert answer.status_code == 200 and "only administrator" in answer.text
    assert Member.objects.get(pk=administrator.pk).role == "administrator"


@pytest.mark.parametrize("cast", ["member", "moderator", "staff", "independent"])
def test_nobody_else_opens_the_admin(as_, member, cast, request):
    person = request.getfixturevalue(cast)
    assert as_(person).get("/admin/forum/member/").status_code in (302, 403)
    assert post_role(as_(person), member, "administrator").status_code in (302, 403)
    assert Member.objects.get(pk=member.pk).role == "member"


@pytest.mark.parametrize("hidden", ["email__startswith", "password__startswith", "posts__body__contains", "email"])
def test_the_admin_cannot_be_asked_for_what_it_does_not_show(as_, administrator, member, hidden):
    assert as_(administrator).get("/admin/forum/member/?role__exact=member").status_code == 200
    assert as_(administrator).get(f"/admin/forum/member/?{hidden}=robin").status_code == 400


def test_no_page_of_the_admin_shows_an_address(as_, administrator, member):
    client = as_(administrator)
    for url in (
        "/admin/",
        "/admin/forum/member/",
        f"/admin/forum/member/{member.pk}/change/",
        "/admin/forum/member/?q=robin",
    ):
        page = client.get(url)
        assert page.status_code == 200, url
        assert member.email not in page.text and administrator.email not in page.text
    assert "robin" in client.get("/admin/forum/member/").text  # the premise
    assert client.get("/admin/account/emailaddress/").status_code == 404
    assert client.get("/admin/forum/member/?q=robin@harbour.test").text.count("robin</a>") == 0


def test_a_password_is_changed_in_one_place(as_, administrator):
    assert as_(administrator).get("/admin/password_change/")["Location"] == "/accounts/password/change/"


def test_nobody_is_added_or_deleted_or_shut_out_in_the_admin(as_, administrator, member):
    client = as_(administrator)
    assert client.get("/admin/forum/member/add/").status_code == 403
    assert client.post(f"/admin/forum/member/{member.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(
        f"/admin/forum/member/{member.pk}/change/", {"role": "member", "standing": "banned", "is_superuser": "on"}
    )
    fresh = Member.objects.get(pk=member.pk)
    assert (fresh.standing, fresh.is_superuser) == ("active", False)

"""What the admin holds: models of ours that were chosen for it, and nothing that a library brought along."""

import pytest
from django.contrib import admin
from django.test import Client

from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def test_the_admin_holds_our_own_models_alone():
    assert {model._meta.app_label for model in admin.site._registry} <= {"forum", "moderation"}


@pytest.mark.parametrize("filtered", ["", "?session_key__startswith={first}", "?session_key__startswith=-"])
def test_nobody_spells_out_the_session_of_another(as_, administrator, staff, filtered):
    """The key of a session opens it: whoever could ask for its letters one by one would read the cases of its owner."""
    theirs = as_(staff)
    assert theirs.get("/staff/").status_code == 200
    first = theirs.session.session_key[0]
    page = as_(administrator).get("/admin/usersessions/usersession/" + filtered.format(first=first))
    assert page.status_code == 404


def test_the_admin_has_no_way_in_of_its_own(client, administrator):
    """Its own form would ask for no second step and count no tries."""
    typed = {"username": administrator.email, "password": PASSWORD, "next": "/admin/"}
    assert client.post("/admin/login/", typed)["Location"].startswith("/accounts/login/?")
    assert client.get("/admin/").status_code == 302
    signed_in = Client()
    signed_in.force_login(administrator)
    assert signed_in.get("/admin/").status_code == 200  # the premise: it is there

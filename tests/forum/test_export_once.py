"""A copy is given to its member alone, freshly signed in, once, within a day."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone

from forum.actions.export import ask_for_copy, make_copies, take_copy
from forum.models import DataExport, MailChoice, Member
from realtime import retention
from realtime.models import Delivery
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def fresh(client, member):
    """robin, signed in with the password a moment ago."""
    client.post("/accounts/login/", {"login": member.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def test_it_can_be_taken_once_and_says_so_kindly_the_second_time(fresh, member):
    fresh.post("/me/data/copy/")
    make_copies()
    link = f"/me/data/copy/{DataExport.objects.get().pk}/"
    assert link in fresh.get("/me/data/").text
    taken = fresh.get(link)
    assert taken["Content-Type"] == "application/zip" and "no-store" in taken["Cache-Control"]
    assert "robin" not in taken["Content-Disposition"]
    assert DataExport.objects.get().archive is None
    again = fresh.get(link)
    assert again.status_code == 410 and "each works once" in again.text


def test_it_asks_who_it_is_before_making_and_before_giving(as_, member):
    assert as_(member).post("/me/data/copy/")["Location"].startswith("/accounts/reauthenticate/")
    assert not DataExport.objects.exists()
    export = ask_for_copy(member)
    make_copies()
    assert as_(member).get(f"/me/data/copy/{export.pk}/")["Location"].startswith("/accounts/reauthenticate/")
    assert DataExport.objects.get().taken_at is None


def test_nobody_else_can_take_it(fresh, other_member):
    export = ask_for_copy(other_member)
    make_copies()
    assert fresh.get(f"/me/data/copy/{export.pk}/").status_code == 404
    assert take_copy(other_member, export.pk)


def test_after_a_day_it_is_gone(fresh, member, time_machine):
    export = ask_for_copy(member)
    make_copies()
    time_machine.move_to(timezone.now() + timedelta(hours=24), tick=False)
    retention.forget("copies")
    assert DataExport.objects.get().archive is None
    fresh.post("/accounts/reauthenticate/", {"password": PASSWORD})
    answer = fresh.get(f"/me/data/copy/{export.pk}/")
    assert answer.status_code == 410 and "kept for 24 hours" in answer.text


def test_asking_twice_makes_one_and_a_fourth_within_a_day_says_when(fresh, member):
    assert ask_for_copy(member).pk == ask_for_copy(member).pk
    for _time in range(3):
        export = ask_for_copy(member)
        make_copies()
        take_copy(member, export.pk)
    answer = fresh.post("/me/data/copy/")
    assert answer.status_code == 429 and "You can ask for the next one at" in answer.text


def test_two_clocks_make_it_once_and_one_mail_goes(member):
    ask_for_copy(member)
    make_copies()
    ready = DataExport.objects.get().ready_at
    make_copies()
    assert DataExport.objects.get().ready_at == ready
    mail = Delivery.objects.get()
    assert "/me/data/" in mail.body and str(DataExport.objects.get().pk) not in mail.body
    assert member.handle not in mail.subject + mail.body


def test_no_mail_goes_where_it_could_harm(member):
    Member.objects.filter(pk=member.pk).update(mail_choice=MailChoice.NO)
    member.refresh_from_db()
    ask_for_copy(member)
    make_copies()
    assert DataExport.objects.get().ready_at  # the premise
    assert not Delivery.objects.exists()


def test_it_is_sealed_where_it_waits(member, post_by):
    post_by(member, "Nobody reads this in the database.")
    export = ask_for_copy(member)
    make_copies()
    export.refresh_from_db()
    assert not zipfile.is_zipfile(io.BytesIO(bytes(export.archive)))
    assert zipfile.is_zipfile(io.BytesIO(take_copy(member, export.pk)))

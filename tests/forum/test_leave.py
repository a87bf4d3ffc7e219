"""Leaving: closed at once, 21 days to come back in, and nobody goes whom others rely on."""

from datetime import timedelta

import pytest
from django.utils import timezone

from forum.actions.leaving import CannotLeave, come_back, delete_now, erase_due, leave
from forum.actions.membership import change_standing
from forum.actions.roles import ask_for_role
from forum.models import Erasure, Leaving, MailChoice, Member, Post, Role, Standing
from realtime.models import Delivery, Event

pytestmark = pytest.mark.django_db


def put(member, standing, until=None):
    Member.objects.filter(pk=member.pk).update(standing=standing, standing_until=until)
    member.refresh_from_db()


def test_leaving_closes_the_wall_at_once_and_keeps_the_words(as_, member, post_by):
    post_by(member, "Still here for now.")
    assert as_(member).get("/").status_code == 200  # the premise
    as_(member).post("/me/leave/")
    assert as_(member).get("/")["Location"] == "/room/"
    assert Post.objects.get().body == "Still here for now."
    assert Leaving.objects.get().due_at - timezone.now() > timedelta(days=20, hours=23)


def test_the_members_sockets_hear_it(member):
    leave(member)
    assert Event.objects.filter(stream=f"member:{member.pk}", kind="rights.changed").count() == 1


def test_asking_twice_changes_nothing(member):
    first = leave(member)
    assert leave(member).due_at == first.due_at
    assert Leaving.objects.count() == Delivery.objects.count() == 1


def test_coming_back_finds_everything_as_it_was(as_, member):
    as_(member).post("/me/leave/")
    assert "Come back" in as_(member).get("/room/").text
    answer = as_(member).post("/me/leave/back/", follow=True)
    assert answer.redirect_chain[0] == ("/", 303)
    member.refresh_from_db()
    assert member.standing == Standing.ACTIVE
    assert not come_back(member)


@pytest.mark.parametrize("standing", [Standing.SLOWED, Standing.PAUSED, Standing.SUSPENDED, Standing.BANNED])
def test_leaving_is_no_way_round_what_was_decided(member, standing):
    until = timezone.now() + timedelta(days=40)
    put(member, standing, until)
    leave(member)
    come_back(member)
    member.refresh_from_db()
    assert (member.standing, member.standing_until) == (standing, until)


def test_what_the_team_decides_meanwhile_stands(member):
    leave(member)
    change_standing(member, Standing.BANNED)
    come_back(member)
    member.refresh_from_db()
    assert member.standing == Standing.BANNED
    assert not Leaving.objects.exists()


def test_after_21_days_the_account_is_erased_and_not_before(member, time_machine):
    leave(member)
    time_machine.move_to(timezone.now() + timedelta(days=20, hours=23))
    erase_due()
    assert not Erasure.objects.exists()
    time_machine.move_to(timezone.now() + timedelta(hours=1))
    erase_due()
    member.refresh_from_db()
    assert (member.standing, member.is_active, member.email) == (Standing.ERASED, False, f"{member.pk}@erased.invalid")
    assert Erasure.objects.get().finished_at
    assert not Leaving.objects.exists()


def test_who_was_let_back_in_is_not_erased(member, time_machine):
    leave(member)
    change_standing(member, Standing.ACTIVE)
    time_machine.move_to(timezone.now() + timedelta(days=22))
    erase_due()
    assert not Erasure.objects.exists() and not Leaving.objects.exists()


def test_the_mail_says_until_when_and_nothing_else(member):
    leave(member)
    mail = Delivery.objects.get()
    assert mail.address == member.email
    assert "/room/" in mail.body and member.handle not in mail.subject + mail.body


def test_nobody_is_written_to_whom_mail_could_harm(member):
    member.mail_choice = MailChoice.NO
    member.save()
    leave(member)
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.STAFF, Role.INDEPENDENT, Role.ADMINISTRATOR])
def test_the_team_gives_its_role_back_first(as_, make_member, administrator, role):
    flags = role == Role.ADMINISTRATOR
    person = make_member("heron", role=role, is_staff=flags, is_superuser=flags)
    page = as_(person).post("/me/leave/")
    assert page.status_code == 409 and "take the role back first" in page.text
    with pytest.raises(CannotLeave):
        delete_now(person)
    ask_for_role(person, Role.MEMBER, administrator)
    assert leave(person)


def test_the_last_administrator_gives_the_role_to_somebody_first(administrator):
    with pytest.raises(CannotLeave) as refused:
        leave(administrator)
    assert refused.value.reasons == ["You are the only administrator. Give the role to somebody else first."]


def test_a_stranger_has_nothing_to_leave(client):
    for url in ("/me/leave/", "/me/leave/back/", "/me/erase/", "/me/data/"):
        assert client.post(url)["Location"].startswith("/accounts/login/")

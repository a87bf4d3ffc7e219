"""Roles: asked for by one administrator, agreed to by another, both on the audit chain."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from forum.actions.membership import change_standing
from forum.actions.roles import AskOver, LastAdministrator, NoAdministrator, TakesTwo
from forum.actions.roles import agree_to_role as agree
from forum.actions.roles import ask_for_role as ask
from forum.actions.roles import turn_role_down as turn_down
from forum.models import Member, Role, RoleAsk
from moderation import audit
from moderation.models import CaseEvent
from realtime.models import Event
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
TEAM = [role for role in Role.values if role != "member"]


def role_of(person):
    return Member.objects.get(pk=person.pk).role


@pytest.mark.parametrize("role", TEAM)
def test_a_role_is_given_by_two_its_flags_follow_and_sockets_hear_it(member, administrator, other_administrator, role):
    asked = ask(member, role, administrator)
    assert role_of(member) == "member" and not Event.objects.exists()
    agree(asked, other_administrator)
    fresh = Member.objects.get(pk=member.pk)
    assert fresh.role == role
    assert fresh.is_staff == fresh.is_superuser == (role == "administrator")
    event = Event.objects.get()
    assert (event.stream, event.kind, event.actor) == (
        f"member:{member.pk}",
        "rights.changed",
        other_administrator.pk,
    )


def test_both_names_stand_on_the_chain_which_holds(member, administrator, other_administrator):
    agree(ask(member, "staff", administrator), other_administrator)
    turn_down(ask(member, "moderator", administrator), other_administrator)
    ask(member, "member", administrator)
    steps = CaseEvent.objects.filter(about=member).values_list("action", "actor", "from_state", "to_state")
    assert list(steps) == [
        ("role_ask", administrator.pk, "member", "staff"),
        ("role_give", other_administrator.pk, "member", "staff"),
        ("role_ask", administrator.pk, "staff", "moderator"),
        ("role_turn_down", other_administrator.pk, "staff", "moderator"),
        ("role_take", administrator.pk, "staff", "member"),
    ]
    assert audit.verify() is None


def test_nobody_agrees_to_what_they_asked_for_or_to_their_own_role(administrator, other_administrator, member):
    mine, for_the_other = ask(member, "staff", administrator), ask(other_administrator, "staff", administrator)
    with pytest.raises(TakesTwo):
        agree(mine, administrator)
    with pytest.raises(TakesTwo):
        agree(for_the_other, other_administrator)
    for row, name in ((mine, administrator), (for_the_other, other_administrator)):
        with pytest.raises(IntegrityError), transaction.atomic():
            RoleAsk.objects.filter(pk=row.pk).update(agreed_by=name, ended_at=timezone.now())
    assert role_of(member) == "member" and role_of(other_administrator) == "administrator"


def test_an_answer_counts_only_while_everything_is_as_it_was_asked(member, administrator, other_administrator):
    late = ask(member, "staff", administrator)
    RoleAsk.objects.update(asked_at=timezone.now() - RoleAsk.WAITS - timedelta(seconds=1))
    with pytest.raises(AskOver):
        agree(late, other_administrator)
    earlier, newest = ask(member, "staff", administrator), ask(member, "moderator", administrator)
    with pytest.raises(AskOver):
        agree(earlier, other_administrator)
    agree(newest, other_administrator)
    with pytest.raises(AskOver):
        agree(newest, other_administrator)
    orphan = ask(member, "staff", administrator)
    ask(administrator, "member", other_administrator)
    with pytest.raises(AskOver):
        agree(orphan, other_administrator)
    assert role_of(member) == "moderator"


def test_only_administrators_who_may_be_here_have_a_say(member, administrator, other_administrator, moderator, staff):
    asked = ask(member, "staff", administrator)
    with transaction.atomic():
        change_standing(other_administrator, "suspended")
    for person in (member, moderator, staff, other_administrator):
        for act in (lambda who=person: agree(asked, who), lambda who=person: ask(member, "member", who)):
            with pytest.raises(NoAdministrator):
                act()
        with pytest.raises(NoAdministrator):
            turn_down(asked, person)
    assert role_of(member) == "member"


def test_a_role_is_taken_back_by_one_and_at_once(moderator, administrator):
    assert ask(moderator, "member", administrator) is None
    assert role_of(moderator) == "member"
    assert Event.objects.get().kind == "rights.changed"


def test_the_last_administrator_stays(administrator, other_administrator):
    ask(other_administrator, "member", other_administrator)
    with pytest.raises(LastAdministrator):
        ask(administrator, "member", administrator)
    assert Member.objects.get(pk=administrator.pk).is_superuser


def test_the_first_administrators_come_from_the_machine_and_stand_on_the_chain(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", email="owl@harbour.test", handle="owl", interactive=False, verbosity=0)
    owl = Member.objects.get()
    step = CaseEvent.objects.get()
    assert owl.role == "administrator"
    assert (step.action, step.actor, step.about, step.to_state) == ("role_give", None, owl, "administrator")


def test_an_unknown_role_is_refused(member, administrator):
    with pytest.raises(ValueError, match="captain"):
        ask(member, "captain", administrator)
    assert role_of(member) == "member"


def test_the_database_keeps_the_flags_with_the_role(member):
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.filter(pk=member.pk).update(is_staff=True)

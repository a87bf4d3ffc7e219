"""The demo harbour: filled once, never late, and nowhere but in the demo."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from forum.models import Member, Post
from moderation import audit, deadlines, duty
from moderation.models import Case, Kind, Severity, State

pytestmark = pytest.mark.django_db(transaction=True)


def live() -> list[tuple[str, str, str]]:
    return sorted(Case.objects.exclude(state=State.CLOSED).values_list("kind", "severity", "state"))


def test_it_holds_a_wall_and_cases_of_every_kind_severity_and_state(capsys):
    call_command("demo")
    assert Member.objects.count() == 10 and "harbour-demo-pass" in capsys.readouterr().out
    assert 55 <= Post.objects.filter(parent=None).count() <= 65
    assert Post.objects.filter(author__role="member", created_at__gt=timezone.now() - timedelta(hours=1)).count() == 0
    kinds, severities, _states = zip(*live(), strict=True)
    assert set(kinds) == set(Kind) and set(severities) == set(Severity)
    assert set(Case.objects.values_list("state", flat=True)) == set(State)
    assert duty.someone_is_here() and [person.handle for person in duty.on_call()] == ["puffin"]
    assert audit.verify() is None


def test_a_second_start_adds_nothing_and_a_month_makes_nothing_late():
    call_command("demo", quiet=True)
    before, posts = live(), Post.objects.count()
    with time_machine.travel(timezone.now() + timedelta(days=30), tick=True):
        call_command("demo", quiet=True)
        deadlines.run_deadlines()
        assert (live(), Post.objects.count()) == (before, posts)


def test_production_has_no_demo_accounts(settings):
    settings.HARBOUR_ENV = "production"
    with pytest.raises(CommandError):
        call_command("demo")
    assert not Member.objects.exists()

"""Everybody knows the demo's passwords: its accounts may be in a demo alone."""

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from config.checks import no_demo_accounts_in_production


def test_production_refuses_a_database_with_demo_accounts(settings, member):
    assert member.email.endswith("@harbour.test")
    settings.HARBOUR_ENV = "production"
    assert [error.id for error in no_demo_accounts_in_production(None)] == ["harbour.E001"]
    with pytest.raises(SystemCheckError, match="demo accounts"):
        call_command("check")


def test_production_accepts_everybody_else(settings, member):
    member.email = "robin@example.org"
    member.save()
    settings.HARBOUR_ENV = "production"
    assert no_demo_accounts_in_production(None) == []


def test_the_demo_keeps_its_accounts(settings, member):
    settings.HARBOUR_ENV = "demo"
    assert no_demo_accounts_in_production(None) == []

"""The lines themselves: how each is reached, where they come from, and who has checked them."""

import json
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.utils import timezone

from forum import helplines
from forum.actions.helplines import check_helplines
from forum.lines import Way
from forum.models import Helpline, HelplineWay

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "value", "href"),
    [
        ("phone", "0800 58 58 58", "tel:0800585858"),
        ("phone", "111, then press 2", "tel:111"),
        ("phone", "988 (1 for veterans, 2 for Spanish)", "tel:988"),
        ("text", "SHOUT to 85258", "sms:85258?body=SHOUT"),
        ("text", "07401 288595 (also WhatsApp)", "sms:07401288595"),
        ("email", "jo@samaritans.org", "mailto:jo@samaritans.org"),
        ("web", "https://findahelpline.com/", "https://findahelpline.com/"),
    ],
)
def test_each_way_is_a_link_that_does_what_it_says(kind: str, value: str, href: str) -> None:
    assert Way(kind, value, free=True, hours="").href == href


@pytest.mark.parametrize(
    ("kind", "value"),
    [("phone", "ring us"), ("phone", " "), ("web", "findahelpline.com"), ("email", "jo at samaritans")],
)
def test_a_way_that_would_be_a_dead_link_is_refused(kind: str, value: str) -> None:
    with pytest.raises(ValidationError):
        HelplineWay(helpline=Helpline.objects.first(), kind=kind, value=value).full_clean()


def test_every_first_line_is_whole_and_can_be_reached() -> None:
    lines = helplines.read_lines()
    assert len(lines) == Helpline.objects.count() == 40
    for line in lines:
        assert line.name
        assert line.for_whom
        assert line.ways
        assert set(line.regions) <= set(helplines.REGIONS), line.name
        for way in line.ways:
            assert way.href.startswith(("tel:", "sms:", "mailto:", "https://")), line.name
            assert way.shown
            assert "not seen" not in way.hours, line.name
            assert "not stated" not in way.hours, line.name


def test_no_line_is_checked_before_somebody_has_done_it() -> None:
    assert helplines.unchecked() == 40


def test_a_line_that_serves_two_regions_stands_in_both() -> None:
    samaritans = [group.key for group in helplines.groups() for line in group.lines if line.name == "Samaritans"]
    assert samaritans == ["uk", "ireland"]


def test_what_operators_keep_is_never_touched_again() -> None:
    Helpline.objects.filter(name="Shout").update(for_whom="Anyone, by text")
    Helpline.objects.filter(name="SANEline").delete()
    helplines.plant_first()
    assert Helpline.objects.get(name="Shout").for_whom == "Anyone, by text"
    assert not Helpline.objects.filter(name="SANEline").exists()


def test_an_entry_that_nobody_confirmed_is_left_out(settings: Any, tmp_path: Path) -> None:
    data = json.loads(Path(settings.HELPLINES).read_text())
    data["lines"][3]["confirmed"] = False
    data["lines"][4]["checked"] = "2026-11-01"
    settings.HELPLINES = str(tmp_path / "own.json")
    Path(settings.HELPLINES).write_text(json.dumps(data))
    Helpline.objects.all().delete()
    helplines.plant_first()
    assert Helpline.objects.count() == 39
    assert not Helpline.objects.filter(name=data["lines"][3]["name"]).exists()
    assert Helpline.objects.get(name=data["lines"][4]["name"]).checked_on == date(2026, 11, 1)


def test_the_database_refuses_a_checker_without_a_day(administrator: Any) -> None:
    with pytest.raises(IntegrityError):
        Helpline.objects.filter(name="Shout").update(checked_by=administrator)


def test_the_command_lists_what_was_not_checked_for_six_months(administrator: Any) -> None:
    check_helplines(Helpline.objects.all(), administrator)
    said = StringIO()
    call_command("helplines", stdout=said)
    assert "Every helpline" in said.getvalue()
    Helpline.objects.filter(name="Shout").update(checked_on=timezone.localdate() - timedelta(days=184))
    Helpline.objects.filter(name="SANEline").update(checked_on=None, checked_by=None)
    with pytest.raises(CommandError, match="six months: 2"):
        call_command("helplines", stdout=said)
    never, old = said.getvalue().splitlines()[-2:]
    assert never.startswith("never  SANEline")
    assert "by admin  Shout" in old

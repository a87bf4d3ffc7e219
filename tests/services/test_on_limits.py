"""Limits hold also for somebody whom four processes serve at once: they count one another, in PostgreSQL or in Redis."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from forum.models import Post
from moderation.models import Letter
from tests.harbour import ROOT, Harbour

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def sent_by_four(what: str, who: object, each: int, **limits: str) -> list[int]:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.services.senders", what, str(who), str(each)],
        cwd=ROOT,
        env={**Harbour(Path(settings.DATA_DIR)).environment, **limits},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return [int(line) for line in ran.stdout.splitlines() if line.isdigit()]


def test_a_member_who_posts_through_four_processes_posts_as_often_as_through_one(member):
    taken = sent_by_four("posts", member.pk, 10, HARBOUR_POSTS_PER_HOUR="10")
    assert len(taken) == 4
    assert sum(taken) == 10 == Post.objects.filter(author=member).count()


def test_of_worries_from_one_address_through_four_processes_as_many_wake_somebody_as_through_one(member):
    taken = sent_by_four("letters", "203.0.113.9", 6)
    assert len(taken) == 4
    assert sum(taken) == settings.OUTSIDE_REPORTS_PER_ADDRESS == Letter.objects.filter(gathered=False).count()
    assert Letter.objects.count() == 24, "none of them is lost"

"""A moderator looks how soon people are answered, from the queue, with weeks that say something and weeks that do not."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from forum.models import Member, Post
from tests.browser.look import look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_moderator_finds_the_figures_from_the_queue(
    person: Any, moderator: Member, member: Member, other_member: Member
) -> None:
    for weeks, wait in ((1, 12), (1, 70), (2, None), (2, 200)):
        day = timezone.now() - timedelta(days=7 * weeks)
        for _ in range(9):
            post = Post.objects.create(author=member, body="Is anyone up?", placed_at=day, key=uuid4())
            if wait:
                at = day + timedelta(minutes=wait)
                Post.objects.create(author=other_member, parent=post, body="I am.", placed_at=at, key=uuid4())
    page = person(moderator, javascript=False)
    page.goto("/moderation/")
    page.get_by_role("link", name="How we are doing").click()
    rows = page.locator("tbody").first.locator("tr")
    assert "50 %" in rows.nth(0).inner_text()
    assert "too few to say" in rows.nth(1).inner_text()
    assert "too few" in rows.nth(2).inner_text()
    page = person(moderator)
    page.goto("/moderation/statistics/")
    look(page, "statistics")

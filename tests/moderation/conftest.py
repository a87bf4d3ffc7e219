"""What tests of moderation share: posts, cases in any state, ears on the log, and a crowd of threads."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from forum.actions.posts import publish_post
from forum.models import Member, Post
from moderation.actions.cases import claim_case
from moderation.actions.escalation import escalate_case, take_case
from moderation.actions.reports import report_member, report_post
from moderation.models import Case, ContactWay, Duty, DutyKind, Letter
from realtime.models import Event
from tests.moderation.outside import clock


@pytest.fixture
def post_by() -> Callable[..., Post]:
    def make(author: Member, body: str = "Third night of not sleeping.") -> Post:
        return publish_post(author, body=body, key=uuid4()).post

    return make


@pytest.fixture
def on_duty() -> Callable[..., Duty]:
    """`on_duty(heron)` signs on without end; `on_duty(puffin, kind="on_call")`."""

    def make(member: Member, kind: str = DutyKind.SHIFT, **fields: Any) -> Duty:
        fields.setdefault("standing", True)
        fields.setdefault("starts_at", timezone.now() - timedelta(days=1))
        return Duty.objects.create(member=member, kind=kind, **fields)

    return make


@pytest.fixture
def open_case(
    member: Member, other_member: Member, moderator: Member, on_duty: Callable[..., Duty], post_by
) -> Callable[..., Case]:
    """`open_case()`: wren worries about robin, with heron on shift. `open_case(door="rule")`: about a post of robin's."""

    def make(
        category: str = "", door: str = "worry", *, about_post: bool = True, subject: Member | None = None
    ) -> Case:
        if not Duty.objects.filter(member=moderator).exists():
            on_duty(moderator)
        subject = subject or member
        category = category or {"worry": "worried", "rule": "abuse"}[door]
        if about_post:
            return report_post(other_member, post_by(subject), door, category, key=uuid4()).case
        return report_member(other_member, subject, door, category, key=uuid4()).case

    return make


@pytest.fixture
def held_case(open_case: Callable[..., Case], moderator: Member) -> Callable[..., Case]:
    """A case that heron has claimed."""
    return lambda *args, **named: claim_case(open_case(*args, **named), moderator)


@pytest.fixture
def escalated_case(held_case: Callable[..., Case], moderator: Member) -> Callable[..., Case]:
    """A case that heron has passed to staff."""
    return lambda *args, **named: escalate_case(held_case(*args, **named), moderator, "Please look.")


@pytest.fixture
def staff_case(escalated_case: Callable[..., Case], staff: Member) -> Callable[..., Case]:
    """A case that puffin has taken."""
    return lambda *args, **named: take_case(escalated_case(*args, **named), staff)


@pytest.fixture
def told() -> Callable[..., list[tuple[str, str, int]]]:
    """`told(act)`: what went into the log while `act()` ran, as (stream, kind, ref)."""

    def tell(act: Callable[[], Any]) -> list[tuple[str, str, int]]:
        last = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        act()
        return list(Event.objects.filter(pk__gt=last).order_by("pk").values_list("stream", "kind", "ref"))

    return tell


@pytest.fixture
def rings(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """Whose telephones ring: `rings.add(puffin.pk)`. What a telephone does is the outside world's."""
    who: set[int] = set()
    far = timedelta(days=365)
    monkeypatch.setattr("moderation.ways.rings_until", lambda member, now: now + far if member.pk in who else None)
    return who


@pytest.fixture
def crowd(make_member):
    return [make_member(f"wader{number}") for number in range(5)]


@pytest.fixture
def telephone(staff, on_duty):
    """puffin is on call, and something of theirs rings."""
    on_duty(staff, kind="on_call")
    now = timezone.now()
    return ContactWay.objects.create(
        member=staff, kind="webhook", preset="signed", name="Telephone", rings=True, confirmed_at=now, tested_at=now
    )


@pytest.fixture
def send():
    client = Client()

    def tell(about, address="203.0.113.9", category="danger_now", door="worry", key=None):
        fields = {"about": about, "note": "She wrote to me.", "whereabouts": "", "name": "", "reach": "", "website": ""}
        form = {"door": door, "category": category, "stamp": "", "key": str(key or uuid4()), **fields}
        assert client.post("/report/", form, REMOTE_ADDR=address).status_code == 200
        letter = Letter.objects.latest("pk")
        clock()
        letter.refresh_from_db()
        return letter

    return tell

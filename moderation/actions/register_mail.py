"""Mail to staff about requests, incidents and lessons: that a page waits behind the sign-in, and nothing of what is on it."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from forum.access import WALL_OPEN
from forum.models import Member, Role
from moderation import calls
from moderation.models import OutsideRequest, Reminder


def staff_besides(besides: Member | None = None) -> list[Member]:
    people = Member.objects.filter(role=Role.STAFF, standing__in=WALL_OPEN, is_active=True).order_by("pk")
    return [each for each in people if besides is None or each.pk != besides.pk]


def tell_staff(dedupe: str, subject: str | Promise, request: OutsideRequest, *, besides: Member | None = None) -> None:
    """Mails staff about a request; never the one whom it is about."""
    for person in staff_besides(besides):
        if person.pk != request.about_id:
            calls.mail_page(
                f"{dedupe}:{person.pk}", person, subject, "request", gettext_lazy("the request"), request.pk
            )


def tell_people(
    dedupe: str, people: Iterable[Member], subject: str | Promise, page: str, what: str | Promise, *args: int
) -> None:
    for person in people:
        calls.mail_page(f"{dedupe}:{person.pk}", person, subject, page, what, *args)


def once(what: str) -> bool:
    """Whether this is the first time: any number of clocks may ask, and one is told yes. Call inside a transaction."""
    return Reminder.objects.get_or_create(what=what)[1]

"""What changes who somebody is here: standing, and the end of their sessions. Live sockets hear each of them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from forum.access import WALL_OPEN
from forum.live import tell_member
from forum.models import Member, Standing
from forum.models.member import ENDLESS_STANDINGS
from forum.refusals import BreakTooLong, WallClosed
from forum.standings import BY_WEIGHT, Step, line_of, packed
from realtime import log
from realtime.log import NewEvent
from realtime.models import Delivery

RIGHTS_CHANGED = "rights.changed"
STANDING = ["standing", "standing_until", "steps", "rests_until", "is_active"]
SHORTEST_BREAK = timedelta(minutes=59)  # an hour, chosen a moment ago
LONGEST_BREAK = timedelta(weeks=12)


def change_standing(member: Member, standing: str, until: datetime | None = None) -> list[NewEvent]:
    """Sets a member's standing until a time, or without end. The caller's transaction; the caller appends the events.

    Raises ValueError for a standing nobody knows. The member's sockets are narrowed or widened when they hear it. Who is
    remembered or erased cannot sign in; everyone else can, and comes to the small room when the wall is closed.
    """
    chosen = Standing(standing)
    fresh = _locked(member)
    if chosen is Standing.ACTIVE or chosen in BY_WEIGHT:
        fresh.steps = packed([] if chosen is Standing.ACTIVE else [(chosen, until)])
        _settle(fresh)
    elif chosen is Standing.ON_BREAK and until is not None:
        fresh.rests_until = until
        _settle(fresh)
    else:
        fresh.standing, fresh.standing_until = chosen, until if chosen is Standing.ON_BREAK else None
    if chosen in ENDLESS_STANDINGS:
        fresh.steps, fresh.rests_until = [], None
    fresh.is_active = chosen not in ENDLESS_STANDINGS
    return _changed(member, fresh)


def keep_to(member: Member, steps: Iterable[Step]) -> list[NewEvent]:
    """Makes a member's standing what all that the team has decided about them says together, from now on. A break that they
    chose goes on beneath it, and who has left stays away: it waits for them.

    The caller's transaction; the caller appends the events. The member's sockets are narrowed or widened when they hear it.
    """
    fresh = _locked(member)
    if fresh.standing in ENDLESS_STANDINGS:
        return []
    fresh.steps = packed(line_of(steps, timezone.now()))
    if fresh.standing != Standing.DEACTIVATED:
        _settle(fresh)
    return _changed(member, fresh)


def lay_to_rest(member: Member) -> tuple[dict[str, Any], list[NewEvent]]:
    """A member has died. Nobody signs in to the account, its sessions end, and mail that waits for it is given up. Returns
    what `bring_back` needs should it be a mistake, and the events for the caller's transaction to append.
    """
    fresh = _locked(member)
    until = fresh.rests_until
    before = {"standing": fresh.standing, "steps": fresh.steps, "rests_until": until.isoformat() if until else None}
    keys = list(UserSession.objects.filter(user=member).values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(user=member).delete()
    waiting = Delivery.objects.filter(kind="mail", address=fresh.email, state=Delivery.State.WAITING)
    waiting.update(state=Delivery.State.FAILED, outcome="not sent: remembered", done_at=timezone.now())
    return before, change_standing(member, Standing.REMEMBERED)


def bring_back(member: Member, before: dict[str, Any]) -> list[NewEvent]:
    """It was a mistake: the account is as `lay_to_rest` found it, and its owner can sign in. As `keep_to`."""
    fresh = _locked(member)
    fresh.steps, fresh.is_active = before["steps"], True
    fresh.rests_until = parse_datetime(before["rests_until"]) if before["rests_until"] else None
    if before["standing"] == Standing.DEACTIVATED:
        fresh.standing, fresh.standing_until = Standing.DEACTIVATED, None
    else:
        _settle(fresh)
    return _changed(member, fresh)


def let_back(member: Member) -> list[NewEvent]:
    """Opens an account that was put away, in the standing that a break or the team's decisions leave it. As `keep_to`."""
    fresh = _locked(member)
    if fresh.standing == Standing.DEACTIVATED:  # what the team decided meanwhile stands
        _settle(fresh)
    return _changed(member, fresh)


def take_break(member: Member, until: datetime) -> None:
    """Closes the wall to a member until a time of their own choosing; what stood before waits under it. Asked for again,
    the break has the new end.

    Their sockets lose the wall at once. Raises WallClosed where it is closed already, and BreakTooLong.
    """
    with transaction.atomic():
        fresh, now = _locked(member), timezone.now()
        if fresh.current_standing not in WALL_OPEN | {Standing.ON_BREAK}:
            raise WallClosed
        if not now + SHORTEST_BREAK <= until <= now + LONGEST_BREAK:
            raise BreakTooLong
        fresh.rests_until = until
        _settle(fresh)
        log.append(*_changed(member, fresh))


def end_break(member: Member) -> None:
    """Opens the wall again, at one press; what the team decided and was under the break is back. Without one nothing happens."""
    with transaction.atomic():
        fresh = _locked(member)
        if fresh.current_standing != Standing.ON_BREAK:
            return
        fresh.rests_until = None
        _settle(fresh)
        log.append(*_changed(member, fresh))


def _locked(member: Member) -> Member:
    """The row as it is now, with what it says about them written out: the columns that follow are computed from that."""
    fresh = Member.objects.select_for_update().get(pk=member.pk)
    fresh.steps = packed(line_of(fresh.team_line, timezone.now()))
    if fresh.standing == Standing.ON_BREAK and fresh.rests_until is None:
        fresh.rests_until = fresh.standing_until
    return fresh


def _settle(fresh: Member) -> None:
    """The two columns that everything asks, from what the others say."""
    fresh.standing = Standing.ACTIVE  # or an empty line would be read as what stood before
    fresh.standing, fresh.standing_until = fresh.standing_after


def _changed(member: Member, fresh: Member) -> list[NewEvent]:
    fresh.save(update_fields=STANDING)
    for column in STANDING:
        setattr(member, column, getattr(fresh, column))
    return [tell_member(member.pk, RIGHTS_CHANGED)]


def end_sessions(member_id: int) -> None:
    """After a sign-out or a new password: the hub looks whose session is gone and closes those sockets."""
    with transaction.atomic():
        log.append(tell_member(member_id, RIGHTS_CHANGED))


def lift_ended_standings() -> None:
    """For the clock: writes down that a standing's time is over, and what comes after it. Of two clocks one does."""
    over = Member.objects.filter(standing_until__lte=timezone.now()).exclude(standing__in=ENDLESS_STANDINGS)
    for member_id in list(over.values_list("pk", flat=True)):
        with transaction.atomic():
            fresh = Member.objects.select_for_update().get(pk=member_id)
            if fresh.standing in ENDLESS_STANDINGS or not fresh.standing_until or fresh.standing_until > timezone.now():
                continue
            fresh = _locked(fresh)
            _settle(fresh)
            if fresh.standing != Standing.ON_BREAK and fresh.rests_until and fresh.rests_until <= timezone.now():
                fresh.rests_until = None
            log.append(*_changed(fresh, fresh))

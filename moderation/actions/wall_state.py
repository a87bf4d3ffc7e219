"""What holds for the whole wall: proposed by one of the staff, agreed to by another, ended by the clock or by two."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forum.access import WALL_OPEN
from forum.live import tell_wall
from forum.models import Member, Pinned, Role, WallKind, WallState
from forum.models.wall_state import ALONE
from forum.wall_state import WALL, closed_times
from moderation.calls import mail_page
from moderation.clocks import PROPOSED_FOR, WALL_ALONE
from moderation.refusals import Missing, NotAllowed, WallMoved
from realtime import log
from realtime.log import NewEvent


def propose_state(
    member: Member,
    kind: str,
    *,
    reason: str,
    hours: int,
    word: str = "",
    closes: time | None = None,
    opens: time | None = None,
    alone: bool = False,
) -> WallState:
    """Asks a second of the staff to agree that the wall is other than open for so many `hours` from then on. `alone` begins it
    at once, for two hours at most unless somebody agrees by then: then open pages of the wall hear of it.

    The others of the staff get a mail that a page waits. Raises NotAllowed (not of the staff, or not to be begun alone),
    Missing, and WallMoved where there is such a state already.
    """
    _for_staff(member)
    _check(kind, reason, word, closes, opens, alone)
    if alone and _begun_alone_last(member, kind):
        raise Missing(
            "alone", _("You began the last one alone, and nobody agreed to it. A second person agrees to this one.")
        )
    now = timezone.now()
    begun = {"starts_at": now, "ends_at": now + min(WALL_ALONE, timedelta(hours=hours))} if alone else {}
    try:
        with transaction.atomic():
            state = WallState.objects.create(
                kind=kind, reason=reason, word=word, hours=hours, closes=closes, opens=opens,
                alone=alone, proposed_by=member, proposed_at=now, **begun,
            )  # fmt: skip
            _ask_a_second(state, member)
            log.append(*_told(state if alone else None))
    except IntegrityError:  # one live state of each kind
        raise WallMoved(WallState.objects.filter(kind=kind, ended_at=None).first()) from None
    return state


def agree_to_state(member: Member, state: WallState) -> None:
    """The second name: it holds from now on, or goes on, for as long as was proposed. Open pages of the wall hear of it.

    Raises NotAllowed for whoever proposed it, and WallMoved when somebody was quicker or its time is over.
    """
    _for_staff(member)
    if state.proposed_by_id == member.pk:
        raise NotAllowed(_("A second person agrees to this: somebody else from the staff."))
    with transaction.atomic():
        fresh, now = _live(state), timezone.now()
        if fresh is None or fresh.confirmed_by_id or (fresh.ends_at and fresh.ends_at <= now):
            raise WallMoved(WallState.objects.get(pk=state.pk))
        fresh.confirmed_by, fresh.confirmed_at = member, now
        fresh.starts_at = fresh.starts_at or now
        fresh.ends_at = fresh.starts_at + timedelta(hours=fresh.hours)
        fresh.save(update_fields=["confirmed_by", "confirmed_at", "starts_at", "ends_at"])
        log.append(*_told(fresh))


def end_state(member: Member, state: WallState) -> bool:
    """Ends it before its time. What nobody has agreed to goes at one press; what two agreed to is ended by two: the first
    press asks, and somebody else's ends it. Returns whether it is over. Open pages of the wall hear of it.

    Raises NotAllowed for whoever asked already, and WallMoved when it is over.
    """
    _for_staff(member)
    with transaction.atomic():
        fresh, now = _live(state), timezone.now()
        if fresh is None:
            raise WallMoved(WallState.objects.get(pk=state.pk))
        if fresh.confirmed_by_id and fresh.end_asked_by_id is None:
            fresh.end_asked_by, fresh.end_asked_at = member, now
            fresh.save(update_fields=["end_asked_by", "end_asked_at"])
            _ask_a_second(fresh, member)
            return False
        if fresh.end_asked_by_id == member.pk:
            raise NotAllowed(_("A second person ends this: somebody else from the staff."))
        fresh.ended_by, fresh.ended_at = member, now
        fresh.save(update_fields=["ended_by", "ended_at"])
        log.append(*_told(fresh if fresh.starts_at else None))
    return True


def let_state_stand(member: Member, state: WallState) -> None:
    """Puts away the wish to end it; one person is enough. Raises NotAllowed, and WallMoved when nobody asks any more."""
    _for_staff(member)
    asked = WallState.objects.filter(pk=state.pk, ended_at=None, end_asked_by__isnull=False)
    if not asked.update(end_asked_by=None, end_asked_at=None):
        raise WallMoved(WallState.objects.get(pk=state.pk))


def run_wall(now: datetime | None = None) -> None:
    """For the clock. Ends what is over, lets go what found no second person, and tells open pages when closed hours begin and
    end. Each step is a guarded UPDATE: of many clocks one does it.
    """
    now = now or timezone.now()
    for state in WallState.objects.filter(ended_at=None):
        _step(state, now)
    for pin in Pinned.objects.filter(ended_at=None, until__lte=now):
        _update(Pinned.objects.filter(pk=pin.pk, ended_at=None), {"ended_at": now}, tells=True)


def _step(state: WallState, now: datetime) -> None:
    mine = WallState.objects.filter(pk=state.pk, ended_at=None)
    nobody = {"end_asked_by": None, "end_asked_at": None}
    if state.ends_at and state.ends_at <= now:  # unless somebody has agreed since, and it lasts longer
        _update(mine.filter(ends_at=state.ends_at), {"ended_at": now} | nobody, tells=state.kind in WALL)
    elif state.starts_at is None and state.proposed_at <= now - PROPOSED_FOR:
        _update(mine.filter(starts_at=None), {"ended_at": now}, tells=False)
    elif state.end_asked_at and state.end_asked_at <= now - PROPOSED_FOR:
        _update(mine.filter(end_asked_at=state.end_asked_at), nobody, tells=False)
    elif state.starts_at and state.closes is not None and state.opens is not None:
        rests = any(start <= now < end for start, end in closed_times(state.closes, state.opens, now))
        _update(mine.filter(rests_told=not rests), {"rests_told": rests}, tells=True)


def _update(rows: QuerySet[Any], changes: dict[str, Any], *, tells: bool) -> None:
    if not rows.exists():  # an idle clock takes no lock
        return
    with transaction.atomic():
        if rows.update(**changes) and tells:
            log.append(tell_wall())


def _check(kind: str, reason: str, word: str, closes: time | None, opens: time | None, alone: bool) -> None:
    if not reason:
        raise Missing("reason", _("Say why, so that the second person can judge it."))
    if kind == WallKind.GENTLE and not word:
        raise Missing("word", _("Write the words that stand above the wall."))
    if kind == WallKind.CLOSED_HOURS and (closes is None or opens is None or closes == opens):
        raise Missing("closes", _("Say from when until when, with two different times."))
    if alone and kind not in ALONE:
        raise Missing("alone", _("Only “gentle” and “read only” can begin before a second person has agreed."))


def _begun_alone_last(member: Member, kind: str) -> bool:
    """Else one person keeps the wall closed for ever, two hours at a time. Another who begins one, or agrees, ends that."""
    last = WallState.objects.filter(kind=kind, starts_at__isnull=False).order_by("-proposed_at", "-pk").first()
    return last is not None and last.alone and last.confirmed_by_id is None and last.proposed_by_id == member.pk


def _live(state: WallState) -> WallState | None:
    return WallState.objects.select_for_update().filter(pk=state.pk, ended_at=None).first()


def _told(state: WallState | None) -> list[NewEvent]:
    return [tell_wall()] if state and state.kind in WALL else []


def _ask_a_second(state: WallState, first: Member) -> None:
    """A mail to everyone else of the staff that a page waits; what is begun alone says that it is soon."""
    ends = state.end_asked_at is not None
    subject = gettext_lazy("Something about the whole wall waits for a second person")
    if state.alone and not ends:
        subject = gettext_lazy("Begun by one of the staff: a second person is needed within two hours")
    for person in others_of_staff(first):
        key = f"wall:{state.pk}:{f'end:{state.end_asked_at:%s}' if ends else 'begin'}:{person.pk}"
        mail_page(key, person, subject, "wall_board", gettext_lazy("the page about the whole wall"))


def others_of_staff(first: Member) -> QuerySet[Member]:
    staff = Member.objects.filter(Q(role=Role.STAFF), standing__in=WALL_OPEN, is_active=True)
    return staff.exclude(pk=first.pk).order_by("pk")


def _for_staff(member: Member) -> None:
    if member.role != Role.STAFF or member.current_standing not in WALL_OPEN:
        raise NotAllowed(_("This is for staff."))

"""Saying "I am up": one press on the link of a page, or on the board. The ladder waits for a first step."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from forum.models import Member
from forum.refusals import Refusal
from moderation import ladder_rules, ups
from moderation.actions.moving import _move, guard, locked
from moderation.models import Acknowledgement, Case, LadderCall
from moderation.refusals import NotAllowed, moved
from moderation.ups import Up
from realtime import log


class SomebodyIsUp(Refusal):
    """A colleague said so first: nobody else need be awake for it."""

    def __init__(self, up: Up) -> None:
        super().__init__()
        self.up = up

    @property
    def message(self) -> str:
        until = date_format(timezone.localtime(self.up.until), "H:i")
        return _("%(who)s is up and has until %(time)s for a first step. You can rest.") % {
            "who": self.up.member.handle,
            "time": until,
        }


def acknowledge(case: Case, actor: Member, call: LadderCall | None = None) -> Acknowledgement:
    """Says that this person is up for an escalated case: its ladder waits so long as its rule gives for a first step.

    Once for each call; without one, once. Twice with the same call is once. The boards hear of it. Raises NotAllowed, also
    where nobody is called or they have said so already; SomebodyIsUp; CaseMoved.
    """
    with transaction.atomic():
        locked(case)  # of two presses of one link the second finds what the first did
        if call is not None and (said := Acknowledgement.objects.filter(call=call).first()):
            return said
        fresh = guard("acknowledge", case, actor)
        if call is not None and call.step.episode != fresh.episode:
            raise moved(fresh)
        now, ladders = timezone.now(), ladder_rules.in_force()
        ladder = ladders.of(fresh)
        if not ladder.minutes:
            raise NotAllowed(_("Nobody is called about this. Take it when you are ready for it."))
        if up := ups.up_now(fresh, ladders, now):
            raise SomebodyIsUp(up) if up.member.pk != actor.pk else NotAllowed(said_so())
        said = Acknowledgement.objects.create(
            case=fresh,
            episode=fresh.episode,
            member=actor,
            call=_used(call or ups.open_call(fresh, actor.pk), fresh, actor, now),
            at=now,
            until=now + ladder.up_for,
        )
        log.append(*_move(fresh, "acknowledge", actor))
    return said


def _used(call: LadderCall | None, case: Case, actor: Member, now: datetime) -> LadderCall | None:
    """Uses a call up. Raises NotAllowed for one that was, and where there is none and they have said so before."""
    if call is None:
        if ups.has_said(case, actor.pk):
            raise NotAllowed(said_so())
        return None
    mine = LadderCall.objects.filter(pk=call.pk, member=actor, used_at=None)
    if not mine.update(used_at=now):
        raise NotAllowed(said_so())
    return call


def acknowledge_by_link(call: LadderCall) -> Acknowledgement:
    """The same from a link, in the name of whoever was called: it shows nothing and opens nothing. As `acknowledge`."""
    assert call.member is not None
    return acknowledge(Case.objects.get(pk=call.step.case_id), call.member, call)


def said_so() -> str:
    return _("You have said so already. Take it, and the calls end.")

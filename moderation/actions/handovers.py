"""Staff hand a case to one another: it is offered with a note, and whoever holds it goes on until the other accepts."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forum.actions.notices import give_notice
from forum.models import Member
from moderation import calls, handovers
from moderation.access import case_facts
from moderation.actions import running
from moderation.actions.moving import _move, locked
from moderation.clocks import HAND_OVER
from moderation.colleagues import who_may_take
from moderation.models import Case, HandOver, HandOverAnswer
from moderation.notices_handover import HAND_OFFER
from moderation.refusals import NotAllowed, moved
from moderation.vocabulary import ROUSING
from realtime import log
from realtime.log import NewEvent

ASKED = gettext_lazy("A colleague asks you to take a case over (%(severity)s)")
DECLINED = gettext_lazy("Your colleague cannot take it: you still hold it (%(severity)s)")
LAPSED = gettext_lazy("Nobody answered: you still hold it (%(severity)s)")


def offer_to(case: Case, actor: Member, to: Member, note: str, now: datetime) -> list[NewEvent]:
    """Offers a case that is locked and judged; an earlier offer ends with it. Returns events for the caller to append.

    The colleague is told, and rung where it cannot wait. Nothing else changes: an offer buys no time.
    """
    HandOver.objects.filter(case=case, answer="").update(answer=HandOverAnswer.TAKEN_BACK, answered_at=now)
    events = _move(case, "hand_offer", actor, words=note)
    offer = HandOver.objects.create(
        case=case,
        by=actor,
        to=to,
        event=case.events.order_by("-n")[0],
        offered_at=now,
        lapses_at=now + HAND_OVER[case.severity],
    )
    calls.page(case, to, f"hand:{offer.pk}", ASKED, rings=case.severity in ROUSING)
    return [*events, *give_notice(to.pk, HAND_OFFER, case.pk, pressing=case.severity in ROUSING)]


def accept_hand_over(offer: HandOver, actor: Member) -> Case:
    """From now on this person holds it, and the next action has its whole time again: it is theirs now. Twice is once.

    Raises NotAllowed for anybody else and where they cannot take it any more, CaseMoved where the offer is over.
    """
    return _answer(offer, actor, HandOverAnswer.ACCEPTED, "hand_accept")


def decline_hand_over(offer: HandOver, actor: Member) -> Case:
    """Whoever holds it goes on, and hears it at once; nobody asks why. Twice is once. Raises NotAllowed, CaseMoved."""
    return _answer(offer, actor, HandOverAnswer.DECLINED, "hand_decline")


def take_back_hand_over(offer: HandOver, actor: Member) -> Case:
    """Whoever made the offer keeps the case after all. Twice is once. Raises NotAllowed, CaseMoved."""
    return _answer(offer, actor, HandOverAnswer.TAKEN_BACK, "hand_back")


def lapse_hand_overs() -> int:
    """For the clock: offers that nobody answered in time end, and whoever holds the case is told; those of cases that have
    gone another way end in silence. Returns how many this clock ended.
    """
    now = timezone.now()
    over = HandOver.objects.filter(answer="").exclude(pk__in=handovers.standing().values("pk"))
    done = over.update(answer=HandOverAnswer.OVERTAKEN, answered_at=now) if over.exists() else 0
    return done + sum(_lapse(offer, now) for offer in list(handovers.standing().filter(lapses_at__lte=now)))


def _lapse(offer: HandOver, now: datetime) -> bool:
    with transaction.atomic():
        case = locked(offer.case)
        if not handovers.standing().filter(pk=offer.pk, lapses_at__lte=now).exists():
            return False
        _end(offer, HandOverAnswer.LAPSED, now)
        events = _move(case, "hand_lapse", None)
        _tell(case, offer, LAPSED)
        log.append(*events)
    return True


def _answer(offer: HandOver, actor: Member, answer: HandOverAnswer, action: str) -> Case:
    with transaction.atomic():
        case, now = locked(offer.case), timezone.now()
        fresh = HandOver.objects.select_related("by", "to").get(pk=offer.pk)
        if actor.pk != (fresh.by_id if answer == HandOverAnswer.TAKEN_BACK else fresh.to_id):
            raise NotAllowed(_("This is for whoever was asked."))
        if fresh.answer == answer:
            return case
        if not handovers.standing().filter(pk=fresh.pk).exists():
            raise moved(case)
        _end(fresh, answer, now)
        events = _move(case, action, actor, **_WHAT[answer](case, actor, now))
        if answer == HandOverAnswer.DECLINED:
            _tell(case, fresh, DECLINED)
        log.append(*events)
    return case


def _taken(case: Case, actor: Member, now: datetime) -> dict[str, Any]:
    if not who_may_take(case_facts(case)).filter(pk=actor.pk).exists():
        raise NotAllowed(_("You cannot take this case: it stays with whoever holds it."))
    return {"holder": actor, **running.renewed(case, now)}


def _nothing(case: Case, actor: Member, now: datetime) -> dict[str, Any]:
    return {}


_WHAT: dict[HandOverAnswer, Callable[[Case, Member, datetime], dict[str, Any]]] = {
    HandOverAnswer.ACCEPTED: _taken,
    HandOverAnswer.DECLINED: _nothing,
    HandOverAnswer.TAKEN_BACK: _nothing,
}


def _end(offer: HandOver, answer: HandOverAnswer, now: datetime) -> None:
    HandOver.objects.filter(pk=offer.pk, answer="").update(answer=answer, answered_at=now)


def _tell(case: Case, offer: HandOver, subject: str | Promise) -> None:
    calls.page(case, offer.by, f"hand:{offer.pk}:over", subject, rings=case.severity in ROUSING)

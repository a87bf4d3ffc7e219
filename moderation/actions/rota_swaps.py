"""Asking a colleague to have a time of one's own. It counts once they have accepted, and lapses when the time begins."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forum.models import Member
from moderation import calls, rota
from moderation.actions.rota import RotaMoved, check_person, check_staff, lock_staff, log_change
from moderation.models import RotaChange, RotaInstead, RotaSwap, SwapState
from moderation.refusals import Missing, NotAllowed


@dataclass(frozen=True, slots=True)
class Span:
    """A time of one person's in the rota."""

    starts_at: datetime
    ends_at: datetime
    rank: str


def ask_for_swap(member: Member, asked: Member, span: Span, back: Span | None = None) -> RotaSwap:
    """Asks somebody to have `span`, and offers to have `back` of theirs in return. They hear of it by mail.

    Raises NotAllowed for anyone but staff, Missing for somebody who cannot be on call, and RotaMoved when a time is not
    theirs to give, has begun, or was asked for already.
    """
    check_staff(member)
    try:
        with transaction.atomic():
            lock_staff()
            check_person(asked, "offer")
            if asked == member:
                raise Missing("offer", _("Ask somebody else."))
            _check_theirs(span, member)
            if back:
                _check_theirs(back, asked)
            swap = RotaSwap.objects.create(asked_by=member, asked=asked, **_columns(span, back))
            log_change(RotaChange.SWAP_ASKED, member, swap=swap)
            _tell(swap, asked, gettext_lazy("Somebody asks you to swap a time on call"), "asked")
    except IntegrityError as twice:  # asked of two people at once: the first wish stands
        raise RotaMoved from twice
    return swap


def accept_swap(member: Member, swap: RotaSwap) -> None:
    """Both have each other's times from now on. Raises NotAllowed for anyone but the person asked, and RotaMoved."""
    with transaction.atomic():
        lock_staff()
        fresh = _answer(member, swap, SwapState.ACCEPTED)
        _check_theirs(_span(fresh), fresh.asked_by)
        _take(fresh, _span(fresh), member, member)
        if back := _back(fresh):
            _check_theirs(back, member)
            _take(fresh, back, fresh.asked_by, member)
        log_change(RotaChange.SWAP_ACCEPTED, member, swap=fresh)
        _tell(fresh, fresh.asked_by, gettext_lazy("Your swap was accepted"), "accepted")


def refuse_swap(member: Member, swap: RotaSwap) -> None:
    """The time stays with whoever asked, who hears of it. Nobody asks why. Raises NotAllowed and RotaMoved."""
    with transaction.atomic():
        fresh = _answer(member, swap, SwapState.REFUSED)
        log_change(RotaChange.SWAP_REFUSED, member, swap=fresh)
        _tell(fresh, fresh.asked_by, gettext_lazy("Your swap was not taken this time"), "refused")


def withdraw_swap(member: Member, swap: RotaSwap) -> None:
    """Whoever asked has thought better of it. Raises NotAllowed for anyone else, and RotaMoved when it was answered."""
    if swap.asked_by_id != member.pk:
        raise NotAllowed(_("Only who asked can take it back."))
    with transaction.atomic():
        if not _to(swap, SwapState.WITHDRAWN):
            raise RotaMoved
        log_change(RotaChange.SWAP_WITHDRAWN, member, swap=swap)


def lapse_swaps() -> int:
    """Run by the clock: what nobody answered before the time began is over. Returns how many this clock let lapse."""
    now, lapsed = timezone.now(), 0
    for swap in list(RotaSwap.objects.filter(stage=SwapState.ASKED, starts_at__lte=now)):
        with transaction.atomic():
            if _to(swap, SwapState.LAPSED):
                log_change(RotaChange.SWAP_LAPSED, None, swap=swap)
                _tell(swap, swap.asked_by, gettext_lazy("Nobody answered about your swap: the time is yours"), "lapsed")
                lapsed += 1
    return lapsed


def _answer(member: Member, swap: RotaSwap, stage: SwapState) -> RotaSwap:
    check_staff(member)
    if swap.asked_id != member.pk:
        raise NotAllowed(_("Only the person who was asked can answer."))
    if not _to(swap, stage):
        raise RotaMoved
    fresh = RotaSwap.objects.select_related("asked_by", "asked").get(pk=swap.pk)
    if fresh.starts_at <= timezone.now():
        raise RotaMoved(_("That time has begun, so the swap has lapsed."))
    return fresh


def _to(swap: RotaSwap, stage: SwapState) -> bool:
    """Of two answers at once one counts."""
    asked = RotaSwap.objects.filter(pk=swap.pk, stage=SwapState.ASKED)
    return bool(asked.update(stage=stage, answered_at=timezone.now()))


def _check_theirs(span: Span, member: Member) -> None:
    """The rota may have changed since it was drawn, or since they were asked."""
    if span.starts_at <= timezone.now():
        raise RotaMoved(_("That time has begun already."))
    planned = rota.planned_between(span.starts_at, span.ends_at)[span.rank]  # type: ignore[index]
    if any(piece.who != member.pk for piece in planned):
        raise RotaMoved(_("The rota has changed: that time is not %(who)s's any more.") % {"who": member.handle})


def _take(swap: RotaSwap, span: Span, who: Member, by: Member) -> None:
    RotaInstead.objects.create(
        starts_at=span.starts_at, ends_at=span.ends_at, rank=span.rank, member=who, swap=swap, made_by=by
    )


def _columns(span: Span, back: Span | None) -> dict[str, object]:
    columns: dict[str, object] = {"starts_at": span.starts_at, "ends_at": span.ends_at, "rank": span.rank}
    if back:
        columns |= {"back_starts_at": back.starts_at, "back_ends_at": back.ends_at, "back_rank": back.rank}
    return columns


def _span(swap: RotaSwap) -> Span:
    return Span(swap.starts_at, swap.ends_at, swap.rank)


def _back(swap: RotaSwap) -> Span | None:
    if swap.back_starts_at is None or swap.back_ends_at is None:
        return None
    return Span(swap.back_starts_at, swap.back_ends_at, swap.back_rank)


def _tell(swap: RotaSwap, person: Member, subject: str | Promise, what: str) -> None:
    calls.mail_page(f"rota-swap:{swap.pk}:{what}", person, subject, "rota_mine", gettext_lazy("your times on call"))

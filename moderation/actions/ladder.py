"""Changing the times of a ladder: one of the staff proposes, another agrees, and it is in force from then."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.models import Member, Role
from moderation import ladder_rules
from moderation.clocks import LADDER_BOUNDS, LADDER_WISH
from moderation.models import LadderRule, RuleStage
from moderation.refusals import Missing, NotAllowed

PARTS = ("first_after", "second_after", "team_after", "contact_after", "repeat_every", "up_for")


class WishOver(NotAllowed):
    """Answered already, taken back, or a week old."""

    def __init__(self) -> None:
        super().__init__(_("There is nothing left to answer here: somebody was quicker, or its week is over."))


class WishWaits(NotAllowed):
    """One change of a ladder at a time."""

    def __init__(self) -> None:
        super().__init__(_("A change of this ladder waits for its second person already. Answer that one first."))


def propose_ladder(member: Member, key: ladder_rules.Key, minutes: Mapping[str, int], why: str) -> LadderRule:
    """Proposes other times, in minutes, for the ladder of a (source, severity). Nothing changes until somebody else agrees;
    after a week without an answer it lapses. The same again by the same person is once.

    Raises Missing, with a sentence, for what would not be safe; NotAllowed for who is not of the staff; WishWaits.
    """
    _for_staff(member)
    check_minutes(key, minutes)
    if not why.strip():
        raise Missing("why", _("Say why, so that the second person can judge it."))
    if ladder_rules.minutes_of(key) == {part: minutes[part] for part in PARTS}:
        raise Missing("why", _("This is how it is already."))
    lapse_wishes()
    values = {part: minutes[part] for part in PARTS} | {"why": why.strip()[: LadderRule.WHY_MAX]}
    waiting = LadderRule.objects.filter(source=key[0], severity=key[1], stage=RuleStage.WAITING)
    if same := waiting.filter(proposed_by=member, **values).first():
        return same
    try:
        with transaction.atomic():
            return LadderRule.objects.create(source=key[0], severity=key[1], proposed_by=member, **values)
    except IntegrityError as waits:
        raise WishWaits from waits


def agree_to_ladder(member: Member, rule: LadderRule) -> None:
    """In force from now on, for ladders that are being climbed too. Twice is once. Raises NotAllowed for whoever proposed
    it, WishOver.
    """
    _answer(member, rule, RuleStage.AGREED)


def refuse_ladder(member: Member, rule: LadderRule) -> None:
    """It stays as it is. Twice is once. Raises NotAllowed for whoever proposed it, WishOver."""
    _answer(member, rule, RuleStage.REFUSED)


def take_back_ladder(member: Member, rule: LadderRule) -> None:
    """Whoever proposed it lets it be. Twice is once. Raises NotAllowed for anybody else, WishOver."""
    _answer(member, rule, RuleStage.TAKEN_BACK)


def lapse_wishes() -> int:
    """For the clock: what nobody answered in a week is let go. Returns how many this clock let go."""
    now = timezone.now()
    old = LadderRule.objects.filter(stage=RuleStage.WAITING, proposed_at__lte=now - LADDER_WISH)
    return old.update(stage=RuleStage.LAPSED, answered_at=now) if old.exists() else 0


def check_minutes(key: ladder_rules.Key, minutes: Mapping[str, int]) -> None:
    """Raises Missing, naming the part, for times with which somebody could be left alone for too long or woken in vain."""
    for part, (least, most) in LADDER_BOUNDS[key].items():
        if not least <= minutes[part] <= most:
            raise Missing(part, _out_of_bounds(least, most))
    steps = [minutes[part] for part in LadderRule.STEPS]
    for part, before, after in zip(LadderRule.STEPS[1:], steps, steps[1:], strict=False):
        if after < before:
            raise Missing(part, _("Each step comes after the one before it, or together with it."))


def _out_of_bounds(least: int, most: int) -> str:
    if most == 0:
        return _("In an emergency that a person told us of, the first call goes out at once: 0 minutes.")
    facts = {"least": least, "most": most}
    return _("To be safe, this is between %(least)s and %(most)s minutes.") % facts


def _answer(member: Member, rule: LadderRule, stage: RuleStage) -> None:
    _for_staff(member)
    own = stage == RuleStage.TAKEN_BACK
    if own != (rule.proposed_by_id == member.pk):
        raise NotAllowed(
            _("This is for whoever proposed it.")
            if own
            else _("Two names: somebody else from the staff agrees to it or does not.")
        )
    now = timezone.now()
    live = LadderRule.objects.filter(pk=rule.pk, stage=RuleStage.WAITING, proposed_at__gt=now - LADDER_WISH)
    if live.update(stage=stage, answered_by=member, answered_at=now):
        return
    if not LadderRule.objects.filter(pk=rule.pk, stage=stage, answered_by=member).exists():
        raise WishOver


def _for_staff(member: Member) -> None:
    if member.role != Role.STAFF:
        raise NotAllowed(_("This is for staff."))

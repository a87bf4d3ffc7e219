"""What members do to look after themselves: muting and blocking each other, muting words, pausing the wall, content notes."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from forum import muting
from forum.actions.membership import RIGHTS_CHANGED
from forum.data_rights import unless_held
from forum.live import tell_member
from forum.models import Block, Follow, Keep, Member, Mute, MutedWord, Standing
from forum.refusals import Refusal
from realtime import log


class NotYourself(Refusal):
    @property
    def message(self) -> str:
        return _("You cannot mute or block yourself.")


class NoWord(Refusal):
    code = "invalid"

    @property
    def message(self) -> str:
        return _("There is no word in this to look for.")


class EnoughWords(Refusal):
    @property
    def message(self) -> str:
        return _("You have muted as many words as there is room for. Take one off the list first.")


def mute_member(member: Member, other: Member) -> None:
    """`member` no longer sees what `other` writes; one way, and nobody is told but their own pages. Twice is once.

    Raises NotYourself.
    """
    _not_oneself(member, other)
    with transaction.atomic():
        if Mute.objects.get_or_create(muter=member, muted=other)[1]:
            _tell(member.pk)


def unmute_member(member: Member, other_id: int) -> None:
    """Undoes it. Doing so twice, or where there was no mute, changes nothing."""
    with transaction.atomic():
        if Mute.objects.filter(muter=member, muted=other_id).delete()[0]:
            _tell(member.pk)


def block_member(member: Member, other: Member) -> None:
    """Neither sees the other any more, on any surface, and what each followed or kept of the other's ends. Twice is once.

    The open pages of both are checked against what may still be seen; the other is never told why. Raises NotYourself.
    """
    _not_oneself(member, other)
    with transaction.atomic():
        # Both rows: whatever either is just sending comes before this and is hidden by it, or after it and is refused.
        list(Member.objects.filter(pk__in=[member.pk, other.pk]).order_by("pk").select_for_update())
        if not Block.objects.get_or_create(blocker=member, blocked=other)[1]:
            return
        for one, another in ((member, other), (other, member)):
            for model in (Follow, Keep):
                theirs = Q(post__author=another) | Q(post__parent__author=another)
                model.objects.filter(theirs, member=one).delete()
        _tell(member.pk, other.pk)


def unblock_member(member: Member, other_id: int) -> None:
    """Undoes one's own block; the other's, if there is one, holds. Twice is once."""
    with transaction.atomic():
        if Block.objects.filter(blocker=member, blocked=other_id).delete()[0]:
            _tell(member.pk, other_id)


def mute_word(member: Member, phrase: str, way: str, until: datetime | None = None) -> MutedWord:
    """Folds or hides what others write with this word or phrase in it, until a time or without end. The same word again
    changes how and until when.

    Raises NoWord where there is nothing to look for, and EnoughWords.
    """
    folded = muting.fold(phrase)
    if not folded:
        raise NoWord
    with transaction.atomic():
        Member.objects.select_for_update().get(pk=member.pk)  # two tabs at once count one another
        others = MutedWord.objects.filter(member=member).exclude(folded=folded)
        if others.count() >= MutedWord.EACH_MAX:
            raise EnoughWords
        told = {"phrase": phrase, "way": MutedWord.Way(way), "until": until}
        word, _made = MutedWord.objects.update_or_create(member=member, folded=folded, defaults=told)
        _tell(member.pk)
    return word


def unmute_word(member: Member, word_id: int) -> None:
    """Takes a word off the member's own list. Twice is once."""
    with transaction.atomic():
        if MutedWord.objects.filter(member=member, pk=word_id).delete()[0]:
            _tell(member.pk)


def pause_wall(member: Member, *, paused: bool) -> None:
    """While it is paused nothing arrives on the member's open pages until they ask; what is taken down goes all the same."""
    Member.objects.filter(pk=member.pk).update(wall_paused=paused)
    member.wall_paused = paused


def choose_content_notes(member: Member, choice: str) -> None:
    """Whether words behind a content note start folded or open. The member's open pages hear it."""
    with transaction.atomic():
        if Member.objects.filter(pk=member.pk).exclude(content_notes=choice).update(content_notes=choice):
            _tell(member.pk)
    member.content_notes = choice


def clear_ended_words() -> None:
    """For the clock: muted words whose time is over go, and open pages stop minding them."""
    over = MutedWord.objects.filter(until__lte=timezone.now()).exclude(member__standing=Standing.REMEMBERED)
    ended = unless_held(over)
    for member_id in set(ended.values_list("member_id", flat=True)):
        with transaction.atomic():
            if ended.filter(member=member_id).delete()[0]:
                _tell(member_id)


def _not_oneself(member: Member, other: Member) -> None:
    if member.pk == other.pk:
        raise NotYourself


def _tell(*member_ids: int) -> None:
    log.append(*(tell_member(member_id, RIGHTS_CHANGED) for member_id in member_ids))

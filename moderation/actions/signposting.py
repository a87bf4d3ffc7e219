"""Sending a member lines and groups with a word of one's own."""

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext as _

from forum.models import Member
from moderation import signposts
from moderation.actions.cases import send_word
from moderation.models import Case, Signpost, Word
from moderation.refusals import Missing


def send_signpost(
    case: Case, actor: Member, body: str, key: UUID, *, helplines: Collection[int], groups: Collection[int]
) -> Word:
    """Sends checked lines and groups in the case's conversation, with a few words of the actor's own: a number alone is a
    door shut kindly. The same key and words again give the first word.

    Raises Missing (no words, none chosen or too many, one that may not be sent any more), NotAllowed, CaseMoved, KeyUsed.
    """
    chosen = signposts.choose(helplines, groups)
    if len(chosen) != len(set(helplines)) + len(set(groups)):
        raise Missing("lines", _("One of these is not offered any more. Choose again."))
    if not chosen:
        raise Missing("lines", _("Choose at least one."))
    if len(chosen) > Signpost.MOST:
        raise Missing(
            "lines", _("Five at most: a long list is hard to begin with. Choose the ones you would try first.")
        )
    if not body.strip():
        raise Missing("body", _("Write a few words of your own to go with it."))
    return send_word(case, actor, body, key, lines=chosen)

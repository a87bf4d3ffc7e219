"""What members say about the rules: about a draft while it is open, else about what they would change."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum import access, rules
from forum.actions.drafts import forget_draft
from forum.actions.notices import give_notice
from forum.actions.rules import check_keeper
from forum.models import Member, RuleComment, RuleSet
from forum.notices_places import RULE_COMMENT
from forum.refusals import KeyUsed, NotYet, NotYours, PostingPaused, Refusal, WallClosed, WallRests
from realtime import log


class TalkOver(Refusal):
    @property
    def message(self) -> str:
        return _("The talk about this has ended. Your words are kept; what is talked about now is on this page.")


def talked_about() -> RuleSet:
    """What members can say something about now: the draft while its talk is open, else the rules in force."""
    draft = RuleSet.objects.filter(state=RuleSet.State.DRAFT, closes_at__gt=timezone.now()).first()
    return draft or rules.in_force()


def say_about_rules(member: Member, rule_set_id: int, *, body: str, anchor: str, key: UUID) -> RuleComment:
    """A member's words about the draft, or what they would change in the rules that stand. The same key is one comment.

    Raises WallClosed, PostingPaused, WallRests, TalkOver (what was talked about on their page is not any more), NotYet and KeyUsed.
    """
    viewer = access.facts_of(member)
    if not viewer.wall_is_open:
        raise WallClosed
    if first := RuleComment.objects.filter(author=member, key=key).first():
        return _same(first, body, anchor)
    if not access.has_voice(viewer):
        raise PostingPaused
    if opens_at := access.rests_until(viewer):
        raise WallRests(opens_at)
    about = talked_about()
    if about.pk != rule_set_id:
        raise TalkOver
    known = about.rules.filter(anchor=anchor).exists()
    try:
        with transaction.atomic():
            _check_pace(member)
            forget_draft(member, "rules")
            return RuleComment.objects.create(
                rule_set=about, round=about.round, anchor=anchor if known else "", author=member, body=body, key=key
            )
    except IntegrityError:  # the same key twice at once, and the other was first
        return _same(RuleComment.objects.get(author=member, key=key), body, anchor)


def take_back_comment(member: Member, comment: RuleComment) -> None:
    """Removes one's own words, at any time. Raises NotYours."""
    if comment.author_id != member.pk:
        raise NotYours
    comment.delete()


def hide_comment(actor: Member, comment: RuleComment, why: str) -> None:
    """The team puts a comment away; its author is told and reads why. An empty `why` shows it again. Raises NotYours."""
    check_keeper(actor)
    hidden = {"hidden_at": timezone.now(), "hidden_by": actor} if why else {"hidden_at": None, "hidden_by": None}
    with transaction.atomic():
        if RuleComment.objects.filter(pk=comment.pk).update(hidden_why=why, **hidden):
            state = "hidden" if why else "shown"
            log.append(*give_notice(comment.author_id, RULE_COMMENT, comment.pk, state=state))


def _check_pace(member: Member) -> None:
    """Counts what was said within the hour and not taken back. Who sends many at once waits for themselves here."""
    Member.objects.select_for_update().get(pk=member.pk)
    since = timezone.now() - timedelta(hours=1)
    lately = RuleComment.objects.filter(author=member, made_at__gt=since).order_by("-made_at")
    limit = settings.RULE_COMMENTS_AN_HOUR
    if oldest := lately.values_list("made_at", flat=True)[limit - 1 : limit].first():
        raise NotYet(oldest + timedelta(hours=1))


def _same(first: RuleComment, body: str, anchor: str) -> RuleComment:
    if first.body != body:
        raise KeyUsed(first.pk)
    return first

"""What the clock does to tell a member by mail that somebody has written. Neutral, and only where they want mail at all."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from forum.actions.mail import mail_member, whole
from forum.live import tell_member
from forum.models import MailChoice, Member, Role, Standing
from forum.notices import is_quiet
from moderation.actions.marking import speaker_of
from moderation.clocks import WORD_MAIL_AFTER, WORD_MAIL_AGAIN, WORD_MAIL_UNTIL
from moderation.models import Case, State, Word, WordMail
from moderation.reply_address import address_of
from realtime import log
from realtime.models import Delivery

MACHINE = {"Auto-Submitted": "auto-generated"}  # so that no answering machine answers it
NO_MAIL = frozenset({Standing.ERASED, Standing.REMEMBERED})


def mail_words(now: datetime | None = None) -> int:
    """For the clock. What somebody wrote and the member has not read two minutes later is mailed, all of it as one; in their
    quiet hours only what staff wrote, which is about safety. Returns how many mails this clock queued.
    """
    now = now or timezone.now()
    due = _unmailed(now).exclude(case__subject__mail_choice=MailChoice.NO)
    cases = Case.objects.filter(pk__in=due.values("case")).select_related("subject")
    return sum(_mail(case, now) for case in list(cases))


def follow_mails() -> int:
    """For the clock: what became of those that were queued, for whoever wrote. Returns how many had come to an end."""
    queued = WordMail.objects.filter(stage=WordMail.Stage.QUEUED).select_related("case")
    rows = {mail.dedupe: mail for mail in queued}
    if not rows:
        return 0
    done = Delivery.objects.filter(dedupe__in=rows).exclude(state=Delivery.State.WAITING)
    return sum(_follow(rows[delivery.dedupe], delivery) for delivery in done)


def _unmailed(now: datetime):  # type: ignore[no-untyped-def]  # QuerySet[Word]
    return Word.objects.filter(
        from_team=True, read_at=None, mail=None, sent_at__lte=now - WORD_MAIL_AFTER, sent_at__gt=now - WORD_MAIL_UNTIL
    )


def _mail(case: Case, now: datetime) -> bool:
    member = case.subject
    words = list(_unmailed(now).filter(case=case).select_related("author"))
    for_safety = any(word.author.role == Role.STAFF for word in words)
    if not _may_be_mailed(member) or (not for_safety and (is_quiet(member, now) or _was_mailed(case, now))):
        return False
    with transaction.atomic():
        mail = WordMail.objects.create(case=case, queued_at=now)
        mine = _unmailed(now).filter(pk__in=[word.pk for word in words]).update(mail=mail)
        if not mine:  # another clock, or they have just read it
            transaction.set_rollback(True)
            return False
        reply = address_of(case)
        facts = {
            "conversation": whole(reverse("conversation", args=[case.pk])),
            "reply": reply,
            "help": whole(reverse("help")),
        }
        headers = MACHINE | ({"Reply-To": reply} if reply else {})
        mail_member(member, mail.dedupe, "moderation/email/word.txt", facts, headers)
    return True


def _may_be_mailed(member: Member) -> bool:
    return member.is_active and member.current_standing not in NO_MAIL


def _was_mailed(case: Case, now: datetime) -> bool:
    return WordMail.objects.filter(case=case, queued_at__gt=now - WORD_MAIL_AGAIN).exists()


def _follow(mail: WordMail, delivery: Delivery) -> bool:
    sent = delivery.state == Delivery.State.SENT
    stage = WordMail.Stage.SENT if sent else WordMail.Stage.FAILED
    with transaction.atomic():
        waiting = WordMail.objects.filter(pk=mail.pk, stage=WordMail.Stage.QUEUED)
        mine = waiting.update(stage=stage, done_at=delivery.done_at or timezone.now())
        who = speaker_of(mail.case)
        if mine and who and mail.case.state != State.CLOSED:
            log.append(tell_member(who, "word.sent", mail.case.pk, mail.case.version))
    return bool(mine)

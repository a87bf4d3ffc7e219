"""Asking somebody who told the team something one question back, and their answer."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.actions.drafts import forget_draft
from forum.actions.notices import give_notice, read_notices
from forum.models import Member
from moderation import live, questions
from moderation.actions import running
from moderation.actions.cases import read_reports
from moderation.actions.moving import _move, guard, locked
from moderation.drafts import place_of
from moderation.models import Case, Letter, Report, ReportQuestion
from moderation.notices_questions import QUESTION
from moderation.refusals import Missing, NotAllowed
from moderation.vocabulary import ROUSING
from realtime import log
from realtime.log import NewEvent


def ask_reporter(case: Case, actor: Member, report: Report, question: str) -> ReportQuestion:
    """Asks whoever made a report one thing. A member is told; somebody with a code finds it with that.

    The same question again is once. Raises Missing, NotAllowed (nobody can be asked, or one question is open) and CaseMoved.
    """
    words = question.strip()
    if not words:
        raise Missing("question", _("Write the question first."))
    with transaction.atomic():
        fresh = guard("ask_reporter", case, actor)
        told = fresh.reports.select_related("reporter", "letter").filter(pk=report.pk).first()
        if told is None:
            raise NotAllowed(questions.nobody_to_ask())
        if first := told.questions.filter(answered_at=None, question=words).first():
            return first
        if why := questions.why_not_ask(told):
            raise NotAllowed(why)
        asked = ReportQuestion.objects.create(report=told, question=words, asked_by=actor)
        events = _move(fresh, "ask_reporter", actor, words=words, **running.renewed(fresh, timezone.now()))
        events += read_reports(fresh, actor, case.version)
        log.append(*events, *_tell(asked, told, fresh))
    return asked


def answer_question(asked: ReportQuestion, answer: str, *, by: Member | None) -> ReportQuestion:
    """Whoever made the report answers: `by` nobody for somebody who has shown its code. Pulls the case's clock forward.

    The same answer again is once. Raises Missing, and NotAllowed where the question is another's, is answered already, or
    where the case was closed meanwhile.
    """
    words = answer.strip()
    if not words:
        raise Missing("answer", _("Write something first."))
    with transaction.atomic():
        case = locked(asked.report.case) if asked.report else None
        asked = (
            ReportQuestion.objects.select_for_update(of=("self",)).select_related("report", "letter").get(pk=asked.pk)
        )
        if asked.answered_at and asked.answer == words:
            return asked
        if why := questions.why_not_answer(asked, case, by):
            raise NotAllowed(why)
        asked.answer, asked.answered_at = words, timezone.now()
        asked.save(update_fields=["answer", "answered_at"])
        if by is not None:
            forget_draft(by, place_of(asked.pk))
        log.append(*_answered(asked, case, by))
    if by is not None:
        read_notices(by, kind=QUESTION, ref=asked.pk)
    return asked


def ask_sender(letter: Letter, actor: Member, question: str) -> ReportQuestion:
    """The same for what has no case yet: whom it is about, above all. Raises Missing, NotAllowed."""
    words = question.strip()
    if not words:
        raise Missing("question", _("Write the question first."))
    with transaction.atomic():
        letter = Letter.objects.select_for_update().get(pk=letter.pk)
        if asked := letter.questions.filter(answered_at=None, question=words).first():
            return asked
        if letter.questions.filter(answered_at=None).exists():
            raise NotAllowed(questions.one_at_a_time())
        if letter.settled_at is not None:
            raise NotAllowed(questions.settled())
        asked = letter.questions.create(question=words, asked_by=actor)
        if letter.sender_id:
            log.append(*give_notice(letter.sender_id, QUESTION, asked.pk))
    return asked


def _tell(asked: ReportQuestion, report: Report, case: Case) -> list[NewEvent]:
    if report.reporter_id is None:
        return []
    return give_notice(report.reporter_id, QUESTION, asked.pk, pressing=case.severity in ROUSING)


def _answered(asked: ReportQuestion, case: Case | None, by: Member | None) -> list[NewEvent]:
    if case is None:
        Letter.objects.filter(questions=asked).update(read_at=None, read_by=None)  # somebody looks at it again
        return []
    told = [live.tell_of_word(case)] if case.holder_id else []
    return [*_move(case, "told_more", by, **running.told_more(case, timezone.now())), *told]

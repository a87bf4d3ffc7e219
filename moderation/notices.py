"""What the team's work tells members: a word, a decision about their words, what came of what they told us."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forum import notices
from forum.access import ViewerFacts
from forum.models import Notice
from forum.moments import day_words
from forum.notices import Line, NoticeKind
from moderation import (
    notices_afterwards,
    notices_answers,
    notices_appeals,
    notices_handover,
    notices_members,
    notices_questions,
    notices_readings,
    notices_team,
)
from moderation.access import cases_visible_to
from moderation.models import Case, CaseEvent, Decision, Report, Word
from moderation.receipts import Stage
from moderation.vocabulary import ON_THE_MEMBER

WORD, DECISION, OUTCOME = "word", "decision", "outcome"  # their `ref`: a case, a decision, a report
HANDED = "handed"  # its `ref` is a case that a colleague handed to them


def register() -> None:
    """A word and a decision cannot be turned off: nothing is done to anybody without their being told."""
    notices.register(NoticeKind(WORD, _draw_words, _words_stand))
    notices.register(NoticeKind(DECISION, _draw_decisions, _decisions_stand))
    notices_afterwards.register()
    notices_answers.register()
    notices_appeals.register()
    notices_questions.register()
    notices_members.register()
    notices_readings.register()
    notices_team.register()
    notices_handover.register()
    notices.register(NoticeKind(HANDED, _draw_handed, _handed_stand))
    notices.register(
        NoticeKind(OUTCOME, _draw_outcomes, _outcomes_stand, gettext_lazy("Something comes of what you told the team"))
    )


def _words_stand(viewer: ViewerFacts) -> Q:
    return Q(Exists(Word.objects.filter(case=OuterRef("ref"), case__subject=viewer.id, from_team=True)))


def _draw_words(refs: Sequence[int], viewer: ViewerFacts) -> dict[int, Line]:
    words = Word.objects.filter(case__in=refs, case__subject=viewer.id, from_team=True).select_related("author")
    latest = {word.case_id: word for word in words.order_by("sent_at", "pk")}
    return {
        case_id: Line(
            format_html(_("A word from {who}, a person."), who=_bdi(word.author.handle)),
            reverse("conversation", args=[case_id]),
            who=word.author,
        )
        for case_id, word in latest.items()
    }


def _decided(kind: str) -> str:
    if kind in ON_THE_MEMBER:
        return _("Something was decided about you. The reasons are there for you to read.")
    return _("Something was decided about your words. The reasons are there for you to read.")


def _undone(kind: str) -> str:
    if kind in ON_THE_MEMBER:
        return _("A decision about you was taken back.")
    return _("A decision about your words was taken back.")


def _decisions_stand(viewer: ViewerFacts) -> Q:
    return Q(Exists(Decision.objects.filter(pk=OuterRef("ref"), subject=viewer.id, told=True)))


def _draw_decisions(refs: Sequence[int], viewer: ViewerFacts) -> dict[int, Line]:
    decisions = Decision.objects.filter(pk__in=refs, subject=viewer.id, told=True)
    told = Notice.objects.filter(member=viewer.id, kind=DECISION, ref__in=refs, state="put_back").order_by()
    put_back = set(told.values_list("ref", flat=True))
    return {
        decision.pk: Line(
            _undone(decision.kind)
            if decision.undone_at
            else _("Your new words stand again where the others stood.")
            if decision.pk in put_back
            else _decided(decision.kind),
            reverse("my_decisions"),
        )
        for decision in decisions
    }


def _handed_stand(viewer: ViewerFacts) -> Q:
    theirs = Q(holder=viewer.id) | Q(offered_to=viewer.id)
    return Q(Exists(Case.objects.filter(cases_visible_to(viewer), theirs, pk=OuterRef("ref"))))


def _draw_handed(refs: Sequence[int], viewer: ViewerFacts) -> dict[int, Line]:
    """Who handed it on, and nothing of whom it is about: a notice may be read over a shoulder."""
    passed = CaseEvent.objects.filter(case__in=refs, action__in=["hand_over", "offer"]).select_related("actor")
    latest = {event.case_id: event for event in passed.order_by("n")}
    return {
        case_id: Line(
            format_html(_("{who} has handed a case to you, with a note."), who=_bdi(event.actor.handle)),
            reverse("case", args=[case_id]),
            who=event.actor,
        )
        for case_id, event in latest.items()
        if event.actor and case_id
    }


def _outcomes_stand(viewer: ViewerFacts) -> Q:
    return Q(Exists(Report.objects.filter(pk=OuterRef("ref"), reporter=viewer.id)))


def _draw_outcomes(refs: Sequence[int], viewer: ViewerFacts) -> dict[int, Line]:
    """By how far it was when they were told last. The receipt that it leads to says how things are now."""
    stages: Mapping[int, str] = dict(
        Notice.objects.filter(member=viewer.id, kind=OUTCOME, ref__in=refs).order_by().values_list("ref", "state")
    )
    reports = Report.objects.filter(pk__in=refs, reporter=viewer.id).select_related("read_by")
    lines = {report.pk: (report, _line_of_outcome(report, stages.get(report.pk, ""))) for report in reports}
    return {ident: replace(line, about=_what_was_told(report)) for ident, (report, line) in lines.items()}


def _what_was_told(report: Report) -> str:
    """By which door, and when: two lines that say the same are about two things. Nothing of what was written, and no name."""
    facts = {"door": report.get_door_display(), "day": day_words(report.made_at)}
    return _("%(door)s: %(day)s") % facts


def _line_of_outcome(report: Report, stage: str) -> Line:
    url = f"{reverse('my_reports')}?sent={report.pk}"
    if stage == Stage.UNANSWERED:
        return Line(_("Nobody has answered our calls about what you told us yet. They go on."), url)
    if stage == Stage.READ and report.read_by:
        words = format_html(_("{who} has read what you told us."), who=_bdi(report.read_by.handle))
        return Line(words, url, who=report.read_by)
    if stage == Stage.CLOSED:
        return Line(_("What you told us has been looked into."), url)
    return Line(_("A person is dealing with what you told us."), url)


def _bdi(handle: str) -> str:
    return format_html("<bdi>{}</bdi>", handle)

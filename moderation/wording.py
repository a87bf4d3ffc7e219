"""What the team reads about a case, in plain words: times, what happened, what screening noticed."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moderation.models import Case, CaseEvent, Kind, State

SCREENING_RULES: Mapping[str, str | Promise] = {
    "act": gettext_lazy("an act under way"),
    "goodbye": gettext_lazy("a goodbye"),
    "intent": gettext_lazy("intent"),
    "method": gettext_lazy("intent with a way"),
    "plan": gettext_lazy("a plan"),
    "means": gettext_lazy("means at hand"),
    "time": gettext_lazy("a time"),
    "passive": gettext_lazy("thoughts of dying"),
    "self_injury": gettext_lazy("hurting themselves"),
    "phone": gettext_lazy("a phone number"),
    "email": gettext_lazy("an e-mail address"),
    "address": gettext_lazy("where somebody lives"),
    "account": gettext_lazy("an account elsewhere"),
}
HAPPENED: Mapping[str, str | Promise] = {
    "open": gettext_lazy("The case was opened"),
    "report": gettext_lazy("A report joined"),
    "claim": gettext_lazy("%(who)s took it"),
    "release": gettext_lazy("%(who)s gave it back"),
    "hand_over": gettext_lazy("%(who)s handed it on"),
    "note": gettext_lazy("%(who)s wrote a note"),
    "word": gettext_lazy("%(who)s wrote to the member"),
    "answer": gettext_lazy("%(who)s answered"),
    "answer_reopens": gettext_lazy("%(who)s answered, so it is open again"),
    "decide": gettext_lazy("%(who)s decided"),
    "step": gettext_lazy("%(who)s decided, and the case goes on"),
    "escalate": gettext_lazy("%(who)s passed it to staff"),
    "take": gettext_lazy("%(who)s took it, for staff"),
    "return": gettext_lazy("%(who)s gave it back to moderators"),
    "record": gettext_lazy("%(who)s wrote the record"),
    "close": gettext_lazy("%(who)s closed it"),
    "reopen": gettext_lazy("%(who)s opened it again"),
    "lapse": gettext_lazy("The claim lapsed without an act"),
    "late": gettext_lazy("It was late, so it went to staff"),
    "call": gettext_lazy("It went to staff at once"),
    "second_reading": gettext_lazy("%(who)s read it a second time"),
    "undo": gettext_lazy("%(who)s undid a decision"),
}
UNNAMED = frozenset({"open", "report"})  # what a reporter did is told without them


def what_happened(event: CaseEvent) -> str:
    """One line of the time line."""
    words = HAPPENED.get(event.action)
    if words is None:
        return event.action
    who = event.actor.handle if event.actor and event.action not in UNNAMED else _("Nobody")
    return str(words) % {"who": who}


def how_long(span: timedelta) -> str:
    """A span in words, rounded down to what matters: 19 min, 3 h, 2 days."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 1:
        return _("under a minute")
    if minutes < 60:
        return _("%(n)d min") % {"n": minutes}
    if minutes < 48 * 60:
        return _("%(n)d h") % {"n": minutes // 60}
    return _("%(n)d days") % {"n": minutes // (24 * 60)}


def due_words(when: datetime | None, now: datetime | None = None) -> str:
    """How long is left, or how late it is."""
    if when is None:
        return ""
    left = when - (now or timezone.now())
    if left <= timedelta(0):
        return _("%(span)s late") % {"span": how_long(-left)} if -left >= timedelta(minutes=1) else _("due now")
    return _("in %(span)s") % {"span": how_long(left)}


def clock_of(case: Case) -> datetime | None:
    """The clock that runs: the first look, the decision, or what staff owe next; none while it waits for staff."""
    return case.next_action_due if case.state == State.WITH_STAFF else case.due_at


def clock_words(case: Case, now: datetime | None = None) -> str:
    """What the running clock asks for and by when, as a sentence."""
    now = now or timezone.now()
    if case.state == State.ESCALATED and case.escalated_at:
        return _("Passed to staff %(span)s ago. Nobody has taken it yet.") % {"span": how_long(now - case.escalated_at)}
    asked = {
        State.OPEN: _("First look %(due)s."),
        State.IN_REVIEW: _("Decision %(due)s."),
        State.WITH_STAFF: _("Next step %(due)s."),
    }.get(State(case.state))
    when = clock_of(case)
    if asked is None or when is None:
        return ""
    words = asked % {"due": due_words(when, now)}
    if case.state == State.IN_REVIEW and case.lapses_at:
        words += " " + _("The claim lapses %(due)s without a note, a word or a decision.") % {
            "due": due_words(case.lapses_at, now)
        }
    return words


def headline(case: Case) -> str:
    """What a case is about, as a name for it."""
    handle = {"handle": case.subject.handle}
    if case.kind == Kind.CARE:
        return _("Worry about %(handle)s") % handle
    if case.post is None:
        return _("About %(handle)s") % handle
    return (_("A reply by %(handle)s") if case.post.parent_id else _("A post by %(handle)s")) % handle


def noticed_words(reasons: Sequence[Mapping[str, Any]]) -> str:
    """What screening noticed, each thing once."""
    rules = dict.fromkeys(str(reason.get("rule", "")) for reason in reasons)
    return ", ".join(str(SCREENING_RULES.get(rule, rule)) for rule in rules if rule)


def marked(text: str, reasons: Sequence[Mapping[str, Any]]) -> SafeString:
    """The words with what screening noticed marked. Everything is escaped first; the marks are put between the pieces."""
    pieces, at = [], 0
    for start, end in _spans(text, reasons):
        pieces += [_plain(text[at:start]), format_html("<mark>{}</mark>", _plain(text[start:end]))]
        at = end
    return mark_safe("".join([*pieces, _plain(text[at:])]))  # noqa: S308 - each piece is escaped above


def _plain(text: str) -> SafeString:
    return mark_safe(conditional_escape(text).replace("\n", "<br>"))  # noqa: S308 - escaped, then our own break


def _spans(text: str, reasons: Sequence[Mapping[str, Any]]) -> list[tuple[int, int]]:
    """Spans in order, joined where they touch. One that does not fit these words is left out: they may have changed."""
    spans = sorted((int(reason["start"]), int(reason["end"])) for reason in reasons if _fits(text, reason))
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _fits(text: str, reason: Mapping[str, Any]) -> bool:
    start, end = reason.get("start"), reason.get("end")
    return isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(text)

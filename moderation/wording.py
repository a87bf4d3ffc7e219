"""What the team reads about a case, in plain words: times, what happened, what screening noticed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forum.models import Member
from moderation import resting
from moderation.differences import with_marks
from moderation.models import Case, CaseEvent, DecisionKind, Kind, State
from moderation.vocabulary import PAGED

SCREENING_RULES: Mapping[str, str | Promise] = {
    "act": gettext_lazy("an act under way"),
    "likeness": gettext_lazy("reads like words of danger"),
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
    "postcode": gettext_lazy("a whole postcode"),
    "place": gettext_lazy("at a dangerous place"),
    "attempt": gettext_lazy("an attempt"),
    "asks_how": gettext_lazy("asking how"),
    "unsafe": gettext_lazy("not safe with themselves"),
    "hopeless": gettext_lazy("no hope"),
    "decision": gettext_lazy("a decision"),
    "no_future": gettext_lazy("not being here later"),
    "voices": gettext_lazy("voices that tell them to"),
    "signs": gettext_lazy("several signs together"),
    "someone_else": gettext_lazy("somebody else in danger"),
    "amount": gettext_lazy("an amount that kills"),
    "put_together": gettext_lazy("how it is put together"),
    "threat": gettext_lazy("a threat"),
    "goading": gettext_lazy("telling somebody to die"),
    "insult": gettext_lazy("an insult, to somebody"),
    "slur": gettext_lazy("a slur, to somebody"),
    "links": gettext_lazy("many links"),
    "shortener": gettext_lazy("a hidden link"),
    "repeated": gettext_lazy("the same link again and again"),
    "sales": gettext_lazy("words of the trade"),
    "as_the_team": gettext_lazy("speaks as if for the team"),
    "own_words": gettext_lazy("a phrase this site added"),
}
HAPPENED: Mapping[str, str | Promise] = {
    "open": gettext_lazy("The case was opened"),
    "report": gettext_lazy("A report joined"),
    "rings": gettext_lazy("Nobody had read what was told with many others, so people are called"),
    "take_back": gettext_lazy("A report was taken back by whoever made it"),
    "reserve": gettext_lazy("What was reported goes past whoever handled it so far"),
    "raise": gettext_lazy("%(who)s raised it"),
    "ask_reporter": gettext_lazy("%(who)s asked whoever told us"),
    "told_more": gettext_lazy("Whoever told us answered"),
    "targeting": gettext_lazy("%(who)s opened a case about how somebody uses worries"),
    "contact": gettext_lazy("%(who)s opened how to reach whoever told us"),
    "claim": gettext_lazy("%(who)s took it"),
    "release": gettext_lazy("%(who)s gave it back"),
    "hand_over": gettext_lazy("%(who)s handed it on"),
    "someone_else": gettext_lazy("%(who)s gave it back, for somebody else"),
    "let_go": gettext_lazy("%(who)s gave it back, and it waits for staff again"),
    "offer": gettext_lazy("%(who)s gave it back, offered to a colleague first"),
    "note": gettext_lazy("%(who)s wrote a note"),
    "word": gettext_lazy("%(who)s wrote to the member"),
    "signpost": gettext_lazy("%(who)s sent them lines to turn to"),
    "ask_again": gettext_lazy("%(who)s asks again later"),
    "rest": gettext_lazy("%(who)s left it to rest in the queue"),
    "time_to_ask": gettext_lazy("The time to ask again came"),
    "stay": gettext_lazy("%(who)s stays with them until staff take it"),
    "stop_staying": gettext_lazy("%(who)s cannot stay any longer"),
    "standing_note": gettext_lazy("%(who)s put a standing note before them"),
    "note_agreed": gettext_lazy("%(who)s agreed to the standing note"),
    "note_changed": gettext_lazy("%(who)s put words of the standing note differently"),
    "note_withdrawn": gettext_lazy("%(who)s does not want the standing note"),
    "answer": gettext_lazy("%(who)s answered"),
    "answer_late": gettext_lazy("Nobody read their answer in time, so whoever could was told"),
    "answer_reopens": gettext_lazy("%(who)s answered, so it is open again"),
    "talk": gettext_lazy("%(who)s wrote about what was decided"),
    "talk_reopens": gettext_lazy("%(who)s would like to talk about what was decided, so it is open again"),
    "republish": gettext_lazy("%(who)s edited the words and put them back"),
    "put_back": gettext_lazy("%(who)s put the new words back"),
    "decline": gettext_lazy("%(who)s said why the new words do not go back like this"),
    "settle": gettext_lazy("%(who)s closed it again: it was talked over"),
    "decide": gettext_lazy("%(who)s decided"),
    "step": gettext_lazy("%(who)s decided, and the case goes on"),
    "propose": gettext_lazy("%(who)s proposed a ban"),
    "confirm": gettext_lazy("%(who)s agreed to the ban"),
    "refuse": gettext_lazy("%(who)s did not agree to the ban"),
    "stop_posts": gettext_lazy("%(who)s stopped their new posts for an hour"),
    "second_look": gettext_lazy("%(who)s looked at it a second time, and agrees"),
    "ask_undo": gettext_lazy("%(who)s looked at it a second time, and asks to undo it"),
    "let_stand": gettext_lazy("%(who)s lets it stand"),
    "escalate": gettext_lazy("%(who)s passed it to staff"),
    "take": gettext_lazy("%(who)s took it, for staff"),
    "called": gettext_lazy("People were called"),
    "acknowledge": gettext_lazy("%(who)s is up"),
    "hand_offer": gettext_lazy("%(who)s asked a colleague to take it over"),
    "hand_accept": gettext_lazy("%(who)s took it over"),
    "hand_decline": gettext_lazy("%(who)s cannot take it over"),
    "hand_back": gettext_lazy("%(who)s keeps it after all"),
    "hand_lapse": gettext_lazy("Nobody answered whether they take it over"),
    "return": gettext_lazy("%(who)s gave it back to moderators"),
    "record": gettext_lazy("%(who)s wrote the record"),
    "contact_tried": gettext_lazy("%(who)s noted whom they tried to reach"),
    "sheet": gettext_lazy("%(who)s made the sheet for emergency services"),
    "withhold": gettext_lazy("%(who)s asked that the person does not read the record yet"),
    "withhold_confirm": gettext_lazy("%(who)s agreed that the person does not read the record yet"),
    "withhold_end": gettext_lazy("%(who)s ended that, so the person can read the record"),
    "seal": gettext_lazy("%(who)s sealed the words from view"),
    "sealed_report": gettext_lazy("%(who)s noted to whom it was reported"),
    "follow_up": gettext_lazy("The day to follow it up came, so it is back with staff"),
    "follow_up_joins": gettext_lazy("The day came to follow up an earlier record"),
    "card": gettext_lazy("%(who)s opened the card they left"),
    "shared_connection": gettext_lazy("%(who)s looked whether somebody who was shut out has come back"),
    "rename": gettext_lazy("%(who)s gave them another name"),
    "ask_disclosure": gettext_lazy("%(who)s asked to see contact details"),
    "request_disclosure": gettext_lazy("%(who)s asked to see contact details, for a request from outside"),
    "approve_disclosure": gettext_lazy("%(who)s agreed that contact details may be seen"),
    "refuse_disclosure": gettext_lazy("%(who)s did not agree that contact details are seen"),
    "open_disclosure": gettext_lazy("%(who)s opened contact details"),
    "reopen_disclosure": gettext_lazy("%(who)s opened contact details again"),
    "view_disclosure": gettext_lazy("%(who)s looked at contact details"),
    "shut_disclosure": gettext_lazy("%(who)s shut the contact details"),
    "review_disclosure": gettext_lazy("%(who)s reviewed that contact details were opened"),
    "disclosure_lapsed": gettext_lazy("Nobody answered for a week, so the wish to see contact details lapsed"),
    "propose_hold": gettext_lazy("%(who)s proposed a legal hold"),
    "confirm_hold": gettext_lazy("%(who)s agreed to the legal hold"),
    "refuse_hold": gettext_lazy("%(who)s did not agree to the legal hold"),
    "release_hold": gettext_lazy("%(who)s released the legal hold"),
    "read_hold": gettext_lazy("%(who)s read what the legal hold keeps"),
    "hold_lapsed": gettext_lazy("Nobody answered for a week, so the legal hold lapsed"),
    "hold_ended": gettext_lazy("The legal hold came to its end"),
    "took_back": gettext_lazy("%(who)s took words back from the wall"),
    "changed_words": gettext_lazy("%(who)s changed words on the wall"),
    "changed_contact": gettext_lazy("%(who)s changed how to reach them"),
    "left": gettext_lazy("%(who)s closed their account, with a way back"),
    "erases": gettext_lazy("%(who)s asked for everything to be erased"),
    "close": gettext_lazy("%(who)s closed it"),
    "reopen": gettext_lazy("%(who)s opened it again"),
    "lapse": gettext_lazy("The claim lapsed without an act"),
    "late": gettext_lazy("It was late, so it went to staff"),
    "call": gettext_lazy("It went to staff at once"),
    "second_reading": gettext_lazy("%(who)s read it a second time"),
    "fold": gettext_lazy("Several people told us and nobody was here, so the words were folded by themselves"),
    "undo": gettext_lazy("%(who)s undid a decision"),
    "by_hand": gettext_lazy("%(who)s wrote down what was told to them"),
    "register": gettext_lazy("%(who)s took a step in the register of requests, which staff keep"),
    "appeal": gettext_lazy("Another look was asked for"),
    "appeal_claim": gettext_lazy("%(who)s took the appeal"),
    "appeal_release": gettext_lazy("%(who)s gave the appeal back"),
    "appeal_lapse": gettext_lazy("The appeal was taken and not answered, so it waits again"),
    "appeal_late": gettext_lazy("The appeal was not answered in time, so staff were told"),
    "appeal_upheld": gettext_lazy("%(who)s upheld the appeal"),
    "appeal_refused": gettext_lazy("%(who)s looked again, and it stands"),
    PAGED: gettext_lazy("Somebody was called"),
    "appeal_reopens": gettext_lazy("%(who)s upheld the appeal, so the case is open again"),
}
FOR_COLLEAGUES = frozenset(
    {
        *("note", "hand_over", "offer", "escalate", "return", "reopen", "close", "raise", "stop_posts", "rename"),
        *("ask_again", "rest", "refuse", "ask_undo", "let_stand", "hand_offer"),
    }
)
"""Steps whose words are written for whoever reads the case next."""
NUMBERED = frozenset(
    {
        *(PAGED, "called", "open", "report", "take_back", "undo", "contact", "second_look", "fold", "targeting"),
        *("by_hand", "register", "rings"),
    }
)
"""Steps whose words are a number for the record, and nothing to read."""
FOR_TAKERS = frozenset(
    {
        *("ask_disclosure", "request_disclosure", "refuse_disclosure", "review_disclosure"),
        *("propose_hold", "refuse_hold", "release_hold"),
    }
)
"""Steps whose words concern those alone who take such a case from moderators: why contact details, why a hold for a court."""
UNNAMED = frozenset({"open", "report", "take_back", "told_more", "appeal"})  # what a reporter did is told without them


def what_happened(event: CaseEvent) -> str:
    """One line of the time line."""
    words = HAPPENED.get(event.action)
    if words is None:
        return event.action
    who = event.actor.handle if event.actor and event.action not in UNNAMED else _("Nobody")
    return str(words) % {"who": who}


def said_with(event: CaseEvent, *, takes: bool) -> str:
    """The words that went with an event, for a person to read; "" where they were a number for the machine, or are only for
    whoever `takes` such cases.
    """
    words = event.said.words if hasattr(event, "said") else ""
    if event.action in FOR_TAKERS and not takes:
        return ""
    if event.action in ("decide", "step", "propose", "confirm"):
        return str(DecisionKind(words).label) if words in DecisionKind.values else words
    return "" if event.action in NUMBERED else words


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
    """The clock that runs: the end of a rest, the first look, the decision, or what staff owe next; none while it waits for staff."""
    if case.asks_again_at:
        return case.asks_again_at
    return case.next_action_due if case.state == State.WITH_STAFF else case.due_at


def clock_words(case: Case, now: datetime | None = None) -> str:
    """What the running clock asks for and by when, as a sentence."""
    now = now or timezone.now()
    if case.asks_again_at:
        return resting.rest_words(case)
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


def told_of_new_name(by: Member) -> str:
    """What a member may read who was given another name; staff put it into their own words. The old name is not in it."""
    return _(
        "Hello, this is %(who)s, from the team, a person. So that nobody can find you by your old name, we have given you "
        "another one and another picture. You can choose a name of your own on your page whenever you like. Everything "
        "else is as it was."
    ) % {"who": by.handle}


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


@dataclass(frozen=True, slots=True)
class Noticed:
    """One rule of screening that spoke, in words, and which of somebody's words it saw."""

    rule: str | Promise
    quotes: Sequence[str]


def noticed_among(texts: Iterable[tuple[str, Sequence[Mapping[str, Any]]]]) -> list[Noticed]:
    """What screening noticed in these words, rule by rule: each quotation once, in the order in which they stand."""
    quotes: dict[str, dict[str, None]] = {}
    for text, reasons in texts:
        for reason in sorted(filter(lambda each: _fits(text, each), reasons), key=lambda each: int(each["start"])):
            quotes.setdefault(str(reason.get("rule", "")), {})[text[int(reason["start"]) : int(reason["end"])]] = None
    return [Noticed(SCREENING_RULES.get(rule, rule), list(seen)) for rule, seen in quotes.items()]


def marked(text: str, reasons: Sequence[Mapping[str, Any]]) -> SafeString:
    """The words with what screening noticed marked. Everything is escaped first; the marks are put between the pieces."""
    return with_marks(text, spans(text, reasons))


def spans(text: str, reasons: Sequence[Mapping[str, Any]]) -> list[tuple[int, int]]:
    """Where screening noticed something, in order, joined where it touches. What does not fit is left out."""
    found = sorted((int(reason["start"]), int(reason["end"])) for reason in reasons if _fits(text, reason))
    joined: list[tuple[int, int]] = []
    for start, end in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _fits(text: str, reason: Mapping[str, Any]) -> bool:
    start, end = reason.get("start"), reason.get("end")
    return isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(text)

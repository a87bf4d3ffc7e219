"""What an action on a case says when the answer is no. Each carries a sentence for the person who asked."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from forum.models import Member, WallState
from forum.refusals import NotYet, Refusal
from moderation.models import Case, Decision, State
from moderation.vocabulary import NO_STEPS

BY_REPORTERS = frozenset(
    {"open", "report", "take_back", "answer", "answer_reopens", "appeal", "talk", "talk_reopens", "republish"}
    | {"note_agreed", "note_changed", "note_withdrawn", "told_more"}
    | {"took_back", "changed_words", "changed_contact", "left", "erases"}
)  # whose names stay out of it


class NotAllowed(Refusal):
    """The table says no; `message` is its sentence."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self._sentence = sentence

    @property
    def message(self) -> str:
        return self._sentence


class TwoLanes(NotAllowed):
    """A step against a member waits for whoever looks after them."""


class ReportedOften(NotYet):
    """At the door of the house rules alone: the other two have no limit."""

    def _sentence(self) -> str:
        return _("You can report again at %(time)s. Your words are kept. Telling us that you are worried has no limit.")


class SentAsMachine(Refusal):
    """From outside, at the door of the house rules alone: a worry is kept however it comes."""

    code = "invalid"

    @property
    def message(self) -> str:
        return _(
            "This page was sent very quickly, or lay open for long. Your words are kept: please send it once more."
        )


class CaseMoved(Refusal):
    """Somebody was quicker. `case` is as it stands now; `who` (None: it happened by itself) did `what` at `when`."""

    def __init__(self, case: Case, who: Member | None, what: str, when: datetime) -> None:
        super().__init__(what)
        self.case, self.who, self.what, self.when = case, who, what, when

    @property
    def message(self) -> str:
        facts = {"who": self.who.handle if self.who else "", "at": timezone.localtime(self.when).strftime("%H:%M")}
        return _sentence(self.what, by_somebody=self.who is not None) % facts


class WallMoved(Refusal):
    """Somebody was quicker with what holds for the whole wall, or its time is over. `stands` is as it is now."""

    def __init__(self, state: WallState | None) -> None:
        super().__init__()
        self.stands = state

    @property
    def message(self) -> str:
        state = self.stands
        if state is None or (state.ended_at and state.ended_by is None):
            return _("Its time was over before you pressed. Here is where it stands now.")
        if state.ended_by:
            who, at, words = (
                state.ended_by,
                state.ended_at,
                _("%(who)s ended this at %(at)s. Here is where it stands now."),
            )
        elif state.confirmed_by:
            who, at = state.confirmed_by, state.confirmed_at
            words = _("%(who)s agreed to this at %(at)s. Here is where it stands now.")
        else:
            who, at = state.proposed_by, state.proposed_at
            words = _("%(who)s proposed this at %(at)s. Here is where it stands now.")
        return words % {"who": who.handle, "at": timezone.localtime(at).strftime("%H:%M")}


class SomebodyWasQuicker(Refusal):
    """It was done, or is over, before this press came."""

    @property
    def message(self) -> str:
        return _("Somebody was quicker, or its time is over. Here is where it stands now.")


class AppealStands(Refusal):
    """Another look was asked for already, in other words."""

    def __init__(self, when: datetime) -> None:
        super().__init__()
        self.when = when

    @property
    def message(self) -> str:
        return _(
            "You asked for another look already, on %(day)s. That one counts, and it is read. Your words are kept here: you can "
            "send them through “I need someone from the team” as well."
        ) % {"day": date_format(timezone.localtime(self.when), "j F, H:i")}


class Answered(Refusal):
    """A second person was quicker."""

    def __init__(self, who: Member | None, when: datetime) -> None:
        super().__init__()
        self.who, self.when = who, when

    @property
    def message(self) -> str:
        return _("%(who)s answered this at %(at)s. Here is where it stands now.") % {
            "who": self.who.handle if self.who else _("Somebody"),
            "at": timezone.localtime(self.when).strftime("%H:%M"),
        }


class WordsChanged(Refusal):
    """The words are not those that were judged."""

    @property
    def message(self) -> str:
        return _("The words have changed since you opened them. Read them as they stand now, and decide then.")


class NothingToDo(Refusal):
    """The post is that way already, or has gone."""

    code = "invalid"

    @property
    def message(self) -> str:
        return _("There is nothing left to do here: the post is that way already, or its author has taken it back.")


class StandsAlready(Refusal):
    """Nobody is punished twice for the same thing: what was decided about it stands."""

    def __init__(self, stands: Decision) -> None:
        super().__init__()
        self.stands = stands

    @property
    def message(self) -> str:
        what = _("%(who)s has decided about this already, on %(day)s: “%(what)s”. Nobody gets two for the same thing.")
        return (what + " " + _("If that was wrong, undo it first.")) % {
            "who": self.stands.decided_by.handle if self.stands.decided_by else "",
            "day": date_format(timezone.localtime(self.stands.made_at), "j F, H:i"),
            "what": self.stands.get_kind_display(),
        }


class PostsStopped(Refusal):
    """New posts of theirs were stopped for an hour already: the next time within a day is for staff to decide."""

    def __init__(self, stop: Decision) -> None:
        super().__init__()
        self.stop = stop

    @property
    def message(self) -> str:
        facts = {
            "who": self.stop.decided_by.handle if self.stop.decided_by else "",
            "at": date_format(timezone.localtime(self.stop.made_at), "j F, H:i"),
        }
        return _("%(who)s stopped their new posts for an hour already, on %(at)s. Staff decide about more.") % facts


class NotShown(Refusal):
    """What would be sent is not what the page showed as the member will read it. `statement` is what has to be shown."""

    def __init__(self, statement: str) -> None:
        super().__init__()
        self.statement = statement

    @property
    def message(self) -> str:
        return _("Read it as they will. Press again to send it.")


class Missing(Refusal):
    """Something that this action cannot do without was left out. `field` names it."""

    code = "invalid"

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field, self._sentence = field, sentence

    @property
    def message(self) -> str:
        return self._sentence


def _sentence(what: str, *, by_somebody: bool) -> str:
    if not by_somebody:
        return _("Something new came to this case at %(at)s. Here is where it stands now.")
    known = {
        "claim": _("%(who)s took this at %(at)s. Here is where it stands now."),
        "take": _("%(who)s took this at %(at)s. Here is where it stands now."),
        "decide": _("%(who)s decided this at %(at)s. Here is where it stands now."),
        "close": _("%(who)s closed this at %(at)s. Here is where it stands now."),
        "escalate": _("%(who)s passed this to staff at %(at)s. Here is where it stands now."),
        "hand_over": _("%(who)s handed this on at %(at)s. Here is where it stands now."),
        "hand_offer": _("%(who)s asked a colleague to take this over, at %(at)s. Here is where it stands now."),
        "hand_accept": _("%(who)s took this over at %(at)s. Here is where it stands now."),
        "offer": _("%(who)s gave this back at %(at)s. Here is where it stands now."),
        "second_look": _("%(who)s has looked at this already, at %(at)s. Here is where it stands now."),
        "ask_undo": _("%(who)s has looked at this already, at %(at)s. Here is where it stands now."),
        "let_stand": _("%(who)s has looked at this already, at %(at)s. Here is where it stands now."),
        "confirm": _("%(who)s agreed to the ban at %(at)s. Here is where it stands now."),
        "refuse": _("%(who)s did not agree to the ban, at %(at)s. Here is where it stands now."),
        "release": _("%(who)s gave this back at %(at)s. Here is where it stands now."),
    }
    return known.get(what, _("%(who)s has just handled this, at %(at)s. Here is where it stands now."))


def moved(case: Case) -> CaseMoved:
    """The refusal for whoever came second, from the last thing that happened to the case."""
    last = case.events.exclude(action__in=NO_STEPS).select_related("actor").order_by("-n").first()
    if last is None:
        return CaseMoved(case, None, State(case.state).value, case.opened_at)
    told = None if last.action in BY_REPORTERS else last.actor
    return CaseMoved(case, told, last.action, last.at)

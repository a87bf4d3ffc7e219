"""What an action on a case says when the answer is no. Each carries a sentence for the person who asked."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from forum.models import Member
from forum.refusals import Refusal
from moderation.models import Case, State

BY_REPORTERS = frozenset({"open", "report", "answer", "answer_reopens"})  # whose names stay out of it


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


class CaseMoved(Refusal):
    """Somebody was quicker. `case` is as it stands now; `who` (None: it happened by itself) did `what` at `when`."""

    def __init__(self, case: Case, who: Member | None, what: str, when: datetime) -> None:
        super().__init__(what)
        self.case, self.who, self.what, self.when = case, who, what, when

    @property
    def message(self) -> str:
        facts = {"who": self.who.handle if self.who else "", "at": timezone.localtime(self.when).strftime("%H:%M")}
        return _sentence(self.what, by_somebody=self.who is not None) % facts


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
        "release": _("%(who)s gave this back at %(at)s. Here is where it stands now."),
    }
    return known.get(what, _("%(who)s has just handled this, at %(at)s. Here is where it stands now."))


def moved(case: Case) -> CaseMoved:
    """The refusal for whoever came second, from the last thing that happened to the case."""
    last = case.events.select_related("actor").order_by("-n").first()
    if last is None:
        return CaseMoved(case, None, State(case.state).value, case.opened_at)
    told = None if last.action in BY_REPORTERS else last.actor
    return CaseMoved(case, told, last.action, last.at)

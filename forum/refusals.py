"""What an action says when the answer is no: a code of the wire, and a sentence for the person."""

from datetime import datetime
from math import ceil

from django.utils import timezone
from django.utils.translation import gettext as _

from forum.moments import clock_words, day_words


class Refusal(Exception):
    """`code` is one of the wire's: invalid, too_fast, not_allowed, not_found, on_break, key_used. (The door's own is look_again.)"""

    code = "not_allowed"

    @property
    def message(self) -> str:
        return _("This is not possible just now. Your words are kept.")


class WallClosed(Refusal):
    code = "on_break"

    @property
    def message(self) -> str:
        return _("The wall is closed for you just now. Your words are kept, and your room is open.")


class PostingPaused(Refusal):
    """By a decision of the team, until a time or for as long as it stands."""

    def __init__(self, until: datetime | None = None) -> None:
        super().__init__()
        self.until = until

    @property
    def message(self) -> str:
        if self.until is None:
            return _("Your posting is paused just now. You can read and support others. Your words are kept.")
        return _("Your posting is paused until %(day)s. You can read and support others. Your words are kept.") % {
            "day": day_words(self.until)
        }


class WallRests(Refusal):
    """The wall takes no words from anybody for a while. Nobody has done anything wrong."""

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until

    @property
    def message(self) -> str:
        return _("The wall is resting. You can post and reply again at %(time)s. Your words are kept.") % {
            "time": clock_words(self.until)
        }


class RulesChanged(Refusal):
    @property
    def message(self) -> str:
        return _(
            "The house rules have changed. Open the wall afresh to read what is new; then you can share this. Your words are "
            "kept."
        )


class SecondStepFirst(Refusal):
    """These words would carry the team's mark, and this session has not shown that it is one of the team."""

    @property
    def message(self) -> str:
        return _("What you share carries the team's mark, so take your second step first. Your words are kept.")


class NotThere(Refusal):
    code = "not_found"

    @property
    def message(self) -> str:
        return _("This is no longer on the wall. Your words are kept.")


class RepliesLocked(Refusal):
    @property
    def message(self) -> str:
        return _("The team has closed this to more replies. Your words are kept.")


class NotYours(Refusal):
    @property
    def message(self) -> str:
        return _("Only the person who wrote this can change it.")


class TooLateToEdit(Refusal):
    @property
    def message(self) -> str:
        return _("Words can be changed for 15 minutes after they are shared. You can still take them back.")


class ChangedMeanwhile(Refusal):
    @property
    def message(self) -> str:
        return _("This has changed since you opened it. Your words are kept here beside what stands now.")


class NotYet(Refusal):
    """As much as may be sent for now was sent; `at` is when the next can be."""

    code = "too_fast"

    def __init__(self, at: datetime) -> None:
        super().__init__()
        self.at = at

    @property
    def message(self) -> str:
        return self._sentence() % {"time": clock_words(self.at)}

    @property
    def seconds(self) -> int:
        """Until then, for `Retry-After`."""
        return max(1, ceil((self.at - timezone.now()).total_seconds()))

    def _sentence(self) -> str:
        return _("You can send another at %(time)s. Your words are kept.")


class PostedOften(NotYet):
    def _sentence(self) -> str:
        return _("You can post again at %(time)s. Your words are kept.")


class RepliedOften(NotYet):
    def _sentence(self) -> str:
        return _("You can reply again at %(time)s. Your words are kept.")


class SupportedOften(NotYet):
    def _sentence(self) -> str:
        return _("You have been with very many people within the hour. You can give support again at %(time)s.")


class Slowed(NotYet):
    """By a decision of the team: the hour's share is smaller for a while."""

    def __init__(self, at: datetime, until: datetime | None = None) -> None:
        super().__init__(at)
        self.until = until

    def _sentence(self) -> str:
        if self.until is None:
            return _("Your posting is slowed just now. You can send another at %(time)s. Your words are kept.")
        slowed = _("Your posting is slowed until %(day)s. You can send another at %(time)s. Your words are kept.")
        return slowed.replace("%(day)s", day_words(self.until))


class BreakTooLong(Refusal):
    code = "invalid"

    @property
    def message(self) -> str:
        return _("A break can last from an hour to twelve weeks. After that you can take another.")


class KeyUsed(Refusal):
    """The same form was sent before with other words; `first_id` is what it made then."""

    code = "key_used"

    def __init__(self, first_id: int) -> None:
        super().__init__()
        self.first_id = first_id

    @property
    def message(self) -> str:
        return _("You have shared from this form before, with other words. To share these as well, send them again.")


class NotWaiting(Refusal):
    @property
    def message(self) -> str:
        return _("This waits for no more replies, so there is nothing to ask again.")


class AskedToday(NotYet):
    def _sentence(self) -> str:
        return _("You have asked again today. You can ask again at %(time)s.")

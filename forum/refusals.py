"""What an action says when the answer is no: a code of the wire, and a sentence for the person."""

from django.utils.translation import gettext as _


class Refusal(Exception):
    """`code` is one of the wire's: invalid, too_fast, not_allowed, not_found, on_break, key_used."""

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
    @property
    def message(self) -> str:
        return _("Your posting is paused just now. You can read and support others. Your words are kept.")


class NotThere(Refusal):
    code = "not_found"

    @property
    def message(self) -> str:
        return _("This is no longer on the wall. Your words are kept.")


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


class KeyUsed(Refusal):
    """The same form was sent before with other words; `first_id` is what it made then."""

    code = "key_used"

    def __init__(self, first_id: int) -> None:
        super().__init__()
        self.first_id = first_id

    @property
    def message(self) -> str:
        return _("You have shared from this form before, with other words. To share these as well, send them again.")

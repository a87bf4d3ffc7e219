"""A first reading of new words by rules that anyone can read. It orders the work, shows why, and removes nothing.

Pure: words in, reasons out. No database, no settings, no Django.
"""

from moderation.screening.contact import screen_contact
from moderation.screening.crisis import screen_crisis
from moderation.screening.result import CRISIS, DETAILS, NOTHING, Reason, Screening

__all__ = [
    "CRISIS",
    "DETAILS",
    "NOTHING",
    "Reason",
    "Screening",
    "findings",
    "screen",
    "screen_contact",
    "screen_crisis",
]


def findings(text: str) -> list[Screening]:
    """Everything that asks for a case: words can hold a worry and a telephone number, and each has a lane of its own."""
    return [found for found in (screen_crisis(text), screen_contact(text)) if found.severity is not None]


def screen(text: str) -> Screening:
    """What stands out most in these words: worry about the writer first, else contact details in them.

    `text` may be anything at all; nothing is raised. `severity` is None when no case should be opened.
    """
    crisis = screen_crisis(text)
    if crisis.severity is not None:
        return crisis
    contact = screen_contact(text)
    return contact if contact.severity is not None else crisis

"""What somebody needs to know before they do anything: the thread, the member's history here, notes, who has read it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from moderation import reading
from moderation.access import takers_of
from moderation.around import read_around
from moderation.history import read_history
from moderation.team_forms import SeenForm
from moderation.views.acts.act import Act

if TYPE_CHECKING:
    from moderation.views.screen import Screen

ACTS: Mapping[str, Act] = {}
FORMS: Mapping[str, type[SeenForm]] = {}


def context(screen: "Screen") -> dict[str, Any]:
    """`around` is the thread of the first words in question; there is one such thread in nearly every case."""
    focus = screen.seen[0].post if screen.seen else None
    timeline = reading.read_timeline(screen.case, takes=screen.viewer.role in takers_of(screen.facts))
    return {
        "around": read_around(focus) if focus else None,
        "history": read_history(screen.case, screen.viewer),
        "timeline": timeline,
        "notes": reading.notes_among(timeline),
        "readers": reading.read_readers(screen.case),
        "hide_hard": screen.request.user.hide_hard_words,
    }

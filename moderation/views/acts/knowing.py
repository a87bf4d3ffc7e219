"""What somebody needs to know before they do anything: the thread, the member's history here, notes, who has read it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from forum.models import Role
from moderation import reading
from moderation.access import takers_of
from moderation.actions.shared_connections import look_for_shared
from moderation.around import read_around
from moderation.history import read_history
from moderation.models import Case
from moderation.team_forms import SeenForm
from moderation.views.acts.act import Act
from moderation.views.gates import case_or_404

if TYPE_CHECKING:
    from moderation.views.screen import Screen


def _look_for_shared(screen: "Screen", case: Case, form: Any) -> None:
    """Shown in this answer and nowhere kept: the next look is another line of the audit."""
    screen.shared = look_for_shared(case, screen.request.user)
    screen.case = case_or_404(screen.viewer, case.pk)


ACTS: Mapping[str, Act] = {"shared_connection": _look_for_shared}
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
        "may_look_shared": "shared_connection" in screen.allowed
        and screen.viewer.role == Role.STAFF
        and screen.facts.subject_role == Role.MEMBER,
        "hide_hard": screen.request.user.hide_hard_words,
    }

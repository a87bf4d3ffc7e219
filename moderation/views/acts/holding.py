"""Taking a case, giving it back, and what its holder notes for colleagues."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from moderation.actions import cases
from moderation.models import Case
from moderation.team_forms import NoteForm, SeenForm
from moderation.views.acts.act import Act

if TYPE_CHECKING:
    from moderation.views.screen import Screen


def _claim(screen: "Screen", case: Case, form: Any) -> str:
    cases.claim_case(case, screen.request.user)
    return ""


def _release(screen: "Screen", case: Case, form: Any) -> str:
    cases.release_case(case, screen.request.user)
    return ""


def _note(screen: "Screen", case: Case, form: Any) -> str:
    cases.note_case(case, screen.request.user, form.cleaned_data["note"])
    return "#timeline"


ACTS: Mapping[str, Act] = {
    "claim": _claim,
    "release": _release,
    "note": _note,
}
FORMS: Mapping[str, type[SeenForm]] = {
    "note": NoteForm,
}

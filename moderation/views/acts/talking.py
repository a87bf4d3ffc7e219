"""Writing to the member a care case is about."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from moderation.actions import cases
from moderation.models import Case
from moderation.team_forms import SeenForm, TeamWordForm
from moderation.views.acts.act import Act

if TYPE_CHECKING:
    from moderation.views.screen import Screen


def _word(screen: "Screen", case: Case, form: Any) -> str:
    word = cases.send_word(case, screen.request.user, form.cleaned_data["body"], form.cleaned_data["key"])
    return f"#word-{word.pk}"


def _first_words(screen: "Screen") -> dict[str, Any]:
    return {"key": uuid4()}


ACTS: Mapping[str, Act] = {
    "word": _word,
}
FORMS: Mapping[str, type[SeenForm]] = {
    "word": TeamWordForm,
}
INITIAL: Mapping[str, Callable[["Screen"], dict[str, Any]]] = {"word": _first_words}

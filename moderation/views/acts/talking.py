"""Writing to the member a care case is about."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.utils import translation

from moderation import first_words
from moderation.actions import cases
from moderation.models import Case, FirstWord, Kind
from moderation.refusals import NotAllowed
from moderation.team_forms import SeenForm, TeamWordForm
from moderation.views.acts.act import Act, number_of
from moderation.workflow import why_not

if TYPE_CHECKING:
    from moderation.views.screen import Screen


def _word(screen: "Screen", case: Case, form: Any) -> str | None:
    if form.begins:
        _begin(screen, case, form)
        return None
    word = cases.send_word(case, screen.request.user, form.cleaned_data["body"], form.cleaned_data["key"])
    return f"#word-{word.pk}"


def _begin(screen: "Screen", case: Case, form: Any) -> None:
    """Puts a first message into the field, to be read and written on. What stands there already stays above it."""
    if refusal := why_not("word", screen.facts, screen.viewer):
        raise NotAllowed(refusal)
    data = form.data.copy()
    row = FirstWord.objects.filter(pk=number_of(data.get("begin_from", ""))).first()
    if row is not None:
        with translation.override(row.language):
            text = first_words.begun(row, case, screen.request.user)
        written = data.get("body", "").strip()
        data["body"] = f"{written}\n\n{text}" if written else text
        data["begin_from"] = ""
    form.data = data
    screen.begun = True


def _first_words(screen: "Screen") -> dict[str, Any]:
    return {"key": uuid4(), "begin_from_offered": _offered(screen)}


def _offered(screen: "Screen") -> list[tuple[int, str]]:
    """In the member's language, as they are the one who reads it."""
    if screen.case.kind != Kind.CARE:
        return []
    rows = first_words.offered(screen.case.subject.language)
    return [(row.pk, first_words.name_of(row)) for row in rows]


ACTS: Mapping[str, Act] = {
    "word": _word,
    "begin_word": _begin,
}
FORM_OF: Mapping[str, str] = {"begin_word": "word"}
FORMS: Mapping[str, type[SeenForm]] = {
    "word": TeamWordForm,
}
INITIAL: Mapping[str, Callable[["Screen"], dict[str, Any]]] = {"word": _first_words}

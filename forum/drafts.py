"""Drafts as pages and doors see them: what is kept at a place, and what a form may leave there."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Self
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.db.models.expressions import Combinable
from django.forms import BaseForm
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from forum.access import ViewerFacts
from forum.actions.drafts import KINDS, LONGEST, PLACE, register
from forum.devices import is_shared
from forum.models import Draft
from forum.onlooker import Asked, Onlooker, first_of
from forum.text import clean_text

DEVICE = "draft_device"  # in the session of a shared device: marks what is begun there
NOT_KEPT = frozenset(
    {
        "csrfmiddlewaretoken",
        "key",
        "to",
        "next",
        "seen",
        "seen_version",
        "version",
        "draft",
        "answered",
        "noticed",
        "then",
        "door",
    }
)
NAME = re.compile(r"[a-z_]{1,30}")
SAVE = re.compile(r"[0-9a-f-]{1,36}")
MOST_FIELDS, MOST_SAVES = 12, 10


KEPT_COLUMNS = ("version", "fields", "saved_at")


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft as a page shows it."""

    version: str
    fields: Mapping[str, str]
    saved_at: datetime

    @classmethod
    def of(cls, draft: Draft) -> Self:
        return cls(draft.version, draft.fields, draft.saved_at)


def is_place(place: str) -> bool:
    named = PLACE.fullmatch(place)
    return len(place) <= Draft.PLACE_MAX and named is not None and named[1] in KINDS


def kept_at(onlooker: Onlooker, place: str) -> Kept | None:
    """What this member has begun there. Read in one query with the onlooker's facts when it is asked for before them."""
    if "facts" in onlooker.__dict__:
        draft = _at(place, onlooker.viewer).first()
        return Kept.of(draft) if draft else None
    onlooker.also |= {f"draft_{column}": partial(_column, column) for column in KEPT_COLUMNS}
    onlooker.asked.place = place
    version, fields, saved_at = (onlooker.facts[f"draft_{column}"] for column in KEPT_COLUMNS)
    return Kept(version, fields, saved_at) if version else None


def _at(place: str, viewer: ViewerFacts) -> QuerySet[Draft]:
    return Draft.objects.filter(member=viewer.id, place=place)


def _column(column: str, viewer: ViewerFacts, asked: Asked) -> Combinable:
    return first_of(_at(asked.place, viewer), column)


def fill(form: BaseForm, kept: Kept | None) -> Kept | None:
    """Puts a draft into a form that nobody has sent yet. A form that came back keeps the words it was sent with."""
    if kept is not None and not form.is_bound:
        form.initial.update({name: value for name, value in kept.fields.items() if name in form.fields})
        form.initial["draft"] = kept.version
    return kept


def fields_of(sent: Mapping[str, Any], place: str = "") -> dict[str, str]:
    """What of a sent form is worth keeping: its texts and choices, cleaned, none longer than a text area of the wall."""
    kind = KINDS.get(place.partition("-")[0])
    left_out = NOT_KEPT | (kind.not_kept if kind else frozenset())
    fields = {name: _kept_text(value) for name, value in sent.items() if name not in left_out and NAME.fullmatch(name)}
    return dict(sorted(fields.items())[:MOST_FIELDS])


def saves_of(words: str) -> list[str]:
    """The names of saves that a browser lists, the latest at the end."""
    return [save for save in words.split() if SAVE.fullmatch(save)][-MOST_SAVES:]


def key_of(words: str) -> UUID | None:
    try:
        return UUID(words)
    except ValueError:
        return None


def page_of(place: str) -> str:
    """The page on which the form with this name stands; where its place says too little, the wall."""
    name, *numbers = place.split("-")
    try:
        return KINDS[name].page(*(int(number) if number else 0 for number in numbers))
    except (KeyError, TypeError, NoReverseMatch):
        return reverse("wall")


def register_own() -> None:
    register("post", lambda: reverse("wall"))
    register("reply", lambda number: f"{reverse('post', args=[number])}#reply")
    register("edit", lambda number: reverse("post_edit", args=[number]))
    register("rules", lambda: f"{reverse('rules_next')}#talk", not_kept={"about"})
    register("group", lambda: reverse("group_suggest"))


def device_of(request: HttpRequest) -> str:
    """Names a shared device for as long as its session lasts; "" on one's own."""
    if not is_shared(request):
        return ""
    if DEVICE not in request.session:
        request.session[DEVICE] = uuid4().hex
    return str(request.session[DEVICE])


def device_marked(request: HttpRequest) -> str:
    """The shared device whose session this is, if anything was begun on it; else ""."""
    return str(request.session.get(DEVICE, ""))


def _kept_text(value: Any) -> str:
    try:
        return clean_text(str(value))[:LONGEST]
    except ValidationError:
        return clean_text(str(value).encode(errors="ignore").decode())[:LONGEST]

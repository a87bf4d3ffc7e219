"""The library that a statement begins from: what Harbour says by itself, and what an operator has put in its place or beside it.

A text of the library says what was done. The greeting, the rule, how to put it right, how to ask again and who wrote it stand
around it in every statement (moderation/statements.py), so that no text can leave them out.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

from django.apps import apps as installed
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from moderation.models import DecisionKind, StatementText

ALWAYS = frozenset({"member", "by", "role", "post"})
"""Placeholders that stand for something in every statement. Those of a kind's usual words are known in its others too."""


@dataclass(frozen=True, slots=True)
class Begun:
    """One text that comes with Harbour. `rule`: it is the usual one where this rule is named."""

    key: str
    kind: DecisionKind
    name: str | Promise
    words: str | Promise
    rule: str = ""


USUAL: dict[str, Callable[[], str]] = {}
"""The usual words of each kind, with their placeholders in braces; moderation.statements fills it."""

MORE = (
    Begun(
        "fold-how",
        DecisionKind.FOLD,
        gettext_lazy("It says how"),
        gettext_lazy(
            "We have folded {post} because it says how. What you feel belongs here, all of it; the how could harm somebody who "
            "reads it on a bad night. One press opens it."
        ),
        "no-methods",
    ),
    Begun(
        "fold-heavy",
        DecisionKind.FOLD,
        gettext_lazy("It is a lot to come upon"),
        gettext_lazy(
            "We have folded {post}, so that nobody comes upon it unprepared. Nothing in it is wrong, and whoever has the room for "
            "it can open it."
        ),
        "content-notes",
    ),
    Begun(
        "redact-details",
        DecisionKind.REDACT,
        gettext_lazy("Somebody's number, address or name"),
        gettext_lazy(
            "We have taken a way to reach somebody out of {post}. Many people read the wall, and not all of them mean well. Where "
            "it stood, […] stands now; the rest is as you wrote it."
        ),
        "keep-private",
    ),
    Begun(
        "redact-how",
        DecisionKind.REDACT,
        gettext_lazy("It says how"),
        gettext_lazy(
            "We have taken the how out of {post}: where it stood, […] stands now. The rest is as you wrote it, and people can "
            "answer you."
        ),
        "no-methods",
    ),
    Begun(
        "remove-hurts",
        DecisionKind.REMOVE,
        gettext_lazy("It hurts somebody"),
        gettext_lazy(
            "We have taken down {post}, because somebody was hurt by it. You may have meant it otherwise; tell us if you did. "
            "Nobody else sees it now, and you can still read it here."
        ),
        "kindness",
    ),
    Begun(
        "remove-sells",
        DecisionKind.REMOVE,
        gettext_lazy("It sells or recruits"),
        gettext_lazy(
            "We have taken down {post}. Nothing is sold here and nobody is recruited, so that people can trust what they read. "
            "Nobody else sees it now; you can still read it here."
        ),
        "experience",
    ),
    Begun(
        "lock-heated",
        DecisionKind.LOCK,
        gettext_lazy("It has become heated"),
        gettext_lazy(
            "The talk under {post} has become heated, so we have closed it to more replies. Your words and the replies that are "
            "there stand. It says nothing about you."
        ),
        "kindness",
    ),
)
BY_KEY: Mapping[str, Begun] = {begun.key: begun for begun in MORE}


def plant(using: str = "default", apps: Any = installed, **_more: Any) -> None:
    """Makes the rows that are missing, after migrating. Empty ones say what Harbour says by itself."""
    try:
        rows = apps.get_model("moderation", "StatementText")
    except LookupError:
        return  # migrated to a state from before there were any
    known = set(rows.objects.using(using).exclude(key="").values_list("key", "language"))
    ours = [
        *((kind.value, kind.value, "") for kind in DecisionKind),
        *((each.key, each.kind, each.rule) for each in MORE),
    ]
    rows.objects.using(using).bulk_create(
        [
            rows(key=key, kind=kind, rule=rule, language=language)
            for language, _name in settings.LANGUAGES
            for key, kind, rule in ours
            if (key, language) not in known
        ],
        ignore_conflicts=True,
    )


def usual_words(kind: str) -> str:
    """What Harbour says by itself for a kind, with placeholders in braces."""
    return USUAL[kind]() if kind in USUAL else ""


def default_of(row: StatementText) -> tuple[str, str]:
    """Name and words that come with Harbour for a row; empty for an operator's own."""
    if begun := BY_KEY.get(row.key):
        return str(begun.name), str(begun.words)
    return (_("The usual words"), usual_words(row.kind)) if row.key else ("", "")


def placeholders(kind: str) -> frozenset[str]:
    """What may stand in braces in a text of this kind."""
    return ALWAYS | {name for name in _names(usual_words(kind)) if name}


def check_words(kind: str, words: str) -> None:
    """Raises ValidationError for braces that would stand for nothing when somebody reads them."""
    known = placeholders(kind)
    try:
        names = list(_names(words))
    except ValueError:
        raise ValidationError(
            _("A brace is open here. Write {member}, with both braces, or leave braces out.")
        ) from None
    if wrong := [name for name in names if name not in known]:
        raise ValidationError(
            _("{%(wrong)s} stands for nothing here. These do: %(known)s.")
            % {"wrong": wrong[0], "known": ", ".join(f"{{{name}}}" for name in sorted(known))}
        )


def words_for(kind: str, rule: str, facts: Mapping[str, str], picked: int | None = None) -> str:
    """What a statement says was done, or "" for the usual words of the code: the text that was picked, else the one for this
    rule, else the kind's own. Only what is of this kind and in this language counts."""
    rows = StatementText.objects.filter(kind=kind, language=get_language() or settings.LANGUAGE_CODE)
    chosen = _choose(list(rows), rule, picked)
    if chosen is None or (not chosen.words and chosen.key == kind):
        return ""
    return fill(chosen.words or default_of(chosen)[1], facts)


def fill(words: str, facts: Mapping[str, str]) -> str:
    """The words with every placeholder replaced. One that has lost its meaning since it was saved stays as it is."""
    return re.sub(r"\{(\w+)\}", lambda match: facts.get(match[1], match[0]), words)


def choices(kinds: Iterable[str]) -> list[tuple[Any, Any]]:
    """What a moderator can begin from, by kind, for a field."""
    rows = StatementText.objects.filter(kind__in=list(kinds), language=get_language() or settings.LANGUAGE_CODE)
    groups: dict[str, list[tuple[Any, Any]]] = {}
    for row in rows.order_by("pk"):
        if row.key != row.kind:
            groups.setdefault(row.kind, []).append((row.pk, row.name or default_of(row)[0]))
    named = [(capfirst(str(kind.label)), groups[kind]) for kind in DecisionKind if kind in groups]
    return [("", _("The usual words")), *named]


def _choose(rows: list[StatementText], rule: str, picked: int | None) -> StatementText | None:
    ways: tuple[Callable[[StatementText], bool], ...] = (
        lambda row: row.pk == picked,
        lambda row: bool(rule) and row.rule == rule,
        lambda row: row.key == row.kind,
    )
    for fits in ways:
        if found := [row for row in rows if fits(row)]:
            return min(found, key=lambda row: (row.key != "", row.pk))  # an operator's own before ours
    return None


def _names(words: str) -> Iterable[str]:
    """What stands in braces. Raises ValueError for a brace without its other."""
    for _text, name, spec, conversion in Formatter().parse(words):
        if name is not None:
            yield name if not spec and not conversion else f"{name}:"

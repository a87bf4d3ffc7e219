"""Where every page is, and as whom to look at it."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from django.apps import apps
from django.db import models
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from forum.models import Draft, HouseRule, Member, RuleSet
from moderation.models import Case, Guide

OF_CASES = {"case", "staff_case", "conversation"}  # pages that differ from case to case by more than words
NEVER = (
    "logout",
    "favicon",
    "jsi18n",
    "autocomplete",
    "_add",
    "_history",
    "_delete",
)  # the last three are the admin's own
QUERIES = {
    "search": "?query=alert",
    "search_found": "?query=alert",
    "groups": "?words=alert",
    "remembered": "?handle=alert",
}
NAMED = {
    "handle": (Member, "handle"),
    "version": (RuleSet, "version"),
    "anchor": (HouseRule, "anchor"),
    "key": (Guide, "key"),
    "place": (Draft, "place"),
}
READERS = (
    ("/staff/", ("puffin",)),
    ("/moderation/", ("heron",)),
    ("/admin/", ("admin",)),
    ("/support-groups/", ("robin", "puffin")),
    ("/rules/", ("robin", "puffin")),
    ("/members/", ("robin", "puffin")),
    ("/appeal/", ("",)),
    ("/report/", ("",)),
    ("/", ("robin",)),
)


def walk() -> Iterator[tuple[str, str]]:
    """Whose eyes ("" is a stranger's), and where: all of one person after another."""
    found = sorted((who, path) for name, path in _addresses() for who in _readers(path))
    yield from found


def _readers(path: str) -> tuple[str, ...]:
    return next(people for beginning, people in READERS if path.startswith(beginning))


def _addresses() -> Iterator[tuple[str, str]]:
    todo: list[tuple[str, Any]] = [("", get_resolver())]
    while todo:
        space, resolver = todo.pop()
        for each in resolver.url_patterns:
            if isinstance(each, URLResolver):
                todo.append((f"{space}{each.namespace}:" if each.namespace else space, each))
            elif isinstance(each, URLPattern) and each.name and not any(word in each.name for word in NEVER):
                for values in _values(each.name, list(each.pattern.converters or each.pattern.regex.groupindex)):
                    with suppress(NoReverseMatch):  # a name with a slash in it, an address by place alone
                        yield each.name, reverse(space + each.name, kwargs=values) + QUERIES.get(each.name, "")


def _values(name: str, given: list[str]) -> Iterator[dict[str, Any]]:
    if not given:
        yield {}
        return
    found = _candidates(given[-1], name)
    for value in found if name in OF_CASES or given == ["handle"] else found[:1]:
        before = {one: next(iter(_candidates(one, name)), None) for one in given[:-1]}
        if None not in before.values():
            yield {**before, given[-1]: value}


def _candidates(parameter: str, name: str) -> list[Any]:
    """What stands for a parameter of an address: the newest rows of the model it is named after."""
    if parameter in NAMED:
        model, column = NAMED[parameter]
        rows = model._base_manager.order_by("pk").values_list(column, flat=True)
        return list(rows[:2])
    if parameter == "case_id":
        return list(Case.objects.order_by("pk").values_list("pk", flat=True))
    bare = (parameter if parameter != "object_id" else name.split("_")[1]).removesuffix("_id").replace("_", "")
    ours = [each for each in apps.get_models() if each._meta.app_label in ("forum", "moderation")]
    for fits in (str.__eq__, str.endswith):
        for model in ours:
            if fits(model._meta.model_name or "", bare):
                newest: models.QuerySet[Any, Any] = model._base_manager.order_by("-pk").values_list("pk", flat=True)
                return list(newest[:1])
    return []

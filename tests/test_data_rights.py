"""Nothing is kept of anybody that the registry does not know: not a model, not a column, not a link."""

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import translation

from forum import data_rights
from forum.data_rights import Blank, By, Delete, Keep

TELLING = (
    "email",
    "address",
    "handle",
    "author",
    "actor",
    "member",
    "user",
    "ip",
    "phone",
    "body",
    "note",
    "object_id",
)
"""Parts of a column's name that say that a person may be in it, though no key leads to them."""
ENTRIES = data_rights.entries()
TIES = list(data_rights.ties_in_order())


def everything():
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def names(columns: str) -> set[str]:
    return set(columns.split())


def named(entry):
    return entry.model


def told(pair):
    entry, tie = pair
    return f"{entry.model}:{tie.who if isinstance(tie.who, str) else 'function'}"


def reaches(model, path):
    """The model at the end of a path of keys."""
    for step in path.split("__"):
        model = model if step == "pk" else model._meta.get_field(step).related_model
    return model


def test_every_model_is_in_the_registry():
    known = {entry.model_class for entry in ENTRIES}
    assert len(known) > 30
    assert [model._meta.label for model in everything() if model not in known] == []


def test_a_model_is_registered_once():
    with pytest.raises(ValueError, match=r"forum\.Post is registered twice"):
        data_rights.register(next(entry for entry in ENTRIES if entry.model == "forum.Post"))


@pytest.mark.parametrize("entry", ENTRIES, ids=named)
def test_every_column_is_in_one_class(entry):
    classes = entry.column_classes()
    assert [column for column, of in classes.items() if len(of) > 1] == []
    columns = {column.name for column in data_rights.columns_of(entry.model_class)}
    assert classes.keys() - columns == set(), "no such column"
    if list(entry.ties):
        tied = {tie.who for tie in entry.ties}
        assert columns - classes.keys() - tied == set(), "in no class"


@pytest.mark.parametrize("entry", ENTRIES, ids=named)
def test_every_link_to_a_member_is_a_tie(entry):
    assert data_rights.links_to_member(entry.model_class) - {tie.who for tie in entry.ties} == set()
    for tie in entry.ties:
        if isinstance(tie.who, str):
            assert reaches(entry.model_class, tie.who)._meta.label == settings.AUTH_USER_MODEL


def test_what_is_about_nobody_has_no_telling_column():
    telling = [
        f"{entry.model}.{column.name}"
        for entry in ENTRIES
        if not list(entry.ties)
        for column in data_rights.columns_of(entry.model_class)
        if any(part in column.name.split("_") for part in TELLING)
    ]
    assert telling == []


@pytest.mark.parametrize("pair", TIES, ids=told)
def test_the_copy_shows_what_is_personal_and_nothing_else(pair):
    entry, tie = pair
    shown = {name.removesuffix("_id") for name in names(tie.shows)}
    others = names(entry.third_party) | (names(entry.internal) - {"case"})  # a conversation's number is shown
    assert shown & others == set()
    if not tie.read:
        for name in names(tie.shows):
            entry.objects.values(name)


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if entry.personal], ids=named)
def test_everything_personal_is_in_somebodys_copy(entry):
    shown = {name.removesuffix("_id") for tie in entry.ties for name in names(tie.shows)}
    assert names(entry.personal) - shown == set()


@pytest.mark.parametrize("pair", TIES, ids=told)
def test_what_the_copy_does_not_show_has_its_rule(pair):
    entry, tie = pair
    wordless = not entry.personal and not entry.third_party
    assert tie.shows or tie.rule or wordless or isinstance(tie.ends, Keep)


@pytest.mark.parametrize("pair", TIES, ids=told)
def test_everything_personal_goes_or_stays_for_a_reason(pair):
    entry, tie = pair
    personal = names(entry.personal)
    assert names(tie.keeps) <= personal
    assert not tie.keeps or tie.why
    if isinstance(tie.ends, Keep):
        assert tie.ends.why
    if isinstance(tie.ends, Blank) and tie.shows:
        assert personal - set(tie.ends.values) - names(tie.keeps) == set()
    assert isinstance(tie.ends, Delete | Blank | Keep | By)


@pytest.mark.parametrize("pair", [pair for pair in TIES if isinstance(pair[1].ends, Blank)], ids=told)
def test_what_is_blanked_is_a_column(pair):
    entry, tie = pair
    for column in tie.ends.values:
        assert isinstance(entry.model_class._meta.get_field(column), models.Field)
    with pytest.raises(FieldDoesNotExist):
        entry.model_class._meta.get_field("no_such_column")


def test_the_documentation_is_drawn_from_the_registry():
    """After a change: manage.py data_map > docs/data.md"""
    from forum.management.commands.data_map import document

    with translation.override("en-gb"):
        assert (Path(settings.BASE_DIR) / "docs/data.md").read_text() == document()

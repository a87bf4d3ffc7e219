"""Imports run one way: moderation -> forum -> realtime; and in an app views -> forms, access, actions -> models."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
APPS = ("moderation", "forum", "realtime")

MAY_IMPORT = {
    "moderation": {"moderation", "forum", "realtime"},
    "forum": {"forum", "realtime"},
    "realtime": {"realtime"},
}

# What a layer of an app must not reach for in the same app. A layer is a folder or a file directly under the app.
MUST_NOT_IMPORT = {
    "models": {"views", "forms", "actions", "access", "live", "urls", "admin"},
    "access": {"views", "forms", "actions", "live", "urls", "admin"},
    "workflow": {"views", "forms", "actions", "access", "live", "urls", "admin"},
    "screening": {"views", "forms", "actions", "access", "live", "models", "urls", "admin"},
    "live": {"views", "forms", "actions", "urls", "admin"},
    "actions": {"views", "forms", "urls", "admin"},
    "forms": {"views", "urls", "admin"},
}
# Facts in, answers out: these may name the enumerations of the models, and ask no database.
PURE = {"moderation.workflow", "moderation.screening"}


def files() -> Iterator[Path]:
    for app in (*APPS, "config"):
        yield from sorted((ROOT / app).rglob("*.py"))


def module_of(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported_by(tree: ast.AST, module: str, is_package: bool) -> Iterator[tuple[str, int]]:
    """Every module named by an import, inside functions too, as `forum.models.post`; with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = module.split(".")
            start = base[: len(base) - node.level + is_package] if node.level else []
            source = ".".join([*start, *([node.module] if node.module else [])])
            yield source, node.lineno
            yield from ((f"{source}.{alias.name}", node.lineno) for alias in node.names)


def imports() -> Iterator[tuple[str, str, str]]:
    """`(importer, imported, place)` for the whole project."""
    for file in files():
        module = module_of(file)
        for imported, line in imported_by(ast.parse(file.read_text()), module, file.name == "__init__.py"):
            yield module, imported, f"{file.relative_to(ROOT)}:{line} imports {imported}"


def layer_of(module: str) -> tuple[str, str]:
    app, _, rest = module.partition(".")
    return app, rest.partition(".")[0]


def test_the_apps_import_one_way():
    seen = list(imports())
    assert len(seen) > 100
    wrong = [
        place
        for importer, imported, place in seen
        if (app := importer.split(".")[0]) in APPS
        and (other := imported.split(".")[0]) in {*APPS, "config", "tests"}
        and other not in MAY_IMPORT[app]
    ]
    assert wrong == []


def test_inside_an_app_the_layers_point_one_way():
    wrong = [
        place
        for importer, imported, place in imports()
        if layer_of(importer)[0] == layer_of(imported)[0]
        and layer_of(imported)[1] in MUST_NOT_IMPORT.get(layer_of(importer)[1], set())
    ]
    assert wrong == []


def test_an_app_does_not_use_the_views_of_another():
    wrong = [
        place
        for importer, imported, place in imports()
        if importer.split(".")[0] != (other := layer_of(imported))[0]
        and other[0] in APPS
        and other[1] == "views"
        and not importer.startswith("config")
    ]
    assert wrong == []


def is_pure(module: str) -> bool:
    return any(module == pure or module.startswith(f"{pure}.") for pure in PURE)


def test_the_pure_parts_ask_no_database():
    pure = [file for file in files() if is_pure(module_of(file))]
    assert len(pure) > 1
    asked = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in pure
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}
    ]
    imported = [
        place
        for importer, name, place in imports()
        if is_pure(importer) and name.startswith(("django.db", "django.http"))
    ]
    assert asked + imported == []


def test_only_one_file_imports_a_cleaner():
    importers = {importer for importer, imported, _ in imports() if imported.split(".")[0] in ("bleach", "nh3")}
    assert importers == {"forum.linking"}


def test_only_move_assigns_the_state_of_a_case():
    """`_move` sets it by a guarded UPDATE; nothing sets the attribute, and no other UPDATE names it."""
    setters = {
        f"{module_of(file)}.{function.name}"
        for file in (ROOT / "moderation").rglob("*.py")
        if "migrations" not in file.parts
        for function in ast.walk(ast.parse(file.read_text()))
        if isinstance(function, ast.FunctionDef) and sets_a_case_state(function)
    }
    assert {name.rpartition(".")[2] for name in setters} == {"_move"}
    assert len(setters) == 1


def sets_a_case_state(function: ast.AST) -> bool:
    """By attribute, by setattr, by `….update(state=…)`, or by `….update(**changes)` where changes hold a state."""
    nodes = list(ast.walk(function))
    updates = [node for node in nodes if is_call(node, "update") or is_call(node, "bulk_update")]
    named = {keyword.arg for update in updates for keyword in update.keywords}
    return (
        any(isinstance(node, ast.Attribute) and node.attr == "state" and is_stored(node) for node in nodes)
        or any(is_call(node, "setattr") and "state" in constants(node.args) for node in nodes)
        or "state" in named
        or (None in named and any(isinstance(node, ast.Dict) and "state" in constants(node.keys) for node in nodes))
        or (None in named and any(stores_key(node, "state") for node in nodes))
    )


def is_call(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Call) and name in {getattr(node.func, "attr", ""), getattr(node.func, "id", "")}


def stores_key(node: ast.AST, key: str) -> bool:
    return isinstance(node, ast.Subscript) and is_stored(node) and key in constants([node.slice])


def is_stored(node: ast.Attribute | ast.Subscript) -> bool:
    return isinstance(node.ctx, ast.Store)


def constants(nodes: list[Any]) -> set[Any]:
    return {node.value for node in nodes if isinstance(node, ast.Constant)}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("case.state = 'open'", True),
        ("Case.objects.filter(pk=1).update(version=2, state='open')", True),
        ("changes |= {'state': 'open'}\nCase.objects.filter(pk=1).update(**changes)", True),
        ("changes['state'] = 'open'\nCase.objects.filter(pk=1).update(**changes)", True),
        ("Case.objects.filter(pk=1).update(**changes)", False),
        ("setattr(case, 'state', 'open')", True),
        ("state = case.state", False),
        ("Case.objects.create(state='open')", False),
    ],
)
def test_the_search_for_assignments_finds_them(source, found):
    assert sets_a_case_state(ast.parse(source)) is found


def test_the_search_for_imports_finds_those_inside_functions_and_relative_ones():
    tree = ast.parse("def f():\n    from ..models import Case\nimport bleach.linkifier")
    assert {name for name, _ in imported_by(tree, "moderation.actions.cases", False)} == {
        "moderation.models",
        "moderation.models.Case",
        "bleach.linkifier",
    }

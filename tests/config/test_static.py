"""Static files carry their content in their names, and every name written inside one leads somewhere."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.utils.functional import empty

IMPORT = re.compile(r"""\b(?:import|export)\b[^'";]*?\bfrom\s*["']([^"']+)["']|\bimport\s*\(?\s*["']([^"']+)["']""")
URL = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")
HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+$")


@pytest.fixture
def collected(settings: Any, tmp_path: Path) -> Path:
    """What `collectstatic` makes of our files for a real site."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "config.static.ModuleManifestStorage"}}
    staticfiles_storage._wrapped = empty
    call_command("collectstatic", interactive=False, verbosity=0)
    yield tmp_path
    staticfiles_storage._wrapped = empty


def ours(root: Path, suffix: str) -> list[Path]:
    """Files under their hashed names, without the admin's."""
    files = root.rglob(f"*{suffix}")
    return [path for path in files if HASHED.search(path.name) and "admin" not in path.relative_to(root).parts]


def test_every_import_of_a_module_leads_to_a_hashed_file(collected: Path) -> None:
    imports = [
        (path, one or other)
        for path in ours(collected, ".js")
        if "vendor" not in path.parts
        for one, other in IMPORT.findall(path.read_text())
    ]
    assert ours(collected, ".js")
    for path, name in imports:
        assert name.startswith(("./", "../")), f"{path.name} imports {name}, which is not one of our files"
        assert (path.parent / name).is_file(), f"{path.name} imports {name}, which is not there"
        assert HASHED.search(name), f"{path.name} imports {name} without its hash: an old one may be kept"


def test_every_picture_and_letter_a_stylesheet_names_is_there(collected: Path) -> None:
    named = [(path, url) for path in ours(collected, ".css") for url in URL.findall(path.read_text())]
    assert any(url.endswith(".woff2") for _path, url in named)
    for path, url in named:
        assert (path.parent / url).is_file(), f"{path.name} names {url}, which is not there"


def test_only_the_last_step_of_each_file_is_kept(collected: Path) -> None:
    for path in ours(collected, ".css"):
        plain = HASHED.sub(path.suffix, path.name)
        assert len(list(path.parent.glob(f"{Path(plain).stem}.*{path.suffix}"))) <= 2, plain


def test_a_stylesheet_asks_nobody_else() -> None:
    for path in Path(settings.BASE_DIR, "static").rglob("*.css"):
        assert not [url for url in URL.findall(path.read_text()) if "//" in url or url.startswith("data:")], path.name


def test_what_we_wrote_for_one_another_is_not_sent_to_a_telephone(collected: Path) -> None:
    sent = [*ours(collected, ".css"), *ours(collected, ".js")]
    mine = [path for path in sent if "vendor" not in path.relative_to(collected).parts]
    written = {path.name: path for path in Path(settings.BASE_DIR).glob("**/static/**/*.*s*")}
    assert len(mine) > 20
    for path in mine:
        assert "/*" not in path.read_text(), path.name
    wall = next(path for path in mine if path.name.startswith("wall-stream."))
    assert len(wall.read_text()) < 0.8 * len(written["wall-stream.js"].read_text())


def test_what_others_wrote_goes_out_as_it_came(collected: Path) -> None:
    for kept in Path(settings.BASE_DIR, "static", "vendor").rglob("*.js"):
        assert (collected / kept.relative_to(Path(settings.BASE_DIR, "static"))).read_bytes() == kept.read_bytes()

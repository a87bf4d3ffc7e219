"""What others wrote and we ship is what vendor.json says, to the byte."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES: list[dict[str, Any]] = json.loads((ROOT / "vendor.json").read_text())
VENDOR = ROOT / "static" / "vendor"


def folder_of(package: dict[str, Any]) -> Path:
    return VENDOR / f"{package['folder']}@{package['version']}"


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["name"])
def test_each_file_is_the_one_that_was_fetched(package):
    found = {
        path: hashlib.sha256((folder_of(package) / Path(path).name).read_bytes()).hexdigest()
        for path in package["files"]
    }
    assert found == package["files"]


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["name"])
def test_each_package_has_its_licence_beside_it_and_a_hash_of_its_tarball(package):
    assert any(path.name.startswith("LICEN") for path in folder_of(package).iterdir())
    assert package["licence"]
    assert package["integrity"].startswith("sha512-")


def test_nothing_is_shipped_that_the_list_does_not_name():
    listed = {folder_of(package) / Path(path).name for package in PACKAGES for path in package["files"]}
    assert {path for path in VENDOR.rglob("*") if path.is_file()} == listed

"""`make sbom`: a list by CycloneDX's own schema, of everything that serves and nothing else."""

import hashlib
import json
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tools import sbom
from tools.locked import ROOT, SERVES, hashes, licence, pinned


@pytest.fixture(scope="module")
def text() -> str:
    return sbom.written()


@pytest.fixture(scope="module")
def listed(text: str) -> dict[str, Any]:
    """By the address of a package (purl)."""
    return {each["purl"]: each for each in json.loads(text)["components"]}


def test_it_keeps_to_the_schema(text):
    validator = JsonStrictValidator(SchemaVersion.V1_6)
    assert validator.validate_str(text) is None
    assert validator.validate_str(text.replace('"bom-ref"', '"bomref"')) is not None, "the premise: it would be told"


def test_it_lists_what_serves_with_the_hash_of_each_file(listed):
    wanted = {f"pkg:pypi/{each.name}@{each.version}": known for each, known in hashes(SERVES).items()}
    found = {
        purl: {f"sha256:{file['hashes'][0]['content']}" for file in each["externalReferences"]}
        for purl, each in listed.items()
        if purl.startswith("pkg:pypi/")
    }
    assert found == wanted


def test_it_names_the_terms_of_each(listed):
    for each in pinned(SERVES):
        said = listed[f"pkg:pypi/{each.name}@{each.version}"].get("licenses")
        assert said, f"no terms of {each.name}, which {licence(each) or 'is not installed'}"
    assert listed["pkg:npm/htmx.org@4.0.1"]["licenses"] == [{"license": {"id": "0BSD"}}]


def test_it_lists_the_vendored_files_as_they_are_here(listed):
    files = [part for each in listed.values() for part in each.get("components", [])]
    assert len(files) == sum(len(each["files"]) for each in json.loads((ROOT / "vendor.json").read_text())) > 5
    for each in files:
        assert each["hashes"][0]["content"] == hashlib.sha256((ROOT / each["name"]).read_bytes()).hexdigest()


def test_everything_in_it_is_there_because_something_needs_it(text):
    needs = {each["ref"]: each.get("dependsOn", []) for each in json.loads(text)["dependencies"]}
    seen: set[str] = set()
    left = ["harbour"]
    while left:
        seen.add(one := left.pop())
        left += [each for each in needs[one] if each not in seen]
    assert seen >= {each["bom-ref"] for each in json.loads(text)["components"]}

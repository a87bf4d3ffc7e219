"""`make sbom`: what a harbour runs on, as a CycloneDX list in var/harbour.cdx.json, for whatever watches a machine for known holes.

Packages with each of their files and hashes, the terms they come under, what depends on what, and the vendored files.
"""

import base64
import json
import tomllib
from pathlib import Path
from typing import Any

from cyclonedx.contrib.hash.factories import HashTypeFactory
from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from tools.locked import ROOT, SERVES, Pinned, files, licence, lock, pinned

TARGET = ROOT / "var" / "harbour.cdx.json"
HASHES = HashTypeFactory()
LICENCES = LicenseFactory()
EXTRAS = "optional-dependencies"


def main() -> None:
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(written() + "\n")
    print(TARGET.relative_to(ROOT))


def written() -> str:
    """The list as JSON, by CycloneDX 1.6."""
    return JsonV1Dot6(bom()).output_as_string(indent=2)


def bom() -> Bom:
    packages = {each: _package(each) for each in pinned(SERVES)}
    vendored = [_vendored(each) for each in json.loads((ROOT / "vendor.json").read_text())]
    listed = Bom(components=[*packages.values(), *vendored])
    listed.metadata.component = harbour = _harbour()
    for each, component in packages.items():
        listed.register_dependency(component, [packages[other] for other in _needed_by(each, list(packages))])
    listed.register_dependency(harbour, [*_asked_for(packages), *vendored])
    return listed


def _harbour() -> Component:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return Component(
        name="harbour",
        version=project["version"],
        type=ComponentType.APPLICATION,
        bom_ref="harbour",
        licenses=[LICENCES.make_from_string(project["license"]["text"])],
    )


def _package(package: Pinned) -> Component:
    terms = licence(package)
    purl = PackageURL("pypi", None, package.name, package.version)
    return Component(
        name=package.name,
        version=package.version,
        purl=purl,
        bom_ref=str(purl),
        licenses=[LICENCES.make_from_string(terms)] if terms else [],
        external_references=[
            ExternalReference(
                type=ExternalReferenceType.DISTRIBUTION,
                url=XsUri(file["url"]),
                hashes=[HASHES.from_composite_str(file["hash"])],
            )
            for file in files(package)
        ],
    )


def _vendored(package: dict[str, Any]) -> Component:
    """A package of npm's: its tarball's hash, and inside it the files that are shipped, with theirs."""
    scope, _slash, name = package["name"].rpartition("/")
    purl = PackageURL("npm", scope or None, name, package["version"])
    digest = base64.b64decode(package["integrity"].removeprefix("sha512-")).hex()
    folder = f"static/vendor/{package['folder']}@{package['version']}"
    return Component(
        name=name,
        group=scope or None,
        version=package["version"],
        purl=purl,
        bom_ref=str(purl),
        licenses=[LICENCES.make_from_string(package["licence"])],
        hashes=[HashType(alg=HashAlgorithm.SHA_512, content=digest)],
        components=[
            Component(
                name=f"{folder}/{Path(path).name}",
                type=ComponentType.FILE,
                bom_ref=f"{folder}/{Path(path).name}",
                hashes=[HashType(alg=HashAlgorithm.SHA_256, content=sha256)],
            )
            for path, sha256 in package["files"].items()
        ],
    )


def _needed_by(package: Pinned, served: list[Pinned]) -> list[Pinned]:
    """What it depends on of what is served, on any system; an extra's packages among them, whoever asked for it."""
    row = lock()[package]
    asked = [*row.get("dependencies", []), *(each for extra in row.get(EXTRAS, {}).values() for each in extra)]
    wanted = {(each["name"], each.get("version")) for each in asked}
    return [each for each in served if (each.name, each.version) in wanted or (each.name, None) in wanted]


def _asked_for(packages: dict[Pinned, Component]) -> list[Component]:
    (own,) = (each for each in tomllib.loads((ROOT / "uv.lock").read_text())["package"] if "virtual" in each["source"])
    asked = {each["name"] for each in own["dependencies"]}
    asked |= {each["name"] for extra in own.get(EXTRAS, {}).values() for each in extra}
    return [component for each, component in packages.items() if each.name in asked]


if __name__ == "__main__":
    main()

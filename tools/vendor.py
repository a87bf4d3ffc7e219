"""Fetches the files of vendor.json from the npm registry into static/vendor/<name>@<version>/.

Run it after a change to vendor.json and commit what it writes: neither the site nor its tests need node or a network.
A tarball that is not the one named by `integrity`, or a file that is not the one named by its sha256, stops it; a file
whose sha256 is still empty gets it filled in, to be read over and committed.
"""

import base64
import hashlib
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "vendor.json"
TARGET = ROOT / "static" / "vendor"


def main() -> None:
    packages: list[dict[str, Any]] = json.loads(LIST.read_text())
    for package in packages:
        with tempfile.TemporaryDirectory() as folder:
            copy_files(package, fetch_tarball(package, Path(folder)))
    LIST.write_text(json.dumps(packages, indent=2) + "\n")


def fetch_tarball(package: dict[str, Any], folder: Path) -> Path:
    """The package's tarball from npm. Raises SystemExit when it is not the one whose integrity was written down."""
    wanted = f"{package['name']}@{package['version']}"
    subprocess.run(["npm", "pack", "--silent", wanted], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    (tarball,) = folder.glob("*.tgz")
    found = "sha512-" + base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()
    if found != package["integrity"]:
        raise SystemExit(
            f"{wanted} has integrity {found}; vendor.json says {package['integrity']}. Nothing was copied."
        )
    return tarball


def copy_files(package: dict[str, Any], tarball: Path) -> None:
    """Only the listed files, flat; the licence goes beside the code it covers."""
    folder = TARGET / f"{package['folder']}@{package['version']}"
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(tarball) as archive:
        for path, expected in package["files"].items():
            member = archive.extractfile(f"package/{path}")
            if member is None:
                raise SystemExit(f"{package['name']} holds no file {path}.")
            content = member.read()
            digest = hashlib.sha256(content).hexdigest()
            if expected and digest != expected:
                raise SystemExit(f"{path} of {package['name']} has sha256 {digest}, and vendor.json says {expected}.")
            package["files"][path] = digest
            (folder / Path(path).name).write_bytes(content)
            print(f"{folder.relative_to(ROOT)}/{Path(path).name}")


if __name__ == "__main__":
    main()

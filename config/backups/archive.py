"""The file of a backup: a packed tar of the parts and, before them, a manifest with the length and digest of each."""

import gzip
import hashlib
import json
import tarfile
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import IO

from config.backups import CannotBackUp

FORMAT = 1
MANIFEST, LEDGER = "manifest.json", "erasures.txt"
PACKED = 3  # gzip's level: most of what there is to gain, in a third of the time of the best


@dataclass(frozen=True, slots=True)
class Manifest:
    """`parts`: the digest of each. `migrations`: the newest of each app. `audit`: how many events the audit chain has."""

    made_at: str
    vendor: str
    migrations: Mapping[str, str]
    audit: int
    parts: Mapping[str, str]
    format: int = FORMAT


def digest_of(file: Path) -> str:
    with file.open("rb") as read:
        return hashlib.file_digest(read, "sha256").hexdigest()


def pack(out: IO[bytes], manifest: Manifest, parts: Mapping[str, Path]) -> None:
    with (
        gzip.GzipFile(fileobj=out, mode="wb", compresslevel=PACKED, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w|") as tar,
    ):
        words = json.dumps(asdict(manifest), indent=1).encode()
        head = tarfile.TarInfo(MANIFEST)
        head.size, head.mode = len(words), 0o600
        tar.addfile(head, BytesIO(words))
        for name, file in parts.items():
            tar.add(file, arcname=name, recursive=False, filter=_nobodys)


def unpack(packed: IO[bytes], folder: Path) -> Manifest:
    """Writes the parts into the folder and returns what they are. Raises CannotBackUp unless every byte is as it was."""
    try:
        with tarfile.open(fileobj=packed, mode="r|gz") as tar:
            for member in tar:
                if not member.isfile() or "/" in member.name or member.name.startswith("."):
                    raise CannotBackUp(f"This is no backup of Harbour: it holds {member.name!r}.")
                tar.extract(member, folder, filter="data")
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text()))
    except (tarfile.TarError, zlib.error, EOFError, OSError, ValueError, TypeError) as error:
        raise CannotBackUp(f"The file cannot be read to its end: {error}.") from None
    _hold_against(manifest, folder)
    return manifest


def _hold_against(manifest: Manifest, folder: Path) -> None:
    if manifest.format != FORMAT:
        raise CannotBackUp(f"The file has format {manifest.format}, and this Harbour reads {FORMAT}.")
    there = {file.name for file in folder.iterdir()} - {MANIFEST}
    if there != set(manifest.parts):
        raise CannotBackUp("The file does not hold the parts that its manifest names.")
    for name, digest in manifest.parts.items():
        if digest_of(folder / name) != digest:
            raise CannotBackUp(f"{name} is not as it was when the backup was made.")


def _nobodys(part: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without the name of whoever ran it."""
    part.uid = part.gid = 0
    part.uname = part.gname = ""
    part.mode = 0o600
    return part

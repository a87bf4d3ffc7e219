"""Sealing a backup for whoever may open it, with age or GnuPG: the machine that makes it cannot read it again."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from config.backups import CannotBackUp

SUFFIXES = (".age", ".gpg")


def suffix_for(recipient: str) -> str:
    if not recipient:
        return ""
    return ".age" if recipient.startswith(("age1", "ssh-")) else ".gpg"


@contextmanager
def sealed(file: Path, recipient: str) -> Iterator[IO[bytes]]:
    """What is written into this stands sealed in the file, or as it is where nobody is named. Raises CannotBackUp."""
    if not recipient:
        with file.open("wb") as plain:
            yield plain
        return
    age = suffix_for(recipient) == ".age"
    words = ["age", "-r", recipient] if age else _gpg("--trust-model", "always", "--encrypt", "--recipient", recipient)
    with file.open("wb") as out, _piped(words, stdin=subprocess.PIPE, stdout=out) as program:
        assert program.stdin is not None
        with program.stdin:
            yield program.stdin


@contextmanager
def unsealed(file: Path, identity: Path | None) -> Iterator[IO[bytes]]:
    """What the file holds. `identity` is age's own file of keys; GnuPG has its own. Raises CannotBackUp."""
    if file.suffix not in SUFFIXES:
        with file.open("rb") as plain:
            yield plain
        return
    if file.suffix == ".age" and identity is None:
        raise CannotBackUp("This file is sealed with age: say --identity and the file with the key that opens it.")
    words = (
        ["age", "--decrypt", "-i", str(identity), str(file)] if file.suffix == ".age" else _gpg("--decrypt", str(file))
    )
    with _piped(words, stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        yield program.stdout
        program.stdout.read()  # to its end, or else it is stopped in the middle and says so


def refuse_without_program(recipient: str) -> None:
    """Raises CannotBackUp before any work is done."""
    if recipient:
        _find({".age": "age", ".gpg": "gpg"}[suffix_for(recipient)])


def _gpg(*words: str) -> list[str]:
    return ["gpg", "--batch", "--yes", "--quiet", "--no-tty", *words]


def _find(name: str) -> str:
    if program := shutil.which(name):
        return program
    package = {"gpg": "gnupg"}.get(name, name)
    raise CannotBackUp(f"{name} is not installed here. Nothing was written. Debian: apt-get install {package}.")


@contextmanager
def _piped(words: list[str], **pipes: int | IO[bytes]) -> Iterator["subprocess.Popen[bytes]"]:
    """Runs a program beside the block. What either of them says against it becomes one CannotBackUp."""
    failed: Exception | None = None
    with tempfile.TemporaryFile() as said:
        command = [_find(words[0]), *words[1:]]
        program = subprocess.Popen(command, stderr=said, **pipes)  # type: ignore[call-overload]  # noqa: S603  (our own words)
        try:
            yield program
        except (BrokenPipeError, CannotBackUp) as error:
            failed = error
        except BaseException:
            program.kill()
            program.wait()
            raise
        if program.stdout:
            program.stdout.close()
        code = program.wait()
        said.seek(0)
        why = said.read().decode(errors="replace").strip().splitlines()
    if code:
        told = f"{words[0]}: {why[-1] if why else f'it ended with {code}'}"
        raise CannotBackUp(f"{failed} {told}" if isinstance(failed, CannotBackUp) else told)
    if failed:
        raise failed

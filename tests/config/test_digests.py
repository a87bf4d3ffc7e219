"""Which digests the project makes: none that has been broken, and no chance that anybody could guess."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("config", "forum", "moderation", "realtime")
BROKEN = {"md5", "sha1", "MD5", "SHA1", "random"}  # the last is no digest: its numbers can be foretold


def faults_in(source: str) -> list[str]:
    return [fault for node in ast.walk(ast.parse(source)) for fault in _faults(node)]


def _faults(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Call(func=ast.Name(id="salted_hmac"), keywords=named) if "algorithm" not in {
            each.arg for each in named
        }:
            yield f"line {node.lineno}: salted_hmac means SHA-1 unless it is told"
        case ast.Attribute(attr=name) if name in BROKEN:
            yield f"line {node.lineno}: {name}"
        case ast.ImportFrom(names=names) | ast.Import(names=names):
            yield from (f"line {node.lineno}: {each.name}" for each in names if each.name in BROKEN)


def test_no_digest_of_ours_is_a_broken_one_and_no_chance_can_be_foretold():
    files = [file for app in APPS for file in sorted((ROOT / app).rglob("*.py"))]
    assert len(files) > 300
    assert {str(file.relative_to(ROOT)): found for file in files if (found := faults_in(file.read_text()))} == {}


@pytest.mark.parametrize(
    "source",
    ["salted_hmac('a', 'b')", "hashlib.md5(b'')", "from hashlib import sha1", "import random", "hashes.SHA1()"],
)
def test_one_that_is_would_be_seen(source):
    assert faults_in(source)
    assert not faults_in("salted_hmac('a', 'b', algorithm='sha256'); hashlib.sha256(b''); import secrets")

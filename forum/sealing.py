"""Sealed words: unreadable in the database, its copies and its backups without a key that is kept elsewhere.

AES-256-GCM (promise P5). What is sealed is bound to its place, such as "care_card:7:phone", so that words moved to another
row or field do not open. Each seal names its key: the newest of settings.SEAL_KEYS seals, the older ones still open until
`manage.py reseal` has run.
"""

import base64
import os
from collections.abc import Callable
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

also_resealed: dict[str, Callable[[], tuple[int, int]]] = {}  # what the apps above seal, by name: `manage.py reseal`

NONCE = 12  # bytes, random: at the few seals a member ever makes, two never meet


class CannotOpen(Exception):
    """The key is not here any more, or the words were changed or moved."""


def seal(words: str, place: str) -> str:
    """The words, sealed for this place: key id, nonce and ciphertext as text. No words are no seal."""
    if not words:
        return ""
    key_id, _colon, sealed = seal_bytes(words.encode(), place).partition(b":")
    return f"{key_id.decode()}:{base64.b64encode(sealed).decode()}"


def unseal(sealed: str, place: str) -> str:
    """The words that were sealed for this place. Raises CannotOpen."""
    if not sealed:
        return ""
    key_id, _colon, text = sealed.partition(":")
    try:
        both = base64.b64decode(text, validate=True)
        return unseal_bytes(key_id.encode() + b":" + both, place).decode()
    except ValueError:
        raise CannotOpen from None


def seal_bytes(content: bytes, place: str) -> bytes:
    """As `seal`, for a whole file: key id, a colon, nonce and ciphertext."""
    key_id, cipher = _cipher(settings.SEAL_KEYS[0])
    nonce = os.urandom(NONCE)
    return key_id.encode() + b":" + nonce + cipher.encrypt(nonce, content, place.encode())


def unseal_bytes(sealed: bytes, place: str) -> bytes:
    """The file that was sealed for this place. Raises CannotOpen."""
    key_id, _colon, both = sealed.partition(b":")
    cipher = dict(map(_cipher, settings.SEAL_KEYS)).get(key_id.decode(errors="replace"))
    if cipher is None:
        raise CannotOpen
    try:
        return cipher.decrypt(both[:NONCE], both[NONCE:], place.encode())
    except (InvalidTag, ValueError):
        raise CannotOpen from None


def is_newest(sealed: str) -> bool:
    """Whether the newest key sealed this, or nothing is sealed at all."""
    return not sealed or sealed.partition(":")[0] == _cipher(settings.SEAL_KEYS[0])[0]


@lru_cache
def _cipher(key: str) -> tuple[str, AESGCM]:
    """A key's name, which says nothing of the key, and its cipher."""
    derived = HKDF(SHA256(), length=36, salt=None, info=b"harbour.seal").derive(key.encode())
    return derived[:4].hex(), AESGCM(derived[4:])

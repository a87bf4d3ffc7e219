"""Drawn articles, kept under everything that they were drawn from: the row as the database has it now, and the language.

So nothing is ever taken back from here. Words that were edited, folded or taken down, and a name that changed, have another
key from that moment on, and nobody can ask for the old one any more. Who may see an article is not decided here: its bytes
are the same for all who may. What lies here is forgotten within two hours, words that were erased too.
"""

import logging
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.core.cache import caches
from django.utils.translation import get_language

logger = logging.getLogger(__name__)

Key = TypeVar("Key", bound=Hashable)

CACHE = "fragments"
KEPT = 3600  # seconds, in the shared cache; as long again at most in this process
NEAR = 4000  # fragments of this process's own, so that a page of the wall need not ask the shared cache at all

_near: dict[tuple[str | None, Hashable], str] = {}
_emptied_at = time.monotonic()


def drawn(keys: Sequence[Key], draw: Callable[[Sequence[Key]], Mapping[Key, str]]) -> dict[Key, str]:
    """The fragment of each of these keys, in the language of this page. `draw` is handed, together, those that nobody has.

    A key is a tuple of everything that its fragment is drawn from, which is what makes an old one unreachable.
    """
    _forget_the_old()
    language = get_language()
    found = {key: fragment for key in keys if (fragment := _near.get((language, key)))}
    missing = [key for key in keys if key not in found]
    if missing:
        found |= _from_afar(missing, language, draw)
        _near.update(((language, key), found[key]) for key in missing)
    return found


def forget() -> None:
    """Forgets all that this process holds."""
    _near.clear()


def _forget_the_old() -> None:
    global _emptied_at
    if len(_near) > NEAR or time.monotonic() - _emptied_at > KEPT:
        _near.clear()
        _emptied_at = time.monotonic()


def _from_afar(
    missing: Sequence[Key], language: str | None, draw: Callable[[Sequence[Key]], Mapping[Key, str]]
) -> dict[Key, str]:
    names = {key: _name(key, language) for key in missing}
    kept = _ask(list(names.values()))
    found = {key: kept[name] for key, name in names.items() if name in kept}
    new = [key for key in missing if key not in found]
    if new:
        fresh = draw(new)
        _keep({names[key]: fragment for key, fragment in fresh.items()})
        found |= fresh
    return found


def _ask(names: Sequence[str]) -> dict[str, str]:
    """A cache that is away costs the time of drawing, and no page."""
    try:
        return caches[CACHE].get_many(names)
    except Exception:
        logger.warning("fragments_unasked: the cache did not answer", exc_info=True)
        return {}


def _keep(fragments: dict[str, str]) -> None:
    try:
        caches[CACHE].set_many(fragments, KEPT)
    except Exception:
        logger.warning("fragments_unkept: the cache did not answer", exc_info=True)


def _name(key: Hashable, language: str | None) -> str:
    return blake2b(f"{_layout()}\x1f{language}\x1f{key!r}".encode(), digest_size=20).hexdigest()


@cache
def _layout() -> str:
    """What this release draws with: one that draws otherwise shares no fragment with it, nor does a site with other keys."""
    here = Path(settings.BASE_DIR)
    kinds = ("templates/forum/_*.html", "forum/**/*.py", "*/panels.py", "locale/*/LC_MESSAGES/*.mo")
    sources = {source for kind in kinds for source in here.glob(kind)}
    digest = blake2b(settings.SECRET_KEY.encode(), digest_size=20)
    for source in sorted(sources):
        digest.update(source.read_bytes())
    return digest.hexdigest()

"""An address in people's words becomes a link: by bleach, or by nh3. Both are kept ready, and the last line says which is used.

bleach has had its last release, also for holes in it (docs/supply-chain.md). Every test of words runs with both.
"""

import re
from html import escape
from typing import Any

import nh3
from bleach.linkifier import Linker, build_url_re
from django.utils.html import Urlizer

LINK_REL = "nofollow ugc noopener noreferrer"
SCHEMES = ("http://", "https://")
ENDS_AN_ADDRESS = "<>\"'"  # in no address as people write them; what comes after is words again


def with_bleach(word: str) -> str:
    """HTML of one word that begins with http:// or https://: a link and what follows it, or the word, escaped."""
    return str(_linker.linkify(escape(word)))


def with_nh3(word: str) -> str:
    """As `with_bleach`. Django's urlize says where the address ends, and nh3 takes out of the link what has no place in one."""
    end = min((at for character in ENDS_AN_ADDRESS if (at := word.find(character)) >= 0), default=len(word))
    lead, address, trail = _urlizer.trim_punctuation(word[:end])
    if lead or not _whole.match(address):
        return escape(word)
    link = f'<a href="{escape(address)}">{escape(address)}</a>'
    cleaned = nh3.clean(link, tags={"a"}, attributes={"a": {"href"}}, url_schemes={"http", "https"}, link_rel=LINK_REL)
    return cleaned + escape(trail + word[end:]) if "href=" in cleaned else escape(word)  # it was no address to nh3


def _as_guest_link(attrs: Any, new: bool = False) -> Any:
    if not attrs.get((None, "href"), "").lower().startswith(SCHEMES):
        return None
    attrs[(None, "rel")] = LINK_REL
    return attrs


_urlizer = Urlizer()
_whole = re.compile(r"https?://[^/?#]*\w\.\w", re.IGNORECASE)
# bleach's own list of endings is from before .scot, .wales and .chat; a whole address says itself that it is one.
_linker = Linker(callbacks=[_as_guest_link], url_re=build_url_re(tlds=["[a-z]{2,63}"]), parse_email=False)

link_word = with_bleach  # or with_nh3

"""Looking for words on the wall: posts and replies in which all of them stand, newest first, as far as one may read them.

What is asked for is words and "phrases in quotation marks"; nothing else in it means anything. Which post is whose to find is
decided by forum/access.py alone.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.safestring import SafeString

from forum import access, excerpts, live, search_index
from forum.access import Sight, ViewerFacts
from forum.handles import handle_key
from forum.models import Post
from forum.muting import Muting
from forum.places import parse_place
from forum.search_index import SEPARATORS, Phrase, Term
from forum.text import clean_text

PAGE = 20
ENOUGH = 2 * PAGE + 1  # of the newest posts with the words: nearly always a page of them is the viewer's to find
MANY = 2_000  # likewise where little of what matches is asked for
MOST_TERMS = 32  # of one search; the rest is left out
LONGEST_WORD = 200  # characters; PostgreSQL refuses to look for a word of 2,000

EVERYTHING, POSTS, REPLIES, MINE = "everything", "posts", "replies", "mine"

_quotation_marks = re.compile("[\u201c\u201d\u201e\u00ab\u00bb\uff02]")
_run_together = {"im": ("i", "m"), "ive": ("i", "ve"), "youre": ("you", "re"), "theyre": ("they", "re")}


@dataclass(frozen=True, slots=True)
class Hit:
    """A post that was found. The excerpt is empty where a moderator has folded the words for this viewer."""

    post: Post
    excerpt: SafeString
    muted: bool = False  # holds words that this viewer would rather open themselves

    @property
    def thread(self) -> int:
        """The post on whose page it stands."""
        return self.post.parent_id or self.post.pk


@dataclass(frozen=True, slots=True)
class Found:
    hits: list[Hit]
    older: str  # the place to go on from, or "" at the end


NOTHING = Found([], "")


def search_posts(
    viewer: ViewerFacts,
    query: str,
    *,
    among: str = EVERYTHING,
    by: str = "",
    since: datetime | None = None,
    before: str = "",
) -> Found:
    """One page of what this viewer may find, in one query unless most of the newest that match is not for them. Any text may be
    asked for: nothing is raised.

    What their muted words hide is left out after the database's page, which is then shorter. `by` is a handle; one that is
    nobody's and one of somebody who is apart from the viewer find the same: nothing.
    """
    terms = read_terms(query)
    if not terms:
        return NOTHING
    wanted = access.visible_to(viewer) & Q(status__in=access.READABLE) & _among(viewer, among)
    if by:
        wanted &= Q(author__handle_key=handle_key(by))
    if since:
        wanted &= Q(placed_at__gte=since)
    place = parse_place(before)
    page = _page(wanted, terms, place[1] if place else None, of_one=bool(by) or among == MINE)
    hits = _hits(viewer, page[:PAGE], excerpts.roots_of(query))
    return Found(list(hits), page[PAGE - 1].place if len(page) > PAGE else "")


def _page(wanted: Q, terms: list[Term], before: int | None, *, of_one: bool) -> list[Post]:
    """A page and one post more, in the order in which they were written: that is the order of the index, so that the newest are
    found without sorting all that match. What matches and is not wanted is looked at too, to know whether that was all.
    """
    posts = live.drawable().order_by("-pk")
    if not of_one:
        newest = posts.annotate(wanted=wanted).filter(pk__in=search_index.matching(terms, before, ENOUGH))
        looked_at = list(newest)
        page = [post for post in looked_at if post.wanted]
        if len(page) > PAGE or len(looked_at) < ENOUGH:
            return page
        page = list(posts.filter(wanted, pk__in=search_index.matching(terms, before, MANY))[: PAGE + 1])
        if len(page) > PAGE:
            return page
    return list(posts.filter(wanted, pk__in=search_index.matching(terms, before))[: PAGE + 1])


def read_terms(query: str) -> list[Term]:
    """What is looked for; empty when there is no word in it. Linear in the length of the query."""
    try:
        text = clean_text(query)
    except ValidationError:
        return []
    pieces = _quotation_marks.sub('"', text).split('"')
    in_marks = range(1, len(pieces) - 1, 2)  # a mark that is never closed opens nothing
    terms: dict[Term, None] = {}
    for number, piece in enumerate(pieces):
        found = [(_phrase(piece),)] if number in in_marks else [_term(word) for word in piece.split()]
        terms.update(dict.fromkeys(term for term in found if term[0]))
    return list(terms)[:MOST_TERMS]


def _term(word: str) -> Term:
    """A word, and what it is with its apostrophe left out or put in: people write can't, can’t and cant."""
    phrase = _phrase(word)
    return tuple(dict.fromkeys((phrase, *_other_spellings(phrase, word))))


def _other_spellings(phrase: Phrase, word: str) -> Iterator[Phrase]:
    if len(phrase) == 2 and ("'" in word or "\u2019" in word):
        yield ("".join(phrase),)
    elif len(phrase) == 1:
        plain = phrase[0].lower()
        if plain in _run_together:
            yield _run_together[plain]
        elif len(plain) > 3 and plain.endswith("nt"):
            yield (plain[:-1], "t")


def _phrase(text: str) -> Phrase:
    words = SEPARATORS.split(text)
    return tuple(word for word in words if len(word) <= LONGEST_WORD and any(map(str.isalnum, word)))


def _among(viewer: ViewerFacts, among: str) -> Q:
    if among == MINE:
        return Q(author=viewer.id)
    if among in (POSTS, REPLIES):
        return Q(parent__isnull=among == POSTS)
    return Q()


def _hits(viewer: ViewerFacts, posts: Iterable[Post], roots: frozenset[str]) -> Iterator[Hit]:
    for post in posts:
        facts = access.facts_of_words(post)
        muting = access.muting_of_post(viewer, facts)
        if muting is not Muting.HIDE:
            readable = access.sight_of(viewer, facts) is Sight.WORDS
            excerpt = excerpts.draw_excerpt(post.body, roots) if readable else SafeString("")
            yield Hit(post, excerpt, muting is Muting.FOLD)

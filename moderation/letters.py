"""Letters: whom one is about, what is sealed in it, the code it is followed up with, and who may read it. Writes no row."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import models
from django.db.models import Q, QuerySet, When
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise

from forum.access import GONE, ViewerFacts
from forum.handles import handle_key
from forum.models import Member, Post, Role, Standing
from forum.sealing import CannotOpen, is_newest, seal, unseal
from moderation import categories
from moderation.models import ByHand, Letter, Reserved, Severity
from moderation.vocabulary import ROUSING

SHOWN = 100  # of those that wait
ALPHABET, CODE_LENGTH = "ABCDEFGHJKMNPQRSTVWXYZ0123456789", 24  # Crockford's, without what is misread; 120 bits
IN_FOURS = 4
MISREAD = str.maketrans("OIL", "011")
LINK = re.compile(r"/posts/([0-9]{1,18})\b")


@dataclass(frozen=True, slots=True)
class Contact:
    """Who wrote a letter, opened."""

    name: str = ""
    reach: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.name or self.reach)


@dataclass(frozen=True, slots=True)
class Whom:
    """Somebody here whom a letter is about, and the words where it names any that still stand."""

    member: Member
    post: Post | None = None


def find_whom(about: str) -> Whom | None:
    """The member whom these words name for certain: a link to a post, or a handle and nothing else. Else a person reads it."""
    if link := LINK.search(about):
        post = Post.objects.select_related("author").filter(pk=int(link[1]), author__is_active=True).first()
        return Whom(post.author, None if post.status in GONE else post) if post else None
    name = about.strip().removeprefix("@")
    if not name or len(name) > 40:
        return None
    gone = (Standing.ERASED, Standing.REMEMBERED)
    member = Member.objects.filter(handle_key=handle_key(name), is_active=True).exclude(standing__in=gone).first()
    return Whom(member) if member else None


def seen_by(viewer: ViewerFacts) -> QuerySet[Letter]:
    """The letters this person may learn of: staff those for the team, the independent contacts those about it."""
    if not viewer.wall_is_open or viewer.role not in (Role.STAFF, Role.INDEPENDENT):
        return Letter.objects.none()
    theirs = [Reserved.INDEPENDENT] if viewer.role == Role.INDEPENDENT else [Reserved.NOBODY, Reserved.STAFF]
    return Letter.objects.filter(reserved_for__in=theirs)


def waiting_for(viewer: ViewerFacts) -> QuerySet[Letter]:
    """Those that name nobody here, or came in a flood, and that nobody has settled."""
    return seen_by(viewer).filter(_waits())


def hand_of(letter: Letter) -> ByHand | None:
    """How it reached us, where staff wrote it down themselves; None for what came by a form."""
    return getattr(letter, "by_hand", None)


def severity_of(letter: Letter) -> Severity:
    """How soon somebody has to look: as whoever wrote it down judged it, else by what it is about."""
    hand = hand_of(letter)
    return Severity(hand.severity) if hand else categories.severity_of(letter.door, letter.category)


def rouses() -> Q:
    """Those whose `severity_of` wakes people, for a query."""
    rousing = Q(pk__in=())
    for door in categories.CATEGORIES:
        rousing |= Q(door=door, category__in=categories.keys_of(door, ROUSING))
    return rousing & Q(by_hand=None) | Q(by_hand__severity__in=ROUSING)


def urgency() -> models.Case:
    """The rank of their `severity_of`, to order a query by: the most urgent first."""
    by_hand = [When(by_hand__severity=each, then=each.rank) for each in Severity]
    told = [
        When(door=door, category=each.key, then=each.severity.rank)
        for door, offered in categories.CATEGORIES.items()
        for each in offered
    ]
    gone = Severity.SOON.rank  # as categories.severity_of says of one that is offered no more
    return models.Case(*by_hand, *told, default=gone, output_field=models.IntegerField())


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    letter: Letter
    category: str | Promise
    severity: Severity


def read_waiting(viewer: ViewerFacts) -> list[Row]:
    """The first of them: what is most urgent and the oldest of those, and what was gathered after all the others. The order is
    made before the list is cut, so that nobody who sends many pushes what is urgent off it.
    """
    waiting = waiting_for(viewer).select_related("read_by", "by_hand")
    return [
        Row(each, categories.words_for(each.door, each.category), severity_of(each))
        for each in waiting.order_by("gathered", urgency(), "made_at", "pk")[:SHOWN]
    ]


def _waits() -> Q:
    return Q(report=None, settled_at=None) & (Q(placed_at__isnull=False) | Q(gathered=True))


# --- The code ---------------------------------------------------------------------------------------------------------------


def code_for(key: UUID) -> str:
    """The code of the letter that was sent under this key: the same again when it is sent again, and not in the database."""
    digest = salted_hmac("moderation.letters.code", str(key), algorithm="sha256").digest()
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:CODE_LENGTH])


def in_fours(code: str) -> str:
    return "-".join(code[at : at + IN_FOURS] for at in range(0, len(code), IN_FOURS))


def hash_of(code: str) -> str:
    """Of 120 random bits: nobody tries them all, so no salt is needed."""
    bare = re.sub(r"[^A-Z0-9]", "", code.upper()).translate(MISREAD)
    return hashlib.sha256(bare.encode()).hexdigest()


def by_code(code: str) -> Letter | None:
    return Letter.objects.filter(code_hash=hash_of(code), sender=None).select_related("report__case").first()


# --- What is sealed ---------------------------------------------------------------------------------------------------------


def write_contact(letter: Letter, contact: Contact) -> None:
    """Seals who wrote it into the row, for the caller to save."""
    for name in Letter.SEALED:
        setattr(letter, name, seal(getattr(contact, name), _place(letter, name)))


def read_contact(letter: Letter) -> Contact:
    """Raises CannotOpen when the key is missing or the row was changed."""
    return Contact(**{name: unseal(getattr(letter, name), _place(letter, name)) for name in Letter.SEALED})


def has_contact(letter: Letter) -> bool:
    return bool(letter.name or letter.reach)


def reseal() -> tuple[int, int]:
    """Seals with the newest key what an older one sealed. Returns how many were sealed anew, and how many cannot be opened."""
    done = closed = 0
    for letter in _sealed():
        before = {name: getattr(letter, name) for name in Letter.SEALED}
        if all(map(is_newest, before.values())):
            continue
        try:
            write_contact(letter, read_contact(letter))
        except CannotOpen:
            closed += 1
            continue
        after = {name: getattr(letter, name) for name in Letter.SEALED}
        done += Letter.objects.filter(pk=letter.pk, **before).update(**after)
    return done, closed


def _sealed() -> Iterator[Letter]:
    return Letter.objects.exclude(name="", reach="").order_by("pk").iterator()


def _place(letter: Letter, name: str) -> str:
    return f"letter:{letter.sealed_for}:{name}"

"""The rule of the design in a few lines of its own: what each of a handful of people may read, whatever they have done so far.

It keeps its own book of who wrote what and who is apart from whom, and never asks forum/access.py anything.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

WORDS, STONE, NOTHING = "words", "stone", ""
SIGHT = {
    # status:   (its author, another member, the team)
    "held": (WORDS, NOTHING, WORDS),
    "visible": (WORDS, WORDS, WORDS),
    "folded": (WORDS, WORDS, WORDS),  # behind one press
    "removed": (STONE, STONE, STONE),
    "withdrawn": (STONE, STONE, STONE),
    "erased": (STONE, STONE, STONE),
}
STANDS = frozenset({"visible", "folded"})
TEAM = frozenset({"moderator", "staff"})
OPEN = frozenset({"active", "slowed", "paused"})


@dataclass(eq=False)
class Person:
    """Somebody, with what the book says of them."""

    handle: str
    pk: int
    role: str = "member"
    steps: set[str] = field(default_factory=set)  # what the team has decided about them
    rests: bool = False
    away: bool = False
    gone: bool = False

    @property
    def standing(self) -> str:
        if self.gone:
            return "erased"
        if self.away:
            return "deactivated"
        shut = self.steps & {"suspended", "banned"}
        return shut.pop() if shut else "on_break" if self.rests else "active"

    @property
    def wall_open(self) -> bool:
        return self.standing in OPEN


@dataclass(eq=False)
class Piece:
    """A post or a reply: its word now, and those that it had."""

    pk: int
    author: Person
    word: str
    status: str = "visible"
    parent: "Piece | None" = None
    past: set[str] = field(default_factory=set)


@dataclass
class Book:
    """All that has happened."""

    people: list[Person] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    blocks: set[tuple[str, str]] = field(default_factory=set)
    mutes: set[tuple[str, str]] = field(default_factory=set)

    def apart(self, viewer: Person, author: Person) -> bool:
        pair = (viewer.handle, author.handle)
        return pair in self.blocks or pair[::-1] in self.blocks or pair in self.mutes

    def blocked(self, viewer: Person, other: Person) -> bool:
        pair = (viewer.handle, other.handle)
        return pair in self.blocks or pair[::-1] in self.blocks

    def replies(self, piece: Piece) -> list[Piece]:
        return [each for each in self.pieces if each.parent is piece]

    def stated(self, viewer: Person, piece: Piece) -> str:
        """What the table says of one piece, whatever stands above it."""
        if not viewer.wall_open:
            return NOTHING
        author, member, team = SIGHT[piece.status]
        if piece.author is viewer:
            return author
        if self.apart(viewer, piece.author):
            return NOTHING
        return team if viewer.role in TEAM else member

    def sight(self, viewer: Person, piece: Piece) -> str:
        if piece.parent is not None and self.stated(viewer, piece.parent) == NOTHING:
            return NOTHING
        sight = self.stated(viewer, piece)
        stone_stays = any(each.status in STANDS for each in self.replies(piece))
        return NOTHING if sight == STONE and not stone_stays else sight

    def readable(self, viewer: Person) -> set[str]:
        """The words that stand for them: on the wall, in search, over the socket."""
        return {piece.word for piece in self.pieces if self.sight(viewer, piece) == WORDS}

    def behind_a_press(self, viewer: Person) -> set[str]:
        """Folded words of others: search says that they are there and does not quote them."""
        return {
            piece.word
            for piece in self.pieces
            if piece.status == "folded" and piece.author is not viewer and viewer.role not in TEAM
        }

    def placed(self, viewer: Person) -> set[str]:
        """Those among them that stand under something: a reply has no place where its post is gone."""
        return {
            piece.word
            for piece in self.pieces
            if self.sight(viewer, piece) == WORDS
            and (piece.parent is None or self.sight(viewer, piece.parent) != NOTHING)
        }

    def hidden(self, viewer: Person) -> Iterator[Piece]:
        """Of these they must not even learn that they are there."""
        for piece in self.pieces:
            authors = [piece.author, *([piece.parent.author] if piece.parent else [])]
            if not viewer.wall_open or any(self.apart(viewer, each) for each in authors if each is not viewer):
                yield piece

    def shunned(self, viewer: Person) -> set[str]:
        """Whose name nothing may show to them: who blocked them, and whom they blocked or muted."""
        return {each.handle for each in self.people if each is not viewer and self.apart(viewer, each)}

"""Who hears what: the apps above register each kind of stream, how its rows are drawn, and who may hear them."""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from realtime.sessions import Opened

Row = tuple[str, int]
"""A row that events speak of: what kind of thing, and its id. `post.changed` of 12 and `post.removed` of 12 are one row."""


class Viewer(Protocol):
    """What a socket knows of the person behind it. The app above decides what else it carries."""

    id: int
    language: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """One row in its present state. `frames` maps a sight to the payload for those who have it (no seq, no stream)."""

    facts: Any
    frames: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StreamKind:
    """`prefix` is the name up to the first colon. `draw` runs in the hub's thread, once per row and language.

    `sight(viewer, facts)` must not touch the database: it returns which of `Drawn.frames` this viewer gets, or None for
    nothing at all. A payload's `kind`, when given, wins over the event's. It is asked once for all viewers who are alike
    (see Audience), and for each of the members that `named(facts)` gives; without `named`, for each viewer.
    `above(facts)` names the row by which this one is hidden with it: what happens to that one makes these facts stale too.
    """

    prefix: str
    draw: Callable[[Sequence[Row], str], Mapping[Row, Drawn]]
    sight: Callable[[Any, Any], str | None]
    named: Callable[[Any], Collection[int]] | None = None
    above: Callable[[Any], Row | None] | None = None


def _itself(viewer: Any) -> Hashable:
    alike: Hashable = viewer
    return alike


@dataclass(frozen=True, slots=True)
class Audience:
    """`load(member)` reads a viewer (None: signed out for good); `streams_of(viewer)` names what they may join. One session
    may show them less than another: `in_session(viewer, data)` says what they are in it.
    `own(member_id)` names the stream on which it is said that somebody's rights have changed.

    Viewers of whom `alike` gives the same read one language, and have the same sight of every row that names neither.
    """

    load: Callable[[Any], Any]
    streams_of: Callable[[Any], Sequence[str]]
    alike: Callable[[Any], Hashable] = _itself
    in_session: Callable[[Any, Mapping[str, Any]], Any] = lambda viewer, _data: viewer
    own: Callable[[int], str] = lambda _member_id: ""

    def viewer(self, opened: "Opened | None") -> Any:
        """Who hears a session that stands, as they are now; None when it does not, or they are gone for good."""
        viewer = self.load(opened.member) if opened is not None else None
        return None if opened is None or viewer is None else self.in_session(viewer, opened.data)


_kinds: dict[str, StreamKind] = {}
_audience: list[Audience] = []


def register(kind: StreamKind) -> None:
    _kinds[kind.prefix] = kind


def kind_of(stream: str) -> StreamKind:
    """The registered kind of a stream's name. Raises KeyError for a stream nobody registered."""
    return _kinds[stream.split(":", 1)[0]]


def set_audience(audience: Audience) -> None:
    _audience[:] = [audience]


def audience() -> Audience:
    return _audience[0]

"""The one history checker: what clients sent and were told, held against what the database says in the end. Pure.

A client's view is made again from what it received, by the rules of wall-stream.js and feed.js: an event at or below the cursor is
dropped, an older version of a row changes nothing, the same version changes nothing unless the row goes.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields

from bench.faults.history import Record
from bench.faults.truth import Told, Truth

Row = tuple[str, int]


@dataclass
class Findings:
    """What was counted, and one sentence for each fault that was found."""

    sends: int = 0
    acked: int = 0
    received: int = 0
    clients: int = 0
    resets: int = 0
    lost: list[str] = field(default_factory=list)  # acked, and not in the database
    doubled: list[str] = field(default_factory=list)  # one send, several rows
    holes: list[str] = field(default_factory=list)  # numbers that the log itself lacks
    undelivered: list[str] = field(default_factory=list)  # events after the last one a client has
    gaps: list[str] = field(default_factory=list)  # events that a client was never told of, and went on
    twice: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)
    diverged: list[str] = field(
        default_factory=list
    )  # a row that a client shows and the database does not, or otherwise

    @property
    def faults(self) -> dict[str, list[str]]:
        return {each.name: found for each in fields(self) if isinstance(found := getattr(self, each.name), list)}

    @property
    def clean(self) -> bool:
        return not any(self.faults.values())

    def words(self) -> str:
        """The numbers in one line; the first of each kind of fault after it."""
        told = f"{self.sends:,} sent, {self.acked:,} acked, {self.received:,} events at {self.clients:,} clients"
        if self.resets:
            told += f", {self.resets:,} resets"
        faults = [f"{len(found):,} {kind} ({found[0]})" for kind, found in self.faults.items() if found]
        return "; ".join([told, *(faults or ["0 faults"])])


class View:
    """What one client shows, and up to where it has been told."""

    def __init__(self, who: str) -> None:
        self.who = who
        self.rows: dict[Row, tuple[int, str]] = {}  # version and words; "" where there are none
        self.cursor = 0
        self.base = 0  # told of everything after it
        self.heard: dict[int, Row] = {}
        self.joined = False

    def page(self, record: Record) -> None:
        self.rows = {(noun, id): (version, words) for noun, id, version, words in record["rows"]}
        self.cursor = self.base = record["wall"]
        self.heard, self.joined = {}, True

    def event(self, record: Record, found: Findings) -> None:
        seq, row = record["seq"], (noun_of(record["kind"]), record["id"])
        if seq <= self.cursor:
            again = seq in self.heard
            (found.twice if again else found.disordered).append(f"{self.who} has {seq} after {self.cursor}")
            return
        self.cursor, self.heard[seq] = seq, row
        known = self.rows.get(row, (-1, ""))[0]
        if record["version"] < known or (record["version"] == known and record["words"] is not None):
            return
        self.rows[row] = record["version"], record["words"] or ""


def check(records: Iterable[Record], truth: Truth) -> Findings:
    found = Findings()
    _check_sends(list(records), truth, found)
    views = _views(records, found)
    found.clients = sum(view.joined for view in views)
    numbers = [told.seq for told in truth.log]
    if numbers:
        found.holes += [str(n) for n in range(numbers[0], truth.head + 1) if n not in set(numbers)]
    last = _last_of_each_row(truth.log)
    for view in views:
        if view.joined:
            _check_delivery(view, truth, found)
            _check_rows(view, truth, last, found)
    return found


def noun_of(kind: str) -> str:
    noun = kind.partition(".")[0]
    return "post" if noun == "reply" else noun


def _check_sends(records: Sequence[Record], truth: Truth, found: Findings) -> None:
    sent = {record["key"]: record for record in records if record["did"] == "send"}
    acks = {record["key"]: record for record in records if record["did"] == "ack" and record["key"] in sent}
    found.sends, found.acked = len(sent), len(acks)
    for key, record in sent.items():
        kept = truth.kept.get(record["kind"])
        if kept is None:
            continue
        rows = kept[record["words"]]
        if rows > 1:
            found.doubled.append(f"{record['words']} of {record['who']}: {rows} rows")
        if key not in acks:
            continue
        post = truth.posts.get(acks[key].get("id") or 0)
        if rows == 0 or (record["kind"] == "post" and acks[key].get("id") and (post is None or post.key != key)):
            found.lost.append(f"{record['kind']} {record['words']} of {record['who']}")


def _views(records: Iterable[Record], found: Findings) -> list[View]:
    views: dict[str, View] = {}
    for record in records:
        view = views.setdefault(record["who"], View(record["who"]))
        if record["did"] == "page":
            view.page(record)
        elif record["did"] == "event":
            found.received += 1
            view.event(record, found)
        elif record["did"] == "reset":
            found.resets += 1
    return list(views.values())


def _last_of_each_row(log: Sequence[Told]) -> dict[Row, int]:
    return {(noun_of(told.noun), told.id): told.seq for told in log}


def _check_delivery(view: View, truth: Truth, found: Findings) -> None:
    """An event was told, or a later one of its row was: a replay sends each row once, in its present state. Of supports for
    words that are gone it is told by the going.
    """
    told: dict[Row, int] = defaultdict(int)
    for seq, row in view.heard.items():
        told[row] = max(told[row], seq)
    newest = max(view.heard, default=view.base)
    for event in truth.log:
        rows = [(noun_of(event.noun), event.id)]
        if event.noun == "support" and (post := truth.posts.get(event.id)) and not post.words:
            rows.append(("post", event.id))
        if event.seq > view.base and max(told[row] for row in rows) < event.seq:
            missing = f"{view.who} lacks {event.seq} ({event.noun} {event.id}); it has {newest} of {truth.head}"
            (found.gaps if event.seq < newest else found.undelivered).append(missing)


def _check_rows(view: View, truth: Truth, last: dict[Row, int], found: Findings) -> None:
    """apply(events, the page) is the database, for every row the page showed or an event has spoken of since."""
    concerned = set(view.rows) | {row for row, seq in last.items() if seq > view.base}
    for noun, id in concerned:
        post = truth.posts.get(id)
        if noun not in {"post", "support"} or (noun == "support" and post is not None and not post.words):
            continue
        shown = view.rows.get((noun, id))
        version = None if post is None else post.support_version if noun == "support" else post.version
        words = post.words if post is not None and noun == "post" else ""
        if shown is None or shown[0] != version or (noun == "post" and shown[1] != words):
            found.diverged.append(f"{view.who} shows {noun} {id} as {shown}, the database has {(version, words)}")

"""What is kept of people, stated once: each model of each app, whose its columns are, what a member's own copy shows, and
what erasure does. The copy, the erasure, the page /me/data/ and docs/data.md are all drawn from here.

Every model has an entry, in `forum/data_map.py`, `forum/data_map_beneath.py` or `moderation/data_map.py`;
tests/test_data_rights.py fails for one that is missing and for a column that is in no class or in two:

* `personal`: about the member, or written by them. Their copy shows it.
* `third_party`: somebody else's, beside the member's. Never in their copy.
* `internal`: what the software needs to work: versions, keys, links between rows. An automatic primary key needs no mention.

A `Tie` is one way in which rows have to do with a member; each foreign key to Member has one, and the key's own column
needs no class. It says what the copy shows and how it `ends` when the account is erased:

    Entry(
        "forum.Follow",
        _("Posts you follow"),
        personal="post made_at",
        ties=[Tie("member", shows="post made_at", ends=DELETE)],
    )
    Entry(
        "forum.SupportGroup",
        _("Support groups you have suggested"),
        personal="name made_at",
        internal="kind published_at checked_at",
        ties=[
            Tie("suggested_by", shows="name made_at", ends=STONE),  # the row stays and leads to an erased account
            Tie("checked_by", ends=STONE),
        ],
    )
    Entry(
        "forum.RuleComment",
        _("What you said about the next rules"),
        personal="body made_at",
        internal="rule",
        ties=[Tie("author", shows="body made_at", ends=Blank(body=""), keeps="made_at", why=_("Answers stand under it."))],
    )
    Entry("forum.Helpline", _("Phone lines"), internal="name number checked_at", ties=[Tie("checked_by", ends=STONE)])
    about_nobody("realtime.Tick", "realtime.Epoch")

A tie may also be a path (`"case__subject"`), or a function from the member's id to a Q where no key leads to them
(`Tie(by_address, …)`). `held` names rows that must wait: a function from the member's id to a Q. They are erased as soon as
it no longer matches them. What must happen besides to rows (sockets that hear of it) is a function: `ends=By(erase_posts)`.
A column whose own name does not say enough in the copy gets words from `labels`; sealed columns get a `read`.

The rules for what is also somebody else's:

* What I told the team is mine and is shown. Who told the team about me, and what they said, never is.
* What the team wrote for itself (notes, screening's reasons) never is. A person can ask for it, and a person
  reads it first, so that nobody else's words go out with it.
* A finished crisis record is: without what is about somebody else, and not while two people keep it back for a while.
* What the team wrote to me (words, statements) is mine: both sides of my conversation are shown.
* Other people stand in the copy as numbers. Their words, and replies to mine, are theirs.
* What somebody did for the team from a role account is the team's record: it is not in the copy, and it stays.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Case, Field, ForeignKey, Model, Q, QuerySet, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from realtime.log import NewEvent

Words = str | Promise
Rows = Callable[[int], Q]

PURPOSE = _("To run this place for you.")
WHILE_HERE = _("As long as you have an account.")
WAITS = _("What an open case of the team needs waits until that is closed.")
ERASED_WORDS = "[erased]"  # where the database asks for words
TOOK_BACK, CHANGED, LEFT, ERASES = "took_back", "changed_words", "left", "erases"
CHANGED_CONTACT = "changed_contact"
NO_ROWS, ALL_ROWS = Q(pk__in=()), Q(pk__isnull=False)  # an empty Q() excludes nothing


class Delete:
    """The rows go."""


@dataclass(frozen=True, slots=True)
class Keep:
    """The rows stay as they are. `why` also says for how long."""

    why: Words


@dataclass(frozen=True, slots=True)
class By:
    """A function erases the rows of the member with this id, a slice at a time. It may run twice."""

    erase: Callable[[int], object]


class Blank:
    """The rows stay without these columns: `Blank(body="", content_note="")`."""

    def __init__(self, **values: Any) -> None:
        self.values = values


DELETE = Delete()
STONE = Keep(_("It names an erased account, which says nothing about anybody."))
TEAM_RECORD = Keep(_("What somebody did for the team is part of the record of other people's cases."))

Ends = Delete | Blank | Keep | By


def worn(column: str) -> Case:
    """For a Blank where the database asks for words: says that they were erased, where there were any."""
    return Case(When(**{column: ""}, then=Value("")), default=Value(ERASED_WORDS))


@dataclass(frozen=True, slots=True)
class Tie:
    """One way in which a model's rows have to do with a member.

    `keeps` names personal columns that a Blank or By leaves, and `why` the reason. `only` narrows what the copy shows.
    `rule` says why the copy shows nothing of these rows. `read` gives the copy's rows where a plain look does not.
    """

    who: str | Rows
    ends: Ends
    shows: str = ""
    title: Words = ""  # over this part of the copy; else the entry's
    only: Q | None = None
    keeps: str = ""
    why: Words = ""
    rule: Words = ""
    held: Rows | None = None
    read: Callable[[int], Iterable[Mapping[str, Any]]] | None = None

    def ending(self) -> list[Words]:
        """What erasure does to these rows, in words for members."""
        if isinstance(self.ends, Keep):
            return [self.ends.why]
        gone = _("It goes.") if isinstance(self.ends, Delete) else _("Its words go.")
        return [gone, *([self.why] if self.why else []), *([WAITS] if self.held else [])]

    def rows(self, member_id: int) -> Q:
        return self.who(member_id) if callable(self.who) else Q(**{self.who: member_id})


@dataclass(frozen=True, slots=True)
class Entry:
    """What is kept in one model. `why` it is kept and `until` when, in words for members."""

    model: str
    what: Words
    personal: str = ""
    third_party: str = ""
    internal: str = ""
    ties: Iterable[Tie] = ()
    why: Words = PURPOSE
    until: Words = WHILE_HERE
    labels: Mapping[str, Words] = field(default_factory=dict)

    @property
    def model_class(self) -> type[Model]:
        return apps.get_model(self.model)

    @property
    def objects(self) -> QuerySet[Any]:
        return self.model_class._base_manager.all()

    @property
    def is_about_members(self) -> bool:
        """Whether there is anything in it for a member to know of: more than who of the team did something."""
        return any(tie.ends is not STONE for tie in self.ties)

    def rules(self) -> list[Words]:
        """Why the copy leaves something out, each reason once."""
        return list(dict.fromkeys(tie.rule for tie in self.ties if tie.rule))

    def endings(self) -> list[Words]:
        """What erasure does, in words for members, each sentence once."""
        return list(dict.fromkeys(sentence for tie in self.ties for sentence in tie.ending()))

    def column_classes(self) -> dict[str, list[str]]:
        """Each column named here, with its classes: one, if all is well."""
        found: dict[str, list[str]] = {}
        for name in ("personal", "third_party", "internal"):
            for column in getattr(self, name).split():
                found.setdefault(column, []).append(name)
        return found


_entries: dict[str, Entry] = {}
danger_checks: list[Callable[[int], bool]] = []  # whether this member may be in danger now; the apps above know
keep_checks: list[
    Callable[[int], bool]
] = []  # whether what helps find this member stays besides: a hold, lately in danger
hold_checks: list[Callable[[int], bool]] = []  # whether nothing at all of this member may be erased
held_members: list[
    Callable[[], QuerySet[Any, Any]]
] = []  # the same in one query: the ids of all of whom nothing may be
kept_sentences: list[Callable[[int], str]] = []  # what this member is told of either, or ""
kept_when_taken_back: list[
    Callable[[int], str]
] = []  # and only where they take something back: a worry tells them nothing by itself
taken_back: list[Callable[[int, str], list[NewEvent]]] = []
"""Heard in the transaction in which a member takes back or changes words, changes how to reach them, or goes (TOOK_BACK …),
once their rows are locked."""
leaving_gates: list[Callable[[Any], str]] = []  # why this Member cannot leave just now and what to do first, or ""


def register(*entries: Entry) -> None:
    """Called once by each app when it is ready. A model registered twice is a mistake."""
    for entry in entries:
        if entry.model in _entries:
            raise ValueError(f"{entry.model} is registered twice")
        _entries[entry.model] = entry


def about_nobody(*models: str) -> None:
    """Models without a word about any person and without a link to one."""
    register(*(Entry(model, _("Nothing about anybody")) for model in models))


def entries() -> list[Entry]:
    """The forum's first, then those of the apps above."""
    own, others = settings.AUTH_USER_MODEL.partition(".")[0], list(_entries.values())
    return sorted(others, key=lambda entry: not entry.model.startswith(f"{own}."))


def ties_in_order() -> Iterator[tuple[Entry, Tie]]:
    """In the order in which erasure goes: what is found by the member's address before the addresses, the member last."""

    def place(pair: tuple[Entry, Tie]) -> int:
        entry, tie = pair
        return 2 if entry.model == settings.AUTH_USER_MODEL else 0 if callable(tie.who) else 1

    yield from sorted(((entry, tie) for entry in entries() for tie in entry.ties), key=place)


def while_in_danger(member_id: int) -> Q:
    """For `held`: what would help find somebody stays while a person is looking after them, however they left."""
    return ALL_ROWS if keeps_contact(member_id) else NO_ROWS


def keeps_contact(member_id: int) -> bool:
    """Whether what would help find this member stays for now, whatever its time."""
    return any(check(member_id) for check in (*danger_checks, *keep_checks)) or is_held(member_id)


def is_held(member_id: int) -> bool:
    """Whether a hold keeps everything of this member from being erased."""
    return any(check(member_id) for check in hold_checks)


def unless_held(rows: QuerySet[Any], path: str = "member") -> QuerySet[Any]:
    """Without those of members of whom a hold keeps everything. `path` leads from the rows to the member."""
    for ids in held_members:
        rows = rows.exclude(**{f"{path}__in": ids()})
    return rows


def kept_words(member_id: int, *, taking_back: bool = False) -> list[str]:
    """Why a copy stays for now, in sentences. `taking_back`: on the pages where they change something, take it back or leave."""
    told = [*kept_sentences, *(kept_when_taken_back if taking_back else [])]
    return [words for sentence in told if (words := sentence(member_id))]


def tell_taken_back(member_id: int, what: str) -> list[NewEvent]:
    """What sockets must hear because a member took something back; call inside its transaction."""
    return [event for hear in taken_back for event in hear(member_id, what)]


def columns_of(model: type[Model]) -> "list[Field[Any, Any]]":
    """The columns that need a class: all but an automatic key."""
    return [column for column in model._meta.concrete_fields if column is not model._meta.auto_field]


def links_to_member(model: type[Model]) -> set[str]:
    """The foreign keys of a model that lead straight to a member."""
    member = apps.get_model(settings.AUTH_USER_MODEL)
    return {
        column.name
        for column in columns_of(model)
        if isinstance(column, ForeignKey) and column.remote_field.model is member
    }

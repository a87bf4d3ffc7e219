"""The parts of a crisis record: what each is called, which must be answered, and what is still open."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from moderation.models import CrisisRecord


@dataclass(frozen=True, slots=True)
class Part:
    """One part. `unknown`: what ticking it says instead of an answer; "" where it can be left open altogether."""

    name: str
    label: Any  # as a form takes it: words now, or when they are drawn
    unknown: Any = ""


NOT_KNOWN = _("We do not know")
PARTS = (
    Part("what_they_said", _("What they said"), NOT_KNOWN),
    Part("when_and_where", _("When and where"), NOT_KNOWN),
    Part(
        "means_and_time",
        _("Means, plan or time, if they spoke of it"),
        _("They did not speak of it, or we do not know"),
    ),
    Part("others_in_danger", _("Is a child or somebody else in danger?")),
    Part("others_words", _("Who else, and how")),
    Part("what_they_want", _("What they want"), NOT_KNOWN),
    Part("agreed", _("Did they agree that we contact somebody?")),
    Part("what_we_did", _("What we did, and why"), NOT_KNOWN),
    Part("contacts", _("Whom we tried to reach"), _("Nobody was contacted")),
    Part("who_was_told", _("Who else was told, and what")),
    Part("basis", _("Why we shared what we shared"), _("Nothing was shared with anybody")),
    Part("how_it_ended", _("How it ended"), NOT_KNOWN),
    Part("follow_up_on", _("The day to follow it up"), _("No follow-up is needed")),
    Part("left_out", _("Other people's details in these words")),
)
BY_NAME: Mapping[str, Part] = {part.name: part for part in PARTS}
TYPED = tuple(part.name for part in PARTS if part.name != "contacts")
CHOSEN = frozenset({"others_in_danger", "agreed"})
MUST = frozenset(part.name for part in PARTS if part.unknown) | CHOSEN
MAY_BE_UNKNOWN = tuple(part.name for part in PARTS if part.unknown)


def unknown_in(stored: str) -> list[str]:
    """The parts that `not_known` names, in the record's order."""
    named = set(stored.split(","))
    return [name for name in MAY_BE_UNKNOWN if name in named]


def stored(unknown: Iterable[str]) -> str:
    """For `not_known`: each name between commas."""
    named = set(unknown)
    return "," + "".join(f"{name}," for name in MAY_BE_UNKNOWN if name in named)


def fields_of(record: CrisisRecord) -> dict[str, str]:
    """Every part as text, as a version keeps it and a form sends it."""
    found = {name: getattr(record, name) for name in TYPED if name != "follow_up_on"}
    day = record.follow_up_on.isoformat() if record.follow_up_on else ""
    return found | {"follow_up_on": day, "not_known": record.not_known}


def missing_from(record: CrisisRecord, today: date | None = None) -> list[Part]:
    """The parts that keep a case from being closed with this record, in order."""
    unknown = set(unknown_in(record.not_known))
    return [part for part in PARTS if part.name in MUST - unknown and not _answered(record, part.name, today)]


def _answered(record: CrisisRecord, name: str, today: date | None) -> bool:
    if name == "contacts":
        return bool(record.pk) and record.contacts.exists()
    if name == "follow_up_on":
        return record.follow_up_on is not None and record.follow_up_on > (today or timezone.localdate())
    return bool(getattr(record, name))

"""What somebody told the team by telephone, by letter or through another charity, written down by staff."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.access import facts_of, has_role
from forum.models import Member
from moderation import categories, letters
from moderation.access import cases_visible_to
from moderation.actions.letters import into_case
from moderation.actions.moving import _move, locked
from moderation.letters import Contact, Whom
from moderation.models import ByHand, Case, Letter, Severity, Source
from moderation.refusals import Missing, NotAllowed
from realtime import log


@dataclass(frozen=True, slots=True)
class Told:
    """What was told: `door` and `category` as in a report, `severity` as whoever took it down judges it."""

    door: str
    category: str
    severity: str
    about: str  # a handle, a link to a post, or any words for somebody whom nobody here knows
    note: str
    whose_words: str
    channel: str
    organisation: str
    told_at: datetime
    whereabouts: str = ""


def take_down(actor: Member, told: Told, contact: Contact, *, key: UUID) -> Letter:
    """Stores it as a letter, and puts it into the case of whoever it names for certain: else it waits on the staff board,
    and people are called about it as about any other. The same key gives the first.

    Raises Missing for a category that the door does not offer and for a severity that is less than its own, and NotAllowed
    where it is about whoever writes it down: somebody else does that.
    """
    _judge(told)
    whom = letters.find_whom(told.about)
    if whom and told.category == categories.TEAM and not has_role(whom.member):
        whom = None
    if whom and whom.member.pk == actor.pk:
        raise NotAllowed(_("This is about you, so somebody else writes it down."))
    letter = Letter(
        door=told.door, category=told.category, about=told.about, note=told.note, whereabouts=told.whereabouts, key=key,
        code_hash=letters.hash_of(letters.code_for(key)), placed_at=timezone.now(),
        reserved_for=categories.reserved_for(told.door, told.category),
    )  # fmt: skip
    letters.write_contact(letter, contact)
    try:
        return _stored(letter, told, actor, whom)
    except IntegrityError:  # the same press arrived twice
        return Letter.objects.get(key=key, by_hand__taken_by=actor)


def _stored(letter: Letter, told: Told, actor: Member, whom: Whom | None) -> Letter:
    with transaction.atomic():
        letter.save(force_insert=True)
        ByHand.objects.create(
            letter=letter, channel=told.channel, organisation=told.organisation, whose_words=told.whose_words,
            severity=told.severity, told_at=told.told_at, taken_by=actor,
        )  # fmt: skip
        if whom:
            report, events = into_case(letter, whom, Source.STAFF)
            log.append(*events, *_move(locked(report.case), "by_hand", actor, words=f"letter {letter.pk}"))
    return letter


def case_seen_by(letter: Letter, actor: Member) -> Case | None:
    """The case it went into, where this person may see it: what is told of the team is the independent contacts'."""
    report = letter.report
    seen = Case.objects.filter(cases_visible_to(facts_of(actor)))
    return seen.filter(pk=report.case_id).first() if report else None


def _judge(told: Told) -> None:
    try:
        least = categories.category(told.door, told.category).severity
    except KeyError:
        raise Missing("category", _("Choose what it is about.")) from None
    if Severity(told.severity).rank > least.rank:
        raise Missing(
            "severity",
            _("What it is about asks for “%(least)s” at least. Choose that, or something else it is about.")
            % {"least": least.label},
        )

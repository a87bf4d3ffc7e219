"""Contact details: who may open them and until when, read here; asked, answered and opened in the actions.

Nothing about a person's address, town, number or connections stands on any other page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from forum import cards, connections
from forum.access import ViewerFacts
from forum.cards import Card
from forum.connections import Fact
from forum.kept_contact import MAIL, read_before
from forum.sealing import CannotOpen
from moderation import access
from moderation.clocks import DISCLOSURE_ASKED_FOR
from moderation.models import (
    Case,
    Disclosure,
    DisclosureOpening,
    DisclosureStage,
    Kind,
    Purpose,
    Severity,
    State,
)
from moderation.vocabulary import ROUSING

ASKED, APPROVED, ALONE = DisclosureStage.ASKED, DisclosureStage.APPROVED, DisclosureStage.ALONE
SHOWN_BEFORE = 50  # of those that are over, on their page


@dataclass(frozen=True, slots=True)
class Opened:
    """What was asked for, and nothing else. `missing` says why something of it cannot be shown."""

    mail: str = ""
    card: Card | None = None
    sign_ins: Sequence[Fact] = ()
    of_post: Fact | None = None
    missing: Sequence[str] = ()
    mails_before: Sequence[str] = ()  # as they stood before the member changed them, while somebody looks after them
    cards_before: Sequence[Card] = ()


@dataclass(frozen=True, slots=True)
class Board:
    """The page of all disclosures, for one person."""

    waiting: list[Disclosure]
    to_open: list[Disclosure]
    open_now: list[Disclosure]
    to_review: list[Disclosure]
    before: list[Disclosure]


def until_of(opening: DisclosureOpening) -> datetime:
    """When it closes by itself, or was shut."""
    ends = opening.opened_at + timedelta(minutes=opening.minutes)
    return min(ends, opening.shut_at) if opening.shut_at else ends


def hour_words(at: datetime) -> str:
    """A time of day with its zone's name, which says which of two it is in the hour that happens twice."""
    return timezone.localtime(at).strftime("%H:%M (%Z)")


def open_now(disclosure: Disclosure, now: datetime | None = None) -> DisclosureOpening | None:
    """The opening that still runs; None when it is closed."""
    last = disclosure.openings.first()
    return last if last and (now or timezone.now()) < until_of(last) else None


def is_emergency(case: Case) -> bool:
    return case.kind == Kind.CARE and case.severity == Severity.EMERGENCY and case.state != State.CLOSED


def why_over(disclosure: Disclosure, case: Case) -> str:
    """Why nothing can be opened any more whoever asks, as a sentence; "" while it can."""
    if disclosure.stage in (DisclosureStage.REFUSED, DisclosureStage.LAPSED):
        return _("This was not agreed to.")
    if disclosure.purpose == Purpose.DANGER and (case.state == State.CLOSED or case.severity not in ROUSING):
        return _("The danger is over, so nothing is opened any more.")
    if disclosure.purpose == Purpose.DANGER and disclosure.asked_at < _began_at(case):
        return _("This was asked for in an earlier emergency, which is over. Ask again.")
    if disclosure.was_right is False:
        return _("Whoever reviewed this did not think it was right, so it stays closed.")
    return ""


def _began_at(case: Case) -> datetime:
    """When the danger that the case is about now began: it was passed to staff, or opened again after it had been closed."""
    opened_again = case.events.filter(from_state=State.CLOSED).exclude(to_state=State.CLOSED).last()
    times = (case.opened_at, case.escalated_at, opened_again.at if opened_again else None)
    return max(at for at in times if at is not None)


def why_not_open(disclosure: Disclosure, case: Case, actor_id: int, now: datetime | None = None) -> str:
    """Why this person cannot open it for the first time now; "" when they can."""
    if disclosure.asked_by_id != actor_id:
        return _("Only whoever asked opens it.")
    if reason := why_over(disclosure, case):
        return reason
    if disclosure.openings.exists():
        return _("It has been opened, and has closed. Ask again if more is needed.")
    if disclosure.stage == ASKED and (reason := why_not_alone(disclosure, case, actor_id, now)):
        return reason
    agreed = disclosure.answered_at if disclosure.stage == APPROVED else None
    if agreed and agreed + DISCLOSURE_ASKED_FOR <= (now or timezone.now()):
        return _("That was agreed to a week ago and not opened, so it has lapsed. Ask again.")
    return ""


def why_not_alone(disclosure: Disclosure, case: Case, actor_id: int, now: datetime | None = None) -> str:
    """Why a second person has to agree before this person opens it; "" in an emergency, unless they went alone before and
    somebody found it not right, or nobody has looked at it in time."""
    if disclosure.purpose == Purpose.REQUEST or not is_emergency(case):
        return _("A second person has to agree first.")
    before = Disclosure.objects.filter(stage=ALONE, asked_by=actor_id)
    if before.filter(was_right=False).exists():
        return _("You opened details alone before, and it was not right. A second person has to agree first.")
    if before.filter(reviewed_at=None, review_due_at__lte=now or timezone.now()).exists():
        return _("What you opened alone before waits for its review. A second person has to agree first.")
    return ""


def why_not_again(disclosure: Disclosure, case: Case, actor_id: int) -> str:
    """Why this person cannot open it once more with one press; "" when they can."""
    if disclosure.asked_by_id != actor_id or not disclosure.openings.exists():
        return _("Only whoever opened it opens it again.")
    if not is_emergency(case):
        return _("It has closed. While it is not an emergency, ask again.")
    if reason := why_over(disclosure, case):
        return reason
    return why_not_alone(disclosure, case, actor_id) if disclosure.stage == ALONE else ""


def fields_of(disclosure: Disclosure) -> list[str]:
    """What is asked for, in words."""
    asked = [
        (disclosure.wants_mail, _("the e-mail address")),
        (disclosure.wants_card, _("how to reach them, from their card")),
        (disclosure.wants_sign_ins, _("where the last sign-ins came from")),
        (disclosure.post_id is not None, _("where one post came from")),
    ]
    return [words for wanted, words in asked if wanted]


def read_opened(disclosure: Disclosure) -> Opened:
    """The details themselves. Call only while an opening of this person's runs, after it was written down."""
    member = disclosure.case.subject
    missing: list[str] = []
    card: Card | None = None
    sign_ins: Sequence[Fact] = ()
    of_post: Fact | None = None
    cards_before: Sequence[Card] = ()
    mails_before: Sequence[str] = ()
    gone = _("%(what)s: sealed with a key that is missing. Tell whoever runs the site.")
    try:
        card = cards.open_card(member.pk) if disclosure.wants_card else None
        cards_before = cards.read_cards_before(member.pk) if disclosure.wants_card else ()
    except CannotOpen:
        missing.append(gone % {"what": _("The card")})
    try:
        sign_ins = connections.read_sign_ins(member.pk) if disclosure.wants_sign_ins else ()
        of_post = connections.read_of_post(disclosure.post_id) if disclosure.post_id else None
    except CannotOpen:
        missing.append(gone % {"what": _("Connections")})
    try:
        mails_before = tuple(read_before(member.pk, MAIL)) if disclosure.wants_mail else ()
    except CannotOpen:
        missing.append(gone % {"what": _("The e-mail address before")})
    mail = member.email if disclosure.wants_mail else ""
    return Opened(mail, card, sign_ins, of_post, tuple(missing), mails_before, cards_before)


def seen_by(viewer: ViewerFacts) -> QuerySet[Disclosure]:
    """The disclosures this person may know of: in cases they may see, for those who take such cases."""
    cases = Case.objects.filter(access.cases_visible_to(viewer)).exclude(subject__in=viewer.own_blocks)
    rows = Disclosure.objects.filter(case__in=cases)
    return rows.select_related("case__subject", "asked_by", "answered_by", "reviewed_by").prefetch_related("openings")


def waiting_for(viewer: ViewerFacts) -> QuerySet[Disclosure]:
    """What another has asked for and this person could answer, the oldest first."""
    return seen_by(viewer).filter(stage=ASKED).exclude(asked_by=viewer.id).order_by("asked_at")


def to_review(viewer: ViewerFacts) -> QuerySet[Disclosure]:
    """What somebody opened alone, for another to review; what is due first at the top."""
    return seen_by(viewer).filter(stage=ALONE, reviewed_by=None).order_by("review_due_at")


def read_board(viewer: ViewerFacts) -> Board:
    rows, now = list(seen_by(viewer)[: SHOWN_BEFORE * 2]), timezone.now()
    opened = [each for each in rows if open_now(each, now)]
    reviews = list(to_review(viewer))
    mine = [each for each in rows if not why_not_open(each, each.case, viewer.id, now)]
    waiting = [each for each in seen_by(viewer).filter(stage=ASKED).order_by("asked_at") if each not in mine]
    above = {each.pk for each in (*opened, *reviews, *mine, *waiting)}
    return Board(waiting, mine, opened, reviews, [each for each in rows if each.pk not in above][:SHOWN_BEFORE])


def state_words(disclosure: Disclosure, now: datetime | None = None) -> str | Promise:
    """Where it stands, in a few words."""
    if open_now(disclosure, now):
        return _("open now")
    if disclosure.stage == ALONE and disclosure.reviewed_at is None:
        return _("waits for its review")
    if disclosure.stage == ALONE:
        return _("reviewed: right") if disclosure.was_right else _("reviewed: not right")
    if disclosure.stage == APPROVED and disclosure.openings.exists():
        return _("opened, and closed again")
    return disclosure.get_stage_display()

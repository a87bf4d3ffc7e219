"""A member who has died: two of the staff say so and two take it back. Nobody else is told by itself."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forum.access import WALL_OPEN
from forum.actions.membership import bring_back, lay_to_rest
from forum.limits import locked_member
from forum.live import tell_wall
from forum.models import Member, Pinned, Role, Standing
from moderation.actions.wall_state import others_of_staff
from moderation.calls import mail_page
from moderation.clocks import PROPOSED_FOR
from moderation.closeness import close_to
from moderation.models import FamilyWish, Remembrance, ToTell
from moderation.refusals import Missing, NotAllowed, SomebodyWasQuicker
from realtime import log


def propose_remembrance(member: Member, by: Member, *, why: str, marked: bool = False) -> Remembrance:
    """One of the staff says that this member has died. Nothing changes until another agrees; the other staff get a mail that a
    page waits. Raises NotAllowed, Missing, and SomebodyWasQuicker where it was said already.
    """
    check_staff(by)
    if not why:
        raise Missing("why", _("Write how you know, so that the second person can judge it."))
    if member.pk == by.pk or not member.is_active or member.role == Role.ADMINISTRATOR:
        raise NotAllowed(_("This cannot be done for this account."))
    try:
        with transaction.atomic():
            said = Remembrance.objects.create(member=member, proposed_by=by, why=why, marked=marked)
            _ask_a_second(said, by, "begin")
    except IntegrityError:
        raise SomebodyWasQuicker from None
    return said


def agree_to_remember(said: Remembrance, by: Member, now: datetime | None = None) -> None:
    """The second name. The account rests: its sessions end, nothing is sent to it, and whoever was close to it of late is listed
    for a person to tell. Its sockets close; nobody else hears.

    Raises NotAllowed for whoever said it first, and SomebodyWasQuicker.
    """
    check_staff(by)
    now = now or timezone.now()
    if said.proposed_by_id == by.pk:
        raise NotAllowed(_("A second person agrees to this: somebody else from the staff."))
    with transaction.atomic():
        member = locked_member(said.member)
        fresh = _live(said)
        if fresh.confirmed_by_id or member.standing == Standing.ERASED:
            raise SomebodyWasQuicker
        fresh.before, events = lay_to_rest(member)
        fresh.confirmed_by, fresh.confirmed_at = by, now
        fresh.save(update_fields=["before", "confirmed_by", "confirmed_at"])
        ToTell.objects.bulk_create(
            ToTell(remembrance=fresh, person_id=close.person_id, ties=sorted(close.ties), last_at=close.last_at)
            for close in close_to(member, now)
        )
        log.append(*events)


def take_proposal_back(said: Remembrance, by: Member) -> None:
    """Puts away what nobody has agreed to; one person is enough. Raises NotAllowed and SomebodyWasQuicker."""
    check_staff(by)
    waiting = Remembrance.objects.filter(pk=said.pk, confirmed_by=None, ended_at=None)
    if not waiting.update(ended_by=by, ended_at=timezone.now()):
        raise SomebodyWasQuicker


def ask_to_undo(said: Remembrance, by: Member, why: str) -> None:
    """It was a mistake, says one of the staff; another agrees. Raises NotAllowed, Missing and SomebodyWasQuicker."""
    check_staff(by)
    if not why:
        raise Missing("undo_why", _("Write how you know, so that the second person can judge it."))
    with transaction.atomic():
        standing = Remembrance.objects.filter(pk=said.pk, confirmed_by__isnull=False, undo_asked_by=None, ended_at=None)
        if not standing.update(undo_asked_by=by, undo_asked_at=timezone.now(), undo_why=why):
            raise SomebodyWasQuicker
        _ask_a_second(said, by, "undo")


def agree_to_undo(said: Remembrance, by: Member) -> None:
    """The account is as it was before, and its owner can sign in. Raises NotAllowed for whoever asked, SomebodyWasQuicker."""
    check_staff(by)
    with transaction.atomic():
        member = locked_member(said.member)
        fresh = _live(said)
        if fresh.undo_asked_by_id is None:
            raise SomebodyWasQuicker
        if fresh.undo_asked_by_id == by.pk:
            raise NotAllowed(_("A second person agrees to this: somebody else from the staff."))
        events = bring_back(member, fresh.before)
        fresh.ended_by, fresh.ended_at = by, timezone.now()
        fresh.save(update_fields=["ended_by", "ended_at"])
        if Pinned.objects.filter(post__remembrance=fresh, ended_at=None).update(ended_at=timezone.now()):
            events.append(tell_wall())
        log.append(*events)


def let_remembrance_stand(said: Remembrance, by: Member) -> None:
    """Puts the wish to undo it away; one person is enough. Raises NotAllowed and SomebodyWasQuicker."""
    check_staff(by)
    asked = Remembrance.objects.filter(pk=said.pk, undo_asked_by__isnull=False, ended_at=None)
    if not asked.update(undo_asked_by=None, undo_asked_at=None, undo_why=""):
        raise SomebodyWasQuicker


def set_marked(said: Remembrance, by: Member, *, marked: bool) -> None:
    """Whether their page says that they are remembered. Twice is once. Raises NotAllowed and SomebodyWasQuicker."""
    check_staff(by)
    if not Remembrance.objects.filter(pk=said.pk, ended_at=None).update(marked=marked):
        raise SomebodyWasQuicker


def tick_told(row: ToTell, by: Member) -> None:
    """This person was told, by whoever says so. The first tick stands. Raises NotAllowed."""
    check_staff(by)
    ToTell.objects.filter(pk=row.pk, told_by=None).update(told_by=by, told_at=timezone.now())


def let_go_unseconded(now: datetime | None = None) -> None:
    """For the clock: what has asked for a second person for seven days and found none is let go. Nobody is remembered by it."""
    before = (now or timezone.now()) - PROPOSED_FOR
    waiting = Remembrance.objects.filter(confirmed_by=None, ended_at=None, proposed_at__lte=before)
    undone = Remembrance.objects.filter(ended_at=None, undo_asked_at__lte=before)
    wishes = FamilyWish.objects.filter(ended_at=None, asked_at__lte=before)
    nobody = {"undo_asked_by": None, "undo_asked_at": None, "undo_why": ""}
    for rows, changes in ((waiting, {"ended_at": timezone.now()}), (undone, nobody), (wishes, {"ended_at": timezone.now()})):  # fmt: skip
        if rows.exists():
            rows.update(**changes)


def check_staff(by: Member) -> None:
    if by.role != Role.STAFF or by.current_standing not in WALL_OPEN:
        raise NotAllowed(_("This is for staff."))


def _live(said: Remembrance) -> Remembrance:
    fresh = Remembrance.objects.select_for_update().filter(pk=said.pk, ended_at=None).first()
    if fresh is None:
        raise SomebodyWasQuicker
    return fresh


def _ask_a_second(said: Remembrance, first: Member, what: str) -> None:
    """A mail that a page waits, and nothing of whom it is about."""
    for person in others_of_staff(first).exclude(pk=said.member_id):
        subject = gettext_lazy("Something waits for a second person")
        key = f"remembered:{said.pk}:{what}:{said.undo_asked_at or ''}:{person.pk}"
        mail_page(key, person, subject, "remembered", gettext_lazy("the page of who is remembered"))

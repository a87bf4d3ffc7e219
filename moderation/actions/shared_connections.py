"""Whether somebody who was shut out has come back: whose kept connections are the same as this member's. For staff, in a case
about conduct, with a line in the audit chain each time. It proves nothing, and nothing comes of it by itself.
"""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from forum import connections
from forum.models import Member, Role, Standing
from forum.sealing import CannotOpen
from moderation.actions.moving import _move, guard
from moderation.models import Case, Kind, State
from moderation.refusals import NotAllowed
from realtime import log

SHUT_OUT = (Standing.SUSPENDED, Standing.BANNED)


@dataclass(frozen=True, slots=True)
class Shared:
    """Somebody who is suspended or banned, and the last day on which both used the same connection."""

    member: Member
    last: date


def look_for_shared(case: Case, actor: Member) -> list[Shared]:
    """Those who are shut out and used a connection that this case's subject used too, in the last thirty days, newest first.

    Neither address leaves this function. Raises NotAllowed (for anybody but staff, about anything but a member's conduct,
    and while somebody looks after them), and CaseMoved.
    """
    with transaction.atomic():
        fresh = guard("shared_connection", case, actor)
        if actor.role != Role.STAFF or fresh.subject.role != Role.MEMBER:
            raise NotAllowed(_("There is nothing here, or nothing you can see."))
        if Case.objects.filter(subject=fresh.subject, kind=Kind.CARE).exclude(state=State.CLOSED).exists():
            raise NotAllowed(_("Somebody looks after this person just now. That comes first."))
        found = _shared(fresh.subject)
        log.append(*_move(fresh, "shared_connection", actor, words=f"{len(found)}"))
    return found


def _shared(subject: Member) -> list[Shared]:
    others = Member.objects.filter(standing__in=SHUT_OUT, role=Role.MEMBER).exclude(pk=subject.pk)
    people = {member.pk: member for member in others if member.current_standing in SHUT_OUT}
    try:
        used = connections.read_networks([subject.pk, *people])
    except CannotOpen:
        raise NotAllowed(_("This cannot be opened: its key is missing. Tell whoever runs the site.")) from None
    own = used.pop(subject.pk, {})
    found = []
    for member_id, theirs in used.items():
        if days := [max(theirs[network], own[network]) for network in own.keys() & theirs.keys()]:
            found.append(Shared(people[member_id], max(days)))
    return sorted(found, key=lambda each: each.last, reverse=True)

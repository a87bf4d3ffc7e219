"""Putting a case off to a time at which somebody asks again: it stays with its holder, or rests in the queue."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.models import Member
from moderation import resting
from moderation.actions import running
from moderation.actions.cases import read_reports
from moderation.actions.moving import _move, guard
from moderation.models import Case
from moderation.refusals import Missing
from realtime import log


def ask_again(case: Case, actor: Member, at: datetime, note: str, *, keep: bool) -> Case:
    """Somebody looks in again at this time: whoever holds it (`keep`), or whoever is here then. `note` says what to ask.

    Until then nothing is due; the clock, an answer and a new report wake it. Raises Missing (no note, or a time that may not
    be), NotAllowed (an emergency, a case about conduct), and CaseMoved where something came that the actor has not read.
    """
    if not note.strip():
        raise Missing("note", _("Write what to ask then."))
    action = "ask_again" if keep else "rest"
    with transaction.atomic():
        fresh = guard(action, case, actor)
        if reason := resting.why_not_at(fresh.severity, at, timezone.now()):
            raise Missing("at", reason)
        events = _move(fresh, action, actor, words=note, **running.rests(fresh, at, kept=keep))
        log.append(*events, *read_reports(fresh, actor, case.version))
    return fresh

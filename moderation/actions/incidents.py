"""What went wrong: opened by one of the staff, added to line by line, closed by two. No line is ever changed."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forum.access import facts_of
from forum.models import Member
from moderation.actions.register_mail import staff_besides, tell_people
from moderation.incidents import seen_by, why_not_close
from moderation.models import Case, Incident, IncidentLine, LineKind
from moderation.no_names import refuse_names
from moderation.outside_requests import cases_seen
from moderation.refusals import Missing, NotAllowed
from moderation.refusals_register import IncidentMoved


def open_incident(
    actor: Member, kind: str, title: str, words: str, *, happened_at: datetime, found_at: datetime, case: Case | None
) -> Incident:
    """Opens one with its first line: what happened. All staff are told, the one who writes it aside.

    Raises Missing for what must be there, for a handle in the words, and for what was found before it happened.
    """
    if found_at < happened_at:
        raise Missing("found_at", _("It cannot be found before it happened."))
    if case is not None and not cases_seen(facts_of(actor)).filter(pk=case.pk).exists():
        raise Missing("case", _("There is no case with this number, or none that you can see."))
    refuse_names("title", title, case)
    refuse_names("words", words, case)
    with transaction.atomic():
        incident = Incident.objects.create(
            kind=kind, title=title, happened_at=happened_at, found_at=found_at, case=case, opened_by=actor
        )
        IncidentLine.objects.create(incident=incident, kind=LineKind.HAPPENED, words=words, at=happened_at, by=actor)
        _tell(incident, "opened", gettext_lazy("An incident was written down"), besides=actor)
    return incident


def add_line(incident: Incident, actor: Member, kind: str, words: str, *, at: datetime) -> IncidentLine:
    """Adds a line; a closed incident takes no more. Raises Missing for no words and for a handle in them, NotAllowed."""
    if not words.strip():
        raise Missing("words", _("Write what there is to say."))
    if kind not in LineKind.values:
        raise Missing("kind", _("Please pick one of these."))
    refuse_names("words", words, incident.case)
    with transaction.atomic():
        fresh = _locked(incident, actor)
        if fresh.closed_at:
            raise IncidentMoved(fresh)
        return IncidentLine.objects.create(incident=fresh, kind=kind, words=words.strip(), at=at, by=actor)


def ask_to_close(incident: Incident, actor: Member) -> Incident:
    """One person says that it is over; the others of the staff hear of it. Twice is once. Raises NotAllowed, IncidentMoved."""
    with transaction.atomic():
        fresh = _locked(incident, actor)
        if fresh.closed_at or (fresh.close_asked_by_id and fresh.close_asked_by_id != actor.pk):
            raise IncidentMoved(fresh)
        if reason := why_not_close(fresh):
            raise NotAllowed(reason)
        if fresh.close_asked_by_id is None:
            fresh.close_asked_by, fresh.close_asked_at = actor, timezone.now()
            fresh.save(update_fields=["close_asked_by", "close_asked_at"])
            key = f"close:{int(fresh.close_asked_at.timestamp())}"
            _tell(fresh, key, gettext_lazy("An incident waits for a second person to close it"), besides=actor)
    return fresh


def close_incident(incident: Incident, actor: Member) -> Incident:
    """A second person closes it. Twice by the same person is once. Raises NotAllowed for the first, IncidentMoved."""
    with transaction.atomic():
        fresh = _locked(incident, actor)
        if fresh.closed_by_id == actor.pk:
            return fresh
        if fresh.closed_at or fresh.close_asked_by_id is None:
            raise IncidentMoved(fresh)
        if fresh.close_asked_by_id == actor.pk:
            raise NotAllowed(_("Somebody else closes it."))
        fresh.closed_by, fresh.closed_at = actor, timezone.now()
        fresh.save(update_fields=["closed_by", "closed_at"])
    return fresh


def keep_open(incident: Incident, actor: Member) -> Incident:
    """Whoever asked to close it takes that back, or the second person does not agree. Raises IncidentMoved."""
    with transaction.atomic():
        fresh = _locked(incident, actor)
        if fresh.closed_at:
            raise IncidentMoved(fresh)
        fresh.close_asked_by = fresh.close_asked_at = None
        fresh.save(update_fields=["close_asked_by", "close_asked_at"])
    return fresh


def _locked(incident: Incident, actor: Member) -> Incident:
    fresh = Incident.objects.select_for_update().get(pk=incident.pk)
    if not seen_by(facts_of(actor)).filter(pk=fresh.pk).exists():
        raise NotAllowed(_("There is nothing here, or nothing you can see."))
    return fresh


def _tell(incident: Incident, key: str, subject: str | Promise, *, besides: Member) -> None:
    people = [each for each in staff_besides(besides) if seen_by(facts_of(each)).filter(pk=incident.pk).exists()]
    tell_people(f"incident:{incident.pk}:{key}", people, subject, "incident", gettext_lazy("the incident"), incident.pk)

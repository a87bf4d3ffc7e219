"""What is learnt from something that is over: written by staff, shared with moderators or not, and done by somebody."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.access import facts_of
from forum.models import Member
from moderation import incidents
from moderation.learning import seen_by
from moderation.models import Case, Incident, Lesson, State
from moderation.no_names import refuse_names
from moderation.outside_requests import cases_seen
from moderation.refusals import Missing, NotAllowed
from moderation.vocabulary import DESK


def write_lesson(
    actor: Member,
    learnt: str,
    *,
    step: str = "",
    who: Member | None = None,
    due_on: date | None = None,
    case: Case | None = None,
    incident: Incident | None = None,
    shared: bool = False,
) -> Lesson:
    """Keeps a lesson from a closed case or incident, or from neither. A step has somebody who takes it, by a day.

    Raises Missing for what must be there, for what is not over yet, and for a handle in the words.
    """
    _judge_source(actor, case, incident)
    _judge_step(step, who, due_on)
    refuse_names("learnt", learnt, case or (incident.case if incident else None))
    refuse_names("step", step, case or (incident.case if incident else None))
    return Lesson.objects.create(
        learnt=learnt, step=step, who=who if step else None, due_on=due_on if step else None,
        case=case, incident=incident, shared=shared, written_by=actor,
    )  # fmt: skip


def mark_done(lesson: Lesson, actor: Member) -> Lesson:
    """The step was taken: said by staff, or by whoever was to take it. Twice is once. Raises NotAllowed."""
    with transaction.atomic():
        fresh = Lesson.objects.select_for_update().get(pk=lesson.pk)
        viewer = facts_of(actor)
        if not seen_by(viewer).filter(pk=fresh.pk).exists() or not (
            viewer.role == "staff" or fresh.who_id == viewer.id
        ):
            raise NotAllowed(_("There is nothing here, or nothing you can see."))
        if not fresh.step:
            raise NotAllowed(_("There is no step in it to take."))
        if fresh.done_at is None:
            fresh.done_at, fresh.done_by = timezone.now(), actor
            fresh.save(update_fields=["done_at", "done_by"])
    return fresh


def share_lesson(lesson: Lesson, *, shared: bool) -> Lesson:
    """Staff let moderators read it, or no longer."""
    Lesson.objects.filter(pk=lesson.pk).update(shared=shared)
    lesson.shared = shared
    return lesson


def _judge_source(actor: Member, case: Case | None, incident: Incident | None) -> None:
    viewer = facts_of(actor)
    if case is not None:
        if not cases_seen(viewer).filter(pk=case.pk).exists():
            raise Missing("case", _("There is no case with this number, or none that you can see."))
        if case.state != State.CLOSED:
            raise Missing("case", _("This case is not closed yet. A lesson comes from one that is."))
    if incident is not None:
        if not incidents.seen_by(viewer).filter(pk=incident.pk).exists():
            raise Missing("incident", _("There is no incident with this number, or none that you can see."))
        if incident.closed_at is None:
            raise Missing("incident", _("This incident is not closed yet. A lesson comes from one that is."))


def _judge_step(step: str, who: Member | None, due_on: date | None) -> None:
    if not step:
        return
    if who is None or who.role not in DESK:
        raise Missing("who", _("Choose who does it."))
    if due_on is None:
        raise Missing("due_on", _("Choose by which day."))

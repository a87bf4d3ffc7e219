"""Who reads a conversation just now, said truthfully to the member. Writes nothing, and is no promise beyond the next clock."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from forum.models import Member
from moderation import access, duty, workflow
from moderation.actions.marking import speaker_of
from moderation.clocks import HERE_FOR
from moderation.models import Case
from moderation.receipts import moment
from moderation.vocabulary import ROUSING


@dataclass(frozen=True, slots=True)
class Attending:
    """`nobody`: whoever cannot wait is shown where help is now."""

    sentence: str
    nobody: bool = False


def has_just_acted(case: Case, who: Member, now: datetime) -> bool:
    """Whether they did something in this case, or opened it, within the last minutes."""
    return case.events.filter(actor=who, at__gt=now - HERE_FOR).exists()


def attending(case: Case, now: datetime) -> Attending:
    """For the member's page of this conversation."""
    speaker = Member.objects.filter(pk=speaker_of(case) or 0).first() if case.is_live else None
    if speaker and has_just_acted(case, speaker, now):
        return Attending(_("%(who)s is here.") % {"who": speaker.handle})
    there = _who_may_read(case, now)
    if speaker and speaker in there:
        return Attending(_("%(who)s is on shift, and reads this as soon as they can.") % {"who": speaker.handle})
    if there and (speaker is None or case.state == workflow.ESCALATED):
        return Attending(_("Somebody from the team is here, and reads this as soon as they can."))
    return Attending(" ".join(filter(None, [_nobody(now), _called(case, now)])), nobody=True)


def _who_may_read(case: Case, now: datetime) -> list[Member]:
    """Who is on shift and may take such a case, or holds it."""
    facts = access.case_facts(case)
    roles = workflow.takers_of(facts) if case.state == workflow.ESCALATED else workflow.handlers_of(facts)
    return [person for person in duty.on_shift(now) if person.role in roles and person.pk != case.subject_id]


def _nobody(now: datetime) -> str:
    expected = duty.next_expected(now)
    if expected is None or expected <= now:
        return _("Nobody is reading this just now. It is kept, and read as soon as somebody is.")
    return _("Nobody is reading this just now; somebody is expected at %(time)s.") % {"time": moment(expected, now)}


def _called(case: Case, now: datetime) -> str:
    """Until when an answer lies there before somebody is called about it, where there is anybody to be called."""
    if not case.is_live or case.severity not in ROUSING or not duty.on_call(now):
        return ""
    waiting = case.words.filter(from_team=False, read_at=None, late_at=None, answer_due_at__gt=now)
    first = waiting.order_by("answer_due_at").values_list("answer_due_at", flat=True).first()
    if first is None:
        return ""
    return _("If nobody has read what you wrote by %(time)s, whoever is on call is told.") % {
        "time": moment(first, now)
    }

"""What is kept while somebody is looked after, and for three days after: however they leave, edit or take back, nothing closes,
what was reported stays to be read, and so does what would help find them. They are told, and so is whoever holds their case.
"""

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forum import data_rights
from forum.access import facts_of
from forum.models import Member
from moderation import access, calls, duty
from moderation.actions.moving import _move, locked
from moderation.clocks import KEPT_AFTER_CLOSE
from moderation.models import Case, CaseEvent, CrisisRecord, Disclosure, DisclosureStage, Kind, State
from moderation.vocabulary import ROUSING
from realtime.log import NewEvent

GONE = frozenset({data_rights.LEFT, data_rights.ERASES})
WENT = gettext_lazy("Somebody who is looked after has closed their account")


def register() -> None:
    """Called once, when the app is ready."""
    data_rights.keep_checks += [was_in_danger_lately, has_live_disclosure]
    data_rights.kept_when_taken_back.append(told)
    data_rights.taken_back.append(tell_team)


def still_needed(path: str = "case") -> Q:
    """For a `held`: rows of a case at `path` that is live, or was closed in the last three days and had been urgent."""
    since = timezone.now() - KEPT_AFTER_CLOSE
    lately = {"kind": Kind.CARE, "severity__in": ROUSING, "closed_at__gt": since}
    return ~Q(**{f"{path}__state": State.CLOSED}) | Q(**{f"{path}__{key}": value for key, value in lately.items()})


def record_still_needed(path: str = "case") -> Q:
    """Likewise for what staff wrote down, which besides stays until a second person has read what they have to."""
    unread = CrisisRecord.objects.filter(second_due_at__isnull=False, second_read_at=None)
    return still_needed(path) | Q(**{f"{path}__in": unread.values("case")})


def was_in_danger_lately(member_id: int) -> bool:
    """Whether a care case of theirs at urgent or above was closed within the last three days, whatever it stands at now: a
    follow-up brings it back as no alarm, and ends nothing of the three days."""
    lately = CaseEvent.objects.filter(
        case__subject=member_id,
        case__kind=Kind.CARE,
        to_state=State.CLOSED,
        at__gt=timezone.now() - KEPT_AFTER_CLOSE,
    ).exclude(from_state=State.CLOSED)
    since_then = CaseEvent.objects.filter(case=OuterRef("case"), action="follow_up", n__gt=OuterRef("n"))
    return lately.filter(Q(case__severity__in=ROUSING) | Exists(since_then)).exists()


def has_live_disclosure(member_id: int) -> bool:
    """Whether staff have asked to see contact details in a case that is still open: they stay until that is over."""
    stages = (DisclosureStage.ASKED, DisclosureStage.APPROVED, DisclosureStage.ALONE)
    return (
        Disclosure.objects.filter(case__subject=member_id, stage__in=stages).exclude(case__state=State.CLOSED).exists()
    )


def told(member_id: int) -> str:
    """What somebody who is looked after reads before they take words back or leave. Nobody else is told anything."""
    if not (_live_case(member_id) or was_in_danger_lately(member_id)):
        return ""
    return _(
        "Somebody from the team is looking after you. What you take back or change leaves the wall at once. The team keeps a "
        "copy, and what would help find you, until three days after they have finished. Then it goes as you wish."
    )


def tell_team(member_id: int, what: str) -> list[NewEvent]:
    """Writes into the live case that its subject took something back or went, which closes nothing. Whoever holds it, else
    who is on call, is rung at once when they went. Returns events for the caller to append."""
    case = _live_case(member_id)
    if case is None:
        return []
    events = _move(locked(case), what, Member.objects.get(pk=member_id))
    if what in GONE:
        case.refresh_from_db()
        _ring(case, what)
    return events


def _live_case(member_id: int) -> Case | None:
    living = Case.objects.filter(subject=member_id, kind=Kind.CARE, severity__in=ROUSING)
    return living.exclude(state=State.CLOSED).first()


def _ring(case: Case, what: str) -> None:
    """Whoever holds it, who is on call or here, or else everybody who may take it: somebody in danger has gone from sight."""
    facts = access.case_facts(case)
    found = ([case.holder] if case.holder else [], duty.on_call(), duty.on_shift())
    fit = ([person for person in people if access.may_see_case(facts_of(person), facts)] for people in found)
    for person in next((people for people in fit if people), None) or calls.takers(case):
        calls.page(case, person, f"{what}:{case.pk}:{case.version}:{person.pk}", WENT)

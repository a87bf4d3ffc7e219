"""When telephones ring about what comes from outside. Whoever sends five emergencies rings once an hour, not five times.

Nothing is silent: each stands on the staff's board with its own clock, and a mail goes out for each at once. It rings at once
unless somebody is being rung for another from outside just now, this address has rung within the hour, or so many have, or
the door is flooded. Then it rings when that hour is over, unless a person has looked. Where in truth nobody was rung within
the hour for anything as severe it rings at once: only what rang can hold another. What wakes nobody yet, because people on
shift can look, or a rule has its own hour, holds nothing that would ring now; it waits its turn among its own kind, for its
own clock would else ring for all of it at the same moment. Tired people turn their telephones off: that is what this is for.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from moderation import letters
from moderation.flood import HOUR, digest_of
from moderation.ladder import Pause
from moderation.models import Case, LadderStep, Letter, Reserved, Severity, Source, State
from moderation.vocabulary import READ, ROUSING

UNSEEN = Q(report=None, read_at=None, settled_at=None) | Q(
    report__case__first_looked_at=None, report__case__state__in=(State.OPEN, State.ESCALATED)
)
NO_LOOK = (READ, "open", "report", "take_back", "raise")
"""What people do to a case before one of the team has taken it up. To raise it is to ring, which `_rousing` says."""
NEVER = datetime.max.replace(tzinfo=UTC)
STOOD_BACK = 3 * HOUR  # ours: its own hour, and twice put off for another


def rang_lately(address: str, letter: UUID) -> datetime | None:
    """Until when this address rings nobody again; None: this is the first of its hour. Counting comes first, as in flood.py.

    `letter` is the key of what it sends: the same letter again, after it could not be stored or at the same moment, is not
    held back by the mark that it made itself.
    """
    now = timezone.now()
    key = f"outside-rang-by:{digest_of(address)}"
    if not address or cache.add(key, (now.timestamp(), str(letter)), int(HOUR.total_seconds())):
        return None
    since, first = cache.get(key) or (0, str(letter))
    return None if first == str(letter) else datetime.fromtimestamp(since, now.tzinfo) + HOUR


def end_of_hour() -> datetime:
    """For what comes while the door is flooded: when all that waits rings, one for all of it."""
    now = timezone.now()
    soonest = _held().filter(UNSEEN, rings_from__gt=now).aggregate(at=Min("rings_from"))["at"]
    return soonest or now + HOUR


def let_ring_or_hold(letter: Letter) -> None:
    """Decides for a letter that is being placed, and leaves saving it to the caller. Where nothing from outside has rung
    within the hour nothing holds it back, whatever was thought when it came: a mark may be of a letter that was never stored.
    """
    if letters.severity_of(letter) not in ROUSING or letters.hand_of(letter):
        letter.rings_from = None
        return
    now = timezone.now()
    lately = _rung_lately(letter, now)
    newest = lately.order_by("-rang_at").values_list("rang_at", flat=True).first()
    if newest is None:
        letter.rings_from = None
    elif lately.filter(UNSEEN).exists() or lately.count() >= settings.OUTSIDE_RINGS_PER_HOUR:
        letter.rings_from = max(letter.rings_from or now, newest + HOUR)
    if letter.rings_from is None:
        letter.rang_at = now


def wait_its_turn(letter: Letter) -> None:
    """For one that was put into a case which wakes nobody yet. Where others wait so too, one of them rings when nobody took it
    in time, and the rest an hour later each: else one flood would ring once for every case of it when their clocks run out.
    """
    case = letter.report.case if letter.report else None
    if case is None or case.state != State.OPEN or letter.rings_from or not letter.rang_at:
        return
    others = Letter.objects.filter(rang_at__gt=timezone.now() - HOUR, report__case__state=State.OPEN, rings_from=None)
    if _as_severe_as(letter, others.filter(UNSEEN).exclude(report__case=case)).exists():
        letter.rings_from, letter.rang_at = case.due_at, None
        letter.save(update_fields=["rings_from", "rang_at"])


def heard_enough(letter: Letter, case_of: Q) -> bool:
    """Whether whoever holds this case was told aloud of as much from outside often enough within the hour."""
    told = Letter.objects.filter(case_of, rang_at__gt=timezone.now() - HOUR).exclude(pk=letter.pk)
    return _as_severe_as(letter, told).count() >= settings.OUTSIDE_RINGS_PER_HOUR


def _rung_lately(letter: Letter, now: datetime) -> QuerySet[Letter]:
    """For what at least as severe telephones rang within the hour, or will at this very look."""
    since = now - HOUR
    steps = LadderStep.objects.filter(case=OuterRef("report__case"), at__gt=since, at__gte=OuterRef("made_at"))
    of_a_case = Q(report__case__state=State.ESCALATED) | Q(Exists(steps))
    of_none = Q(report=None) & ~Q(reserved_for=Reserved.INDEPENDENT) & (Q(called_at__isnull=False) | Q(UNSEEN))
    lately = Letter.objects.filter(of_a_case | of_none, rang_at__gt=since).exclude(pk=letter.pk)
    return _as_severe_as(letter, lately)


def _as_severe_as(letter: Letter, others: QuerySet[Letter]) -> QuerySet[Letter]:
    return others.annotate(rank=letters.urgency()).filter(rank__lte=letters.severity_of(letter).rank)


def is_held(letter: Letter) -> bool:
    return letter.rings_from is not None and letter.rang_at is None


def let_ring() -> bool:
    """For the clock: of those whose hour is over and that nobody has looked at, one rings, and the others with it. Whether one did.

    What people on shift may still take in time has its own clock, and does not ring here. One that stood back for others
    three hours long rings beside them: the most urgent first must not mean that another never does.
    """
    now = timezone.now()
    nowhere = Q(report=None) & ~Q(reserved_for=Reserved.INDEPENDENT)
    due = _held().filter(UNSEEN, nowhere | Q(report__case__state=State.ESCALATED), rings_from__lte=now)
    due = due.order_by(letters.urgency(), "made_at", "pk")
    first = due.first()
    if first is None:
        return False
    starved = due.exclude(pk=first.pk).filter(placed_at__lte=now - STOOD_BACK).order_by("placed_at", "pk").first()
    with transaction.atomic():
        mine = Letter.objects.filter(pk=first.pk, rang_at=None).update(rang_at=now)
        if mine and starved:
            Letter.objects.filter(pk=starved.pk, rang_at=None).update(rang_at=now)
        if mine:
            Letter.objects.filter(pk__in=list(due.values_list("pk", flat=True))).update(rings_from=now + HOUR)
    return bool(mine)


def holds(case: Case) -> bool:
    """Whether nobody is to be rung about this case yet: all that rouses in it came from outside and waits for its hour. Nothing
    from outside ever stops a ladder that climbs for another reason.
    """
    return _wakes_at(case) == NEVER


def pauses_of(case: Case) -> list[Pause]:
    """The time for which its ladder waited, as a pause of it."""
    at = _wakes_at(case)
    if at is None or at == NEVER or case.escalated_at is None or at <= case.escalated_at:
        return []
    return [(case.escalated_at, at)]


def waiting_until(cases: Iterable[Case]) -> dict[int, datetime]:
    """When telephones ring for each of those about which nobody is to be rung yet."""
    held = _held().filter(report__case__in=list(cases)).order_by("-rings_from")
    soonest = held.values_list("report__case", "rings_from")  # of each case the soonest, being the last of it
    times = {case_id: at for case_id, at in soonest if at is not None}
    return {case.pk: times[case.pk] for case in cases if case.pk in times and holds(case)}


def _wakes_at(case: Case) -> datetime | None:
    """When it first rang or will, or a person came to it; NEVER while all of it is held back; None where nothing of it ever was.

    What somebody does ends the waiting, and does not make it as if nobody had waited: the ladder begins at its foot then, or
    one press of "I'm up" would call everybody at once as soon as its minutes are over.
    """
    held = Letter.objects.filter(report__case=case, rings_from__isnull=False)
    since = held.aggregate(at=Min("placed_at"))["at"]
    if since is None or case.events.filter(to_state=State.ESCALATED, at__lt=since).exists():
        return None
    acts = case.events.exclude(actor=None).exclude(action__in=NO_LOOK).aggregate(at=Min("at"))["at"]
    came = [at for at in (acts, case.first_looked_at) if at]
    return min([*came, *_rousing(case)], default=None)


def _rousing(case: Case) -> Iterator[datetime]:
    """When each thing that rouses in this case rang, or rings."""
    yield from case.events.filter(action="raise").values_list("at", flat=True)
    screened = Q(source=Source.SCREENING) & ~Q(severity=Severity.EMERGENCY)  # its urgent alone wakes nobody
    told = case.reports.filter(severity__in=ROUSING).exclude(screened)
    for made_at, rang_late, rings_from, rang_at in told.values_list(
        "made_at", "rang_at", "letter__rings_from", "letter__rang_at"
    ):
        yield rang_late or made_at if rings_from is None else rang_at or NEVER


def _held() -> QuerySet[Letter]:
    return Letter.objects.filter(rings_from__isnull=False, rang_at=None, gathered=False)

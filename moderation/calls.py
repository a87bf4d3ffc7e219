"""Who is called about a case: the levels of the ladder, the nudges, the reminders. Nothing sent says anything of the person."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forum.access import WALL_OPEN, facts_of
from forum.models import Member, Role
from forum.models.member import ENDLESS_STANDINGS
from moderation import access, aside, duty, ladder_rules, letters, outside_rings, rota, ways, workflow
from moderation.clocks import STAFFED_FROM
from moderation.models import (
    Case,
    CrisisRecord,
    Kind,
    RecordKind,
    Severity,
    State,
)
from moderation.vocabulary import ROUSING, WITH_STAFFS
from realtime.deliveries import queue_mail

CONTACT_FROM = 3  # the step at which the organisation's emergency contact is called, and every one after it

WAITS = gettext_lazy("A case waits (%(severity)s)")
JOINED = gettext_lazy("More was told to us about a case that you hold (%(severity)s)")
GATHERED = gettext_lazy("Somebody may be in danger")
LEFT_ALONE = gettext_lazy("Nobody is with them now (%(severity)s)")
SECOND_READER = gettext_lazy("A short close waits for a second reader")
EMERGENCY_READER = gettext_lazy("The record of an emergency waits for a second reader")


def nudge_people(case: Case) -> None:
    """Half the time has gone: whoever is on duty and may handle the case is told; for an urgent one else who is on call."""
    people = aside.willing(case, _fit(case, duty.on_shift()))
    if not people and case.severity in ROUSING:
        people = _fit(case, duty.on_call())
    when = int(case.clock_from.timestamp())
    here, held = {person.pk for person in duty.on_shift()}, outside_rings.holds(case)
    for person in people:
        page(case, person, f"nudge:{case.pk}:{when}:{person.pk}", WAITS, rings=person.pk not in here and not held)


def tell_quietly(case: Case, dedupe: str, subject: str | Promise = WAITS) -> None:
    """Whoever may take it hears without a sound: telephones ring for another just now."""
    for person in takers(case):
        page(case, person, f"{dedupe}:{person.pk}", subject, rings=False)


def tell_left_alone(case: Case) -> None:
    """Whoever stayed with the person cannot any longer: those who are called about it hear that at once, where anybody is."""
    if not ladder_of(case):
        return
    takers = workflow.takers_of(access.case_facts(case))
    for person in _fit(case, duty.on_call()) or _fit(case, _team(case)):
        if person.role in takers:
            page(case, person, f"alone:{case.pk}:{case.version}:{person.pk}", LEFT_ALONE)


def ring_for(case: Case, besides: Member) -> None:
    """Whoever held it had to stop, and it does not wait: who is on call hears at once, else who is here, else who could be."""
    found = (duty.on_call(), duty.on_shift(), _team(case))
    people = next((fit for each in found if (fit := [one for one in _fit(case, each) if one != besides])), [])
    for person in people:
        page(case, person, f"stopped:{case.pk}:{case.version}:{person.pk}", WAITS)


def remind() -> None:
    """Records that nobody read a second time by when they were due; and, in the morning, what stands on the staff board."""
    now = timezone.now()
    late = CrisisRecord.objects.filter(second_read_at=None, second_due_at__lte=now, reminded_at=None).select_related(
        "case"
    )
    for record in late:
        with transaction.atomic():
            if CrisisRecord.objects.filter(pk=record.pk, reminded_at=None).update(reminded_at=now):
                for person in _fit(record.case, _team(record.case)):
                    if person.pk != record.by_id:
                        told = SECOND_READER if record.kind == RecordKind.SHORT else EMERGENCY_READER
                        page(record.case, person, f"second:{record.pk}:{person.pk}", told, rings=False)
    _morning(now)


def takers(case: Case) -> list[Member]:
    """Everybody who may take this case, but for whom it is about and who has blocked them."""
    return _fit(case, _team(case))


def mail_page(dedupe: str, person: Member, subject: str | Promise, page: str, what: str | Promise, *args: int) -> None:
    """One mail that says no more than that a page waits behind the sign-in, in the language of whoever reads it.

    Nothing to somebody who has died.
    """
    if person.standing in ENDLESS_STANDINGS:
        return
    with translation.override(person.language):
        queue_mail(dedupe, person.email, str(subject), _body(page, what, *args))


def ladder_of(case: Case) -> tuple[int, ...]:
    """Minutes after the escalation at which each level is called; empty for what wakes nobody."""
    return ladder_rules.in_force().of(case).minutes


def level(case: Case, step: int) -> tuple[list[Member], bool]:
    """Who is called at this step of the four and at the repeats that follow, and whether the emergency contact is."""
    first, second, team = _rungs(case)
    return (first, second, team, [], team)[step], step >= CONTACT_FROM and may_call_contact(case)


def _rungs(case: Case) -> tuple[list[Member], list[Member], list[Member]]:
    """Who is called first, second, and all of them. With nobody on call nobody is singled out: all are called at once.

    On a bank holiday that nobody confirmed whoever the rota names is called first too: they may well think that it is theirs.
    """
    now, team = timezone.now(), _fit(case, _team(case))
    ringing = set(ways.ringing(now).values_list("member", flat=True))
    team.sort(key=lambda person: person.pk not in ringing)
    on_call = [person for person in _fit(case, duty.on_call(now)) if person in team]
    if not on_call:
        return team, [], team
    named = [person for person in _fit(case, rota.named_unconfirmed(now)) if person in team]
    first = list(dict.fromkeys(on_call[:1] + named))
    return first, [person for person in dict.fromkeys(on_call + team) if person not in first][:1], team


def may_call_contact(case: Case) -> bool:
    """The organisation's emergency contact; never about one of the team's own conduct."""
    facts = access.case_facts(case)
    return ways.takes_pages(settings.EMERGENCY_CONTACT) and not (
        case.kind == Kind.CONDUCT and facts.subject_role != Role.MEMBER
    )


def _team(case: Case) -> list[Member]:
    """Everyone who may take the case once it is escalated."""
    roles = workflow.takers_of(access.case_facts(case))
    return list(Member.objects.filter(role__in=roles, standing__in=WALL_OPEN, is_active=True).order_by("pk"))


def _fit(case: Case, people: Sequence[Member]) -> list[Member]:
    """Those among them who may handle the case: not about themselves, nor about someone they have blocked."""
    facts = access.case_facts(case)
    viewers = {person: facts_of(person) for person in people}
    return [
        person
        for person, viewer in viewers.items()
        if workflow.may_see_case(viewer, facts) and facts.subject not in viewer.own_blocks
    ]


def _morning(now: datetime) -> None:
    """One mail a day to each of the staff when cases wait for them that woke nobody, screening's own urgent ones too."""
    today = timezone.localtime(now)
    if today.time() < STAFFED_FROM:
        return
    waiting = Case.objects.filter(state=State.ESCALATED)
    quiet = waiting.filter(pk__in=[case.pk for case in waiting if not ladder_of(case)])
    for person in Member.objects.filter(
        role__in=(Role.STAFF, Role.INDEPENDENT), standing__in=WALL_OPEN, is_active=True
    ):
        viewer = facts_of(person)
        if quiet.filter(access.cases_visible_to(viewer)).exists() or letters.waiting_for(viewer).exists():
            subject, what = gettext_lazy("Cases wait for you this morning"), gettext_lazy("the staff board")
            mail_page(f"morning:{today.date()}:{person.pk}", person, subject, "staff_board", what)


def page(case: Case, person: Member, dedupe: str, subject: str | Promise, path: str = "", *, rings: bool = True) -> int:
    """Reaches somebody by each of their ways, in their language: a severity and a link, which is the case's where none is
    given. Returns how many deliveries there are; the same `dedupe` makes none twice.
    """
    with translation.override(person.language):
        words = str(subject) % {"severity": str(Severity(case.severity).label)}
        return ways.page_person(
            person, dedupe=dedupe, subject=words, path=path or path_of(case), case=case, rings=rings
        )


def page_contact(case: Case, dedupe: str, subject: str | Promise) -> int:
    """The same for the organisation's emergency contact, in the site's language."""
    words = str(subject) % {"severity": str(Severity(case.severity).label)}
    path = reverse("staff_board")
    body = _(
        "This is an automatic mail. Somebody may be in danger, and nobody of the staff has answered our calls.\n\nPlease ring "
        "the staff now, and go on until you have reached one of them. Whoever has an account here finds it on this page:\n\n"
        "%(address)s\n"
    ) % {"address": ways.whole(path)}
    return ways.page_address(settings.EMERGENCY_CONTACT, dedupe=dedupe, subject=words, path=path, case=case, body=body)


def path_of(case: Case) -> str:
    return reverse("staff_case" if case.state in WITH_STAFFS else "case", args=[case.pk])


def _body(name: str, what: str | Promise, *args: int) -> str:
    try:
        path = reverse(name, args=args)
    except NoReverseMatch:
        path = "/moderation/"
    address = (settings.ORIGINS[0] if settings.ORIGINS else "") + path
    return _("This is an automatic mail. Please sign in and open %(what)s:\n\n%(address)s\n") % {
        "what": what,
        "address": address,
    }

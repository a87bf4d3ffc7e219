"""Who is written to about contact details. No mail holds a word about the person, nor who asked: a number, and a page behind
the sign-in. The privacy lead may have no account here, so theirs says what kind of thing happened."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forum.access import WALL_OPEN, facts_of
from forum.models import Member
from moderation import access, calls, workflow
from moderation.clocks import LEAD_FROM, LEAD_UNTIL
from moderation.models import Case, Disclosure, DisclosureOpening
from moderation.vocabulary import ROUSING
from realtime.deliveries import queue
from realtime.models import Delivery


def tell_of_wish(disclosure: Disclosure) -> None:
    """Whoever could agree; where somebody may be in danger it rings."""
    subject = gettext_lazy("A wish to see contact details waits for a second person")
    path, case = reverse("disclosure", args=[disclosure.pk]), disclosure.case
    for person in _others(case, disclosure.asked_by_id):
        key = f"disclosure-ask:{disclosure.pk}:{person.pk}"
        calls.page(case, person, key, subject, path, rings=case.severity in ROUSING)


def tell_of_review(disclosure: Disclosure) -> None:
    _tell_others(
        disclosure, "review", gettext_lazy("Contact details were opened by one person: a review is due within 72 hours")
    )


def remind_of_review(disclosure: Disclosure) -> None:
    _tell_others(disclosure, "remind", gettext_lazy("The review of opened contact details is due within a day"))


def tell_of_late_review(disclosure: Disclosure) -> None:
    """Staff once more, and the privacy lead, because nobody has looked in the time that was promised."""
    _tell_others(disclosure, "late", gettext_lazy("The review of opened contact details is late"))
    with translation.override(settings.LANGUAGE_CODE):
        _to_lead(f"disclosure-late-lead:{disclosure.pk}", _("A review is late"), _late_words(disclosure))


def tell_asker(disclosure: Disclosure) -> None:
    """Whoever asked hears that there is an answer, and reads it behind their sign-in."""
    key = f"disclosure-answer:{disclosure.pk}:{disclosure.stage}:{bool(disclosure.reviewed_at)}"
    _mail(key, disclosure, disclosure.asked_by, gettext_lazy("There is an answer about contact details"))


def tell_privacy_lead(opening: DisclosureOpening) -> None:
    """At once by day; what happens by night is told in the morning. Nothing where the operator has named nobody."""
    with translation.override(settings.LANGUAGE_CODE):
        _to_lead(f"disclosure-lead:{opening.pk}", _("Contact details were opened"), _opening_words(opening))


def _opening_words(opening: DisclosureOpening) -> str:
    again = _("Contact details were opened again (number %(number)s, with one press, while it is an emergency).")
    first = _("Contact details were opened (number %(number)s).")
    facts = {"number": opening.disclosure_id}
    alone = opening.disclosure.review_due_at is not None
    how = (
        _("One person opened them alone, in an emergency. Somebody else reviews that within 72 hours.")
        if alone
        else _("Two people agreed to it.")
    )
    return f"{(again if opening.again else first) % facts}\n{_when(opening.opened_at)}\n{how}"


def lead_hears_at(now: datetime) -> datetime:
    """Now, by the organisation's own day; else when its next day begins. In UTC, so that a clock that is put back in
    between moves nothing."""
    here = ZoneInfo(settings.TIME_ZONE)
    local = now.astimezone(here)
    if LEAD_FROM <= local.time() < LEAD_UNTIL:
        return now
    day = local.date() + timedelta(days=local.time() >= LEAD_UNTIL)
    return datetime.combine(day, LEAD_FROM, tzinfo=here)


def _to_lead(dedupe: str, subject: str, words: str) -> None:
    address = settings.PRIVACY_LEAD
    if "@" not in address:
        return
    body = _(
        "This is an automatic mail to the privacy lead.\n\n%(words)s\n\nWho, why and what is on this page:\n%(page)s\n"
    )
    page = (settings.ORIGINS[0] if settings.ORIGINS else "") + "/staff/disclosures/"
    if queue("mail", dedupe, address, subject=subject, body=body % {"words": words, "page": page}, urgent=True):
        due = lead_hears_at(timezone.now())
        # Its tries begin when it is due: what calls somebody is given up an hour after it was made.
        Delivery.objects.filter(dedupe=dedupe).update(due_at=due, made_at=due)


def _late_words(disclosure: Disclosure) -> str:
    return _(
        "Contact details were opened by one person alone (number %(number)s), and nobody has reviewed it in 72 hours."
    ) % {"number": disclosure.pk}


def _when(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M %Z")


def _tell_others(disclosure: Disclosure, what: str, subject: str | Promise) -> None:
    for person in _others(disclosure.case, disclosure.asked_by_id):
        _mail(f"disclosure-{what}:{disclosure.pk}:{person.pk}", disclosure, person, subject)


def _mail(key: str, disclosure: Disclosure, person: Member, subject: str | Promise) -> None:
    calls.mail_page(key, person, subject, "disclosure", gettext_lazy("the page about it"), disclosure.pk)


def _others(case: Case, besides: int) -> list[Member]:
    """Everyone who could answer: those who take such cases, but for whoever asked and whoever may not handle this one."""
    facts = access.case_facts(case)
    team = Member.objects.filter(role__in=workflow.takers_of(facts), standing__in=WALL_OPEN, is_active=True)
    return [
        person
        for person in team.exclude(pk=besides).order_by("pk")
        if workflow.may_see_case(viewer := facts_of(person), facts) and facts.subject not in viewer.own_blocks
    ]

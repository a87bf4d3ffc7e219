"""What tests about requests, incidents and lessons share: one of each, in any stage, and where their pages are."""

from datetime import timedelta
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone

from forum.models import Member
from moderation.actions.incidents import open_incident
from moderation.actions.outside_requests import Asked, CallBack, Proposal, agree, call_back, log_request, propose
from moderation.models import OutsideRequest, Unusual
from moderation.outside_requests import cases_about

CALLED = CallBack("101", "The force's own page", "Sgt Price")
TO_GIVE = Proposal(give=True, why="A life may depend on it.", basis="To protect somebody's life.")
NOTHING = Proposal(give=False, why="They name no power.")
FIELDS = {"reports_seen": "They have to know what was said.", "case_facts": "When it happened."}


def asked(**more):
    """As it came: police ask about robin."""
    now = timezone.now()
    facts = {
        "asker": "police", "name": "PC Jones", "organisation": "Dyfed-Powys Police", "reference": "DP-7",
        "reach": "07700 900123", "power": "Data Protection Act 2018, schedule 2", "asked": "Anything from last night.",
        "about_words": "robin", "asked_at": now, "due_at": now + timedelta(days=2),
    }  # fmt: skip
    return Asked(**facts | more)


def a_request(actor, **more):
    return log_request(actor, asked(**more))


def called_back(actor, **more):
    return call_back(a_request(actor, **more), actor, CALLED)


def proposed(actor, proposal=TO_GIVE, fields=FIELDS, **more):
    from forum.access import facts_of

    row = called_back(actor, **more)
    case = next(iter(cases_about(row.about_id, facts_of(actor))), None)
    return propose(row, actor, proposal, case=case, fields=fields)


def decided(actor, other, proposal=TO_GIVE, fields=FIELDS, **more):
    return agree(proposed(actor, proposal, fields, **more), other)


def an_incident(actor, kind="near_miss", case=None, **more):
    now = timezone.now()
    moments = {"happened_at": now - timedelta(hours=2), "found_at": now - timedelta(hours=1)} | more
    return open_incident(actor, kind, "A page that nobody heard", "The telephone was on silent.", case=case, **moments)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def address_outside(name, case):
    """Where this page is; "" for a page of somebody else's."""
    if name == "request":
        return reverse(name, args=[_any_request(case).pk])
    if name == "request_file":
        return reverse(name, args=[_any_request(case).pk, uuid4()])
    if name == "unusual_seen":
        hour = timezone.now().replace(minute=0, second=0, microsecond=0)
        return reverse(name, args=[Unusual.objects.get_or_create(kind="joined", hour=hour, number=40)[0].pk])
    if name == "incident":
        return reverse(name, args=[an_incident(_somebody_of_staff()).pk])
    return ""


def _any_request(case):
    row = OutsideRequest.objects.first()
    return row or a_request(_somebody_of_staff(), about_words="somebody nobody here knows")


def _somebody_of_staff():
    found = Member.objects.filter(role="staff").first()
    return found or Member.objects.create_user("skua@harbour.test", "skua", role="staff")

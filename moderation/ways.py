"""How somebody is reached when it cannot wait: who has a way that rings, and the pages that go out by every way they have.

A page says a link and how severe it is, and not a word about anybody.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from forum.models import Member
from forum.models.member import ENDLESS_STANDINGS
from forum.sealing import CannotOpen, is_newest, seal, unseal
from moderation.clocks import RINGS_FOR
from moderation.models import Case, ContactWay, WayKind, WayPreset
from realtime import deliveries
from realtime.models import Delivery
from realtime.receivers import Receiver

ORGANISATION = "organisation"  # the receiver that is the organisation's emergency contact


def has_ringing_way(member: Member, now: datetime) -> bool:
    """Whether a way of theirs that rings was tested within 30 days and has not failed since."""
    return rings_until(member, now) is not None


def rings_until(member: Member, now: datetime) -> datetime | None:
    """Until when that counts, if nobody tests again; None where nothing rings now."""
    last = ringing(now).filter(member=member).order_by("-tested_at").values_list("tested_at", flat=True).first()
    return last + RINGS_FOR if last else None


def ringing(now: datetime) -> QuerySet[ContactWay]:
    """The ways that count for being on call."""
    return ContactWay.objects.filter(rings=True, tested_at__gt=now - RINGS_FOR, failing="")


def page_person(
    member: Member, *, dedupe: str, subject: str, path: str, case: Case | None = None, rings: bool = True
) -> int:
    """Queue one page by each way this person has confirmed, and always by mail to the address they sign in with.

    Call inside the transaction of what happened. `subject` says nothing about anybody; `path` is a page behind the
    sign-in; with `rings=False` only ways that make no sound are used, and nothing of it leaves before what rings. The same
    `dedupe` makes none twice. A page about a case is stopped, before it leaves, once the case has moved on. Nothing goes to
    somebody who has died. Returns how many were queued now.
    """
    if member.standing in ENDLESS_STANDINGS:
        return 0
    facts = _about(case) | {"member_id": member.pk, "link": whole(path)}
    with translation.override(member.language):
        queued = _queue_mail(f"{dedupe}:mail", member.email, subject, facts, urgent=rings)
    confirmed = ContactWay.objects.filter(member=member, confirmed_at__isnull=False)
    for way in confirmed if rings else confirmed.filter(rings=False):
        queued += queue_by(way, f"{dedupe}:way-{way.pk}", subject, facts, urgent=rings)
    return queued


def takes_pages(address: str) -> bool:
    """Whether the organisation's emergency contact can be reached at all: a mail address, or a webhook of its own."""
    return "@" in address or address.startswith("https://")


def page_address(
    address: str, *, dedupe: str, subject: str, path: str, case: Case | None = None, body: str = ""
) -> int:
    """As `page_person`, to the organisation's emergency contact: a mail address, or its own webhook at https://.

    A mail says `body`, for whoever reads it may have no account here.
    """
    facts = _about(case) | {"link": whole(path)}
    if address.startswith(("https://", "http://")):
        return int(deliveries.queue("webhook", dedupe, ORGANISATION, subject=subject, urgent=True, **facts))
    return _queue_mail(dedupe, address, subject, facts, body) if "@" in address else 0


def queue_by(
    way: ContactWay, dedupe: str, subject: str, facts: Mapping[str, Any], body: str = "", *, urgent: bool = True
) -> int:
    """Queue one page by this way, confirmed or not."""
    facts = {**facts, "way_id": way.pk}
    if way.kind == WayKind.MAIL:
        try:
            address = open_way(way).url
        except CannotOpen:
            return 0
        return _queue_mail(dedupe, address, subject, facts, body, urgent=urgent)
    return int(deliveries.queue(way.kind, dedupe, f"way:{way.pk}", subject=subject, body=body, urgent=urgent, **facts))


def end_calls(case: Case) -> None:
    """Tells the service that goes on calling people by itself, PagerDuty, that this case need not ring any more.

    Call inside the transaction that took the case. What may have left counts, whatever is known of it: to end what was never
    begun changes nothing there.
    """
    services = set(ContactWay.objects.filter(preset=WayPreset.PAGERDUTY).values_list("pk", flat=True))
    left = Delivery.objects.filter(kind="webhook", payload__case_id=case.pk, tries__gt=0) if services else ()
    for page in left:
        way_id = page.payload.get("way_id")
        if way_id in services:
            facts = {"way_id": way_id, "ends": page.dedupe}
            deliveries.queue("webhook", f"{page.dedupe}:end", f"way:{way_id}", subject="", urgent=True, **facts)


def close_way(way: ContactWay, receiver: Receiver) -> None:
    """Seals where it leads into the row, for the caller to save."""
    opened = {"url": receiver.url, "key": receiver.key, "more": dict(receiver.more)}
    way.sealed = seal(json.dumps(opened), _place(way))


def open_way(way: ContactWay) -> Receiver:
    """Where it leads. What the operator sets for everybody (which service) is read now. Raises CannotOpen."""
    opened = json.loads(unseal(way.sealed, _place(way)))
    url, key, more = opened["url"], opened["key"], opened["more"]
    if way.preset == WayPreset.PAGERDUTY:
        url = settings.PAGERDUTY_URL
    if way.preset == WayPreset.TELEPHONE:
        account, key, caller = telephone_account() or ("", "", "")
        url, more = settings.TELEPHONE_URL, {**more, "account": account, "from": caller}
    return Receiver(url=url, key=key, wire=way.preset or WayPreset.SIGNED, more=more)


def open_receiver(delivery: Delivery) -> Receiver | None:
    """For the sender of a page that goes to "way:17"; None when the way was taken away or cannot be opened."""
    way = ContactWay.objects.filter(pk=int(delivery.address.partition(":")[2])).first()
    try:
        return open_way(way) if way else None
    except CannotOpen:
        return None


def open_organisation(delivery: Delivery) -> Receiver | None:
    """The organisation's own webhook, as its settings say now."""
    if not settings.EMERGENCY_CONTACT.startswith(("https://", "http://")):
        return None
    return Receiver(settings.EMERGENCY_CONTACT, key=settings.EMERGENCY_WEBHOOK_KEY)


def telephone_account() -> tuple[str, str, str] | None:
    """The operator's account at a telephone service, its token and the number it calls from; None when there is none."""
    account, _colon, rest = settings.TELEPHONE_ACCOUNT.partition(":")
    token, _colon, caller = rest.rpartition(":")
    return (account, token, caller) if account and token and caller else None


def still_wanted(delivery: Delivery) -> bool:
    """For the sender, just before a page leaves: not once the case it calls for has been taken or has moved
    on, nor by a way that its person took away."""
    way_id = delivery.payload.get("way_id")
    if way_id is not None and not ContactWay.objects.filter(pk=way_id).exists():
        return False
    case_id, stands = delivery.payload.get("case_id"), delivery.payload.get("stands")
    if case_id is None or stands is None:
        return True
    return Case.objects.filter(Q(pk=case_id), state=stands[0], episode=stands[1]).exists()


def reseal() -> tuple[int, int]:
    """Seals with the newest key what an older one sealed. Returns how many were sealed anew, and how many cannot be opened."""
    done = closed = 0
    for way in ContactWay.objects.order_by("pk").iterator():
        before = way.sealed
        if is_newest(before):
            continue
        try:
            way.sealed = seal(unseal(before, _place(way)), _place(way))
        except CannotOpen:
            closed += 1
            continue
        done += ContactWay.objects.filter(pk=way.pk, sealed=before).update(sealed=way.sealed)
    return done, closed


def rows_of(member_id: int) -> Iterator[dict[str, Any]]:
    """For the person's own copy of their data: their ways with where they lead, without the keys."""
    for way in ContactWay.objects.filter(member=member_id):
        try:
            receiver = open_way(way)
            leads_to = receiver.more.get("to") or receiver.url
        except CannotOpen:
            leads_to = ""
        shown = {name: getattr(way, name) for name in ("name", "kind", "made_at", "confirmed_at", "tested_at")}
        yield shown | {"sealed": leads_to}


def whole(path: str) -> str:
    """A whole link to one of our pages."""
    return (settings.ORIGINS[0] if settings.ORIGINS else "") + path


def _about(case: Case | None) -> dict[str, Any]:
    if case is None:
        return {}
    return {"case_id": case.pk, "severity": case.severity, "stands": [case.state, case.episode]}


def _queue_mail(
    dedupe: str, to: str, subject: str, facts: Mapping[str, Any], body: str = "", *, urgent: bool = True
) -> int:
    body = body or _("This is an automatic mail. Please sign in and open this page:\n\n%(address)s\n") % {
        "address": facts["link"]
    }
    return int(deliveries.queue("mail", dedupe, to, subject=subject, body=body, urgent=urgent, **facts))


def _place(way: ContactWay) -> str:
    return f"way:{way.sealed_for}:{way.member_id}"

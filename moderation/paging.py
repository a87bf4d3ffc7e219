"""What came of the pages about a case: a line of its time line each, and what is still on its way.

A line is an event of the audit chain with no version of its own, as a read is: a page that leaves changes nothing about the
case, and whoever is just deciding must not be told that the case has moved.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forum.models import Member
from moderation import audit, live, ups, ways
from moderation.models import Case, CaseEvent, ContactWay
from moderation.vocabulary import PAGED
from realtime import deliveries, log, receivers
from realtime.deliveries import Outcome
from realtime.models import Delivery, DeliveryTry

KINDS = ("mail", "webhook", "push")
BY: Mapping[str, str | Promise] = {
    "mail": gettext_lazy("by mail"),
    "webhook": gettext_lazy("by webhook"),
    "push": gettext_lazy("by a notification"),
}
CAME_OF_IT: Mapping[str, str | Promise] = {
    "handed over": gettext_lazy("handed over"),
    "refused": gettext_lazy("refused"),
    "no answer": gettext_lazy("the machine that takes it did not answer"),
    "no answer in time": gettext_lazy("the machine that takes it did not answer in time"),
    "not allowed": gettext_lazy("its address is not allowed"),
    "not installed": gettext_lazy("what it needs is not installed"),
    "gone": gettext_lazy("its address is gone"),
    "not needed": gettext_lazy("not sent: it was not needed any more"),
}
OTHERWISE = gettext_lazy("it could not be handed over")


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """One page about a case: to whom, how, how often it was tried, and what came of it so far."""

    who: str
    by: str | Promise
    came_of_it: str
    tries: int
    made_at: datetime
    waits: bool


def register() -> None:
    """Called once, when the app is ready."""
    receivers.register_opener("way", ways.open_receiver)
    receivers.register_opener(ways.ORGANISATION, ways.open_organisation)
    deliveries.still_wanted(ways.still_wanted)
    deliveries.still_wanted(ups.still_wanted)
    for kind in KINDS:
        deliveries.on_outcome(kind, note_outcome)


def note_outcome(delivery: Delivery, outcome: Outcome) -> None:
    """After a try: the case's line, and the person's own word when one of their ways has failed for good.

    A try that ended as the one before it did adds no line: a receiver that is away for an hour would fill the page.
    """
    if way_id := delivery.payload.get("way_id"):
        _note_way(int(way_id), delivery, outcome)
    if outcome.state != Delivery.State.WAITING or outcome.words != delivery.outcome:
        _write_line(delivery, outcome)


def read_pages(case: Case) -> list[OnItsWay]:
    """Every page about this case that went out or still waits, the newest first. Two queries."""
    last = DeliveryTry.objects.filter(delivery=OuterRef("pk")).order_by("-n").values("status")[:1]
    about = Delivery.objects.filter(payload__case_id=case.pk).annotate(status=Subquery(last))
    found = list(about.order_by("-made_at", "-pk"))
    names = _handles(delivery.payload.get("member_id") for delivery in found)
    return [_on_its_way(delivery, names) for delivery in found]


class People:
    """Who was called, for the lines of one time line: their handles in one query, and none where nobody was."""

    def __init__(self, events: Iterable[CaseEvent]) -> None:
        self._facts = {event.pk: _facts(event) for event in events if event.action == PAGED}
        self._names = _handles(facts.get("to") for facts in self._facts.values())

    def line(self, event: CaseEvent) -> str:
        """What came of one page, as a line; "" for any other event."""
        facts = self._facts.get(event.pk)
        if not facts:
            return ""
        return _("Page to %(who)s %(by)s: %(outcome)s") % {
            "who": _name(facts.get("to"), self._names),
            "by": str(BY.get(str(facts.get("by")), "")),
            "outcome": _outcome_words(facts),
        }


def _write_line(delivery: Delivery, outcome: Outcome) -> None:
    case = Case.objects.filter(pk=delivery.payload.get("case_id")).first()
    if case is None:
        return
    facts = {
        "to": delivery.payload.get("member_id"),
        "by": delivery.kind,
        "outcome": outcome.words,
        "status": outcome.status,
        "again": outcome.state == Delivery.State.WAITING,
    }
    audit.record(case, PAGED, None, case.state, case.state, json.dumps(facts, sort_keys=True))
    log.append(*live.announce_case(case, None, case.state))


def _note_way(way_id: int, delivery: Delivery, outcome: Outcome) -> None:
    """Given up: it does not count any more until it is tested again, and its person hears of it by mail."""
    if outcome.state != Delivery.State.FAILED:
        return
    way = ContactWay.objects.select_related("member").filter(pk=way_id).first()
    if way is None or not ContactWay.objects.filter(pk=way_id, failing="").update(failing=outcome.words):
        return
    with transaction.atomic(), translation.override(way.member.language):
        deliveries.queue_mail(
            f"way-failing:{way.pk}:{delivery.pk}",
            way.member.email,
            _("One of the ways to reach you does not work"),
            _(
                "This is an automatic mail. Something that was sent to you could not be handed over, so that way does not "
                "count for being on call until you have tested it again. Please sign in and open:\n\n%(address)s\n"
            )
            % {"address": ways.whole(reverse("own_ways"))},
        )


def _on_its_way(delivery: Delivery, names: Mapping[int, str]) -> OnItsWay:
    status = getattr(delivery, "status", None)  # of its last try
    facts = {"outcome": delivery.outcome, "status": status, "again": delivery.state == Delivery.State.WAITING}
    return OnItsWay(
        who=_name(delivery.payload.get("member_id"), names),
        by=BY.get(delivery.kind, delivery.kind),
        came_of_it=_outcome_words(facts) if delivery.outcome else _("on its way"),
        tries=delivery.tries,
        made_at=delivery.made_at,
        waits=delivery.state == Delivery.State.WAITING,
    )


def _outcome_words(facts: Mapping[str, Any]) -> str:
    outcome = str(facts.get("outcome"))
    words = str(CAME_OF_IT.get(outcome, OTHERWISE))
    if facts.get("status"):
        words = f"{words} ({facts['status']})"
    return _("%(outcome)s, tried again") % {"outcome": words} if facts.get("again") else words


def _facts(event: CaseEvent) -> dict[str, Any]:
    """Nothing where the words were erased."""
    if not hasattr(event, "said"):
        return {}
    try:
        facts = json.loads(event.said.words)
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}


def _handles(ids: Iterable[int | None]) -> dict[int, str]:
    wanted = {each for each in ids if each}
    return dict(Member.objects.filter(pk__in=wanted).values_list("pk", "handle")) if wanted else {}


def _name(member_id: int | None, names: Mapping[int, str]) -> str:
    if not member_id:
        return _("the emergency contact")
    return names.get(member_id, _("somebody of the team"))

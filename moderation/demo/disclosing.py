"""Contact details in the demo: one wish that waits for a second person, and one opening that waits for its review."""

from datetime import datetime, timedelta

from forum.cards import Card, keep_card
from forum.models import Member
from moderation.actions.disclosures import Asked, ask_disclosure, open_disclosure, shut_disclosure
from moderation.clocks import DISCLOSURE_REVIEW
from moderation.models import Case, Disclosure, DisclosureOpening, DisclosureStage, Kind, Severity, State

Cast = dict[str, Member]
ALONE = "Wren said goodbye and does not answer us or Siskin. The ambulance service asks where to go."
WISH = "Finch has not answered for two hours. I would write to their own address before we think of anything else."


def fill_disclosing(cast: Cast) -> None:
    """In cases that are there already, through the actions that people use."""
    keep_card(cast["wren"], Card(phone="07700 900321", town="Bangor", to_ring="Siskin, in here", helps="Plain words."))
    gannet, puffin = cast["gannet"], cast["puffin"]
    alone = ask_disclosure(_live(cast["wren"]), gannet, Asked(reason=ALONE, basis="vital", card=True))
    if alone.case.severity == Severity.EMERGENCY:
        open_disclosure(alone, gannet)
        shut_disclosure(alone, gannet)
    ask_disclosure(_live(cast["finch"]), puffin, Asked(reason=WISH, basis="vital", mail=True))


def refresh_disclosing(now: datetime) -> None:
    """Neither lapses or is late, however long the demo was left alone."""
    Disclosure.objects.filter(stage=DisclosureStage.ASKED).update(asked_at=now - timedelta(minutes=20))
    waiting = Disclosure.objects.filter(stage=DisclosureStage.ALONE, reviewed_at=None)
    DisclosureOpening.objects.filter(disclosure__in=waiting).update(
        opened_at=now - timedelta(hours=5), shut_at=now - timedelta(hours=4, minutes=40)
    )
    waiting.update(review_due_at=now - timedelta(hours=5) + DISCLOSURE_REVIEW, reminded_at=None, late_told_at=None)


def _live(member: Member) -> Case:
    return Case.objects.exclude(state=State.CLOSED).get(kind=Kind.CARE, subject=member)

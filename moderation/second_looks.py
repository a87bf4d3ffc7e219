"""What waits for another person's look, and who may take it: whoever handles such cases and had no hand in it. Nothing writes."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.access import ViewerFacts
from moderation.access import case_facts, cases_visible_to
from moderation.models import Case, Report, SecondLook
from moderation.workflow import may_see_case


@dataclass(frozen=True, slots=True)
class Looks:
    """For a board: what nobody has looked at yet, and what somebody asks to undo."""

    waiting: list[SecondLook]
    asked: list[SecondLook]
    now: datetime


def unlooked() -> QuerySet[SecondLook]:
    """The decisions that stand and that nobody has looked at a second time, the first due first."""
    return SecondLook.objects.filter(looked_at=None, decision__undone_at=None).order_by("due_at", "pk")


def for_viewer(viewer: ViewerFacts) -> list[SecondLook]:
    """What this person may look at now: the queue shows it."""
    own = Q(decided_by=viewer.id) | Q(confirmed_by=viewer.id) | Q(decision__subject__in=viewer.own_blocks)
    told = Report.objects.filter(case=OuterRef("decision__case"), reporter=viewer.id)
    rows = unlooked().filter(_seen(viewer)).exclude(own).exclude(Exists(told))
    return list(rows.select_related(*DRAWN))


def for_board(viewer: ViewerFacts) -> Looks:
    """Everything of theirs that is late or waits, and what is asked to be undone; whether they may look themselves or not."""
    asked = SecondLook.objects.filter(_seen(viewer), agrees=False, kept_at=None, decision__undone_at=None)
    waiting = unlooked().filter(_seen(viewer)).select_related(*DRAWN)
    return Looks(list(waiting), list(asked.select_related(*DRAWN).order_by("looked_at")), timezone.now())


def why_not_look(look: SecondLook, viewer: ViewerFacts) -> str:
    """Why this person may not take the second look, as a sentence for them; "" when they may."""
    if reason := _why_no_part(look, viewer):
        return reason
    if look.looked_at is not None:
        return _("Somebody has looked at this already.")
    return ""


def why_not_keep(look: SecondLook, viewer: ViewerFacts) -> str:
    """The same for letting stand what somebody asks to undo: that takes a third person."""
    if reason := _why_no_part(look, viewer):
        return reason
    if look.agrees is not False:
        return _("Nobody asks to undo this.")
    if look.looked_by_id == viewer.id:
        return _("You asked to undo it. Undo it, or leave it to somebody else.")
    return ""


def _why_no_part(look: SecondLook, viewer: ViewerFacts) -> str:
    facts = case_facts(look.decision.case)
    if not may_see_case(viewer, facts):
        return _("There is nothing here, or nothing you can see.")
    if facts.subject in viewer.own_blocks:
        return _("You have blocked this person on the wall, so somebody else handles this.")
    hands = {look.decided_by_id, look.confirmed_by_id} | facts.reported_by | facts.noticed_by
    return _("Somebody who had no hand in it looks at this.") if viewer.id in hands else ""


def _seen(viewer: ViewerFacts) -> Q:
    return Q(decision__case__in=Case.objects.filter(cases_visible_to(viewer)))


DRAWN = ("decision__case__subject", "decision__decided_by", "looked_by")

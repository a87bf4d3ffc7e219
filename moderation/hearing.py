"""Who may hear an appeal: whoever handles such cases and had no hand in this one. Read in memory for one, as a Q for many.

The database says the rest (models/appeal.py and the triggers): nobody hears an appeal against their own decision.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from forum.access import WALL_OPEN, ViewerFacts, facts_of
from forum.models import Member, Role
from moderation.access import case_facts, cases_visible_to
from moderation.models import Appeal, AppealKind, AppealStage, Case, CaseEvent, Report
from moderation.models.appeal import UNANSWERED
from moderation.workflow import may_see_case

HANDS = ("decide", "step", "close", "settle")
"""What somebody did in a case whose report is complained about: they heard of it and left it so."""


def seen_by(viewer: ViewerFacts) -> QuerySet[Appeal]:
    """The appeals this person may learn of: in cases they may see, and not their own."""
    return Appeal.objects.filter(case__in=Case.objects.filter(cases_visible_to(viewer))).exclude(by=viewer.id)


def heard_by(viewer: ViewerFacts) -> QuerySet[Appeal]:
    """Those among them that this person may hear."""
    mine = Q(against=viewer.id) | _decided(viewer.id) | _left_it_so(viewer.id)
    reported = Exists(Report.objects.filter(case=OuterRef("case"), reporter=viewer.id))
    blocked = Q(by__in=viewer.own_blocks) | Q(case__subject__in=viewer.own_blocks)
    appeals = seen_by(viewer).exclude(mine | blocked).exclude(reported)
    return appeals.exclude(_for_staff()) if viewer.role == Role.MODERATOR else appeals


def waiting_for(viewer: ViewerFacts) -> QuerySet[Appeal]:
    """What this person could take or has taken and not answered: the header counts them."""
    return heard_by(viewer).filter(Q(stage=AppealStage.OPEN) | Q(heard_by=viewer.id), stage__in=UNANSWERED)


def why_not_hear(appeal: Appeal, actor: Member | ViewerFacts) -> str:
    """Why somebody who handles such cases may not hear this one, as a sentence for them; "" when they may."""
    viewer = actor if isinstance(actor, ViewerFacts) else facts_of(actor)
    if viewer.id == appeal.by_id or not may_see_case(viewer, case_facts(appeal.case)):
        return _("There is nothing here, or nothing you can see.")
    if heard_by(viewer).filter(pk=appeal.pk).exists():
        return ""
    if viewer.own_blocks & {appeal.by_id, appeal.case.subject_id}:
        return _("You have blocked this person on the wall, so somebody else hears this.")
    if Appeal.objects.filter(_for_staff(), pk=appeal.pk).exists() and not _had_a_hand(appeal, viewer.id):
        return _("Staff decided this, so another of the staff hears it.")
    return _("You had a hand in this, so somebody else hears it.")


def hearers(appeal: Appeal) -> list[Member]:
    """Who is asked to hear it: the moderators who may; where there are none, the staff; the independents for their own."""
    roles = (Role.MODERATOR, Role.STAFF, Role.INDEPENDENT)
    people = Member.objects.filter(role__in=roles, standing__in=WALL_OPEN, is_active=True).order_by("pk")
    fit = [person for person in people if not why_not_hear(appeal, person)]
    return [person for person in fit if person.role == Role.MODERATOR] or fit


def overseers(appeal: Appeal) -> list[Member]:
    """Who is told that it is late: the staff, or the independents for their own, whether they may hear it or not."""
    facts = case_facts(appeal.case)
    people = Member.objects.filter(
        role__in=(Role.STAFF, Role.INDEPENDENT), standing__in=WALL_OPEN, is_active=True
    ).exclude(pk=appeal.by_id)
    return [person for person in people.order_by("pk") if may_see_case(facts_of(person), facts)]


def _decided(member_id: int) -> Q:
    """Also with others: whoever proposed it, agreed to it, or looked at it a second time."""
    mine = Q(decision__decided_by=member_id)
    for link in (
        "confirmed_by",
        "proposal__proposed_by",
        "proposal__answered_by",
        "second_look__looked_by",
        "second_look__kept_by",
    ):
        mine |= Q(**{f"decision__{link}": member_id})
    return mine


def _left_it_so(member_id: int) -> Q:
    acted = CaseEvent.objects.filter(case=OuterRef("case"), actor=member_id, action__in=HANDS)
    return Q(Exists(acted), kind=AppealKind.FAILURE_TO_ACT)


def _had_a_hand(appeal: Appeal, member_id: int) -> bool:
    mine = Q(against=member_id) | _decided(member_id) | _left_it_so(member_id)
    return Appeal.objects.filter(mine, pk=appeal.pk).exists()


def _for_staff() -> Q:
    """What staff decided goes to another of them, as long as there is one."""
    others = Member.objects.filter(role=Role.STAFF, standing__in=WALL_OPEN, is_active=True)
    return Q(Exists(others.exclude(pk=OuterRef("against"))), against__role=Role.STAFF)

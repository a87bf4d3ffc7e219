"""What the clock does about second looks: one that nobody took within its day stands on the staff board, and mails staff once."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from forum.access import WALL_OPEN, facts_of
from forum.models import Member
from moderation import access, calls, workflow
from moderation.models import Case, SecondLook
from moderation.second_looks import unlooked


def remind_of_late_looks() -> int:
    """Returns how many this clock wrote about. Of several clocks one does: the UPDATE names what it saw."""
    now = timezone.now()
    late = unlooked().filter(due_at__lte=now, reminded_at=None).select_related("decision__case")
    return sum(_remind(look) for look in list(late))


def _remind(look: SecondLook) -> bool:
    with transaction.atomic():
        mine = SecondLook.objects.filter(pk=look.pk, reminded_at=None, looked_at=None).update(
            reminded_at=timezone.now()
        )
        if mine:
            for person in _told(look):
                subject = gettext_lazy("A decision waits for a second look, and is late")
                key = f"second-look:{look.pk}:{person.pk}"
                calls.mail_page(key, person, subject, "staff_board", gettext_lazy("the staff board"))
    return bool(mine)


def _told(look: SecondLook) -> list[Member]:
    """Those who take such cases, but for whoever decided: of the staff, or of the independent contacts for their own."""
    case: Case = look.decision.case
    facts = access.case_facts(case)
    team = Member.objects.filter(role__in=workflow.takers_of(facts), standing__in=WALL_OPEN, is_active=True)
    others = team.exclude(pk__in=[look.decided_by_id, look.confirmed_by_id or 0]).order_by("pk")
    return [person for person in others if workflow.may_see_case(facts_of(person), facts)]

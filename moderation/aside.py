"""What is put aside for one of the team: kinds of things they would rather not read, and cases they asked to be somebody else's.

Nobody else is shown whose. Others see those cases as ever, and nothing is forbidden: whoever wants to can still open one.
"""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from forum.models import Member
from moderation.models import Case, DeclinedCategory, ModeratorCare, PutAside, Report, Source


def put_aside_for(member_id: int) -> Q:
    """As a condition on Case. What they hold themselves is never put aside. Most people have declined nothing: then no report is
    looked at.
    """
    any_declined = Exists(DeclinedCategory.objects.filter(member=member_id))
    chosen = DeclinedCategory.objects.filter(member=member_id, category=OuterRef("category"))
    told = Q(Exists(chosen.filter(door=OuterRef("door")))) & ~Q(source=Source.SCREENING)
    screened = Q(Exists(chosen.filter(door=Source.SCREENING.value))) & Q(source=Source.SCREENING)
    declined = Report.objects.filter(told | screened, case=OuterRef("pk"))
    given_on = PutAside.objects.filter(case=OuterRef("pk"), member=member_id)
    return (Q(any_declined) & Q(Exists(declined)) | Q(Exists(given_on))) & (Q(holder=None) | ~Q(holder=member_id))


def not_for(case_id: int) -> Q:
    """The people for whom this case is put aside, as a condition on Member."""
    reports = Report.objects.filter(case=case_id, category=OuterRef("category"))
    told = reports.filter(door=OuterRef("door")).exclude(source=Source.SCREENING)
    screened = Q(Exists(reports.filter(source=Source.SCREENING)), door=Source.SCREENING.value)
    declined = DeclinedCategory.objects.filter(Q(Exists(told)) | screened)
    given_on = PutAside.objects.filter(case=case_id)
    return Q(pk__in=declined.values("member")) | Q(pk__in=given_on.values("member"))


def has_any(member_id: int) -> bool:
    """Whether anything at all can be put aside for them."""
    declined = DeclinedCategory.objects.filter(member=member_id).values("pk")
    return declined.union(PutAside.objects.filter(member=member_id).values("pk")).exists()


def willing(case: Case, people: Sequence[Member]) -> list[Member]:
    """Those of them to whom this case may be offered just now: not put aside for them, and not in their ten minutes."""
    if not people:
        return []
    calm = ModeratorCare.objects.filter(calm_until__gt=timezone.now()).values("member")
    asked = Member.objects.filter(pk__in=[person.pk for person in people])
    spared = set(asked.filter(not_for(case.pk) | Q(pk__in=calm)).values_list("pk", flat=True))
    return [person for person in people if person.pk not in spared]

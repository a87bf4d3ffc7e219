"""Legal holds: what is in force, who may know of it, what its subject is told, and the mail about it. Proposed, confirmed and
released in the actions."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forum import data_rights
from forum.access import ViewerFacts
from forum.models import Erasure, Member, Post, Status
from moderation import access, calls
from moderation.models import Case, HoldStage, LegalHold
from moderation.sealed_words import hidden_posts


def register() -> None:
    """Called once, when the app is ready."""
    data_rights.hold_checks.append(is_held)
    data_rights.held_members.append(held_members)
    data_rights.kept_sentences.append(told)


def in_force() -> QuerySet[LegalHold]:
    """What the clock has not ended yet counts as ended from its time on."""
    return LegalHold.objects.filter(stage=HoldStage.IN_FORCE, ends_at__gt=timezone.now())


def is_held(member_id: int) -> bool:
    return in_force().filter(member=member_id).exists()


def held_members() -> QuerySet[LegalHold, Any]:
    """Their ids, for a query about many."""
    return in_force().values("member")


def told(member_id: int) -> str:
    """What the member reads on their pages, unless two people wrote down why they are not told."""
    hold = in_force().filter(member=member_id, untold_because="").first()
    if hold is None or hold.ends_at is None:
        return ""
    return _(
        "Two people of the team have put down that what you have shared here has to be kept for now. What you take back or "
        "have erased leaves every page at once; it is erased for good when that ends, on %(day)s at the latest. You can ask "
        "us why, and complain to the Information Commissioner."
    ) % {"day": date_format(timezone.localtime(hold.ends_at), "j F Y")}


def seen_by(viewer: ViewerFacts) -> QuerySet[LegalHold]:
    """The holds this person may know of: those of cases they may see."""
    cases = Case.objects.filter(access.cases_visible_to(viewer)).exclude(subject__in=viewer.own_blocks)
    rows = LegalHold.objects.filter(case__in=cases)
    return rows.select_related("member", "case", "owner", "proposed_by", "answered_by", "released_by", "renews")


def kept_posts(hold: LegalHold, viewer_id: int) -> QuerySet[Post]:
    """What the hold keeps of the wall, the newest first: also what its author took back or asked to be erased. Words that
    were sealed from view are kept too, and not shown."""
    kept = Post.objects.filter(author=hold.member_id).exclude(body="")
    return kept.exclude(pk__in=hidden_posts(viewer_id)).order_by("-pk")


def is_hidden(post: Post) -> bool:
    return post.status in (Status.WITHDRAWN, Status.ERASED, Status.REMOVED)


def has_asked_erasure(member_id: int) -> bool:
    """Whether they have asked for everything to be erased, which waits."""
    return Erasure.objects.filter(member_id=member_id, finished_at=None).exists()


def let_erasure_go_on(member_id: int) -> None:
    """What was asked for while a hold stood is done by the clock's next look, and not an hour later."""
    Erasure.objects.filter(member_id=member_id, finished_at=None).update(again_at=timezone.now() - timedelta(seconds=1))


def remind(hold: LegalHold) -> None:
    """Mails its owner that it has to be looked at again; where they are not of the team any more, all who take such cases."""
    takers = calls.takers(hold.case)
    _mail(hold, "review", [hold.owner] if hold.owner in takers else takers)


def tell_late(hold: LegalHold) -> None:
    """Mails all who take such cases that nobody has looked at it in time."""
    _mail(hold, "late", calls.takers(hold.case))


def _mail(hold: LegalHold, what: str, people: Sequence[Member]) -> None:
    subject = gettext_lazy("A legal hold has to be looked at again")
    for person in people:
        calls.mail_page(
            f"hold-{what}:{hold.pk}:{person.pk}", person, subject, "hold", gettext_lazy("the hold"), hold.pk
        )


def owners(viewer: ViewerFacts, case: Case) -> QuerySet[Member]:
    """Who can own a hold in this case: those who take such cases."""
    roles = access.takers_of(access.case_facts(case))
    return Member.objects.filter(role__in=roles, is_active=True).exclude(pk=case.subject_id).order_by("handle")

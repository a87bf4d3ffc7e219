"""The register of requests: who may read it, what may be done with one now, and the words for journalists. Writes no row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from forum.access import ViewerFacts
from forum.models import Member, Role
from moderation.access import cases_visible_to
from moderation.models import Asker, Case, Kind, OutsideRequest, RequestEvent, Stage, State

GIVES = (Stage.DECIDED, Stage.GIVEN)  # where it was decided to give something
PROPOSAL_FOR = timedelta(days=7)  # a proposal that nobody answers in seven days is none any more
ANSWER_WITHIN: Mapping[str, timedelta] = {
    Asker.POLICE: timedelta(days=2),
    Asker.CORONER: timedelta(days=14),
    Asker.COURT: timedelta(days=14),
    Asker.FAMILY: timedelta(days=30),
    Asker.JOURNALIST: timedelta(days=1),
    Asker.OTHER: timedelta(days=30),
}  # ours: what a form begins with. What they name themselves goes before it


def seen_by(viewer: ViewerFacts) -> QuerySet[OutsideRequest]:
    """The requests that this person may learn of: staff, and none about themselves or from a case they may not see."""
    if not viewer.wall_is_open or viewer.role != Role.STAFF:
        return OutsideRequest.objects.none()
    cases = cases_seen(viewer)
    shown = OutsideRequest.objects.filter(Q(about=None) | ~Q(about=viewer.id))
    return shown.filter(Q(case=None) | Q(case__in=cases))


def cases_seen(viewer: ViewerFacts) -> QuerySet[Case]:
    return Case.objects.filter(cases_visible_to(viewer))


def cases_about(member_id: int | None, viewer: ViewerFacts) -> list[Case]:
    """The cases about this person that the viewer may see: live ones first, care before conduct, then the newest."""
    if member_id is None:
        return []
    cases = Case.objects.filter(cases_visible_to(viewer), subject=member_id).select_related("subject", "post__author")
    return sorted(cases.order_by("-opened_at"), key=lambda case: (case.state == State.CLOSED, case.kind != Kind.CARE))


@dataclass(frozen=True, slots=True)
class May:
    """What this person may do with a request now. Buttons and guards read the same answers."""

    call: bool = False
    propose: bool = False
    give: bool = False  # propose to give, too
    answer: bool = False  # agree to a proposal, or not
    take_back: bool = False
    text: bool = False  # a journalist gets the standing text
    file: bool = False
    disclose: bool = False  # ask to see contact details for it
    hand_over: bool = False
    say_no: bool = False
    tell: bool = False
    close: bool = False


def may(request: OutsideRequest, actor: Member | ViewerFacts) -> May:
    """For one of the staff who may see it."""
    viewer = actor.pk if isinstance(actor, Member) else actor.id
    before = request.stage in (Stage.ASKED, Stage.VERIFIED)
    journalist, waits = request.asker == Asker.JOURNALIST, before and request.proposed_by_id is not None
    answered = request.stage in (Stage.GIVEN, Stage.REFUSED)
    decided = request.stage == Stage.DECIDED
    mine = request.proposed_by_id == viewer
    gives = request.stage in GIVES and bool(request.give)
    return May(
        call=request.stage == Stage.ASKED and not waits and not journalist,
        propose=before and not waits and not journalist,
        give=request.stage == Stage.VERIFIED and not journalist,
        answer=waits and not mine,
        take_back=waits and mine,
        text=before and journalist,
        file=gives and request.case_id is not None,
        disclose=gives and request.case_id is not None and request.about_id is not None,
        hand_over=decided and bool(request.give),
        say_no=decided and request.give is False,
        tell=request.about_id is not None
        and request.told_at is None
        and (decided or answered or _closed_untold(request)),
        close=answered,
    )


def why_not_close(request: OutsideRequest) -> str:
    """What is still owed to the person it is about, or ""."""
    if request.about_id is None or request.told_at is not None or request.asker == Asker.JOURNALIST:
        return ""
    if request.will_tell:
        return _("Tell the person it is about first, or write why not and when you ask yourselves again.")
    return ""


def text_for_journalists() -> str:
    """All that a journalist is given, whoever asks, and whether or not anybody of that name was ever here."""
    return _(
        "%(product)s is a place where people support each other, and they do so in confidence. We never say whether "
        "somebody is or was a member, and we speak about nobody who might be. If you are writing about suicide or "
        "self-harm, please follow the Samaritans' guidelines for the media: samaritans.org/media-guidelines."
    ) % {"product": settings.PRODUCT_NAME}


def decided_about(number: str, member_id: int) -> bool:
    """Whether the request of this number was decided by two, something is given, and it is about this person."""
    rows = OutsideRequest.objects.filter(about=member_id, give=True, stage__in=GIVES)
    return number.isascii() and number.isdecimal() and len(number) < 19 and rows.filter(pk=int(number)).exists()


def last_step(request: OutsideRequest) -> RequestEvent | None:
    return RequestEvent.objects.filter(request=request).select_related("by").order_by("-pk").first()


def _closed_untold(request: OutsideRequest) -> bool:
    return request.stage == Stage.CLOSED and not request.will_tell

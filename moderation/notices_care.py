"""What care tells people: it is time to ask again, somebody has not heard from you, a note waits for your yes."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from forum import notices
from forum.access import ViewerFacts
from forum.models import Notice
from forum.notices import Line, NoticeKind
from moderation.access import cases_visible_to
from moderation.models import Case, StandingNote, Stay

ASK_AGAIN, STAYING = "ask_again", "staying"  # their `ref` is a case
STANDING_NOTE = "standing_note"  # its `ref` is the note
TAKEN = "taken"  # the state of STAYING once staff are there


def register() -> None:
    """None can be turned off: somebody counts on the first two, and nothing is noted of anybody unread."""
    notices.register(NoticeKind(ASK_AGAIN, _draw_ask_again, _ask_again_stands))
    notices.register(NoticeKind(STAYING, _draw_staying, _staying_stands))
    notices.register(NoticeKind(STANDING_NOTE, _draw_standing_notes, _standing_notes_stand))


def _ask_again_stands(viewer: ViewerFacts) -> Q:
    return Q(Exists(Case.objects.filter(cases_visible_to(viewer), holder=viewer.id, pk=OuterRef("ref"))))


def _draw_ask_again(refs: Sequence[int], viewer: ViewerFacts) -> dict[int, Line]:
    """Nothing of whom it is about: a notice may be read over a shoulder."""
    return {case_id: Line(_("It is time to ask again, as you set yourself."), _case(case_id)) for case_id in refs}


def _staying_stands(viewer: ViewerFacts) -> Q:
    seen = Case.objects.filter(cases_visible_to(viewer), pk=OuterRef("ref"))
    return Q(Exists(seen), Exists(Stay.objects.filter(case=OuterRef("ref"), member=viewer.id)))


def _draw_staying(refs: Sequence[int], viewer: ViewerFacts) -> dict[int, Line]:
    told = Notice.objects.filter(member=viewer.id, kind=STAYING, ref__in=refs).order_by()
    states = dict(told.values_list("ref", "state"))
    holders = dict(Case.objects.filter(pk__in=refs).values_list("pk", "holder__handle"))
    return {case_id: Line(_of_stay(states.get(case_id), holders.get(case_id)), _case(case_id)) for case_id in refs}


def _of_stay(state: str | None, holder: str | None) -> str:
    if state != TAKEN:
        return _(
            "Who you are staying with has not heard from you for a while. A short word is enough, or say that you cannot stay."
        )
    if not holder:
        return _("Staff have taken the case of who you stayed with. You can let go now.")
    return format_html(_("{who} has taken the case of who you stayed with. You can let go now."), who=_bdi(holder))


def _standing_notes_stand(viewer: ViewerFacts) -> Q:
    return Q(Exists(StandingNote.objects.filter(pk=OuterRef("ref"), member=viewer.id, agreed_at=None)))


def _draw_standing_notes(refs: Sequence[int], viewer: ViewerFacts) -> dict[int, Line]:
    rows = StandingNote.objects.filter(pk__in=refs, member=viewer.id, agreed_at=None).select_related("written_by")
    words = _("{who} has put a standing note before you. It holds only if you say yes.")
    return {
        row.pk: Line(format_html(words, who=_bdi(row.written_by.handle)), reverse("standing_note"), who=row.written_by)
        for row in rows
    }


def _case(case_id: int) -> str:
    return reverse("case", args=[case_id])


def _bdi(handle: str) -> str:
    return format_html("<bdi>{}</bdi>", handle)

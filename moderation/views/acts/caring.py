"""Care: lines to turn to, asking again at a time, staying until staff are there, the note agreed with the person."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.utils import timezone
from django.utils.translation import gettext as _

from forum.models import Region, SupportGroup
from forum.sealing import CannotOpen
from moderation import resting, signposts, standing_notes
from moderation.actions import resting as resting_acts
from moderation.actions import signposting, staying
from moderation.actions import standing_notes as note_acts
from moderation.care_forms import QUEUE, AskAgainForm, DraftNoteForm, SignpostForm
from moderation.models import Case, Kind, StandingNote, State
from moderation.staying import stay_of
from moderation.team_forms import SeenForm
from moderation.views.acts.act import Act

if TYPE_CHECKING:
    from moderation.views.screen import Screen


def _signpost(screen: "Screen", case: Case, form: Any) -> str:
    chosen = form.cleaned_data
    helplines = [*chosen["lines"], *(each for each in chosen["others"] if each not in chosen["lines"])]
    word = signposting.send_signpost(
        case, screen.request.user, chosen["body"], chosen["key"], helplines=helplines, groups=chosen["groups"]
    )
    return f"#word-{word.pk}"


def _find(screen: "Screen", case: Case, form: Any) -> None:
    """The page itself draws what was found: nothing is sent, and what was typed and ticked stays."""


def _ask_again(screen: "Screen", case: Case, form: Any) -> str:
    chosen = form.cleaned_data
    keep = chosen.get("who") != QUEUE
    resting_acts.ask_again(case, screen.request.user, chosen["at"], chosen["note"], keep=keep)
    return ""


def _stay(screen: "Screen", case: Case, form: Any) -> str:
    staying.stay_with(case, screen.request.user)
    return "#caring"


def _stop_staying(screen: "Screen", case: Case, form: Any) -> str:
    staying.stop_staying(case, screen.request.user)
    return "#caring"


def _standing_note(screen: "Screen", case: Case, form: Any) -> str:
    seen = form.cleaned_data["seen_note"] or 0
    note_acts.draft_note(case, screen.request.user, form.note(), seen_version=seen)
    return "#caring"


def _lines_to_choose(screen: "Screen") -> dict[str, Any]:
    """The checked lines of the member's region, and groups; those that were ticked stay to be seen while others are sought."""
    sent, region = screen.request.POST, screen.case.subject.region
    near, elsewhere = signposts.lines_near(region)
    found = list(signposts.groups_to_send(sent.get("find", ""))[: signposts.GROUPS_SHOWN])
    ticked = [int(each) for each in sent.getlist("groups") if each.isascii() and each.isdecimal() and len(each) < 19]
    known = {group.pk for group in found}
    found += SupportGroup.objects.filter(pk__in=[each for each in ticked if each not in known], status="published")
    where = Region(region).label if region in Region.values else ""
    return {
        "key": uuid4(),
        "lines_label": _("Lines: %(where)s") % {"where": where} if where else _("Lines anywhere in the United Kingdom"),
        "lines_offered": [(row.pk, signposts.label_of(row)) for row in near],
        "others_offered": [(row.pk, signposts.label_of(row)) for row in elsewhere],
        "groups_offered": [(group.pk, signposts.group_label(group)) for group in found],
    }


def _times_to_choose(screen: "Screen") -> dict[str, Any]:
    return {
        "choices": resting.choices_for(screen.case.severity, timezone.now()),
        "with_staff": screen.case.state == State.WITH_STAFF,
    }


def _note_so_far(screen: "Screen") -> dict[str, Any]:
    """The draft that waits, else the note in force, to be written anew."""
    member = screen.case.subject_id
    waiting = standing_notes.waiting_of(member)
    begun = waiting or standing_notes.agreed_of(member)
    words = _opened(begun) if begun else None
    return {"seen_note": waiting.version if waiting else 0, **(asdict(words) if words else {})}


def _opened(row: StandingNote) -> standing_notes.Note | None:
    try:
        return standing_notes.read_note(row)
    except CannotOpen:
        return None


def context(screen: "Screen") -> dict[str, Any]:
    """What care shows on the page; nothing at all in a case about conduct."""
    case = screen.case
    if case.kind != Kind.CARE:
        return {}
    shown: dict[str, Any] = {
        "rest": resting.rest_words(case),
        "question": resting.question_of(case),
        "staying": stay_of(case),
    }
    if case.is_live and case.subject_id not in screen.viewer.own_blocks:
        agreed = standing_notes.agreed_of(case.subject_id)
        shown |= {"standing_note": agreed, "standing_words": _opened(agreed) if agreed else None}
    if "standing_note" in screen.allowed:
        shown |= {"note_waits": standing_notes.waiting_of(case.subject_id), "may_draft": _have_spoken(case)}
    return shown


def _have_spoken(case: Case) -> bool:
    return note_acts.conversations_of(case.subject).filter(pk=case.pk).exists()


ACTS: Mapping[str, Act] = {
    "signpost": _signpost,
    "find_groups": _find,
    "ask_again": _ask_again,
    "stay": _stay,
    "stop_staying": _stop_staying,
    "standing_note": _standing_note,
}
FORM_OF: Mapping[str, str] = {"find_groups": "signpost"}
FORMS: Mapping[str, type[SeenForm]] = {
    "signpost": SignpostForm,
    "ask_again": AskAgainForm,
    "standing_note": DraftNoteForm,
}
INITIAL: Mapping[str, Callable[["Screen"], dict[str, Any]]] = {
    "signpost": _lines_to_choose,
    "ask_again": _times_to_choose,
    "standing_note": _note_so_far,
}

"""What care looks like in the demo: lines that were sent, somebody who stays, a note that was agreed."""

from datetime import datetime, timedelta
from uuid import uuid4

from forum.models import Helpline, Member
from moderation.actions import running
from moderation.actions.signposting import send_signpost
from moderation.actions.standing_notes import agree_note, draft_note
from moderation.actions.staying import stay_with
from moderation.models import Case, Kind, State, Stay
from moderation.standing_notes import Note

Cast = dict[str, Member]
AGREED = Note(
    "Short words, and one question at a time. Being asked about the dog.",
    "We write to you here before we do anything else, and say when we are back.",
    "We don't ring your mother. We don't ask you to promise anything.",
)


def fill_caring(cast: Cast) -> None:
    """In cases that are there already, through the actions that people use."""
    _lines_and_a_note_for_robin(cast)
    kestrel, finch = cast["kestrel"], _live(cast["finch"])
    stay_with(finch, kestrel)


def refresh_caring(now: datetime) -> None:
    """Who stays has just written, and what rests has a day left."""
    Stay.objects.filter(ended_at=None).update(since=now, reminded_at=None)
    for case in Case.objects.exclude(asks_again_at=None):
        kept = running.rests(case, now + timedelta(days=1), kept=case.holder_id is not None)
        Case.objects.filter(pk=case.pk).update(**kept)


def _lines_and_a_note_for_robin(cast: Cast) -> None:
    robin, puffin = cast["robin"], cast["puffin"]
    body = "Hello Robin, this is Puffin, from the staff, a person. I am here until midnight. If you wake after that, this is a voice at any hour."
    night = Helpline.objects.filter(name="Samaritans").values_list("pk", flat=True)
    if night:
        send_signpost(_live(robin), puffin, body, uuid4(), helplines=list(night), groups=())
    note = draft_note(_live(robin), puffin, AGREED)
    agree_note(robin, note.pk, AGREED, seen_version=note.version)


def _live(member: Member) -> Case:
    return Case.objects.exclude(state=State.CLOSED).get(kind=Kind.CARE, subject=member)

"""A member's standing note: to read, to put differently, to agree to, to withdraw. Open in every standing."""

from dataclasses import asdict, dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from forum.actions.notices import read_notices
from forum.refusals import Refusal
from forum.requests import MemberRequest
from forum.sealing import CannotOpen
from moderation import standing_notes
from moderation.actions.standing_notes import agree_note, keep_note, withdraw_note
from moderation.care_forms import MyNoteForm
from moderation.models import StandingNote
from moderation.notices_care import STANDING_NOTE
from moderation.refusals import NotAllowed, WordsChanged
from moderation.views.doors import explain


@dataclass
class Shown:
    """One note on the page. `words` None: its key is missing."""

    row: StandingNote
    words: standing_notes.Note | None
    form: MyNoteForm


@login_required
@require_http_methods(["GET", "POST"])
def mine(request: MemberRequest) -> HttpResponse:
    """The note that waits for my yes, and the one that is in force."""
    if request.method == "POST":
        return _answer(request)
    read_notices(request.user, kind=STANDING_NOTE)
    return _draw(request)


def _answer(request: MemberRequest) -> HttpResponse:
    form = MyNoteForm(request.POST, auto_id=_ids(request.POST.get("note_id", "")))
    if request.POST.get("do") == "withdraw":
        withdraw_note(request.user, _number(request.POST.get("note_id", "")))
        return _done(request, _("The note is gone."))
    if request.POST.get("do") not in ("agree", "keep"):
        raise Http404
    if not form.is_valid():
        return _draw(request, form, status=422)
    act = agree_note if request.POST["do"] == "agree" else keep_note
    fields = form.cleaned_data
    try:
        act(request.user, fields["note_id"], form.note(), seen_version=fields["seen"])
    except WordsChanged as refusal:
        return _draw(request, _of_today(request, form), status=409, refused=refusal.message)
    except NotAllowed as refusal:
        return _draw(request, form, status=422, refused=refusal.message)
    except Refusal as refusal:
        explain(form, refusal)
        return _draw(request, form, status=422)
    said = _("It holds from now on.") if act is agree_note else _("Your words are kept. It holds once you say yes.")
    return _done(request, said)


def _of_today(request: MemberRequest, form: MyNoteForm) -> MyNoteForm:
    """What was typed stays; the next press is on the words that stand on the page by now."""
    row = StandingNote.objects.filter(pk=form.cleaned_data["note_id"], member=request.user).first()
    sent: Any = form.data
    data = sent.copy()
    data["seen"] = str(row.version) if row else ""
    form.data = data
    return form


def _draw(
    request: MemberRequest, form: MyNoteForm | None = None, *, status: int = 200, refused: str = ""
) -> HttpResponse:
    """`form` is one that came back, with its words; `refused` says why, where no field does."""
    rows = [standing_notes.waiting_of(request.user.pk), standing_notes.agreed_of(request.user.pk)]
    notes = [_shown(row, form) for row in rows if row]
    back = form is not None and any(each.form is form for each in notes)
    context: dict[str, Any] = {
        "waiting": next((each for each in notes if not each.row.agreed_at), None),
        "agreed": next((each for each in notes if each.row.agreed_at), None),
        "refused": refused,
        "kept": "" if form is None or back else _written(form),
    }
    return render(request, "moderation/standing_note.html", context, status=status)


def _shown(row: StandingNote, form: MyNoteForm | None) -> Shown:
    try:
        words = standing_notes.read_note(row)
    except CannotOpen:
        words = None
    if form is not None and form.data.get("note_id") == str(row.pk):
        return Shown(row, words, form)
    first = {"note_id": row.pk, "seen": row.version, **(asdict(words) if words else {})}
    return Shown(row, words, MyNoteForm(initial=first, auto_id=_ids(str(row.pk))))


def _written(form: MyNoteForm) -> str:
    """What was typed for a note that is not there any more, to be copied."""
    return "\n\n".join(words for field in form.visible_fields() if (words := field.value()))


def _ids(note: str) -> str:
    return f"id_note{_number(note)}_%s"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _done(request: MemberRequest, words: str) -> HttpResponse:
    messages.success(request, words)
    return HttpResponseRedirect(reverse("standing_note"), status=303)

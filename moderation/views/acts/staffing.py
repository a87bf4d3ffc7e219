"""Passing a case to staff, and what staff do with it."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.shortcuts import get_object_or_404

from moderation import wording
from moderation.actions import escalation, safety
from moderation.actions.records import read_record
from moderation.models import Case, CrisisRecord
from moderation.team_forms import CloseForm, EscalateForm, RenameForm, ReopenForm, ReturnForm, SeenForm
from moderation.views.acts.act import Act, number
from moderation.views.gates import case_or_404

if TYPE_CHECKING:
    from moderation.views.screen import Screen


def _escalate(screen: "Screen", case: Case, form: Any) -> str:
    escalation.escalate_case(case, screen.request.user, form.cleaned_data["note"])
    return ""


def _take(screen: "Screen", case: Case, form: Any) -> str:
    escalation.take_case(case, screen.request.user)
    return ""


def _close(screen: "Screen", case: Case, form: Any) -> str:
    escalation.close_case(
        case, screen.request.user, because=form.cleaned_data["because"], note=form.cleaned_data["note"]
    )
    return ""


def _return(screen: "Screen", case: Case, form: Any) -> str:
    escalation.return_case(case, screen.request.user, form.cleaned_data["note"])
    return ""


def _reopen(screen: "Screen", case: Case, form: Any) -> str:
    escalation.reopen_case(case, screen.request.user, form.cleaned_data["note"])
    return ""


def _second_reading(screen: "Screen", case: Case, form: Any) -> str:
    record = get_object_or_404(CrisisRecord, case=screen.case, pk=number(screen, "record"))
    read_record(record, screen.request.user)
    return "#record"


def _card(screen: "Screen", case: Case, form: Any) -> None:
    """Shown in this answer and nowhere kept: the next look is another opening."""
    screen.card = safety.open_card(case, screen.request.user)
    screen.case = case_or_404(screen.viewer, case.pk)


def _rename(screen: "Screen", case: Case, form: Any) -> str:
    chosen = form.cleaned_data
    safety.rename_for_safety(
        case,
        screen.request.user,
        handle=chosen["handle"],
        why=chosen["note"],
        word=chosen["body"],
        key=chosen["key"],
    )
    return "#words"


def _renaming(screen: "Screen") -> dict[str, Any]:
    return {"key": uuid4(), "body": wording.told_of_new_name(screen.request.user)}


ACTS: Mapping[str, Act] = {
    "escalate": _escalate,
    "take": _take,
    "close": _close,
    "return": _return,
    "reopen": _reopen,
    "second_reading": _second_reading,
    "card": _card,
    "rename": _rename,
}
FORMS: Mapping[str, type[SeenForm]] = {
    "escalate": EscalateForm,
    "close": CloseForm,
    "return": ReturnForm,
    "reopen": ReopenForm,
    "rename": RenameForm,
}
INITIAL: Mapping[str, Callable[["Screen"], dict[str, Any]]] = {"rename": _renaming}

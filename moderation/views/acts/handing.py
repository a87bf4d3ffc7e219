"""Colleagues: who else is reading, and handing the case to one of them."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from forum.models import Member
from moderation import handovers
from moderation.actions import handing
from moderation.clocks import LOOKING_BEAT
from moderation.colleagues import Colleague, colleagues_for
from moderation.forms import plain_words
from moderation.looking import reading_words, who_looks
from moderation.models import Case, Report, State
from moderation.team_forms import SeenForm
from moderation.views.acts.act import Act

if TYPE_CHECKING:
    from moderation.views.screen import Screen


class HandOverForm(SeenForm):
    """To whom, and what they need to know. Who may take it comes with `initial`, and is judged by the action."""

    to = forms.TypedChoiceField(
        label=_("To whom"),
        coerce=int,
        error_messages={"required": _("Choose a colleague."), "invalid_choice": _("Choose a colleague.")},
    )
    note = plain_words(
        _("What they need to know first"),
        Report.NOTE_MAX,
        help_text=_("What you have done, what you promised, and what comes next. The member never reads it."),
        error_messages={"required": _("Write what your colleague needs to know first.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = _grouped(self.initial.get("colleagues", ()), with_staff=self.initial.get("with_staff", False))


def _grouped(colleagues: list[Colleague], *, with_staff: bool) -> list[Any]:
    here = [(each.member.pk, each.member.handle) for each in colleagues if each.here]
    away = [(each.member.pk, each.member.handle) for each in colleagues if not each.here]
    offered = (
        _("Not on shift: they are rung, where it cannot wait")
        if with_staff
        else _("Not on shift: it is offered to them first")
    )
    groups = ((_("On shift now"), here), (offered, away))
    return [("", _("Choose")), *((label, people) for label, people in groups if people)]


def _hand_over(screen: "Screen", case: Case, form: Any) -> str:
    to = get_object_or_404(Member, pk=form.cleaned_data["to"])
    handing.hand_over_case(case, screen.request.user, to, form.cleaned_data["note"])
    return "#timeline"


def _to_choose_from(screen: "Screen") -> dict[str, Any]:
    return {
        "colleagues": colleagues_for(screen.facts, screen.viewer.id),
        "with_staff": screen.case.state == State.WITH_STAFF,
    }


def context(screen: "Screen") -> dict[str, Any]:
    """Who else has the case open just now."""
    case_id = screen.case.pk
    there = who_looks([case_id], besides=screen.viewer.id).get(case_id, ())
    return {
        "looking_words": reading_words(there),
        "looking_beat": LOOKING_BEAT,
        "hand_over": handovers.of_case(screen.case),
    }


ACTS: Mapping[str, Act] = {"hand_over": _hand_over}
FORMS: Mapping[str, type[SeenForm]] = {"hand_over": HandOverForm}
INITIAL: Mapping[str, Callable[["Screen"], dict[str, Any]]] = {"hand_over": _to_choose_from}

"""Saying that one is up, from the page of a case and from the board."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from moderation import ladder_rules, ups
from moderation.actions.acknowledging import acknowledge
from moderation.models import Case, State
from moderation.team_forms import SeenForm
from moderation.views.acts.act import Act

if TYPE_CHECKING:
    from moderation.views.screen import Screen


def _acknowledge(screen: "Screen", case: Case, form: Any) -> str:
    acknowledge(case, screen.request.user)
    return reverse("staff_board") if screen.request.POST.get("back") == "board" else ""


def context(screen: "Screen") -> dict[str, Any]:
    """Who is up, and whether this person may still say so."""
    case = screen.case
    if case.state != State.ESCALATED:
        return {}
    ladders = ladder_rules.in_force()
    up = ups.up_now(case, ladders)
    called = "acknowledge" in screen.allowed and bool(ladders.of(case).minutes)
    return {"up": up, "may_say_up": called and up is None and ups.may_still_say(case, screen.viewer.id)}


ACTS: Mapping[str, Act] = {"acknowledge": _acknowledge}
FORMS: Mapping[str, type[SeenForm]] = {}

"""Whoever works on a case: they can ask for somebody else, stop, or take ten minutes."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext as _

from moderation.actions import leaving_shift
from moderation.models import Case
from moderation.own_care import read_own
from moderation.team_forms import SeenForm
from moderation.views.acts.act import Act

if TYPE_CHECKING:
    from moderation.views.screen import Screen


def _someone_else(screen: "Screen", case: Case, form: Any) -> str:
    """Back to the list, and not to what they asked to be spared."""
    leaving_shift.ask_somebody_else(case, screen.request.user)
    messages.success(screen.request, _("Somebody else looks at it now. It is not offered to you again."))
    return reverse("staff_board" if screen.name == "staff_case" else "queue")


def context(screen: "Screen") -> dict[str, Any]:
    return {"own": read_own(screen.viewer)}


ACTS: Mapping[str, Act] = {"someone_else": _someone_else}
FORMS: Mapping[str, type[SeenForm]] = {}

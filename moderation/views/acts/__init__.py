"""Everything that can be done on a case's page, by the name its button sends as `do`; a module for each side of the work.

A module has `ACTS`; `FORMS` for those with words of their own, by the same name; `INITIAL` for what
such a form begins with; and, where it shows something, `context`:
what its partials need, as a mapping, from the screen. What may be done stands in workflow's table and is judged there.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from moderation.team_forms import SeenForm
from moderation.views.acts import (
    acknowledging,
    answering,
    asking,
    caring,
    deciding,
    disclosing,
    handing,
    holding,
    knowing,
    members,
    sealing,
    sparing,
    staffing,
    talking,
)
from moderation.views.acts.act import Act

if TYPE_CHECKING:
    from moderation.views.screen import Screen

SIDES: tuple[Any, ...] = (
    knowing,
    holding,
    talking,
    deciding,
    staffing,
    handing,
    members,
    caring,
    answering,
    asking,
    sparing,
    acknowledging,
    sealing,
    disclosing,
)

ACTS: Mapping[str, Act] = {name: act for side in SIDES for name, act in side.ACTS.items()}
FORMS: Mapping[str, type[SeenForm]] = {name: form for side in SIDES for name, form in side.FORMS.items()}
INITIAL: Mapping[str, Callable[["Screen"], dict[str, Any]]] = {
    name: first for side in SIDES for name, first in getattr(side, "INITIAL", {}).items()
}
FORM_OF: Mapping[str, str] = {
    **deciding.FORM_OF,
    **caring.FORM_OF,
    **talking.FORM_OF,
}  # buttons that send another one's form


def context_of(screen: "Screen") -> dict[str, Any]:
    """What every side shows on the page."""
    shown: dict[str, Any] = {}
    for side in SIDES:
        if hasattr(side, "context"):
            shown |= side.context(screen)
    return shown

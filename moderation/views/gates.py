"""Who may open the team's pages. Everyone else finds nothing there: missing and forbidden look alike."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import SimpleLazyObject

from forum import second_step
from forum.access import ViewerFacts, facts_of
from forum.models import Role
from forum.requests import MemberRequest
from moderation import own_care
from moderation.access import cases_visible_to
from moderation.models import Case
from moderation.vocabulary import DESK

View = Callable[..., HttpResponse]

BOARD = frozenset({Role.STAFF, Role.INDEPENDENT})


def for_desk(view: View) -> View:
    """For moderators, staff and the independent contacts. The view gets the viewer's facts as `viewer`."""
    return _for(DESK, view)


def for_board(view: View) -> View:
    """For staff and the independent contacts."""
    return _for(BOARD, view)


def for_staff(view: View) -> View:
    """For staff alone."""
    return _for(frozenset({Role.STAFF}), view)


def case_or_404(viewer: ViewerFacts, case_id: int) -> Case:
    """A case this person may see. Raises Http404 for one they may not, as for one that never was."""
    cases = Case.objects.filter(cases_visible_to(viewer))
    return get_object_or_404(
        cases.select_related("subject", "holder", "post__author", "post__parent__author"), pk=case_id
    )


def _for(roles: frozenset[str], view: View) -> View:
    @wraps(view)
    def gate(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.role_waits in roles:
            return second_step.lead(request)
        viewer = facts_of(request.user)
        if not viewer.wall_is_open or viewer.role not in roles:
            raise Http404
        request.still_here = SimpleLazyObject(lambda: own_care.still_here(viewer.id))  # type: ignore[attr-defined]
        return view(request, *args, viewer=viewer, **kwargs)

    return login_required(gate)

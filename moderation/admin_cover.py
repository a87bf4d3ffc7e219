"""The front page of the admin says why nobody can join, while somebody has yet to be reachable in an emergency."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from moderation import cover


def _saying_why_nobody_joins(index: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(index)
    def said(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        for reason in cover.keeps_closed():
            messages.warning(request, _("Nobody can join just now: %(reason)s") % {"reason": reason})
        return index(request, extra_context)

    return said


admin.site.index = _saying_why_nobody_joins(admin.site.index)  # type: ignore[method-assign,assignment]

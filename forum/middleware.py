"""The small room: where signing in leads while the wall is closed to somebody."""

from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.decorators import sync_and_async_middleware

from forum.access import WALL_OPEN

OPEN_TO_ALL = (
    "/room/", "/help/", "/ask/", "/me/", "/accounts/", "/static/", "/livez", "/readyz", "/rules/", "/privacy/",
    "/avatars/", "/favicon.ico",
)  # fmt: skip


@sync_and_async_middleware
def small_room(get_response: Any) -> Any:
    """Sends a member with a closed standing to /room/ from everything that is not on the list. The door never closes."""
    if iscoroutinefunction(get_response):

        async def answer_async(request: HttpRequest) -> HttpResponseBase:
            if not _is_open(request) and _stays_in_room(await request.auser()):
                return redirect("room")
            return await get_response(request)

        return answer_async

    def answer(request: HttpRequest) -> HttpResponseBase:
        if not _is_open(request) and _stays_in_room(request.user):
            return redirect("room")
        return get_response(request)

    return answer


def _is_open(request: HttpRequest) -> bool:
    return request.path_info.startswith(OPEN_TO_ALL)


def _stays_in_room(member: Any) -> bool:
    return member.is_authenticated and member.current_standing not in WALL_OPEN

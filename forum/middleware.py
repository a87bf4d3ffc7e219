"""Where signing in leads while the wall is closed to somebody (the small room), or waits for them (the rules have changed)."""

import re
from typing import Any
from urllib.parse import urlencode

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import sync_and_async_middleware

from forum.access import WALL_OPEN
from forum.sessions import is_visit_due, note_visit

OPEN_TO_ALL = (
    "/room/", "/help/", "/ask/", "/me/", "/accounts/", "/static/", "/livez", "/readyz", "/rules/", "/privacy/",
    "/avatars/", "/favicon.ico", "/leave/", "/notices/", "/leaving/", "/offline/", "/sw.js",
    "/support-groups/", "/supporting/", "/stepping-in/", "/welcome/", "/keys/", "/drafts/", "/appeal/", "/report/", "/transparency/",
)  # fmt: skip
TAKING_BACK = re.compile(r"/posts/\d+/(?:withdraw|support)/")  # what somebody wrote or gave stays theirs to take
THE_WALL = ("/posts/", "/members/", "/search/")  # and / itself: what waits while the rules have changed


@sync_and_async_middleware
def changed_rules(get_response: Any) -> Any:
    """Shows members the new house rules before the wall. Words on their way are refused and kept by the action itself.

    Costs no query: whom the rules still ask stands in the member's own row.
    """
    if iscoroutinefunction(get_response):

        async def answer_async(request: HttpRequest) -> HttpResponseBase:
            if _leads_to_wall(request) and _is_asked(await request.auser()):
                return _to_new_rules(request)
            return await get_response(request)

        return answer_async

    def answer(request: HttpRequest) -> HttpResponseBase:
        if _leads_to_wall(request) and _is_asked(request.user):
            return _to_new_rules(request)
        return get_response(request)

    return answer


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


@sync_and_async_middleware
def last_seen(get_response: Any) -> Any:
    """Notes once an hour that a session is in use, for its owner to see. The session itself knows when that was."""
    if iscoroutinefunction(get_response):

        async def answer_async(request: HttpRequest) -> HttpResponseBase:
            response = await get_response(request)
            if is_visit_due(request.session):
                await sync_to_async(note_visit)(request)
            return response

        return answer_async

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if is_visit_due(request.session):
            note_visit(request)
        return response

    return answer


def _is_open(request: HttpRequest) -> bool:
    return request.path_info.startswith(OPEN_TO_ALL) or bool(TAKING_BACK.fullmatch(request.path_info))


def _stays_in_room(member: Any) -> bool:
    return member.is_authenticated and member.current_standing not in WALL_OPEN


def _leads_to_wall(request: HttpRequest) -> bool:
    """A page of the wall is opened. Telling the team and taking words back never wait: neither is the business of the rules."""
    path = request.path_info
    is_wall = path == "/" or (path.startswith(THE_WALL) and not path.endswith(("/report/", "/withdraw/")))
    return is_wall and request.method in ("GET", "HEAD")


def _is_asked(member: Any) -> bool:
    return member.is_authenticated and bool(member.rules_asked)


def _to_new_rules(request: HttpRequest) -> HttpResponseBase:
    return redirect(f"{reverse('rules_changed')}?{urlencode({'next': request.get_full_path()})}")

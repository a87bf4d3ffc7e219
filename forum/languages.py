"""Each member's pages in the language they chose. A stranger's are in the one their browser asks for."""

from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.decorators import sync_and_async_middleware

from forum.models import Member


@sync_and_async_middleware
def own_language(get_response: Any) -> Any:
    """Comes after Django's own, which knows browsers and not people."""
    if iscoroutinefunction(get_response):

        async def answer_async(request: HttpRequest) -> HttpResponseBase:
            _speak(request, await request.auser())
            return await get_response(request)

        return answer_async

    def answer(request: HttpRequest) -> HttpResponseBase:
        _speak(request, request.user)
        return get_response(request)

    return answer


def _speak(request: HttpRequest, person: Any) -> None:
    if isinstance(person, Member) and translation.check_for_language(person.language):
        translation.activate(person.language)
        request.LANGUAGE_CODE = translation.get_language()

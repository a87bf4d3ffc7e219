"""What every answer carries. Both work under ASGI without a thread hop and under WSGI without a loop."""

import re
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import structlog
from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

GetResponse = Callable[[HttpRequest], Any]
Middleware = Callable[[HttpRequest], HttpResponseBase] | Callable[[HttpRequest], Awaitable[HttpResponseBase]]

REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
UNUSED_FEATURES = (
    "accelerometer autoplay browsing-topics camera display-capture geolocation gyroscope magnetometer microphone midi "
    "payment usb"
)
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in UNUSED_FEATURES.split())

PARTS = frozenset(
    {"text/css", "text/javascript", "application/javascript", "font/woff2"}
)  # never a document of its own

log = structlog.get_logger("harbour.request")


@sync_and_async_middleware
def request_id(get_response: GetResponse) -> Middleware:
    """Names the request, in the answer and in every record written meanwhile, and writes one record when it is done."""
    if iscoroutinefunction(get_response):

        async def answer_async(request: HttpRequest) -> HttpResponseBase:
            started = _begin(request)
            response: HttpResponseBase | None = None
            try:
                response = await get_response(request)
                return _named(request, response)
            finally:
                _record(request, response, started)

        return answer_async

    def answer(request: HttpRequest) -> HttpResponseBase:
        started = _begin(request)
        response: HttpResponseBase | None = None
        try:
            response = get_response(request)
            return _named(request, response)
        finally:
            _record(request, response, started)

    return answer


def _begin(request: HttpRequest) -> float:
    given = request.headers.get("X-Request-ID", "") if settings.TRUSTED_PROXIES else ""
    request.request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)  # type: ignore[attr-defined]
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request.request_id)  # type: ignore[attr-defined]
    return time.perf_counter()


def _named(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    response.headers["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
    return response


def _record(request: HttpRequest, response: HttpResponseBase | None, started: float) -> None:
    """The route and not the path: a path names whom somebody was reading, and holds whatever a stranger typed."""
    match = request.resolver_match
    static = match is None and request.path_info.startswith(settings.STATIC_URL)
    write = log.debug if static else log.info
    write(
        "request",
        method=request.method,
        route=f"/{match.route}" if match else "static" if static else "unknown",
        status=response.status_code if response else "gone",
        ms=round((time.perf_counter() - started) * 1000, 1),
    )


@sync_and_async_middleware
def security_headers(get_response: GetResponse) -> Middleware:
    """The content security policy and its kin; a view that has set one of them itself keeps its own."""
    of_any = {"Cross-Origin-Resource-Policy": "same-origin", "X-Content-Type-Options": "nosniff"}
    of_pages = of_any | {
        "Content-Security-Policy": policy_text(settings.SECURE_CSP),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": PERMISSIONS_POLICY,
    }

    def dressed(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        for name, value in (of_any if _is_part_of_a_page(request, response) else of_pages).items():
            response.headers.setdefault(name, value)
        if _is_personal(request, response):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    if iscoroutinefunction(get_response):

        async def answer_async(request: HttpRequest) -> HttpResponseBase:
            return dressed(request, await get_response(request))

        return answer_async

    return lambda request: dressed(request, get_response(request))


def policy_text(policy: Mapping[str, Sequence[str]]) -> str:
    """SECURE_CSP, in the shape of Django 6, as the header's text."""
    return "; ".join(" ".join([directive, *values]) for directive, values in policy.items())


def _is_part_of_a_page(request: HttpRequest, response: HttpResponseBase) -> bool:
    """A style, script or font of ours: what a page may do says nothing of it, and a first visit asks for twenty of them."""
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    return request.path_info.startswith(settings.STATIC_URL) and kind in PARTS


def _is_personal(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Judged by the session cookie, because asking who is signed in could go to the database from the event loop."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES or settings.SESSION_COOKIE_NAME in response.cookies

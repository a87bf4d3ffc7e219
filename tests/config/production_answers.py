"""Run in production settings by test_observatory.py: asks for one answer of every kind and writes them all down as JSON."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import OperationalError  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.templatetags.static import static  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import path  # noqa: E402

HOST = "harbour.example.org"
FORGED = (
    'a\n{"event": "forged"}', "a\r\nforged", "\x1b[31mforged\x1b[0m", '", "event": "forged', "\u2028forged", "\x00forged", "%0aforged",
    "forged@example.org", "{}{0.__class__}%s%(msg)s forged", "forged" * 2000,
)  # fmt: skip
PASSWORD = "three small boats at anchor"


def breaks(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError("a canary that nobody may see")


def loses_the_database(request: HttpRequest) -> HttpResponse:
    raise OperationalError("a canary that nobody may see")


def with_broken_pages() -> None:
    from config import urls

    broken = ModuleType("broken_urls")
    broken.urlpatterns = [path("broken/", breaks), path("away/", loses_the_database), *urls.urlpatterns]
    for name in ("handler400", "handler403", "handler404", "handler429", "handler500"):
        setattr(broken, name, getattr(urls, name))
    sys.modules["broken_urls"] = broken
    settings.ROOT_URLCONF = "broken_urls"


class Visitor(Client):
    """Through the one proxy of ours, over TLS. Counts what all of them ask."""

    asked = 0

    def __init__(self, **more: Any) -> None:
        forwarded = {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_FOR": "192.0.2.7", "HTTP_HOST": HOST}
        super().__init__(raise_request_exception=False, **{**forwarded, **more})

    def request(self, **request: Any) -> Any:
        Visitor.asked += not request["PATH_INFO"].startswith(settings.STATIC_URL)  # a file of ours is no record
        return super().request(**request)


def member() -> Any:
    from allauth.account.models import EmailAddress

    from forum.models import Member

    robin = Member.objects.create_user("robin@example.org", "robin", PASSWORD)
    EmailAddress.objects.create(user=robin, email=robin.email, verified=True, primary=True)
    return robin


def answers() -> Iterator[tuple[str, Any]]:
    from forum.avatars import avatar_token

    robin, stranger, signing_in = member(), Visitor(), Visitor()
    yield "a page for strangers", stranger.get("/help/")
    yield "the door", stranger.get("/accounts/login/")
    yield "a redirect to the door", stranger.get("/me/")
    yield "http", stranger.get("/help/", HTTP_X_FORWARDED_PROTO="http")
    yield "signing in", signing_in.post("/accounts/login/", {"login": robin.email, "password": PASSWORD})
    yield "a download", download(robin, signing_in)
    reader = Visitor()
    reader.force_login(robin)
    for place in ("/", "/me/", "/search/?q=a", "/notices/", "/me/data/"):
        yield f"a page of one's own: {place}", reader.get(place)
    yield "a picture", reader.get(f"/avatars/{avatar_token(robin.pk, robin.avatar_style)}.svg")
    yield "a fragment", reader.get("/notices/count/?here")
    yield "JSON", reader.post("/drafts/post/", {"body": "Kept."}, HTTP_ACCEPT="application/json")
    yield "health", stranger.get("/livez")
    yield "readiness", stranger.get("/readyz")
    yield "figures", stranger.get("/metrics")
    yield "the worker", stranger.get("/sw.js")
    yield "the icon", stranger.get("/favicon.ico")
    yield "the admin's door", stranger.get("/admin/login/")
    yield "static: a style", stranger.get(static("base.css"))
    yield "static: a picture", stranger.get(static("favicon.svg"))
    yield "static: nothing", stranger.get("/static/nothing.css")
    yield "400 host", stranger.get("/help/", HTTP_HOST="evil.example")
    yield "400 large", stranger.post("/accounts/login/", {"login": "a" * 300_000})
    yield "403", Visitor(enforce_csrf_checks=True).post("/posts/", {"body": "Words."})
    yield "404", reader.get("/nothing-here/")
    yield "405", stranger.post("/livez")
    yield "422", reader.post("/posts/", {"body": "", "intent": "support", "key": str(uuid4())})
    tries = [stranger.post("/accounts/password/reset/", {"email": "nobody@example.org"}) for _each in range(30)]
    yield "429", tries[-1]
    yield "500", stranger.get("/broken/")
    yield "503", stranger.get("/away/")


def forge_records() -> None:
    """Whatever a stranger can put into a record: lines, colours, objects, addresses."""
    stranger = Visitor()
    for words in FORGED:
        stranger.get(f"/{quote(words)}/", {"q": words}, HTTP_USER_AGENT=words, HTTP_REFERER=words)
        stranger.get(
            "/help/", HTTP_X_REQUEST_ID=words, HTTP_ACCEPT_LANGUAGE=words, HTTP_COOKIE=f"__Host-sessionid={words}"
        )
        stranger.get("/help/", HTTP_HOST=words)
        stranger.get("/help/", HTTP_X_FORWARDED_FOR=words)
        stranger.post("/accounts/login/", {"login": words, "password": words})


def download(robin: Any, browser: Client) -> Any:
    from forum.actions.export import ask_for_copy, make_copies

    ask_for_copy(robin)
    make_copies()
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return browser.get(f"/me/data/copy/{robin.data_exports.get().pk}/")


def told(answer: Any) -> dict[str, Any]:
    body = b"" if answer.streaming else answer.content  # files of ours
    cookies = {
        name: {"secure": bool(each["secure"]), "httponly": bool(each["httponly"]), "samesite": each["samesite"],
               "path": each["path"], "domain": each["domain"]}
        for name, each in answer.cookies.items()
    }  # fmt: skip
    text = body.decode(errors="replace") if "text" in answer.headers.get("Content-Type", "") else ""
    return {"status": answer.status_code, "headers": dict(answer.headers), "cookies": cookies, "text": text}


if __name__ == "__main__":
    with_broken_pages()
    call_command("collectstatic", verbosity=0, interactive=False)
    found = {name: told(answer) for name, answer in answers()}
    forge_records()
    Path(sys.argv[1]).write_text(json.dumps({"answers": found, "asked": Visitor.asked}))

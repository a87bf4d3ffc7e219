"""What an address, a query and a header can bring: answered or refused in words, shown as it was typed, and never an error.

What is read of them is found in the source, so that a new query or header that is not tried here fails.
"""

import ast
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from forum.ways import way_back
from tests.hostile.payloads import deal, read_payloads
from tests.hostile.walk import walk

ROOT = Path(__file__).resolve().parents[2]
NASTY = [
    "\x00", "a\x00b", "9" * 30, "-1", "-" + "9" * 30, "1e9", "²", "٣", "½", "NaN", "1,2,,x", "\u202e", "a" * 3000, "%", "%00", "'",
    "\\", "../../etc/passwd", "{{7*7}}", "\r\nX-Forged: 1", "\x1b[31m", "2026-13-45", "1" * 5000,
]  # fmt: skip
ASKED = {  # every name that is read from a query, and where
    "after": ("/moderation/", "/moderation/held/"),
    "before": ("/", "/notices/", "/moderation/mine/", "/search/posts/?query=sea", "/moderation/appeals/"),
    "door": ("/report/", "/ask/"),
    "given": ("/me/shared/",),
    "handle": ("/staff/remembered/",),
    "here": ("/notices/count/",),
    "ids": ("/posts/again/",),
    "intent": ("/",),
    "language": ("/staff/first-words/propose/",),
    "lens": ("/",),
    "next": ("/me/sessions/", "/accounts/login/"),
    "of": ("/staff/first-words/propose/",),
    "page": ("/me/shared/", "/support-groups/", "/support-groups/mine/", "/me/reports/", "/me/words/", "/rules/next/"),
    "read": ("/rules/",),
    "region": ("/help/",),
    "rule": ("/staff/screening/",),
    "sent": ("/support-groups/mine/", "/me/reports/"),
    "show": ("/moderation/appeals/",),
    "talk": ("/rules/next/",),
    "swap": ("/staff/on-call/mine/",),
}
HEADERS = {
    "Accept", "HX-Request", "Authorization", "Origin", "Purpose", "Sec-Fetch-Site", "Sec-Purpose", "X-Request-ID",
    "HTTP_USER_AGENT", "HTTP_X_FORWARDED_FOR", "REMOTE_ADDR", "REMOTE_PORT",
}  # fmt: skip
OFF_SITE = [
    "https://evil.example/", "//evil.example/", "///evil.example", "////evil.example", "/\\evil.example", "\\\\evil.example",
    "/\t/evil.example", "\t//evil.example", "/\n/evil.example", "https:evil.example", "https:/evil.example", "http:///evil.example",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "/\\/evil.example", "\x00//evil.example",
    "//evil.example\\@harbour.test", "//harbour.test@evil.example", "https://127.0.0.1:8000@evil.example", "/%0d//evil.example/..",
    " //evil.example", "\u00a0//evil.example", "\u2028//evil.example", "/\u200b/evil.example", "/\r//evil.example", "//[::1]/", "//0x7f.1/",
    "http:/\\/\\evil.example", "?next=//evil.example", "evil.example", ".evil.example", "@evil.example",
]  # fmt: skip


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[tuple[str, str]] = set()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names |= {(tag, name) for name, _value in attrs} | {(tag, "")}


def sources() -> Iterator[ast.AST]:
    for app in ("config", "forum", "moderation", "realtime"):
        for file in (ROOT / app).rglob("*.py"):
            yield from ast.walk(ast.parse(file.read_text()))


def is_read(of: ast.expr, *names: str) -> bool:
    """Whether this expression is `request.GET`, `page.request.headers`, or an `asked` that was taken from one."""
    return isinstance(of, ast.Attribute) and of.attr in names


def names_read(*places: str) -> set[str]:
    """Every name that the source looks up in one of these: by .get, by brackets, or by `in`."""
    found = set()
    for each in sources():
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and each.func.attr in ("get", "getlist"):
            if is_read(each.func.value, *places) and each.args and isinstance(each.args[0], ast.Constant):
                found.add(str(each.args[0].value))
        elif isinstance(each, ast.Subscript) and is_read(each.value, *places) and isinstance(each.slice, ast.Constant):
            found.add(str(each.slice.value))
        elif (
            isinstance(each, ast.Compare)
            and is_read(each.comparators[0], *places)
            and isinstance(each.left, ast.Constant)
        ):
            found.add(str(each.left.value))
    return found


@pytest.fixture
def people(as_: Callable[[Any], Client], member: Any, moderator: Any, staff: Any) -> list[Client]:
    clients = [Client(), *map(as_, (member, moderator, staff))]
    for each in clients:
        each.raise_request_exception = False
    return clients


def test_every_query_that_is_read_is_tried_here() -> None:
    assert names_read("GET") | {"rule"} == set(ASKED)  # read of a query or of a form, whichever came


def test_every_header_that_is_read_is_tried_here() -> None:
    assert {name for name in names_read("headers", "META", "meta") if name[0].isupper()} <= HEADERS | {
        "Retry-After", "Content-Type", "Content-Security-Policy", "X-Request-ID", "Cache-Control", "Message-ID", "Reply-To", "Location",
    }  # fmt: skip


@pytest.mark.django_db
def test_no_query_is_an_error_or_builds_anything(people: list[Client]) -> None:
    bundles = [words for words, _turn in zip(deal(read_payloads(), 1500), range(3), strict=False)]
    seen = 0
    for name, paths in ASKED.items():
        for path in paths:
            joint = "&" if "?" in path else "?"
            browser = next((each for each in people if each.get(path).status_code == 200), people[-1])
            plain = Tags(browser.get(f"{path}{joint}{urlencode({name: 'words'})}").text).names
            for words in [*NASTY, *bundles]:
                answer = browser.get(f"{path}{joint}{urlencode({name: words})}")
                assert answer.status_code < 500, (path, name, ascii(words))
                new = Tags(answer.text).names - plain if answer.status_code == 200 else set()
                assert not {each for each in new if each[1].startswith("on") or each[1] in ("style", "src")}, (
                    path,
                    words,
                )
                assert not {tag for tag, _name in new} & {
                    "script",
                    "svg",
                    "img",
                    "iframe",
                    "math",
                    "style",
                    "base",
                    "form",
                }
                seen += answer.status_code == 200
    assert seen > 300


@pytest.mark.django_db
def test_no_button_is_an_error_whatever_it_says(people: list[Client]) -> None:
    """What pages read of a form beside its fields: which button, which row."""
    names, tried = sorted(names_read("POST")), 0
    assert len(names) > 30
    for who, path in walk():
        browser = people[{"": 0, "robin": 1, "heron": 2}.get(who, 3)]
        for value in ("9" * 30, "\x00", "-1"):
            answer = browser.post(path, dict.fromkeys(names, value))
            assert answer.status_code < 500, (path, ascii(value))
            tried += 1
    assert tried > 200


@pytest.mark.django_db
def test_no_header_is_an_error_or_comes_back(people: list[Client]) -> None:
    """In an address bar, in a cookie, or in what a browser says of itself."""
    names = sorted(
        {name.removeprefix("HTTP_").replace("_", "-").title() for name in HEADERS} - {"Remote-Addr", "Remote-Port"}
    )
    bundles = [
        each.replace("\n", " ").replace("\r", " ") for each in next(zip(deal(read_payloads(), 900), strict=False))
    ]
    hostile = [*bundles, "<script>alert(1)</script>", "\x1b[31m", "9" * 3000, "é" * 50, ";;;===", "../.."]
    for name in [
        *names,
        "Accept-Language",
        "Referer",
        "Cookie",
        "If-None-Match",
        "If-Modified-Since",
        "Content-Type",
        "Range",
    ]:
        for words in hostile:
            for path in ("/help/", "/", "/nothing-here/", "/static/base.css"):
                answer = people[1].get(
                    path, headers={name.lower(): words.encode().decode("latin1")}
                )  # as servers hand it on
                assert answer.status_code < 500, (name, ascii(words))
                assert answer.streaming or b"<script>alert(1)" not in answer.content
                assert "alert(1)" not in str(answer.headers)


@pytest.mark.django_db
def test_no_address_is_an_error(people: list[Client]) -> None:
    tried, broken = 0, set()
    for path in addresses():
        for browser in people[1:]:
            if browser.get(path).status_code >= 500:
                broken.add(path)
            tried += 1
    assert not broken
    assert tried > 500


def addresses() -> Iterator[str]:
    """Every address that names something, with names that are no such thing."""
    todo: list[tuple[str, Any]] = [("/", get_resolver())]
    while todo:
        before, resolver = todo.pop()
        for each in resolver.url_patterns:
            route = before + str(each.pattern)
            if isinstance(each, URLResolver):
                todo.append((route, each))
            elif isinstance(each, URLPattern) and "<" in route and "^" not in route and not route.startswith("/admin/"):
                for number, word in (("9" * 30, "%00"), ("0", "a%0d%0aX-Forged:%201"), ("1", "%3Cscript%3Ealert(1)")):
                    yield filled(route, number, word)


def filled(route: str, number: str, word: str) -> str:
    path = ""
    for part in route.split("<"):
        kind, closes, rest = part.partition(">")
        if not closes:
            path += part
        else:
            path += (number if kind.startswith("int:") else word if "str" in kind or "handle" in kind else "a") + rest
    return path


@pytest.mark.parametrize("there", OFF_SITE, ids=ascii)
def test_nobody_is_sent_to_another_site(there: str) -> None:
    requests = RequestFactory()
    for request in (requests.get("/", {"next": there}), requests.post("/", {"next": there})):
        assert _lands_here(way_back(request)), way_back(request)
    assert way_back(requests.get("/", {"next": "/me/"})) == "/me/"


def _lands_here(where: str) -> bool:
    """As a browser reads it: backslashes are slashes, and tabs and line ends are not there."""
    seen = where.translate({ord("\\"): "/", ord("\t"): None, ord("\n"): None, ord("\r"): None}).strip("\x00 \u00a0")
    return urlsplit(urljoin("http://harbour.test/me/", seen)).netloc == "harbour.test"


@pytest.mark.django_db
@pytest.mark.parametrize("there", OFF_SITE[:12], ids=ascii)
def test_nor_by_the_door_of_an_account(member: Any, there: str) -> None:
    from tests.conftest import PASSWORD

    answer = Client().post(f"/accounts/login/?{urlencode({'next': there})}", {
        "login": member.email, "password": PASSWORD, "next": there,
    })  # fmt: skip
    assert answer.status_code == 302 and _lands_here(answer["Location"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "testserver.evil.example",
        "testserver@evil.example",
        "evil.example:80#testserver",
        "",
        "[::1",
        "a b",
    ],
)
def test_a_host_that_is_not_ours_is_refused_and_never_comes_back(host: str) -> None:
    answer = Client(raise_request_exception=False).get("/accounts/login/", HTTP_HOST=host)
    assert answer.status_code == 400 or host == ""
    assert "evil.example" not in answer.text + str(answer.headers)


@pytest.mark.django_db
def test_links_in_mail_lead_to_our_own_address_whatever_the_host_was(member: Any, mailoutbox: list[Any]) -> None:
    from realtime.deliveries import send_due

    assert urlsplit(settings.ORIGINS[0]).netloc != "testserver", "the premise: the request comes by another name"
    for email in (member.email, "nobody@harbour.test"):
        Client().post("/accounts/password/reset/", {"email": email}, HTTP_X_FORWARDED_HOST="evil.example")
    send_due()
    assert len(mailoutbox) == 2
    for mail in mailoutbox:
        links = [word for word in mail.body.split() if "://" in word]
        assert all(link.startswith(settings.ORIGINS[0]) for link in links)
        assert "testserver" not in mail.body + mail.subject and "evil.example" not in mail.body


def test_nothing_leaves_as_a_table_that_a_spreadsheet_would_run() -> None:
    """There is no export of cells. Whoever adds one writes each that begins with = + - @ as words, and tries it here."""
    text = "".join(file.read_text() for app in ("forum", "moderation", "config") for file in (ROOT / app).rglob("*.py"))
    assert "csv.DictReader" in text, "the premise: tables are read"
    assert not [word for word in ("csv.writer", "DictWriter", "text/csv", "openpyxl", "spreadsheetml") if word in text]

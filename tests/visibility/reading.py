"""Reads the whole site as one person: every address that can be built, what older pages it leads to, and what was found where."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from itertools import product
from typing import Any

from django.apps import apps
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from forum.lenses import LENSES
from forum.models import HouseRule, Member, Post, RuleSet
from moderation.models import Guide
from tests.visibility.people import MUTED, SHUNNED, SHUNNER
from tests.visibility.places import place_of
from tests.visibility.words import SOUGHT, words_in

TELLING = {
    "robin",
    "crake",
    "smew",
    "a-held",
    "a-removed",
    "a-taken",
    "a-remembered",
    "kestrel",
    SHUNNER,
    SHUNNED,
    MUTED,
}
"""Whose page everybody asks for."""
MORE = re.compile(rb'href="([^"]*[?&](?:before|after|page|given)=[^"]*)"')
ROWS = {
    "decision": "moderation.Decision", "report": "moderation.Report", "appeal": "moderation.Appeal",
    "letter": "moderation.Letter", "disclosure": "moderation.Disclosure", "hold": "moderation.LegalHold",
    "sheet": "moderation.HandOverSheet", "request": "moderation.OutsideRequest", "incident": "moderation.Incident",
    "asked": "moderation.HowCareWas", "question": "moderation.ReportQuestion", "comment": "forum.RuleComment",
    "group": "forum.SupportGroup", "reading": "moderation.BlindReading", "word": "forum.MutedWord",
    "notice": "forum.Notice", "hand_over": "moderation.HandOver", "export": "forum.DataExport",
    "file": "moderation.RequestFile", "post": "forum.Post", "case": "moderation.Case",
}  # fmt: skip
"""What a number in an address is the number of."""
QUERIES = {
    "wall": [f"?lens={key}" for key in LENSES],
    "posts_again": ["?ids={posts}"],
    "queue": [f"?q={SOUGHT}", "?show=closed", "?show=all", "?state=closed"],
    "appeals": ["?show=all", "?show=done"],
    "report_post": ["?door=worry"],
    "rules_next": ["?talk=past"],
    "outside": ["?door=worry", "?door=rule"],
}
"""Further ways to ask a page."""


def patterns(resolver: Any = None, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address with its name, as the resolver has it: ours, allauth's and the admin's."""
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLResolver):
            yield from patterns(each, f"{space}{each.namespace}:" if each.namespace else space)
        else:
            yield f"{space}{each.name or each.pattern}", each


@dataclass
class Answer:
    """What one request brought, down to its headers."""

    name: str
    url: str
    status: int
    content: bytes
    headers: str

    @property
    def words(self) -> set[str]:
        return words_in(self.content) | words_in(self.headers.encode())


@dataclass
class Reading:
    """What one person found: each canary with the places and the addresses on which it stood."""

    places: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    addresses: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    broken: list[str] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    read: int = 0

    def take(self, answer: Answer) -> None:
        self.read += 1
        self.kinds.add(re.sub(r"[;\n].*", "", answer.headers.partition("Content-Type: ")[2], flags=re.DOTALL))
        if answer.status >= 500:
            self.broken.append(answer.url)
        for word in answer.words - words_in(answer.url.encode()):  # what was asked for is no news
            self.places[word].add(place_of(answer.name) or answer.name)
            self.addresses[word].add(answer.url)


def read_site(client: Client, places: Iterable[str], *, mine: Iterable[int] = (), deep: bool = False) -> Reading:
    """Gets everything that stands in these places, and looks for the word that is in every post. `mine` are this person's own
    posts; who does not read `deep` asks for the first, the middle and the last row of what has many pages.
    """
    reading, wanted = Reading(), set(places)
    for name, url in addresses(list(mine), deep=deep):
        if place_of(name) in wanted:
            for query in ("", *QUERIES.get(name, ())):
                asked = url + query.format(posts=_some_posts())
                for answer in _with_more(client, name, asked):
                    reading.take(answer)
    if "wall" in wanted:
        for answer in search(client):
            reading.take(answer)
    return reading


def addresses(mine: list[int], *, deep: bool) -> list[tuple[str, str]]:
    """Every address of the site with the rows that it can be about."""
    known, found = _values(mine, deep=deep), set()
    for name, pattern in patterns():
        if "logout" in name:
            continue
        names = list(pattern.pattern.converters) or list(pattern.pattern.regex.groupindex)
        for values in product(*(known(name, each) for each in names)):
            try:
                found.add((name, reverse(name, kwargs=dict(zip(names, values, strict=True)))))
            except NoReverseMatch:
                continue
    return sorted(found)


def search(client: Client) -> Iterator[Answer]:
    """What searching for the word that all posts hold finds, to its last page."""
    sent = client.post("/search/", {"query": SOUGHT})
    yield _answer("search", "/search/", sent)
    if sent.status_code == 303:
        yield from _with_more(client, "search_found", sent["Location"].partition("#")[0])


def ask(client: Client, name: str, url: str) -> Answer:
    return _answer(name, url, client.get(url))


def _with_more(client: Client, name: str, url: str) -> Iterator[Answer]:
    """A page and the older ones that it leads to."""
    todo, done = [url], set()
    while todo and len(done) < 12:
        asked = todo.pop()
        done.add(asked)
        answer = ask(client, name, asked)
        yield answer
        path = asked.partition("?")[0]
        for more in MORE.findall(answer.content):
            further = unescape(more.decode()).partition("#")[0]
            further = f"{path}{further}" if further.startswith("?") else further
            if further.startswith(path) and further not in done and further not in todo:
                todo.append(further)


def _answer(name: str, url: str, response: HttpResponse) -> Answer:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    headers = "\n".join(f"{key}: {value}" for key, value in response.headers.items())
    return Answer(name, url, response.status_code, content, headers + response.cookies.output())


def _some_posts() -> str:
    return ",".join(str(pk) for pk in Post.objects.order_by("-pk").values_list("pk", flat=True)[:40])


def _values(mine: list[int], *, deep: bool) -> Callable[[str, str], list[Any]]:
    """What may stand in an address, by its name there."""
    rows = {f"{name}_id": _numbers(model) for name, model in ROWS.items()}
    people = [*Member.objects.values_list("pk", "handle")]
    hidden = [*Post.objects.exclude(status="visible").values_list("pk", flat=True)]
    tops = [*Post.objects.filter(parent=None).values_list("pk", flat=True)]
    fixed: dict[str, list[Any]] = rows | {
        "handle": [handle for _pk, handle in people if handle in TELLING],
        "member_id": [pk for pk, _handle in people],
        "object_id": [pk for pk, _handle in people],
        "version": [*RuleSet.objects.exclude(version="").values_list("version", flat=True)],
        "anchor": [*HouseRule.objects.values_list("anchor", flat=True)[:1]],
        "key": [*Guide.objects.order_by("pk").values_list("key", flat=True)],
        "place": ["post"], "name": ["nothing"], "what": ["mail", "webhook", "push"], "token": ["0" * 24],
        "app_label": ["forum", "moderation"],
    }  # fmt: skip
    deed = {"deed": 1, "admin": 2}

    def of(name: str, parameter: str) -> list[Any]:
        found = fixed.get(parameter, [1])
        if name == "post":
            return tops
        if name in {"report_member", "member_care", "remembrance"}:
            return ["a-visible", "robin"]
        if parameter == "post_id":
            found = sorted({*_some(hidden), *mine})
        whole = (deep and place_of(name) in {"case", "staff"}) or parameter in {"handle", "post_id"}
        if name in {"case", "staff_case", "conversation"} and not whole:
            return found[:1] + found[-7:]  # what is about the team, and what was told in confidence, came last
        return found[: deed[place_of(name)]] if place_of(name) in deed else found if whole else _some(found)

    return of


def _numbers(model: str) -> list[Any]:
    return [*apps.get_model(model).objects.order_by("pk").values_list("pk", flat=True)]


def _some(rows: list[Any]) -> list[Any]:
    """The first, the middle and the last."""
    return sorted({rows[0], rows[len(rows) // 2], rows[-1]}, key=rows.index) if rows else []

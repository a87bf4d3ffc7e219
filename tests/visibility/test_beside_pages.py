"""The ways out of the site that are no page: sockets, what they may ask for, what leaves by mail, copies; and doors to what is hidden."""

import json
import re
from io import BytesIO
from uuid import uuid4
from zipfile import ZipFile

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from forum.copying import make_copy
from forum.models import Post
from realtime import commands
from realtime.models import Delivery
from tests.visibility import surfaces
from tests.visibility.people import LOOKING, MUTED, NAMES, REPORTER, SHUNNED, SHUNNER
from tests.visibility.places import COMMANDS
from tests.visibility.reading import patterns
from tests.visibility.table import KEPT, ROWS, expected
from tests.visibility.words import named, words_in

pytestmark = pytest.mark.django_db
TABLE = (*ROWS, *KEPT)
MISSING = 9_999_999
COPIED = ["robin", "crake", "dunlin", "smew", "heron", "a-removed", "a-taken", "a-held", REPORTER, SHUNNER]


def test_a_socket_that_comes_back_is_told_what_the_wall_shows_its_owner(life):
    viewers = {handle: surfaces.facts(life.people[handle].pk) for handle in LOOKING}
    frames = surfaces.replayed(viewers)
    for handle, told in frames.items():
        on_wall = named(surfaces.words_of([each for each in told if each["stream"] == "wall"]), TABLE) - NAMES
        may = {name for name, places in expected(handle, life).items() if "wall" in places and name in ROWS}
        assert on_wall == may, handle
        assert surfaces.words_of([each for each in told if each["stream"] != "wall"]) == set(), handle
    whose = named(surfaces.words_of(frames["crake"]), ())
    assert whose & {SHUNNER, SHUNNED, MUTED} == set(), "not even their names"


def hidden_from(handle: str) -> list[Post]:
    """Rows that this person must not even learn of."""
    if handle == "crake":
        apart = Post.objects.filter(author__handle__in=[SHUNNER, SHUNNED, MUTED])
        return [*apart, *Post.objects.filter(parent__in=apart)]
    return list(Post.objects.filter(status="held"))


@pytest.mark.parametrize("handle", ["robin", "crake"])
def test_what_a_socket_asks_of_a_hidden_row_is_answered_as_for_one_that_never_was(life, handle):
    asker = life.people[handle].pk
    for kind in sorted(COMMANDS - {"post"}):
        missing = answer_to(asker, kind, MISSING)
        assert json.loads(missing)["type"] == "refused"
        for post in hidden_from(handle):
            assert answer_to(asker, kind, post.pk) == missing, (kind, post.pk)


def answer_to(asker: int, kind: str, row: int) -> str:
    frame = {"type": kind, "key": str(uuid4()), "to": row, "body": "Hello.", "kind": "with_you", "on": True}
    try:
        with transaction.atomic():
            answer = commands._handlers[kind](asker, frame)
    except commands.Refused as refused:
        answer = refused.frame("")
    return json.dumps(answer | {"key": ""})


@pytest.mark.parametrize("handle", ["robin", "crake"])
def test_every_door_to_a_hidden_post_answers_as_if_there_were_none(life, handle):
    """By every address that names a post, read and pressed: the same answer, to the byte, as for a number that nobody has."""
    browser = Client(raise_request_exception=False)
    browser.force_login(life.people[handle])
    doors = [name for name, pattern in patterns() if list(pattern.pattern.converters) == ["post_id"]]
    assert {"post", "reply_create", "report_post", "support"} <= set(doors)
    rows = [post.pk for post in hidden_from(handle)]
    for name in doors:
        for method in ("get", "post"):
            missing = knock(browser, method, name, MISSING)
            for row in rows[:: 1 if name == "post" else 4]:
                assert knock(browser, method, name, row) == missing, (method, name, row)


def knock(browser: Client, method: str, name: str, row: int) -> tuple[int, str]:
    with transaction.atomic():
        answer = getattr(browser, method)(reverse(name, args=[row]), {"body": "Hello.", "support": "with_you on"})
        transaction.set_rollback(True)
    return answer.status_code, plain(answer).replace(f"/posts/{row}/", "/posts/ROW/").replace(
        f"#post-{row}", "#post-ROW"
    )


def plain(answer: HttpResponse) -> str:
    """A page and where it leads, without what is drawn by lot for each request."""
    return re.sub(r'value="\w{64}"', "", answer.text) + str(answer.headers.get("Location", ""))


def test_whoever_has_blocked_somebody_is_nobody_to_them(life):
    """At every address that names a person: as for a name that nobody has. Whom one has blocked oneself has no page either."""
    browser = Client(raise_request_exception=False)
    browser.force_login(life.people["crake"])
    doors = [name for name, pattern in patterns() if list(pattern.pattern.converters) == ["handle"]]
    assert {"member_page", "member_care", "report_member"} <= set(doors)
    for name, handle in [*((name, SHUNNER) for name in doors), ("member_page", SHUNNED)]:
        answer, nobody = (browser.get(reverse(name, args=[each])) for each in (handle, "nobody-at-all"))
        assert answer.status_code == nobody.status_code == 404, name
        assert plain(answer).replace(handle, "") == plain(nobody).replace("nobody-at-all", ""), name


def test_nothing_that_leaves_the_site_holds_a_word_of_anybodys(life):
    assert Delivery.objects.count() > 5, "the premise"
    for row in Delivery.objects.all():
        said = f"{row.subject} {row.body} {json.dumps(row.payload)}".encode()
        assert words_in(said) - NAMES == set(), (row.kind, row.dedupe, row.subject)


@pytest.mark.parametrize("handle", COPIED)
def test_a_copy_of_ones_data_holds_ones_own_words_and_nobody_elses(life, handle):
    with ZipFile(BytesIO(make_copy(life.people[handle]))) as packed:
        held = named(words_in(b" ".join(packed.read(name) for name in packed.namelist())), TABLE) - NAMES
    others = {name for name in held if name in ROWS and life.authors[name] != handle}
    assert others == set(), "words that somebody else wrote"
    private = {name for name in held if name in KEPT}
    assert private <= OWN_IN_COPY.get(handle, frozenset()), "what was told about them, or by the team to itself"
    own = {name for name, author in life.authors.items() if author == handle and "own" in ROWS[name][0]}
    assert own <= held, "all that stands of theirs"


OWN_IN_COPY = {
    "robin": frozenset({"draft", "muted word", "about robin", "rule comment", "suggested group"}),
    "dunlin": frozenset({"card telephone", "card helps", "word from team", "word to team", "standing note"}),
    "a-removed": frozenset({"appeal", "rewritten", "word with it"}),
    REPORTER: frozenset(
        {
            "report note",
            "whereabouts",
            "answer",
            "question",
            "about kestrel",
            "worry about kestrel",
            "worry about gannet",
            "about gannet",
        }
    ),
    SHUNNER: frozenset({"about shunner", "comment of shunner"}),
}

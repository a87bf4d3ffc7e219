"""Nothing personal leaves by the side: not in logs, figures, addresses of pages, subjects of mail or what a push says (P8)."""

import ast
import json
import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core import mail as mail_module
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from forum.actions import export, leaving
from forum.forms_directory import SearchForm
from forum.models import Member, Post
from moderation import deadlines, ways
from moderation.actions.cases import claim_case, note_case, send_word
from moderation.actions.escalation import escalate_case, take_case
from moderation.actions.reports import report_member
from moderation.models import Case, Letter
from realtime import clock, deliveries, wires
from realtime.models import Delivery
from realtime.receivers import Receiver
from tests.conftest import PASSWORD
from tests.moderation.test_outside import words

TOKEN = "a-token-of-a-test-that-is-long-enough"
CANARY = re.compile(r"canary\d+")
HANDLE, ADDRESS = "canary0bird", "canary1@harbour.test"


@pytest.fixture
def heard(production_log, settings):
    """Everything that a watcher, a mail server or a push service would have seen, as one text."""
    settings.METRICS_TOKEN, settings.EMERGENCY_CONTACT = TOKEN, "oncall@example.org"

    def everything() -> dict[str, str]:
        figures = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
        rows = list(Delivery.objects.values_list("subject", "outcome", "dedupe"))
        subjects = repr([rows, [mail.subject for mail in outbox()]])
        return {"logs": json.dumps(production_log()), "figures": figures, "subjects": subjects}

    return everything


def outbox() -> list[EmailMessage]:
    """What has left: as it leaves, its words go from the row."""
    return list(mail_module.outbox)


def found_in(places: dict[str, str]) -> dict[str, set[str]]:
    return {place: set(CANARY.findall(text.lower())) for place, text in places.items()} if places else {}


@pytest.fixture
def canary(make_member):
    return make_member(HANDLE, language="en-gb")


def come_in(client: Client) -> None:
    """A sign-up that is begun, a wrong password, a forgotten one, and the right one."""
    client.post(
        "/accounts/signup/", {"handle": "canary2x", "email": "canary2@harbour.test", "password1": "canary2 canary2"}
    )
    client.post("/accounts/login/", {"login": f"{HANDLE}@harbour.test", "password": "canary3 wrong"})
    client.post("/accounts/password/reset/", {"email": f"{HANDLE}@harbour.test"})
    answer = client.post("/accounts/login/", {"login": f"{HANDLE}@harbour.test", "password": PASSWORD})
    assert answer.status_code == 302


def say_things(client: Client) -> None:
    """A post, a reply, an edit, a draft, a search, muted words, a report, the card, the account."""
    client.post("/posts/", {"body": "canary4 I cannot sleep", "intent": "support", "key": str(uuid4())})
    post = Post.objects.get(body__startswith="canary4")
    client.post(f"/posts/{post.pk}/replies/", {"body": "canary5 still awake", "key": str(uuid4())})
    client.post(f"/posts/{post.pk}/edit/", {"body": "canary6 edited", "seen_version": post.version})
    client.post("/drafts/post/", {"body": "canary7 begun", "version": str(uuid4())})
    client.post("/search/", {"words": "canary8"})
    client.post("/me/care/words/", {"phrase": "canary9", "way": "fold"})
    client.post(
        f"/posts/{post.pk}/report/", {"door": "worry", "category": "worried", "note": "canary10", "key": str(uuid4())}
    )
    client.post("/me/card/", {"phone": "canary11", "town": "canary12"})
    client.post("/me/who/", {"about": "canary13", "pronouns": "canary14"})
    for lost in (f"/members/{HANDLE}/nothing/", "/canary15/", "/?q=canary16", "/support-groups/?words=canary17"):
        client.get(lost)


def test_the_main_acts_leave_nobodys_words_in_logs_figures_or_subjects(
    heard, canary, other_member, moderator, on_duty, rings, staff
):
    on_duty(moderator)
    on_duty(staff, kind="on_call")
    rings.add(staff.pk)
    client = Client()
    come_in(client)
    say_things(client)
    from_outside(Client())
    as_the_team(canary, other_member, moderator, staff)
    export.ask_for_copy(canary)
    export.make_copies()
    leaving.leave(canary)
    ways.page_person(staff, dedupe="a page", subject="Somebody may be in danger", path="/moderation/")
    clock.tick()
    deliveries.send_due()
    assert Post.objects.filter(body__contains="canary").exists(), "the premise"
    assert len({mail.subject for mail in outbox()}) > 1, "the premise: mail left"
    assert Letter.objects.exists() and Case.objects.exists()
    places = heard()
    assert places["logs"].count('"event": "request"') > 15, "the premise: it was logged"
    assert found_in(places) == {"logs": set(), "figures": set(), "subjects": set()}


def from_outside(client: Client) -> None:
    sent = words(about=HANDLE, note="canary18", whereabouts="canary19", name="canary20", reach="canary21")
    assert client.post("/report/", sent).status_code in (200, 303)


def as_the_team(canary, other_member, moderator, staff) -> None:
    """A report, a case that is talked in, escalated, taken and closed with a record's words."""
    report = report_member(other_member, canary, "worry", "thoughts", key=uuid4(), note="canary22")
    case = claim_case(Case.objects.get(pk=report.case_id), moderator)
    note_case(case, moderator, "canary23")
    send_word(Case.objects.get(pk=case.pk), moderator, "canary24 hello", uuid4())
    escalate_case(Case.objects.get(pk=case.pk), moderator, "canary25 please look")
    deadlines.run_deadlines()
    take_case(Case.objects.get(pk=case.pk), staff)


def test_an_error_in_the_middle_of_a_page_quotes_nobody(heard, canary, monkeypatch):
    def fails(*_args: object, **_more: object) -> None:
        raise ValueError(f"canary26 {HANDLE} {canary.email}")

    client = Client(raise_request_exception=False)
    client.force_login(canary)
    monkeypatch.setattr("forum.threads.read_wall", fails)
    answer = client.get("/")
    assert answer.status_code == 500 and not CANARY.findall(answer.text)
    places = heard()
    assert "ValueError" in places["logs"], "the premise: it was logged"
    assert found_in(places) == {"logs": set(), "figures": set(), "subjects": set()}


# What rings, and what a push says


def test_what_rings_says_that_there_is_something_and_not_what(
    heard, canary, other_member, moderator, staff, on_duty, rings
):
    on_duty(moderator)
    on_duty(staff, kind="on_call")
    rings.add(staff.pk)
    as_the_team(canary, other_member, moderator, staff)
    ways.page_person(staff, dedupe="a page", subject="Somebody may be in danger", path="/moderation/")
    rung = list(Delivery.objects.filter(urgent=True))
    assert rung, "the premise: somebody was called"
    for delivery in rung:
        page = deliveries_page(delivery)
        receiver = Receiver(url="https://example.org", key="k", more={"to": "1", "from": "2", "account": "a"})
        for wire in wires.WIRES.values():
            said = wire(receiver, page, 0)
            assert not CANARY.findall(f"{said.url} {said.body.decode()}".lower())
        assert not CANARY.findall(f"{delivery.subject} {delivery.body} {delivery.payload}".lower())


def deliveries_page(delivery: Delivery) -> wires.Page:
    link = str(delivery.payload.get("link", ""))
    return wires.Page(
        delivery.dedupe, f"{delivery.subject} {delivery.body}", link, "urgent", delivery.made_at.isoformat()
    )


def subjects_in_templates() -> list[Path]:
    return sorted(Path(settings.BASE_DIR).glob("templates/**/*_subject.txt"))


def test_no_subject_of_a_mail_has_a_place_for_anybodys_words():
    """Each is fixed words, and the name of the place at most."""
    known = {"product"}
    files = subjects_in_templates()
    assert len(files) > 8
    for file in files:
        assert set(re.findall(r"{{ *([\w.]+)", file.read_text())) <= known, file


def test_no_subject_is_put_together_in_the_code():
    """Every `subject=` is words of ours: no f-string, no sum, and nothing put into them but a number."""
    wrong = []
    for app in ("forum", "moderation", "realtime", "config"):
        for file in (Path(settings.BASE_DIR) / app).rglob("*.py"):
            for call in ast.walk(ast.parse(file.read_text())):
                if isinstance(call, ast.Call):
                    wrong += [
                        f"{file.name}:{word.value.lineno}"
                        for word in call.keywords
                        if word.arg == "subject" and isinstance(word.value, ast.JoinedStr)
                    ]
    assert wrong == []


# The addresses of pages


NUMBERS = re.compile(r"[a-z_]+_id")
PLACED = {
    "handle": "the public pseudonym, which its owner can change; never an address or a name",
    "token": "random, keyed or single-use, and says nothing",
    "object_id": "a row's number, in the admin", "pk": "of one's own passkey",
    "app_label": "the admin's own", "content_type_id": "the admin's own", "url": "the admin's own",
    "version": "of the rules", "anchor": "of a rule", "key": "of a guide", "what": "a kind of way to be reached",
    "name": "which of three kinds of search", "place": "which form a draft is of: a word and numbers",
}  # fmt: skip


def parts_of_addresses(resolver: URLResolver, before: str = "") -> set[tuple[str, str]]:
    """Every part of an address that varies, with the address."""
    found: set[tuple[str, str]] = set()
    for pattern in resolver.url_patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            found |= {(name, address) for name in pattern.pattern.regex.groupindex}
            converters = getattr(resolver.pattern, "converters", {})
            found |= {(name, address) for name in converters}
        else:
            found |= parts_of_addresses(pattern, address)
    return found


def test_no_page_has_anything_personal_in_its_address():
    parts = parts_of_addresses(get_resolver())
    assert len(parts) > 60
    strange = {(name, address) for name, address in parts if not NUMBERS.fullmatch(name) and name not in PLACED}
    assert strange == set(), "a new part of an address: a number, or placed above with its reason"
    assert {name for name, _address in parts} >= PLACED.keys() - {"url"}
    assert {address.split("<")[0] for name, address in parts if name == "handle"} == {"members/", "staff/remembered/"}


def test_nothing_is_sent_in_an_address_that_a_member_wrote():
    """A form that asks by GET puts what was typed into the history of a shared browser: these hold no words about anybody."""
    asked = {}
    for file in Path(settings.BASE_DIR).glob("templates/**/*.html"):
        for form in re.findall(r"<form[^>]*method=\"get\".*?</form>", file.read_text(), re.DOTALL):
            asked[file.name] = set(re.findall(r"name=\"(\w+)\"", form))
    assert asked.keys() == {"_queue_filters.html", "groups.html"}
    assert asked["_queue_filters.html"] <= {
        "lane",
        "mine",
        "severity",
        "state",
        "category",
        "door",
        "due",
        "sort",
        "language",
    }
    assert set(SearchForm.base_fields) == {"q", "kind", "whom"}, "which groups, of a list for everybody"


def test_the_mail_that_leaves_has_no_header_with_anybodys_words(heard, canary, mailoutbox):
    EmailMessage("Hello", "canary27", None, [canary.email]).send()
    deliveries.send_due()
    (mail,) = mailoutbox
    headers = {name: value for name, value in mail.message().items() if name != "To"}
    assert not CANARY.findall(repr(headers))
    assert Member.objects.get(pk=canary.pk).email not in repr(headers)

"""Telling the team without an account: the same answer whatever is true, never lost, and never a way to wake people at will."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forum.access import facts_of
from moderation import categories, flood, letter_clock, letters
from moderation.actions.decisions import decide_case
from moderation.actions.letters import open_contact, place_letter, put_aside, settle_letter
from moderation.letters import Contact
from moderation.models import Case, CaseEvent, ContactWay, Letter, LetterOpening, Report
from moderation.refusals import Missing, NotAllowed
from moderation.turns import SomeFailed
from moderation.vocabulary import ROUSING
from realtime import retention
from realtime.models import Delivery

pytestmark = pytest.mark.django_db


@pytest.fixture
def outside():
    """A browser without a cookie, with CSRF checks as in life."""
    return Client(enforce_csrf_checks=True)


def stamp(ago: int = 60) -> str:
    with time_machine.travel(timezone.now() - timedelta(seconds=ago), tick=False):
        return flood.stamp()


def words(**more: str) -> dict[str, str]:
    fields = {
        "door": "worry", "category": "worried", "about": "robin", "note": "She has gone quiet.", "whereabouts": "Leeds",
        "name": "Anna Example", "reach": "07700 900123", "website": "", "stamp": stamp(), "key": str(uuid4()),
    }  # fmt: skip
    return fields | more


def code_in(answer) -> str:
    return re.search(r'<p class="code"[^>]*>([^<]+)</p>', answer.text)[1]


def place() -> None:
    letter_clock.run_letters()


def test_999_comes_first_and_no_cookie_is_asked_for(outside):
    for page in ("/report/", "/report/?door=worry", "/report/?door=rule", "/report/follow/"):
        answer = outside.get(page)
        main = answer.text.split("<main")[1]
        assert main.index("tel:999") < main.index("<h1>"), page
        assert not answer.cookies and answer.headers["Cache-Control"].count("no-store") == 1


def test_strangers_find_it_at_the_foot_of_every_page_and_members_do_not(client, as_, member):
    assert 'href="/report/"' in client.get("/help/").text
    assert 'href="/report/"' not in as_(member).get("/help/").text


@pytest.mark.parametrize("door", ["worry", "rule"])
def test_the_answer_is_the_same_byte_for_byte_whether_or_not_anybody_by_this_name_is_here(outside, member, door):
    answers, queries = [], []
    category = {"worry": "child", "rule": "abuse"}[door]
    for about in ("robin", "nobody-here", "/posts/1/", "my sister, who writes at night"):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            answers.append(outside.post("/report/", words(door=door, category=category, about=about)))
        queries.append(len(captured))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text.replace(code_in(answer), "CODE") for answer in answers}) == 1
    assert len({len(code_in(answer)) for answer in answers}) == 1
    assert len(set(queries)) == 1, queries
    place()
    followed = [outside.post("/report/follow/", {"code": code_in(answer)}) for answer in answers]
    assert len({page.text.replace(code_in(answers[n]), "CODE") for n, page in enumerate(followed)}) == 1
    assert Report.objects.count() == 1  # the premise: one of them was about somebody


def test_what_comes_of_it_changes_no_word(outside, member, moderator):
    from moderation.actions.cases import claim_case

    code = code_in(outside.post("/report/", words()))
    first = outside.post("/report/follow/", {"code": code}).text
    place()
    case = claim_case(Report.objects.get().case, moderator)
    assert outside.post("/report/follow/", {"code": code}).text == first
    decide_case(case, moderator, "no_action")
    assert outside.post("/report/follow/", {"code": code}).text == first


def test_the_clock_puts_it_into_the_case_of_whom_it_names(outside, member, moderator, on_duty):
    on_duty(moderator)
    outside.post("/report/", words())
    assert not Report.objects.exists(), "nothing is looked up while the sender waits"
    place()
    report = Report.objects.get()
    assert (report.source, report.reporter, report.case.subject, report.case.kind) == ("outside", None, member, "care")
    assert (report.note, report.whereabouts, report.letter.about) == ("She has gone quiet.", "Leeds", "robin")
    place()
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    "about", ["@Robin", " ROBIN ", "https://harbour.example.org/posts/{post}/#x", "see /posts/{post}/"]
)
def test_a_handle_or_a_link_is_enough(outside, member, post_by, about):
    post = post_by(member)
    outside.post("/report/", words(door="rule", category="abuse", about=about.format(post=post.pk)))
    place()
    report = Report.objects.get()
    assert report.case.subject == member
    assert (report.post, report.snapshot) == ((post, post.body) if "posts" in about else (None, ""))


@pytest.mark.parametrize(
    "about", ["", "robin and wren", "/posts/999999/", "r", "x" * 300, "a girl who writes about school", "<b>robin</b>"]
)
def test_what_names_nobody_for_certain_waits_for_a_person(as_, outside, member, staff, moderator, about):
    answer = outside.post("/report/", words(about=about))
    assert answer.status_code == (422 if not about else 200)
    place()
    assert not Report.objects.exists()
    waiting = letters.waiting_for(facts_of(staff))
    assert waiting.count() == (1 if about else 0) and not letters.waiting_for(facts_of(moderator)).exists()
    if about:
        board = as_(staff).get("/staff/").text
        assert "Outside reports that name nobody" in board and f"/staff/letters/{waiting.get().pk}/" in board


def test_a_child_at_risk_goes_to_staff_and_the_team_to_the_independent_contacts(outside, member, moderator, staff):
    outside.post("/report/", words(category="child"))
    outside.post("/report/", words(door="rule", category="team", about="heron"))
    outside.post("/report/", words(door="rule", category="team", about="robin"))
    place()
    assert Case.objects.get(subject=member).reserved_for == "staff"
    assert Case.objects.get(subject=moderator).kind == "conduct"
    assert Letter.objects.get(report=None).reserved_for == "independent"


def test_the_same_form_sent_twice_is_once_and_shows_the_same_code(outside):
    form = words()
    codes = {code_in(outside.post("/report/", form)) for _time in range(3)}
    assert len(codes) == 1 and Letter.objects.count() == 1
    other = outside.post("/report/", form | {"note": "And something else."})
    assert other.status_code == 422 and "And something else." in other.text and Letter.objects.count() == 1


def test_a_form_that_is_not_filled_in_keeps_its_words(outside):
    answer = outside.post("/report/", words(category=""))
    assert answer.status_code == 422 and "She has gone quiet." in answer.text and not Letter.objects.exists()


def test_neither_the_code_nor_who_wrote_can_be_read_in_the_database(outside):
    code = code_in(outside.post("/report/", words()))
    row = str(list(Letter.objects.values()))
    for canary in (code, code.replace("-", ""), "Anna Example", "07700"):
        assert canary not in row
    assert letters.read_contact(Letter.objects.get()) == Contact("Anna Example", "07700 900123")


def test_the_code_may_be_typed_as_people_type(outside):
    code = code_in(outside.post("/report/", words()))
    for typed in (code.lower(), code.replace("-", " "), f"  {code} ", code.replace("0", "o").replace("1", "l")):
        assert outside.post("/report/follow/", {"code": typed}).status_code == 200
    for wrong in ("", "ABCD", code[:-1], code + "7"):
        assert outside.post("/report/follow/", {"code": wrong}).status_code == 422
    assert outside.get("/report/follow/", {"code": code}).text.count(code) == 0


# --- Floods -----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def limits(settings):
    settings.OUTSIDE_REPORTS_PER_ADDRESS, settings.OUTSIDE_REPORTS_PER_HOUR = 2, 5


def gathered() -> list[bool]:
    return list(Letter.objects.order_by("pk").values_list("gathered", flat=True))


def test_past_the_limit_of_an_address_a_worry_is_kept_and_wakes_nobody(limits, outside, member, staff):
    for _time in range(4):
        answer = outside.post("/report/", words())
        assert answer.status_code == 200 and code_in(answer)
    assert gathered() == [False, False, True, True]
    place()
    assert Report.objects.count() == 2
    assert letters.waiting_for(facts_of(staff)).count() == 2, "the rest is in the digest"


def test_past_the_limit_of_an_address_danger_has_its_case_at_once_and_rings_when_the_hour_is_over(
    limits, outside, member
):
    for _time in range(4):
        outside.post("/report/", words(category="danger_now"))
    assert gathered() == [False] * 4
    place()
    assert Report.objects.filter(case__subject=member).count() == 4
    assert Letter.objects.filter(rings_from__gt=timezone.now(), rang_at=None).count() == 3


def test_one_address_cannot_fill_the_door_for_those_in_danger_elsewhere(limits, outside):
    for _time in range(9):
        outside.post("/report/", words(category="danger_now", about="who"))
    outside.post("/report/", words(category="danger_now", about="who"), REMOTE_ADDR="198.51.100.7")
    assert Letter.objects.latest("pk").rings_from is None


def test_another_address_is_not_held_up_by_it(limits, outside):
    for _time in range(3):
        outside.post("/report/", words(), REMOTE_ADDR="203.0.113.9")
    outside.post("/report/", words(), REMOTE_ADDR="198.51.100.7")
    assert gathered() == [False, False, True, False]


def test_one_house_counts_as_one_address(limits, outside):
    for host in range(3):
        outside.post("/report/", words(), REMOTE_ADDR=f"2001:db8:1:2::{host + 1:x}")
    outside.post("/report/", words(), REMOTE_ADDR="2001:db8:1:3::1")
    assert gathered() == [False, False, True, False]


def test_an_address_cannot_be_made_up(limits, outside, settings):
    """Behind no proxy, what a header says of the address counts for nothing."""
    for number in range(3):
        outside.post("/report/", words(), headers={"X-Forwarded-For": f"203.0.113.{number}"})
    assert gathered() == [False, False, True]


def test_from_everywhere_together_there_is_a_limit_too(limits, outside, staff):
    for number in range(7):
        outside.post("/report/", words(category="danger_now", about="who"), REMOTE_ADDR=f"203.0.113.{number}")
    assert gathered() == [False] * 7, "of those in danger none is lost among the others"
    held = Letter.objects.filter(rings_from__isnull=False)
    assert held.count() == 2
    place()
    mails = Delivery.objects.filter(address=staff.email)
    assert mails.exclude(dedupe__startswith="unusual:").count() == 7
    assert mails.filter(dedupe__startswith="unusual:").count() == 1
    for number in range(6):
        outside.post("/report/", words(about="who"), REMOTE_ADDR=f"198.51.100.{number}")
    assert gathered() == [False] * 12 + [True], "what is not urgent has a limit of its own"


def test_a_broken_rule_comes_back_with_its_words_and_the_time(limits, outside):
    answers = [outside.post("/report/", words(door="rule", category="abuse")) for _time in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "She has gone quiet." in answers[2].text and "You can report again at" in answers[2].text
    assert outside.post("/report/", words()).status_code == 200, "a worry is never refused"


@pytest.mark.parametrize("category", [each.key for each in categories.CATEGORIES["rule"] if each.severity in ROUSING])
def test_what_wakes_people_is_refused_at_neither_door(limits, outside, member, category):
    """Somebody in a hurry takes the wrong door, in a flood, with a form that looks like a machine's."""
    for number in range(6):
        outside.post("/report/", words(door="rule", category="abuse"), REMOTE_ADDR=f"203.0.113.{number}")
        outside.post("/report/", words(category="danger_now", about="who"), REMOTE_ADDR=f"203.0.113.{number}")
    assert outside.post("/report/", words(door="rule", category="abuse")).status_code == 429, "the premise"
    told = words(door="rule", category=category, stamp="")
    answer = outside.post("/report/", told, headers={"Sec-Fetch-Site": "cross-site"}, REMOTE_ADDR="198.51.100.9")
    assert answer.status_code == 200 and code_in(answer)
    letter = Letter.objects.get(category=category)
    assert not letter.gathered and letter.rings_from
    place()
    assert Report.objects.get(category=category).case.subject == member
    trapped = outside.post("/report/", words(door="rule", category=category, website="https://buy.example"))
    assert trapped.status_code == 200 and Letter.objects.latest("pk").gathered


def test_after_an_hour_it_is_as_before(limits, outside):
    for _time in range(3):
        outside.post("/report/", words())
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        outside.post("/report/", words(stamp=flood.stamp()) | {"stamp": stamp()})
    assert gathered() == [False, False, True, False]


@pytest.mark.parametrize(
    ("fields", "headers"),
    [
        ({"stamp": ""}, {}),
        ({"stamp": "made-up"}, {}),
        ({"stamp": "quick"}, {}),
        ({"stamp": "old"}, {}),
        ({}, {"Sec-Fetch-Site": "cross-site"}),
    ],
)
def test_a_form_that_is_quick_or_slow_or_strange_keeps_no_worry_from_its_clock_and_a_rule_is_asked_again(
    outside, member, fields, headers
):
    made = {"quick": stamp(0), "old": stamp(25 * 3600)}
    fields = {name: made.get(value, value) for name, value in fields.items()}
    worry = words(category="danger_now", **fields)
    assert outside.post("/report/", worry, headers=headers).status_code == 200
    assert gathered() == [False]
    place()
    assert Letter.objects.get().placed_at is not None
    refused = outside.post("/report/", words(door="rule", category="spam", **fields), headers=headers)
    assert refused.status_code == 422 and "She has gone quiet." in refused.text
    assert Letter.objects.count() == 1


def test_what_fills_in_the_field_that_nobody_sees_is_gathered_and_its_rules_come_back(outside, member):
    trapped = {"website": "https://buy.example"}
    assert outside.post("/report/", words(**trapped)).status_code == 200
    assert gathered() == [True]
    assert outside.post("/report/", words(door="rule", category="spam", **trapped)).status_code == 422
    assert Letter.objects.count() == 1


def test_who_is_signed_in_is_not_named_and_a_closed_wall_is_no_hindrance(as_, member, other_member):
    other_member.standing = "suspended"
    other_member.save()
    assert as_(other_member).get("/report/?door=worry").status_code == 200
    assert as_(other_member).post("/report/", words()).status_code == 200
    assert Letter.objects.get().sender is None


# --- Staff --------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def letter(outside) -> Letter:
    outside.post("/report/", words(category="danger_now", about="my sister Anna"))
    place()
    return Letter.objects.get()


def test_danger_that_names_nobody_rings_who_is_on_call_and_then_everybody_until_somebody_reads_it(
    letter, staff, other_staff, on_duty, as_
):
    Delivery.objects.all().delete()
    Letter.objects.update(called_at=None)
    on_duty(staff, kind="on_call")
    place()
    place()
    assert list(Delivery.objects.values_list("address", flat=True)) == [staff.email]
    body = Delivery.objects.get().body
    assert "Anna" not in body and f"/staff/letters/{letter.pk}/" in body
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        place()
        place()
    assert Delivery.objects.count() == 3
    with time_machine.travel(timezone.now() + timedelta(minutes=22)):
        place()
        place()
        assert Delivery.objects.count() == 5
        assert as_(staff).get(f"/staff/letters/{letter.pk}/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=50)):
        place()
    assert Delivery.objects.count() == 5, "it is read, and there is time for a step"


def test_danger_that_names_nobody_rings_and_not_by_mail_alone(letter, staff, on_duty):
    Delivery.objects.all().delete()
    Letter.objects.update(called_at=None)
    on_duty(staff, kind="on_call")
    ContactWay.objects.create(
        member=staff,
        kind="webhook",
        preset="signed",
        name="Telephone",
        rings=True,
        confirmed_at=timezone.now(),
        tested_at=timezone.now(),
    )
    place()
    assert sorted(Delivery.objects.values_list("kind", flat=True)) == ["mail", "webhook"]
    assert all("Anna" not in str(each.payload) + each.subject for each in Delivery.objects.all())


def test_a_person_who_knows_whom_it_is_about_puts_it_into_their_case(as_, letter, member, staff, moderator):
    with pytest.raises(NotAllowed):
        settle_letter(letter, moderator, "robin")
    with pytest.raises(Missing):
        settle_letter(letter, staff, "nobody-here")
    report = settle_letter(letter, staff, "robin")
    assert settle_letter(letter, staff, "robin").pk == report.pk and Report.objects.count() == 1
    assert (report.case.subject, report.source) == (member, "outside")
    assert "Outside reports that name nobody" not in as_(staff).get("/staff/").text


def test_it_is_put_aside_with_a_reason_and_goes_after_a_while(letter, staff, moderator):
    with pytest.raises(Missing):
        put_aside(letter, staff, " ")
    with pytest.raises(NotAllowed):
        put_aside(letter, moderator, "No.")
    put_aside(letter, staff, "An advertisement.")
    put_aside(letter, staff, "Again.")
    assert Letter.objects.get().why_aside == "An advertisement."
    retention.forget("letters")
    assert Letter.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        retention.forget("letters")
    assert not Letter.objects.exists()


def test_every_opening_of_a_letter_is_kept_and_never_changed(outside, letter, staff, other_staff, as_):
    url = f"/staff/letters/{letter.pk}/"
    for person in (staff, staff, other_staff):
        as_(person).get(url)
    for person in (staff, other_staff, staff):
        as_(person).post(url, {"do": "open"})
    opened = list(letter.openings.values_list("by__handle", "what"))
    assert opened == [
        ("puffin", "read"), ("gannet", "read"), ("puffin", "sender"), ("gannet", "sender"), ("puffin", "sender"),
    ]  # fmt: skip
    page = as_(staff).get(url).text.partition("Who has opened this")[2].partition("</details>")[0]
    assert page.count("<li>") == 5 and "opened who wrote it" in page
    with pytest.raises(IntegrityError), transaction.atomic():
        LetterOpening.objects.update(by=other_staff)
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        as_(staff).get(url)
    assert letter.openings.count() == 6


def test_who_wrote_is_opened_by_staff_alone_and_each_time_is_on_record(as_, outside, member, moderator, staff, on_duty):
    on_duty(moderator)
    outside.post("/report/", words())
    place()
    case, letter = Case.objects.get(), Letter.objects.get()
    page = as_(moderator).get(f"/moderation/cases/{case.pk}/").text
    assert "Staff can open it." in page and "07700" not in page
    with pytest.raises(NotAllowed):
        open_contact(case, moderator, letter)
    press = {"do": "contact", "letter": letter.pk, "seen": case.version}
    assert as_(moderator).post(f"/moderation/cases/{case.pk}/", press).status_code == 422
    shown = as_(staff).post(f"/staff/cases/{case.pk}/", press)
    assert shown.status_code == 200 and "07700 900123" in shown.text
    assert "07700" not in as_(staff).get(f"/staff/cases/{case.pk}/").text
    assert CaseEvent.objects.filter(case=case, action="contact", actor=staff).count() == 1
    assert "07700" not in str(list(CaseEvent.objects.values()))


def test_a_letters_page_does_what_its_buttons_say(as_, letter, member, staff):
    url = f"/staff/letters/{letter.pk}/"
    assert "07700" in as_(staff).post(url, {"do": "open"}).text
    assert as_(staff).post(url, {"do": "place", "whom": "nobody-here"}).status_code == 422
    assert as_(staff).post(url, {"do": "aside", "why": ""}).status_code == 422
    assert as_(staff).post(url, {"do": "dance"}).status_code == 404
    assert as_(staff).post(url, {"do": "ask", "question": "Which name does she use here?"}).status_code == 303
    answer = as_(staff).post(url, {"do": "place", "whom": "robin"})
    assert answer.headers["Location"] == f"/staff/cases/{Case.objects.get().pk}/"
    assert "This is in a case now." in as_(staff).get(url).text


def test_one_that_cannot_be_placed_holds_up_no_other(outside, member, other_member, monkeypatch):
    outside.post("/report/", words())
    outside.post("/report/", words(about="wren"))

    def fail_for_robin(letter: Letter) -> object:
        if letter.about == "robin":
            raise RuntimeError("the disk is full")
        return place_letter(letter)

    monkeypatch.setattr(letter_clock, "place_letter", fail_for_robin)
    with pytest.raises(SomeFailed):
        place()
    assert Report.objects.get().case.subject == other_member
    monkeypatch.undo()
    place()
    assert Report.objects.count() == 2


def test_a_reset_of_keys_seals_it_anew(outside, settings):
    outside.post("/report/", words())
    settings.SEAL_KEYS = ["a-newer-key-of-forty-characters-or-so-0001", *settings.SEAL_KEYS]
    assert letters.reseal() == (1, 0) and letters.reseal() == (0, 0)
    assert letters.read_contact(Letter.objects.get()).name == "Anna Example"


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_under_one_key_are_one(at_once, member):
    form = words()
    answers = at_once(*[lambda: Client().post("/report/", form) for _each in range(6)])
    assert {answer.status_code for answer in answers} == {200} and len({code_in(answer) for answer in answers}) == 1
    assert Letter.objects.count() == 1
    results = at_once(*[lambda: place_letter(Letter.objects.get()) for _each in range(4)])
    assert len({report.pk for report in results}) == 1 and Report.objects.count() == 1
    assert UUID(form["key"]) == Letter.objects.get().key

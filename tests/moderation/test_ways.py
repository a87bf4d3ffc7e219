"""How somebody of staff is reached: adding a way, testing it, confirming it, and the pages that then go out by it."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from forum.sealing import CannotOpen
from moderation import paging, reading, ways
from moderation.actions import ways as acts
from moderation.actions.cases import claim_case
from moderation.actions.escalation import close_case, take_case
from moderation.actions.ways import add_way, confirm_by_code, confirm_by_link, remove_way
from moderation.models import Case, CaseEvent, ContactWay
from moderation.refusals import CaseMoved, Missing, NotAllowed
from realtime.deliveries import send_due
from realtime.models import Delivery
from realtime.receivers import Receiver as Opened
from tests.receivers import Receiver, is_signed

pytestmark = pytest.mark.django_db(transaction=True)

SUBJECT = "A case waits for staff (emergency)"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    there = Receiver()
    yield there
    there.stop()


@pytest.fixture
def pager(receiver: Receiver) -> Callable[..., ContactWay]:
    """`pager(puffin)`: a webhook of theirs, tested now unless told otherwise."""

    def make(member: Any, name: str = "my pager", *, tested: bool = True, kind: str = "webhook") -> ContactWay:
        leads_to = Opened(receiver.url, key="the way's key")
        preset = "signed" if kind == "webhook" else ""
        way = add_way(member, kind, preset, name, leads_to if kind == "webhook" else Opened("other@harbour.test"))
        if tested:
            ContactWay.objects.filter(pk=way.pk).update(confirmed_at=timezone.now(), tested_at=timezone.now())
        way.refresh_from_db()
        return way

    return make


def call(person: Any, case: Any = None, dedupe: str = "ladder:1", **more: Any) -> int:
    with transaction.atomic():
        return ways.page_person(person, dedupe=dedupe, subject=SUBJECT, path="/staff/", case=case, **more)


def code_in(receiver: Receiver) -> str:
    return "".join(re.findall(r"\d(?: \d){5}", receiver.got[-1].said["message"])[0].split())


def token_in(receiver: Receiver) -> str:
    return str(receiver.got[-1].said["link"]).rstrip("/").rpartition("/")[2]


# --- Testing and confirming ---


def test_a_way_counts_once_its_person_has_typed_the_code_that_came_by_it(staff, pager, receiver):
    way = pager(staff, tested=False)
    assert not ways.has_ringing_way(staff, timezone.now())
    acts.try_way(way)
    assert send_due() == 1 and is_signed(receiver.got[0], "the way's key", timezone.now().timestamp())
    confirm_by_code(way, f" {code_in(receiver)[:3]} {code_in(receiver)[3:]} ")
    assert ways.has_ringing_way(staff, timezone.now())


def test_the_link_in_it_does_the_same_and_works_once(staff, pager, receiver, client):
    way = pager(staff, tested=False)
    acts.try_way(way)
    send_due()
    path = f"/reached/{token_in(receiver)}/"
    shown = client.get(path)
    assert shown.status_code == 200 and "puffin" not in shown.text and "my pager" not in shown.text
    assert not ways.has_ringing_way(staff, timezone.now())  # mail is opened by machines: looking is no press
    assert client.post(path).status_code == 200
    assert ways.has_ringing_way(staff, timezone.now())
    assert client.post(path).status_code == 410
    assert client.post("/reached/never-was/").status_code == 410


def test_a_wrong_code_is_said_and_after_five_none_counts(staff, pager, receiver):
    way = pager(staff, tested=False)
    acts.try_way(way)
    send_due()
    right = code_in(receiver)
    wrong = f"{(int(right) + 1) % 10**6:06}"
    for _try in range(4):
        with pytest.raises(Missing, match="not the code"):
            confirm_by_code(way, wrong)
    for code in (wrong, right):
        with pytest.raises(Missing, match="over"):
            confirm_by_code(way, code)
    assert confirm_by_link(token_in(receiver)) is None
    assert not ways.has_ringing_way(staff, timezone.now())


def test_a_code_is_over_after_a_quarter_of_an_hour(staff, pager, receiver, time_machine):
    way = pager(staff, tested=False)
    acts.try_way(way)
    send_due()
    time_machine.move_to(timezone.now() + timedelta(minutes=15, seconds=1))
    with pytest.raises(Missing, match="over"):
        confirm_by_code(way, code_in(receiver))
    assert confirm_by_link(token_in(receiver)) is None


def test_a_newer_test_takes_the_place_of_the_one_before(staff, pager, receiver, time_machine):
    way = pager(staff, tested=False)
    acts.try_way(way)
    send_due()
    older = code_in(receiver), token_in(receiver)
    with pytest.raises(NotAllowed, match="half a minute"):
        acts.try_way(way)
    time_machine.move_to(timezone.now() + timedelta(seconds=31))
    acts.try_way(way)
    send_due()
    assert confirm_by_link(older[1]) is None
    if older[0] != code_in(receiver):
        with pytest.raises(Missing):
            confirm_by_code(way, older[0])
    assert confirm_by_link(token_in(receiver)) == way


def test_neither_code_nor_link_stands_in_the_database_once_it_has_left(staff, pager, receiver):
    acts.try_way(pager(staff, tested=False))
    send_due()
    rows = f"{list(Delivery.objects.values())} {list(ContactWay.objects.values())}"
    assert code_in(receiver) not in rows and token_in(receiver) not in rows


def test_two_presses_of_the_link_at_once_confirm_it_once(staff, pager, receiver, at_once):
    way = pager(staff, tested=False)
    acts.try_way(way)
    send_due()
    token = token_in(receiver)
    results = at_once(*[lambda: confirm_by_link(token)] * 4)
    assert [one for one in results if one is not None] == [way]


# --- What counts ---


def test_thirty_days_after_its_last_test_a_way_counts_no_more(staff, pager):
    way = pager(staff)
    now = timezone.now()
    assert ways.has_ringing_way(staff, now + timedelta(days=29, hours=23))
    assert not ways.has_ringing_way(staff, way.tested_at + timedelta(days=30))


def test_mail_alone_does_not_ring(staff, pager):
    pager(staff, "my other mail", kind="mail")
    assert not ways.has_ringing_way(staff, timezone.now())


def test_what_failed_for_good_counts_no_more_and_its_person_hears_of_it(staff, pager, receiver):
    way = pager(staff)
    receiver.answers = lambda got: 410
    call(staff)
    send_due()
    assert not ways.has_ringing_way(staff, timezone.now())
    send_due()
    [told] = [letter for letter in mail.outbox if "does not work" in letter.subject]
    assert told.to == [staff.email] and "/staff/on-call/ways/" in told.body and receiver.url not in told.body
    receiver.answers = lambda got: 200
    acts.try_way(way)
    send_due()
    confirm_by_code(way, code_in(receiver))
    assert ways.has_ringing_way(staff, timezone.now())


def test_somebody_elses_way_is_not_mine(staff, other_staff, pager):
    pager(other_staff)
    assert not ways.has_ringing_way(staff, timezone.now())


# --- Pages ---


def test_a_page_goes_out_by_every_way_and_by_mail_and_says_nothing_of_anybody(staff, pager, receiver, escalated_case):
    case = escalated_case()
    pager(staff)
    pager(staff, "my other mail", kind="mail")
    pager(staff, "not tested", tested=False)
    assert call(staff, case) == 3
    assert call(staff, case) == 0  # the same again makes none
    send_due()
    assert sorted(letter.to[0] for letter in mail.outbox if letter.subject == SUBJECT) == [
        "other@harbour.test",
        staff.email,
    ]
    [got] = receiver.got
    assert got.said["message"] == f"Harbour: {SUBJECT}" and got.said["link"].endswith("/staff/")
    everything = got.body.decode() + "".join(f"{letter.subject}{letter.body}" for letter in mail.outbox)
    assert "robin" not in everything and "not sleeping" not in everything


def test_where_no_sound_is_wanted_only_mail_goes_out(staff, pager, receiver):
    pager(staff)
    assert call(staff, rings=False) == 1
    send_due()
    assert receiver.got == [] and len(mail.outbox) == 1


def test_a_page_of_a_transaction_rolled_back_never_was(staff, pager):
    pager(staff)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        ways.page_person(staff, dedupe="x", subject=SUBJECT, path="/staff/")
        raise ZeroDivisionError
    assert not Delivery.objects.exists()


def test_once_somebody_has_taken_the_case_nothing_more_leaves(staff, other_staff, pager, receiver, escalated_case):
    case = escalated_case()
    pager(other_staff)
    receiver.answers = lambda got: 503
    call(other_staff, case)
    send_due()
    assert len(receiver.got) == 1
    take_case(case, staff)
    Delivery.objects.filter(state="waiting").update(due_at=timezone.now())
    send_due()
    assert len(receiver.got) == 1
    assert Delivery.objects.get(kind="webhook").state == "stopped"


def test_a_service_that_goes_on_calling_hears_that_it_is_over(staff, pager, receiver, escalated_case, settings):
    settings.PAGERDUTY_URL = f"{receiver.url}/v2/enqueue"
    case, way = escalated_case("method", door="rule"), pager(staff)
    ContactWay.objects.filter(pk=way.pk).update(preset="pagerduty")
    Delivery.objects.all().delete()
    call(staff, case)
    send_due("webhook")
    take_case(case, staff)
    take_case(Case.objects.get(pk=case.pk), staff)
    send_due("webhook")
    began, ended = (got.said for got in receiver.wait_for(2))
    assert (began["event_action"], ended["event_action"]) == ("trigger", "resolve")
    assert began["dedup_key"] == ended["dedup_key"] and len(receiver.got) == 2


def test_what_was_on_its_way_by_a_way_that_was_taken_away_does_not_leave(staff, pager, receiver):
    way, other = pager(staff), pager(staff, "my other mail", kind="mail")
    call(staff)
    remove_way(way)
    remove_way(other)
    send_due()
    assert receiver.got == [] and [letter.to for letter in mail.outbox] == [[staff.email]]


def test_the_organisation_is_called_by_mail_or_at_its_own_address(settings, receiver, escalated_case):
    case = escalated_case()
    settings.EMERGENCY_CONTACT, settings.EMERGENCY_WEBHOOK_KEY = receiver.url, "the organisation's key"
    for address in ("oncall@example.org", receiver.url, "", "nonsense"):
        ways.page_address(address, dedupe=f"contact:{address}", subject=SUBJECT, path="/staff/", case=case)
    send_due()
    assert is_signed(receiver.got[0], "the organisation's key", timezone.now().timestamp())
    assert len(receiver.got) == 1
    assert "oncall@example.org" in [letter.to[0] for letter in mail.outbox]
    assert not Delivery.objects.filter(address=receiver.url).exists()  # an address with a secret in it stands in no row


# --- The case's time line ---


def lines(case: Any) -> list[str]:
    return [line.line for line in reading.read_timeline(case) if line.event.action == "paged"]


def test_what_came_of_a_page_stands_in_the_cases_time_line(staff, pager, receiver, escalated_case):
    case = escalated_case()
    pager(staff)
    receiver.answers = lambda got: 503 if len(receiver.got) < 3 else 202
    call(staff, case)
    for _try in range(3):
        Delivery.objects.filter(state="waiting").update(due_at=timezone.now())
        send_due()
    assert lines(case) == [
        "Page to puffin by mail: handed over",
        "Page to puffin by webhook: refused (503), tried again",  # once, however often
        "Page to puffin by webhook: handed over (202)",
    ]


def test_a_page_that_leaves_makes_nobodys_page_stale(staff, other_staff, pager, escalated_case):
    case = take_case(escalated_case("method", door="rule"), staff)
    pager(other_staff)
    call(other_staff, case)
    send_due()
    assert CaseEvent.objects.filter(case=case, action="paged").exists()
    assert close_case(case, staff, note="It was talked over.").state == "closed"


def test_a_page_is_never_who_was_quicker(moderator, other_moderator, staff, open_case):
    stale = Case.objects.get(pk=open_case().pk)
    claim_case(Case.objects.get(pk=stale.pk), moderator)
    call(staff, stale)
    Delivery.objects.update(payload={"case_id": stale.pk, "member_id": staff.pk})  # whatever it stood for still stands
    send_due()
    assert CaseEvent.objects.order_by("-n").first().action == "paged"  # the premise
    with pytest.raises(CaseMoved) as refused:
        claim_case(stale, other_moderator)
    assert refused.value.who == moderator


def test_the_chain_still_holds_with_pages_in_it(staff, pager, escalated_case):
    from moderation import audit

    call(staff, escalated_case())
    send_due()
    assert audit.verify() is None


def test_what_is_still_on_its_way_can_be_listed(staff, pager, receiver, escalated_case):
    case = escalated_case()
    pager(staff)
    receiver.answers = lambda got: 503
    call(staff, case)
    waits = paging.read_pages(case)
    assert {one.came_of_it for one in waits} == {"on its way"} and all(one.waits for one in waits)
    send_due()
    assert {(str(one.by), one.came_of_it, one.who) for one in paging.read_pages(case)} == {
        ("by mail", "handed over", "puffin"),
        ("by webhook", "refused (503), tried again", "puffin"),
    }


def test_a_line_whose_words_were_erased_still_says_that_somebody_was_called(staff, escalated_case):
    case = escalated_case()
    call(staff, case)
    send_due()
    case.events.get(action="paged").said.delete()
    assert lines(case) == ["Somebody was called"]


# --- What is kept ---


def test_where_a_way_leads_is_sealed_and_opens_in_no_other_row(staff, other_staff, pager, receiver):
    mine, theirs = pager(staff), pager(other_staff)
    assert receiver.url not in mine.sealed and "the way's key" not in mine.sealed
    ContactWay.objects.filter(pk=theirs.pk).update(sealed=mine.sealed)
    theirs.refresh_from_db()
    with pytest.raises(CannotOpen):
        ways.open_way(theirs)


def test_a_new_key_seals_the_ways_anew(staff, pager, settings, receiver):
    way = pager(staff)
    settings.SEAL_KEYS = ["a new key that is long enough to be one of them, surely", *settings.SEAL_KEYS]
    assert ways.reseal() == (1, 0)
    settings.SEAL_KEYS = settings.SEAL_KEYS[:1]
    way.refresh_from_db()
    assert ways.open_way(way).url == receiver.url
    assert ways.reseal() == (0, 0)


def test_ones_own_copy_has_the_ways_and_not_their_keys(staff, pager, receiver):
    pager(staff)
    [row] = ways.rows_of(staff.pk)
    assert row["sealed"] == receiver.url and "the way's key" not in str(row)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "mail", "preset": "", "rings": True},
        {"kind": "pigeon", "preset": "", "rings": True},
        {"kind": "webhook", "preset": "", "rings": True},
        {"kind": "push", "preset": "signed", "rings": True},
        {"kind": "webhook", "preset": "signed", "rings": True, "confirmed_at": timezone.now()},
        {"kind": "webhook", "preset": "signed", "rings": True, "code_digest": "x"},
    ],
)
def test_the_database_holds_what_a_way_is(staff, wrong):
    with pytest.raises(IntegrityError):
        ContactWay.objects.create(member=staff, name="x", sealed="x", **wrong)


def test_two_ways_of_one_person_have_two_names(staff, pager):
    pager(staff)
    with pytest.raises(Missing, match="another"):
        pager(staff)

"""Webhooks: signed, tried again under the same key, never to an address of our own network."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
import time_machine
from django.utils import timezone

from realtime import deliveries, outgoing, receivers, wires
from realtime.deliveries import Outcome, queue, send_due
from realtime.models import Delivery, DeliveryTry
from realtime.receivers import Receiver as Opened
from tests.receivers import Receiver, is_signed

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = {
    "subject": "A case waits for staff (emergency)",
    "link": "https://harbour.test/staff/cases/7/",
    "severity": "emergency",
}


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A real receiver; what goes to "there" goes to it, signed with "its own key"."""
    there = Receiver()
    opened = {
        "there": lambda delivery: Opened(f"{there.url}/pager?a=1", key="its own key"),
        "nowhere": lambda delivery: None,
    }
    monkeypatch.setattr(receivers, "_openers", opened)
    monkeypatch.setattr(deliveries, "_guards", [])
    monkeypatch.setattr(deliveries, "_hooks", {})
    yield there
    there.stop()


def page(dedupe: str = "ladder:7:1:0:3", address: str = "there", **more: Any) -> Delivery:
    queue("webhook", dedupe, address, urgent=True, **{**PAGE, **more})
    return Delivery.objects.get(dedupe=dedupe)


def test_a_page_reaches_a_receiver_that_can_prove_it_is_ours(receiver):
    page()
    assert send_due() == 1
    [got] = receiver.got
    assert got.path == "/pager?a=1" and is_signed(got, "its own key", time.time())
    assert got.said["message"] == "Harbour: A case waits for staff (emergency)"
    assert (got.said["link"], got.said["severity"]) == (PAGE["link"], "emergency")
    assert got.key == got.said["id"] == "ladder:7:1:0:3"


def test_a_changed_body_another_key_or_an_old_time_is_no_proof(receiver):
    page()
    send_due()
    [got] = receiver.got
    assert not is_signed(got, "another key", time.time())
    assert not is_signed(got, "its own key", time.time() + 301)
    got.body = got.body.replace(b"emergency", b"routine")
    assert not is_signed(got, "its own key", time.time())


def test_what_is_refused_is_tried_sooner_than_mail_and_under_the_same_key(receiver):
    receiver.answers = lambda got: 503
    with time_machine.travel("2026-12-03 04:00:00Z", tick=False) as now:
        page()
        tried = []
        for _second in range(100):
            before = len(receiver.got)
            send_due()
            if len(receiver.got) > before:
                tried.append(_second)
            now.shift(1)
        receiver.answers = lambda got: 200
        now.shift(60)
        assert send_due() == 1
    assert tried == [0, 5, 15, 35, 65, 95]
    assert len({got.key for got in receiver.got}) == 1
    tries = list(DeliveryTry.objects.order_by("n").values_list("n", "outcome", "status", "taken_by"))
    assert tries[0] == (1, "refused", 503, "") and tries[-1] == (7, "handed over", 200, "webhook")


def test_after_an_hour_it_is_given_up_and_said_without_its_address(receiver, caplog):
    receiver.answers = lambda got: 500
    with time_machine.travel("2026-12-03 04:00:00Z", tick=False) as now:
        page()
        for _minute in range(70):
            send_due()
            now.shift(60)
    delivery = Delivery.objects.get()
    assert delivery.state == Delivery.State.FAILED and delivery.payload == {}
    assert "delivery_given_up" in caplog.text and "127.0.0.1" not in caplog.text and "emergency" not in caplog.text
    assert 55 < len(receiver.got) < 70


def test_a_page_that_waited_hours_for_a_clock_is_not_given_up_at_its_first_refusal(receiver):
    receiver.answers = lambda got: 503
    with time_machine.travel("2026-12-03 04:00:00Z", tick=False) as now:
        page()
        now.shift(timedelta(hours=5))
        send_due()
        assert Delivery.objects.get().state == Delivery.State.WAITING
        receiver.answers = lambda got: 200
        now.shift(5)
        assert send_due() == 1


def test_who_says_that_they_are_gone_is_not_asked_again(receiver):
    receiver.answers = lambda got: 410
    page()
    page("another", "nowhere")
    send_due()
    assert set(Delivery.objects.values_list("state", "outcome")) == {("failed", "gone")}


def test_nobody_there_is_told_apart_from_a_refusal(receiver):
    receiver.stop()
    page()
    send_due()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.outcome) == ("waiting", "no answer")


def test_a_redirect_is_not_followed(receiver):
    receiver.answers = lambda got: 302
    page()
    send_due()
    assert Delivery.objects.get().outcome == "refused" and DeliveryTry.objects.get().status == 302


def test_one_that_never_ends_its_answer_is_cut_off(receiver, monkeypatch):
    monkeypatch.setattr(outgoing, "WHOLE", 0.3)
    over = threading.Event()
    receiver.answers = lambda got: (over.wait(20) and 200) or 200
    page()
    send_due()
    over.set()
    assert Delivery.objects.get().outcome == "no answer in time"


def test_who_calls_somebody_goes_before_all_others(receiver):
    queue("webhook", "later", "there", **PAGE)
    page("now")
    send_due()
    assert [got.key for got in receiver.got] == ["now", "later"]


def test_what_is_not_wanted_any_more_never_leaves(receiver):
    wanted = [True]
    deliveries.still_wanted(lambda delivery: wanted[0])
    receiver.answers = lambda got: 503
    with time_machine.travel("2026-12-03 04:00:00Z", tick=False) as now:
        page()
        send_due()
        wanted[0] = False
        now.shift(5)
        assert send_due() == 0
    assert len(receiver.got) == 1
    assert Delivery.objects.values_list("state", "outcome").get() == ("stopped", "not needed")


def test_what_is_to_wait_for_a_moment_leaves_then_and_that_was_no_try(receiver):
    with time_machine.travel("2026-12-03 04:00:00Z", tick=False) as now:
        until = timezone.now() + timedelta(minutes=5)
        deliveries.still_wanted(lambda delivery: until if timezone.now() < until else True)
        page()
        assert send_due() == 0
        now.shift(299)
        assert send_due() == 0
        assert not DeliveryTry.objects.exists() and receiver.got == []
        now.shift(1)
        assert send_due() == 1
    assert Delivery.objects.values_list("state", "tries").get() == ("sent", 1)


def test_a_guard_that_breaks_keeps_nobody_from_being_called(receiver):
    deliveries.still_wanted(lambda delivery: 1 / 0)
    page()
    assert send_due() == 1


def test_whoever_asked_hears_what_came_of_each_try_and_breaks_nothing(receiver):
    heard: list[tuple[int, Outcome]] = []
    deliveries.on_outcome("webhook", lambda delivery, outcome: heard.append((delivery.tries, outcome)))
    deliveries.on_outcome("webhook", lambda delivery, outcome: 1 / 0)
    receiver.answers = lambda got: 503 if len(receiver.got) == 1 else 200
    with time_machine.travel("2026-12-03 04:00:00Z", tick=False) as now:
        page(case_id=7, member_id=3)
        send_due()
        now.shift(5)
        send_due()
    assert heard == [(1, Outcome("waiting", "refused", 503)), (2, Outcome("sent", "handed over", 200, "webhook"))]
    assert Delivery.objects.get().payload == {"case_id": 7, "member_id": 3}


def test_a_sender_that_was_taken_for_dead_changes_nothing_any_more(receiver):
    page()
    delivery = Delivery.objects.get()
    assert deliveries._claim(delivery, deliveries._senders["webhook"])
    Delivery.objects.update(claimed_until=timezone.now())
    assert send_due() == 1  # the next one
    deliveries._write(delivery, Outcome("waiting", "no answer"))
    assert Delivery.objects.get().state == "sent" and DeliveryTry.objects.count() == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "https://name:password@example.org/",
        "https:///nothing",
        "https://example.org:notaport/",
        "//example.org/",
        "file:///etc/passwd",
    ],
)
def test_an_address_that_is_not_https_is_refused_before_anything_is_sent(url):
    with pytest.raises(outgoing.NotAllowed):
        outgoing.checked(url)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "192.168.1.1",
        "172.16.0.9",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "fe80::1",
        "fc00::1",
        "::ffff:10.0.0.1",
        "2002:0a00:0001::1",
        "64:ff9b::10.0.0.1",
        "fec0::1",
        "::10.0.0.1",
        "::93.184.215.14",
        "::",
    ],
)
def test_no_address_of_our_own_network_is_sent_to(settings, address):
    settings.SENDS_TO_ITSELF = False
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(outgoing.NotAllowed):
        outgoing.send("POST", f"https://{host}/", {}, b"")


def test_a_name_that_leads_to_our_own_network_is_refused_too(settings):
    settings.SENDS_TO_ITSELF = False
    with pytest.raises(outgoing.NotAllowed):
        outgoing.send("POST", "https://localhost/", {}, b"")


def test_a_public_address_may_be_sent_to():
    assert outgoing._may_be_sent_to("93.184.215.14") and outgoing._may_be_sent_to(
        "2606:2800:21f:cb07:6820:80da:af6b:8b2c"
    )


def test_only_outside_production_does_it_lead_to_this_machine(receiver, settings):
    settings.SENDS_TO_ITSELF = False
    page()
    send_due()
    assert receiver.got == [] and Delivery.objects.get().outcome == "not allowed"


WORDS = wires.Page(
    "a" * 300, "Harbour: <test> & more", "https://harbour.test/x/", "urgent", "2026-12-03T04:00:00+00:00"
)


def test_pagerduty_gets_an_event_as_it_documents_them():
    request = wires.pagerduty(
        Opened("https://events.pagerduty.com/v2/enqueue", key="R" * 32, wire="pagerduty"), WORDS, 1
    )
    said = json.loads(request.body)
    assert request.url == "https://events.pagerduty.com/v2/enqueue"
    assert (said["routing_key"], said["event_action"]) == ("R" * 32, "trigger")
    assert said["payload"] == {"summary": WORDS.words, "source": "harbour", "severity": "error"}
    assert len(said["dedup_key"]) == 255 and said["links"] == [{"href": WORDS.link, "text": "Harbour"}]


def test_pagerduty_is_told_that_an_event_is_over_by_the_key_it_began_with():
    over = replace(WORDS, key="k:end", ends=WORDS.key)
    began, ended = (
        json.loads(
            wires.pagerduty(
                Opened("https://events.pagerduty.com/v2/enqueue", key="R" * 32, wire="pagerduty"), page, 1
            ).body
        )
        for page in (WORDS, over)
    )
    assert ended == {"routing_key": "R" * 32, "event_action": "resolve", "dedup_key": began["dedup_key"]}


def test_a_telephone_service_gets_a_call_as_twilio_documents_it():
    more = {"to": "+447700900123", "from": "+441632960001", "account": "AC1"}
    request = wires.telephone(Opened("https://api.twilio.com", key="token", wire="telephone", more=more), WORDS, 1)
    form = parse_qs(request.body.decode())
    assert request.url == "https://api.twilio.com/2010-04-01/Accounts/AC1/Calls.json"
    assert request.headers["Authorization"] == "Basic QUMxOnRva2Vu"
    assert (form["To"], form["From"]) == (["+447700900123"], ["+441632960001"])
    assert form["Twiml"][0].count("Harbour: &lt;test&gt; &amp; more") == 3


def test_a_slow_receiver_makes_no_other_lane_late(receiver):
    """Three lanes send webhooks: while one waits for its answer, another hands over what comes after it."""
    over = threading.Event()
    receiver.answers = lambda got: ((over.wait(8) if got.key == "slow" else True) and 200) or 200
    page("slow")
    lane = threading.Thread(target=lambda: send_due("webhook"))
    lane.start()
    receiver.wait_for(1)
    page("quick")
    assert send_due("webhook") == 1
    assert Delivery.objects.get(dedupe="slow").state == "waiting"
    over.set()
    lane.join(20)
    assert Delivery.objects.get(dedupe="slow").state == "sent"

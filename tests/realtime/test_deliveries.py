"""Deliveries: mail is a row in the transaction that causes it, and leaves once."""

import threading
from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives, send_mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.mail.message import BadHeaderError
from django.db import connection, transaction
from django.utils import timezone

from realtime import deliveries
from realtime import mail as mail_sender
from realtime.deliveries import queue_mail, send_due
from realtime.models import Delivery

pytestmark = pytest.mark.django_db(transaction=True)


class Unreachable(EmailBackend):
    """A transport nobody answers at."""

    attempts: list[str] = []

    def send_messages(self, messages: Any) -> int:
        self.attempts.extend(message.extra_headers["Message-ID"] for message in messages)
        raise SMTPServerDisconnected("robin@harbour.test could not be told")


@pytest.fixture
def unreachable(settings: Any) -> list[str]:
    Unreachable.attempts = []
    settings.MAIL_TRANSPORT = {"backend": f"{__name__}.Unreachable"}
    return Unreachable.attempts


class TurnedAway(EmailBackend):
    """A mail server that knows no such address, for good or for now: what it answers is the subject."""

    def send_messages(self, messages: Any) -> int:
        code = int(messages[0].subject)
        raise SMTPRecipientsRefused({messages[0].to[0]: (code, b"no such address")})


@pytest.mark.parametrize(("code", "state"), [(550, "failed"), (450, "waiting")])
def test_what_a_mail_server_refuses_for_good_is_not_hoped_for(settings: Any, code: int, state: str) -> None:
    settings.MAIL_TRANSPORT = {"backend": f"{__name__}.TurnedAway"}
    queue_mail("one", "robin@harbour.test", str(code), "It is 1234.")
    send_due()
    sent = Delivery.objects.get()
    assert (sent.state, sent.outcome, sent.tries_made.get().status) == (state, "refused", code)


def test_mail_is_stored_and_leaves_at_the_next_tick() -> None:
    send_mail("Your code", "It is 1234.", None, ["robin@harbour.test"])
    assert mail.outbox == []
    assert send_due() == 1
    assert (mail.outbox[0].subject, mail.outbox[0].body, mail.outbox[0].to) == (
        "Your code",
        "It is 1234.",
        ["robin@harbour.test"],
    )


def test_mail_of_a_transaction_rolled_back_never_was() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        send_mail("Your code", "It is 1234.", None, ["robin@harbour.test"])
        raise ZeroDivisionError
    assert send_due() == 0
    assert not Delivery.objects.exists()


def test_its_other_form_its_headers_and_its_sender_are_kept() -> None:
    message = EmailMultiAlternatives(
        "Hello",
        "Plain.",
        "Harbour <post@harbour.test>",
        ["robin@harbour.test"],
        headers={"X-Case": "7"},
        reply_to=["a@b.test"],
    )
    message.attach_alternative("<p>Not plain.</p>", "text/html")
    message.send()
    send_due()
    sent = mail.outbox[0]
    assert sent.alternatives[0][0] == "<p>Not plain.</p>"  # type: ignore[attr-defined]
    assert (sent.extra_headers["X-Case"], sent.extra_headers["Reply-To"]) == ("7", "a@b.test")
    assert sent.from_email == "Harbour <post@harbour.test>"


def test_nobody_sees_who_else_was_written_to() -> None:
    EmailMessage(
        "Hello", "All.", None, ["robin@harbour.test"], cc=["wren@harbour.test"], bcc=["finch@harbour.test"]
    ).send()
    assert send_due() == 3
    assert sorted(message.recipients() for message in mail.outbox) == [
        ["finch@harbour.test"],
        ["robin@harbour.test"],
        ["wren@harbour.test"],
    ]


def test_a_line_break_in_a_header_is_refused_before_anything_is_stored() -> None:
    with pytest.raises(BadHeaderError):
        send_mail("Hello\nBcc: all@example.org", "x", None, ["robin@harbour.test"])
    assert not Delivery.objects.exists()


def test_attachments_are_refused_and_not_dropped() -> None:
    message = EmailMessage("Hello", "x", None, ["robin@harbour.test"])
    message.attach("a.txt", "words", "text/plain")
    with pytest.raises(ValueError, match="attachments"):
        message.send()


def test_the_same_reason_never_makes_a_second_mail() -> None:
    assert queue_mail("case 7 late", "heron@harbour.test", "A case is late", "Please look.")
    assert not queue_mail("case 7 late", "heron@harbour.test", "A case is late", "Please look.")
    assert queue_mail("case 8 late", "heron@harbour.test", "A case is late", "Please look.")
    assert send_due() == 2


def test_a_very_long_reason_is_told_apart_too() -> None:
    assert queue_mail("x" * 500 + "1", "heron@harbour.test", "s", "b")
    assert queue_mail("x" * 500 + "2", "heron@harbour.test", "s", "b")
    assert not queue_mail("x" * 500 + "1", "heron@harbour.test", "s", "b")


def test_eight_senders_at_once_send_each_mail_once() -> None:
    for number in range(10):
        queue_mail(f"mail {number}", "robin@harbour.test", str(number), "b")
    barrier = threading.Barrier(8)

    def run() -> None:
        barrier.wait(10)
        send_due()
        connection.close()

    threads = [threading.Thread(target=run) for _each in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(message.subject for message in mail.outbox) == [str(number) for number in range(10)]
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_a_mail_that_failed_is_tried_again_later_under_the_same_message_id(
    unreachable: list[str], settings: Any
) -> None:
    with time_machine.travel("2026-12-03 04:00:00Z", tick=False) as now:
        queue_mail("k", "robin@harbour.test", "s", "b")
        assert send_due() == 0
        assert send_due() == 0
        assert len(unreachable) == 1  # not again at once
        now.shift(10)
        send_due()
        assert len(unreachable) == 2
        settings.MAIL_TRANSPORT = {"backend": "django.core.mail.backends.locmem.EmailBackend"}
        now.shift(30)
        assert send_due() == 1
    assert {*unreachable, mail.outbox[0].extra_headers["Message-ID"]} == {unreachable[0]}


def test_a_sender_that_died_leaves_its_mail_to_the_next() -> None:
    with time_machine.travel("2026-12-03 04:00:00Z", tick=False) as now:
        queue_mail("k", "robin@harbour.test", "s", "b")
        assert deliveries._claim(Delivery.objects.get(), mail_sender.SENDER)  # and then its process is gone
        assert send_due() == 0
        now.shift(timedelta(minutes=5, seconds=1))
        assert send_due() == 1


def test_after_a_day_it_is_given_up_and_logged_without_anything_personal(
    unreachable: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    with time_machine.travel("2026-12-03 04:00:00Z", tick=False) as now:
        queue_mail("k", "robin@harbour.test", "A secret subject", "b")
        for _hour in range(30):
            send_due()
            now.shift(timedelta(hours=1))
        send_due()
        delivery = Delivery.objects.get()
        assert delivery.state == Delivery.State.FAILED
        tries = len(unreachable)
        now.shift(timedelta(hours=5))
        send_due()
        assert len(unreachable) == tries
    assert "delivery_given_up" in caplog.text
    assert "robin" not in caplog.text and "secret" not in caplog.text


def test_one_that_fails_holds_up_the_others_for_a_second_at_most(unreachable: list[str], settings: Any) -> None:
    queue_mail("first", "robin@harbour.test", "first", "b")
    send_due()
    queue_mail("second", "wren@harbour.test", "second", "b")
    settings.MAIL_TRANSPORT = {"backend": "django.core.mail.backends.locmem.EmailBackend"}
    assert send_due() == 1
    assert mail.outbox[0].subject == "second"


def test_its_words_are_wiped_once_it_has_left() -> None:
    queue_mail("k", "robin@harbour.test", "Your code", "It is 1234.")
    send_due()
    delivery = Delivery.objects.get()
    assert (delivery.subject, delivery.body, delivery.payload) == ("", "", {})
    assert delivery.done_at is not None and delivery.done_at <= timezone.now()


def test_in_the_demo_it_is_printed(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    settings.MAIL_TRANSPORT = {"backend": "django.core.mail.backends.console.EmailBackend"}
    queue_mail("k", "robin@harbour.test", "Your code", "It is 1234.")
    send_due()
    assert "It is 1234." in capsys.readouterr().out

"""An answer by mail reaches the conversation, or goes back at once with where help is. Never does it lie unread."""

import io
import smtplib
import socket
import subprocess
import sys
from datetime import timedelta
from email.message import EmailMessage
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from config.environment import Environment
from forum.models import Member
from moderation import mail_door
from moderation.actions.cases import send_word
from moderation.actions.inbound import Received, receive_mail
from moderation.inbound import own_words, read_message
from moderation.models import Case, Word, WordMail
from moderation.reply_address import address_of, case_at
from realtime.models import Delivery

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mail_is_read(settings):
    settings.REPLY_ADDRESS = "reply+{token}@harbour.test"


@pytest.fixture
def mailed(held_case, moderator):
    """heron has written to robin, and a mail has told them."""
    case = held_case()
    send_word(case, moderator, "Hello Robin. Is this a good moment?", uuid4())
    WordMail.objects.create(case=case)
    return Case.objects.get(pk=case.pk)


def written(to: str, body: str = "It is, yes.", sender: str = "robin@elsewhere.test", **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, "Re: Something waits for you"
    message["Message-ID"] = f"<{uuid4()}@elsewhere.test>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return message


def answers() -> list[str]:
    return list(Word.objects.filter(from_team=False).order_by("pk").values_list("body", flat=True))


def sent_back() -> list[Delivery]:
    return list(Delivery.objects.filter(dedupe__startswith="sent-back:").order_by("pk"))


def test_an_answer_becomes_a_word_in_the_conversation_whoever_sent_it(as_, mailed, moderator, told):
    message = written(address_of(mailed))
    heard = told(lambda: receive_mail(message.as_bytes()))
    assert (f"member:{moderator.pk}", "word.sent", mailed.pk) in heard
    word = Word.objects.get(from_team=False)
    assert (word.body, word.author_id, word.by_mail, word.case_id) == (
        "It is, yes.",
        mailed.subject_id,
        True,
        mailed.pk,
    )
    assert word.answer_due_at is not None and sent_back() == []
    assert "By mail" in as_(moderator).get(reverse("case", args=[mailed.pk])).text


def test_who_sent_it_is_kept_nowhere(mailed):
    receive_mail(written(address_of(mailed), sender="secret.name@elsewhere.test").as_bytes())
    assert "secret" not in repr(list(Word.objects.values())) + repr(list(Delivery.objects.values()))


def test_the_same_mail_twice_is_one_answer(mailed):
    raw = written(address_of(mailed)).as_bytes()
    assert [receive_mail(raw), receive_mail(raw)] == [Received.KEPT, Received.KEPT]
    assert answers() == ["It is, yes."]


@pytest.mark.django_db(transaction=True)
def test_the_same_mail_at_once_is_one_answer(mailed, at_once):
    raw = written(address_of(mailed)).as_bytes()
    assert set(at_once(*[lambda: receive_mail(raw)] * 4)) == {Received.KEPT}
    assert answers() == ["It is, yes."]


def test_the_token_is_read_in_capitals_too_and_from_the_envelope(mailed):
    receive_mail(written("somebody@harbour.test").as_bytes(), [address_of(mailed).upper()])
    assert answers() == ["It is, yes."]


@pytest.mark.parametrize("wrong", ["letter", "case", "none", "other"])
def test_any_other_address_gets_help_at_once_and_nothing_is_said_of_why(mailed, wrong):
    good = address_of(mailed)
    letter = "b" if good.partition("@")[0][-1] == "a" else "a"
    to = {
        "letter": good.partition("@")[0][:-1] + letter + "@harbour.test",
        "case": good.replace(f"+{mailed.pk}-", f"+{mailed.pk + 1}-"),
        "none": "no-reply@harbour.test",
        "other": good.replace("harbour.test", "elsewhere.test"),
    }[wrong]
    assert receive_mail(written(to).as_bytes()) == Received.SENT_BACK
    row = sent_back()[0]
    assert answers() == [] and row.address == "robin@elsewhere.test"
    assert "Nobody reads mail at this address" in row.body and "999" in row.body and "116 123" in row.body
    assert "/help/" in row.body and "heron" not in row.body and "It is, yes" not in row.body


def test_an_old_mailbox_answers_for_nobody_once_the_member_has_another(mailed, member):
    old = address_of(mailed)
    assert case_at(old) == mailed, "the premise"
    Member.objects.filter(pk=member.pk).update(email="elsewhere@harbour.test")
    assert receive_mail(written(old).as_bytes()) == Received.SENT_BACK and answers() == []
    assert case_at(address_of(Case.objects.get(pk=mailed.pk))) == mailed
    Member.objects.filter(pk=member.pk).update(email="Robin@harbour.test")
    assert case_at(old) == mailed, "the same mailbox, in capitals"


def test_where_no_mail_is_read_every_answer_goes_back_with_help(mailed, settings):
    to = address_of(mailed)
    settings.REPLY_ADDRESS = ""
    assert address_of(mailed) == ""
    assert receive_mail(written(to).as_bytes()) == Received.SENT_BACK
    assert answers() == []


def test_a_month_after_the_last_mail_the_address_is_read_no_more(mailed):
    to = address_of(mailed)
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert case_at(to) is None
        assert receive_mail(written(to).as_bytes()) == Received.SENT_BACK


@pytest.mark.parametrize("standing", ["suspended", "banned", "on_break", "paused", "deactivated"])
def test_a_member_in_any_standing_answers_by_mail(mailed, member, standing):
    Member.objects.filter(pk=member.pk).update(standing=standing)
    assert receive_mail(written(address_of(mailed)).as_bytes()) == Received.KEPT


def test_nobody_answers_for_an_account_that_is_gone(mailed, member):
    Member.objects.filter(pk=member.pk).update(standing="erased", is_active=False)
    assert receive_mail(written(address_of(mailed)).as_bytes()) == Received.SENT_BACK
    assert answers() == []


def test_what_is_attached_is_refused_with_words_and_the_words_arrive(as_, mailed, moderator):
    message = written(address_of(mailed), "Here is the letter.")
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="letter.pdf")
    assert receive_mail(message.as_bytes()) == Received.KEPT
    assert answers() == ["Here is the letter."]
    row = sent_back()[0]
    assert "Your words have arrived" in row.body and row.subject == "What was attached was not kept"
    assert "Something was attached and is not kept." in as_(moderator).get(reverse("case", args=[mailed.pk])).text


def test_a_mail_without_words_is_not_taken_for_an_answer(mailed):
    message = written(address_of(mailed), "\n> Hello\n\n")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="me.png")
    assert receive_mail(message.as_bytes()) == Received.SENT_BACK
    assert answers() == [] and "no words in your mail" in sent_back()[0].body


@pytest.mark.parametrize(
    "headers",
    [{"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"List_Id": "<x.test>"}, {"Return_Path": "<>"}],
)
def test_what_a_machine_wrote_is_passed_over_and_never_answered(mailed, headers):
    for to in (address_of(mailed), "no-reply@harbour.test"):
        assert receive_mail(written(to, **headers).as_bytes()) == Received.PASSED_OVER
    assert answers() == [] and sent_back() == []


def test_an_answer_that_says_it_was_written_by_a_person_is_kept(mailed):
    assert receive_mail(written(address_of(mailed), Auto_Submitted="no").as_bytes()) == Received.KEPT


def test_whoever_floods_us_is_written_to_once_an_hour(mailed):
    for _each in range(5):
        receive_mail(written("no-reply@harbour.test").as_bytes())
    assert len(sent_back()) == 1


def test_a_long_mail_loses_no_word(mailed):
    long = ("All of it. " * 800).strip()
    receive_mail(written(address_of(mailed), long).as_bytes())
    assert len(answers()) == 2 and "".join(answers()) == long


def test_an_answer_to_a_closed_case_opens_it_again(mailed):
    Case.objects.filter(pk=mailed.pk).update(state="closed", holder=None, due_at=None, lapses_at=None)
    receive_mail(written(address_of(mailed)).as_bytes())
    assert Case.objects.get(pk=mailed.pk).state == "open"


QUOTED = [
    ("Yes.\n\nOn Mon, 30 Nov 2026 at 03:12, Harbour <us@x.test> wrote:\n> Something waits.\n> https://x", "Yes."),
    ("Yes.\n\nOn Mon, 30 Nov 2026 at 03:12, Harbour\n<us@x.test> wrote:\n\n> Something waits.", "Yes."),
    ("> Something waits.\n\nBelow it.", "Below it."),
    ("Yes.\n-----Original Message-----\nFrom: us\nSomething waits.", "Yes."),
    ("Yes.\n\nFrom: Harbour <us@x.test>\nSent: Monday\nTo: me\nSubject: Something\n\nSomething waits.", "Yes."),
    ("Yes.\n-- \nMy name, my street", "Yes."),
    ("On bad days I say this:\nnothing.", "On bad days I say this:\nnothing."),
    ("To: be honest, I am not.", "To: be honest, I am not."),
    ("One.\n> asked\nTwo.\n> asked again\nThree.", "One.\nTwo.\nThree."),
    ("Yes.\r\n\r\n\r\n\r\nNo.", "Yes.\n\nNo."),
]


@pytest.mark.parametrize(("body", "kept"), QUOTED)
def test_what_was_answered_is_left_out_and_nothing_else(body, kept):
    assert own_words(body) == kept


def test_a_mail_in_html_alone_is_read_as_words():
    message = EmailMessage()
    message["To"] = "x@y.test"
    page = "<html><head><style>p{}</style></head><body><p>Yes, &amp; no.</p><div>Maybe.</div><blockquote>Hello</blockquote>"
    message.set_content(page, subtype="html")
    assert read_message(message.as_bytes()).words == "Yes, & no.\n\nMaybe."


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe",
        b"To: \xff\xfe\n\nWords.",
        b"Content-Type: text/plain; charset=nonsense\n\nWords.",
        b"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: multipart/mixed\n",
        b"Content-Transfer-Encoding: base64\n\n!!!",
        b"From: a@b.test\r\n c@d.test\nAuto-Submitted: \n\nHello.",
        b"Message-ID: <a\r\n b>\nFrom: <x>\n\nHi",
    ],
)
def test_no_mail_however_broken_is_a_fault_of_ours(raw):
    assert receive_mail(raw) in set(Received)


def test_an_address_without_its_place_for_the_token_is_refused_at_the_start(tmp_path, monkeypatch):
    environment = Environment(tmp_path)
    for wrong in ("reply@harbour.test", "{token}", "{token}{token}@x.test", "reply@{token}.test"):
        monkeypatch.setenv("HARBOUR_REPLY_ADDRESS", wrong)
        with pytest.raises(ImproperlyConfigured, match="reply"):
            environment.reply_address("HARBOUR_REPLY_ADDRESS")
    monkeypatch.setenv("HARBOUR_REPLY_ADDRESS", "r+{token}@x.test")
    assert environment.reply_address("HARBOUR_REPLY_ADDRESS") == "r+{token}@x.test"


def a_free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


# --- The two doors ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_hands_it_over_by_lmtp(mailed):
    door = mail_door.open_door("127.0.0.1", a_free_port())
    try:
        with smtplib.LMTP("127.0.0.1", door.port) as server:
            message = written(address_of(mailed), "Grüße, it is.")
            server.sendmail("robin@elsewhere.test", [address_of(mailed)], message.as_bytes())
            server.sendmail("robin@elsewhere.test", ["no-reply@harbour.test"], written("x@y.test").as_bytes())
    finally:
        door.close()
    assert answers() == ["Grüße, it is."]
    assert [row.address for row in sent_back()] == ["robin@elsewhere.test"]


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_stored_now_stays_with_the_mail_server(mailed):
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TRIGGER disk_full BEFORE INSERT ON moderation_word BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    door = mail_door.open_door("127.0.0.1", a_free_port())
    try:
        with smtplib.LMTP("127.0.0.1", door.port) as server, pytest.raises(smtplib.SMTPDataError) as refused:
            server.sendmail("robin@elsewhere.test", [address_of(mailed)], written(address_of(mailed)).as_bytes())
    finally:
        door.close()
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER disk_full")
    assert refused.value.smtp_code == 451 and answers() == []


def test_the_command_reads_one_mail_from_a_pipe(mailed, monkeypatch, capsys):
    raw = io.BytesIO(written("somebody@harbour.test").as_bytes())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(raw))
    call_command("receive_mail", "--recipient", address_of(mailed), "--sender", "robin@elsewhere.test")
    assert answers() == ["It is, yes."]
    assert "kept" in capsys.readouterr().out


def test_the_command_says_how_it_is_used():
    run = subprocess.run(
        [sys.executable, "manage.py", "receive_mail", "--help"], capture_output=True, text=True, check=True
    )
    assert "--recipient" in run.stdout and "--listen" in run.stdout

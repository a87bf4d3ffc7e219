"""Mail about a word: neutral, only to who wants it, in quiet hours only from staff; and what became of it is known."""

import socket
from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest
import time_machine
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from forum.models import Member
from moderation.actions.cases import read_words, send_word
from moderation.clocks import WORD_MAIL_AFTER
from moderation.models import Case, Word, WordMail
from moderation.word_mail import follow_mails, mail_words
from realtime.deliveries import send_due
from realtime.models import Delivery

pytestmark = pytest.mark.django_db
REPLY = "reply+{token}@harbour.test"
SOON = WORD_MAIL_AFTER + timedelta(seconds=10)


@pytest.fixture
def spoken(held_case, moderator):
    case = held_case()
    send_word(case, moderator, "Hello Robin. Is the rope still there?", uuid4())
    return Case.objects.get(pk=case.pk)


def queued() -> list[Delivery]:
    return list(Delivery.objects.filter(dedupe__startswith="word-mail:").order_by("pk"))


def after(span: timedelta = SOON) -> int:
    return mail_words(timezone.now() + span)


def test_what_was_not_read_after_two_minutes_is_mailed_once(spoken, member):
    assert after(timedelta(minutes=1)) == 0
    assert after() == 1
    assert after(timedelta(hours=3)) == 0
    assert [row.address for row in queued()] == [member.email]


def test_who_reads_along_gets_none(spoken, member):
    read_words(spoken, member)
    assert after() == 0


@pytest.mark.parametrize("choice", ["yes", "neutral"])
def test_it_says_nothing_of_what_was_written_nor_by_whom(spoken, member, choice):
    Member.objects.filter(pk=member.pk).update(mail_choice=choice)
    after()
    row = queued()[0]
    for word in ("rope", "heron", "robin", "worr", "danger", "emergency"):
        assert word not in (row.subject + row.body).lower()
    assert ("team has written to you" in row.body) == (choice == "yes")


def test_who_said_that_mail_is_not_safe_gets_none(spoken, member):
    Member.objects.filter(pk=member.pk).update(mail_choice="no")
    assert after() == 0 and queued() == []


def test_it_says_plainly_that_answers_are_not_read_where_nobody_reads_them(spoken, settings):
    settings.REPLY_ADDRESS = ""
    after()
    assert "Answers to it are not read by anybody" in queued()[0].body
    assert "Reply-To" not in queued()[0].payload["headers"]


def test_it_can_be_answered_where_the_operator_reads_mail(spoken, settings):
    settings.REPLY_ADDRESS = REPLY
    after()
    row = queued()[0]
    assert "You can answer it, and a person reads your answer" in row.body
    assert row.payload["headers"]["Reply-To"].startswith(f"reply+{spoken.pk}-")
    assert row.payload["headers"]["Auto-Submitted"] == "auto-generated"


def test_quiet_hours_are_kept_for_a_moderators_word_and_crossed_for_staffs(staff_case, staff, moderator, member):
    case = staff_case()
    night = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
    Member.objects.filter(pk=member.pk).update(quiet_from=time(23), quiet_until=time(7))
    with time_machine.travel(night, tick=False):
        word = send_word(Case.objects.get(pk=case.pk), staff, "Are you safe?", uuid4())
        Word.objects.filter(pk=word.pk).update(author=moderator)
    assert mail_words(night + SOON) == 0
    Word.objects.filter(pk=word.pk).update(author=staff)
    assert mail_words(night + SOON) == 1


def test_after_the_quiet_hours_a_moderators_word_is_mailed(held_case, moderator, member):
    case = held_case()
    night = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
    Member.objects.filter(pk=member.pk).update(quiet_from=time(23), quiet_until=time(7))
    with time_machine.travel(night, tick=False):
        send_word(Case.objects.get(pk=case.pk), moderator, "Hello.", uuid4())
    assert mail_words(night + timedelta(hours=3, minutes=59)) == 0
    assert mail_words(night + timedelta(hours=4)) == 1


def test_several_words_are_one_mail_and_more_within_the_hour_are_none(spoken, moderator):
    send_word(spoken, moderator, "I am here until ten.", uuid4())
    assert after() == 1
    send_word(Case.objects.get(pk=spoken.pk), moderator, "Still here.", uuid4())
    assert after() == 0
    assert after(timedelta(hours=2)) == 1


def test_what_is_a_day_old_is_not_mailed_any_more(spoken):
    assert after(timedelta(days=1, minutes=1)) == 0


@pytest.mark.parametrize("standing", ["suspended", "banned", "on_break", "deactivated"])
def test_a_member_in_the_small_room_is_mailed_too(spoken, member, standing):
    Member.objects.filter(pk=member.pk).update(standing=standing)
    assert after() == 1


def test_an_account_that_is_remembered_or_erased_is_not_mailed(spoken, member):
    for standing in ("remembered", "erased"):
        Member.objects.filter(pk=member.pk).update(standing=standing)
        assert after() == 0


def test_what_became_of_it_stands_beside_the_word(as_, spoken, moderator, told):
    def shown() -> str:
        return as_(moderator).get(reverse("case", args=[spoken.pk])).text

    after()
    assert follow_mails() == 0 and "a mail is on its way" in shown()
    send_due()
    heard = told(follow_mails)
    assert (f"member:{moderator.pk}", "word.sent", spoken.pk) in heard
    assert WordMail.objects.get().stage == "sent" and "mailed" in shown()


def test_a_mail_that_could_not_be_delivered_is_told(as_, spoken, moderator):
    after()
    Delivery.objects.update(state=Delivery.State.FAILED, done_at=timezone.now())
    assert follow_mails() == 1
    assert "the mail could not be delivered" in as_(moderator).get(reverse("case", args=[spoken.pk])).text


@pytest.mark.django_db(transaction=True)
def test_four_clocks_mail_once(spoken, at_once):
    now = timezone.now() + SOON
    assert sorted(at_once(*[lambda: mail_words(now)] * 4)) == [0, 0, 0, 1]
    assert len(queued()) == WordMail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_real_mail_server_takes_it_with_its_reply_address(spoken, settings, tmp_path):
    settings.REPLY_ADDRESS = REPLY
    box = Mailbox(str(tmp_path / "box"))
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        smtp = "django.core.mail.backends.smtp.EmailBackend"
        settings.MAIL_TRANSPORT = {"backend": smtp, "host": "127.0.0.1", "port": port}
        after()
        assert send_due() == 1
    finally:
        server.stop()
    message = next(iter(box.mailbox))
    assert message["Reply-To"].startswith("reply+") and message["X-RcptTo"] == spoken.subject.email
    assert mail.outbox == []

"""While somebody is looked after, taking back, changing and going close nothing, and are told both ways; three days after, it goes."""

from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from forum import connections, data_rights, kept_contact
from forum.actions.leaving import come_back, delete_now, erase_due, leave
from forum.actions.posts import edit_post, publish_post, withdraw_post
from forum.cards import Card, keep_card
from forum.models import CareCard, ConnectionFact, Erasure, KeptContact, Member, PastWords, Post
from forum.receivers import address_changed
from forum.sealing import CannotOpen
from moderation import audit
from moderation.actions.disclosures import (
    Asked,
    approve_disclosure,
    ask_disclosure,
    open_disclosure,
    view_disclosure,
)
from moderation.actions.escalation import close_case
from moderation.actions.records import read_record
from moderation.models import Case, CaseEvent, ContactWay, CrisisRecord, Duty, Report
from realtime import retention
from realtime.models import Delivery
from realtime.peers import Peer
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
COPY = "The team keeps a copy"


@pytest.fixture
def urgent(staff_case, member):
    """puffin holds an urgent worry about robin, who has left a card and signed in from somewhere."""
    keep_card(member, Card(phone="07700 900123"))
    connections.note_sign_in(member, Peer("203.0.113.7", 5))
    return staff_case("ending_life")


def closed(case, staff):
    return close_case(Case.objects.get(pk=case.pk), staff, because="They are with their sister.")


def lines(case):
    told = ("took_back", "changed_words", "changed_contact", "left", "erases")
    return list(CaseEvent.objects.filter(case=case, action__in=told).values_list("action", "actor__handle"))


def test_taking_back_what_was_reported_closes_nothing_and_keeps_it_as_it_was_read(urgent, member, staff):
    post = Report.objects.get(case=urgent, source="member").post
    words = post.body
    withdraw_post(member, post)
    urgent.refresh_from_db()
    assert (urgent.state, urgent.holder) == ("with_staff", staff)
    assert Report.objects.get(case=urgent, source="member").snapshot == words
    assert lines(urgent) == [("took_back", "robin")]
    assert audit.verify() is None


def test_changing_words_is_told_and_keeps_what_stood_before(urgent, member):
    post = publish_post(member, body="I can't.", key=uuid4()).post
    edit_post(member, post, body="I can.", content_note="", seen_version=post.version)
    assert lines(urgent) == [("changed_words", "robin")]
    assert PastWords.objects.get(post=post).body == "I can't."


def test_who_closes_their_account_or_erases_it_is_told_of_at_once(urgent, member, staff):
    leave(member)
    come_back(member)
    delete_now(member)
    assert lines(urgent) == [("left", "robin"), ("erases", "robin")]
    mails = Delivery.objects.filter(address=staff.email, subject__contains="has closed their account")
    assert mails.count() == 2
    assert all("robin" not in mail.subject + mail.body for mail in mails)
    urgent.refresh_from_db()
    assert urgent.state == "with_staff"


def test_when_nobody_holds_it_who_is_on_call_hears(open_case, member, staff, on_duty):
    on_duty(staff, kind="on_call")
    open_case("ending_life")
    delete_now(member)
    assert Delivery.objects.filter(address=staff.email, subject__contains="has closed their account").count() == 1


def test_when_nobody_holds_it_and_nobody_is_there_everybody_who_may_take_it_hears(
    open_case, member, staff, other_staff
):
    case = open_case("ending_life")
    Duty.objects.all().delete()
    Case.objects.filter(pk=case.pk).update(holder=None)
    delete_now(member)
    went = Delivery.objects.filter(subject__contains="has closed their account")
    assert {mail.address for mail in went} >= {staff.email, other_staff.email}


def test_it_rings(urgent, member, staff):
    ContactWay.objects.create(
        member=staff,
        kind="webhook",
        preset="signed",
        name="Telephone",
        rings=True,
        confirmed_at=timezone.now(),
        tested_at=timezone.now(),
    )
    leave(member)
    went = Delivery.objects.filter(subject__contains="has closed their account")
    assert sorted(went.values_list("kind", flat=True)) == ["mail", "webhook"]


@pytest.mark.parametrize("address", ["/posts/{}/edit/", "/posts/{}/withdraw/", "/me/leave/"])
def test_they_read_it_before_they_do_it_and_nobody_else_reads_it_ever(
    as_, urgent, member, other_member, post_by, address
):
    mine, theirs = post_by(member), post_by(other_member)
    assert COPY in as_(member).get(address.format(mine.pk)).text
    assert COPY not in as_(other_member).get(address.format(theirs.pk)).text


def test_they_read_it_on_the_page_that_erases_everything(as_, urgent, member):
    client = as_(member)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert COPY in client.get("/me/erase/").text


def test_what_would_help_find_them_stays_until_three_days_after_the_case_is_closed(
    urgent, member, staff, other_staff, time_machine
):
    delete_now(member)
    erase_due()
    closed(urgent, staff)
    read_record(CrisisRecord.objects.get(), other_staff)
    start = timezone.now()
    for after in (timedelta(hours=1, minutes=1), timedelta(hours=71)):
        time_machine.move_to(start + after, tick=False)
        erase_due()
        member.refresh_from_db()
        assert member.email == "robin@harbour.test"
        assert CareCard.objects.exists() and ConnectionFact.objects.exists()
        assert Report.objects.filter(case=urgent, source="member").exclude(snapshot="").exists()
    time_machine.move_to(start + timedelta(hours=73, minutes=2), tick=False)
    erase_due()
    member.refresh_from_db()
    assert member.email == f"{member.pk}@erased.invalid"
    assert not CareCard.objects.exists() and not ConnectionFact.objects.exists()
    assert not Report.objects.filter(case=urgent).exclude(snapshot="").exists()
    assert Erasure.objects.get().finished_at


def test_connections_outlive_their_thirty_days_only_as_long(urgent, member, staff, time_machine):
    start = timezone.now()
    time_machine.move_to(start + timedelta(days=40), tick=False)
    assert retention.forget("connections") == 0
    closed(urgent, staff)
    time_machine.move_to(timezone.now() + timedelta(hours=71), tick=False)
    assert retention.forget("connections") == 0
    time_machine.move_to(timezone.now() + timedelta(hours=2), tick=False)
    assert retention.forget("connections") == 1


def test_a_quiet_worry_keeps_nothing_and_is_told_to_nobody(as_, held_case, member, post_by):
    case = held_case("worried")
    Case.objects.filter(pk=case.pk).update(severity="soon")
    mine = post_by(member)
    assert COPY not in as_(member).get(f"/posts/{mine.pk}/withdraw/").text
    withdraw_post(member, mine)
    assert lines(case) == [] and not data_rights.keeps_contact(member.pk)


def test_their_words_leave_the_wall_all_the_same(as_, urgent, member, other_member):
    post = publish_post(member, body="To be taken back tonight.", key=uuid4()).post
    withdraw_post(member, post)
    assert "To be taken back tonight." not in as_(other_member).get("/").text
    assert Post.objects.get(pk=post.pk).status == "withdrawn" and Member.objects.get(pk=member.pk).is_active


def test_what_staff_wrote_outlives_an_account_by_three_days_and_until_a_second_person_read_it(
    urgent, member, staff, other_staff, time_machine
):
    closed(urgent, staff)
    delete_now(member)
    record = CrisisRecord.objects.get()
    for hours, read, stays in ((1, False, True), (71, False, True), (100, False, True), (101, True, False)):
        time_machine.move_to(record.at + timedelta(hours=hours), tick=False)
        if read:
            read_record(record, other_staff)
        Erasure.objects.update(again_at=timezone.now() - timedelta(seconds=1))
        erase_due()
        assert (CrisisRecord.objects.get().because == "They are with their sister.") is stays, hours


def test_a_card_emptied_while_somebody_looks_after_them_can_still_be_opened(as_, urgent, member, staff, other_staff):
    client = as_(member)
    assert COPY in client.get("/me/card/").text
    client.post("/me/card/", {"do": "empty"})
    assert not CareCard.objects.exists() and "07700 900123" not in client.get("/me/card/").text
    assert lines(urgent) == [("changed_contact", "robin")]
    assert "How to reach them, from the card they left" in as_(staff).get(f"/staff/cases/{urgent.pk}/").text
    wish = Asked(reason="They do not answer.", basis="vital", card=True)
    row = approve_disclosure(ask_disclosure(Case.objects.get(pk=urgent.pk), staff, wish), other_staff)
    open_disclosure(row, staff)
    assert "07700 900123" in as_(staff).get(f"/staff/disclosures/{row.pk}/").text
    assert "07700 900123" not in "".join(KeptContact.objects.values_list("sealed", flat=True))


def test_an_address_they_leave_behind_can_still_be_opened(as_, urgent, member, staff, other_staff):
    as_(member).post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert COPY in as_(member).get("/accounts/email/").text
    address_changed(user=member, from_email_address=EmailAddress.objects.get(user=member))
    Member.objects.filter(pk=member.pk).update(email="elsewhere@harbour.test")
    wish = Asked(reason="They do not answer.", basis="vital", mail=True)
    row = approve_disclosure(ask_disclosure(Case.objects.get(pk=urgent.pk), staff, wish), other_staff)
    open_disclosure(row, staff)
    opened = view_disclosure(row, staff)
    assert (opened.mail, opened.mails_before) == ("elsewhere@harbour.test", ("robin@harbour.test",))


def test_what_stood_before_goes_three_days_after(urgent, member, staff, time_machine):
    keep_card(member, Card(phone="07700 900999"))
    keep_card(member, Card(phone="07700 900999", helps="Tea."))
    assert KeptContact.objects.count() == 1, "only how to reach them is kept, and only where it changed"
    closed(urgent, staff)
    assert retention.forget("kept_contact") == 0
    time_machine.move_to(timezone.now() + timedelta(hours=73))
    assert retention.forget("kept_contact") == 1


def test_nothing_is_kept_of_a_card_while_nobody_looks_after_anybody(member):
    keep_card(member, Card(phone="07700 900123"))
    keep_card(member, Card())
    assert not KeptContact.objects.exists()


def test_what_stood_before_opens_only_where_it_was_sealed_and_with_a_newer_key(urgent, member, other_member, settings):
    keep_card(member, Card())
    KeptContact.objects.update(member=other_member)
    with pytest.raises(CannotOpen):
        kept_contact.read_before(other_member.pk, kept_contact.CARD)
    KeptContact.objects.update(member=member)
    settings.SEAL_KEYS = [settings.SEAL_KEYS[0][::-1], *settings.SEAL_KEYS]
    assert kept_contact.reseal() == (1, 0)
    settings.SEAL_KEYS = settings.SEAL_KEYS[:1]
    assert "07700 900123" in kept_contact.read_before(member.pk, kept_contact.CARD)[0]

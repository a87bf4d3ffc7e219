"""A legal hold: two people, a reason, an owner, a day to look at it again and an end; nothing is erased, everything is hidden."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from forum import data_rights
from forum.actions.care import mute_word
from forum.actions.drafts import save_draft
from forum.actions.leaving import delete_now, erase_due
from forum.actions.notices import give_notice
from forum.actions.posts import publish_post
from forum.cards import Card, keep_card
from forum.models import CareCard, Draft, Erasure, Member, MutedWord, Notice, OldHandle, Post
from moderation import audit, legal_holds
from moderation.actions.holds import Terms, confirm_hold, propose_hold, read_hold, refuse_hold, release_hold
from moderation.actions.letters import place_letter, send_letter
from moderation.disclosure_clock import run_disclosures
from moderation.letters import Contact
from moderation.models import Case, CaseEvent, LegalHold, Letter
from moderation.refusals import Answered, Missing, NotAllowed
from realtime import retention
from realtime.models import Delivery

pytestmark = pytest.mark.django_db
WORDS = "A night to be kept for the inquest."


@pytest.fixture
def terms(staff):
    return lambda **change: Terms(
        **({"reason": "The coroner asks.", "owner": staff, "review_days": 30, "ends_days": 90} | change)
    )


@pytest.fixture
def case(held_case):
    """A closed matter: nothing of it waits but for the hold."""
    case = held_case(door="rule")
    Case.objects.filter(pk=case.pk).update(state="closed", holder=None)
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def proposed(case, staff, terms):
    return propose_hold(case, staff, terms())


@pytest.fixture
def hold(proposed, other_staff):
    return confirm_hold(proposed, other_staff)


def test_it_takes_two_and_the_database_says_so(proposed, staff, other_staff):
    assert not legal_holds.is_held(proposed.member_id)
    with pytest.raises(NotAllowed, match="You proposed this yourself"):
        confirm_hold(proposed, staff)
    for change in (
        {"stage": "in_force"},
        {"answered_by": staff},
        {"reason": ""},
        {"review_days": 91},
        {"ends_days": 5},
        {"stage": "released"},
        {"owner": None},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            LegalHold.objects.filter(pk=proposed.pk).update(**change)
    held = confirm_hold(proposed, other_staff)
    assert held.review_at == held.answered_at + timedelta(days=30)
    assert legal_holds.is_held(proposed.member_id)
    assert confirm_hold(proposed, other_staff) == held
    assert CaseEvent.objects.filter(action="confirm_hold").count() == 1
    assert audit.verify() is None


@pytest.mark.parametrize(("change", "field"), [({"reason": " "}, "reason"), ({"review_days": 91}, "review_days"),
                                               ({"review_days": 0}, "review_days"), ({"ends_days": 10}, "ends_days"),
                                               ({"ends_days": 900}, "ends_days")])  # fmt: skip
def test_a_reason_a_day_to_look_again_and_an_end_are_needed(case, staff, terms, change, field):
    with pytest.raises(Missing) as missing:
        propose_hold(case, staff, terms(**change))
    assert missing.value.field == field


def test_only_staff_propose_and_answer(case, proposed, moderator, member, administrator, terms):
    for person in (moderator, member, administrator):
        with pytest.raises(NotAllowed):
            propose_hold(Case.objects.get(pk=case.pk), person, terms())
        with pytest.raises(NotAllowed):
            confirm_hold(proposed, person)


def test_the_second_of_two_hears_who_was_first(hold, make_member):
    with pytest.raises(Answered):
        refuse_hold(hold, make_member("skua", role="staff"), "No.")


def test_refused_it_holds_nothing(proposed, other_staff):
    with pytest.raises(Missing):
        refuse_hold(proposed, other_staff, "")
    refuse_hold(proposed, other_staff, "Nobody has asked.")
    assert not legal_holds.is_held(proposed.member_id)


def test_while_it_stands_everything_asked_to_be_erased_is_hidden_and_kept(
    as_, hold, member, other_member, moderator, staff
):
    post = publish_post(member, body=WORDS, key=uuid4()).post
    reply = publish_post(other_member, body="With you.", key=uuid4(), parent=post).post
    keep_card(member, Card(phone="07700 900123"))
    delete_now(member)
    erase_due()
    assert Post.objects.get(pk=post.pk).body == WORDS and CareCard.objects.exists()
    assert Erasure.objects.get().finished_at is None
    for person in (other_member, moderator):
        for page in ("/", f"/posts/{post.pk}/", "/search/?q=inquest"):
            assert WORDS not in as_(person).get(page).text
    assert as_(other_member).get("/members/robin/").status_code == 404
    assert "With you." in as_(other_member).get(f"/posts/{post.pk}/").text
    assert reply.pk
    page = as_(staff).get(f"/staff/holds/{hold.pk}/").text
    assert WORDS not in page and "They have asked for everything to be erased." in page
    assert WORDS in as_(staff).post(f"/staff/holds/{hold.pk}/", {"do": "read"}).text
    assert CaseEvent.objects.filter(action="read_hold", actor=staff).count() == 1


def test_a_hold_that_is_confirmed_while_an_erasure_runs_keeps_all_that_is_left(
    proposed, member, other_staff, monkeypatch
):
    post = publish_post(member, body=WORDS, key=uuid4()).post
    delete_now(member)
    ties = data_rights.ties_in_order

    def confirmed_after_the_first():
        for number, pair in enumerate(ties()):
            if number == 1:
                confirm_hold(proposed, other_staff)
            yield pair

    monkeypatch.setattr(data_rights, "ties_in_order", confirmed_after_the_first)
    erase_due()
    post.refresh_from_db()
    member.refresh_from_db()
    assert (post.body, post.status) == (WORDS, "erased"), "kept, and on no page"
    assert member.email == "robin@harbour.test" and Erasure.objects.get().finished_at is None


def test_released_it_is_erased_within_a_day(hold, member, staff, time_machine):
    post = publish_post(member, body=WORDS, key=uuid4()).post
    delete_now(member)
    erase_due()
    with pytest.raises(Missing):
        release_hold(hold, staff, " ")
    release_hold(hold, staff, "The inquest is over.")
    time_machine.move_to(timezone.now() + timedelta(minutes=1))
    erase_due()
    member.refresh_from_db()
    assert Post.objects.filter(pk=post.pk).exclude(body="").count() == 0
    assert member.email.endswith("@erased.invalid") and Erasure.objects.get().finished_at
    hold.refresh_from_db()
    assert hold.reason == "[erased]" and hold.stage == "released"


def test_where_its_owner_has_left_the_team_those_who_take_such_cases_hear(hold, staff, other_staff, time_machine):
    Member.objects.filter(pk=staff.pk).update(role="member")
    time_machine.move_to(timezone.now() + timedelta(days=24), tick=False)
    run_disclosures()
    (mail,) = Delivery.objects.filter(dedupe__startswith=f"hold-review:{hold.pk}:")
    assert mail.address == other_staff.email


def test_it_ends_by_itself_and_its_owner_is_told_a_week_before_the_day_to_look_again(hold, member, staff, time_machine):
    start = timezone.now()
    delete_now(member)
    erase_due()
    time_machine.move_to(start + timedelta(days=22), tick=False)
    run_disclosures()
    assert not Delivery.objects.filter(dedupe__startswith=f"hold-review:{hold.pk}:").exists()
    time_machine.move_to(start + timedelta(days=24), tick=False)
    run_disclosures(), run_disclosures()
    (mail,) = Delivery.objects.filter(dedupe__startswith=f"hold-review:{hold.pk}:")
    assert mail.address == staff.email
    time_machine.move_to(start + timedelta(days=30), tick=False)
    run_disclosures(), run_disclosures()
    late = Delivery.objects.filter(dedupe__startswith=f"hold-late:{hold.pk}:")
    assert {each.address for each in late} == {"puffin@harbour.test", "gannet@harbour.test"} and late.count() == 2
    time_machine.move_to(start + timedelta(days=89), tick=False)
    run_disclosures(), erase_due()
    assert legal_holds.is_held(member.pk)  # nobody looked again, and still it is not lost before its end
    time_machine.move_to(start + timedelta(days=90, minutes=1), tick=False)
    assert not legal_holds.is_held(member.pk)
    run_disclosures(), erase_due()
    hold.refresh_from_db()
    assert hold.stage == "ended" and Erasure.objects.get().finished_at
    assert CaseEvent.objects.filter(action="hold_ended", actor=None).count() == 1


def test_renewed_by_two_the_new_one_takes_its_place(case, hold, staff, other_staff, terms):
    fresh = Case.objects.get(pk=case.pk)
    with pytest.raises(NotAllowed, match="Renew that one"):
        propose_hold(fresh, staff, terms(reason="Still needed."))
    renewed = propose_hold(fresh, staff, terms(reason="Still needed."), renews=hold)
    assert legal_holds.is_held(hold.member_id)
    confirm_hold(renewed, other_staff)
    hold.refresh_from_db()
    assert (hold.stage, hold.release_why) == ("released", "Renewed.")
    assert legal_holds.in_force().get() == renewed


def test_a_proposal_that_nobody_answers_lapses_after_a_week(proposed, other_staff, time_machine):
    time_machine.move_to(timezone.now() + timedelta(days=7, minutes=1))
    run_disclosures()
    with pytest.raises(NotAllowed, match="it has lapsed"):
        confirm_hold(proposed, other_staff)


def test_the_person_is_told_unless_it_is_written_why_not(as_, case, member, staff, other_staff, terms):
    quiet = confirm_hold(propose_hold(case, staff, terms(untold_because="The police ask us not to.")), other_staff)
    sentence = "Two people of the team have put down"
    assert sentence not in as_(member).get("/me/data/").text
    assert not Delivery.objects.filter(address=member.email, dedupe__startswith="hold:").exists()
    release_hold(quiet, staff, "Over.")
    open_one = confirm_hold(propose_hold(Case.objects.get(pk=case.pk), staff, terms()), other_staff)
    assert sentence in as_(member).get("/me/data/").text
    mail = Delivery.objects.get(address=member.email, dedupe=f"hold:{open_one.pk}")
    assert "coroner" not in mail.subject + mail.body


def test_what_is_not_in_force_is_not_read(proposed, other_staff):
    with pytest.raises(NotAllowed):
        read_hold(proposed, other_staff)


def test_it_is_proposed_in_a_case_and_answered_on_its_page(as_, case, staff, other_staff):
    sent = {"do": "propose_hold", "reason": "An inquest.", "owner": staff.pk, "review_days": 30, "ends_days": 90}
    address = f"/staff/cases/{case.pk}/"
    assert as_(staff).post(address, sent | {"review_days": 90, "ends_days": 30}).status_code == 422
    assert as_(staff).post(address, sent | {"reason": ""}).status_code == 422
    answer = as_(staff).post(address, sent)
    assert answer.status_code == 303
    place = f"/staff/holds/{LegalHold.objects.get().pk}/"
    assert answer["Location"] == place
    assert as_(staff).post(place, {"do": "confirm"}).status_code == 422
    assert as_(other_staff).post(place, {"do": "refuse", "words": ""}).status_code == 422
    assert as_(other_staff).post(place, {"do": "nothing"}).status_code == 404
    assert as_(other_staff).post(place, {"do": "confirm"}).status_code == 303
    assert "robin" in as_(staff).get("/staff/holds/").text
    assert as_(staff).post(place, {"do": "release", "words": "Over."}).status_code == 303
    assert not legal_holds.in_force().exists()


def test_no_clock_takes_what_it_keeps(hold, member, other_member, staff, time_machine):
    """The drafts, notices, muted words and old handles of whoever is held, and who told of them from outside."""
    start = timezone.now()
    letter = send_letter(
        "worry", "worried", key=uuid4(), about="robin", note="Gone quiet.", whereabouts="",
        contact=Contact("Anna", "07700 900123"), address="192.0.2.8", machine=False,
    )  # fmt: skip
    Case.objects.filter(pk=place_letter(Letter.objects.get()).case_id).update(state="closed", closed_at=start)
    for person in (member, other_member):
        save_draft(person, "post", {"body": "I meant to say"})
        mute_word(person, "storm", "fold", start + timedelta(days=30))
        give_notice(person.pk, "reply", 1)
        OldHandle.objects.create(handle_key=f"old{person.pk}", member=person, until=start + timedelta(days=60))
    Notice.objects.update(read_at=start)
    LegalHold.objects.update(ends_at=start + timedelta(days=300))
    names = ("drafts", "muted_words", "notices", "old_handles", "letter_names")

    def left() -> list[int]:
        for name in names:
            retention.forget(name)
        told = Letter.objects.exclude(name="").count()
        return [*(model.objects.filter(member=member).count() for model in (Draft, MutedWord, Notice, OldHandle)), told]

    time_machine.move_to(start + timedelta(days=200), tick=False)
    kept = {each.period.name: each.kept for each in retention.count_due() if each.period.name in names}
    assert kept == dict.fromkeys(names, 1), "and the dry run says so"
    before = Notice.objects.filter(member=member).count()
    assert letter and before and left() == [1, 1, before, 1, 1]
    for model in (Draft, MutedWord, OldHandle):
        assert not model.objects.filter(member=other_member).exists(), "the premise: their time is over"
    assert not Notice.objects.filter(member=other_member).exists()
    time_machine.move_to(start + timedelta(days=301), tick=False)
    assert left() == [0, 0, 0, 0, 0], "and with the hold it all goes"

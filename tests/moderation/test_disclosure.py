"""Contact details open only for danger to life, by two people or with a review, for thirty minutes, and never unseen."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from forum.actions.posts import publish_post
from forum.cards import Card, keep_card
from forum.connections import note_sign_in
from forum.models import Block
from moderation import audit, disclosures
from moderation.actions.disclosures import (
    Asked,
    approve_disclosure,
    ask_disclosure,
    open_disclosure,
    refuse_disclosure,
    reopen_disclosure,
    review_disclosure,
    shut_disclosure,
    view_disclosure,
)
from moderation.actions.escalation import close_case, escalate_case, reopen_case, take_case
from moderation.actions.outside_requests import agree
from moderation.disclosure_clock import run_disclosures
from moderation.models import Case, CaseEvent, Disclosure, DisclosureOpening, OutsideRequest
from moderation.refusals import Answered, Missing, NotAllowed
from realtime.models import Delivery
from realtime.peers import Peer
from tests.moderation.members import again
from tests.moderation.registers import NOTHING, decided, proposed

pytestmark = pytest.mark.django_db
WHY = "They said goodbye and do not answer."
MAIL = Asked(reason=WHY, basis="vital", mail=True)


@pytest.fixture
def urgent(staff_case):
    """puffin holds a worry about robin that is urgent."""
    return staff_case("ending_life")


@pytest.fixture
def emergency(staff_case):
    return staff_case("danger_now")


@pytest.fixture
def asked(urgent, staff):
    return ask_disclosure(urgent, staff, MAIL)


@pytest.fixture
def agreed(asked, other_staff):
    return approve_disclosure(asked, other_staff)


def actions(case):
    return list(CaseEvent.objects.filter(case=case, action__contains="disclosure").values_list("action", flat=True))


def test_one_asks_another_agrees_and_who_asked_sees_that_and_nothing_else(urgent, staff, other_staff, member):
    keep_card(member, Card(phone="07700 900123"))
    note_sign_in(member, Peer("203.0.113.7", 5))
    disclosure = ask_disclosure(urgent, staff, MAIL)
    with pytest.raises(NotAllowed, match="A second person has to agree first"):
        open_disclosure(disclosure, staff)
    approve_disclosure(disclosure, other_staff)
    open_disclosure(disclosure, staff)
    opened = view_disclosure(disclosure, staff)
    assert opened == disclosures.Opened(mail="robin@harbour.test")
    assert actions(urgent) == ["ask_disclosure", "approve_disclosure", "open_disclosure", "view_disclosure"]
    assert CaseEvent.objects.get(action="ask_disclosure").said.words == WHY
    assert audit.verify() is None


def test_each_field_comes_only_when_it_was_asked_for(urgent, staff, other_staff, member):
    keep_card(member, Card(phone="07700 900123", town="Bangor"))
    note_sign_in(member, Peer("203.0.113.7", 5))
    post = publish_post(member, body="Night.", key=uuid4(), via=Peer("198.51.100.9", 6)).post
    for wish, check in (
        ({"card": True}, lambda got: got.card.phone == "07700 900123" and not got.mail and not got.sign_ins),
        ({"sign_ins": True}, lambda got: [fact.address for fact in got.sign_ins] == ["203.0.113.7"] and not got.card),
        ({"post": post}, lambda got: got.of_post.address == "198.51.100.9" and not got.sign_ins),
    ):
        disclosure = ask_disclosure(urgent, staff, Asked(reason=WHY, basis="vital", **wish))
        approve_disclosure(disclosure, other_staff)
        open_disclosure(disclosure, staff)
        assert check(view_disclosure(disclosure, staff))


def test_nobody_agrees_to_their_own_and_the_database_says_so_too(asked, staff):
    with pytest.raises(NotAllowed, match="You asked for this yourself"):
        approve_disclosure(asked, staff)
    with pytest.raises(NotAllowed, match="You asked for this yourself"):
        refuse_disclosure(asked, staff, "No.")
    rows = Disclosure.objects.filter(pk=asked.pk)
    for change in (
        {"stage": "approved", "answered_by": staff, "answered_at": timezone.now()},
        {"reason": ""},
        {"wants_mail": False},
        {"stage": "approved"},
        {"stage": "alone"},
        {"basis": "curiosity"},
        {"purpose": "request"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)


@pytest.mark.parametrize("minutes", [0, 31, 600])
def test_the_database_holds_no_opening_of_more_than_thirty_minutes(agreed, staff, minutes):
    with pytest.raises(IntegrityError), transaction.atomic():
        DisclosureOpening.objects.create(disclosure=agreed, by=staff, minutes=minutes)


@pytest.mark.parametrize(
    ("change", "field"),
    [({"reason": "  "}, "reason"), ({"basis": "curiosity"}, "basis"), ({"mail": False}, "fields_wanted")],
)
def test_what_is_missing_is_said_beside_its_field(urgent, staff, change, field):
    with pytest.raises(Missing) as missing:
        ask_disclosure(urgent, staff, Asked(**({"reason": WHY, "basis": "vital", "mail": True} | change)))
    assert missing.value.field == field
    assert not Disclosure.objects.exists()


def test_a_post_of_somebody_else_is_not_asked_for(urgent, staff, other_member, post_by):
    with pytest.raises(Missing):
        ask_disclosure(urgent, staff, Asked(reason=WHY, basis="vital", post=post_by(other_member)))


def test_who_is_not_of_the_staff_neither_asks_nor_answers(asked, urgent, moderator, member, independent, administrator):
    for person in (moderator, member, independent, administrator):
        for act in (
            lambda who: ask_disclosure(Case.objects.get(pk=urgent.pk), who, MAIL),
            lambda who: approve_disclosure(asked, who),
            lambda who: refuse_disclosure(asked, who, "No."),
            lambda who: open_disclosure(asked, who),
            lambda who: view_disclosure(asked, who),
            lambda who: review_disclosure(asked, who, right=True, words="Yes."),
        ):
            with pytest.raises(NotAllowed):
                act(person)
    assert actions(urgent) == ["ask_disclosure"]


def test_who_has_blocked_them_on_the_wall_leaves_it_to_others(asked, other_staff, member):
    Block.objects.create(blocker=other_staff, blocked=member)
    with pytest.raises(NotAllowed, match="somebody else handles this"):
        approve_disclosure(asked, other_staff)


def test_nobody_asks_out_of_curiosity(staff_case, held_case, staff):
    soon = staff_case("worried")
    Case.objects.filter(pk=soon.pk).update(severity="soon")
    with pytest.raises(NotAllowed, match="only while somebody may be in danger"):
        ask_disclosure(Case.objects.get(pk=soon.pk), staff, MAIL)
    conduct = held_case(door="rule")
    with pytest.raises(NotAllowed, match="not done in a case of this kind"):
        ask_disclosure(conduct, staff, MAIL)
    assert not Disclosure.objects.exists()


def test_a_lawful_request_reaches_any_case_by_two_people_and_never_alone(held_case, staff, other_staff):
    conduct = held_case(door="rule")
    number = str(decided(staff, other_staff).pk)
    conduct = Case.objects.get(pk=conduct.pk)
    for_police = Asked(reason="The coroner asks.", basis="law", mail=True, request=number)
    disclosure = ask_disclosure(conduct, staff, for_police)
    assert (disclosure.purpose, disclosure.request) == ("request", number)
    with pytest.raises(NotAllowed, match="A second person"):
        open_disclosure(disclosure, staff)
    approve_disclosure(disclosure, other_staff)
    open_disclosure(disclosure, staff)
    assert view_disclosure(disclosure, staff).mail == "robin@harbour.test"


def test_nothing_is_agreed_to_or_opened_once_the_danger_is_over(urgent, agreed, staff, other_staff):
    close_case(Case.objects.get(pk=urgent.pk), staff, because="They are with their sister.")
    with pytest.raises(NotAllowed, match="The danger is over"):
        open_disclosure(agreed, staff)
    assert not DisclosureOpening.objects.exists()


def opened_again_as_an_emergency(case, staff, moderator):
    """Closed, opened again, passed to staff and taken: an emergency of its own."""
    close_case(Case.objects.get(pk=case.pk), staff, because="They are with their sister.")
    reopen_case(Case.objects.get(pk=case.pk), staff, "They wrote again.")
    escalate_case(Case.objects.get(pk=case.pk), moderator, "Please look.")
    return take_case(Case.objects.get(pk=case.pk), staff)


def test_what_was_agreed_to_in_one_emergency_opens_nothing_in_the_next(emergency, staff, other_staff, moderator):
    opened = ask_disclosure(emergency, staff, MAIL)
    approve_disclosure(opened, other_staff)
    open_disclosure(opened, staff)
    shut_disclosure(opened, staff)
    unopened = approve_disclosure(ask_disclosure(Case.objects.get(pk=emergency.pk), staff, MAIL), other_staff)
    case = opened_again_as_an_emergency(emergency, staff, moderator)
    assert disclosures.is_emergency(case), "the premise"
    with pytest.raises(NotAllowed, match="an earlier emergency"):
        reopen_disclosure(opened, staff)
    with pytest.raises(NotAllowed, match="an earlier emergency"):
        open_disclosure(unopened, staff)
    assert open_disclosure(ask_disclosure(Case.objects.get(pk=case.pk), staff, MAIL), staff)


def test_what_nobody_had_answered_when_the_case_was_closed_has_lapsed(asked, staff, other_staff):
    close_case(Case.objects.get(pk=asked.case_id), staff, because="They are with their sister.")
    run_disclosures()
    asked.refresh_from_db()
    assert asked.stage == "lapsed"
    with pytest.raises(NotAllowed):
        approve_disclosure(asked, other_staff)


def test_refused_it_stays_closed_and_who_asked_reads_why(asked, staff, other_staff):
    with pytest.raises(Missing):
        refuse_disclosure(asked, other_staff, " ")
    refused = refuse_disclosure(asked, other_staff, "They answered five minutes ago.")
    assert refused.answer == "They answered five minutes ago."
    with pytest.raises(NotAllowed):
        open_disclosure(refused, staff)
    assert Delivery.objects.filter(address=staff.email, subject__contains="an answer").count() == 1


def test_the_same_wish_twice_is_once_and_another_takes_its_place(urgent, staff, asked):
    assert ask_disclosure(urgent, staff, MAIL) == asked
    other = ask_disclosure(urgent, staff, Asked(reason="Their card, please.", basis="vital", card=True))
    asked.refresh_from_db()
    assert (asked.stage, other.stage) == ("lapsed", "asked")


def test_twice_by_the_same_person_is_once_and_the_second_of_two_hears_who_was_first(asked, other_staff, make_member):
    third = make_member("skua", role="staff")
    approve_disclosure(asked, other_staff)
    approve_disclosure(asked, other_staff)
    for late in (lambda: approve_disclosure(asked, third), lambda: refuse_disclosure(asked, third, "No.")):
        with pytest.raises(Answered) as answered:
            late()
        assert "gannet answered this at" in answered.value.message
    assert CaseEvent.objects.filter(action="approve_disclosure").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_at_the_same_moment_one_is_first(asked, other_staff, make_member, at_once):
    third = make_member("skua", role="staff")
    results = at_once(
        lambda: approve_disclosure(asked, other_staff), lambda: refuse_disclosure(asked, third, "Not yet.")
    )
    refusals = [result for result in results if isinstance(result, Exception)]
    assert [type(refusal) for refusal in refusals] == [Answered]
    assert CaseEvent.objects.filter(action__in=["approve_disclosure", "refuse_disclosure"]).count() == 1
    assert audit.verify() is None


@pytest.mark.django_db(transaction=True)
def test_two_presses_on_open_are_one_opening(agreed, staff, at_once):
    at_once(*[lambda: open_disclosure(agreed, staff)] * 3)
    assert DisclosureOpening.objects.count() == 1
    assert Delivery.objects.filter(dedupe__startswith="disclosure-lead").count() <= 1


def test_only_who_asked_opens_and_only_once(agreed, staff, other_staff, time_machine):
    with pytest.raises(NotAllowed, match="Only whoever asked"):
        open_disclosure(agreed, other_staff)
    open_disclosure(agreed, staff)
    with pytest.raises(NotAllowed):
        view_disclosure(agreed, other_staff)
    time_machine.move_to(timezone.now() + timedelta(minutes=31))
    with pytest.raises(NotAllowed, match="Ask again"):
        open_disclosure(agreed, staff)
    with pytest.raises(NotAllowed, match="While it is not an emergency"):
        reopen_disclosure(agreed, staff)


def test_it_closes_by_itself_after_thirty_minutes_to_the_second(agreed, staff, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    opened = open_disclosure(agreed, staff).opened_at
    time_machine.move_to(opened + timedelta(minutes=29, seconds=59), tick=False)
    assert view_disclosure(agreed, staff).mail
    time_machine.move_to(opened + timedelta(minutes=30), tick=False)
    with pytest.raises(NotAllowed, match="It has closed"):
        view_disclosure(agreed, staff)


def test_it_can_be_shut_sooner(agreed, staff, urgent):
    open_disclosure(agreed, staff)
    shut_disclosure(agreed, staff)
    shut_disclosure(agreed, staff)
    with pytest.raises(NotAllowed):
        view_disclosure(agreed, staff)
    assert actions(urgent).count("shut_disclosure") == 1


def test_in_an_emergency_one_goes_alone_and_another_reviews_it(emergency, staff, other_staff):
    disclosure = ask_disclosure(emergency, staff, MAIL)
    opening = open_disclosure(disclosure, staff)
    disclosure.refresh_from_db()
    assert disclosure.stage == "alone"
    assert disclosure.review_due_at == opening.opened_at + timedelta(hours=72)
    assert view_disclosure(disclosure, staff).mail
    with pytest.raises(NotAllowed, match="You asked for this yourself"):
        review_disclosure(disclosure, staff, right=True, words="It was right.")
    with pytest.raises(Missing):
        review_disclosure(disclosure, other_staff, right=True, words="")
    review_disclosure(disclosure, other_staff, right=True, words="Nobody else was awake.")
    review_disclosure(disclosure, other_staff, right=True, words="Nobody else was awake.")
    assert actions(emergency).count("review_disclosure") == 1


def test_what_was_opened_alone_is_not_agreed_to_afterwards(emergency, staff, other_staff):
    disclosure = ask_disclosure(emergency, staff, MAIL)
    open_disclosure(disclosure, staff)
    with pytest.raises(NotAllowed, match="There is nothing to answer any more"):
        approve_disclosure(disclosure, other_staff)


def test_a_review_that_says_it_was_wrong_shuts_it_for_good(emergency, staff, other_staff):
    disclosure = ask_disclosure(emergency, staff, MAIL)
    open_disclosure(disclosure, staff)
    review_disclosure(disclosure, other_staff, right=False, words="They were answering you.")
    with pytest.raises(NotAllowed):
        view_disclosure(disclosure, staff)
    with pytest.raises(NotAllowed, match="did not think it was right"):
        reopen_disclosure(disclosure, staff)


def test_who_went_alone_and_was_not_right_goes_alone_no_more(as_, emergency, staff, other_staff):
    first = ask_disclosure(emergency, staff, MAIL)
    open_disclosure(first, staff)
    review_disclosure(first, other_staff, right=False, words="They were answering you.")
    wish = ask_disclosure(Case.objects.get(pk=emergency.pk), staff, MAIL)
    page = as_(staff).get(f"/staff/disclosures/{wish.pk}/").text
    assert "it was not right. A second person has to agree first." in page and "Open it alone" not in page
    with pytest.raises(NotAllowed, match="it was not right"):
        open_disclosure(wish, staff)
    approve_disclosure(wish, other_staff)
    open_disclosure(wish, staff)
    assert view_disclosure(wish, staff).mail


def test_nor_in_any_other_case(emergency, staff_case, make_member, staff, other_staff):
    first = ask_disclosure(emergency, staff, MAIL)
    open_disclosure(first, staff)
    review_disclosure(first, other_staff, right=False, words="They were answering you.")
    other = staff_case("danger_now", subject=make_member("finch"))
    with pytest.raises(NotAllowed, match="it was not right"):
        open_disclosure(ask_disclosure(other, staff, MAIL), staff)
    assert open_disclosure(ask_disclosure(again(other), other_staff, MAIL), other_staff), (
        "another is not held back by it"
    )


def test_nobody_goes_alone_while_a_review_of_theirs_is_late(emergency, staff, other_staff, time_machine):
    first = ask_disclosure(emergency, staff, MAIL)
    opened = open_disclosure(first, staff).opened_at
    time_machine.move_to(opened + timedelta(hours=72, seconds=-1), tick=False)
    reopen_disclosure(first, staff)
    time_machine.move_to(opened + timedelta(hours=73), tick=False)
    with pytest.raises(NotAllowed, match="waits for its review"):
        reopen_disclosure(first, staff)
    wish = ask_disclosure(Case.objects.get(pk=emergency.pk), staff, MAIL)
    with pytest.raises(NotAllowed, match="waits for its review"):
        open_disclosure(wish, staff)
    theirs = ask_disclosure(Case.objects.get(pk=emergency.pk), other_staff, MAIL)
    assert open_disclosure(theirs, other_staff), "another is not held back by it"
    review_disclosure(first, other_staff, right=True, words="It was.")
    assert open_disclosure(wish, staff)


def test_a_lawful_request_in_an_emergency_waits_for_a_second_person_too(as_, emergency, staff, other_staff):
    for_police = Asked(reason="The police ask.", basis="law", mail=True, request=str(decided(staff, other_staff).pk))
    wish = ask_disclosure(Case.objects.get(pk=emergency.pk), staff, for_police)
    assert "Open it alone" not in as_(staff).get(f"/staff/disclosures/{wish.pk}/").text
    with pytest.raises(NotAllowed, match="A second person has to agree first"):
        open_disclosure(wish, staff)


def test_a_request_opens_nothing_before_it_is_decided_nor_about_somebody_else(
    held_case, staff, other_staff, other_member
):
    conduct = held_case(door="rule")
    for number in (proposed(staff).pk, decided(staff, other_staff, NOTHING, {}).pk, 999, "R-12"):
        with pytest.raises(NotAllowed, match="decide the request first"):
            ask_disclosure(
                Case.objects.get(pk=conduct.pk), staff, Asked("The police ask.", "law", mail=True, request=str(number))
            )
    given = decided(staff, other_staff)
    OutsideRequest.objects.filter(pk=given.pk).update(about=other_member)
    with pytest.raises(NotAllowed, match="about this person"):
        ask_disclosure(
            Case.objects.get(pk=conduct.pk), staff, Asked("The police ask.", "law", mail=True, request=str(given.pk))
        )
    assert not Disclosure.objects.exists()


def test_the_page_of_a_decided_request_leads_to_asking(as_, held_case, staff, other_staff):
    held_case(door="rule")
    row = proposed(staff)
    url = f"/staff/requests/{row.pk}/"
    assert "Ask to see contact details" not in as_(staff).get(url).text
    sent = {"do": "disclose", "fields_wanted": ["mail"], "reason": "The coroner asks.", "basis": "law"}
    assert as_(staff).post(url, sent).status_code == 422
    agree(row, other_staff)
    assert "Ask to see contact details" in as_(staff).get(url).text
    assert as_(staff).post(url, sent | {"reason": ""}).status_code == 422
    answer = as_(staff).post(url, sent)
    wish = Disclosure.objects.get()
    assert answer["Location"] == f"/staff/disclosures/{wish.pk}/" and wish.request == str(row.pk)


def test_while_it_is_an_emergency_the_same_person_opens_again_with_one_press(
    emergency, staff, other_staff, time_machine
):
    disclosure = ask_disclosure(emergency, staff, MAIL)
    open_disclosure(disclosure, staff)
    time_machine.move_to(timezone.now() + timedelta(minutes=31))
    with pytest.raises(NotAllowed):
        reopen_disclosure(disclosure, other_staff)
    again = reopen_disclosure(disclosure, staff)
    assert again.again and view_disclosure(disclosure, staff).mail
    assert "reopen_disclosure" in actions(emergency)
    time_machine.move_to(timezone.now() + timedelta(minutes=31))
    Case.objects.filter(pk=emergency.pk).update(severity="urgent")
    with pytest.raises(NotAllowed, match="While it is not an emergency"):
        reopen_disclosure(disclosure, staff)


def test_a_hundred_in_a_hundred_openings_stand_in_the_audit(emergency, staff, time_machine):
    """Fifty openings, by whichever way, and fifty events: no more, and none missing."""
    disclosure = ask_disclosure(emergency, staff, MAIL)
    open_disclosure(disclosure, staff)
    for _time in range(49):
        time_machine.move_to(timezone.now() + timedelta(minutes=30, seconds=1), tick=False)
        reopen_disclosure(disclosure, staff)
    openings = list(DisclosureOpening.objects.order_by("opened_at").values_list("by_id", "opened_at"))
    events = CaseEvent.objects.filter(action__in=["open_disclosure", "reopen_disclosure"]).order_by("n")
    assert len(openings) == 50
    assert [event.actor_id for event in events] == [by for by, _at in openings]
    assert all(abs(event.at - at) < timedelta(seconds=5) for event, (_by, at) in zip(events, openings, strict=True))
    assert audit.verify() is None


def test_without_its_key_the_page_says_so_and_the_rest_is_shown(urgent, staff, other_staff, member, settings):
    keep_card(member, Card(phone="07700 900123"))
    disclosure = ask_disclosure(urgent, staff, Asked(reason=WHY, basis="vital", mail=True, card=True))
    approve_disclosure(disclosure, other_staff)
    open_disclosure(disclosure, staff)
    settings.SEAL_KEYS = ["another" * 10]
    opened = view_disclosure(disclosure, staff)
    assert opened.mail == "robin@harbour.test" and opened.card is None
    assert "a key that is missing" in opened.missing[0]

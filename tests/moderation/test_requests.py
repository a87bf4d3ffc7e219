"""Police, a coroner, family or a journalist ask about somebody: called back, decided by two, answered, told, closed."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from forum.models import Notice
from moderation import audit
from moderation.actions import outside_requests as acts
from moderation.actions.outside_requests import (
    agree,
    call_back,
    close_request,
    hand_over,
    log_request,
    propose,
    put_off_telling,
    say_no,
    send_standing_text,
    tell_member,
    turn_down,
)
from moderation.actions.reports import report_member
from moderation.models import CaseEvent, OutsideRequest, RequestEvent, RequestField
from moderation.refusals import Missing, NotAllowed
from moderation.refusals_register import RegisterMoved
from realtime.models import Delivery
from tests.moderation.registers import CALLED, FIELDS, NOTHING, TO_GIVE, a_request, asked, called_back, decided, fresh
from tests.moderation.registers import proposed as put_forward

pytestmark = pytest.mark.django_db
NEW = "/staff/requests/new/"


@pytest.fixture
def case(staff_case):
    return staff_case("thoughts")


def url(row):
    return f"/staff/requests/{row.pk}/"


def press(client, row, do, **fields):
    return client.post(url(row), {"do": do, "seen": fresh(row).version, **fields})


def typed(**more):
    now = timezone.localtime()
    return {
        "asker": "police", "name": "PC Jones", "organisation": "Dyfed-Powys Police", "reference": "DP-7",
        "reach": "07700 900123", "power": "Schedule 2", "asked": "Anything from last night.", "about_words": "robin",
        "asked_at": now.strftime("%Y-%m-%dT%H:%M"), "due_at": (now + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M"),
    } | more  # fmt: skip


def test_a_request_goes_from_asked_to_closed_and_each_step_is_kept(as_, case, staff, other_staff, member):
    puffin, gannet = as_(staff), as_(other_staff)
    row = OutsideRequest.objects.get(pk=int(puffin.post(NEW, typed())["Location"].split("/")[-2]))
    assert (row.about, row.case, row.stage) == (member, case, "asked")
    press(puffin, row, "call", called_number="101", number_found="dyfed-powys.police.uk", spoke_with="Sgt Price")
    give = {"give_case_facts": "on", "reason_case_facts": "When it was."}
    press(
        puffin,
        row,
        "propose",
        decision="give",
        why="A life.",
        basis="To protect a life.",
        case=case.pk,
        tell="yes",
        **give,
    )
    assert press(gannet, row, "agree").status_code == 303
    press(puffin, row, "give", answered_how="By hand to Sgt Price.")
    press(puffin, row, "tell", told_words="Hello Robin, this is Puffin, a person.")
    assert press(puffin, row, "close", outcome="They found her, safe.").status_code == 303
    row = fresh(row)
    assert (row.stage, row.give, row.proposed_by, row.confirmed_by) == ("closed", True, staff, other_staff)
    assert [each.what for each in row.events.all()] == [
        "logged", "called", "proposed", "decided", "given", "told", "closed"
    ]  # fmt: skip
    page = puffin.get(url(row)).text
    assert "By hand to Sgt Price." in page and "They found her, safe." in page


def test_each_step_stands_in_the_audit_chain_of_the_case(case, staff, other_staff):
    row = decided(staff, other_staff)
    said = CaseEvent.objects.filter(case=case, action="register").order_by("n").values_list("said__words", flat=True)
    assert list(said) == [f"request {row.pk}: {step}" for step in ("logged", "called", "proposed", "decided")]
    assert audit.verify() is None


def test_moderators_read_nothing_of_it_in_the_time_line_but_that_staff_took_a_step(as_, case, staff, moderator):
    a_request(staff)
    page = as_(moderator).get(f"/moderation/cases/{case.pk}/").text
    assert "puffin took a step in the register of requests, which staff keep" in page
    assert "PC Jones" not in page and "logged" not in page and "police" not in page.lower()


def test_without_a_call_back_nothing_can_be_given(as_, case, staff):
    row = a_request(staff)
    assert 'value="give"' not in as_(staff).get(url(row)).text
    with pytest.raises(NotAllowed, match="Nobody has called them back"):
        propose(row, staff, TO_GIVE, case=case, fields=FIELDS)
    with pytest.raises(IntegrityError), transaction.atomic():
        OutsideRequest.objects.filter(pk=row.pk).update(give=True, basis="none")


@pytest.mark.parametrize("number", ["07700 900123", "07700-900 123", "(07700) 900123"])
def test_the_number_they_gave_is_never_the_one_that_is_called(as_, case, staff, number):
    row = a_request(staff)
    answer = press(as_(staff), row, "call", called_number=number, number_found="They said so")
    assert answer.status_code == 422 and "This is the number they gave." in answer.text
    assert fresh(row).called_at is None


@pytest.mark.parametrize("field", ["name", "organisation", "reference", "power", "asked"])
def test_nor_is_one_that_stands_elsewhere_in_what_they_said(as_, case, staff, field):
    """Somebody who writes as if from the police puts the number where a tired person copies it from."""
    row = a_request(staff, reach="", **{field: "PC Jones, control room, ring me on +44 7700 900123"})
    answer = press(as_(staff), row, "call", called_number="07700 900 123", number_found="In their mail")
    assert answer.status_code == 422 and "This is the number they gave." in answer.text
    assert fresh(row).called_at is None


@pytest.mark.parametrize("called", ["pc.jones@police.example", "I wrote back to them", "-"])
def test_an_answer_by_mail_is_no_call_back(as_, case, staff, called):
    row = a_request(staff, reach="pc.jones@police.example")
    answer = press(as_(staff), row, "call", called_number=called, number_found="Their own page")
    assert answer.status_code == 422 and "This is no telephone number." in answer.text
    assert fresh(row).stage == "asked"


def test_a_call_back_says_where_the_number_was_found(as_, case, staff):
    row = a_request(staff)
    answer = press(as_(staff), row, "call", called_number="101", number_found="")
    assert answer.status_code == 422 and "Write where you found the number." in answer.text


def test_nobody_decides_alone(as_, case, staff):
    row = put_forward(staff)
    assert 'value="agree"' not in as_(staff).get(url(row)).text
    with pytest.raises(NotAllowed):
        agree(row, staff)
    with pytest.raises(IntegrityError), transaction.atomic():
        OutsideRequest.objects.filter(pk=row.pk).update(confirmed_by=staff, decided_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        OutsideRequest.objects.filter(pk=row.pk).update(stage="decided")


def test_the_second_person_hears_of_it_and_the_mail_says_nothing_of_whom(case, staff, other_staff, member):
    put_forward(staff)
    (mail,) = Delivery.objects.filter(dedupe__startswith="request:")
    assert mail.address == other_staff.email
    assert "/staff/requests/" in mail.body
    assert not {"robin", "police", "Jones"} & set((mail.subject + " " + mail.body).split())


def test_the_second_person_may_say_no_and_it_is_proposed_anew(case, staff, other_staff):
    row = turn_down(put_forward(staff), other_staff)
    assert (row.stage, row.proposed_by, row.give) == ("verified", None, None)
    again = propose(row, other_staff, TO_GIVE, case=case, fields={"case_facts": "Only this."})
    assert [each.key for each in again.fields.all()] == ["case_facts"]
    assert agree(again, staff).stage == "decided"


def test_whoever_proposed_takes_it_back_themselves(case, staff):
    assert turn_down(put_forward(staff), staff).proposed_by is None


def test_what_is_agreed_to_is_what_was_read(case, staff, other_staff):
    row = put_forward(staff)
    read = fresh(row)
    again = propose(turn_down(row, staff), staff, TO_GIVE, case=case, fields={"notes": "All of it."})
    with pytest.raises(RegisterMoved):
        agree(read, other_staff)
    assert fresh(again).confirmed_by is None


def test_agreeing_twice_is_once(case, staff, other_staff):
    row = decided(staff, other_staff)
    assert agree(row, other_staff).decided_at == row.decided_at
    assert RequestEvent.objects.filter(what="decided").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_deciders_at_once_one_decides_and_the_other_reads_who(case, staff, other_staff, make_member, at_once):
    third = make_member("shag", role="staff")
    row = put_forward(staff)
    results = at_once(lambda: agree(fresh(row), other_staff), lambda: turn_down(fresh(row), third))
    lost = [each for each in results if isinstance(each, RegisterMoved | NotAllowed)]
    assert len(lost) == 1
    assert RequestEvent.objects.filter(what__in=["decided", "turned_down"]).count() == 1


def test_the_page_says_who_was_quicker(as_, case, staff, other_staff, make_member):
    third, row = make_member("shag", role="staff"), put_forward(staff)
    seen = row.version
    agree(fresh(row), other_staff)
    answer = as_(third).post(url(row), {"do": "turn_down", "seen": seen})
    assert answer.status_code == 409 and "gannet agreed, so it is decided at" in answer.text


@pytest.mark.parametrize(
    ("field", "changes", "fields"),
    [
        ("why", {"why": " "}, FIELDS),
        ("basis", {"basis": ""}, FIELDS),
        ("fields", {}, {}),
        ("fields", {}, {"address": "They want it."}),
        ("reason_case_facts", {}, {"case_facts": " "}),
        ("why_not_told", {"will_tell": False}, FIELDS),
        ("review_on", {"will_tell": False, "why_not_told": "It would put her child in danger."}, FIELDS),
    ],
)
def test_what_a_proposal_needs(case, staff, field, changes, fields):
    from dataclasses import replace

    row = called_back(staff)
    with pytest.raises(Missing) as missing:
        propose(row, staff, replace(TO_GIVE, **changes), case=case, fields=fields)
    assert missing.value.field == field
    assert not RequestField.objects.exists()


def test_a_refused_proposal_comes_back_with_its_words(as_, case, staff):
    row = called_back(staff)
    answer = press(
        as_(staff), row, "propose", decision="give", why="Because of the child.", basis="", case=case.pk, tell="yes",
        give_case_facts="on", reason_case_facts="For the times.",
    )  # fmt: skip
    assert answer.status_code == 422
    assert "Because of the child." in answer.text and "For the times." in answer.text
    assert "Write on what basis it is given" in answer.text


def test_a_case_of_somebody_elses_cannot_be_given(case, staff, other_member, member, moderator, on_duty):
    other = report_member(member, other_member, "worry", "worried", key=uuid4()).case
    with pytest.raises(NotAllowed):
        propose(called_back(staff), staff, TO_GIVE, case=other, fields=FIELDS)


def test_saying_no_needs_two_people_and_no_call_back(case, staff, other_staff, member):
    row = agree(propose(a_request(staff), staff, NOTHING, case=None, fields={}), other_staff)
    assert (row.stage, row.give) == ("decided", False)
    with pytest.raises(NotAllowed):
        hand_over(row, staff, "By post.")
    row = say_no(row, staff, "By letter, that we give nothing.")
    assert row.stage == "refused"


@pytest.mark.parametrize("about", ["robin", "a man called Rob"])
def test_a_journalist_gets_the_standing_text_and_nothing_else(as_, case, staff, about):
    row = a_request(staff, asker="journalist", organisation="The Daily Gull", about_words=about)
    page = as_(staff).get(url(row)).text
    assert "We never say whether somebody is or was a member" in page
    assert 'value="call"' not in page and 'value="propose"' not in page and 'value="file"' not in page
    with pytest.raises(NotAllowed):
        propose(row, staff, TO_GIVE, case=case, fields=FIELDS)
    with pytest.raises(NotAllowed):
        call_back(row, staff, CALLED)
    row = send_standing_text(row, staff)
    assert row.stage == "refused" and "We never say" in row.answered_how
    assert close_request(row, staff, "Nothing came of it.").stage == "closed"
    with pytest.raises(IntegrityError), transaction.atomic():
        OutsideRequest.objects.filter(pk=row.pk).update(
            give=True, basis="x", called_at=timezone.now(), called_by=staff, called_number="1", number_found="2"
        )


def test_the_standing_text_is_for_journalists_alone(case, staff):
    with pytest.raises(NotAllowed):
        send_standing_text(a_request(staff), staff)


def test_the_person_reads_who_asked_in_the_words_of_a_person(as_, case, staff, other_staff, member):
    row = hand_over(decided(staff, other_staff), staff, "By hand.")
    assert "Dyfed-Powys" not in as_(member).get("/me/requests/").text
    tell_member(row, staff, "Hello Robin, this is Puffin. The police asked, and we gave them two lines.")
    assert Notice.objects.filter(member=member, kind="asked_about", ref=row.pk).exists()
    assert "Somebody outside has asked us about you" in as_(member).get("/notices/").text
    assert "/me/requests/" in as_(member).get("/me/").text
    page = as_(member).get("/me/requests/").text
    assert "we gave them two lines" in page and "Dyfed-Powys Police" in page and "puffin" in page
    assert "PC Jones" not in page and "DP-7" not in page
    assert fresh(row).told_read_at


def test_nobody_else_reads_what_they_were_told(as_, case, staff, other_staff, other_member):
    tell_member(hand_over(decided(staff, other_staff), staff, "By hand."), staff, "Hello Robin.")
    assert "Hello Robin" not in as_(other_member).get("/me/requests/").text


def test_it_is_not_closed_before_the_person_is_told_or_it_says_why_not(as_, case, staff, other_staff):
    row = hand_over(decided(staff, other_staff), staff, "By hand.")
    assert "Tell the person it is about first" in as_(staff).get(url(row)).text
    with pytest.raises(NotAllowed):
        close_request(row, staff, "Over.")
    row = put_off_telling(row, staff, "Her partner reads her telephone.", timezone.localdate() + timedelta(days=7))
    row = close_request(row, staff, "Over.")
    assert row.stage == "closed"
    assert tell_member(row, staff, "Hello Robin, we can tell you now.").told_at  # and it can still be made good


def test_why_not_needs_a_day_to_come(as_, case, staff, other_staff):
    row = decided(staff, other_staff)
    answer = press(as_(staff), row, "put_off", why_not_told="Danger.", review_on=timezone.localdate().isoformat())
    assert answer.status_code == 422 and "still to come" in answer.text
    with pytest.raises(IntegrityError), transaction.atomic():
        OutsideRequest.objects.filter(pk=row.pk).update(will_tell=False)


@pytest.mark.parametrize("do", ["give", "say_no", "tell", "close", "agree", "file", "text"])
def test_nothing_is_done_out_of_its_turn(as_, case, staff, do):
    row = a_request(staff)
    fields = {"answered_how": "x", "told_words": "x", "outcome": "x", "kind": "pdf"}
    answer = press(as_(staff), row, do, **fields)
    assert answer.status_code == 422 and fresh(row).stage == "asked"


def test_a_press_that_is_none_is_not_found(as_, case, staff):
    assert press(as_(staff), a_request(staff), "burn").status_code == 404


@pytest.mark.parametrize("left_out", ["asker", "name", "asked", "about_words", "asked_at", "due_at"])
def test_what_a_request_needs_is_said_beside_it(as_, staff, left_out):
    answer = as_(staff).post(NEW, typed(**{left_out: ""}))
    assert answer.status_code == 422 and not OutsideRequest.objects.exists()
    assert f'data-error-for="{left_out}">' in answer.text


def test_whom_nobody_knows_stays_in_their_words(as_, staff):
    row = log_request(staff, asked(about_words="Rob from Bangor"))
    assert row.about is None and row.case is None
    assert "nobody here by this name" in as_(staff).get(url(row)).text


def test_staff_learn_nothing_of_a_request_about_themselves(as_, staff, other_staff):
    with pytest.raises(NotAllowed):
        log_request(staff, asked(about_words="puffin"))
    row = a_request(other_staff, about_words="puffin")
    assert as_(staff).get(url(row)).status_code == 404
    assert f'href="{url(row)}"' not in as_(staff).get("/staff/requests/").text
    assert f'href="{url(row)}"' in as_(other_staff).get("/staff/requests/").text
    assert not Delivery.objects.filter(address=staff.email).exists()


@pytest.mark.parametrize("where", ["/staff/requests/", NEW, None])
def test_nobody_but_staff_opens_the_register(as_, case, staff, moderator, independent, administrator, member, where):
    where = where or url(a_request(staff))
    assert as_(staff).get(where).status_code == 200  # the premise
    for person in (moderator, independent, administrator, member):
        assert as_(person).get(where).status_code == 404
        assert as_(person).post(where, {"do": "call"}).status_code == 404


def test_no_step_of_the_register_is_ever_changed_or_cut(staff):
    a_request(staff)
    for act in (lambda rows: rows.update(what="closed"), lambda rows: rows._raw_delete(rows.db)):
        with pytest.raises(IntegrityError), transaction.atomic():
            act(RequestEvent.objects.all())
    assert connection.vendor == "postgresql" or RequestEvent.objects.count() == 1


def test_acts_of_the_table_are_known_to_the_page():
    from moderation.views.requests import _ACTS, FORMS

    assert set(_ACTS) == set(FORMS)
    assert acts.ASKED_ABOUT == "asked_about"


@pytest.mark.parametrize(
    ("called", "gave"),
    [
        ("+44 7700 900123", "07700 900123"),
        ("07700900123", "PC 4471, 07700 900123"),
        ("01632 960 001 (desk)", "+441632960001"),
    ],
)
def test_the_number_they_gave_is_theirs_however_it_is_written(staff, called, gave):
    row = a_request(staff, reach=gave)
    with pytest.raises(Missing, match="the number they gave"):
        call_back(row, staff, acts.CallBack(called, "The force's own page", "Sgt Price"))


@pytest.mark.parametrize(("called", "gave"), [("101", "101, ext 7"), ("0300 330 0101", "07700 900123"), ("101", "")])
def test_a_short_number_and_another_one_can_be_called(staff, called, gave):
    row = a_request(staff, reach=gave)
    assert call_back(row, staff, acts.CallBack(called, "The force's own page", "Sgt Price")).called_at

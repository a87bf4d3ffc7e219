"""Whether somebody who was shut out has come back: for staff alone, never beside a worry, gone after thirty days, no act of its own."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from forum import connections
from forum.actions.posts import publish_post
from forum.models import ConnectionFact, Member
from moderation import audit
from moderation.actions.reports import report_member
from moderation.actions.shared_connections import look_for_shared
from moderation.models import Case, CaseEvent
from moderation.refusals import NotAllowed
from realtime.peers import Peer

pytestmark = pytest.mark.django_db
HOME = "198.51.100.7"
WARD = "often a ward, hostel or household"


@pytest.fixture
def shut_out(make_member):
    person = make_member("skua")
    connections.note_sign_in(person, Peer(HOME, 4711))
    Member.objects.filter(pk=person.pk).update(standing="banned")
    return person


@pytest.fixture
def case(open_case, member, shut_out):
    connections.note_sign_in(member, Peer(HOME, 815))
    return open_case(door="rule")


def press(as_, person, case, name="staff"):
    page = {"staff": f"/staff/cases/{case.pk}/", "moderation": f"/moderation/cases/{case.pk}/"}[name]
    return as_(person).post(page, {"do": "shared_connection", "seen": Case.objects.get(pk=case.pk).version})


def test_staff_read_who_and_when_and_no_address_and_that_they_looked_is_kept(as_, case, staff, shut_out):
    assert "skua" not in as_(staff).get(f"/staff/cases/{case.pk}/").text, "nothing shows unasked"
    answer = press(as_, staff, case)
    assert answer.status_code == 200 and "<bdi>skua</bdi>, banned" in answer.text and WARD in answer.text
    assert HOME not in answer.text
    event = CaseEvent.objects.get(case=case, action="shared_connection")
    assert (event.actor, event.said.words) == (staff, "1") and audit.verify() is None
    assert "skua" not in as_(staff).get(f"/staff/cases/{case.pk}/").text, "the next look is another line"
    assert "looked whether somebody who was shut out has come back" in as_(staff).get(f"/staff/cases/{case.pk}/").text


def test_nothing_comes_of_it_by_itself(case, staff, member, shut_out):
    before = list(Member.objects.order_by("pk").values("standing", "steps"))
    assert [each.member for each in look_for_shared(case, staff)] == [shut_out]
    assert list(Member.objects.order_by("pk").values("standing", "steps")) == before
    assert publish_post(member, body="Still here.", key=uuid4()).post.status == "visible"


def test_a_moderator_is_not_offered_it_and_cannot_press_it(as_, case, moderator):
    page = as_(moderator).get(f"/moderation/cases/{case.pk}/").text
    assert "shut out" not in page
    assert press(as_, moderator, case, "moderation").status_code == 422
    with pytest.raises(NotAllowed):
        look_for_shared(case, moderator)
    assert not CaseEvent.objects.filter(action="shared_connection").exists()


def test_never_on_a_case_of_care_nor_while_somebody_looks_after_them(as_, case, member, other_member, staff):
    care = report_member(other_member, member, "worry", "worried", key=uuid4()).case
    assert "shut out" not in as_(staff).get(f"/staff/cases/{care.pk}/").text
    for each in (care, case):
        with pytest.raises(NotAllowed):
            look_for_shared(Case.objects.get(pk=each.pk), staff)
        assert press(as_, staff, each).status_code == 422


def test_never_about_somebody_of_the_team(open_case, moderator, independent, staff):
    case = open_case(subject=moderator, door="rule")
    for person in (independent, staff):
        with pytest.raises(NotAllowed):
            look_for_shared(case, person)


def test_after_thirty_days_nothing_of_it_is_left_even_where_a_hold_keeps_the_rows(case, staff):
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert ConnectionFact.objects.exists(), "the clock has not come by, as if a hold stood"
        assert look_for_shared(Case.objects.get(pk=case.pk), staff) == []


def test_one_house_is_one_connection_and_another_house_is_none(open_case, make_member, member, staff):
    person = make_member("skua")
    connections.note_sign_in(person, Peer("2001:db8:1:2::1", 1))
    connections.note_sign_in(member, Peer("2001:db8:1:3::1", 1))
    Member.objects.filter(pk=person.pk).update(standing="suspended")
    case = open_case(door="rule")
    assert look_for_shared(case, staff) == []
    connections.note_sign_in(member, Peer("2001:db8:1:2::99", 1))
    assert [each.member for each in look_for_shared(Case.objects.get(pk=case.pk), staff)] == [person]


def test_only_those_who_are_shut_out_are_compared(case, staff, make_member, shut_out):
    neighbour = make_member("knot")
    connections.note_sign_in(neighbour, Peer(HOME, 1))
    over = make_member("stint", standing="suspended", standing_until=timezone.now() - timedelta(hours=1))
    connections.note_sign_in(over, Peer(HOME, 1))
    assert [each.member for each in look_for_shared(case, staff)] == [shut_out]


def test_a_copy_of_the_database_tells_nobody_who_shares_a_house(case, shut_out, member):
    """No column of two people in one house is the same: nothing to join them by without the key."""
    rows = ConnectionFact.objects.filter(member__in=[member, shut_out]).values("address", "port", "at", "sealed_for")
    values = [str(value) for row in rows for value in row.values()]
    assert len(rows) == 2 and len(set(values)) == len(values)


def test_without_the_key_it_says_so(case, staff, settings):
    settings.SEAL_KEYS = ["another-key-of-forty-characters-or-so-0001"]
    with pytest.raises(NotAllowed, match="its key is missing"):
        look_for_shared(case, staff)

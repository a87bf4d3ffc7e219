"""What staff do for somebody's safety: the sealed card, in a live care case alone; and another name for who is being followed."""

from uuid import uuid4

import pytest
from django.urls import reverse

from forum.cards import Card, keep_card
from forum.models import CareCard, Member, OldHandle
from moderation import audit
from moderation.actions.escalation import close_case
from moderation.actions.safety import open_card, rename_for_safety
from moderation.models import Case, CaseEvent, Word
from moderation.refusals import Missing, NotAllowed

pytestmark = pytest.mark.django_db

CARD = Card(phone="07700 900123", town="Llandudno", to_ring="Mam\n01632 960001", helps="Tea.", ask_first=True)
NAME = {"handle": "whimbrel", "note": "Somebody follows them here.", "body": "Hello, this is Puffin, a person."}


@pytest.fixture
def press(as_):
    def press(person, case, do, page="staff_case", **fields):
        version = Case.objects.get(pk=case.pk).version
        return as_(person).post(reverse(page, args=[case.pk]), {"do": do, "seen": version, **fields})

    return press


@pytest.fixture
def name(press):
    return lambda person, case, **change: press(person, case, "rename", key=str(uuid4()), **(NAME | change))


def test_staff_open_the_card_and_each_opening_is_written_down(as_, staff, member, open_case, press):
    keep_card(member, CARD)
    case = open_case()
    page = as_(staff).get(reverse("staff_case", args=[case.pk])).text
    assert "Open the card" in page
    assert "07700 900123" not in page
    opened = press(staff, case, "card").text
    assert "Tea." in opened and "Ask me first." in opened
    for contact in ("07700 900123", "Llandudno", "01632 960001"):
        assert contact not in opened  # that is behind two people, a reason and a fresh sign-in
    assert "It also says how to reach them." in opened
    assert "puffin opened the card they left" in opened
    press(staff, case, "card")
    assert [event.actor for event in CaseEvent.objects.filter(action="card")] == [staff, staff]
    assert audit.verify() is None
    assert "Staff last opened it" in as_(member).get("/me/card/").text


def test_nobody_learns_of_the_card_besides_staff(as_, moderator, staff, member, held_case, press):
    keep_card(member, CARD)
    case = held_case()
    assert "Open the card" in as_(staff).get(reverse("staff_case", args=[case.pk])).text
    assert "card" not in as_(moderator).get(reverse("case", args=[case.pk])).context["may"]
    assert "Open the card" not in as_(moderator).get(reverse("case", args=[case.pk])).text
    answer = press(moderator, case, "card", page="case")
    assert answer.status_code == 422
    assert "07700 900123" not in answer.text
    with pytest.raises(NotAllowed):
        open_card(case, member)
    assert CareCard.objects.get().opened_at is None


def test_where_there_is_no_card_nothing_asks_for_one(as_, staff, open_case):
    assert "Open the card" not in as_(staff).get(reverse("staff_case", args=[open_case().pk])).text


def test_the_card_closes_with_the_case_and_never_opens_in_a_case_about_conduct(staff, member, staff_case, held_case):
    keep_card(member, CARD)
    care = staff_case()
    assert open_card(care, staff) == CARD
    close_case(Case.objects.get(pk=care.pk), staff, because="They are with their sister.")
    conduct = held_case(door="rule")
    for case in (Case.objects.get(pk=care.pk), conduct):
        with pytest.raises(NotAllowed):
            open_card(case, staff)


def test_a_card_whose_key_is_missing_says_so_and_counts_as_no_opening(staff, member, open_case, press, settings):
    keep_card(member, CARD)
    settings.SEAL_KEYS = ["another" * 10]
    answer = press(staff, open_case(), "card")
    assert answer.status_code == 422
    assert "its key is missing" in answer.text
    assert not CaseEvent.objects.filter(action="card").exists()


def test_who_is_followed_gets_another_name_and_is_told_by_a_person(as_, staff, member, other_member, staff_case, name):
    case = staff_case()
    assert "robin" in as_(other_member).get("/").text
    answer = name(staff, case)
    assert answer.status_code == 303, answer.context["forms"]["rename"].errors
    assert Member.objects.get(pk=member.pk).handle == "whimbrel"
    assert "Hello, this is Puffin, a person." in as_(member).get(reverse("conversation", args=[case.pk])).text
    event = CaseEvent.objects.get(action="rename")
    assert (event.actor, event.said.words) == (staff, "Somebody follows them here.")
    wall = as_(other_member).get("/").text
    assert "whimbrel" in wall
    assert "robin" not in wall
    assert as_(other_member).get("/members/robin/").status_code == 404
    assert "robin" not in as_(staff).get(reverse("staff_case", args=[case.pk])).text
    assert OldHandle.objects.get().member is None
    assert audit.verify() is None


def test_a_second_press_gives_no_second_name(staff, staff_case):
    case, key = staff_case(), uuid4()
    for _press in range(2):
        rename_for_safety(case, staff, handle="whimbrel", why="Followed.", word="Hello.", key=key)
    assert Word.objects.filter(key=key).count() == 1


@pytest.mark.parametrize(("change", "field"), [({"handle": "wren"}, "handle"), ({"handle": "the.team"}, "handle"),
                                               ({"note": " "}, "note"), ({"body": ""}, "body")])  # fmt: skip
def test_what_is_missing_or_taken_is_said_beside_the_field(staff, member, staff_case, name, change, field):
    answer = name(staff, staff_case(), **change)
    assert answer.status_code == 422
    assert answer.context["forms"]["rename"].errors.keys() == {field}
    assert Member.objects.get(pk=member.pk).handle == "robin"
    assert not OldHandle.objects.exists()


def test_only_whoever_of_staff_holds_the_case_gives_a_name(moderator, other_staff, member, staff_case, name):
    case = staff_case()
    assert name(other_staff, case).status_code == 422
    assert name(moderator, case).status_code == 404  # the staff's page
    with pytest.raises(NotAllowed):
        rename_for_safety(case, moderator, handle="whimbrel", why="x", word="x", key=uuid4())
    with pytest.raises(Missing):
        rename_for_safety(case, case.holder, handle="whimbrel", why="", word="x", key=uuid4())
    assert Member.objects.get(pk=member.pk).handle == "robin"


def test_no_name_is_given_in_a_case_about_conduct(moderator, held_case):
    case = held_case(door="rule")
    assert case.holder == moderator
    with pytest.raises(NotAllowed):
        rename_for_safety(case, moderator, handle="whimbrel", why="x", word="x", key=uuid4())


def test_nobody_follows_them_to_the_new_name_through_what_they_once_told_us(as_, staff, other_member, staff_case, name):
    case = staff_case()  # wren has told us that robin worries them
    assert "robin" in as_(other_member).get("/me/reports/").text
    name(staff, case)
    page = as_(other_member).get("/me/reports/").text
    assert "whimbrel" not in page
    assert "robin" not in page

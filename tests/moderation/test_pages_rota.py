"""The pages of the rota: gaps in words, the week changed, a holiday confirmed, a swap asked and answered."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from moderation import rota
from moderation.models import RotaHoliday, RotaInstead, RotaSwap, RotaWeekly
from tests.moderation.rotas import fill_week

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)  # a Tuesday
ROTA, CHANGE, MINE = "/staff/on-call/", "/staff/on-call/change/", "/staff/on-call/mine/"
TUESDAY_NIGHT = "first-1796148000"  # from 18:00


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def week(staff, other_staff, rings):
    rings |= {staff.pk, other_staff.pk}
    return fill_week(staff, other_staff)


WEEKLY = {"do": "add_weekly", "day": "0", "starts": "22:00", "ends": "07:00", "rank": "first"}
INSTEAD = {"do": "add_instead", "first": "2026-12-02", "last": "2026-12-03", "rank": "first", "note": "Away"}


def test_an_empty_rota_says_so_and_how_to_go_on_call(as_, staff):
    page = as_(staff).get(ROTA)
    assert page.status_code == 200
    assert "Gaps in the next 14 days:" in page.text and "Nothing is planned yet." in page.text
    assert "All of the staff are called instead." in page.text


def test_the_page_says_who_is_called_now_and_every_gap_with_its_reason(as_, staff, other_staff, week, rings):
    page = as_(staff).get(ROTA).text
    assert "Somebody is first at every minute of the next 14 days." in page
    called = page.split("Called now")[1].split("</p>")[0]
    assert called.index("gannet") < called.index("puffin")  # gannet has the days
    assert page.count('scope="rowgroup"') == 14 and "Gap</b>" not in page
    rings.remove(staff.pk)
    page = as_(staff).get(ROTA).text
    assert "puffin has no way that rings, tested within 30 days." in page and 'class="gap"' in page
    assert "Tuesday 1 December, 18:00 to Wednesday 2 December, 08:00" in page


@pytest.mark.parametrize(
    ("day", "says"),
    [
        (datetime(2026, 10, 20, 12, tzinfo=UTC), "this night is an hour longer"),
        (datetime(2026, 3, 20, 12, tzinfo=UTC), "this night is an hour shorter"),
    ],
)
def test_the_nights_in_which_the_clock_is_changed_are_named(as_, staff, week, at_noon, day, says):
    at_noon.move_to(day)
    page = as_(staff).get(ROTA).text
    assert page.count(says) == 1 and "Gap</b>" not in page


def test_staff_give_a_time_of_every_week_and_take_it_out(as_, staff, other_staff):
    assert as_(staff).post(CHANGE, {**WEEKLY, "who": other_staff.pk}).status_code == 303
    page = as_(staff).get(CHANGE).text
    assert "22:00 to 07:00" in page and "of the next day" in page and "added to the week" in page
    row = RotaWeekly.objects.get()
    for status in (303, 409):
        assert as_(staff).post(CHANGE, {"do": "end_weekly", "id": row.pk}).status_code == status
    assert "took out of the week" in as_(staff).get(CHANGE).text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"day": ""}, "Choose one of these."),
        ({"day": "9"}, "Choose one of these."),
        ({"starts": "late"}, "Write a time, such as 22:00."),
        ({"rank": "third"}, "Choose one of these."),
        ({"who": ""}, "Choose who."),
        ({"who": "0"}, "Choose one of these."),
    ],
)
def test_a_time_that_will_not_do_comes_back_with_the_reason(as_, staff, change, says):
    page = as_(staff).post(CHANGE, {**WEEKLY, "who": staff.pk, **change})
    assert page.status_code == 422
    assert says in page.text and not RotaWeekly.objects.exists()
    assert 'value="07:00"' in page.text


def test_a_time_that_is_taken_says_whose_it_is(as_, staff, other_staff):
    as_(staff).post(CHANGE, {**WEEKLY, "who": other_staff.pk})
    page = as_(staff).post(CHANGE, {**WEEKLY, "starts": "23:00", "who": staff.pk})
    assert page.status_code == 422
    assert "gannet&#x27;s already: Monday, 22:00 to 07:00" in page.text


def test_staff_write_down_an_exception_and_take_it_back(as_, staff, other_staff, week):
    assert as_(staff).post(CHANGE, {**INSTEAD, "who": other_staff.pk}).status_code == 303
    assert as_(staff).post(CHANGE, {**INSTEAD, "rank": "second", "who": ""}).status_code == 303
    page = as_(other_staff).get(CHANGE).text
    assert "Written down by puffin." in page and "“<bdi>Away</bdi>”" in page
    first = RotaInstead.objects.get(rank="first")
    assert first.member == other_staff and RotaInstead.objects.get(rank="second").member is None
    assert as_(staff).post(CHANGE, {"do": "end_instead", "id": first.pk}).status_code == 303


def test_an_exception_that_is_over_comes_back_with_the_reason(as_, staff):
    page = as_(staff).post(CHANGE, {**INSTEAD, "first": "2026-11-01", "last": "2026-11-02", "who": staff.pk})
    assert page.status_code == 422 and "That is over already." in page.text and "Away" in page.text


def test_a_bank_holiday_is_confirmed_and_taken_back(as_, staff, other_staff, week):
    page = as_(staff).get(ROTA).text
    assert "Friday 25 December" in page and "Christmas Day" in page
    confirm = {"do": "confirm", "day": "2026-12-25", "first": staff.pk, "second": ""}
    assert as_(staff).post(ROTA, confirm).status_code == 303
    assert as_(other_staff).post(ROTA, confirm).status_code == 409
    page = as_(staff).get(ROTA).text
    assert "Confirmed by puffin." in page and "First: puffin." in page
    holiday = RotaHoliday.objects.get()
    for status in (303, 409):
        assert as_(staff).post(ROTA, {"do": "end_holiday", "id": holiday.pk}).status_code == status


def test_a_bank_holiday_with_one_person_twice_is_refused_beside_the_field(as_, staff):
    page = as_(staff).post(ROTA, {"do": "confirm", "day": "2026-12-25", "first": staff.pk, "second": staff.pk})
    assert page.status_code == 422 and "Nobody can be first and second at once." in page.text
    assert as_(staff).post(ROTA, {"do": "confirm", "day": "2026-12-02"}).status_code == 422


def test_the_end_of_the_list_of_holidays_is_told_before_it_comes(as_, staff, other_staff, at_noon):
    assert "The list of bank holidays ends" not in as_(staff).get(ROTA).text
    at_noon.move_to(datetime(2028, 11, 20, tzinfo=UTC))
    assert "The list of bank holidays ends on 31 December 2028." in as_(other_staff).get(ROTA).text


def test_a_swap_is_asked_seen_and_accepted(as_, staff, other_staff, week):
    mine = as_(staff).get(MINE).text
    assert "Tuesday 1 December, 18:00 to Wednesday 2 December, 08:00" in mine and f"?swap={TUESDAY_NIGHT}" in mine
    form = as_(staff).get(MINE, {"swap": TUESDAY_NIGHT}).text
    assert "gannet, with nothing in return" in form and "gannet, and you have Wednesday 2 December, 08:00" in form
    assert as_(staff).post(MINE, {"do": "ask", "swap": TUESDAY_NIGHT}).status_code == 422
    assert as_(staff).post(MINE, {"do": "ask", "swap": TUESDAY_NIGHT, "offer": other_staff.pk}).status_code == 303
    assert "You have asked gannet, who has not answered yet." in as_(staff).get(MINE).text
    assert "puffin asks whether you could have Tuesday 1 December, 18:00" in as_(other_staff).get(MINE).text
    swap = RotaSwap.objects.get()
    assert as_(staff).post(MINE, {"do": "accept", "id": swap.pk}).status_code == 403
    assert as_(other_staff).post(MINE, {"do": "accept", "id": swap.pk}).status_code == 303
    assert as_(other_staff).post(MINE, {"do": "refuse", "id": swap.pk}).status_code == 409
    assert "accepted" in as_(staff).get(MINE).text
    assert rota.on_call_at(NOW + timedelta(hours=8)).first == other_staff
    assert "A swap that puffin asked for." in as_(staff).get(CHANGE).text


def test_a_swap_with_a_time_in_return_is_shown_whole(as_, staff, other_staff, week):
    back = f"{other_staff.pk}-first-1796198400"  # gannet's Wednesday, from 08:00
    assert as_(staff).post(MINE, {"do": "ask", "swap": TUESDAY_NIGHT, "offer": back}).status_code == 303
    assert "In return puffin has Wednesday 2 December, 08:00 to 18:00 (first)." in as_(other_staff).get(MINE).text


def test_a_time_that_is_not_theirs_is_not_offered(as_, other_staff, week):
    answer = as_(other_staff).post(MINE, {"do": "ask", "swap": TUESDAY_NIGHT, "offer": "1"})
    assert answer.status_code == 409 and "that time is not yours any more" in answer.text
    assert 'id="swap"' not in as_(other_staff).get(MINE, {"swap": "<script>"}).text


def test_whoever_has_no_way_that_rings_reads_that_their_times_do_not_count(as_, staff, week, rings):
    assert "do not count yet" not in as_(staff).get(MINE).text
    rings.clear()
    assert "do not count yet" in as_(staff).get(MINE).text


@pytest.mark.parametrize("url", [ROTA, CHANGE, MINE])
@pytest.mark.parametrize("fields", [{"do": "fly"}, {"do": "end_weekly", "id": "7"}, {"do": "confirm", "day": "x"}, {}])
def test_what_is_not_there_is_not_found(as_, staff, url, fields):
    assert as_(staff).post(url, fields).status_code == 404


@pytest.mark.parametrize("url", [ROTA, CHANGE, MINE])
@pytest.mark.parametrize("role", ["member", "moderator", "independent", "administrator"])
def test_nobody_else_finds_it(as_, make_member, client, url, role):
    person = make_member("plover", role=role)
    assert as_(person).get(url).status_code == 404
    assert as_(person).post(url, {"do": "confirm"}).status_code == 404
    assert client.get(url).status_code == 302


def test_the_board_and_the_duty_page_lead_to_the_rota(as_, staff, independent):
    assert ROTA in as_(staff).get("/staff/").text and MINE in as_(staff).get("/moderation/duty/").text
    assert f'href="{ROTA}"' not in as_(independent).get("/staff/").text


@pytest.mark.parametrize(("url", "most"), [(ROTA, 32), (CHANGE, 24), (MINE, 24)])
def test_a_page_asks_as_much_for_a_full_week_as_for_an_empty_one(
    as_, staff, week, url, most, django_assert_max_num_queries
):
    as_(staff).get(url)
    with django_assert_max_num_queries(most):
        as_(staff).get(url)

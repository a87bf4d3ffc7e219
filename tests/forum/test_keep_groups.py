"""Staff read suggestions, publish, edit, check and put away; everyone else finds nothing there."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from forum.actions.directory import check_group, edit_group, publish_group, put_group_away, remind_of_old_groups
from forum.models import SupportGroup
from forum.refusals import ChangedMeanwhile, NotYours
from realtime.models import Delivery
from tests.forum.places import make_group, typed

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=200)


@pytest.fixture
def suggested(member: Any) -> SupportGroup:
    return make_group(status="suggested", suggested_by=member)


def entry(group: SupportGroup, action: str, **changes: Any) -> dict[str, Any]:
    return {**typed(**changes), "seen": group.version, "action": action}


def test_staff_publish_what_they_read(client: Any, as_: Any, staff: Any, member: Any, suggested: SupportGroup) -> None:
    assert "Kettle and Chairs" in as_(staff).get("/support-groups/suggestions/").text
    answer = as_(staff).post(f"/support-groups/{suggested.pk}/", entry(suggested, "publish", where="Leeds, town hall"))
    assert answer.status_code == 303
    group = SupportGroup.objects.get()
    assert (group.status, group.checked_on, group.checked_by) == ("published", timezone.localdate(), staff)
    assert "Leeds, town hall" in client.get("/support-groups/").text
    assert "in the directory" in as_(member).get("/support-groups/mine/").text


def test_whoever_suggested_it_hears_of_it(hear: Any, make_member: Any) -> None:
    wren, puffin = make_member("wren"), make_member("puffin", role="staff")
    group = make_group(status="suggested", suggested_by=wren)
    heard = hear(wren, lambda: publish_group(puffin, group, seen_version=1))
    assert [event["kind"] for event in heard] == ["notice.changed"]


def test_putting_it_away_needs_a_word_for_the_suggester(
    client: Any, as_: Any, staff: Any, member: Any, suggested: SupportGroup
) -> None:
    path = f"/support-groups/{suggested.pk}/"
    assert as_(staff).post(path, {"action": "put_away", "seen": 1, "why": " "}).status_code == 422
    assert as_(staff).post(path, {"action": "put_away", "seen": 1, "why": "It closed in May."}).status_code == 303
    assert "It closed in May." in as_(member).get("/support-groups/mine/").text
    assert "about a group that you suggested" in as_(member).get("/notices/").text
    assert "Kettle" not in client.get("/support-groups/").text


def test_what_somebody_else_changed_is_not_published_unread(
    as_: Any, staff: Any, other_staff: Any, suggested: SupportGroup
) -> None:
    fields = {"name": "New name", "where": "York"}
    edit_group(other_staff, suggested, seen_version=1, for_whom=["all"], **fields)
    for act in (
        lambda: publish_group(staff, suggested, seen_version=1),
        lambda: put_group_away(staff, suggested, seen_version=1, why="No."),
        lambda: check_group(staff, suggested, seen_version=1),
    ):
        with pytest.raises(ChangedMeanwhile):
            act()
    answer = as_(staff).post(f"/support-groups/{suggested.pk}/", entry(suggested, "publish", name="Mine"))
    assert answer.status_code == 409
    assert 'value="Mine"' in answer.text and "New name" in answer.text  # both are on the page
    assert SupportGroup.objects.get().status == "suggested"


def test_one_group_stands_there_once(as_: Any, staff: Any, suggested: SupportGroup) -> None:
    make_group("KETTLE  and chairs", where="leeds")
    answer = as_(staff).post(f"/support-groups/{suggested.pk}/", entry(suggested, "publish"))
    assert answer.status_code == 422 and "is in the directory already" in answer.text
    suggested.refresh_from_db()
    assert suggested.status == "suggested"


@pytest.mark.parametrize("role", ["member", "moderator", "independent"])
def test_nobody_else_keeps_the_directory(as_: Any, make_member: Any, suggested: SupportGroup, role: str) -> None:
    other = make_member("crow", role=role)
    for act in (
        lambda: publish_group(other, suggested, seen_version=1),
        lambda: put_group_away(other, suggested, seen_version=1, why="No."),
        lambda: check_group(other, suggested, seen_version=1),
        lambda: edit_group(other, suggested, seen_version=1, for_whom=["all"], name="No"),
    ):
        with pytest.raises(NotYours):
            act()
    for path in ("suggestions/", "import/", f"{suggested.pk}/"):
        assert as_(other).get(f"/support-groups/{path}").status_code == 404
    assert as_(other).post(f"/support-groups/{suggested.pk}/checked/").status_code == 404


def test_old_entries_are_listed_and_one_press_makes_them_fresh(as_: Any, staff: Any) -> None:
    old = make_group("Old", checked_on=timezone.localdate() - LONG_AGO)
    make_group("Fresh")
    assert 'class="case old-group"' in as_(staff).get("/support-groups/suggestions/").text
    as_(staff).post(f"/support-groups/{old.pk}/checked/", {"seen": old.version})
    old.refresh_from_db()
    assert (old.checked_on, old.checked_by) == (timezone.localdate(), staff)
    assert 'class="case old-group"' not in as_(staff).get("/support-groups/suggestions/").text


def test_who_comes_second_is_told_and_shown_how_it_stands(as_: Any, staff: Any) -> None:
    old = make_group("Old", checked_on=timezone.localdate() - LONG_AGO)
    answer = as_(staff).post(f"/support-groups/{old.pk}/checked/", {"seen": old.version + 1})
    assert answer.status_code == 409
    assert "Old has changed since you opened the list." in answer.text
    assert f'href="/support-groups/{old.pk}/"' in answer.text


def test_staff_are_reminded_once_a_month_and_the_mail_names_nothing(
    staff: Any, make_member: Any, administrator: Any
) -> None:
    make_member("gannet", role="staff", mail_choice="no")
    make_group("Fresh")
    make_group("Demo", checked_on=timezone.localdate() - LONG_AGO, is_example=True)
    remind_of_old_groups()
    assert not Delivery.objects.exists()
    make_group("Old", checked_on=timezone.localdate() - LONG_AGO)
    remind_of_old_groups()
    remind_of_old_groups()
    mail = Delivery.objects.get()
    assert mail.address == staff.email
    assert "/support-groups/suggestions/" in mail.body and "Old" not in mail.body + mail.subject


def test_staff_find_in_their_menu_how_many_wait(as_: Any, staff: Any, member: Any, suggested: SupportGroup) -> None:
    assert "Support groups to read" in as_(staff).get("/me/").text
    assert "Support groups to read" not in as_(member).get("/me/").text


def test_the_list_for_staff_costs_the_same_for_one_and_for_many(
    as_: Any, staff: Any, member: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        make_group(f"S {number}", status="suggested", suggested_by=member)
        make_group(f"O {number}", checked_on=timezone.localdate() - LONG_AGO, checked_by=staff)
    as_(staff).get("/support-groups/suggestions/")
    with django_assert_max_num_queries(9):
        as_(staff).get("/support-groups/suggestions/")

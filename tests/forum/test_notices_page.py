"""/notices/: mine alone, read and unread, opened in one step; the header's count; choosing; quiet hours; forgetting."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from forum.actions.notices import KEPT, choose_notices, give_notice
from forum.actions.posts import withdraw_post
from forum.actions.support import set_support
from forum.models import Notice
from forum.notices import SUPPORT, is_quiet
from realtime import retention

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(member, other_member, post_by):
    """A post of robin's that wren has replied to and is with."""
    post = post_by(member, "Third night of not sleeping.")
    post_by(other_member, "With you.", parent=post)
    set_support(other_member, post, "with_you", on=True)
    return post


def counted(client, path="/help/") -> str:
    page = client.get(path).text
    bell = page[page.index('id="bell"') :]
    bell = bell[: bell.index("</div>")]
    return bell[bell.index('class="count">') + 14 :].split("<")[0] if "count" in bell.split("<a", 1)[1] else ""


def test_the_header_counts_and_opening_one_leads_there_and_reads_it(as_, member, answered):
    client = as_(member)
    assert counted(client) == "2"
    page = client.get("/notices/").text
    assert "<bdi>wren</bdi> has replied to you." in page and "Third night of not sleeping." in page
    assert counted(client) == "2"  # looking marks nothing
    reply = answered.replies.get()
    notice = Notice.objects.get(kind="reply")
    answer = client.get(f"/notices/{notice.pk}/")
    assert (answer.status_code, answer["Location"]) == (303, f"/posts/{answered.pk}/?reply={reply.pk}#post-{reply.pk}")
    assert counted(client) == "1" and counted(client, "/notices/count/") == "1"


def test_one_or_all_are_marked_as_read(as_, member, answered):
    client, notice = as_(member), Notice.objects.get(kind=SUPPORT)
    assert client.post("/notices/read/", {"notice": str(notice.pk)})["Location"] == "/notices/"
    assert counted(client) == "1"
    client.post("/notices/read/", {"notice": "all"})
    assert counted(client) == "" and "Mark all as read" not in client.get("/notices/").text


def test_nobody_opens_or_reads_anothers(as_, other_member, answered):
    notice = Notice.objects.get(kind=SUPPORT)
    assert as_(other_member).get(f"/notices/{notice.pk}/").status_code == 404
    as_(other_member).post("/notices/read/", {"notice": str(notice.pk)})
    as_(other_member).post("/notices/read/", {"notice": "all"})
    assert not Notice.objects.filter(read_at__isnull=False).exists()
    assert "Nothing to tell just now" in as_(other_member).get("/notices/").text


def test_one_whose_words_went_meanwhile_says_so(as_, member, other_member, answered):
    notice = Notice.objects.get(kind="reply")
    withdraw_post(other_member, answered.replies.get())
    assert "no longer there" in as_(member).get(f"/notices/{notice.pk}/", follow=True).text


def test_older_ones_are_a_page_away(as_, member, other_member, post_by):
    for number in range(23):
        post_by(other_member, "With you.", parent=post_by(member, f"Day {number}."))
    first = as_(member).get("/notices/").context
    rest = as_(member).get(f"/notices/?{first['older']}").context
    pages = [notice.pk for context in (first, rest) for notice, _line in context["entries"]]
    assert len(pages) == len(set(pages)) == 23 and rest["older"] == ""
    assert as_(member).get("/notices/?before=x-y").status_code == 200


def test_what_is_turned_off_is_told_no_more(as_, member, other_member, answered, post_by):
    client = as_(member)
    page = client.get("/me/notices/").text
    assert (
        page.count("checked") == 8
    )  # reply, support, followed, suggestion, outcome, taken down, how it was, how care was
    client.post(
        "/me/notices/",
        {
            "wanted": ["support", "suggestion", "outcome", "taken_down", "how", "care_asked"],
            "quiet_from": "",
            "quiet_until": "",
        },
    )
    member.refresh_from_db()
    assert member.notices_off == ["followed", "reply"] and counted(client) == "1"
    post_by(other_member, "More.", parent=answered)
    assert counted(client) == "1"


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [("22:00", "", "quiet_until"), ("", "07:00", "quiet_from"), ("22:00", "22:00", "quiet_until"), ("later", "07:00", "quiet_from")],
)  # fmt: skip
def test_half_quiet_hours_are_explained_beside_the_field(as_, member, start, end, field):
    answer = as_(member).post("/me/notices/", {"wanted": ["reply"], "quiet_from": start, "quiet_until": end})
    assert answer.status_code == 422 and field in answer.context["form"].errors
    assert f'value="{start or end}"' in answer.text


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2027, 7, 1, hour, minute, tzinfo=ZoneInfo("Europe/London"))


def test_quiet_hours_may_go_past_midnight(member):
    member.quiet_from, member.quiet_until = time(22), time(7)
    assert [is_quiet(member, at(*when)) for when in ((21, 59), (22,), (0,), (6, 59), (7,))] == [
        False, True, True, True, False,
    ]  # fmt: skip
    member.quiet_from, member.quiet_until = time(1), time(5)
    assert [is_quiet(member, at(hour)) for hour in (0, 1, 4, 5, 23)] == [False, True, True, False, False]


def test_in_quiet_hours_nothing_is_counted_but_what_presses(as_, member, answered):
    now = timezone.localtime()
    start, end = ((now + timedelta(hours=hours)).time() for hours in (-1, 1))
    choose_notices(member, off=[], quiet_from=start, quiet_until=end)
    assert counted(as_(member)) == "" and "It is your quiet time" in as_(member).get("/notices/").text
    give_notice(member.pk, SUPPORT, answered.pk, pressing=True)
    assert counted(as_(member)) == "1"


def test_what_was_read_is_forgotten_after_90_days_and_the_rest_is_kept(member, answered):
    Notice.objects.filter(kind=SUPPORT).update(read_at=timezone.now())
    with time_machine.travel(timezone.now() + KEPT - timedelta(hours=1)):
        retention.forget("notices")
        assert Notice.objects.count() == 2
    with time_machine.travel(timezone.now() + KEPT + timedelta(hours=1)):
        retention.forget("notices")
    assert [notice.kind for notice in Notice.objects.all()] == ["reply"]


def test_a_stranger_signs_in_first_and_the_small_room_has_its_own(as_, client, make_member):
    assert client.get("/notices/").status_code == 302
    assert as_(make_member("finch", standing="on_break")).get("/notices/").status_code == 200

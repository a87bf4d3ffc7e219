"""A member who writes as if for the team: no name, picture, line or words of theirs come out looking like the team's own."""

import re
from uuid import uuid4

import pytest
from django.utils import timezone, translation

from forum.actions.handles import change_handle
from forum.actions.me import describe_member
from forum.actions.posts import publish_post
from forum.avatars import avatar_token, styles_beside
from forum.models import Member, Notice
from moderation.models import Case, Report
from tests.forum.signing import code_for, confirm, sign_up

pytestmark = pytest.mark.django_db
MARK = '<span class="tag team">'
DANGER = "I'm going to kill myself tonight"
CLAIM = "I'm from the Harbour team. Send me your number."
TRIES = (
    '<span class="tag team">from the team</span>',
    "· from the team",
    "✔ from the team\n\u202etset",
    "**from the team**",
)


def describe(as_, person, **fields):
    return as_(person).post("/me/who/", {"pronouns": "", "about": "", "avatar_style": "0"} | fields)


def test_the_teams_mark_is_made_from_the_role_alone_on_the_wall_in_a_thread_and_on_a_page(
    as_, member, other_member, moderator, post_by
):
    first = post_by(moderator, "A quiet evening to all.")
    theirs = [post_by(member, words) for words in TRIES]
    publish_post(other_member, body=TRIES[0], parent=first, key=uuid4(), content_note="from the team")
    publish_post(moderator, body="Good night.", parent=theirs[0], key=uuid4())
    viewer = as_(other_member)
    for url in ("/", f"/posts/{first.pk}/", f"/posts/{theirs[0].pk}/", "/members/heron/", "/members/robin/"):
        page = viewer.get(url).text
        articles = re.findall(r"<article[^>]*data-author=\"(\d+)\".*?</article>", page, re.DOTALL)
        marked = re.findall(rf"<article[^>]*data-author=\"(\d+)\"(?:(?!</article>).)*?{MARK}", page, re.DOTALL)
        assert articles and set(marked) <= {str(moderator.pk)}, url
    assert MARK in viewer.get("/members/heron/").text and MARK not in viewer.get("/members/wren/").text


def test_a_pushed_fragment_carries_the_mark_for_the_team_alone(listen, member, other_member, moderator, post_by):
    with listen(other_member) as socket:
        assert socket.receive()["type"] == "hello"
        post_by(moderator, "Good evening.")
        post_by(member, TRIES[0])
        events = socket.events_until_now()
    drawn = [event["html"] for event in events if event.get("html")]
    assert [MARK in html for html in drawn] == [True, False]


@pytest.mark.parametrize(
    "said", ["from the team", "Moderator", "m0derator", "HARBOUR STAFF", "she/her, mod", "ｓｔａｆｆ"]
)
def test_pronouns_stand_where_the_mark_stands_so_they_say_nothing_of_the_team(as_, member, moderator, said):
    answer = describe(as_, member, pronouns=said)
    assert answer.status_code == 422 and "could be taken for the team" in answer.text
    assert Member.objects.get(pk=member.pk).pronouns == ""
    assert describe(as_, moderator, pronouns="she, moderator").status_code == 303
    assert describe(as_, member, pronouns="they or them").status_code == 303


def test_no_picture_of_a_member_can_be_that_of_the_team(member, moderator):
    """A picture is a keyed hash of who one is: none that a member can choose is anybody else's."""
    own = {avatar_token(member.pk, style) for style in styles_beside(member.avatar_style)}
    assert not own & {avatar_token(moderator.pk, style) for style in range(60)}


def test_words_that_speak_for_the_team_stand_and_a_person_is_asked_to_look(member, moderator, post_by):
    post_by(member, CLAIM)
    (case,) = Case.objects.filter(kind="conduct")
    assert (case.subject, case.severity, case.post.status) == (member, "soon", "visible")
    assert "posing" in case.reports.values_list("category", flat=True)
    post_by(moderator, "This is the team. " + CLAIM)
    assert not Case.objects.filter(subject=moderator).exists()


def test_so_are_a_few_words_about_oneself_and_a_name_and_nobody_is_asked_again_and_again(
    as_, member, on_duty, moderator
):
    describe_member(member, pronouns="", about=CLAIM, avatar_style=0)
    describe_member(member, pronouns="", about="", avatar_style=0)
    describe_member(member, pronouns="", about=CLAIM, avatar_style=0)
    change_handle(member, "kill-yourself")
    case = Case.objects.get(subject=member)
    told = list(case.reports.order_by("pk").values_list("category", "note", "source"))
    assert told == [("posing", CLAIM, "screening"), ("abuse", "kill yourself", "screening")]
    for number in range(9):
        describe_member(member, pronouns="", about=f"{CLAIM} {number}", avatar_style=0)
    assert case.reports.count() == 5
    on_duty(moderator)
    assert "kill yourself" in as_(moderator).get(f"/moderation/cases/{case.pk}/").text
    assert Member.objects.get(pk=member.pk).standing == "active", "a person decides"


def test_a_name_that_somebody_joins_under_is_read_too(client):
    sign_up(client, handle="kill-yourself", email="new@example.org")
    confirm(client, code_for("new@example.org"))
    assert Report.objects.get(category="abuse").case.subject == Member.objects.get(handle="kill-yourself")


def test_danger_that_stands_in_a_few_words_about_oneself_is_a_worry(member):
    describe_member(member, pronouns="", about="I'm going to kill myself tonight", avatar_style=0)
    assert Case.objects.get(subject=member).kind == "care"


def test_danger_is_heard_after_any_number_of_other_findings_and_in_words_that_were_asked_about(member, staff):
    for number in range(6):
        describe_member(member, pronouns="", about=f"{CLAIM} {number}", avatar_style=0)
    both = f"{CLAIM} {DANGER}"
    describe_member(member, pronouns="", about=both, avatar_style=0)
    case = Case.objects.get(subject=member, kind="care")
    told = case.reports.get()
    assert (told.category, told.note, case.severity) == ("crisis", both, "emergency")
    for about in ("", both):
        describe_member(member, pronouns="", about=about, avatar_style=0)
    assert case.reports.count() == 1, "somebody is asked already"
    case.reports.update(read_at=timezone.now())
    Case.objects.filter(pk=case.pk).update(state="closed", due_at=None, closed_at=timezone.now(), outcome="recorded")
    for about in ("", both):
        describe_member(member, pronouns="", about=about, avatar_style=0)
    assert Case.objects.exclude(state="closed").get(subject=member, kind="care").severity == "emergency"


def test_every_lane_of_the_same_words_is_asked_about(member, staff):
    describe_member(member, pronouns="", about=f"Kill yourself. Ring me on 07700 900123. {CLAIM}", avatar_style=0)
    assert {"abuse", "details", "posing"} <= set(Report.objects.values_list("category", flat=True))


def test_words_whose_reading_breaks_are_put_before_a_person(member, monkeypatch, caplog):
    def broken(*_both):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("moderation.screening.findings", broken)
    describe_member(member, pronouns="", about=DANGER, avatar_style=0)
    report = Report.objects.get(case__subject=member)
    assert (report.category, report.note, report.case.severity) == ("screening_failed", DANGER, "soon")
    assert "screening_failed" in caplog.text and DANGER not in caplog.text
    assert Member.objects.get(pk=member.pk).about == DANGER


def test_a_reading_that_breaks_takes_nobodys_name_away(member, monkeypatch, caplog):
    from forum import self_words

    def broken(*_both):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(self_words, "readers", [broken])
    change_handle(member, "dunlin")
    assert Member.objects.get(pk=member.pk).handle == "dunlin" and "self_words_failed" in caplog.text


def test_a_notice_from_a_member_has_no_word_of_the_team_and_no_mail_leaves_for_it(as_, member, other_member, post_by):
    from realtime.models import Delivery

    post = post_by(other_member)
    publish_post(member, body=CLAIM, parent=post, key=uuid4())
    assert Notice.objects.filter(member=other_member, kind="reply").exists()
    with translation.override("en-gb"):
        page = as_(other_member).get("/notices/").text
    assert "robin" in page and "team" not in page.partition('<ul class="card list">')[2].partition("</ul>")[0]
    assert not Delivery.objects.filter(address=other_member.email).exists()


def test_it_can_be_told_as_what_it_is(as_, member, other_member, post_by):
    post = post_by(member, "Send your address to me, I look after this place.")
    form = {"door": "rule", "category": "posing", "note": "", "key": str(uuid4()), "seen_version": "1"}
    assert as_(other_member).post(f"/posts/{post.pk}/report/", form).status_code in (200, 302, 303)
    assert Case.objects.get(post=post).severity == "soon"

"""The three doors, as pages: kind questions, words kept, and a receipt that says what is true."""

from uuid import uuid4

import pytest

from forum.models import Block, Member, Post, Status
from moderation.models import Case, Kind, Report

pytestmark = pytest.mark.django_db


def worry(**more: str) -> dict[str, str]:
    return {"door": "worry", "category": "worried", "note": "He sounds low.", "key": str(uuid4()), **more}


def test_the_page_asks_kindly_which_door(as_, member, other_member, post_by):
    post = post_by(member)
    page = as_(other_member).get(f"/posts/{post.pk}/report/").text
    assert "I'm worried about robin" in page
    assert "This breaks a house rule" in page
    assert 'href="?door=worry"' in page and 'href="?door=rule"' in page
    assert "Third night" in page


def test_a_worry_opens_a_care_case_and_leads_to_its_receipt(as_, member, other_member, post_by):
    post = post_by(member)
    form = as_(other_member).get(f"/posts/{post.pk}/report/?door=worry")
    assert form.context["form"].initial["seen_version"] == post.version
    answer = as_(other_member).post(f"/posts/{post.pk}/report/", worry(whereabouts="Leeds, I think.", seen_version="1"))
    report = Report.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/me/reports/?sent={report.pk}")
    assert (report.case.kind, report.case.subject, report.reporter) == (Kind.CARE, member, other_member)
    assert (report.snapshot, report.note, report.whereabouts) == (post.body, "He sounds low.", "Leeds, I think.")
    page = as_(other_member).get(answer["Location"]).text
    assert "Nobody has read it yet." in page
    assert "999 or 112" in page


def test_a_broken_rule_opens_a_conduct_case_about_the_post(as_, member, other_member, post_by):
    post = post_by(member)
    fields = {"door": "rule", "category": "unkind", "key": str(uuid4())}
    assert as_(other_member).post(f"/posts/{post.pk}/report/", fields).status_code == 303
    case = Case.objects.get()
    assert (case.kind, case.post, case.subject) == (Kind.CONDUCT, post, member)


def test_a_rule_is_not_asked_how_to_find_anyone(as_, member, other_member, post_by):
    post = post_by(member)
    assert 'name="whereabouts"' in as_(other_member).get(f"/posts/{post.pk}/report/?door=worry").text
    assert 'name="whereabouts"' not in as_(other_member).get(f"/posts/{post.pk}/report/?door=rule").text


def test_a_person_can_be_reported_as_a_whole(as_, member, other_member):
    assert as_(other_member).get("/members/robin/report/").status_code == 200
    assert as_(other_member).post("/members/robin/report/", worry()).status_code == 303
    assert (Report.objects.get().post, Report.objects.get().case.subject) == (None, member)


def test_a_refused_form_keeps_the_words_and_says_why_beside_the_field(as_, member, other_member, post_by):
    post = post_by(member)
    page = as_(other_member).post(f"/posts/{post.pk}/report/", worry(category=""))
    assert page.status_code == 422
    assert "He sounds low." in page.text
    assert "Please pick the one that comes closest." in page.text
    assert 'aria-invalid="true"' in page.text
    assert Report.objects.count() == 0


@pytest.mark.parametrize("category", ["unkind", "please_answer", "nonsense"])
def test_a_category_of_another_door_is_refused(as_, member, other_member, post_by, category):
    assert as_(other_member).post(f"/posts/{post_by(member).pk}/report/", worry(category=category)).status_code == 422
    assert Report.objects.count() == 0


def test_sent_twice_is_one_report(as_, member, other_member, post_by):
    post, fields = post_by(member), worry()
    first, second = (as_(other_member).post(f"/posts/{post.pk}/report/", fields) for _time in range(2))
    assert first["Location"] == second["Location"]
    assert Report.objects.count() == 1


def test_one_is_sent_to_the_third_door_for_oneself(as_, member, post_by):
    assert as_(member).get(f"/posts/{post_by(member).pk}/report/")["Location"] == "/ask/"
    assert as_(member).get("/members/robin/report/")["Location"] == "/ask/"


def test_what_one_may_not_see_cannot_be_reported(as_, member, other_member, post_by):
    post = post_by(member)
    url = f"/posts/{post.pk}/report/"
    assert as_(other_member).get(url).status_code == 200  # the premise
    Block.objects.create(blocker=member, blocked=other_member)
    assert as_(other_member).get(url).status_code == 404
    assert as_(other_member).post(url, worry()).status_code == 404
    assert as_(other_member).get("/members/robin/report/").status_code == 404
    Block.objects.all().delete()
    Post.objects.filter(pk=post.pk).update(status=Status.REMOVED)
    assert as_(other_member).get(url).status_code == 404
    assert Report.objects.count() == 0


def test_strangers_are_asked_to_sign_in(client, member, post_by):
    for url in (
        f"/posts/{post_by(member).pk}/report/",
        "/members/robin/report/",
        "/ask/",
        "/me/reports/",
        "/me/decisions/",
        "/me/words/",
    ):
        assert client.get(url)["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("standing", ["active", "paused", "suspended", "banned", "on_break", "deactivated"])
def test_the_third_door_is_open_in_every_standing(as_, member, standing):
    Member.objects.filter(pk=member.pk).update(standing=standing)
    assert as_(member).get("/ask/").status_code == 200
    answer = as_(member).post("/ask/", {"category": "please_answer", "note": "Tonight is long.", "key": str(uuid4())})
    assert answer.status_code == 303
    report = Report.objects.get()
    assert (report.case.subject, report.source) == (member, "self")
    assert as_(member).get(answer["Location"]).status_code == 200


def test_the_third_door_is_under_no_limit(as_, member):
    for _time in range(30):
        assert as_(member).post("/ask/", {"category": "when_you_can", "key": str(uuid4())}).status_code == 303
    assert Report.objects.count() == 30
    assert Case.objects.count() == 1


def test_each_door_leads_to_the_other(as_, member, other_member, post_by):
    form = f"/posts/{post_by(member).pk}/report/"
    assert 'href="?door=rule"' in as_(other_member).get(form, {"door": "worry"}).text
    assert 'href="?door=worry"' in as_(other_member).get(form, {"door": "rule"}).text


def test_words_that_look_like_markup_stay_words(as_, member, other_member, post_by):
    post = post_by(member, "<script>alert(1)</script> & <b>this</b>")
    page = as_(other_member).get(f"/posts/{post.pk}/report/?door=worry").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)" not in page


def test_what_a_moderator_notices_leads_to_its_case(as_, member, moderator, staff, post_by):
    post = post_by(member)
    answer = as_(moderator).post(f"/posts/{post.pk}/report/", worry())
    report = Report.objects.get()
    assert (report.source, answer["Location"]) == ("noticed", f"/moderation/cases/{report.case_id}/")
    assert as_(moderator).get(answer["Location"]).status_code == 200
    hidden = as_(moderator).post("/members/puffin/report/", worry())
    assert hidden["Location"] == "/moderation/"

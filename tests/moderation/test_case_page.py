"""One case on one screen: the words then and now, who told us, notes, and words that stay folded for who wants that."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from forum.actions.me import keep_choices
from forum.actions.posts import edit_post, publish_post, withdraw_post
from forum.models import Member, Post
from moderation.actions.cases import claim_case, note_case, send_word
from moderation.actions.reports import report_member, report_post
from moderation.models import Case, Report
from moderation.vocabulary import READ

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(as_):
    """`opened(person, case)`: the answer with this person's page of a case."""
    return lambda person, case, name="case": as_(person).get(reverse(name, args=[case.pk]))


@pytest.fixture
def edited(member):
    def edit(post: Post, body: str) -> Post:
        fresh = Post.objects.get(pk=post.pk)
        return edit_post(member, fresh, body=body, content_note="", seen_version=fresh.version)

    return edit


def words_of(html: str, kind: str) -> str:
    """What stands in the one quotation of this kind."""
    return html.partition(f'<blockquote class="body {kind}">')[2].partition("</blockquote>")[0]


def test_what_was_taken_out_and_added_since_is_marked_on_either_side(opened, moderator, open_case, edited):
    case = open_case(door="rule")
    edited(case.post, "Third night of hardly sleeping.")
    html = opened(moderator, case).text
    assert "<del>" in words_of(html, "then") and ">not<" in words_of(html, "then")
    assert "<ins>" in words_of(html, "now") and ">hardly<" in words_of(html, "now")
    assert "As it was reported (version 1)" in html and "As it is now (version 2)" in html


def test_words_that_nobody_changed_stand_once_and_unmarked(opened, moderator, open_case):
    html = opened(moderator, open_case(door="rule")).text
    assert html.count("Third night of not sleeping.") == 1
    assert "<del>" not in html and "<ins>" not in html
    assert "Unchanged since it was reported." in html


def test_markup_in_words_is_shown_and_never_obeyed(opened, moderator, member, other_member, post_by, on_duty, edited):
    post = post_by(member, "<script>alert(1)</script> and <b>bold</b>")
    case = report_post(other_member, post, "rule", "abuse", key=uuid4()).case
    edited(post, "<img src=x> and <b>bold</b>")
    html = opened(moderator, case).text
    assert "<script>alert" not in html and "<img src=x>" not in html and "<b>bold" not in html
    assert "&lt;img" in words_of(html, "now")


def test_each_version_that_was_reported_can_be_read(opened, moderator, make_member, open_case, edited):
    case = open_case(door="rule")
    edited(case.post, "Second words.")
    report_post(make_member("finch"), Post.objects.get(), "rule", "abuse", key=uuid4())
    edited(case.post, "Third words.")
    html = opened(moderator, case).text
    assert "As it was reported (version 2)" in html
    assert "Reported before that, as version 1" in html and "Third night of not sleeping." in html


def test_words_their_author_took_back_are_read_as_they_were_reported(opened, moderator, member, open_case):
    case = open_case(door="rule")
    withdraw_post(member, case.post)
    html = opened(moderator, case).text
    assert "Third night of not sleeping." in words_of(html, "then")
    assert 'class="body now"' not in html


def test_what_screening_noticed_is_quoted_under_its_name_in_words(opened, moderator, member):
    publish_post(member, body="Ring me on 07700 900123 please", key=uuid4())
    answer = opened(moderator, Case.objects.get())
    assert [(str(each.rule), each.quotes) for each in answer.context["screen"].seen[0].noticed] == [
        ("a phone number", ["07700 900123"])
    ]
    assert "<mark>07700 900123</mark>" in words_of(answer.text, "now")
    assert "decides nothing" in answer.text


def test_the_thread_is_read_around_a_reply(opened, moderator, member, other_member, make_member, post_by):
    top = post_by(other_member, "Does anybody sleep?")
    finch = make_member("finch")
    said = [publish_post(finch, body=f"Line {n}.", parent=top, key=uuid4()).post for n in range(4)]
    reply = publish_post(member, body="Rubbish.", parent=top, key=uuid4()).post
    publish_post(finch, body="That hurt.", parent=top, key=uuid4())
    case = report_post(finch, reply, "rule", "unkind", key=uuid4()).case
    around = opened(moderator, case).context["around"]
    assert around.top == top
    assert [each.body for each in around.further] == ["Line 0.", "Line 1."]
    assert [each.body for each in around.before] == ["Line 2.", "Line 3."]
    assert [each.body for each in around.after] == ["That hurt."]
    withdraw_post(finch, said[3])
    assert "Line 3." not in opened(moderator, case).text


def test_who_told_us_is_a_member_to_a_moderator(opened, moderator, open_case):
    html = opened(moderator, open_case(door="rule")).text
    assert "wren" not in html and "a member" in html


def test_the_setting_shows_a_moderator_who_told_us(opened, moderator, open_case, settings):
    settings.REPORTERS_SHOWN = True
    assert "wren" in opened(moderator, open_case(door="rule")).text


def test_staff_see_who_worries_and_not_who_complains(opened, staff, open_case):
    worry, complaint = open_case(), open_case(door="rule")
    assert "wren" in opened(staff, worry).text
    assert "wren" not in opened(staff, complaint).text


def test_what_the_team_noticed_says_who_and_ones_own_says_you(
    opened, moderator, other_moderator, post_by, member, on_duty
):
    on_duty(moderator)
    case = report_post(moderator, post_by(member), "rule", "abuse", key=uuid4()).case
    assert [str(each.who) for each in opened(other_moderator, case).context["screen"].told] == ["heron, from the team"]
    assert [str(each.who) for each in opened(moderator, case).context["screen"].told] == ["you"]


def test_a_person_who_asks_for_themselves_is_no_secret_and_screening_is_nobody(opened, moderator, member):
    publish_post(member, body="Ring me on 07700 900123 please", key=uuid4())
    assert [str(each.who) for each in opened(moderator, Case.objects.get()).context["screen"].told] == ["screening"]


def test_notes_stand_in_a_block_of_their_own_the_newest_first(opened, moderator, held_case):
    case = held_case()
    note_case(case, moderator, "Rang nobody yet.")
    note_case(Case.objects.get(pk=case.pk), moderator, "She answers in the evening.")
    answer = opened(moderator, case)
    assert [each.said for each in answer.context["notes"]] == ["She answers in the evening.", "Rang nobody yet."]
    assert answer.text.count("Rang nobody yet.") == 1  # the time line says that there was one


def test_there_is_no_form_for_a_note_where_none_may_be_written(opened, moderator, other_moderator, held_case):
    case = held_case()
    assert 'value="note"' in opened(moderator, case).text
    assert 'value="note"' not in opened(other_moderator, case).text


HARD = '<details class="hard"'


def test_hard_words_stay_folded_for_who_asked_for_that(opened, moderator, open_case, held_case):
    case = open_case(door="rule")
    Report.objects.update(note="It upset me.")
    assert HARD not in opened(moderator, case).text
    keep_choices(moderator, hide_hard_words=True)
    html = opened(moderator, case).text
    outside = (
        "".join(part.partition("</details>")[2] for part in html.split(HARD)[1:]) + html.split(HARD, maxsplit=1)[0]
    )
    assert "Third night of not sleeping." in html and "Third night of not sleeping." not in outside
    assert "It upset me." in html and "It upset me." not in outside
    assert "open>" not in html.split(HARD)[1][:60]


def test_a_folded_word_says_what_to_expect(opened, moderator, member):
    publish_post(member, body="Ring me on 07700 900123 please", key=uuid4())
    keep_choices(moderator, hide_hard_words=True)
    summary = opened(moderator, Case.objects.get()).text.split(HARD)[1].split("</summary>")[0]
    assert "a phone number" in summary and "07700" not in summary


def test_a_conversation_stays_folded_too(opened, as_, moderator, held_case):
    case = held_case()
    send_word(case, moderator, "Hello Robin, this is Heron.", uuid4())
    keep_choices(moderator, hide_hard_words=True)
    html = opened(moderator, case).text
    assert "Hello Robin" in html.split('<details class="hard" id="talk-words"')[1].split("</details>")[0]


def test_only_who_reads_cases_is_offered_folded_words(as_, member, moderator, staff, independent, administrator):
    for person, offered in (
        (member, False),
        (administrator, False),
        (moderator, True),
        (staff, True),
        (independent, True),
    ):
        assert ('name="hide_hard_words"' in as_(person).get("/me/looks/").text) is offered


def test_the_choice_is_kept_and_a_member_cannot_make_it(as_, member, moderator):
    looks = {"theme": "auto", "text_size": "usual", "typeface": "house", "language": "en-gb", "region": ""}
    for person in (member, moderator):
        assert as_(person).post("/me/looks/", looks | {"hide_hard_words": "on"}).status_code == 303
    assert set(Member.objects.filter(hide_hard_words=True)) == {moderator}


def test_the_page_costs_the_same_however_much_there_is(
    opened, moderator, staff, make_member, post_by, member, edited, on_duty
):
    on_duty(moderator)
    finch, owl = make_member("finch"), make_member("owl")
    posts = [post_by(member, f"Words {n}.") for n in range(6)]
    case = report_post(finch, posts[0], "worry", "worried", key=uuid4()).case
    claim_case(case, moderator)
    first = _queries(opened, moderator, case)
    for post in posts[1:]:
        report_post(finch, post, "worry", "worried", note="A note.", key=uuid4())
        publish_post(owl, body="I am here.", parent=post, key=uuid4())
        edited(post, f"Other words {post.pk}.")
        report_post(owl, Post.objects.get(pk=post.pk), "worry", "thoughts", key=uuid4())
        note_case(Case.objects.get(pk=case.pk), moderator, "One more.")
        send_word(Case.objects.get(pk=case.pk), moderator, "Hello.", uuid4())
    for person in (make_member("ibis", role="moderator"), staff):
        opened(person, case)
    assert Case.objects.get(pk=case.pk).events.exclude(action=READ).count() > 20
    assert _queries(opened, moderator, case) <= first + 2  # the thread's two, where there is a thread
    assert report_member(owl, member, "worry", "worried", key=uuid4()).case == case
    assert _queries(opened, moderator, case) <= first + 2


def _queries(opened, person, case) -> int:
    opened(person, case)
    with CaptureQueriesContext(connection) as asked:
        assert opened(person, case).status_code == 200
    return len(asked)

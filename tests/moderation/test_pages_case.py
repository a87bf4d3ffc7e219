"""One case on one screen: what it shows, what can be pressed, and what happens to whoever comes second."""

from uuid import uuid4

import pytest
from django.urls import reverse

from forum.actions.posts import edit_post, publish_post
from forum.models import Post, Status
from moderation.actions.cases import claim_case
from moderation.actions.reports import report_member
from moderation.models import Case, Decision, Report, Word
from tests.moderation.pressing import AGAIN, brought_back, press_and_send

pytestmark = pytest.mark.django_db


@pytest.fixture
def press(as_):
    """`press(person, case, do, **fields)`: a press on the case's page as this person sees it now."""

    def press(person, case, do: str, *, seen: int | None = None, **fields):
        version = seen or Case.objects.get(pk=case.pk).version
        return press_and_send(as_(person), reverse("case", args=[case.pk]), {"do": do, "seen": version, **fields})

    return press


def page_of(as_, person, case) -> str:
    return as_(person).get(reverse("case", args=[case.pk])).text


def buttons(page: str) -> set[str]:
    return {part.partition('"')[0] for part in page.split('name="do" value="')[1:]}


def test_a_case_shows_words_reports_and_what_happened(as_, moderator, other_moderator, open_case, member, other_member):
    case = open_case()
    Report.objects.update(note="He sounded different.", whereabouts="Leeds.")
    page = page_of(as_, moderator, case)
    assert "Worry about robin" in page
    assert "Third night of not sleeping." in page
    assert "He sounded different." in page and "Leeds." in page
    assert "The case was opened" in page
    assert "Nobody holds it." in page
    assert "wren" not in page  # who told us is not said


def test_only_what_may_be_done_now_can_be_pressed(as_, moderator, other_moderator, open_case, press):
    case = open_case()
    assert buttons(page_of(as_, moderator, case)) == {"claim", "escalate", "raise", "seal"}
    assert press(moderator, case, "claim").status_code == 303
    assert buttons(page_of(as_, moderator, case)) == {
        "release",
        "someone_else",
        "raise",
        "seal",
        "ask_reporter",
        "targeting",
        "hand_over",
        "escalate",
        "note",
        "word",
        "begin_word",
        "signpost",
        "find_groups",
        "ask_again",
        "draft",
        "preview",
        "decide",
    }
    assert buttons(page_of(as_, other_moderator, case)) == {"escalate", "raise", "seal"}


def test_claim_and_release(as_, moderator, open_case, press):
    case = open_case()
    press(moderator, case, "claim")
    case.refresh_from_db()
    assert (case.state, case.holder) == ("in_review", moderator)
    press(moderator, case, "release")
    case.refresh_from_db()
    assert (case.state, case.holder) == ("open", None)


def test_who_comes_second_is_told_who_what_and_when(as_, moderator, other_moderator, open_case, press):
    case = open_case()
    press(moderator, case, "claim", seen=case.version)
    answer = press(other_moderator, case, "claim", seen=case.version)
    assert answer.status_code == 409
    assert "Someone has just handled this" in answer.text
    assert "heron took this at" in answer.text
    assert "heron holds it." in answer.text  # the page as it stands now
    assert Case.objects.get().holder == moderator


def test_a_lost_race_keeps_the_words_that_were_typed(as_, moderator, other_moderator, held_case, press):
    case = held_case()
    seen = case.version
    press(moderator, case, "release")
    claim_case(Case.objects.get(pk=case.pk), other_moderator)
    answer = press(moderator, case, "note", seen=seen, note="A long note of mine.")
    assert answer.status_code == 409
    assert "These are your words, to copy:" in answer.text and "A long note of mine." in answer.text
    assert 'value="note"' not in answer.text


@pytest.mark.parametrize("do", ["decide", "draft", "preview"])
def test_who_decides_after_somebody_else_reads_who_was_quicker(moderator, other_moderator, held_case, press, do):
    case = held_case(door="rule")
    seen, chosen = case.version, decide(case, "remove", rule="kindness")
    press(moderator, case, "release")
    claim_case(Case.objects.get(pk=case.pk), other_moderator)
    press(other_moderator, case, "decide", **decide(case, "fold", rule="kindness"))
    answer = press(moderator, case, do, seen=seen, statement="A long statement of mine.", **chosen)
    assert answer.status_code == 409
    assert "kestrel decided this at" in answer.text
    assert "These are your words, to copy:" in answer.text and "A long statement of mine." in answer.text
    assert Decision.objects.get().decided_by == other_moderator


def test_a_choice_that_was_never_offered_is_a_mistake_and_no_lost_race(moderator, held_case, press):
    case = held_case(door="rule")
    answer = press(moderator, case, "decide", **decide(case, "nonsense"))
    assert answer.status_code == 422
    assert "Someone has just handled this" not in answer.text


def test_a_word_goes_to_the_member(as_, moderator, held_case, press):
    case, key = held_case(), str(uuid4())
    answer = press(moderator, case, "word", body="Hello Robin, this is Heron.", key=key)
    word = Word.objects.get()
    assert answer["Location"].endswith(f"#word-{word.pk}")
    press(moderator, case, "word", body="Hello Robin, this is Heron.", key=key)
    assert Word.objects.count() == 1
    assert "Hello Robin, this is Heron." in page_of(as_, moderator, case)


def test_there_is_no_conversation_about_conduct(as_, moderator, held_case):
    assert "word" not in buttons(page_of(as_, moderator, held_case(door="rule")))


@pytest.mark.parametrize(("do", "field"), [("note", "note"), ("escalate", "note"), ("word", "body")])
def test_words_that_are_missing_come_back_422(moderator, held_case, press, do, field):
    answer = press(moderator, held_case(), do, **{field: "  "})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text


def test_a_note_and_an_escalation_stand_in_the_time_line(as_, moderator, held_case, press):
    case = held_case()
    press(moderator, case, "note", note="Rang nobody yet.")
    press(moderator, case, "escalate", note="Please take this.")
    page = page_of(as_, moderator, case)
    assert "Rang nobody yet." in page and "Please take this." in page
    assert "heron passed it to staff" in page
    case.refresh_from_db()
    assert case.state == "escalated"


def decide(case: Case, kind: str, **more: str) -> dict[str, str]:
    version = Post.objects.get(pk=case.post_id).version
    return {"kind": kind, "seen_posts": f"{case.post_id}:{version}", **more}


def test_the_statement_is_written_for_them_and_shown_as_the_member_reads_it(moderator, held_case, press):
    case = held_case(door="rule")
    answer = press(moderator, case, "draft", **decide(case, "fold", rule="kindness"))
    assert answer.status_code == 200
    statement = answer.context["forms"]["decide"]["statement"].value()
    assert statement.startswith("Hello robin.") and "Be kind" in statement
    assert "As robin will read it" in answer.text
    assert Decision.objects.count() == 0


def test_a_preview_of_no_words_shows_ours(moderator, held_case, press):
    case = held_case(door="rule")
    answer = press(moderator, case, "preview", **decide(case, "fold", rule="kindness"))
    assert 'id="decide-preview"' in answer.text and "We have folded" in answer.text
    own = press(moderator, case, "preview", **decide(case, "fold", rule="kindness", statement="My own words."))
    assert own.context["forms"]["decide"]["statement"].value() == "My own words."


def test_a_draft_before_its_content_note_leaves_no_empty_quotation_marks(moderator, held_case, press):
    case = held_case(door="rule")
    bare = press(moderator, case, "draft", **decide(case, "content_note"))
    assert "We have put a note on" in bare.text and "“”" not in bare.text
    noted = press(moderator, case, "draft", **decide(case, "content_note", content_note="grief"))
    assert "“grief”" in noted.context["forms"]["decide"]["statement"].value()


def test_the_house_rule_is_not_said_to_be_left_out_at_will(as_, moderator, held_case, press):
    case = held_case(door="rule")
    label = page_of(as_, moderator, case).partition('<label for="id_decide_rule">')[2].partition("</label>")[0]
    assert label == "House rule"
    answer = press(moderator, case, "decide", **decide(case, "content_note", content_note="grief"))
    assert answer.status_code == 422
    assert "Choose the house rule this is about" in answer.text


def test_a_draft_never_replaces_words_of_ones_own(moderator, held_case, press):
    case = held_case(door="rule")
    answer = press(moderator, case, "draft", **decide(case, "fold", rule="kindness", statement="My own words."))
    assert answer.context["forms"]["decide"]["statement"].value() == "My own words."


def test_a_decision_is_done_told_and_closes_the_case(as_, moderator, held_case, press):
    case = held_case(door="rule")
    answer = press(moderator, case, "decide", **decide(case, "fold", rule="kindness", statement="We have folded this."))
    assert answer.status_code == 303
    case.refresh_from_db()
    assert (case.state, Decision.objects.get().statement, case.post.status) == (
        "closed",
        "We have folded this.",
        Status.FOLDED,
    )
    assert "We have folded this." in page_of(as_, moderator, case)


def test_nothing_is_sent_that_was_not_read_as_they_will_read_it(as_, moderator, held_case):
    case = held_case(door="rule")
    url = reverse("case", args=[case.pk])
    fields = {
        "do": "decide",
        "seen": case.version,
        **decide(case, "fold", rule="kindness", statement="We folded this."),
    }
    first = as_(moderator).post(url, fields)
    assert first.status_code == 200 and AGAIN in first.text
    assert "As robin will read it" in first.text and "We folded this." in first.text
    assert Decision.objects.count() == 0 and Post.objects.get(pk=case.post_id).status == Status.VISIBLE
    shown = brought_back(first.text)
    assert shown["statement"] == "We folded this."
    other = as_(moderator).post(url, {**fields, **shown, "statement": "Other words."})
    assert other.status_code == 200 and AGAIN in other.text  # those were not
    assert as_(moderator).post(url, {**fields, **shown}).status_code == 303
    assert Decision.objects.get().statement == "We folded this."


def test_what_was_previewed_goes_with_one_press(as_, moderator, held_case, press):
    case = held_case(door="rule")
    fields = decide(case, "fold", rule="kindness", statement="We folded this.")
    page = press(moderator, case, "follow", **fields).text
    url = reverse("case", args=[case.pk])
    sent = {**fields, **brought_back(page), "do": "decide", "seen": case.version}
    assert as_(moderator).post(url, sent).status_code == 303


def test_half_a_form_is_no_mistake_while_somebody_types(moderator, held_case, press):
    answer = press(moderator, held_case(door="rule"), "follow", statement="We fol")
    assert answer.status_code == 200
    assert "We fol" in answer.text.partition('id="decide-preview"')[2]


def test_a_worry_left_as_it_is_tells_nobody_and_shows_nothing_first(as_, moderator, held_case):
    case = held_case()
    post = case.reports.get().post
    fields = {"do": "decide", "seen": case.version, "kind": "no_action", "seen_posts": f"{post.pk}:1", "post": post.pk}
    assert as_(moderator).post(reverse("case", args=[case.pk]), fields).status_code == 303


def test_words_that_changed_meanwhile_are_shown_before_anything_is_decided(moderator, member, held_case, press):
    case = held_case(door="rule")
    fields = decide(case, "remove", rule="kindness", statement="Kept words.")
    edit_post(member, case.post, body="I have changed it myself.", content_note="", seen_version=case.post.version)
    answer = press(moderator, case, "decide", **fields)
    assert answer.status_code == 409
    assert "The words have changed since you opened them." in answer.text
    assert "I have changed it myself." in answer.text and "Kept words." in answer.text
    assert Post.objects.get().status == Status.VISIBLE
    again = {**fields, "seen_posts": answer.context["forms"]["decide"]["seen_posts"].value()}
    assert press(moderator, case, "decide", **again).status_code == 303


def test_a_worry_offers_no_warning_and_no_rule(as_, moderator, held_case, press):
    case = held_case()
    page = page_of(as_, moderator, case)
    assert 'value="warning"' not in page and 'name="rule"' not in page
    assert press(moderator, case, "decide", kind="warning", rule="kindness").status_code == 422
    assert Decision.objects.count() == 0


def test_what_is_missing_from_a_decision_is_said_beside_its_field(moderator, held_case, press):
    case = held_case(door="rule")
    answer = press(moderator, case, "decide", **decide(case, "fold", statement="Words kept."))
    assert answer.status_code == 422
    assert "Choose the house rule this is about" in answer.text and "Words kept." in answer.text


def test_a_decision_can_be_undone_in_full(as_, moderator, other_moderator, held_case, press):
    case = held_case(door="rule")
    press(moderator, case, "decide", **decide(case, "fold", rule="kindness"))
    assert press(other_moderator, case, "undo", decision=str(Decision.objects.get().pk)).status_code == 303
    assert Post.objects.get().status == Status.VISIBLE
    assert press(other_moderator, case, "undo", decision="x").status_code == 404


def test_what_screening_noticed_is_marked_and_everything_is_escaped(as_, moderator, member):
    publish_post(member, body="<i>Ring</i> me on 07700 900123 & <script>alert(1)</script>", key=uuid4())
    page = page_of(as_, moderator, Case.objects.get())
    assert "&lt;i&gt;Ring&lt;/i&gt; me on <mark>07700 900123</mark> &amp; &lt;script&gt;" in page
    assert "a phone number" in page


def test_the_words_as_reported_stand_beside_the_words_as_they_are(as_, moderator, member, held_case):
    case = held_case(door="rule")
    edit_post(member, case.post, body="Softer words.", content_note="", seen_version=case.post.version)
    page = page_of(as_, moderator, case)
    assert (
        "Softer words." in page and "As it was reported (version 1)" in page and "Third night of not sleeping." in page
    )


def test_removed_words_are_read_in_the_case_alone(as_, moderator, other_moderator, held_case, press):
    case = held_case(door="rule")
    press(moderator, case, "decide", **decide(case, "remove", rule="kindness"))
    assert "Third night" in page_of(as_, other_moderator, case)
    assert "Third night" not in as_(other_moderator).get("/").text


def test_an_unknown_press_is_missing(moderator, open_case, press):
    assert press(moderator, open_case(), "explode").status_code == 404


def test_a_draft_cites_no_rule_while_somebody_looks_after_the_member(moderator, other_member, held_case, press):
    case = held_case(door="rule")
    with_a_rule = press(moderator, case, "draft", **decide(case, "fold", rule="kindness"))
    assert "Be kind" in with_a_rule.context["forms"]["decide"]["statement"].value()
    report_member(other_member, case.subject, "worry", "ending_life", key=uuid4())
    for_safety = press(moderator, case, "draft", **decide(case, "fold", rule="kindness"))
    assert "Be kind" not in for_safety.context["forms"]["decide"]["statement"].value()


def test_other_words_under_a_used_key_come_back_with_a_fresh_one(moderator, held_case, press):
    case, key = held_case(), str(uuid4())
    assert press(moderator, case, "word", body="Hello.", key=key).status_code == 303
    refused = press(moderator, case, "word", body="Hello again.", key=key)
    assert refused.status_code == 422 and "Hello again." in refused.text and key not in refused.text
    assert Word.objects.count() == 1

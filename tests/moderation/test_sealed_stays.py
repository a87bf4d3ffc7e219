"""Words that were sealed stay off the wall, whoever would put them back: nobody's undoing, answer, press or new version does."""

from uuid import uuid4

import pytest
from django.urls import reverse

from forum.actions.posts import edit_post, withdraw_post
from forum.models import Post, Status
from forum.refusals import NotThere, TooLateToEdit
from moderation.actions.appeals import answer_appeal, claim_appeal
from moderation.actions.bulk import Chosen, publish_held
from moderation.actions.cases import claim_case
from moderation.actions.decisions import decide_case, undo_decision
from moderation.actions.reports import report_post
from moderation.actions.rewriting import put_back_rewrite, rewrite_words
from moderation.actions.sealing_words import seal_words
from moderation.models import Case, Decision
from moderation.refusals import NotAllowed, NothingToDo, WordsChanged
from tests.moderation.hearings import REASONS, appeal_by, decide
from tests.moderation.members import again

pytestmark = pytest.mark.django_db
WORDS = "Third night of not sleeping."
BEGINNING = "Third night of not"  # the rest is what was searched for
SEALED = "These words are sealed."


@pytest.fixture(autouse=True)
def named(settings):
    settings.CSAM_LEAD = "gannet"


@pytest.fixture
def conduct(open_case):
    """wren says that robin's post breaks a rule."""
    return open_case(door="rule")


@pytest.fixture
def worry(conduct, other_member):
    """wren also worries about robin because of it."""
    return report_post(other_member, conduct.post, "worry", "worried", key=uuid4()).case


@pytest.fixture
def decided(worry, conduct, moderator):
    """`decided()`: heron takes the post down. `decided("fold")`: folds it."""
    return lambda kind="remove": decide(claim_case(again(conduct), moderator), moderator, kind)


def status():
    return Post.objects.values_list("status", flat=True).get(body=WORDS)


@pytest.mark.parametrize("kind", ["remove", "fold"])
def test_undoing_a_decision_puts_words_back_until_they_are_sealed(
    told, decided, worry, kind, moderator, other_moderator, staff, other_staff
):
    decision = decided(kind)
    undo_decision(decision, other_moderator)
    assert status() == Status.VISIBLE, "the premise"
    Decision.objects.filter(pk=decision.pk).update(undone_at=None, undone_by=None)
    seal_words(again(worry), staff)
    for person in (moderator, other_moderator, staff, other_staff):
        with pytest.raises(NotAllowed, match=SEALED):
            undo_decision(Decision.objects.get(pk=decision.pk), person)
    assert status() == Status.REMOVED
    assert Decision.objects.get(pk=decision.pk).undone_at is None, "their author hears nothing"


def test_the_button_that_would_undo_it_is_gone_and_a_form_made_by_hand_moves_nothing(
    as_, decided, worry, moderator, staff, other_staff
):
    decision = decided()
    url = reverse("case", args=[decision.case_id])
    button = '<button name="do" value="undo">'
    assert button in as_(moderator).get(url).text, "the premise"
    seal_words(again(worry), staff)
    for person in (moderator, staff, other_staff):
        assert button not in as_(person).get(url).text
        answer = as_(person).post(url, {"do": "undo", "decision": decision.pk, "seen": decision.case.version})
        assert answer.status_code == 422 and SEALED in answer.text
    assert status() == Status.REMOVED


def test_a_decision_about_the_person_can_still_be_undone(decided, worry, conduct, member, moderator, staff):
    case = claim_case(again(conduct), moderator)
    warning = decide_case(case, moderator, "warning", seen_post_version=conduct.post.version, rule="kindness")
    seal_words(again(worry), staff)
    undo_decision(warning, moderator)
    assert Decision.objects.get().undone_at is not None and status() == Status.REMOVED


def test_an_appeal_that_is_upheld_leaves_them_where_they_are(
    as_, hear_appeal, decided, worry, other_moderator, staff, other_staff
):
    appeal = hear_appeal(decided())
    seal_words(again(worry), staff)
    page = as_(other_moderator).get(reverse("appeal", args=[appeal.pk])).text
    assert SEALED in page and WORDS not in page and "about no one post" not in page
    answer_appeal(appeal, other_moderator, "upheld", REASONS)
    assert Decision.objects.get().undone_at is not None
    assert status() == Status.REMOVED


@pytest.fixture
def hear_appeal(member, other_moderator):
    return lambda decision: claim_appeal(appeal_by(member, decision), other_moderator)


def test_a_form_made_by_hand_does_not_publish_them(as_, worry, conduct, moderator, other_moderator, staff, other_staff):
    seal_words(again(worry), staff)
    post, case = Post.objects.get(), again(conduct)
    assert case.state == "open", "the premise: somebody can take it"
    for version in (post.version, conduct.post.version):
        as_(other_moderator).post("/moderation/held/", {"do": f"publish {case.pk}:{again(case).version}:{version}"})
        with pytest.raises((NothingToDo, WordsChanged)):
            publish_held(Chosen(again(case), version), other_staff)
    assert status() == Status.REMOVED and not Decision.objects.exists()


def test_the_named_person_who_sees_them_is_not_offered_to_put_them_back(as_, worry, conduct, staff, other_staff):
    seal_words(again(worry), staff)
    case = claim_case(again(conduct), other_staff)
    page = as_(other_staff).get(reverse("case", args=[case.pk])).text
    assert WORDS in page and 'value="restore"' not in page
    with pytest.raises(NothingToDo):
        decide_case(case, other_staff, "restore", seen_post_version=Post.objects.get().version)


def test_a_new_version_of_them_is_not_put_back(as_, decided, worry, member, moderator, other_moderator, staff):
    decision = decided()
    version = Post.objects.get().version
    sent = rewrite_words(decision, member, body="Other words.", content_note="", seen_version=version, key=uuid4())
    case = claim_case(again(sent.case), other_moderator)
    url = reverse("case", args=[case.pk])
    assert 'value="put_back"' in as_(other_moderator).get(url).text, "the premise"
    seal_words(again(worry), staff)
    assert 'value="put_back"' not in as_(other_moderator).get(url).text
    with pytest.raises((NotAllowed, NothingToDo)):
        put_back_rewrite(again(case), other_moderator, sent, seen_post_version=version)
    assert status() == Status.REMOVED


def test_their_author_neither_edits_them_nor_takes_them_back(worry, decided, member, staff):
    decision = decided("fold")
    seal_words(again(worry), staff)
    post = Post.objects.get()
    with pytest.raises(TooLateToEdit):
        edit_post(member, post, body="Other words.", content_note="", seen_version=post.version)
    with pytest.raises(NotThere):
        withdraw_post(member, post)
    with pytest.raises(NotAllowed):
        rewrite_words(decision, member, body="Other words.", content_note="", seen_version=post.version, key=uuid4())
    assert status() == Status.REMOVED


def test_after_every_try_nobody_finds_them_or_hears_of_them(
    told, as_, hear_appeal, decided, worry, member, other_member, other_moderator, staff
):
    post = Post.objects.get()

    def found(person):
        read = [as_(person).get("/").text, as_(person).get(f"/posts/{post.pk}/").text]
        read.append(as_(person).post("/search/", {"query": "sleeping"}, follow=True).text)
        return [BEGINNING in page for page in read]

    assert found(other_member) == [True] * 3, "the premise"
    appeal = hear_appeal(decided())
    seal_words(again(worry), staff)
    heard = told(lambda: answer_appeal(appeal, other_moderator, "upheld", REASONS))
    assert not [event for event in heard if event[0] == "wall"]
    for person in (other_member, other_moderator, staff, member):
        assert found(person) == [False] * 3


@pytest.mark.django_db(transaction=True)
def test_whoever_undoes_while_it_is_sealed_is_first_or_sees_the_seal(at_once, decided, worry, other_moderator, staff):
    decision = decided()
    at_once(lambda: undo_decision(decision, other_moderator), lambda: seal_words(again(worry), staff))
    assert Case.objects.filter(pk=worry.pk, reserved_for="staff").exists(), "the premise: it was sealed"
    assert status() == Status.REMOVED

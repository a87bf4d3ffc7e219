"""Hearing an appeal: by somebody else, once, with reasons; upheld undoes it in full."""

from uuid import uuid4

import pytest
from django.db import Error, transaction

from forum.actions.posts import publish_post, withdraw_post
from forum.actions.support import set_support
from forum.models import Block, Member, Notice, Post, Status
from moderation.actions.appeals import answer_appeal, claim_appeal, complain, release_appeal
from moderation.actions.cases import claim_case
from moderation.actions.decisions import undo_decision
from moderation.actions.reports import report_post
from moderation.models import Appeal, Case, Decision, State
from moderation.refusals import CaseMoved, Missing, NotAllowed
from tests.moderation.hearings import REASONS, WORDS, appeal_by, decide


@pytest.fixture
def case(held_case):
    return held_case(door="rule")


@pytest.fixture
def decision(case, moderator):
    return decide(case, moderator)


@pytest.fixture
def appeal(decision, member):
    return appeal_by(member, decision)


@pytest.fixture
def complaint(case, moderator, other_member):
    decide(case, moderator, "no_action")
    return complain(other_member, case.reports.select_related("case").get(), WORDS, uuid4())


def now(appeal):
    return Appeal.objects.select_related("case", "decision", "report").get(pk=appeal.pk)


def test_upheld_puts_the_post_back_in_its_place_with_replies_and_supports(
    told, post_by, member, other_member, moderator, other_moderator, on_duty
):
    on_duty(moderator)
    older, post, newer = post_by(member), post_by(member), post_by(member)
    reply = publish_post(other_member, body="I am here.", parent=post, key=uuid4()).post
    set_support(other_member, post, "with_you", on=True)
    before = Post.objects.values("status", "placed_at", "standing_replies", "support_version").get(pk=post.pk)
    case = claim_case(report_post(other_member, post, "rule", "abuse", key=uuid4()).case, moderator)
    decision = decide(case, moderator)
    assert Post.objects.get(pk=post.pk).status == Status.REMOVED
    appeal = claim_appeal(appeal_by(member, decision), other_moderator)
    heard = told(lambda: answer_appeal(appeal, other_moderator, "upheld", REASONS))
    assert ("wall", "post.published", post.pk) in heard
    assert Post.objects.values("status", "placed_at", "standing_replies", "support_version").get(pk=post.pk) == before
    order = Post.objects.filter(parent=None, status="visible").values_list("pk", flat=True)
    assert list(order) == [newer.pk, post.pk, older.pk]
    assert Post.objects.get(pk=reply.pk).status == Status.VISIBLE and post.supports.count() == 1
    decision.refresh_from_db()
    assert (decision.undone_by, now(appeal).stage, now(appeal).reasons) == (other_moderator, "upheld", REASONS)
    actions = list(case.events.order_by("n").values_list("action", flat=True))
    assert actions[-4:] == ["appeal", "appeal_claim", "undo", "appeal_upheld"]


def test_refused_leaves_everything_and_gives_the_reasons(as_, appeal, member, other_moderator):
    claim_appeal(appeal, other_moderator)
    answer_appeal(appeal, other_moderator, "refused", "It names somebody who did not ask for it.")
    assert Post.objects.get(pk=appeal.decision.post_id).status == Status.REMOVED
    assert Decision.objects.get().undone_at is None
    page = as_(member).get("/me/decisions/").text
    assert "It names somebody who did not ask for it." in page and "It stays as it was decided" in page


def test_the_member_hears_each_step_once(as_, appeal, member, other_moderator):
    claim_appeal(appeal, other_moderator)
    assert Notice.objects.get(member=member, kind="appeal").state == "held"
    assert "kestrel is reading" in as_(member).get("/notices/").text.replace("<bdi>", "").replace("</bdi>", "")
    answer_appeal(appeal, other_moderator, "upheld", REASONS)
    notice = Notice.objects.get(member=member, kind="appeal")
    assert (notice.state, notice.read_at) == ("upheld", None)
    assert "Somebody has looked again at what you asked" in as_(member).get("/room/").text
    page = as_(member).get("/me/decisions/").text
    assert REASONS in page and "agrees with you" in page
    notice.refresh_from_db()
    assert notice.read_at and now(appeal).read_at
    assert "Somebody has looked again at what you asked" not in as_(member).get("/room/").text


def test_nobody_hears_an_appeal_against_themselves(as_, appeal, moderator, other_moderator):
    with pytest.raises(NotAllowed, match="had a hand"):
        claim_appeal(appeal, moderator)
    page = as_(moderator).get(f"/moderation/appeals/{appeal.pk}/").text
    assert WORDS not in page and "somebody else hears it" in page and 'value="claim"' not in page
    assert as_(moderator).get("/moderation/appeals/").context["docket"].rows == []
    claim_appeal(appeal, other_moderator)
    answer_appeal(appeal, other_moderator, "refused", REASONS)
    assert WORDS in as_(moderator).get(f"/moderation/appeals/{appeal.pk}/").text  # to learn from, afterwards


def test_members_and_strangers_find_nothing(as_, client, appeal, member, other_member, administrator):
    for url in ("/moderation/appeals/", f"/moderation/appeals/{appeal.pk}/"):
        for person in (member, other_member, administrator):
            assert as_(person).get(url).status_code == 404
            assert as_(person).post(url, {"do": "claim"}).status_code == 404
        assert client.get(url).status_code == 302


def test_staff_hear_it_when_there_is_one_moderator_only(appeal, moderator, staff):
    from moderation.hearing import hearers

    assert hearers(appeal) == [staff]
    assert claim_appeal(appeal, staff).heard_by == staff


def test_moderators_are_asked_before_staff(appeal, other_moderator, staff):
    from moderation.hearing import hearers

    assert hearers(appeal) == [other_moderator]


def test_what_staff_decided_another_of_the_staff_hears(staff_case, member, staff, other_staff, other_moderator):
    appeal = appeal_by(member, decide(staff_case(door="rule"), staff))
    with pytest.raises(NotAllowed, match="another of the staff"):
        claim_appeal(appeal, other_moderator)
    assert claim_appeal(appeal, other_staff)


def test_with_one_of_the_staff_alone_a_moderator_hears_it(staff_case, member, staff, other_moderator):
    appeal = appeal_by(member, decide(staff_case(door="rule"), staff))
    assert claim_appeal(appeal, other_moderator)


def test_an_appeal_of_one_of_the_team_is_the_independents_alone(
    open_case, make_member, moderator, other_moderator, staff, independent
):
    second = make_member("dunlin", role="independent")
    case = claim_case(open_case(door="rule", subject=other_moderator), independent)
    appeal = appeal_by(other_moderator, decide(case, independent))
    for person in (moderator, staff, other_moderator, independent):
        with pytest.raises(NotAllowed):
            claim_appeal(appeal, person)
    assert claim_appeal(appeal, second)


def test_who_blocked_the_member_does_not_hear_it(appeal, member, other_moderator):
    Block.objects.create(blocker=other_moderator, blocked=member)
    with pytest.raises(NotAllowed, match="blocked"):
        claim_appeal(appeal, other_moderator)


def test_who_noticed_it_themselves_does_not_hear_it(case, member, moderator, other_moderator, staff):
    report_post(other_moderator, case.post, "rule", "abuse", key=uuid4())
    appeal = appeal_by(member, decide(case, moderator))
    with pytest.raises(NotAllowed, match="had a hand"):
        claim_appeal(appeal, other_moderator)
    assert claim_appeal(appeal, staff)


def test_it_is_taken_first_and_answered_by_who_took_it(appeal, other_moderator, staff):
    with pytest.raises(NotAllowed, match="Take it first"):
        answer_appeal(appeal, other_moderator, "upheld", REASONS)
    claim_appeal(appeal, other_moderator)
    with pytest.raises(CaseMoved) as refused:
        answer_appeal(appeal, staff, "refused", REASONS)
    assert "kestrel took this" in refused.value.message
    assert now(appeal).stage == "held"


def test_reasons_are_needed(appeal, other_moderator):
    claim_appeal(appeal, other_moderator)
    with pytest.raises(Missing) as refused:
        answer_appeal(appeal, other_moderator, "upheld", " ")
    assert refused.value.field == "reasons"
    assert Decision.objects.get().undone_at is None


def test_the_same_answer_twice_is_once_and_another_comes_too_late(appeal, other_moderator):
    claim_appeal(appeal, other_moderator)
    answer_appeal(appeal, other_moderator, "upheld", REASONS)
    answer_appeal(appeal, other_moderator, "upheld", REASONS)
    assert appeal.case.events.filter(action="appeal_upheld").count() == 1
    with pytest.raises(CaseMoved) as refused:
        answer_appeal(appeal, other_moderator, "refused", REASONS)
    assert "kestrel decided this" in refused.value.message


def test_given_back_it_waits_for_others(as_, appeal, other_moderator, staff):
    claim_appeal(appeal, other_moderator)
    with pytest.raises(CaseMoved):
        release_appeal(appeal, staff)
    release_appeal(appeal, other_moderator)
    release_appeal(appeal, other_moderator)
    assert (now(appeal).stage, now(appeal).heard_by) == ("open", None)
    assert claim_appeal(appeal, staff)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_it_at_once_one_has_it(appeal, other_moderator, staff, at_once):
    results = at_once(lambda: claim_appeal(now(appeal), other_moderator), lambda: claim_appeal(now(appeal), staff))
    lost = [result for result in results if isinstance(result, CaseMoved)]
    assert len(lost) == 1 and now(appeal).heard_by.handle in lost[0].message
    assert appeal.case.events.filter(action="appeal_claim").count() == 1


def test_words_their_author_took_back_stay_back(held_case, member, moderator, other_moderator):
    case = held_case(door="rule")
    decision = decide(case, moderator, "fold")
    withdraw_post(member, Post.objects.get(pk=case.post_id))
    appeal = claim_appeal(appeal_by(member, decision), other_moderator)
    answer_appeal(appeal, other_moderator, "upheld", REASONS)
    assert Post.objects.get(pk=case.post_id).status == Status.WITHDRAWN
    assert Decision.objects.get().undone_by == other_moderator


def test_beneath_a_later_decision_it_is_undone_and_the_later_one_leads_back_to_the_beginning(
    as_, held_case, member, other_member, moderator, other_moderator, staff
):
    case = held_case(door="rule")
    folded = decide(case, moderator, "fold")
    post = Post.objects.get(pk=case.post_id)
    again = claim_case(report_post(other_member, post, "rule", "abuse", key=uuid4()).case, moderator)
    removed = decide(again, moderator, "remove")
    appeal = claim_appeal(appeal_by(member, folded), other_moderator)
    answer_appeal(appeal, other_moderator, "upheld", REASONS)
    post.refresh_from_db()
    assert post.status == Status.REMOVED, "what somebody else decided later stands"
    assert now(appeal).later_stands
    assert "A later decision about you or the same words still stands" in as_(member).get("/me/decisions/").text
    undo_decision(Decision.objects.get(pk=removed.pk), staff)
    post.refresh_from_db()
    assert post.status == Status.VISIBLE, "not folded: that is undone"


def test_a_note_is_taken_off_though_the_post_is_folded_since(held_case, member, other_member, moderator, staff):
    case = held_case(door="rule")
    noted = decide(case, moderator, "content_note", content_note="anger")
    post = Post.objects.get(pk=case.post_id)
    again = claim_case(report_post(other_member, post, "rule", "abuse", key=uuid4()).case, moderator)
    decide(again, moderator, "fold")
    appeal = claim_appeal(appeal_by(member, noted), staff)
    answer_appeal(appeal, staff, "upheld", REASONS)
    post.refresh_from_db()
    assert (post.status, post.content_note, now(appeal).later_stands) == (Status.FOLDED, "", False)


def test_somebody_has_undone_it_meanwhile_and_the_member_still_gets_an_answer(appeal, moderator, other_moderator):
    undo_decision(Decision.objects.get(), moderator)
    claim_appeal(appeal, other_moderator)
    answer_appeal(appeal, other_moderator, "upheld", REASONS)
    assert Decision.objects.get().undone_by == moderator
    assert now(appeal).stage == "upheld"


# --- Nothing was done ----------------------------------------------------------------------------------------------------


def test_an_upheld_complaint_opens_the_case_again(as_, complaint, case, other_member, other_moderator):
    claim_appeal(complaint, other_moderator)
    answer_appeal(complaint, other_moderator, "upheld", "It is about you, and it should have been read so.")
    case.refresh_from_db()
    assert (case.state, case.closed_by, case.first_looked_at) == (State.OPEN, None, None)
    assert case.due_at is not None
    page = as_(other_member).get("/me/reports/").text
    assert "It is open again" in page and "It is about you" in page


def test_a_refused_one_stays_closed(as_, complaint, case, other_member, other_moderator):
    claim_appeal(complaint, other_moderator)
    answer_appeal(complaint, other_moderator, "refused", "We read it twice.")
    assert Case.objects.get(pk=case.pk).state == State.CLOSED
    assert "We read it twice." in as_(other_member).get("/me/reports/").text


def test_where_a_newer_case_lives_the_old_one_stays_closed(complaint, case, moderator, other_moderator, make_member):
    third = make_member("finch")
    newer = report_post(third, Post.objects.get(pk=case.post_id), "rule", "abuse", key=uuid4()).case
    claim_appeal(complaint, other_moderator)
    answer_appeal(complaint, other_moderator, "upheld", REASONS)
    assert Case.objects.get(pk=case.pk).state == State.CLOSED
    assert newer.events.order_by("-n").first().action == "appeal_upheld"


def test_whoever_left_it_so_does_not_hear_the_complaint(complaint, moderator, other_moderator):
    with pytest.raises(NotAllowed):
        claim_appeal(complaint, moderator)
    assert claim_appeal(complaint, other_moderator)


def test_a_moderator_whose_wall_is_closed_hears_nothing(appeal, other_moderator):
    Member.objects.filter(pk=other_moderator.pk).update(standing="on_break")
    other_moderator.refresh_from_db()
    with pytest.raises(NotAllowed):
        claim_appeal(appeal, other_moderator)


def test_a_ban_is_heard_by_a_third_person_and_upheld_opens_the_wall(
    case, member, moderator, other_moderator, staff, other_staff
):
    from moderation.actions.proposals import confirm_ban, propose_ban
    from realtime.models import Delivery

    case.refresh_from_db()
    proposal = propose_ban(case, moderator, rule="kindness", seen_post_version=1)
    ban = confirm_ban(Case.objects.get(pk=case.pk), other_moderator, proposal)
    member.refresh_from_db()
    assert member.standing == "banned"
    assert Delivery.objects.filter(dedupe=f"statement:{ban.pk}").exists()
    appeal = appeal_by(member, ban)
    for person in (moderator, other_moderator):
        with pytest.raises(NotAllowed, match="had a hand"):
            claim_appeal(appeal, person)
        with pytest.raises(Error), transaction.atomic():
            Appeal.objects.filter(pk=appeal.pk).update(heard_by=person, stage="held")
    claim_appeal(appeal, staff)
    answer_appeal(appeal, staff, "upheld", REASONS)
    member.refresh_from_db()
    assert member.current_standing == "active"

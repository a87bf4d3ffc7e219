"""The link in the mail: for one decision, once, for six months, and it shows nothing of anybody."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import signing

from forum.models import Member, Notice
from moderation.actions.appeals import answer_appeal, claim_appeal
from moderation.actions.decisions import undo_decision
from moderation.appeal_mail import SALT, link_to
from moderation.models import Appeal, Decision
from realtime.models import Delivery
from tests.moderation.hearings import REASONS, WORDS, appeal_by, decide

pytestmark = pytest.mark.django_db


@pytest.fixture
def banned(member):
    Member.objects.filter(pk=member.pk).update(standing="banned")
    member.refresh_from_db()
    return member


@pytest.fixture
def decision(held_case, moderator):
    return decide(held_case(door="rule"), moderator)


def statements() -> list[Delivery]:
    return list(Delivery.objects.filter(dedupe__startswith="statement:"))


def test_a_member_whose_wall_is_closed_gets_a_mail_in_neutral_words(member, held_case, moderator, client):
    case = held_case(door="rule")
    said = case.post.body
    Member.objects.filter(pk=member.pk).update(standing="banned")
    decide(case, moderator)
    mail = statements()[0]
    assert mail.address == member.email
    assert not any(word in f"{mail.subject} {mail.body}" for word in ("robin", "heron", said, "taken down", "ban"))
    link = re.search(r"https?://\S+(/appeal/\S+)", mail.body)
    assert link and client.get(link[1]).status_code == 200


def test_nobody_is_mailed_whom_it_is_not_safe_to_write_to_or_who_comes_by_anyway(member, held_case, moderator):
    cases = [held_case(door="rule") for _each in range(3)]
    decide(cases[0], moderator)
    Member.objects.filter(pk=member.pk).update(standing="banned", mail_choice="no")
    decide(cases[1], moderator)
    assert statements() == []
    Member.objects.filter(pk=member.pk).update(mail_choice="neutral")
    decide(cases[2], moderator)
    assert len(statements()) == 1  # the premise


def test_without_signing_in_it_shows_nobodys_words_and_takes_an_appeal(client, decision, banned, member):
    url = link_to(decision)
    page = client.get(url)
    assert page.status_code == 200 and page["Cache-Control"] == "no-store"
    for secret in (decision.statement[:30], decision.post.body, "robin", "heron", "@harbour"):
        assert secret not in page.text
    assert "Taken down" in page.text
    sent = client.post(url, {"words": WORDS, "key": str(uuid4())})
    assert sent.status_code == 200 and "Sent" in sent.text
    appeal = Appeal.objects.get()
    assert (appeal.by, appeal.words, appeal.decision) == (member, WORDS, decision)
    assert Notice.objects.get(member=member, kind="appeal").state == "by_link"  # in case it was not them


def test_used_once_it_opens_nothing(client, decision, banned):
    url = link_to(decision)
    assert client.post(url, {"words": WORDS}).status_code == 200
    for answer in (client.get(url), client.post(url, {"words": "Again."})):
        assert answer.status_code == 404 and WORDS not in answer.text
    assert Appeal.objects.count() == 1


def test_six_months_and_no_longer(client, decision, time_machine):
    url = link_to(decision)
    time_machine.move_to(decision.made_at + timedelta(days=183))
    assert client.get(url).status_code == 200
    time_machine.move_to(decision.made_at + timedelta(days=184, minutes=1))
    assert client.get(url).status_code == 404


def test_what_we_did_not_sign_for_this_opens_nothing(client, decision, other_member):
    good = link_to(decision)
    forged = [
        f"/appeal/{signing.dumps([decision.pk, decision.subject_id], salt='moderation.seen')}/",
        f"/appeal/{signing.dumps([decision.pk, other_member.pk], salt=SALT)}/",
        f"/appeal/{signing.dumps('nonsense', salt=SALT)}/",
        f"/appeal/{signing.dumps([10**9, decision.subject_id], salt=SALT)}/",
        good[:-4] + "xxx/",
        "/appeal/anything/",
    ]
    assert client.get(good).status_code == 200  # the premise
    pages = [client.get(url) for url in forged]
    assert {page.status_code for page in pages} == {404}


def test_undone_erased_or_appealed_from_the_room_the_link_is_over(client, held_case, decision, member, moderator):
    appeal_by(member, decision)
    assert client.get(link_to(decision)).status_code == 404
    undone = decide(held_case(door="rule"), moderator)
    assert client.get(link_to(undone)).status_code == 200
    undo_decision(undone, moderator)
    assert client.get(link_to(undone)).status_code == 404
    third = decide(held_case(door="rule"), moderator)
    Member.objects.filter(pk=member.pk).update(is_active=False)
    assert client.get(link_to(third)).status_code == 404


def test_an_empty_one_comes_back_with_the_words_kept(client, decision):
    page = client.post(link_to(decision), {"words": " "})
    assert page.status_code == 422 and "Write what we should look at again." in page.text
    assert "w" * 2001 in client.post(link_to(decision), {"words": "w" * 2001}).text
    assert not Appeal.objects.exists()


def test_who_is_signed_in_as_the_member_goes_to_the_statement(as_, decision, banned, other_member):
    assert as_(banned).get(link_to(decision))["Location"] == f"/me/decisions/{decision.pk}/again/"
    page = as_(other_member).get(link_to(decision))  # a shared device: the link says no more than to a stranger
    assert page.status_code == 200 and decision.statement[:30] not in page.text


def test_the_answer_is_mailed_to_those_who_cannot_see_the_wall(decision, banned, other_moderator):
    appeal = claim_appeal(appeal_by(banned, decision), other_moderator)
    answer_appeal(appeal, other_moderator, "refused", REASONS)
    mail = Delivery.objects.get(dedupe=f"appeal-answer:{appeal.pk}")
    assert REASONS not in mail.body and "Something waits for you" in mail.body
    assert Decision.objects.get().undone_at is None

"""Everything under /moderation/ and /staff/ is closed to members, strangers and the administrator, as if it were not there."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import URLPattern, reverse
from django.utils import timezone

from forum.models import Block, Member
from moderation import urls
from moderation.models import (
    BlindReading,
    Case,
    CrisisRecord,
    Decision,
    Disclosure,
    HandOver,
    HandOverSheet,
    LadderCall,
    LadderStep,
    LegalHold,
    Letter,
    Remembrance,
)
from moderation.ups import digest_of
from tests.moderation.hearings import an_appeal
from tests.moderation.registers import address_outside

pytestmark = pytest.mark.django_db

ANSWERED = (200, 405)  # there is a page, or an address to send something to
TEAMS = [
    pattern.name
    for pattern in urls.urlpatterns
    if isinstance(pattern, URLPattern) and str(pattern.pattern).startswith(("moderation/", "staff/"))
]


def a_letter() -> Letter:
    return Letter.objects.create(door="worry", category="worried", about="somebody", key=uuid4(), code_hash=uuid4().hex)


def a_reading(case) -> BlindReading:
    """Of another case, which the reporter of this one is said to have decided."""
    about = {"subject": case.subject, "case_kind": "conduct", "kind": "no_action"}
    other = Case.objects.create(
        kind="conduct", subject=case.subject, subject_role="member", severity="soon", state="closed"
    )
    judge = case.reports.first().reporter
    decision = Decision.objects.create(case=other, statement="So it is.", decided_by=judge, **about)
    return BlindReading.objects.create(case=other, decision=decision, judged_by=judge, judged_kind="no_action")


def a_disclosure(case) -> Disclosure:
    asker = case.reports.first().reporter
    return Disclosure.objects.create(case=case, asked_by=asker, basis="vital", reason="To find them.", wants_mail=True)


def a_hold(case) -> LegalHold:
    who = case.reports.first().reporter
    terms = {"reason": "An inquest.", "review_days": 30, "ends_days": 90}
    return LegalHold.objects.create(case=case, member=case.subject, proposed_by=who, owner=who, **terms)


def a_remembrance(case) -> Remembrance:
    """Of the reporter, who is said to have died."""
    reporter = case.reports.first().reporter
    return Remembrance.objects.get_or_create(
        member=reporter, defaults={"proposed_by": case.subject, "why": "So we heard."}
    )[0]


def a_call(case) -> str:
    """The token of a link that was sent to somebody of the staff."""
    step = LadderStep.objects.create(case=case, episode=case.episode, step=0)
    member, over = Member.objects.get(handle="puffin"), timezone.now() + timedelta(hours=1)
    LadderCall.objects.create(step=step, member=member, token_digest=digest_of("sent"), expires_at=over)
    return "sent"


def an_offer(case) -> int:
    give, to = (Member.objects.get(handle=handle) for handle in ("puffin", "heron"))
    event = case.events.latest("n")
    return HandOver.objects.create(case=case, by=give, to=to, event=event, lapses_at=timezone.now()).pk


def a_sheet(case) -> HandOverSheet:
    record = CrisisRecord.objects.create(case=case, by=case.reports.first().reporter, kind="full")
    words = '{"why_now": "Tonight.", "parts": {}}'
    return HandOverSheet.objects.create(record=record, by=record.by, to_whom="999", words=words)


ARGUMENT = {
    "disclosure": lambda case: a_disclosure(case).pk,
    "disclosure_open": lambda case: a_disclosure(case).pk,
    "hold": lambda case: a_hold(case).pk,
    "crisis_record": lambda case: case.pk,
    "record_changes": lambda case: case.pk,
    "record_withholding": lambda case: case.pk,
    "hand_over_sheet": lambda case: a_sheet(case).pk,
    "guide": lambda _case: "danger",
    "add_way": lambda _case: "mail",
    "case": lambda case: case.pk,
    "staff_case": lambda case: case.pk,
    "looking": lambda case: case.pk,
    "second_reading": lambda case: a_reading(case).pk,
    "letter": lambda _case: a_letter().pk,
    "appeal": lambda case: an_appeal(case).pk,
    "take_from_page": a_call,
    "answer_hand_over": an_offer,
    "remembrance": lambda case: a_remembrance(case).member.handle,
}


def address(name: str, case) -> str:
    if found := address_outside(name, case):
        return found
    return reverse(name, args=[ARGUMENT[name](case)]) if name in ARGUMENT else reverse(name)


def test_the_table_of_addresses_is_not_empty():
    assert {"queue", "case", "duty", "staff_board", "staff_case"} <= set(TEAMS)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", TEAMS)
def test_who_is_not_of_the_team_finds_nothing(
    as_, client, member, other_member, staff, administrator, escalated_case, name, method
):
    url = address(name, escalated_case())
    assert as_(staff).get(url).status_code in ANSWERED  # the premise
    assert getattr(as_(member), method)(url).status_code == 404
    assert getattr(as_(administrator), method)(url).status_code == 404
    answer = getattr(client, method)(url)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("name", [name for name in TEAMS if name.startswith("staff")])
def test_the_staffs_pages_are_not_the_moderators(as_, moderator, staff, escalated_case, name):
    url = address(name, escalated_case())
    assert as_(staff).get(url).status_code == 200
    assert as_(moderator).get(url).status_code == 404


@pytest.mark.parametrize("name", TEAMS)
def test_a_moderator_whose_wall_is_closed_is_sent_to_the_room(as_, moderator, staff, open_case, name):
    url = address(name, open_case())
    Member.objects.filter(pk=moderator.pk).update(standing="on_break")
    assert as_(moderator).get(url)["Location"] == "/room/"


def test_a_case_about_the_team_is_the_independents_alone(
    as_, open_case, moderator, other_moderator, staff, independent
):
    case = open_case(door="rule", subject=other_moderator)
    url = reverse("case", args=[case.pk])
    assert as_(independent).get(url).status_code == 200
    for person in (moderator, other_moderator, staff):
        assert as_(person).get(url).status_code == 404
        assert as_(person).get(reverse("queue")).context["queue"].rows == []
    assert len(as_(independent).get(reverse("queue")).context["queue"].rows) == 1


def test_nobody_opens_a_case_about_themselves(as_, open_case, staff, other_staff):
    case = open_case(subject=staff)
    assert as_(other_staff).get(reverse("case", args=[case.pk])).status_code == 200
    assert as_(staff).get(reverse("case", args=[case.pk])).status_code == 404


def test_who_blocked_the_person_is_told_that_somebody_else_handles_it(as_, open_case, moderator, member):
    case = open_case()
    Block.objects.create(blocker=moderator, blocked=member)
    page = as_(moderator).get(reverse("case", args=[case.pk]))
    assert "somebody else handles this" in page.text
    assert 'value="claim"' not in page.text
    assert as_(moderator).post(reverse("case", args=[case.pk]), {"do": "claim"}).status_code == 422
    case.refresh_from_db()
    assert case.holder is None


def test_a_case_that_never_was_is_missing_alike(as_, moderator):
    assert as_(moderator).get("/moderation/cases/999/").status_code == 404

"""Everything under /moderation/ and /staff/ is closed to members, strangers and the administrator, as if it were not there."""

from uuid import uuid4

import pytest
from django.urls import URLPattern, reverse

from forum.models import Block, Member
from moderation import urls
from moderation.models import BlindReading, Case, Decision, Letter
from tests.moderation.hearings import an_appeal

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


def address(name: str, case) -> str:
    if name == "second_reading":
        return reverse(name, args=[a_reading(case).pk])
    if name == "letter":
        return reverse(name, args=[a_letter().pk])
    if name == "appeal":
        return reverse(name, args=[an_appeal(case).pk])
    return reverse(name, args=[case.pk]) if name in ("case", "staff_case", "looking") else reverse(name)


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
def test_a_moderator_whose_wall_is_closed_is_sent_to_the_room(as_, moderator, open_case, name):
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

"""Sending lines and groups with a word: which may be chosen, how they read, and that they read the same later."""

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from forum.models import Helpline, SupportGroup
from forum.refusals import KeyUsed
from moderation.actions.cases import send_word
from moderation.actions.signposting import send_signpost
from moderation.models import Signpost, Word
from moderation.refusals import CaseMoved, Missing, NotAllowed
from moderation.signposts import lines_near

pytestmark = pytest.mark.django_db
WORDS = "These two know this better than I do. They answer at night."


@pytest.fixture
def samaritans(db):
    return Helpline.objects.get(name="Samaritans")


@pytest.fixture
def group(db):
    return SupportGroup.objects.create(
        name="Tuesday tea", kind="self_help", where="Leeds", phone="0113 496 0000", how_to_join="Come to the side door.",
        status="published", checked_on=date(2026, 9, 1),
    )  # fmt: skip


@pytest.fixture
def send(moderator, samaritans):
    def send(case, person=None, body=WORDS, key=None, helplines=None, groups=()):
        lines = [samaritans.pk] if helplines is None else helplines
        return send_signpost(case, person or moderator, body, key or uuid4(), helplines=lines, groups=groups)

    return send


def test_the_member_reads_the_words_the_numbers_and_the_hours(as_, send, held_case, member, group, told):
    case = held_case()
    heard = told(lambda: send(case, groups=[group.pk]))
    assert (f"member:{member.pk}", "word.sent", case.pk) in heard
    page = as_(member).get(reverse("conversation", args=[case.pk])).text
    assert WORDS in page
    assert 'href="tel:116123"' in page and "Samaritans" in page
    assert "24 hours, every day" in page
    assert 'href="tel:01134960000"' in page and "Come to the side door." in page
    assert "heron sent them lines to turn to" in as_(case.holder).get(reverse("case", args=[case.pk])).text
    assert "A word from" in as_(member).get("/notices/").text


def test_they_read_the_same_after_the_line_has_changed_or_gone(as_, send, held_case, member, samaritans, group):
    case = held_case()
    send(case, groups=[group.pk])
    page = reverse("conversation", args=[case.pk])
    before = as_(member).get(page).context["words"].first()
    shown = [each.line for each in before.signposts.all()]
    samaritans.ways.all().delete()
    samaritans.name = "Renamed"
    samaritans.save()
    group.delete()
    after = as_(member).get(page)
    assert [each.line for each in after.context["words"].first().signposts.all()] == shown
    assert "Renamed" not in after.text and "Tuesday tea" in after.text
    assert list(Signpost.objects.values_list("group", flat=True)) == [None, None]


def test_a_number_alone_is_not_sent(send, held_case):
    case = held_case()
    for wrong in ({"body": "  "}, {"helplines": []}, {"helplines": [10**9]}):
        with pytest.raises(Missing):
            send(case, **wrong)
    many = list(Helpline.objects.filter(emergency=False).values_list("pk", flat=True)[:6])
    with pytest.raises(Missing, match="Five at most"):
        send(case, helplines=many)
    assert not Word.objects.exists()
    assert send(case, helplines=many[:5]).signposts.count() == 5


def test_on_a_real_site_only_checked_lines_are_offered_and_sent(settings, send, held_case, samaritans):
    case = held_case()
    settings.HARBOUR_ENV = "production"
    assert lines_near("england") == ([], [])
    with pytest.raises(Missing):
        send(case)
    Helpline.objects.filter(pk=samaritans.pk).update(checked_on=date(2026, 10, 1))
    assert lines_near("england") == ([samaritans], [])
    assert send(case).signposts.count() == 1


def test_a_group_that_is_not_in_the_directory_is_not_sent(send, held_case, group):
    case = held_case()
    SupportGroup.objects.update(status="put_away")
    with pytest.raises(Missing):
        send(case, groups=[group.pk])
    SupportGroup.objects.update(status="published")
    assert send(case, groups=[group.pk]).signposts.count() == 2


@pytest.mark.parametrize(("region", "first", "never"), [
    ("scotland", "Scotland", "Pieta"), ("ireland", "Pieta", "Breathing Space"), ("", "Samaritans", "Pieta"),
])  # fmt: skip
def test_the_lines_of_where_somebody_is_come_first(region, first, never):
    near, elsewhere = lines_near(region)
    names = [row.name for row in near]
    assert any(first in name for name in names[:8])
    assert never not in names and never in [row.name for row in elsewhere]
    assert {row.pk for row in near}.isdisjoint(row.pk for row in elsewhere)


def test_only_who_speaks_with_them_sends_and_never_about_conduct(
    send, held_case, escalated_case, make_member, moderator, other_moderator, member, staff
):
    conduct = held_case(door="rule")
    with pytest.raises(NotAllowed):
        send(conduct)
    case = escalated_case(subject=make_member("finch"))
    for person in (other_moderator, staff, member):
        with pytest.raises(NotAllowed):
            send(case, person)
    assert send(case).case == case  # who escalated it goes on with the conversation


def test_the_same_again_is_once_and_other_words_or_lines_are_not(send, held_case, samaritans, moderator):
    case, key = held_case(), uuid4()
    first = send(case, key=key)
    assert send(case, key=key) == first
    with pytest.raises(KeyUsed):
        send(case, key=key, body="Something else.")
    with pytest.raises(KeyUsed):
        send_word(case, moderator, WORDS, key)
    assert (Word.objects.count(), Signpost.objects.count()) == (1, 1)


def test_after_staff_took_it_the_moderator_is_second(send, escalated_case, staff):
    from moderation.actions.escalation import take_case

    case = escalated_case()
    take_case(case, staff)
    with pytest.raises(CaseMoved):
        send(case)
    assert not Word.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_send_one_word(send, held_case, at_once):
    case, key = held_case(), uuid4()
    first, second = at_once(lambda: send(case, key=key), lambda: send(case, key=key))
    assert first == second
    assert Signpost.objects.count() == 1


def test_looking_for_groups_sends_nothing_and_keeps_what_was_ticked(as_, held_case, moderator, samaritans, group):
    case = held_case()
    page, sent = reverse("case", args=[case.pk]), {"seen": case.version, "body": WORDS, "lines": [samaritans.pk]}
    found = as_(moderator).post(page, {"do": "find_groups", "find": "leeds", **sent})
    assert found.status_code == 200
    form = found.context["forms"]["signpost"]
    assert form.fields["groups"].choices == [(group.pk, "Tuesday tea (Leeds)")]
    assert WORDS in found.text and not Word.objects.exists()
    refused = as_(moderator).post(page, {"do": "signpost", **sent, "body": ""})
    assert refused.status_code == 422
    assert refused.context["forms"]["signpost"]["lines"].value() == [str(samaritans.pk)]
    again = as_(moderator).post(page, {"do": "signpost", "groups": [group.pk], **sent})
    assert again.status_code == 303
    assert Word.objects.get().signposts.count() == 2

"""Suspected images or grooming of a child: off the wall, kept as they are, and shown to one named person alone."""

import pytest
from django.urls import reverse

from forum.models import Post, Status
from moderation.actions.sealing_words import note_report, seal_words
from moderation.models import Case, Decision, SealedFromView
from moderation.refusals import Missing, NotAllowed
from realtime.models import Delivery

pytestmark = pytest.mark.django_db
WORDS = "Third night of not sleeping."


@pytest.fixture(autouse=True)
def named(settings):
    settings.CSAM_LEAD = "gannet"


@pytest.fixture
def sealed(held_case, moderator, staff, other_staff):
    case = held_case("grooming", door="rule")
    seal_words(case, moderator)
    return Case.objects.get(pk=case.pk)


def test_anybody_who_comes_upon_it_seals_it_with_one_press(as_, held_case, moderator, other_staff):
    case = held_case("grooming", door="rule")
    url = reverse("case", args=[case.pk])
    assert "Seal the words from view" in as_(moderator).get(url).text
    assert as_(moderator).post(url, {"do": "seal", "seen": case.version}).status_code == 303
    assert SealedFromView.objects.get().by == moderator
    assert Delivery.objects.filter(dedupe=f"sealed:{case.pk}").exists()


def test_only_the_named_person_sees_the_words(as_, sealed, staff, other_staff, moderator):
    url = reverse("staff_case", args=[sealed.pk])
    page = as_(staff).get(url).text
    assert "Only gannet can see them." in page and WORDS not in page
    assert WORDS in as_(other_staff).get(url).text
    assert as_(moderator).get(reverse("case", args=[sealed.pk])).status_code == 404, "it is kept for staff from now on"


def test_where_nobody_is_named_nobody_sees_them(as_, sealed, staff, other_staff, settings):
    settings.CSAM_LEAD = ""
    for person in (staff, other_staff):
        page = as_(person).get(reverse("staff_case", args=[sealed.pk])).text
        assert WORDS not in page and "this site has not named the person" in page


def test_they_are_kept_as_they_are_off_the_wall_and_nobody_is_warned(as_, sealed, member, other_member):
    post = Post.objects.get()
    assert (post.status, post.body) == (Status.REMOVED, WORDS)
    assert WORDS not in as_(other_member).get("/").text
    assert not Decision.objects.exists()
    assert "Nothing has been decided about you" in as_(member).get("/me/decisions/").text


def test_sealing_twice_is_once(sealed, moderator, staff):
    seal_words(sealed, staff)
    assert SealedFromView.objects.count() == 1
    assert sealed.events.filter(action="seal").count() == 1


def test_the_named_person_notes_to_whom_it_was_reported(as_, sealed, staff, other_staff):
    url = reverse("staff_case", args=[sealed.pk])
    fields = {"do": "sealed_report", "reported_to": "Internet Watch Foundation", "reference": "R-77"}
    with pytest.raises(NotAllowed):
        note_report(sealed, staff, reported_to="IWF", reference="")
    with pytest.raises(Missing):
        note_report(sealed, other_staff, reported_to=" ", reference="")
    assert as_(other_staff).post(url, {**fields, "reported_to": ""}).status_code == 422
    assert as_(other_staff).post(url, fields).status_code == 303
    page = as_(staff).get(url).text
    assert "Internet Watch Foundation" in page and "R-77" in page


def test_a_member_seals_nothing(open_case, other_member):
    case = open_case()
    with pytest.raises(NotAllowed):
        seal_words(case, other_member)
    assert Post.objects.get().status == Status.VISIBLE

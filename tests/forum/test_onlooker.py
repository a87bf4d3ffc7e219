"""What a page asks about whoever looks at it is put into SQL once, whoever they are, and told truly to each."""

from typing import Any

import pytest
from django.core.management import call_command

from forum import drafts, lenses, onlooker, panels
from forum.models import Block, Draft, Member, Mute
from forum.onlooker import Onlooker

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> list[Member]:
    """The demo's cast, some of them apart from some, some up to replying today."""
    call_command("demo", quiet=True)
    cast = list(Member.objects.filter(is_active=True).order_by("pk"))
    for place, person in enumerate(cast):
        for other in cast[place + 1 : place + 1 + place % 4]:
            Block.objects.get_or_create(blocker=person, blocked=other)
        for other in cast[: place % 3]:
            if other != person:
                Mute.objects.get_or_create(muter=person, muted=other)
        Draft.objects.update_or_create(
            member=person, place="post", defaults={"fields": {"body": f"I am {person.handle}."}}
        )
    return cast


def asked_anew(person: Member, place: str) -> dict[str, Any]:
    """Each fact by itself, of this viewer's own facts, with nothing kept."""
    looking = Onlooker(person)
    drafts.kept_at(looking, place)
    lenses.ask_offer(looking, [])
    viewer = looking.viewer
    built = {name: build(viewer) for name, build in panels.member_facts.items()}
    built |= {name: build(viewer, looking.asked) for name, build in looking.also.items()}
    of_them = Member.objects.filter(pk=person.pk)
    return {
        name: fact and of_them.annotate(told=fact).values_list("told", flat=True)[0] for name, fact in built.items()
    }


def told(person: Member, place: str) -> dict[str, Any]:
    looking = Onlooker(person)
    lenses.ask_offer(looking, [])
    drafts.kept_at(looking, place)
    return looking.facts


def test_each_is_told_what_is_so_for_them_also_where_others_asked_before(people):
    cast = [*people, *reversed(people)]
    for person in cast:
        for place in ("post", "reply-7"):
            assert told(person, place) == asked_anew(person, place), person.handle


def test_moderators_and_those_who_keep_apart_from_somebody_cost_as_little(people, monkeypatch):
    for person in people:
        told(person, "post")
    kept = dict(onlooker._FACTS._kept)
    assert len(kept) > 3 and None not in kept.values()
    monkeypatch.setattr(onlooker._FACTS, "_question", lambda *asked: pytest.fail("put into SQL anew"))
    for person in people:
        told(person, "post")


def test_what_was_skipped_is_not_offered_again(people, post_by, make_member):
    post_by(make_member("nuthatch"))
    looking = Onlooker(people[0])
    lenses.ask_offer(looking, [])
    first = lenses.offer_from(looking.facts)
    skipped = Onlooker(people[0])
    lenses.ask_offer(skipped, [first.post_id])
    assert lenses.offer_from(skipped.facts) != first

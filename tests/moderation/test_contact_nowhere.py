"""How somebody can be reached stands on no page, for nobody: every address of the site as everyone, grepped."""

from uuid import uuid4

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from forum.actions.posts import publish_post
from forum.cards import Card, keep_card
from forum.connections import note_sign_in
from forum.models import Member
from moderation.actions.disclosures import Asked, approve_disclosure, ask_disclosure, open_disclosure
from moderation.actions.holds import Terms, confirm_hold, propose_hold
from moderation.models import Case
from realtime.peers import Peer

pytestmark = pytest.mark.django_db
CANARIES = ("canary-mail", "canary-town", "07700 900123", "203.0.113.77", "198.51.100.88")


@pytest.fixture
def somebody(make_member):
    """Whose address, card and connections are canaries, and about whom there is everything there can be."""
    member = make_member("dunlin")
    Member.objects.filter(pk=member.pk).update(email="canary-mail@harbour.test")
    member.refresh_from_db()
    member.emailaddress_set.update(email=member.email)
    keep_card(member, Card(phone="07700 900123", town="canary-town", to_ring="07700 900123", helps="Tea."))
    note_sign_in(member, Peer("203.0.113.77", 5))
    publish_post(member, body="Third night.", key=uuid4(), via=Peer("198.51.100.88", 6))
    return member


@pytest.fixture
def case(somebody, staff_case, staff, other_staff):
    case = staff_case("danger_now", subject=somebody)
    everything = Asked(reason="They do not answer.", basis="vital", mail=True, card=True, sign_ins=True)
    open_disclosure(approve_disclosure(ask_disclosure(case, staff, everything), other_staff), staff)
    case = Case.objects.get(pk=case.pk)
    terms = Terms(reason="An inquest.", owner=staff, review_days=30, ends_days=90)
    confirm_hold(propose_hold(case, staff, terms), other_staff)
    return case


def addresses(somebody, case):
    """Every address that can be built: plain ones, and those that name a member, a post, a case, or a row of any kind."""
    found = {"/search/?q=canary", "/search/?q=07700", f"/members/{somebody.handle}/", "/admin/forum/member/?q=canary"}
    known = {
        "handle": somebody.handle,
        "case_id": case.pk,
        "post_id": somebody.posts.first().pk,
        "object_id": somebody.pk,
    }
    todo: list[tuple[str, object]] = [("", get_resolver())]
    while todo:
        space, resolver = todo.pop()
        for each in resolver.url_patterns:
            if isinstance(each, URLResolver):
                todo.append((f"{space}{each.namespace}:" if each.namespace else space, each))
            elif isinstance(each, URLPattern) and each.name:
                names = each.pattern.converters or dict.fromkeys(each.pattern.regex.groupindex)
                for values in ({}, {name: known.get(name, 1) for name in names}):
                    try:
                        found.add(reverse(space + each.name, kwargs=values))
                    except Exception:
                        continue
    return sorted(found)


def found_on(client, pages):
    told = []
    for page in pages:
        try:
            answer = client.get(page)
        except Exception as error:
            told.append((page, repr(error)))
            continue
        text = b"".join(answer.streaming_content).decode("latin1") if answer.streaming else answer.text
        told += [(page, canary) for canary in CANARIES if canary in text]
    return told


@pytest.mark.parametrize(
    "who", ["other_member", "moderator", "other_staff", "independent", "administrator", "stranger"]
)
def test_no_page_shows_how_to_reach_somebody(request, client, as_, somebody, case, who):
    pages = [page for page in addresses(somebody, case) if "logout" not in page]
    assert len(pages) > 120  # the premise: they are all there
    assert {"/staff/", f"/staff/cases/{case.pk}/", "/admin/forum/member/"} <= set(pages)
    browser = client if who == "stranger" else as_(request.getfixturevalue(who))
    assert found_on(browser, pages) == []


def test_whoever_opened_them_sees_them_on_one_page_alone(as_, somebody, case, staff):
    pages = [page for page in addresses(somebody, case) if "logout" not in page]
    place = f"/staff/disclosures/{case.disclosures.get().pk}/"
    shown = found_on(as_(staff), {*pages, place})
    assert {page for page, _canary in shown} == {place}
    assert {canary for _page, canary in shown} == set(CANARIES) - {"198.51.100.88"}  # that post was not asked for


def test_what_i_take_with_me_of_somebody_else_has_none_of_it(as_, somebody, case, other_member, staff):
    from forum.actions.export import ask_for_copy, make_copies, take_copy

    for person in (other_member, staff):
        ask_for_copy(person)
        make_copies()
        copy = person.data_exports.get()
        archive = take_copy(person, copy.pk)
        assert archive is not None
        assert [canary for canary in CANARIES if canary in read(archive)] == []


def read(archive: bytes) -> str:
    from io import BytesIO
    from zipfile import ZipFile

    with ZipFile(BytesIO(archive)) as packed:
        return " ".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())

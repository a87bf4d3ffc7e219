"""The directory of support groups: open to everyone, searched and filtered by a plain form."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.forum.places import make_group

pytestmark = pytest.mark.django_db


def names(client: Client, query: str = "") -> list[str]:
    answer = client.get(f"/support-groups/{query}")
    assert answer.status_code == 200
    return [group.name for group in answer.context["page"]]


def test_a_stranger_reads_what_is_published_and_nothing_else(client: Client) -> None:
    make_group("Kettle and Chairs", about="Tea.", how_to_join="Come along.", web="https://kettle.example.org/a/b")
    make_group("Not read yet", status="suggested")
    make_group("Gone", status="put_away")
    assert names(client) == ["Kettle and Chairs"]
    page = client.get("/support-groups/").text
    assert 'href="tel:01134960123"' in page
    assert 'href="https://kettle.example.org/a/b" rel="nofollow noopener noreferrer"' in page
    assert "kettle.example.org</a>" in page.replace("\n", "")
    assert f"Last checked on {timezone.localdate():%-d %B %Y}" in page


def test_what_people_wrote_is_words_and_never_markup(client: Client) -> None:
    bad = '"><script>alert(1)</script>'
    make_group(bad, where=bad, about=bad, how_to_join=bad, email="a'b@example.org")
    page = client.get("/support-groups/").text
    assert "<script>alert" not in page and "&lt;script&gt;" in page
    assert 'href="mailto:a%27b@example.org"' in page


def test_words_are_found_whatever_their_case_and_accents(client: Client) -> None:
    make_group("Café Œuvre", where="Ynys Môn", about="Tê a chlebran")
    make_group("Two Cups")
    for sought in ("cafe", "CAFÉ", "ynys mon", "chlebran CAFE", "te"):
        assert names(client, f"?q={sought}") == ["Café Œuvre"], sought
    assert names(client, "?q=nowhere") == []
    assert names(client, "?q=100%25") == []  # a percent sign is a percent sign


def test_a_group_is_found_by_what_kind_it_is_and_for_whom_as_they_are_shown(client: Client) -> None:
    make_group("A", ("women", "carers"), kind="mutual")
    make_group("B", ("lgbtq",), kind="mentoring")
    assert names(client, "?q=carers") == ["A"]
    assert names(client, "?q=LGBTQ") == ["B"]
    assert names(client, "?q=mentoring") == ["B"]
    assert names(client, "?q=mutual+women") == ["A"] and names(client, "?q=mutual+lgbtq") == []


def test_kind_and_whom_narrow_it(client: Client) -> None:
    make_group("A", ("women", "carers"), kind="mutual")
    make_group("B", ("carers",), kind="online")
    assert names(client, "?whom=carers") == ["A", "B"]
    assert names(client, "?whom=carers&kind=online") == ["B"]
    assert names(client, "?whom=women&kind=online") == []


@pytest.mark.parametrize("query", ["?kind=%00", "?whom=nobody", "?page=-1", "?page=x", "?page=" + "9" * 5000, "?q=%00"])
def test_what_cannot_be_read_filters_nothing(client: Client, query: str) -> None:
    make_group("A")
    assert names(client, query) == ["A"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(max_size=200), kind=st.text(max_size=20), page=st.text(max_size=10))
def test_no_question_breaks_it(client: Client, words: str, kind: str, page: str) -> None:
    fields = {"q": words, "kind": kind, "whom": kind, "page": page}
    sent = {name: value.encode("utf-8", "replace").decode() for name, value in fields.items()}
    assert client.get("/support-groups/", sent).status_code == 200


def test_an_old_check_is_said(client: Client) -> None:
    make_group("A", checked_on=timezone.localdate() - timedelta(days=200))
    assert "it may have changed" in client.get("/support-groups/").text


def test_it_is_paged_and_costs_the_same_for_one_and_for_many(client: Client, django_assert_num_queries: Any) -> None:
    make_group("A")
    with django_assert_num_queries(3):
        client.get("/support-groups/")
    for number in range(40):
        make_group(f"B {number:02}", ("women", "men", "carers"))
    with django_assert_num_queries(3):
        assert len(names(client)) == 20
    assert len(names(client, "?page=3")) == 1
    assert "q=b&amp;page=2" in client.get("/support-groups/?q=b").text  # the search goes along


def test_a_closed_standing_reads_it_too(as_: Any, make_member: Any) -> None:
    page = as_(make_member("crow", standing="suspended")).get("/support-groups/")
    assert page.status_code == 200
    assert "Suggest a group" not in page.text

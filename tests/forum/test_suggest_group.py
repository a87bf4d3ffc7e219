"""A member suggests a group: with a receipt, and never public until staff publish it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.actions.directory import suggest_group
from forum.forms_directory import GroupFields
from forum.models import SupportGroup
from forum.refusals import NotYet
from tests.forum.places import typed

pytestmark = pytest.mark.django_db


def send(client: Any, **changes: Any) -> Any:
    return client.post("/support-groups/suggest/", typed(**changes))


def test_it_arrives_with_a_receipt_and_is_not_public(client: Any, as_: Any, member: Any) -> None:
    answer = send(as_(member))
    group = SupportGroup.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/support-groups/mine/?sent={group.pk}")
    assert (group.status, group.suggested_by) == ("suggested", member)
    assert {each.whom for each in group.for_whom.all()} == {"all", "carers"}
    receipt = as_(member).get(answer["Location"]).text
    assert "It has arrived" in receipt and "waiting to be read" in receipt
    assert "Kettle" not in client.get("/support-groups/").text


def test_a_stranger_is_asked_to_sign_in(client: Any) -> None:
    assert "/accounts/login/" in send(client)["Location"]


@pytest.mark.parametrize("standing", ["suspended", "on_break"])
def test_a_closed_wall_closes_this_too(as_: Any, make_member: Any, standing: str) -> None:
    answer = send(as_(make_member("crow", standing=standing)))
    assert answer.status_code == 422 and "Kettle and Chairs" in answer.text
    assert not SupportGroup.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("name", "\u200b"), ("name", "x" * 121), ("kind", "cult"), ("for_whom", None), ("for_whom", ["dogs"]),
        ("where", ""), ("phone", ""), ("phone", "call me"), ("phone", "1" * 30), ("email", "not one"),
        ("web", "javascript:alert(1)"), ("web", "ftp://example.org/"), ("web", "https://bank.example@evil.example/"),
        ("web", "http://[::1"), ("web", "https://" + "x" * 400), ("about", "x" * 1201),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_it_and_the_words_are_kept(as_: Any, member: Any, field: str, value: Any) -> None:
    answer = send(as_(member), **{field: value})
    assert answer.status_code == 422
    wrong = {"phone": {"phone", "web"}}.get(field, {field})  # no way to reach them at all is said beside the first
    assert set(answer.context["form"].errors) <= wrong and answer.context["form"].errors
    assert "Tea, and nobody has to talk." in answer.text or field == "about"
    assert not SupportGroup.objects.exists()


def test_an_address_without_its_scheme_gets_one(as_: Any, member: Any) -> None:
    send(as_(member), web="kettle.example.org/join", phone="")
    assert SupportGroup.objects.get().web == "https://kettle.example.org/join"


def test_the_same_key_is_one_suggestion_and_another_group_under_it_is_refused(as_: Any, member: Any) -> None:
    key = str(uuid4())
    assert send(as_(member), key=key)["Location"] == send(as_(member), key=key)["Location"]
    answer = send(as_(member), key=key, name="Another")
    assert answer.status_code == 422 and key not in answer.text
    assert SupportGroup.objects.count() == 1


def test_a_day_holds_five_and_says_when_the_next(as_: Any, member: Any, other_member: Any) -> None:
    for number in range(5):
        assert send(as_(member), name=f"Group {number}").status_code == 303
    answer = send(as_(member), name="A sixth")
    assert (
        answer.status_code == 429
        and int(answer["Retry-After"]) > 0
        and "A sixth" in answer.text
        and "You can send another at" in answer.text
    )
    assert send(as_(other_member)).status_code == 303  # a limit is one person's
    SupportGroup.objects.update(made_at=timezone.now() - timedelta(days=2))
    assert send(as_(member), name="A sixth").status_code == 303


def test_the_limit_holds_in_the_action_itself(member: Any, settings: Any) -> None:
    settings.GROUP_SUGGESTIONS_A_DAY = 1
    form = GroupFields(typed())
    assert form.is_valid()
    suggest_group(member, key=uuid4(), **form.fields_of_group())
    with pytest.raises(NotYet):
        suggest_group(member, key=uuid4(), **form.fields_of_group())


def test_nobody_sees_what_others_suggested(as_: Any, member: Any, other_member: Any) -> None:
    send(as_(member))
    assert "Kettle" in as_(member).get("/support-groups/mine/").text
    assert "Kettle" not in as_(other_member).get("/support-groups/mine/").text
    assert as_(other_member).get("/support-groups/suggestions/").status_code == 404
    assert as_(other_member).get(f"/support-groups/{SupportGroup.objects.get().pk}/").status_code == 404


any_text = st.text(st.characters(codec="utf-8"), max_size=300)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.fixed_dictionaries(dict.fromkeys(["name", "where", "web", "email", "phone", "about", "how_to_join"], any_text))
)
def test_whatever_is_typed_is_kept_whole_or_refused(member: Any, words: dict[str, str]) -> None:
    form = GroupFields(typed(**words))
    if form.is_valid():
        with transaction.atomic():
            SupportGroup.objects.filter(suggested_by=member).delete()
            group = suggest_group(member, key=uuid4(), **form.fields_of_group())
        group.full_clean(exclude=["suggested_by", "checked_by"])
        assert not group.web or group.web.startswith(("http://", "https://"))

"""An administrator edits what statements begin from; a moderator picks one; nobody can leave out why, by whom and how to ask."""

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation

from moderation import statement_library, statements
from moderation.models import Decision, DecisionKind, StatementText
from moderation.statement_library import check_words, plant
from tests.moderation.pressing import press_and_send

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(as_, administrator):
    plant()
    return as_(administrator)


def row(key, language="en-gb") -> StatementText:
    plant()
    return StatementText.objects.get(key=key, language=language)


def statement(kind, member, moderator, rule="kindness", **more) -> str:
    return statements.default_statement(kind, member=member, by=moderator, post=None, rule=rule, **more)


def url_of(row) -> str:
    return f"/admin/moderation/statementtext/{row.pk}/change/"


def test_there_is_a_row_for_each_kind_and_language_and_planting_again_changes_nothing():
    StatementText.objects.filter(pk=row("fold").pk).update(words="Our own words about {post}.")
    before = StatementText.objects.count()
    plant()
    assert StatementText.objects.count() == before
    for language, _name in settings.LANGUAGES:
        keys = set(StatementText.objects.filter(language=language).values_list("key", flat=True))
        assert keys == {*DecisionKind.values, *statement_library.BY_KEY}
    assert row("fold").words == "Our own words about {post}."


def test_the_rule_that_is_named_brings_its_own_words(member, moderator):
    plant()
    assert "because it says how" in statement("fold", member, moderator, rule="no-methods")
    assert "We have folded what you wrote. All of it is still there" in statement("fold", member, moderator)


def test_words_are_edited_and_put_back(admin, member, moderator):
    fold = row("fold")
    assert "Empty, it says:" in admin.get(url_of(fold)).text and "{post}" in admin.get(url_of(fold)).text
    answer = admin.post(url_of(fold), {"name": "", "words": "{by} has folded {post}; 100 % of it is there."})
    assert answer.status_code == 302
    told = statement("fold", member, moderator)
    assert "heron has folded what you wrote; 100 % of it is there." in told
    assert (
        told.startswith("Hello robin.") and "Be kind" in told and "Ask for another look" in told and "a person" in told
    )
    admin.post("/admin/moderation/statementtext/", {"action": "put_back_the_default", "_selected_action": [fold.pk]})
    assert "All of it is still there" in statement("fold", member, moderator)


@pytest.mark.parametrize(
    "words",
    [
        "Hello {nobody}, this is it.",
        "Open { brace here, see.",
        "{member.password} is not told.",
        "{member!r} is not told either.",
        "{} is nothing at all here.",
        "{until} it lasts for you.",
    ],
)
def test_a_placeholder_that_stands_for_nothing_is_refused(admin, words):
    fold = row("fold")
    answer = admin.post(url_of(fold), {"name": "", "words": words})
    assert answer.status_code == 200 and "errorlist" in answer.text
    assert row("fold").words == ""
    with pytest.raises(ValidationError):
        check_words("fold", words)


def test_a_kinds_own_placeholders_are_known_to_it():
    check_words("content_note", "We have put “{note}” on {post}.")
    with pytest.raises(ValidationError, match="stands for nothing"):
        check_words("fold", "We have put “{note}” on {post}.")


def test_an_operators_own_text_is_picked_and_previewed_as_the_member_reads_it(admin, as_, moderator, held_case, member):
    fields = {
        "kind": "fold",
        "rule": "",
        "language": "en-gb",
        "name": "It is raw",
        "words": "{post} is very raw, {member}.",
    }
    assert admin.post("/admin/moderation/statementtext/add/", fields).status_code == 302
    own = StatementText.objects.get(key="")
    case = held_case(door="rule")
    url = reverse("case", args=[case.pk])
    assert "It is raw" in as_(moderator).get(url).text
    picked = {
        "kind": "fold",
        "rule": "kindness",
        "begin_from": own.pk,
        "seen": case.version,
        "seen_posts": f"{case.post_id}:1",
    }
    page = as_(moderator).post(url, {**picked, "do": "draft"}).text
    assert "is very raw, robin." in page and "As robin will read it" in page
    refused = as_(moderator).post(url, {**picked, "kind": "remove", "do": "draft"}).text
    assert "is very raw" not in refused.partition("decide-preview")[2]  # it is for a fold
    sent = {**picked, "do": "decide", "statement": ""}
    assert press_and_send(as_(moderator), url, sent).status_code == 303
    assert "is very raw, robin." in Decision.objects.get().statement


@pytest.mark.parametrize("missing", ["name", "words"])
def test_an_own_text_needs_a_name_and_words(admin, missing):
    fields = {"kind": "fold", "language": "en-gb", "name": "It is raw", "words": "{post} is very raw, {member}."}
    answer = admin.post("/admin/moderation/statementtext/add/", {**fields, missing: ""})
    assert (
        answer.status_code == 200 and "errorlist" in answer.text and not StatementText.objects.filter(key="").exists()
    )


def test_each_language_has_its_own(member, moderator):
    StatementText.objects.filter(pk=row("fold", "cy").pk).update(words="Geiriau Cymraeg am {post}.")
    assert "Geiriau" not in statement("fold", member, moderator)
    with translation.override("cy"):
        assert "Geiriau Cymraeg" in statement("fold", member, moderator)


def test_what_came_with_harbour_is_not_deleted_and_nobody_else_edits(admin, as_, moderator, member):
    fold = row("fold")
    assert admin.post(f"/admin/moderation/statementtext/{fold.pk}/delete/", {"post": "yes"}).status_code == 403
    sent = {"action": "delete_selected", "_selected_action": [fold.pk], "post": "yes"}
    admin.post("/admin/moderation/statementtext/", sent)
    assert StatementText.objects.filter(pk=fold.pk).exists()
    assert as_(moderator).get("/admin/moderation/statementtext/").status_code == 302
    own = StatementText.objects.create(kind="fold", language="en-gb", name="Raw", words="It is very raw, {member}.")
    assert admin.post(f"/admin/moderation/statementtext/{own.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not StatementText.objects.filter(pk=own.pk).exists()

"""A copy of everything that is one's own and of nobody else's: asked for, made by the clock, taken once, gone in a day."""

import io
import json
import zipfile

import pytest

from forum.actions.export import ask_for_copy, make_copies, take_copy
from forum.models import Member
from tests.forum import canaries

pytestmark = pytest.mark.django_db
NOT_MINE = ("team's note", "crisis record", "report about them")  # the written rule of forum/data_rights.py


@pytest.fixture
def somebody(make_member):
    member = make_member(canaries.HANDLE)
    Member.objects.filter(pk=member.pk).update(email=canaries.CANARIES["address"])
    member.refresh_from_db()
    return member


def copy_of(member) -> dict[str, str]:
    """The files of this member's copy."""
    export = ask_for_copy(member)
    make_copies()
    with zipfile.ZipFile(io.BytesIO(take_copy(member, export.pk))) as copy:
        assert copy.testzip() is None
        return {name: copy.read(name).decode() for name in copy.namelist()}


def test_it_holds_all_that_is_mine_to_read_and_as_data(somebody, other_member, moderator):
    canaries.live_a_life(somebody, other_member, moderator)
    files = copy_of(somebody)
    for form in ("".join(text for name, text in files.items() if name.endswith(".html")), files["data.json"]):
        missing = [name for name, words in canaries.CANARIES.items() if words not in form]
        assert sorted(missing) == sorted([*NOT_MINE, "session"])


def test_it_holds_nothing_of_anybody_else(somebody, other_member, moderator):
    canaries.live_a_life(somebody, other_member, moderator)
    everything = "".join(copy_of(somebody).values())
    others = (other_member.handle, other_member.email, moderator.handle, moderator.email, canaries.FOREIGN)
    assert "canary4" in everything  # the premise
    assert [word for word in others if word in everything] == []
    foreign = "".join(copy_of(other_member).values())
    assert canaries.FOREIGN in foreign  # the premise
    assert [name for name, words in canaries.CANARIES.items() if words in foreign] == [
        "report about them"
    ]  # they said it


def test_the_data_is_as_its_schema_says(somebody, other_member, moderator):
    canaries.live_a_life(somebody, other_member, moderator)
    files = copy_of(somebody)
    data, schema = json.loads(files["data.json"]), json.loads(files["schema.json"])
    lists = schema["properties"]["sections"]["properties"]
    assert data["sections"].keys() == lists.keys()
    for name, rows in data["sections"].items():
        columns = lists[name]["items"]["properties"]
        assert name in files["README.txt"]
        for row in rows:
            assert row.keys() == columns.keys()
            for column, value in row.items():
                assert fits(value, columns[column]), (name, column, value)


def fits(value, schema) -> bool:
    kinds = {"string": str, "integer": int, "boolean": bool, "null": type(None)}
    return "type" not in schema or isinstance(value, tuple(kinds[kind] for kind in schema["type"]))


def test_what_was_written_cannot_run(member, post_by):
    words = '<script>alert(1)</script> "><img src=x onerror=alert(2)> =1+1'
    post_by(member, words)
    page = copy_of(member)["pages/forum-post.html"]
    assert "&lt;script&gt;alert(1)" in page and "<script" not in page and "<img" not in page


def test_it_takes_as_many_questions_for_many_posts_as_for_few(member, post_by, django_assert_max_num_queries):
    for number in range(30):
        post_by(member, f"Number {number}")
    export = ask_for_copy(member)
    with django_assert_max_num_queries(80):
        make_copies()
    assert take_copy(member, export.pk)


def test_the_page_costs_the_same_however_much_there_is(as_, member, post_by, django_assert_max_num_queries):
    for number in range(12):
        post_by(member, f"Number {number}")
    as_(member).get("/me/data/")
    with django_assert_max_num_queries(12):
        page = as_(member).get("/me/data/").text
    assert "Your posts and replies" in page

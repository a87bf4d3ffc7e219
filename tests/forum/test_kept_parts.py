"""What is kept of a page's frame is nobody's: a page put together from it is the page as it would be drawn for that reader."""

import re

import pytest
from django.template import Context, Template

from forum.templatetags import kept

pytestmark = pytest.mark.django_db

OF_ONE_REQUEST = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|name="key" value="[0-9a-f-]+"')


@pytest.mark.parametrize("path", ["/", "/?lens=mine", "/me/", "/notices/", "/help/"])
def test_a_page_from_kept_parts_is_the_page_drawn_anew(path, as_, member, moderator, staff, make_member, post_by):
    wren = make_member("wren", language="cy", theme="dark", single_keys=False)
    people = [member, moderator, staff, wren, make_member("finch", shift_leaves=False, theme="light")]
    post_by(member)

    def page_of(person):
        return OF_ONE_REQUEST.sub("", as_(person).get(path).text)

    warm = [page_of(person) for person in (*people, *people)][len(people) :]
    for person, page in zip(people, warm, strict=True):
        kept.forget()
        assert page == page_of(person)


def test_a_draft_and_a_refused_post_are_in_nobody_elses_form(as_, member, moderator):
    refused = as_(member).post("/posts/", {"body": "My own words.", "intent": "nonsense"})
    assert refused.status_code == 422 and "My own words." in refused.text
    assert "My own words." not in as_(moderator).get("/").text


def test_a_part_is_drawn_once_for_each_of_what_it_depends_on():
    part = Template("{% load kept %}{% kept who unless angry %}{{ who }}{{ turn }}{% endkept %}")
    turns = [("a", 1, False), ("a", 2, False), ("b", 3, False), ("a", 4, True), ("a", 5, False)]
    drawn = [part.render(Context({"who": who, "turn": turn, "angry": angry})) for who, turn, angry in turns]
    assert drawn == ["a1", "a1", "b3", "a4", "a1"]

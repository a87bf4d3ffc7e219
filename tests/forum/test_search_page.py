"""The page /search/: a form sent by POST, an answer at a name drawn by lot, and the words in no address and no log."""

import pytest
from django.core.cache import cache
from django.test import Client

from forum.actions.posts import change_status
from forum.models import Standing, Status

pytestmark = pytest.mark.django_db


def look_for(client: Client, query: str, **more):
    return client.post("/search/", {"query": query, "among": "everything", **more})


@pytest.fixture
def heron_post(member, post_by):
    return post_by(member, "A <i>heron</i> stood in the rain.")


def test_a_search_leads_to_what_was_found_with_the_words_marked(as_, other_member, heron_post):
    answer = look_for(as_(other_member), "herons")
    assert answer.status_code == 303
    page = as_(other_member).get(answer.url)
    assert "A &lt;i&gt;<mark>heron</mark>&lt;/i&gt; stood" in page.text
    assert f'href="/posts/{heron_post.pk}/#post-{heron_post.pk}"' in page.text
    assert 'value="herons"' in page.text


def test_the_words_are_in_no_address_title_or_log(as_, other_member, heron_post, caplog):
    answer = look_for(as_(other_member), "herons")
    page = as_(other_member).get(answer.url)
    assert "heron" not in answer.url
    assert "heron" not in page.text.partition("<body")[0]
    assert page["Cache-Control"] == "no-store"
    records = str([record.__dict__ for record in caplog.records])
    assert "/search/" in records  # the premise: the requests were recorded
    assert "heron" not in records


def test_a_search_is_known_to_its_own_session_alone_and_is_put_away(as_, member, other_member, heron_post):
    answer = look_for(as_(other_member), "heron")
    assert as_(member).get(answer.url).status_code == 404
    again = Client()
    again.force_login(other_member)
    assert again.get(answer.url).status_code == 404
    cache.clear()  # as after an hour
    page = as_(other_member).get(answer.url)
    assert page.status_code == 404
    assert "put away" in page.text


@pytest.mark.parametrize("query", ["", "   ", "!!!", "🌊", "\u200b"])
def test_a_search_for_no_word_comes_back_with_the_reason_beside_the_field(as_, member, query):
    page = look_for(as_(member), query)
    assert page.status_code == 422
    assert "query" in page.context["form"].errors


def test_what_is_too_long_comes_back_whole(as_, member):
    page = look_for(as_(member), "heron " * 50, by="robin", age="week")
    assert page.status_code == 422
    assert "heron " * 49 + "heron" in page.text
    assert 'value="robin"' in page.text


@pytest.mark.parametrize("wrong", [{"among": "nonsense"}, {"age": "century"}])
def test_what_no_browser_sends_breaks_nothing(as_, member, wrong):
    assert as_(member).post("/search/", {"query": "heron", **wrong}).status_code == 422


def test_folded_words_and_those_behind_a_note_stay_folded(as_, member, other_member, post_by):
    folded = post_by(member, "A heron, folded.")
    post_by(member, "A heron, noted.", content_note="birds")
    change_status(folded, Status.FOLDED)
    page = as_(other_member).get(look_for(as_(other_member), "heron").url)
    assert ", folded." not in page.text
    assert "A moderator has folded this." in page.text
    assert (
        page.text.index("Content note:")
        < page.text.index(", noted.")
        < page.text.index("</details>", page.text.index("noted"))
    )


def test_nothing_found_says_so_kindly(as_, member, heron_post):
    page = as_(member).get(look_for(as_(member), "curlew").url)
    assert "Nothing here has those words, or nothing you can see." in page.text


def test_words_that_weigh_heavily_bring_the_help_line_and_the_answer(as_, member, post_by):
    post_by(member, "I keep thinking about suicide.")
    page = as_(member).get(look_for(as_(member), "suicide").url)
    assert "116 123" in page.text.partition("<main")[2].partition("</main>")[0]
    assert "<mark>suicide</mark>" in page.text
    calm = as_(member).get(look_for(as_(member), "thinking").url)
    assert "116 123" not in calm.text.partition("<main")[2].partition("</main>")[0]


def test_older_pages_are_links_and_cost_the_same(as_, member, other_member, post_by, django_assert_max_num_queries):
    for number in range(22):
        post_by(member, f"heron {number}")
    url = look_for(as_(other_member), "heron").url.partition("#")[0]
    with django_assert_max_num_queries(7):
        page = as_(other_member).get(url)
    older = as_(other_member).get(f"{url}?{page.context['older']}")
    assert [hit.post.body for hit in older.context["found"].hits] == ["heron 1", "heron 0"]
    assert as_(other_member).get(f"{url}?before=nonsense").status_code == 200


def test_a_stranger_is_asked_to_sign_in_and_a_closed_wall_stays_closed(client, as_, member):
    assert client.get("/search/").url == "/accounts/login/?next=/search/"
    assert 'href="/search/"' in as_(member).get("/").text
    member.standing = Standing.SUSPENDED
    member.save()
    assert as_(member).get("/search/").url == "/room/"
    assert 'href="/search/"' not in as_(member).get("/room/").text

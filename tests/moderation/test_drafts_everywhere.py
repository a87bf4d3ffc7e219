"""Every form a member writes in keeps its words on the server, and forgets them when they are sent."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings

from forum import drafts
from forum.actions.drafts import KINDS, save_draft
from forum.models import Draft, RuleSet, SupportGroup
from moderation.models import Report, ReportQuestion
from tests.forum.places import typed

pytestmark = pytest.mark.django_db
TEAMS = re.compile(r"moderation/(_case_|appeal\.html)")  # what the team writes about others stays in its tab
NAMED = re.compile(r'data-draft="\{?%?\s*([a-z]*)')
VIEWS = {"place": True, "draft": True, "one": True}  # the name comes from the view, which the tests of its page hold


def named_in(template: Path) -> set[str]:
    return {name for name in NAMED.findall(template.read_text()) if name and name not in VIEWS}


def test_every_form_of_a_members_page_is_of_a_kind_that_is_kept():
    root = settings.BASE_DIR / "templates"
    pages = [page for page in root.rglob("*.html") if not TEAMS.search(str(page.relative_to(root)))]
    found = {name: page.name for page in pages for name in named_in(page)}
    assert {"post", "rules", "group", "ask", "word"} & set(found)  # the premise
    assert not set(found) - set(KINDS), found


@pytest.fixture
def question(member, moderator, open_case, other_member):
    open_case(door="rule")
    return ReportQuestion.objects.create(report=Report.objects.get(), asked_by=moderator, question="When was that?")


def test_a_draft_about_the_rules_is_kept_shown_and_gone_when_it_is_said(as_, member):
    about = RuleSet.objects.order_by("-published_at").first().pk
    as_(member).post("/drafts/rules/", {"body": "Fewer words, please.", "about": about})
    assert Draft.objects.get().fields == {"body": "Fewer words, please."}
    page = as_(member).get("/rules/next/").text
    assert "Fewer words, please." in page and "Kept as a draft." in page
    as_(member).post("/drafts/rules/", {"body": "", "about": about, "draft": Draft.objects.get().version})
    assert not Draft.objects.exists()  # nothing that somebody wrote is left in it
    save_draft(member, "rules", {"body": "Fewer words."})
    key = str(uuid4())
    as_(member).post("/rules/next/comments/", {"body": "Fewer words.", "about": about, "key": key, "anchor": ""})
    assert not Draft.objects.exists()
    as_(member).post("/drafts/rules/", {"body": "Fewer words.", "key": key})
    assert not Draft.objects.exists()  # a save that arrives late


def test_a_draft_of_a_group_is_kept_shown_and_gone_when_it_is_sent(as_, member):
    as_(member).post("/drafts/group/", {"name": "Kettle and Chairs", "kind": "self_help"})
    assert 'value="Kettle and Chairs"' in as_(member).get("/support-groups/suggest/").text
    sent = typed()
    assert as_(member).post("/support-groups/suggest/", sent).status_code == 303
    assert SupportGroup.objects.filter(suggested_by=member).exists() and not Draft.objects.exists()
    as_(member).post("/drafts/group/", {"name": "Kettle and Chairs", "key": sent["key"]})
    assert not Draft.objects.exists()


@pytest.mark.parametrize("where", ["/me/reports/", "/me/questions/{}/"])
def test_a_draft_of_an_answer_is_kept_shown_and_gone_when_it_is_sent(as_, other_member, question, where):
    as_(other_member).post(f"/drafts/question-{question.pk}/", {"answer": "On Monday, I think."})
    shown = as_(other_member).get(where.format(question.pk)).text
    assert "On Monday, I think." in shown and f'data-draft="question-{question.pk}"' in shown
    as_(other_member).post(f"/me/questions/{question.pk}/", {"answer": "On Monday."})
    question.refresh_from_db()
    assert question.answer == "On Monday." and not Draft.objects.exists()


@pytest.mark.parametrize(
    ("place", "where"),
    [
        ("post", "/"),
        ("rules", "/rules/next/#talk"),
        ("group", "/support-groups/suggest/"),
        ("question-7", "/me/questions/7/"),
        ("reply-7", "/posts/7/#reply"),
        ("word-7", "/me/words/7/"),
        ("worry-3-7", "/posts/7/report/"),
        ("worry-3-", "/"),
        ("appeal-7-", "/me/decisions/7/again/"),
        ("appeal--7", "/me/reports/7/again/"),
        ("reply", "/"),
        ("nowhere", "/"),
    ],
)
def test_a_draft_leads_back_to_its_form(place, where):
    assert drafts.page_of(place) == where

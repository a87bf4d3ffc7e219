"""Where the operator has said that nobody answers a crisis, no page and no receipt promises anything else."""

import re
from uuid import uuid4

import pytest
from django.utils import timezone

from moderation import receipts
from moderation.actions.reports import ask_for_team, report_post
from moderation.models import Case, Door, Report

pytestmark = pytest.mark.django_db
PROMISES = re.compile(
    r"will write to you|can write to you here|are called|being called|our calls|on call|within minutes|999 is rung"
    r"|able to send|is expected to read"
)
SAID_SO = re.compile(r"[Nn]obody (here|who runs this site) can answer an emergency")


@pytest.fixture
def none(settings):
    settings.CRISIS_RESPONSE = False


@pytest.fixture
def pages(as_, member, other_member, post_by, client):
    """`pages()`: every page on which a member or a stranger is told what the team does in an emergency."""
    post = post_by(member)

    def read() -> dict[str, str]:
        doors = ("/ask/", "/help/", "/stepping-in/", "/me/card/", f"/posts/{post.pk}/report/?door=worry")
        theirs = {url: as_(other_member).get(url).content.decode() for url in doors}
        outside = {
            url: client.get(url).content.decode() for url in ("/report/?door=worry", "/stepping-in/?as=stranger")
        }
        return theirs | outside

    return read


def main_of(page: str) -> str:
    return page[page.index("<main") :].split("</main>", maxsplit=1)[0]


def test_with_a_crisis_response_the_pages_promise_it(pages):
    promised = {url for url, page in pages().items() if PROMISES.search(main_of(page))}
    assert {"/ask/", "/help/", "/stepping-in/"} <= promised  # the premise
    assert not any(SAID_SO.search(page) for page in pages().values())


def test_without_one_no_page_promises_it_and_each_says_so(pages, none):
    for url, page in pages().items():
        assert PROMISES.search(main_of(page)) is None, url
        assert SAID_SO.search(main_of(page)), url
        assert "999" in main_of(page), url


@pytest.fixture
def every_receipt(member, other_member, post_by):
    """Reports at every door and severity, read by nobody, with nobody here; one of them was called about in vain."""
    for category in ("worried", "thoughts", "danger_now"):
        report_post(other_member, post_by(member, f"About {category}"), Door.WORRY, category, key=uuid4())
    ask_for_team(other_member, "please_answer", key=uuid4())
    Case.objects.filter(kind="care", subject=member).update(
        severity="emergency", state="escalated", escalated_at=timezone.now(), unanswered_at=timezone.now()
    )


def told() -> list[str]:
    return [receipts.receipt_for(report).text for report in receipts.loaded(Report.objects.exclude(source="screening"))]


def test_with_a_crisis_response_the_receipts_tell_of_the_calls(every_receipt):
    assert any(PROMISES.search(text) for text in told())


def test_without_one_no_receipt_does(every_receipt, none):
    texts = told()
    assert len(texts) == 4
    for text in texts:
        assert PROMISES.search(text) is None
        assert SAID_SO.search(text)


def test_members_read_when_somebody_is_expected_and_strangers_do_not(as_, client, member, settings):
    assert "Nobody from the team is here just now." in as_(member).get("/").text
    settings.STAFFED_HOURS_SAID = True
    assert "someone is expected at" in as_(member).get("/").text
    assert "Nobody from the team is here" not in client.get("/", follow=True).text

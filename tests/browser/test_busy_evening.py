"""A busy evening: thirty cases, two moderators who press at the same moment for each, and nobody's words where they do not belong."""

import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, Response, expect

from forum.actions.posts import publish_post
from forum.models import Member, Notice
from moderation.actions.reports import report_member, report_post
from moderation.models import Case, CaseEvent, Decision, Duty, DutyKind, State
from tests.browser.deciding import decide_and_tell
from tests.browser.watch import expect_status

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(1200)]

POSTS, WORRIES = 24, 6
KINDS = ("remove", "fold", "no_action", "warning")
SAID = "canary"  # stands in what people tell the team, and in nothing that is on the wall


@pytest.fixture
def evening(make_member: Callable[..., Member], other_member: Any, moderator: Any, other_moderator: Any) -> list[Case]:
    """wren tells of 24 posts and six people, all at about the same time; heron and kestrel are on shift."""
    for person in (moderator, other_moderator):
        Duty.objects.create(member=person, kind=DutyKind.SHIFT, standing=True)
    authors = [make_member(f"member{number:02}") for number in range(POSTS + WORRIES)]
    cases = []
    for author in authors[:POSTS]:
        post = publish_post(author, body=f"Words of {author.handle}.", key=uuid4()).post
        cases.append(report_post(other_member, post, "rule", "unkind", key=uuid4(), note=f"{SAID}-told").case)
    worries = [
        report_member(other_member, author, "worry", "worried", key=uuid4(), note=f"{SAID}-told").case
        for author in authors[POSTS:]
    ]
    return cases + worries


PRESS_AT = """([value, at]) => {
  const form = document.querySelector(`form button[name="do"][value="${value}"]`).form.cloneNode(true);
  form.hidden = true;  // a copy, that what happens live on the page cannot take away before it is pressed
  document.body.append(form);
  setTimeout(() => form.requestSubmit(form.querySelector(`button[value="${value}"]`)), Math.max(0, at - Date.now()));
}"""


def overhear(pages: list[Page]) -> list[str]:
    """Everything that comes over these pages' sockets from now on."""
    heard: list[str] = []

    def listen(socket: Any) -> None:
        socket.on("framereceived", lambda frame: heard.append(str(frame)))

    for page in pages:
        page.on("websocket", listen)
    return heard


def is_press(answer: Response) -> bool:
    return answer.request.method == "POST" and "do=claim" in (answer.request.post_data or "")


def race_for(hands: dict[str, Page], case: Case) -> tuple[Page, Page]:
    """Both have the case open and press at the same moment: one has it, and the other reads who. Returns them so."""
    names = list(hands)
    for page in hands.values():
        page.goto(f"/moderation/cases/{case.pk}/")
    with hands[names[0]].expect_response(is_press) as one, hands[names[1]].expect_response(is_press) as other:
        at = (time.time() + 0.2) * 1000
        for page in hands.values():
            page.evaluate(PRESS_AT, ["claim", at])
    answers = {names[0]: one.value.status, names[1]: other.value.status}
    assert sorted(answers.values()) == [303, 409], answers
    first = next(name for name, status in answers.items() if status == 303)
    second = next(name for name in names if name != first)
    expect(hands[first].get_by_role("button", name="Give it back").first).to_be_visible()
    expect(hands[second].get_by_text(f"{first} took this at")).to_be_visible()
    expect(hands[second].locator('form button[name="do"][value="claim"]')).to_have_count(0)
    return hands[first], hands[second]


def decide(page: Page, case: Case, kind: str) -> None:
    choose(page, case, kind)
    expect(page.get_by_role("heading", name="What was decided")).to_be_visible()


def choose(page: Page, case: Case, kind: str) -> None:
    """What they will read is drawn while it is typed, and then one press is enough; else the first press draws it."""
    page.locator(f'input[name="kind"][value="{kind}"]').check()
    if kind != "no_action" and case.kind == "conduct":
        page.get_by_label("House rule").select_option("kindness")
    page.locator('#decide textarea[name="statement"]').fill(f"Hello. {SAID}-statement. Written by a person.")
    decide_and_tell(page)


def look_after(page: Page, words: str = f"{SAID}-word.") -> None:
    page.get_by_label("Your words").first.fill(f"Hello, this is a person. {words}")
    page.locator('button[name="do"][value="word"]').click()
    expect(page.get_by_text(words).first).to_be_visible()


def talk_with(subject: Page, case: Case, holder: Page) -> None:
    """The one place where words arrive by themselves: the socket says that there are some, and the page fetches them."""
    subject.goto(f"/me/words/{case.pk}/")
    expect(subject.get_by_text(f"{SAID}-word.")).to_be_visible()
    look_after(holder, f"{SAID}-again.")
    expect(subject.get_by_text(f"{SAID}-again.")).to_be_visible()  # by itself


def refuse_twice(hands: dict[str, Page], case: Case, teller: Any) -> None:
    """The same words are reported again: whoever takes it now cannot warn their author a second time."""
    again = report_post(teller, case.post, "rule", "abuse", key=uuid4()).case
    page, _second = race_for(hands, again)
    choose(page, again, "warning")
    expect(page.get_by_text("has decided about this already").first).to_be_visible()
    decide(page, again, "no_action")


def test_thirty_cases_and_two_pairs_of_hands(
    person: Callable[..., Page], evening: list[Case], moderator: Any, other_moderator: Any, other_member: Any
) -> None:
    hands = {"heron": person("heron"), "kestrel": person("kestrel")}
    queue, wren, looked_after = person("heron"), person(other_member), person(evening[-1].subject)
    heard, theirs = overhear([*hands.values(), queue, wren]), overhear([looked_after])
    for page in hands.values():
        expect_status(page, 409, 422)  # second at a claim, and a second warning
    queue.goto("/moderation/")
    expect(queue.get_by_role("heading", name="30 to look at")).to_be_visible()
    wren.goto("/")
    for number, case in enumerate(evening):
        holder, _second = race_for(hands, case)
        if case.kind == "care":
            look_after(holder)
            if case == evening[-1]:
                talk_with(looked_after, case, holder)
            decide(holder, case, "no_action")
        else:
            decide(holder, case, KINDS[number % len(KINDS)])
    refuse_twice(hands, evening[KINDS.index("warning")], evening[-1].subject)

    assert not Case.objects.exclude(state=State.CLOSED).exists()
    assert Decision.objects.count() == CaseEvent.objects.filter(action="decide").count() == len(evening) + 1
    assert CaseEvent.objects.filter(action="claim").count() == len(evening) + 1
    for case in evening[:POSTS]:
        assert Decision.objects.filter(subject=case.subject).exclude(kind="no_action").count() <= 1
        told = Notice.objects.filter(member=case.subject, kind="decision").count()
        assert told == Decision.objects.filter(subject=case.subject).count(), "nobody is told twice"
    assert Decision.objects.filter(kind="warning").count() == POSTS // len(KINDS)
    assert not Notice.objects.filter(member__in=[case.subject_id for case in evening[POSTS:]], kind="decision").exists()
    queue.goto("/moderation/")
    expect(queue.get_by_text("cup of tea")).to_be_visible()
    assert len(heard) > len(evening)
    assert [frame for frame in theirs if "word.sent" in frame], (
        "whoever has the conversation open hears that there is a word"
    )
    assert not [frame for frame in heard + theirs if SAID in frame], "no words of a case travel over a socket"

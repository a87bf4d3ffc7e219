"""Pressing "Decide and tell them" as a person does: nothing is sent that was not read as the member will read it."""

from playwright.sync_api import Page, Response, expect

AGAIN = "Read it as they will. Press again to send it."


def decide_and_tell(page: Page) -> int:
    """Once where the statement was drawn by then, else twice: the first press draws it. Returns the last answer's status."""
    status = _press(page)
    if status == 200:
        expect(page.get_by_text(AGAIN)).to_be_visible()
        status = _press(page)
    return status


def _press(page: Page) -> int:
    with page.expect_response(_is_decision) as answer:
        page.get_by_role("button", name="Decide and tell them").click()
    return int(answer.value.status)


def _is_decision(answer: Response) -> bool:
    return answer.request.method == "POST" and "do=decide" in (answer.request.post_data or "")

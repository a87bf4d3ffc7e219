"""A press on "Decide and tell them" as a person does it: what was not shown yet is read first, and sent by a second press."""

import html
import re
from typing import Any

from django.http import HttpResponse
from django.test import Client

AGAIN = "Read it as they will. Press again to send it."


def press_and_send(client: Client, url: str, fields: dict[str, Any]) -> HttpResponse:
    """The answer to the press; to the second one where the first showed what would be sent."""
    answer = client.post(url, fields)
    if fields.get("do") != "decide" or answer.status_code != 200:
        return answer
    assert AGAIN in answer.text
    return client.post(url, {**fields, **brought_back(answer.text)})


def brought_back(page: str) -> dict[str, str]:
    """What the page's form holds now of the statement."""
    page = page.partition('id="decide-statement"')[2]
    written = re.search(r'<textarea name="statement"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    assert written is not None
    hidden = {name: re.search(rf'name="{name}" value="([^"]*)"', page) for name in ("shown", "begun")}
    return {"statement": html.unescape(written[1])} | {
        name: html.unescape(found[1]) for name, found in hidden.items() if found
    }

"""Answers that a refusal gives by itself, where a page shows no form beside which it could stand."""

from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from forum.panels import Words
from forum.refusals import NotYet, Refusal

Answer = TypeVar("Answer", bound=HttpResponse)


def say_when(answer: Answer, refusal: Refusal) -> Answer:
    """A page with the words kept; one that says "not before 04:12" tells programs as well."""
    if isinstance(refusal, NotYet):
        answer.status_code, answer["Retry-After"] = 429, str(refusal.seconds)
    return answer


def somebody_was_first(request: HttpRequest, what: Words, url: str, label: Words = "") -> HttpResponse:
    """For a press that came second and has no form: what happened first, and the way to where it stands."""
    return render(request, "409.html", {"what": what, "url": url, "label": label}, status=409)

"""The pages for when something is missing, refused or broken."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import BadRequest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import TemplateSyntaxError, loader
from django.test import Client, RequestFactory
from django.urls import path

from config import errors
from config.urls import handler400, handler403, handler404, handler429, handler500
from config.urls import urlpatterns as real

__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500"]


def breaks(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError("a canary that nobody may see")


def loses_the_database(request: HttpRequest) -> HttpResponse:
    raise OperationalError("a canary that nobody may see")


def misunderstands(request: HttpRequest) -> HttpResponse:
    raise BadRequest


urlpatterns = [
    path("broken/", breaks),
    path("away/", loses_the_database),
    path("strange/", misunderstands),
    *real,
]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.django_db
def test_a_missing_page_shows_the_way_to_the_wall(visitor: Client) -> None:
    answer = visitor.get("/nowhere/")
    assert answer.status_code == 404
    assert 'href="/"' in answer.text
    assert "There is nothing here, or nothing you can see." in answer.text


def test_a_broken_page_asks_no_database_and_shows_no_trace(visitor: Client) -> None:
    answer = visitor.get("/broken/")  # without the django_db mark any query would fail
    assert answer.status_code == 500
    assert "Something broke on our side." in answer.text
    assert "116 123" in answer.text
    assert "canary" not in answer.text
    assert answer["X-Request-ID"] in answer.text


def test_a_database_that_is_away_answers_503_and_when_to_try_again(visitor: Client) -> None:
    answer = visitor.get("/away/")
    assert answer.status_code == 503
    assert answer["Retry-After"] == str(errors.RETRY_AFTER)
    assert "canary" not in answer.text


def test_a_broken_site_whose_template_is_broken_still_says_whom_to_ring(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(name: str) -> Any:
        raise TemplateSyntaxError(name)

    monkeypatch.setattr(loader, "get_template", broken)
    answer = visitor.get("/broken/")
    assert answer.status_code == 500
    assert "999" in answer.text


def test_a_strange_request_gets_a_plain_answer(visitor: Client) -> None:
    answer = visitor.get("/strange/")
    assert answer.status_code == 400
    assert "That could not be understood." in answer.text


@pytest.mark.django_db
def test_words_sent_without_a_token_are_shown_again() -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/posts/", {"body": "Four in the morning <b>"}, headers={"origin": "http://testserver"})
    assert answer.status_code == 403
    assert "Four in the morning &lt;b&gt;" in answer.text


@pytest.mark.django_db
@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", ""])
def test_another_sites_words_are_never_shown_on_ours(origin: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/posts/", {"body": "Ring this number"}, headers={"origin": origin})
    assert answer.status_code == 403
    assert "Ring this number" not in answer.text


@pytest.fixture
def few_tries(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "20/m/ip,2/m/key", "reauthenticate": "2/m/user"}


@pytest.mark.django_db
def test_who_tried_too_often_is_told_when_to_go_on(few_tries: None, client: Client, time_machine: Any) -> None:
    time_machine.move_to(datetime(2026, 3, 4, 14, 5, 30, tzinfo=UTC), tick=False)
    sent = {"email": "nobody@harbour.test"}
    assert [client.post("/accounts/password/reset/", sent).status_code for _try in range(2)] == [302, 302]
    answer = client.post("/accounts/password/reset/", sent)
    assert answer.status_code == 429
    assert answer["Retry-After"] == "60"
    assert "You can go on at 14:07." in answer.text  # when the clock shows it, it is so
    assert 'href="/help/"' in answer.text
    time_machine.move_to(datetime(2026, 3, 4, 14, 6, 31, tzinfo=UTC), tick=False)
    assert client.post("/accounts/password/reset/", sent).status_code == 302


@pytest.mark.django_db
def test_so_is_a_member_who_confirms_too_often(few_tries: None, as_: Any, member: Any) -> None:
    for _try in range(2):
        assert as_(member).post("/accounts/reauthenticate/", {"password": "wrong"}).status_code == 422
    answer = as_(member).post("/accounts/reauthenticate/", {"password": "wrong"})
    assert (answer.status_code, 0 < int(answer["Retry-After"]) <= 60) == (429, True)
    assert "You can go on at" in answer.text


@pytest.mark.django_db
def test_where_no_counter_says_until_when_the_page_promises_nothing(client: Client) -> None:
    request = RequestFactory().get("/accounts/login/")
    request.user = AnonymousUser()
    answer = errors.too_many(request)
    assert (answer.status_code, answer["Retry-After"]) == (429, str(errors.TRY_AGAIN_AFTER))
    assert b"You can go on at" not in answer.content

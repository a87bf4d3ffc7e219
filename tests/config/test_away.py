"""While PostgreSQL is away one request a second tries, and every other one is told at once when to come back."""

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from config import away, errors
from config.urls import handler500
from config.urls import urlpatterns as real

__all__ = ["handler500"]


class PoolTimeout(Exception):
    """By the name that psycopg's pool gives to having waited in vain."""


def finds_no_connection(request: HttpRequest) -> HttpResponse:
    raise OperationalError from PoolTimeout()


def finds_it_locked(request: HttpRequest) -> HttpResponse:
    raise OperationalError("database is locked")


def reads(request: HttpRequest) -> HttpResponse:
    return HttpResponse("The wall.")


urlpatterns = [
    path("no-connection/", finds_no_connection),
    path("locked/", finds_it_locked),
    path("reads/", reads),
    *real,
]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def visitor(monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(away, "_away_until", 0.0)
    return Client(raise_request_exception=False)


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch):
    def pass_time(seconds: float) -> None:
        monkeypatch.setattr(away, "_away_until", away._away_until - seconds)

    return pass_time


def test_the_next_request_does_not_wait_as_well(visitor, pass_time):
    assert visitor.get("/reads/").status_code == 200  # the premise
    assert visitor.get("/no-connection/").status_code == 503
    told = visitor.get("/reads/")
    assert (told.status_code, told["Retry-After"]) == (503, str(errors.RETRY_AFTER))
    assert "Content-Security-Policy" in told.headers
    pass_time(away.PAUSE)
    assert visitor.get("/reads/").status_code == 200


@pytest.mark.django_db
def test_help_and_the_way_out_are_there_all_the_same(visitor):
    visitor.get("/no-connection/")
    assert "116 123" in visitor.get("/help/").text
    assert visitor.get("/leave/")["Refresh"]
    assert visitor.get("/livez").status_code == 200


def test_a_lock_or_a_full_disk_keeps_nobody_from_reading(visitor):
    assert visitor.get("/locked/").status_code == 503
    assert visitor.get("/reads/").status_code == 200


def test_when_to_come_back_is_soon(visitor):
    assert int(visitor.get("/locked/")["Retry-After"]) <= 3

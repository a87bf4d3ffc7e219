"""What every answer carries, by either server's road."""

import pytest
from asgiref.sync import async_to_sync
from django.http import HttpResponse
from django.test import AsyncClient, RequestFactory

from config.middleware import security_headers

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
EVERYWHERE = ["/livez", "/static/favicon.svg", "/nothing-here/", "/accounts/login/"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_is_dressed(client, path):
    headers = client.get(path).headers
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize("path", ["/static/base.css", "/static/site.js", "/static/vendor/htmx@4.0.1/htmx.min.js"])
def test_a_part_of_a_page_carries_no_policy_of_pages(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert "Content-Security-Policy" not in answer.headers
    assert "Permissions-Policy" not in answer.headers
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/", "/livez", "/sw.js", "/static/base.css", "/static/site.js", "/static/favicon.svg"]
)
def test_every_answer_of_text_says_its_alphabet(client, path):
    kind, _semicolon, alphabet = client.get(path).headers["Content-Type"].partition("; ")
    assert alphabet.replace('"', "") == ("" if kind == "application/json" else "charset=utf-8")  # JSON knows no other


@pytest.mark.django_db
def test_nor_does_a_missing_one_lose_it(client):
    answer = client.get("/static/nothing-here.css")
    assert answer.status_code == 404
    assert answer.headers["Content-Security-Policy"] == POLICY


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/livez", "/static/favicon.svg"])
def test_the_async_road_dresses_them_alike(path):
    headers = async_to_sync(AsyncClient().get)(path).headers
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["Permissions-Policy"].startswith("accelerometer=()")


def test_a_page_for_somebody_signed_in_is_kept_nowhere(as_, member):
    assert "no-store" in as_(member).get("/rules/").headers["Cache-Control"]


def test_a_page_for_strangers_may_be_kept(client, db):
    assert "no-store" not in client.get("/rules/").headers.get("Cache-Control", "")


def test_a_static_file_may_be_kept_by_everybody(as_, member):
    assert "no-store" not in as_(member).get("/static/favicon.svg").headers["Cache-Control"]


def test_a_view_may_be_stricter_than_the_site():
    own = HttpResponse(headers={"Content-Security-Policy": "default-src 'none'"})
    answer = security_headers(lambda request: own)(RequestFactory().get("/"))
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'"

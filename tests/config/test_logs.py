"""One record per request, and nothing in it that a person wrote or is called."""

import json
import logging

import pytest
import structlog
from asgiref.sync import async_to_sync
from django.test import AsyncClient, Client


def test_one_request_writes_one_record_with_its_id(client, db, production_log):
    response = client.get("/livez?whom=robin")
    (record,) = production_log()
    assert record["request_id"] == response.headers["X-Request-ID"]
    assert {name: record[name] for name in ("event", "method", "route", "status")} == {
        "event": "request",
        "method": "GET",
        "route": "/livez",
        "status": 200,
    }
    assert "robin" not in json.dumps(record)


def test_so_does_the_async_road(db, production_log):
    response = async_to_sync(AsyncClient().get)("/livez")
    assert [record["request_id"] for record in production_log()] == [response.headers["X-Request-ID"]]


def test_two_requests_have_two_ids(client, db, production_log):
    client.get("/livez")
    client.get("/livez")
    assert len({record["request_id"] for record in production_log()}) == 2


def test_a_missing_page_is_told_without_its_path(client, db, production_log):
    client.get("/members/robin%0AERROR%20forged/nothing/")
    (record,) = production_log()
    assert (record["route"], record["status"]) == ("unknown", 404)


@pytest.mark.parametrize("origin", ["http://testserver", "https://robin.example"])
def test_a_form_without_its_token_is_told_without_its_path(db, production_log, origin):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/members/robin/report/", {"note": "robin"}, headers={"origin": origin}).status_code == 403
    refused, asked = production_log()
    assert (refused["event"], refused["level"], asked["status"]) == ("form_refused", "warning", 403)
    assert refused["request_id"] == asked["request_id"]
    assert "robin" not in json.dumps([refused, asked])


def test_signing_in_leaves_neither_address_nor_password(client, member, production_log):
    client.post("/accounts/login/", {"login": member.email, "password": "a wrong one entirely"})
    client.post("/accounts/login/", {"login": member.email, "password": "harbour-demo-pass"})
    records = json.dumps(production_log())
    assert records.count('"/accounts/login/"') == 2
    assert member.email not in records
    assert "wrong one" not in records
    assert "harbour-demo-pass" not in records


def test_an_address_is_hidden_wherever_it_stands(production_log):
    structlog.get_logger("harbour.test").warning(
        "sent to robin@harbour.test", to=["wren@harbour.test", {"cc": "a@b.c"}]
    )
    logging.getLogger("somebody.else").warning("could not reach %s", "heron@harbour.test")
    records = production_log()
    assert [record["event"] for record in records] == ["sent to [address]", "could not reach [address]"]
    assert "@" not in json.dumps(records)


def test_a_trace_says_where_but_quotes_nobody(production_log):
    try:
        int("I cannot go on, robin@harbour.test")
    except ValueError:
        logging.getLogger("django.request").exception("Internal Server Error: %s", "route")
    (record,) = production_log()
    assert record["exception"] == "builtins.ValueError"
    assert "test_a_trace_says_where" in record["trace"][-1]
    assert "go on" not in json.dumps(record)


def test_words_with_a_line_break_stay_one_record(production_log):
    logging.getLogger("somebody.else").warning('hello\n{"event": "forged"}')
    assert len(production_log()) == 1


def test_an_id_is_taken_from_a_trusted_proxy_alone(client, db, settings):
    given = {"X-Request-ID": "abcdef-0123456789"}
    assert client.get("/livez", headers=given).headers["X-Request-ID"] != given["X-Request-ID"]
    settings.TRUSTED_PROXIES = 1
    assert Client().get("/livez", headers=given).headers["X-Request-ID"] == given["X-Request-ID"]
    forged = client.get("/livez", headers={"X-Request-ID": "two\r\nlines"})
    assert "lines" not in forged.headers["X-Request-ID"]

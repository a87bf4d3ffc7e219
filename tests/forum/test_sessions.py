"""Where somebody is signed in: what is kept of it, and signing out there."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forum.sessions import SEEN_AT, device_words, roughly
from realtime import retention
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36"


@pytest.fixture
def elsewhere(member):
    """robin's phone, signed in with the password."""
    phone = Client(headers={"user-agent": PHONE})
    phone.post("/accounts/login/", {"login": member.email, "password": PASSWORD}, REMOTE_ADDR="203.0.113.9")
    assert phone.get("/me/").status_code == 200
    return phone


def key_of(client):
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def test_both_places_are_listed_in_plain_words_without_an_address(as_, member, elsewhere):
    page = as_(member).get("/me/sessions/").text
    assert "Chrome on Android" in page
    assert "this one" in page
    assert "203.0.113" not in page
    assert "203.0.113" not in str(list(UserSession.objects.values()))
    assert "Mozilla" not in str(list(UserSession.objects.values()))


def test_one_place_is_signed_out_and_the_others_stay(as_, member, elsewhere):
    there = UserSession.objects.get(session_key=key_of(elsewhere))
    assert as_(member).post("/me/sessions/", {"end": there.pk}).status_code == 303
    assert elsewhere.get("/me/").status_code == 302
    assert as_(member).get("/me/").status_code == 200
    assert "Chrome on Android" not in as_(member).get("/me/sessions/").text


def test_everywhere_else_is_signed_out_at_one_press_and_twice_is_once(as_, member, elsewhere):
    third = Client()
    third.force_login(member)
    for _press in range(2):
        assert as_(member).post("/me/sessions/", {"end": "others"}).status_code == 303
    assert [client.get("/me/").status_code for client in (elsewhere, third, as_(member))] == [302, 302, 200]


@pytest.mark.parametrize("chosen", ["", "x", "-1", "9" * 30, "٣"])
def test_nonsense_ends_nothing(as_, member, elsewhere, chosen):
    assert as_(member).post("/me/sessions/", {"end": chosen}).status_code == 303
    assert elsewhere.get("/me/").status_code == 200


def test_nobody_ends_the_session_of_another(as_, member, other_member, elsewhere):
    there = UserSession.objects.get(session_key=key_of(elsewhere))
    as_(other_member).post("/me/sessions/", {"end": there.pk})
    assert elsewhere.get("/me/").status_code == 200


def test_the_sockets_of_an_ended_session_close_and_others_stay_open(listen, ears, as_, member):
    phone = Client()
    phone.force_login(member)
    cookie = f"{settings.SESSION_COOKIE_NAME}={key_of(phone)}"
    there = ears.open("after=", {"cookie": cookie, "origin": settings.ORIGINS[0]})
    with listen(member) as here, there:
        assert here.receive()["type"] == there.receive()["type"] == "hello"
        as_(member).post("/me/sessions/", {"end": "others"})
        assert there.until("bye")["code"] == 4001
        assert [event["kind"] for event in here.events_until_now()] == ["rights.changed"]


def test_a_new_password_ends_every_other_session_for_good(as_, member, elsewhere):
    here = Client()
    here.post("/accounts/login/", {"login": member.email, "password": PASSWORD})
    answer = here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": "seven quiet boats"})
    assert answer.status_code == 302
    assert here.get("/me/sessions/").text.count("this one") == 1
    assert not Session.objects.filter(session_key=key_of(elsewhere)).exists()
    assert UserSession.objects.filter(user=member).count() == 1


def test_a_visit_is_noted_once_an_hour_and_reading_costs_no_writing(as_, member):
    client = as_(member)
    client.get("/keys/")
    row = UserSession.objects.get(user=member)
    UserSession.objects.update(last_seen_at=row.last_seen_at - timedelta(days=3))
    with CaptureQueriesContext(connection) as asked:
        client.get("/keys/")
    assert asked.captured_queries
    assert all(query["sql"].startswith("SELECT") for query in asked.captured_queries)
    session = client.session
    session[SEEN_AT] -= 3601
    session.save()
    client.get("/keys/")
    assert UserSession.objects.get(user=member).last_seen_at >= row.last_seen_at


def test_the_clock_forgets_what_has_ended(member, elsewhere):
    retention.forget("sessions")
    retention.forget("browsers")
    assert UserSession.objects.filter(session_key=key_of(elsewhere)).exists()
    Session.objects.update(expire_date=timezone.now())
    retention.forget("sessions")
    retention.forget("browsers")
    assert not Session.objects.exists()
    assert not UserSession.objects.exists()


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        ("Firefox Linux", "Firefox on Linux"),  # as it is stored
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) CriOS/126 Safari/604.1", "Chrome on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36 Edg/126.0", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) Version/17.5 Safari/605.1", "Safari on Mac"),
        ("curl/8.8", "A browser that does not say what it is"),
    ],
)
def test_a_browser_is_told_in_plain_words(agent, words):
    assert device_words(agent) == words


def test_the_last_use_is_told_roughly():
    now = timezone.now()
    assert roughly(now) == "used within the last hour"
    assert roughly(now - timedelta(days=40)).startswith("last used on ")


def test_a_disk_that_is_full_keeps_nobody_from_reading(member, as_):
    """As SQLite says it, and SQLite alone: writes are refused, and reads are not."""

    def full(execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE")):
            raise OperationalError("database or disk is full")
        return execute(sql, params, many, context)

    as_(member).get("/me/")
    session = as_(member).session
    session[SEEN_AT] -= 3601  # so that this visit is to be noted
    session.save()
    with connection.execute_wrapper(full):
        assert as_(member).get("/me/").status_code == 200
    assert as_(member).session[SEEN_AT] == session[SEEN_AT]
    as_(member).get("/me/")
    assert as_(member).session[SEEN_AT] > session[SEEN_AT]  # the premise: with room, it is noted

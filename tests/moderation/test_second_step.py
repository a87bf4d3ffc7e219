"""Whoever has a role is a member until they have taken the second step: on every page, in the admin and on sockets."""

from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, reverse

from forum.actions.leaving import CannotLeave, delete_now
from forum.actions.roles import NoSecondStep, agree_to_role, ask_for_role
from forum.models import Member, Post
from forum.second_step import hold_back
from forum.views.socket import _in_words_of_member
from moderation import urls
from moderation.actions.cases import claim_case
from moderation.actions.sealed_codes import make_code, use_code
from realtime import commands
from tests.conftest import PASSWORD
from tests.second_step import code_from_app

pytestmark = pytest.mark.django_db
SET_UP = "/accounts/2fa/"
TEAMS = [
    pattern
    for pattern in urls.urlpatterns
    if isinstance(pattern, URLPattern) and str(pattern.pattern).startswith(("moderation/", "staff/"))
]


@pytest.fixture(autouse=True)
def asked_for(settings):
    settings.SECOND_STEP = True


@pytest.fixture
def cast(moderator, staff, independent, administrator):
    return {person.role: person for person in (moderator, staff, independent, administrator)}


def sign_in(person):
    client = Client()
    answer = client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    return client, answer["Location"]


def with_app(person):
    """Somebody whose app is set up, and its secret."""
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    return secret


def taken_by(person):
    """A client in which they have just taken their second step."""
    client, secret = Client(), with_app(person)
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    client.post("/accounts/2fa/authenticate/", {"code": code_from_app(secret)})
    return client


def address_of(pattern):
    """Any address of a page's: the door is shut before what is behind it is looked for."""
    some = {"IntConverter": 1, "UUIDConverter": uuid4(), "HandleConverter": "robin"}
    kinds = {name: some.get(type(kind).__name__, "x") for name, kind in pattern.pattern.converters.items()}
    return reverse(pattern.name, kwargs=kinds)


def test_signing_in_leads_through_the_setting_up_and_then_the_teams_pages_open(moderator):
    client, led_to = sign_in(moderator)
    assert led_to == SET_UP
    wall = client.get("/")
    assert wall.status_code == 200 and "Your role opens once" in wall.text
    assert client.get("/moderation/")["Location"] == SET_UP
    client.post("/accounts/reauthenticate/?next=/accounts/2fa/totp/activate/", {"password": PASSWORD})
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    assert client.post("/accounts/2fa/totp/activate/", {"code": code_from_app(secret)}).status_code == 302
    assert client.get("/moderation/").status_code == 200
    assert "Your role opens once" not in client.get("/").text


def test_a_member_is_asked_nothing(member):
    client, led_to = sign_in(member)
    assert led_to == "/"
    assert "Your role opens once" not in client.get("/").text


@pytest.mark.parametrize("role", ["moderator", "staff", "independent"])
def test_no_page_of_the_teams_answers_before(cast, role):
    waiting, taken = sign_in(cast[role])[0], taken_by(cast["staff"])
    opened = 0
    for pattern in TEAMS:
        address = address_of(pattern)
        opened += taken.get(address).status_code == 200 if role == "staff" else 0
        for answer in (waiting.get(address), waiting.post(address)):
            led = answer.status_code == 302 and answer["Location"].startswith(SET_UP)
            assert led or answer.status_code in (404, 405), (address, answer.status_code)
    assert opened > 10 or role != "staff"  # the premise: they are pages


def test_the_admin_leads_there_too_and_gives_nothing(administrator, member):
    client, led_to = sign_in(administrator)
    assert led_to == SET_UP
    address = f"/admin/forum/member/{member.pk}/change/"
    for answer in (client.get("/admin/", follow=True), client.post(address, {"role": "staff"}, follow=True)):
        assert answer.redirect_chain[-1][0] == SET_UP
    assert Member.objects.get(pk=member.pk).role == "member"
    assert taken_by(administrator).get("/admin/").status_code == 200


def test_a_session_from_before_takes_the_step_that_is_there_and_goes_on(as_, moderator):
    secret = with_app(moderator)
    old = as_(moderator)
    led = old.get("/moderation/")["Location"]
    assert led == "/accounts/2fa/reauthenticate/?next=%2Fmoderation%2F"
    assert old.post(led, {"code": code_from_app(secret)})["Location"] == "/moderation/"
    assert old.get("/moderation/").status_code == 200


def test_a_step_taken_with_what_is_gone_counts_no_more(moderator):
    client = taken_by(moderator)
    assert client.get("/moderation/").status_code == 200
    Authenticator.objects.filter(user=moderator).delete()
    assert client.get("/moderation/")["Location"] == SET_UP


@pytest.mark.django_db(transaction=True)
def test_a_socket_hears_of_no_case_before(listen, as_, moderator, member, open_case):
    with listen(moderator) as socket:
        assert set(socket.receive()["at"]) == {"wall", f"member:{moderator.pk}"}
        claim_case(open_case(), moderator)
        assert [event for event in socket.events_until_now() if event["kind"] == "case.changed"] == []
    client = taken_by(moderator)
    as_(moderator).cookies = client.cookies
    with listen(moderator) as socket:
        assert "moderation" in socket.receive()["at"]


@pytest.mark.django_db(transaction=True)
def test_what_a_socket_asks_for_is_asked_by_a_member(listen, as_, moderator, monkeypatch):
    asked_as = []
    handler = _in_words_of_member(lambda member, _frame: asked_as.append(member.role) or {})
    monkeypatch.setitem(commands._handlers, "who", handler)

    def ask():
        with listen(moderator) as socket:
            socket.until("hello")
            socket.send({"type": "who", "key": str(uuid4())})
            socket.until("ack")

    ask()
    as_(moderator).cookies = taken_by(moderator).cookies
    ask()
    assert asked_as == ["member", "moderator"]


@pytest.mark.parametrize("role", ["moderator", "staff", "independent", "administrator"])
def test_the_last_step_of_somebody_with_a_role_stays(cast, role):
    person = cast[role]
    client = taken_by(person)
    spare = RecoveryCodes.activate(person).get_unused_codes()[0]
    assert client.post("/accounts/reauthenticate/?next=/me/", {"password": PASSWORD})["Location"] == (
        "/accounts/2fa/reauthenticate/?next=%2Fme%2F"
    )  # a password alone shows nobody that it is still they
    client.post("/accounts/2fa/reauthenticate/?next=/me/", {"code": spare})
    page = client.post("/accounts/2fa/totp/deactivate/")
    assert "one second step has to stay" in page.text
    assert Authenticator.objects.filter(user=person, type="totp").exists()


def test_a_member_may_switch_it_off(member):
    client = taken_by(member)
    client.post("/accounts/reauthenticate/?next=/me/", {"password": PASSWORD})
    assert client.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert not Authenticator.objects.filter(user=member).exists()


def test_what_a_role_binds_it_binds_before_too(administrator):
    waiting = hold_back(administrator, {})
    assert waiting.role == "member"
    with pytest.raises(CannotLeave):
        delete_now(waiting)
    waiting.about = "Runs the site."
    waiting.save()
    waiting.refresh_from_db()
    stored = Member.objects.get(pk=administrator.pk)
    assert (waiting.role, waiting.about) == ("member", "Runs the site.")
    assert (stored.role, stored.is_superuser, stored.about) == ("administrator", True, "Runs the site.")


def test_before_it_nothing_is_shared_under_the_teams_mark(moderator):
    client, _led_to = sign_in(moderator)
    words = {"body": "Ring this number instead.", "intent": "hello", "key": str(uuid4())}
    answer = client.post("/posts/", words)
    assert answer.status_code == 422 and "take your second step first" in answer.text and words["body"] in answer.text
    assert not Post.objects.exists()
    assert taken_by(moderator).post("/posts/", words).status_code == 303 and Post.objects.get().from_team


def test_a_role_is_agreed_to_once_there_is_a_second_step(member, administrator, make_member):
    other = make_member("dunnock", role="administrator", is_staff=True, is_superuser=True)
    ask = ask_for_role(member, "staff", administrator)
    with pytest.raises(NoSecondStep):
        agree_to_role(ask, other)
    assert Member.objects.get(pk=member.pk).role == "member"
    with_app(member)
    agree_to_role(ask, other)
    assert Member.objects.get(pk=member.pk).role == "staff"


def test_what_was_lost_opens_nothing_nor_does_the_paper_that_lay_with_it(staff):
    with_app(staff)
    code = make_code(staff)
    call_command("remove_second_step", staff.handle)
    assert not use_code(staff, code)
